/**
 * Which requirement has which case, and why the others have none.
 *
 * Rule of this file: three states and no fourth: a case, a written reason, or a gap that is shown as one.
 */
import type { Case } from "./case.ts";
import { reasonWithoutCase } from "./reasons.ts";
import { type Requirement, requirementIdOf, requirements, sectionOf } from "./requirement.ts";

export interface Covered {
  readonly requirement: Requirement;
  /** The ids of its cases: those named after it first, then those that show it too. */
  readonly cases: readonly string[];
  /** Why it has none. */
  readonly reason: string | undefined;
}

export interface SectionCoverage {
  readonly section: string;
  readonly requirements: number;
  readonly withCase: number;
  readonly withReason: number;
  readonly gaps: readonly string[];
}

export interface Coverage {
  readonly requirements: readonly Covered[];
  readonly sections: readonly SectionCoverage[];
  readonly withCase: number;
  readonly withReason: number;
  /** Requirements with neither, by id. */
  readonly gaps: readonly string[];
}

/** Holds the cases against the catalogue. */
export function coverageOf(cases: readonly Case[]): Coverage {
  const named = new Map<string, string[]>();
  const note = (requirement: string, id: string): void => {
    const ids = named.get(requirement);
    if (ids === undefined) named.set(requirement, [id]);
    else if (!ids.includes(id)) ids.push(id);
  };
  for (const { id } of cases) note(requirementIdOf(id), id);
  for (const { id, also = [] } of cases) for (const other of also) note(other, id);
  const all = [...requirements().values()].map((requirement): Covered => {
    const ids = named.get(requirement.id) ?? [];
    const reason = ids.length > 0 ? undefined : reasonWithoutCase(requirement);
    return { requirement, cases: ids, reason };
  });
  const sections = [...new Set(all.map(({ requirement }) => sectionOf(requirement.id)))];
  return {
    requirements: all,
    sections: sections.map((section) => sectionCoverage(section, all)),
    withCase: all.filter(hasCase).length,
    withReason: all.filter(({ reason }) => reason !== undefined).length,
    gaps: all.filter(isGap).map(({ requirement }) => requirement.id),
  };
}

/** The coverage as lines: the sums, then each section with gaps. */
export function coverageLines(coverage: Coverage): string[] {
  const { requirements: all, withCase, withReason, gaps, sections } = coverage;
  const sums = `${all.length} requirements: ${withCase} with a case, ${withReason} with a reason, ${gaps.length} without either`;
  return [
    sums,
    ...sections
      .filter((section) => section.gaps.length > 0)
      .map((section) => `  ${section.section}: ${section.gaps.join(", ")}`),
  ];
}

function sectionCoverage(section: string, all: readonly Covered[]): SectionCoverage {
  const here = all.filter(({ requirement }) => sectionOf(requirement.id) === section);
  return {
    section,
    requirements: here.length,
    withCase: here.filter(hasCase).length,
    withReason: here.filter(({ reason }) => reason !== undefined).length,
    gaps: here.filter(isGap).map(({ requirement }) => requirement.id),
  };
}

function hasCase(covered: Covered): boolean {
  return covered.cases.length > 0;
}

function isGap(covered: Covered): boolean {
  return !hasCase(covered) && covered.reason === undefined;
}

/**
 * Which cases are run: by id, section, level and topic.
 *
 * Rule of this file: pure, and the order of the cases is kept. An id stands for all that continue it, by whole
 * parts: `9112-6` is also 9112-6.3-07/letter, and not 9112-60.
 */
import type { Case, Level } from "./case.ts";
import { sectionOf } from "./requirement.ts";

export interface Selection {
  /** Beginnings of ids: `9112-6.3-07/letter`, `9112-6.3-07`, `9112-6.3`, `9112`. Absent: all. */
  readonly only?: readonly string[] | undefined;
  /** The same, to leave out. */
  readonly except?: readonly string[] | undefined;
  /** Sections, exactly: `9112-6.3` or `6.3` of any RFC. */
  readonly sections?: readonly string[] | undefined;
  readonly levels?: readonly Level[] | undefined;
  readonly topics?: readonly string[] | undefined;
}

/** The cases that the selection names. */
export function selectCases<C extends Case>(cases: readonly C[], selection: Selection): C[] {
  const { only, except, sections, levels, topics } = selection;
  return cases.filter((subject) => {
    const section = sectionOf(subject.id);
    const isSection = (wanted: string): boolean =>
      wanted === section || wanted === section.slice(section.indexOf("-") + 1);
    if (only !== undefined && !only.some((part) => continues(subject.id, part))) return false;
    if (except?.some((part) => continues(subject.id, part)) === true) return false;
    if (sections !== undefined && !sections.some(isSection)) return false;
    if (levels !== undefined && !levels.includes(subject.level)) return false;
    return topics === undefined || topics.includes(subject.topic);
  });
}

function continues(id: string, part: string): boolean {
  if (!id.startsWith(part)) return false;
  const next = id[part.length];
  return next === undefined || "-./".includes(next) || part.endsWith("/") || part.endsWith("-");
}

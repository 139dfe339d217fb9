/**
 * Results: the verdict on one case, and the report of a run.
 *
 * Rule of this file: plain data with a version, so that a report written today is a baseline tomorrow. What
 * counts as a failure is decided here and nowhere else.
 */
import type { Case, Class, Contract, Level } from "./case.ts";
import { ConformanceError } from "./errors.ts";
import type { Fate, WireEntry } from "./play/mod.ts";
import { requirementIdOf, sectionOf } from "./requirement.ts";

/** The version of the report's form. It grows when a member is renamed, removed or changes its meaning. */
export const REPORT_SCHEMA = 1;

/**
 * pass: conforming. tolerated: harmless, and not what the text asks for. info: a MAY that is not used, or used
 * otherwise. fail: a violation of a MUST or SHOULD. not-applicable: the peer does not do what it is about.
 * flaky: repetitions differ. known: a failure that the expectations name.
 */
export type Verdict = "pass" | "tolerated" | "info" | "fail" | "not-applicable" | "flaky" | "known";

export const VERDICTS: readonly Verdict[] = [
  "pass",
  "tolerated",
  "info",
  "fail",
  "not-applicable",
  "flaky",
  "known",
];

/** "should": violations of a SHOULD count as failures too. */
export type Strictness = "must" | "should";

export interface CaseResult {
  readonly id: string;
  readonly requirement: string;
  /** `9112-6.3` */
  readonly section: string;
  readonly level: Level;
  readonly topic: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Whether the exit code depends on it. */
  readonly counts: boolean;
  /** Of the play that the verdict is from. */
  readonly class: Class;
  /** What was expected and what was seen; empty for a pass. */
  readonly message: string;
  readonly fate?: Fate | undefined;
  /** The class of each play, the first one first: more than one after a failure. */
  readonly attempts: readonly Class[];
  /** Why a known failure is accepted, or was expected of a case that passes now. */
  readonly reason?: string | undefined;
  readonly aside: readonly string[];
  readonly durationMs: number;
  readonly wire?: readonly WireEntry[] | undefined;
}

export interface RunReport {
  readonly schema: number;
  readonly role: "server" | "client";
  /** What was judged: a name given by the caller, and where it was. */
  readonly peer: { readonly name: string; readonly address: string };
  readonly transport: "plain" | "tls";
  /** Server role: the contract that the server keeps. */
  readonly contract?: Contract | undefined;
  readonly strictness: Strictness;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** How many results count as failures: 0 is success. */
  readonly failures: number;
  /** Expected to fail and passed: the expectations can be shortened. */
  readonly unexpectedPasses: readonly string[];
  readonly results: readonly CaseResult[];
}

/** The verdict on a class, at a level. */
export function verdictOf(is: Class, level: Level): Verdict {
  if (is === "not-applicable") return "not-applicable";
  if (is === "conforming") return "pass";
  if (level === "MAY") return "info";
  return is === "tolerated" ? "tolerated" : "fail";
}

/** Whether a verdict is a failure. A flaky case was seen to fail, and counts as its level does. */
export function countsAsFailure(verdict: Verdict, level: Level, strictness: Strictness): boolean {
  if (verdict !== "fail" && verdict !== "flaky") return false;
  return level === "MUST" || (level === "SHOULD" && strictness === "should");
}

/** What a result takes over from its case. */
export function resultBase(
  subject: Case,
): Pick<CaseResult, "id" | "requirement" | "section" | "level" | "topic" | "title"> {
  const { id, level, topic, title } = subject;
  return { id, requirement: requirementIdOf(id), section: sectionOf(id), level, topic, title };
}

/** How many of each verdict. */
export function countVerdicts(results: readonly CaseResult[]): Record<Verdict, number> {
  const count = (verdict: Verdict): number => results.filter((r) => r.verdict === verdict).length;
  return {
    pass: count("pass"),
    tolerated: count("tolerated"),
    info: count("info"),
    fail: count("fail"),
    "not-applicable": count("not-applicable"),
    flaky: count("flaky"),
    known: count("known"),
  };
}

/** Reads a report back. Throws ConformanceError "bad-report". */
export function parseReport(json: string): RunReport {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ConformanceError("bad-report", "no JSON", { cause });
  }
  if (typeof value !== "object" || value === null || !("schema" in value)) {
    throw new ConformanceError("bad-report", "no member schema");
  }
  if (value.schema !== REPORT_SCHEMA) {
    throw new ConformanceError("bad-report", `schema ${JSON.stringify(value.schema)}`);
  }
  if (!("results" in value) || !Array.isArray(value.results)) {
    throw new ConformanceError("bad-report", "no list of results");
  }
  for (const result of value.results as readonly unknown[]) {
    const fits = typeof result === "object" && result !== null && "id" in result;
    const verdict = fits && "verdict" in result ? result.verdict : undefined;
    if (!VERDICTS.some((known) => known === verdict)) {
      throw new ConformanceError("bad-report", "a result without an id or a verdict");
    }
  }
  return value as RunReport;
}

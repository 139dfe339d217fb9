/**
 * Two runs compared: what has become worse, what better, what is new.
 *
 * Rule of this file: pure, by id. Only what counted as a failure in the later run and not in the earlier one
 * is a new failure.
 */
import type { CaseResult, RunReport, Verdict } from "./result.ts";

export interface VerdictChange {
  readonly id: string;
  readonly before: Verdict;
  readonly after: Verdict;
}

export interface RunDiff {
  /** Failures now that were none before, cases that are new among them. */
  readonly newFailures: readonly string[];
  /** Failures before that are none now. */
  readonly fixed: readonly string[];
  /** Every other verdict that is not the same. */
  readonly changed: readonly VerdictChange[];
  /** Ids only in the later run, and only in the earlier one. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What the later run has that the earlier one had not, and the other way round. */
export function diffRuns(before: RunReport, after: RunReport): RunDiff {
  const earlier = new Map(before.results.map((result) => [result.id, result]));
  const later = new Map(after.results.map((result) => [result.id, result]));
  const newFailures: string[] = [];
  const fixed: string[] = [];
  const changed: VerdictChange[] = [];
  for (const now of after.results) {
    const then = earlier.get(now.id);
    const failedThen = then !== undefined && isFailure(then);
    if (isFailure(now) && !failedThen) newFailures.push(now.id);
    else if (failedThen && !isFailure(now)) fixed.push(now.id);
    else if (then !== undefined && then.verdict !== now.verdict) {
      changed.push({ id: now.id, before: then.verdict, after: now.verdict });
    }
  }
  return {
    newFailures,
    fixed,
    changed,
    added: after.results.filter(({ id }) => !earlier.has(id)).map(({ id }) => id),
    removed: before.results.filter(({ id }) => !later.has(id)).map(({ id }) => id),
  };
}

function isFailure(result: CaseResult): boolean {
  return result.verdict === "fail" || result.verdict === "flaky";
}

/**
 * What a mutant is, and whether the cases find it.
 *
 * Rule of this file: no server and no client; results in, complaints out.
 */
import { type CaseResult, sectionOf } from "../../../lib/conformance/mod.ts";

/** A reference with one fault. */
export interface Mutant {
  /** What it does wrong, behind "it". */
  readonly breaks: string;
  /** Sections whose cases may fail: `9112-7.1`. */
  readonly sections: readonly string[];
  /** Cases written for this fault: each of them fails. */
  readonly cases: readonly string[];
}

/** A row of the tables; sections and cases are parted by blanks. */
export function mutant(breaks: string, sections: string, cases: string): Mutant {
  return { breaks, sections: sections.split(" "), cases: cases.split(" ") };
}

/** Cases that failed, whether they count or not. A failure that does not come back is none. */
export function failedOf(results: readonly CaseResult[]): string[] {
  return results.filter(({ verdict }) => verdict === "fail").map(({ id }) => id);
}

/** What is wrong with these results of a mutant: a case that missed it, or one that fails without reason. */
export function complaintsOf(
  { sections, cases }: Mutant,
  results: readonly CaseResult[],
): string[] {
  const failed = failedOf(results);
  const missed = cases.filter((id) => !failed.includes(id));
  const strange = failed.filter((id) => !sections.includes(sectionOf(id)));
  return [
    ...missed.map((id) => `${id} does not find it`),
    ...strange.map((id) => `${id} fails, and is about something else`),
  ];
}

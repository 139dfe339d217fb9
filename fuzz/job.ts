/**
 * What the thread of a target is given, and what it answers.
 *
 * Rule of this file: types, and the one number that both sides must agree on.
 */
import type { Coverage } from "./coverage.ts";
import type { Tally } from "./harness.ts";
import type { Found } from "./shrink.ts";

/** The shared bytes hold how many inputs were tried, the length of the one at work, then that input. */
export interface Job {
  readonly name: string;
  readonly seed: number;
  readonly ms: number;
  readonly executions: number;
  readonly mode: "search" | "growth";
  readonly shared: SharedArrayBuffer;
}

export interface Report {
  readonly tally: Tally;
  readonly found: Found | undefined;
  readonly blocks: Coverage["blocks"];
  /** How many inputs came from the corpus and from the tables. */
  readonly given: number;
}

/** The two numbers before the input. */
export const SHARED_HEAD_BYTES = 8;

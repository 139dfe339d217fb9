/**
 * What the process and the thread of a target are given, and what they answer.
 *
 * Rule of this file: types, and the one number that both sides must agree on.
 */
import type { Coverage } from "./coverage.ts";
import type { Tally } from "./harness.ts";
import type { Found } from "./shrink.ts";

export interface Job {
  readonly name: string;
  readonly seed: number;
  /** What is met first ends the search; Infinity for no bound. */
  readonly ms: number;
  readonly cpuMs: number;
  readonly executions: number;
  readonly mode: "search" | "growth";
}

/** The shared bytes hold how many inputs were tried, the length of the one at work, then that input. */
export interface ThreadJob extends Job {
  readonly shared: SharedArrayBuffer;
}

export interface Report {
  readonly tally: Tally;
  readonly found: Found | undefined;
  readonly blocks: Coverage["blocks"];
  /** How many inputs came from the corpus and from the tables. */
  readonly given: number;
  /** Why the target could not be run here. */
  readonly notRun?: string | undefined;
  /** Processor time of the process while it searched: all of its threads, those of V8 too. */
  readonly cpuMs: number;
}

/** The two numbers before the input. */
export const SHARED_HEAD_BYTES = 8;

/**
 * The seeded loop: changes known inputs at random, keeps those that reach code which none before them
 * reached, and looks for one whose outcome is not an outcome.
 *
 * Rule of this file: one invariant for every target. Any bytes, cut anywhere, give either a value or an
 * error with a code, and the cuts make no difference. The same seed gives the same inputs. No files, no
 * threads: those are in run.ts and thread.ts.
 */
import { octetsOf } from "./bytes.ts";
import type { Coverage } from "./coverage.ts";
import { INPUT_BYTES_MAX, mutated } from "./mutate.ts";
import { hashOf, randomFrom } from "./random.ts";
import { type Found, shrunk } from "./shrink.ts";

/**
 * What a file in targets/ exports as `target`. For example, a scanner that is fed pieces:
 *
 *     export const target: Target = {
 *       seeds: ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
 *       words: ["\r\n", "Host: ", "Content-Length: 0\r\n"],
 *       run(pieces) {
 *         … feed them to something fresh, and return a picture of what came of it
 *       },
 *     };
 */
export interface Target {
  /** Good and nearly good inputs to start from, as latin-1 text. */
  readonly seeds: readonly string[];
  /** Words of the grammar, put in at random. */
  readonly words?: readonly string[];
  /** More inputs to start from: the strings under these keys in these tables, where the folder is at hand. */
  readonly vectors?: { readonly files: RegExp; readonly keys: readonly string[] };
  /** "whole" for parsers of text that is never fed in pieces: cuts would change nothing. Default "pieces". */
  readonly feed?: "pieces" | "whole";
  /** Called once before the first input, for what must be built or started. Answers why it cannot be, here. */
  prepare?(): Promise<string | undefined>;
  /**
   * Feeds the pieces in order to something fresh and returns its outcome as text: the same text however the
   * input was cut, "need more" included. An error with a code of ours is an outcome too: just throw it.
   */
  run(pieces: readonly Uint8Array[]): string | Promise<string>;
}

export interface Tally {
  /** Inputs tried, those given included. */
  inputs: number;
  accepted: number;
  /** Inputs that were kept since they reached further. */
  kept: number;
  /** How often each code was the outcome. */
  readonly refused: Map<string, number>;
}

export interface FuzzOptions {
  readonly seed: number;
  /** Asked between inputs, once all that were given have been tried. */
  readonly until: () => boolean;
  /** Inputs that were kept from earlier runs, and other given ones: tried first, and changed like the seeds. */
  readonly corpus: readonly Uint8Array[];
  /** Told each input before it is tried, so that an endless loop has a culprit. */
  readonly onInput: (input: Uint8Array) => void;
  /** Already started. Without it inputs are changed blindly. */
  readonly coverage?: Coverage | undefined;
}

/** A look costs as much as dozens of inputs, so it is taken once for so many; news are then traced to one. */
const INPUTS_A_LOOK = 16;

export function newTally(): Tally {
  return { inputs: 0, accepted: 0, kept: 0, refused: new Map() };
}

/** Runs the target until `until` says so; the fault found, shrunk, or undefined. */
export async function fuzz(
  target: Target,
  tally: Tally,
  { seed, until, corpus, onInput, coverage }: FuzzOptions,
): Promise<Found | undefined> {
  const random = randomFrom(seed);
  const known = [...corpus, ...target.seeds.map(octetsOf)];
  const stock = { known, given: known.length, words: (target.words ?? []).map(octetsOf) };
  const judge = (input: Uint8Array): Promise<string | undefined> => {
    onInput(input);
    return faultOf(target, input);
  };
  let unseen: Uint8Array[] = [];
  for (let round = 0; round < stock.given || !until(); round++) {
    const input = known[round < stock.given ? round : -1] ?? mutated(stock, random);
    onInput(input);
    const fault = await faultOf(target, input, tally);
    if (fault !== undefined) return shrunk({ input, fault }, judge);
    if (coverage === undefined || unseen.push(input) < INPUTS_A_LOOK) continue;
    const look = coverage.look();
    if (coverage.isNews(look)) {
      const further = await furtherOf(unseen, judge, coverage);
      // What was given is known already.
      const fresh = further.filter((one) => !known.includes(one));
      known.push(...fresh);
      tally.kept += fresh.length;
      // News that came once only, from code that runs once, are not to be looked for again.
      coverage.keep(look);
    }
    unseen = [];
  }
  coverage?.keep(coverage.look());
  return undefined;
}

/** Makes one input fail or pass by itself: what is wrong with its outcome, or undefined. */
export async function faultOf(
  target: Target,
  input: Uint8Array,
  tally?: Tally,
): Promise<string | undefined> {
  try {
    const whole = await outcome(target, [input.slice()]);
    if (tally !== undefined) count(tally, whole);
    for (const at of target.feed === "whole" ? [] : cutsOf(input)) {
      const other = await outcome(target, cut(input, at));
      if (other !== whole) return `cut at ${at.join(", ")}: ${other}\n  whole: ${whole}`;
    }
    return undefined;
  } catch (error) {
    return `not an error of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** Given inputs are not dropped for their length, they are tried as far as inputs go. */
export function clipped(input: Uint8Array): Uint8Array {
  return input.subarray(0, INPUT_BYTES_MAX);
}

/** Which of these, each tried by itself, reach what none before them has? */
async function furtherOf(
  inputs: readonly Uint8Array[],
  judge: (input: Uint8Array) => Promise<string | undefined>,
  coverage: Coverage,
): Promise<Uint8Array[]> {
  const further: Uint8Array[] = [];
  for (const input of inputs) {
    await judge(input);
    const look = coverage.look();
    if (!coverage.isNews(look)) continue;
    coverage.keep(look);
    further.push(input);
  }
  return further;
}

async function outcome(target: Target, pieces: readonly Uint8Array[]): Promise<string> {
  try {
    return `value ${await target.run(pieces)}`;
  } catch (error) {
    // Node's own codes are upper case: those are bugs, not answers.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code !== "string" || !/^[a-z0-9-]+$/.test(code)) throw error;
    const offset =
      "offset" in (error as Error) ? (error as { offset?: unknown }).offset : undefined;
    return `error ${code}${typeof offset === "number" ? ` at ${offset}` : ""}`;
  }
}

function count(tally: Tally, result: string): void {
  tally.inputs++;
  const code = /^error (\S+)/.exec(result)?.[1];
  if (code === undefined) tally.accepted++;
  else tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1);
}

/** Where an input is cut: everywhere at once, and at a few places that its own bytes choose. */
function cutsOf(input: Uint8Array): number[][] {
  if (input.length < 2) return [];
  const random = randomFrom(hashOf(input));
  const place = (): number => 1 + random(input.length - 1);
  const everywhere = Array.from({ length: input.length - 1 }, (_, i) => i + 1);
  return [everywhere, [place()], [place()], [place(), place(), place()].sort((a, b) => a - b)];
}

function cut(input: Uint8Array, at: readonly number[]): Uint8Array[] {
  const edges = [0, ...at, input.length];
  const pieces = edges.slice(1).map((end, i) => input.slice(edges[i], end));
  return pieces.filter((piece) => piece.length > 0);
}

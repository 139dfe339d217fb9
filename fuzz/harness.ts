/**
 * The seeded loop: changes known inputs at random and looks for one whose outcome is not an outcome.
 *
 * Rule of this file: one invariant for every target. Any bytes, cut anywhere, give either a value or an
 * error with a code, and the cuts make no difference. The same seed gives the same inputs. No files, no
 * threads: those are in run.ts.
 */

/**
 * What a file in this folder exports as `target`. For example, a scanner that is fed pieces:
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
  /**
   * Feeds the pieces in order to something fresh and returns its outcome as text: the same text however the
   * input was cut, "need more" included. An error with a code of ours is an outcome too: just throw it.
   */
  run(pieces: readonly Uint8Array[]): string | Promise<string>;
}

export interface Found {
  /** The smallest input that still shows the fault. */
  readonly input: Uint8Array;
  readonly fault: string;
}

export interface Tally {
  inputs: number;
  accepted: number;
  /** How often each code was the outcome. */
  readonly refused: Map<string, number>;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly until: () => boolean;
  /** Inputs that were kept from earlier runs: tried first, and changed like the seeds. */
  readonly corpus: readonly Uint8Array[];
  /** Told each input before it is tried, so that an endless loop has a culprit. */
  readonly onInput: (input: Uint8Array) => void;
}

const INPUT_BYTES_MAX = 4096;
const SHRINK_TRIES = 3000;

/** Runs the target until `until` says so; the fault found, shrunk, or undefined. */
export async function fuzz(
  target: Target,
  tally: Tally,
  { seed, until, corpus, onInput }: FuzzOptions,
): Promise<Found | undefined> {
  const random = randomFrom(seed);
  const known = [...corpus, ...target.seeds.map(fromLatin1)];
  const words = (target.words ?? []).map(fromLatin1);
  for (let round = 0; round < known.length || !until(); round++) {
    const input = known[round] ?? mutated(known, words, random);
    onInput(input);
    const fault = await faultOf(target, input, tally);
    if (fault !== undefined) return shrunk(target, { input, fault }, onInput);
  }
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
    for (const at of cutsOf(input)) {
      const pieces = cut(input, at);
      const other = await outcome(target, pieces);
      if (other !== whole) return `cut at ${at.join(", ")}: ${other}\n  whole: ${whole}`;
    }
    return undefined;
  } catch (error) {
    return `not an error of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** mulberry32: small, fast, good enough, the same everywhere. Numbers below `limit`. */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** An input as the text between double quotes of a source file. */
export function escaped(input: Uint8Array): string {
  const chars = Array.from(input, (byte) => {
    if (byte === 0x0d) return "\\r";
    if (byte === 0x0a) return "\\n";
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    const plain = byte >= 0x20 && byte < 0x7f;
    return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `"${chars.join("")}"`;
}

export function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
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
  const random = randomFrom(input.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), 1));
  const place = (): number => 1 + random(input.length - 1);
  const everywhere = Array.from({ length: input.length - 1 }, (_, i) => i + 1);
  return [everywhere, [place()], [place()], [place(), place(), place()].sort((a, b) => a - b)];
}

function cut(input: Uint8Array, at: readonly number[]): Uint8Array[] {
  const edges = [0, ...at, input.length];
  const pieces = edges.slice(1).map((end, i) => input.slice(edges[i], end));
  return pieces.filter((piece) => piece.length > 0);
}

type Random = (limit: number) => number;

/** Bytes at which grammars change their mind. */
const EDGES = fromLatin1('\0\t\n\r "#%,-.0:;=?@\\fFxX\x7f\x80\xa0\xff');

function mutated(
  known: readonly Uint8Array[],
  words: readonly Uint8Array[],
  random: Random,
): Uint8Array {
  const pick = (): Uint8Array => known[random(known.length)] ?? new Uint8Array();
  let bytes = [...pick()];
  for (let changes = 1 + random(6); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const length = random(Math.min(32, bytes.length - at + 1) || 1);
    const edge = EDGES[random(EDGES.length)]!;
    const other = pick();
    const insertions: (() => readonly number[])[] = [
      () => [edge],
      () => [random(256)],
      () => Array.from(words[random(words.length || 1)] ?? [edge]),
      () => bytes.slice(at, at + length),
      () => Array.from({ length: 1 + random(300) }, () => edge),
      () => Array.from(other.slice(random(other.length + 1))),
    ];
    const kind = random(10);
    if (kind === 0) bytes.splice(at, length);
    else if (kind === 1) bytes = bytes.slice(0, at);
    else if (kind <= 3) bytes[at] = edge;
    else if (kind === 4) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else bytes.splice(at, 0, ...insertions[random(insertions.length)]!());
  }
  return Uint8Array.from(bytes.slice(0, INPUT_BYTES_MAX));
}

/** Takes out ever smaller windows while the input still fails. */
async function shrunk(
  target: Target,
  found: Found,
  onInput: (input: Uint8Array) => void,
): Promise<Found> {
  let best = found;
  let tries = SHRINK_TRIES;
  for (let window = found.input.length >> 1; window > 0; window >>= 1) {
    for (let at = 0; at < best.input.length && tries-- > 0; ) {
      const input = Uint8Array.from([...best.input.slice(0, at), ...best.input.slice(at + window)]);
      onInput(input);
      const fault = await faultOf(target, input);
      if (fault === undefined) at += window;
      else best = { input, fault };
    }
  }
  return best;
}

/**
 * Makes a finding small: the fewest octets, and the plainest, that still show the same fault.
 *
 * Rule of this file: it asks whether an input fails, and never why the harness thinks so.
 */
import { joined } from "./bytes.ts";

export interface Found {
  /** The smallest input that still shows the fault. */
  readonly input: Uint8Array;
  readonly fault: string;
}

/** What is wrong with the outcome of an input; undefined when nothing is. */
export type Judge = (input: Uint8Array) => Promise<string | undefined>;

const TRIES = 3000;
const PLAIN_OCTET = 0x61;

/** Takes out ever smaller windows while the same kind of fault shows, then makes what is left plain. */
export async function shrunk(found: Found, judge: Judge): Promise<Found> {
  const kind = kindOf(found.fault);
  let best = found;
  let tries = TRIES;
  const isBetter = async (input: Uint8Array): Promise<boolean> => {
    tries--;
    const fault = await judge(input);
    if (fault === undefined || kindOf(fault) !== kind) return false;
    best = { input, fault };
    return true;
  };
  let window = Math.max(1, found.input.length >> 1);
  for (let length = Infinity; best.input.length < length || window > 1; window = next(window)) {
    length = best.input.length;
    for (let at = 0; at < best.input.length && tries > 0; ) {
      const { input } = best;
      const without = joined(input.subarray(0, at), input.subarray(at + window));
      if (!(await isBetter(without))) at += window;
    }
  }
  for (let at = 0; at < best.input.length && tries > 0; at++) {
    if (best.input[at] !== PLAIN_OCTET) await isBetter(best.input.with(at, PLAIN_OCTET));
  }
  return best;
}

function next(window: number): number {
  return Math.max(1, window >> 1);
}

/** The sentence without its figures and evidence: shrinking must not end at another fault. */
function kindOf(fault: string): string {
  return fault
    .split("\n", 1)[0]!
    .split(/["[{]/, 1)[0]!
    .replace(/\d+(?:, \d+)*/g, "N");
}

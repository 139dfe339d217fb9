/**
 * Node's way from bytes to one-char-per-byte strings, ten times faster than a loop.
 * Go: string(b)
 *
 * Rule of this file: Buffer's method on any Uint8Array, no copy and no Buffer made.
 */
import type { Latin1Codec } from "../bufio/mod.ts";

const latin1Slice = Buffer.prototype.latin1Slice as unknown as (
  this: Uint8Array,
  start: number,
  end: number,
) => string;

export const nodeLatin1: Latin1Codec = {
  decode(bytes: Uint8Array, start: number, end: number): string {
    return latin1Slice.call(bytes, start, end);
  },
};

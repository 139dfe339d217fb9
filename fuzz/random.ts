/**
 * Random numbers from a seed, the same on every machine.
 *
 * Rule of this file: arithmetic only.
 */

/** A whole number below the limit. */
export type Random = (limit: number) => number;

/** mulberry32: small, fast, good enough. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** FNV-1a of the octets: names a file of the corpus, and chooses what an input is to choose for itself. */
export function hashOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 16_777_619) >>> 0, 2_166_136_261);
}

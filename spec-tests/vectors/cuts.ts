/**
 * The ways to feed octets: whole, one by one, and cut at random places that are the same in every run.
 *
 * Rule of this file: it cuts, it does not parse.
 */

export interface Feed {
  readonly way: string;
  readonly pieces: readonly Uint8Array[];
}

/** Every way for these octets. */
export function feedsOf(raw: string): Feed[] {
  const octets = octetsOf(raw);
  const single = Array.from(octets, (octet) => Uint8Array.of(octet));
  const cut = SEEDS.map((seed) => ({
    way: `cut by seed ${seed}`,
    pieces: randomPieces(octets, seed),
  }));
  return [{ way: "whole", pieces: [octets] }, { way: "octet by octet", pieces: single }, ...cut];
}

/** One octet for each char; a char above U+00FF is a fault of the vector. */
export function octetsOf(latin1: string): Uint8Array {
  const octets = new Uint8Array(latin1.length);
  for (let i = 0; i < latin1.length; i++) {
    const char = latin1.charCodeAt(i);
    if (char > 0xff) throw new Error(`a vector holds U+${char.toString(16)}, which is no octet`);
    octets[i] = char;
  }
  return octets;
}

export function latin1Of(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("latin1");
}

/** Pieces of 0 to about 16 octets; now and then one is larger. */
export function randomPieces(octets: Uint8Array, seed: number): Uint8Array[] {
  const random = generator(seed);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < octets.length; ) {
    const size = Math.floor(random() * (random() < 0.1 ? 200 : 16));
    pieces.push(octets.slice(at, at + size));
    at += size;
  }
  return pieces;
}

const SEEDS: readonly number[] = [1, 2, 3, 4];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

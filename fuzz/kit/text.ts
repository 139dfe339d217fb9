/**
 * What the targets for field values and patterns share: text out of pieces, and a law that is held to.
 *
 * Rule of this file: a broken law is an error without a code, so that the loop takes it for a fault.
 */
import { decodeLatin1 } from "../../lib/wire/mod.ts";

/** The octets of all pieces, one char each: these parsers are given their text whole. */
export function textOf(pieces: readonly Uint8Array[]): string {
  return pieces.map((piece) => decodeLatin1(piece, 0, piece.length)).join("");
}

/** Throws when two values that are to be the same are not. */
export function mustEqual(what: string, one: unknown, other: unknown): void {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  if (first !== second) throw new Error(`${what}: ${first} is not ${second}`);
}

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

/** The code of an error of ours; any other error is thrown on. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string" || !/^[a-z0-9-]+$/.test(code)) throw error;
  return code;
}

/** A URL, where the text is one. Not by `URL.canParse`: in Node 20 it says yes to hosts that `new URL` refuses. */
export function urlOf(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    // The only throw in there: it is no URL.
    return undefined;
  }
}

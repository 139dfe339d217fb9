/**
 * The body of an answer on its way out: how much of it is kept, how a piece is framed, and what ends it.
 * RFC 9112 §6, §7.1 · Go: chunkWriter.Write, response.write
 *
 * Rule of this file: pure functions and calls of `send`; what has gone out already, and what is still to come, the
 * ResponseWriter knows. A string is text of one byte per char.
 */
import { CHUNK_SUFFIX, LAST_CHUNK, chunkPrefix, formatTrailers } from "../wire/mod.ts";
import type { Header } from "../wire/mod.ts";
import type { ResponseConnection } from "./response-connection.ts";
import type { BodyPlan } from "./response-head.ts";

/** So much of a body is kept to find its length. Go's bound. */
export const KEPT_BODY_BYTES = 2048;

type Out = Pick<ResponseConnection<unknown>, "send">;

const UTF8 = new TextEncoder();

/** Text as a piece of body: ASCII stays what it is, because a string leaves fastest; the rest as UTF-8. */
export function pieceOf(text: string): string | Uint8Array {
  return isAscii(text) ? text : UTF8.encode(text);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

/** Sends a piece of `length` bytes as the plan has it. "pending": its array is not free yet. */
export function sendPiece(
  out: Out,
  kind: BodyPlan["kind"] | undefined,
  piece: string | Uint8Array,
  length: number,
): "taken" | "pending" {
  if (kind === "none" || kind === "discarded") return "taken";
  if (kind !== "chunked") return out.send(piece);
  if (typeof piece === "string") return out.send(chunkPrefix(length) + piece + CHUNK_SUFFIX);
  out.send(chunkPrefix(length));
  const fate = out.send(piece);
  out.send(CHUNK_SUFFIX);
  return fate;
}

/** Sends what tells the end of a chunked body, with the fields after it. Throws what those cannot be sent for. */
export function sendLastChunk(out: Out, trailer: Header | undefined): void {
  out.send(LAST_CHUNK + (trailer === undefined ? "\r\n" : formatTrailers(trailer)));
}

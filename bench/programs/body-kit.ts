/**
 * What both sides of the question of bodies know: how large a body is, its pieces, and their framing.
 *
 * Rule of this file: nothing here runs while a measurement runs.
 */

/** 64 MiB. */
export const BODY_BYTES: number = 64 * 1024 * 1024;

/** What comes behind the last chunk. */
export const END_OF_CHUNKS = "0\r\n\r\n";

/** One piece, to be written so many times. */
export function piecesOf(kib: number): { readonly piece: Buffer; readonly count: number } {
  return { piece: Buffer.alloc(kib * 1024, "d"), count: BODY_BYTES / (kib * 1024) };
}

/** A piece as one chunk: what stands before it, the piece, what stands behind it. */
export function chunkOf(piece: Buffer): Buffer[] {
  return [Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")];
}

/** A head with the field that frames a body of BODY_BYTES. */
export function headOf(startLine: string, framing: string): string {
  const field =
    framing === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${BODY_BYTES}`;
  return `${startLine}\r\n${field}\r\n\r\n`;
}

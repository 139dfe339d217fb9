/**
 * What the targets for bytes share: feeding pieces to a resumable scan or a Reader, and a picture of a head.
 *
 * Rule of this file: a scan gets everything so far each time, as it may ask for; a
 * Reader is fed by a pipe that lends its bytes.
 */
import { Reader, pipe, poisonBorrowedBytes } from "../../lib/bufio/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import type { HeadScan, RequestHead, ResponseHead } from "../../lib/wire/mod.ts";
import { joined } from "../bytes.ts";

// Whoever keeps a lent byte past its time reads 0xAA.
poisonBorrowedBytes(true);

type Scanner<H> = (bytes: Uint8Array, scan: HeadScan, from: number, to: number) => H | "need-more";

export function feedScan<H>(
  pieces: readonly Uint8Array[],
  scanner: Scanner<H>,
  scan: HeadScan,
): H | "need-more" {
  // One array that is long enough: making a new one for each byte would cost more than what is tried.
  const all = joined(...pieces);
  const held = new Uint8Array(all.length);
  let length = 0;
  for (const piece of pieces) {
    held.set(piece, length);
    length += piece.length;
    const head = scanner(held, scan, 0, length);
    if (head !== "need-more") return head;
  }
  return "need-more";
}

/** The end that a message is read from; the other end has written the pieces and has ended. */
export function readerOf(pieces: readonly Uint8Array[]): Reader {
  const [near, far] = pipe({ tenure: "borrowed" });
  const reader = new Reader(near);
  near.start(reader);
  for (const piece of pieces) far.write(piece);
  far.closeWrite();
  return reader;
}

export function pictureOf(head: RequestHead | ResponseHead): unknown {
  const { fields, ...line } = head;
  return [line, fields.text, [...Header.from(fields)]];
}

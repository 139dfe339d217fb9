/**
 * What the targets for head scanners share: feeding pieces to a resumable scan, and a picture of a head.
 *
 * Rule of this file: the scan gets everything so far each time, in fresh memory, as it may ask for.
 */
import { Header } from "../../lib/wire/mod.ts";
import type { HeadScan, RequestHead, ResponseHead } from "../../lib/wire/mod.ts";

type Scanner<H> = (bytes: Uint8Array, scan: HeadScan, from: number, to: number) => H | "need-more";

export function feedScan<H>(
  pieces: readonly Uint8Array[],
  scanner: Scanner<H>,
  scan: HeadScan,
): H | "need-more" {
  let held: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    held = Uint8Array.from([...held, ...piece]);
    const head = scanner(held, scan, 0, held.length);
    if (head !== "need-more") return head;
  }
  return "need-more";
}

export function pictureOf(head: RequestHead | ResponseHead): unknown {
  const { fields, ...line } = head;
  return [line, fields.text, [...Header.from(fields)]];
}

/**
 * The labelled walk over a chunked body: sizes, extensions, data, the last chunk, trailers.
 * RFC 9112 §7.1
 *
 * Rule of this file: it judges nothing; the ChunkDecoder of the wire room has read these octets, up to `to`.
 */
import { CR, HEX_VALUE, LF } from "../wire/mod.ts";
import type { Labels } from "./annotation.ts";
import { labelHead } from "./label-head.ts";

/** Labels the octets `from` to `to` of one chunked body, complete or not. */
export function labelChunks(labels: Labels, bytes: Uint8Array, from: number, to: number): void {
  let at = from;
  for (let number = 1; at < to; number++) {
    const { size, end } = labelSizeLine(labels, bytes, at, to, number);
    at = end;
    if (size === 0) {
      labelHead(labels, bytes, at, to, "trailers");
      return;
    }
    const dataEnd = Math.min(at + size, to);
    labels.add(at, dataEnd, "chunk-data", { text: aboutData(dataEnd - at, size) });
    const next = Math.min(dataEnd + 2, to);
    labels.add(dataEnd, next, "chunk-end", { text: "CRLF ends the data" });
    at = next;
  }
}

function aboutData(here: number, size: number): string {
  return here === size ? octets(size) : `${here} of ${octets(size)}`;
}

function labelSizeLine(
  labels: Labels,
  bytes: Uint8Array,
  from: number,
  to: number,
  number: number,
): { size: number; end: number } {
  let at = from;
  let size = 0;
  for (; at < to && (HEX_VALUE[bytes[at] ?? 0] ?? 255) < 16; at++) {
    size = size * 16 + (HEX_VALUE[bytes[at] ?? 0] ?? 0);
  }
  if (size === 0) labels.add(from, at, "last-chunk", { text: "size 0: the last chunk" });
  else labels.add(from, at, "chunk-size", { text: `chunk ${number}: ${octets(size)}` });
  let feed = at;
  while (feed < to && bytes[feed] !== LF) feed++;
  const end = bytes[feed - 1] === CR && feed > at ? feed - 1 : feed;
  const text = "extensions are read and dropped";
  labels.add(at, end, "chunk-extension", { text });
  const next = Math.min(feed + 1, to);
  labels.add(end, next, "line-end", { section: "9112 §7.1" });
  return { size, end: next };
}

/** "1 octet", "7 octets". */
export function octets(count: number): string {
  return count === 1 ? "1 octet" : `${count} octets`;
}

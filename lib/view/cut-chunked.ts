/**
 * Where a lenient reader finds the end of a chunked body.
 * RFC 9112 §7.1
 *
 * Rule of this file: as in cut.ts, boundaries only.
 */
import { type FoundLine, findLine, type Outcome, refuses, waits } from "./cut-line.ts";
import type { LenientSwitches } from "./lenient.ts";

/** Reads chunks from `from` on. */
export function cutChunked(text: string, from: number, switches: LenientSwitches): Outcome {
  let at = from;
  for (;;) {
    const line = sizeLine(text, at, switches);
    if ("outcome" in line) return line.outcome;
    const size = sizeOf(text.slice(at, line.end), switches.chunkSize);
    if (size === undefined) return refuses(at, "a chunk size");
    if (size === 0) return trailers(text, line.next, switches);
    const dataEnd = line.next + size;
    if (dataEnd > text.length) return waits(undefined, "a chunk that is not complete");
    const next = afterData(text, dataEnd, switches);
    if (typeof next !== "number") return next;
    at = next;
  }
}

/** A size line; its extension may hold what ends other lines. */
function sizeLine(text: string, from: number, switches: LenientSwitches): FoundLine {
  const line = findLine(text, from, switches.lineEnd);
  if (switches.chunkExtension === "line") return line;
  const end = text.indexOf("\r\n", from);
  if (end < 0) return { outcome: waits(undefined, "a chunk line without CRLF") };
  return text.slice(from, end).includes(";") ? { end, next: end + 2 } : line;
}

function sizeOf(line: string, how: LenientSwitches["chunkSize"]): number | undefined {
  const semicolon = line.indexOf(";");
  const word = semicolon < 0 ? line : line.slice(0, semicolon);
  const digits = DIGITS[how].exec(word)?.[1];
  if (digits === undefined) return undefined;
  let size = 0;
  for (const digit of digits.toLowerCase()) {
    size = size * 16 + "0123456789abcdef".indexOf(digit);
    if (size > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return size;
}

const DIGITS: Readonly<Record<LenientSwitches["chunkSize"], RegExp>> = {
  digits: /^([0-9a-f]+)$/i,
  blanks: /^[ \t]*([0-9a-f]+)[ \t]*$/i,
  prefix: /^[ \t]*(?:0x)?([0-9a-f]+)/i,
};

/** Where the next size line begins. */
function afterData(text: string, end: number, switches: LenientSwitches): number | Outcome {
  if (switches.chunkEnd === "two-octets") {
    return end + 2 > text.length ? waits(undefined, "the end of a chunk") : end + 2;
  }
  const line = findLine(text, end, switches.lineEnd);
  const isEmpty = !("outcome" in line) && line.end === end;
  if (isEmpty) return line.next;
  if (text.length <= end + 1) return waits(undefined, "the end of a chunk");
  return switches.chunkEnd === "optional" ? end : refuses(end, "the end of a chunk");
}

function trailers(text: string, from: number, switches: LenientSwitches): Outcome {
  let at = from;
  for (;;) {
    const line = findLine(text, at, switches.lineEnd);
    if ("outcome" in line) return line.outcome;
    if (line.end === at) return { kind: "ends", to: line.next, why: "the last chunk has come" };
    at = line.next;
  }
}

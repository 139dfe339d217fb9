/**
 * The labelled walk over a head or a trailer section: each word of each line gets its role.
 * RFC 9112 §2.1, §3, §4, §5
 *
 * Rule of this file: it judges nothing. The wire room has read these octets already, up to `to`; here they are
 * cut once more, this time into all of their parts, and what readers differ in is called so.
 */
import { isIdempotent, isSafe, reasonPhrase } from "../semantics/mod.ts";
import {
  COLON,
  CR,
  HTAB,
  LF,
  SP,
  WireError,
  decodeLatin1,
  lowerAscii,
  parseTarget,
} from "../wire/mod.ts";
import type { Labels, Note } from "./annotation.ts";
import { fieldSection } from "./field-notes.ts";

/** Which lines are walked over. */
export type HeadPart = "request" | "response" | "trailers";

/** A line: its octets, and what ends it. */
interface Line {
  readonly from: number;
  /** Where its CR or LF stands; the end of the walk when none has come. */
  readonly end: number;
  readonly next: number;
}

/** Labels the octets `from` to `to`, which are of one head, complete or not. */
export function labelHead(
  labels: Labels,
  bytes: Uint8Array,
  from: number,
  to: number,
  part: HeadPart,
): void {
  let at = part === "request" ? labelEmptyLines(labels, bytes, from, to) : from;
  if (part !== "trailers" && at < to) {
    const line = lineAt(bytes, at, to);
    if (part === "request") labelRequestLine(labels, bytes, line);
    else labelStatusLine(labels, bytes, line);
    labelLineEnd(labels, bytes, line);
    at = line.next;
  }
  let field = "";
  while (at < to) {
    const line = lineAt(bytes, at, to);
    if (line.end === line.from) {
      const role = part === "trailers" ? "trailer-end" : "head-end";
      const text = `the empty line: the ${part === "trailers" ? "trailer section" : "head"} is over`;
      labels.add(line.from, line.next, role, { text, ...lineEndNote(bytes, line, text) });
    } else {
      field = labelFieldLine(labels, bytes, line, field);
      labelLineEnd(labels, bytes, line);
    }
    at = line.next;
  }
}

/** How many octets of empty lines stand before a request; no more lines than `max`. */
export function emptyLineOctets(bytes: Uint8Array, from: number, to: number, max: number): number {
  let at = from;
  for (let lines = 0; lines < max; lines++) {
    if (bytes[at] === LF && at < to) at += 1;
    else if (bytes[at] === CR && bytes[at + 1] === LF && at + 1 < to) at += 2;
    else break;
  }
  return at - from;
}

function labelEmptyLines(labels: Labels, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === CR || bytes[at] === LF)) {
    const { next } = lineAt(bytes, at, to);
    labels.add(at, next, "empty-line", { text: "an empty line before a request is ignored" });
    at = next;
  }
  return at;
}

function labelRequestLine(labels: Labels, bytes: Uint8Array, line: Line): void {
  const methodEnd = wordEnd(bytes, line.from, line.end);
  const method = decodeLatin1(bytes, line.from, methodEnd);
  labels.add(line.from, methodEnd, "method", { text: aboutMethod(method) });
  const targetFrom = blanksEnd(bytes, methodEnd, line.end);
  labels.add(methodEnd, targetFrom, "space");
  const targetEnd = wordEnd(bytes, targetFrom, line.end);
  const target = decodeLatin1(bytes, targetFrom, targetEnd);
  labels.add(targetFrom, targetEnd, "target", aboutTarget(method, target));
  const versionFrom = blanksEnd(bytes, targetEnd, line.end);
  labels.add(targetEnd, versionFrom, "space");
  labels.add(versionFrom, line.end, "version");
}

function aboutMethod(method: string): string {
  if (isSafe(method)) return "a safe method: it asks for nothing to be changed";
  if (isIdempotent(method)) return "an idempotent method: twice is as good as once";
  return "neither safe nor idempotent: it must not be repeated without being asked";
}

function aboutTarget(method: string, target: string): Note {
  try {
    const { kind } = parseTarget(method, target);
    const sections = { origin: "1", absolute: "2", authority: "3", asterisk: "4" };
    return { text: `${kind} form`, section: `9112 §3.2.${sections[kind]}` };
  } catch (error) {
    // The verdict on it is given where the whole message is judged.
    if (error instanceof WireError) return {};
    throw error;
  }
}

function labelStatusLine(labels: Labels, bytes: Uint8Array, line: Line): void {
  const versionEnd = wordEnd(bytes, line.from, line.end);
  labels.add(line.from, versionEnd, "version");
  const statusFrom = blanksEnd(bytes, versionEnd, line.end);
  const spaces: Note =
    statusFrom - versionEnd > 1
      ? { text: "more than one space", section: "9112 §4", severity: "warning" }
      : { section: "9112 §4" };
  labels.add(versionEnd, statusFrom, "space", spaces);
  const statusEnd = wordEnd(bytes, statusFrom, line.end);
  const digits = decodeLatin1(bytes, statusFrom, statusEnd);
  labels.add(statusFrom, statusEnd, "status", { text: aboutStatus(digits) });
  const reasonFrom = Math.min(statusEnd + 1, line.end);
  labels.add(statusEnd, reasonFrom, "space", { section: "9112 §4" });
  const text = "for people only: no client may act on it";
  labels.add(reasonFrom, line.end, "reason", { text });
}

const CLASSES: ReadonlyMap<string, string> = new Map([
  ["1", "interim: the final response is still to come"],
  ["2", "successful"],
  ["3", "redirection"],
  ["4", "the client's fault"],
  ["5", "the server's fault"],
]);

function aboutStatus(digits: string): string {
  const known = CLASSES.get(digits.charAt(0));
  if (!/^[0-9]{3}$/.test(digits) || known === undefined) return "a status of no class";
  const phrase = reasonPhrase(Array.from(digits).reduce((sum, one) => sum * 10 + Number(one), 0));
  return phrase === "" ? known : `${phrase}, ${known}`;
}

/** Labels one field line without its end, and answers the name of the field it belongs to. */
function labelFieldLine(labels: Labels, bytes: Uint8Array, line: Line, before: string): string {
  if (isBlank(bytes[line.from])) {
    const from = blanksEnd(bytes, line.from, line.end);
    const text = "obs-fold: the value before goes on here, read as one space";
    labels.add(line.from, from, "blank", {
      text,
      section: "9112 §5.2",
      severity: "warning",
      field: before,
    });
    labelValue(labels, bytes, from, line.end, before);
    return before;
  }
  let nameEnd = line.from;
  while (nameEnd < line.end && bytes[nameEnd] !== COLON && !isBlank(bytes[nameEnd])) nameEnd++;
  const field = lowerAscii(decodeLatin1(bytes, line.from, nameEnd));
  labels.add(line.from, nameEnd, "field-name", { section: fieldSection(field), field });
  const colon = blanksEnd(bytes, nameEnd, line.end);
  const text = "a blank between name and colon: dropped here, part of the name elsewhere";
  labels.add(nameEnd, colon, "blank", { text, section: "9112 §5.1", severity: "warning", field });
  if (bytes[colon] !== COLON || colon >= line.end) {
    // Only a fault can stand here, and the octets before it end with the walk.
    labels.add(colon, line.end, "field-name", { field });
    return field;
  }
  const valueFrom = blanksEnd(bytes, colon + 1, line.end);
  labels.add(colon, valueFrom, "colon", { field });
  labelValue(labels, bytes, valueFrom, line.end, field);
  return field;
}

function labelValue(
  labels: Labels,
  bytes: Uint8Array,
  from: number,
  to: number,
  field: string,
): void {
  let end = to;
  while (end > from && isBlank(bytes[end - 1])) end--;
  labels.add(from, end, "field-value", { section: fieldSection(field), field });
  labels.add(end, to, "blank", { text: "blanks after a value are no part of it", field });
}

function labelLineEnd(labels: Labels, bytes: Uint8Array, line: Line): void {
  labels.add(line.end, line.next, "line-end", lineEndNote(bytes, line, ""));
}

function lineEndNote(bytes: Uint8Array, { end, next }: Line, text: string): Note {
  if (next - end !== 1 || bytes[end] !== LF) return { text };
  const said = "a bare LF: taken as a line end here, and not by everybody";
  return {
    text: text === "" ? said : `${text}; ${said}`,
    section: "9112 §2.2",
    severity: "warning",
  };
}

function lineAt(bytes: Uint8Array, from: number, to: number): Line {
  let feed = from;
  while (feed < to && bytes[feed] !== LF) feed++;
  const next = Math.min(feed + 1, to);
  const last = feed - 1;
  return { from, end: last >= from && bytes[last] === CR ? last : feed, next };
}

function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== SP) at++;
  return at;
}

function blanksEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(bytes[at])) at++;
  return at;
}

function isBlank(octet: number | undefined): boolean {
  return octet === SP || octet === HTAB;
}

/**
 * Where a lenient reader would cut a stream into messages.
 * RFC 9112 §6.3, §11.2
 *
 * Rule of this file: a small reader of its own, for boundaries and nothing else: it shares no code with the strict
 * one, since what it has to do is to err as others do. Each habit is a switch of lenient.ts.
 */
import { decodeLatin1, isDigits, isToken, lowerAscii, splitList, trimOws } from "../wire/mod.ts";
import { cutChunked } from "./cut-chunked.ts";
import { findLine, refuses, type Outcome, waits } from "./cut-line.ts";
import type { LenientSwitches } from "./lenient.ts";

/** One message as a lenient reader sees it; the last one may be refused or incomplete. */
export interface LenientCut {
  readonly from: number;
  /** "GET /a" or "200"; empty when not even its first line was read. */
  readonly title: string;
  readonly outcome: Outcome;
}

/** What the reader knows from elsewhere. */
export interface CutContext {
  readonly kind: "request" | "response";
  /** The methods that responses answer, in order; GET where none is given. */
  readonly requestMethods: readonly string[];
}

/** Reads the stream to its end, to what the reader refuses, or to the last message of the connection. */
export function cutStream(
  bytes: Uint8Array,
  switches: LenientSwitches,
  context: CutContext,
): LenientCut[] {
  const text = decodeLatin1(bytes, 0, bytes.length);
  const cuts: LenientCut[] = [];
  let at = 0;
  let answered = 0;
  while (at < text.length) {
    const from = afterEmptyLines(text, at);
    if (from === text.length) break;
    const head = readHead(text, from, switches, context.kind);
    if ("outcome" in head) {
      cuts.push({ from: at, title: "", outcome: head.outcome });
      break;
    }
    const method = context.requestMethods[answered] ?? "GET";
    if (context.kind === "response" && !head.title.startsWith("1")) answered++;
    const outcome = bodyOutcome(text, head, switches, context.kind, method);
    cuts.push({ from: at, title: head.title, outcome });
    if (outcome.kind !== "ends" || !goesOn(head)) break;
    at = outcome.to;
  }
  return cuts;
}

interface Head {
  readonly title: string;
  readonly versionMinor: number;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly end: number;
}

function readHead(
  text: string,
  from: number,
  switches: LenientSwitches,
  kind: CutContext["kind"],
): Head | { readonly outcome: Outcome } {
  const first = findLine(text, from, switches.lineEnd);
  if ("outcome" in first) return first;
  const start = startLine(text.slice(from, first.end), kind);
  if (start === undefined) return { outcome: refuses(from, "the start line") };
  const fields: { name: string; value: string }[] = [];
  let at = first.next;
  for (;;) {
    const line = findLine(text, at, switches.lineEnd);
    if ("outcome" in line) return line;
    const content = text.slice(at, line.end);
    if (content === "") return { ...start, fields, end: line.next };
    const refusal = takeLine(fields, content, switches);
    if (refusal !== undefined) return { outcome: refuses(at, refusal) };
    at = line.next;
  }
}

function startLine(
  line: string,
  kind: CutContext["kind"],
): { title: string; versionMinor: number } | undefined {
  const pattern =
    kind === "request"
      ? /^(\S+) +(\S+) +HTTP\/1\.([0-9])$/
      : /^HTTP\/1\.([0-9]) +([0-9]{3})(?: |$)/;
  const match = pattern.exec(line);
  if (match === null) return undefined;
  const [, one = "", two = "", three = ""] = match;
  const digit = kind === "request" ? three : one;
  return { title: kind === "request" ? `${one} ${two}` : two, versionMinor: digit === "0" ? 0 : 1 };
}

/** Takes a field line, or says why the reader does not. */
function takeLine(
  fields: { name: string; value: string }[],
  line: string,
  { fold, blankBeforeColon }: LenientSwitches,
): string | undefined {
  if (/^[ \t]/.test(line)) {
    const last = fields.at(-1);
    if (fold === "refuse" || last === undefined) return "a folded line";
    if (fold === "join") last.value = trimOws(`${last.value} ${trimOws(line)}`);
    return undefined;
  }
  const colon = line.indexOf(":");
  if (colon < 0) return "a line without a colon";
  const raw = line.slice(0, colon);
  const name = trimOws(raw);
  if (!isToken(name)) return "a field name";
  if (name !== raw && blankBeforeColon === "refuse") return "a blank before a colon";
  const known = name === raw || blankBeforeColon === "drop" ? lowerAscii(name) : raw;
  fields.push({ name: known, value: trimOws(line.slice(colon + 1)) });
  return undefined;
}

function bodyOutcome(
  text: string,
  head: Head,
  switches: LenientSwitches,
  kind: CutContext["kind"],
  method: string,
): Outcome {
  const { end } = head;
  if (kind === "response" && isBodiless(head.title, method)) return ends(end, "it has no body");
  const verdict = codingOf(head, switches, kind);
  if (verdict === "refuse") return refuses(end, "Transfer-Encoding");
  const lengths = valuesOf(head, "content-length");
  if (verdict === "chunked" && lengths.length > 0 && switches.both === "refuse") {
    return refuses(end, "both fields");
  }
  const lengthWins = lengths.length > 0 && switches.both === "content-length";
  if (verdict === "until-close" && !lengthWins)
    return ends(text.length, "the connection has ended");
  if (verdict === "chunked" && !lengthWins) return cutChunked(text, end, switches);
  if (lengths.length > 0) return byLength(text, end, lengths, switches);
  if (kind === "request") return ends(end, "it has no body");
  return ends(text.length, "the connection has ended");
}

function byLength(
  text: string,
  from: number,
  values: readonly string[],
  switches: LenientSwitches,
): Outcome {
  const differ = values.some((value) => value !== values[0]);
  if (differ && switches.lengths === "refuse")
    return refuses(from, "Content-Length lines that differ");
  const value = (switches.lengths === "last" ? values.at(-1) : values[0]) ?? "";
  const digits =
    switches.lengthDigits === "prefix" ? (/^\+?([0-9]+)/.exec(value)?.[1] ?? "") : value;
  if (!isDigits(digits) || digits.length > MOST_DIGITS) return refuses(from, "the Content-Length");
  const length = Number(digits);
  if (from + length > text.length) return waits(from + length, `Content-Length: ${digits}`);
  return ends(from + length, `Content-Length: ${digits}`);
}

/** All numbers of so many digits are exact. */
const MOST_DIGITS = 15;

function codingOf(
  head: Head,
  { coding, oldCoding }: LenientSwitches,
  kind: CutContext["kind"],
): "none" | "chunked" | "until-close" | "refuse" {
  const values = valuesOf(head, "transfer-encoding");
  if (values.length === 0 || coding === "ignored") return "none";
  if (head.versionMinor === 0 && oldCoding !== "obey") {
    return oldCoding === "ignore" ? "none" : "refuse";
  }
  const value = lowerAscii(values.join(", "));
  if (value === "chunked") return "chunked";
  if (coding === "contains-chunked" && value.includes("chunked")) return "chunked";
  return kind === "request" ? "refuse" : "until-close";
}

function goesOn({ versionMinor, fields }: Head): boolean {
  const values = fields.filter(({ name }) => name === "connection").map(({ value }) => value);
  const options = values.flatMap(splitList).map(lowerAscii);
  return !options.includes("close") && (versionMinor > 0 || options.includes("keep-alive"));
}

function isBodiless(status: string, method: string): boolean {
  const tunnels = method === "CONNECT" && status.startsWith("2");
  return method === "HEAD" || tunnels || /^1|^204$|^304$/.test(status);
}

function valuesOf({ fields }: Head, wanted: string): string[] {
  return fields.filter(({ name }) => name === wanted).map(({ value }) => value);
}

function afterEmptyLines(text: string, from: number): number {
  let at = from;
  while (text[at] === "\r" || text[at] === "\n") at++;
  return at;
}

function ends(to: number, why: string): Outcome {
  return { kind: "ends", to, why };
}

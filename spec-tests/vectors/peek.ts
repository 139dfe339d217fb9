/**
 * A rough look at octets, for the rules that decide by them: where messages begin, and what is odd in them.
 *
 * Rule of this file: written from the RFC's grammar with patterns, and sharing nothing with lib, so that a
 * rule cannot agree with a parser's mistake. It takes LF for a line's end, since some rules ask for that.
 */

/** One message of a stream, as far as it came. */
export interface Peek {
  /** How many empty lines came before it. */
  readonly emptyLines: number;
  readonly startLine: string;
  readonly method: string;
  readonly target: string;
  /** The lines after the start line, without their ends. */
  readonly lines: readonly string[];
  readonly fields: readonly Field[];
  /** Has the empty line come? */
  readonly headIsComplete: boolean;
  /** All of start line and fields, line ends included. */
  readonly head: string;
  /** What follows the head, up to the end of this message where that can be told. */
  readonly body: string;
}

export interface Field {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** The messages of a stream of requests, cut as a forgiving reader would. */
export function peekMessages(raw: string): Peek[] {
  const messages: Peek[] = [];
  for (let rest = raw; rest !== "" && messages.length < MAX_MESSAGES; ) {
    const { message, used } = peekMessage(rest);
    if (message.head === "") break;
    messages.push(message);
    if (isLast(message)) break;
    rest = rest.slice(used);
  }
  return messages;
}

/** All values of a field, its name in lower case. */
export function valuesOf(message: Peek, name: string): string[] {
  return message.fields.filter((field) => field.name === name).map((field) => field.value);
}

/** An LF that no CR stands before, in a head. */
export function hasBareLf(text: string): boolean {
  return /(^|[^\r])\n/.test(text);
}

/** A CR that no LF follows; one at the very end may still get its LF. */
export function hasBareCr(text: string): boolean {
  return /\r[^\n]/.test(text);
}

/** A line that goes on the one before (obs-fold), the first line of fields not counted. */
export function hasFold(message: Peek): boolean {
  return message.lines.slice(1).some((line) => /^[ \t]/.test(line));
}

/** Both framing fields, whatever they say. */
export function hasBothFramings(message: Peek): boolean {
  return (
    valuesOf(message, "transfer-encoding").length > 0 &&
    valuesOf(message, "content-length").length > 0
  );
}

/** Content-Length more than once with the same digits. */
export function hasEqualLengths(message: Peek): boolean {
  const values = valuesOf(message, "content-length");
  return values.length > 1 && values.every((value) => value === values[0] && /^\d+$/.test(value));
}

/** A transfer coding, and none of them is chunked. */
export function hasOtherCoding(message: Peek): boolean {
  const codings = valuesOf(message, "transfer-encoding").flatMap((value) => value.split(","));
  return codings.length > 0 && codings.every((coding) => !/^[ \t]*chunked[ \t]*$/i.test(coding));
}

export function isChunked(message: Peek): boolean {
  const values = valuesOf(message, "transfer-encoding");
  return values.length === 1 && /^chunked$/i.test(values[0]!);
}

/** The size lines of a chunked body, line ends cut off, as far as they came. */
export function sizeLines(message: Peek): string[] {
  return chunksOf(message.body).sizeLines;
}

/** The trailer section of a chunked body, line ends included; empty when it did not come. */
export function trailerText(message: Peek): string {
  return chunksOf(message.body).trailer;
}

/**
 * The status that the grammar of RFC 9112 and this project's strictness give a request; undefined where there
 * is no fault in its head. Limits and the body are not looked at.
 */
export function faultOf(message: Peek): number | undefined {
  const version = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\x00-\x20\x7f]+ HTTP\/(\d)\.(\d)$/.exec(
    message.startLine,
  );
  if (version === null || hasBareLf(message.head) || message.emptyLines > 2) return 400;
  if (version[1] !== "1") return 505;
  const good = message.lines.every((line) => FIELD_LINE.test(line));
  if (!good || !isTarget(message.method, message.target)) return 400;
  return hostFault(message, version[2]!) ?? framingFault(message, version[2]!);
}

/** A stream of more messages is no vector. */
const MAX_MESSAGES = 100;

const FIELD_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;

const HOST =
  /^(\[[0-9A-Fa-f:.]+(%25[A-Za-z0-9._~-]+)?\]|([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(:\d*)?$/;

/** What follows belongs to nobody, or to another protocol. */
function isLast(message: Peek): boolean {
  const options = valuesOf(message, "connection").join(",").toLowerCase();
  const kept = message.startLine.endsWith("HTTP/1.0") ? /keep-alive/ : /^/;
  const leaves = message.method === "CONNECT" || /upgrade/.test(options);
  return leaves || /close/.test(options) || !kept.test(options);
}

function isTarget(method: string, target: string): boolean {
  if (method === "CONNECT") return /^[^/]+:\d+$/.test(target);
  if (target === "*") return true;
  const path = target.replace(/\?.*$/s, "");
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return false;
  return path.startsWith("/") || /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]+/.test(path);
}

function hostFault(message: Peek, minor: string): number | undefined {
  const hosts = valuesOf(message, "host");
  if (hosts.length > 1 || (minor !== "0" && hosts.length === 0)) return 400;
  return hosts.every((host) => HOST.test(host)) ? undefined : 400;
}

function framingFault(message: Peek, minor: string): number | undefined {
  const lengths = valuesOf(message, "content-length");
  const badLength = lengths.length > 1 || lengths.some((value) => !/^\d+$/.test(value));
  const codings = valuesOf(message, "transfer-encoding");
  if (badLength || (codings.length > 0 && (minor === "0" || lengths.length > 0))) return 400;
  if (codings.length > 0 && !isChunked(message)) return hasOtherCoding(message) ? 501 : 400;
  return undefined;
}

function peekMessage(raw: string): { message: Peek; used: number } {
  const empty = /^(\r?\n)*/.exec(raw)![0];
  const text = raw.slice(empty.length);
  const end = /\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index + end[0].length);
  const lines = head.split("\n").map((line) => line.replace(/\r$/, ""));
  // Behind the last LF nothing follows, and before it stands the empty line.
  const [startLine = "", ...others] = end === null ? lines : lines.slice(0, -2);
  const [method = "", target = ""] = startLine.split(" ");
  const known = {
    emptyLines: empty.split("\n").length - 1,
    startLine,
    method,
    target,
    lines: end === null && others.at(-1) === "" ? others.slice(0, -1) : others,
    fields: fieldsOf(others),
    headIsComplete: end !== null,
    head,
  };
  const body = bodyOf({ ...known, body: "" }, text.slice(head.length));
  return { message: { ...known, body }, used: empty.length + head.length + body.length };
}

function fieldsOf(lines: readonly string[]): Field[] {
  return lines.flatMap((line) => {
    const colon = line.indexOf(":");
    if (colon < 1) return [];
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "");
    return [{ name: line.slice(0, colon).toLowerCase(), value }];
  });
}

function bodyOf(message: Peek, rest: string): string {
  if (isChunked(message)) return rest.slice(0, chunksOf(rest).used);
  const [length = "0"] = valuesOf(message, "content-length");
  return /^\d{1,15}$/.test(length) ? rest.slice(0, Number(length)) : "";
}

function chunksOf(rest: string): { sizeLines: string[]; trailer: string; used: number } {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    const line = /^[^\n]*\n/.exec(rest.slice(at, at + MAX_LINE))?.[0];
    if (line === undefined) return { sizeLines: found, trailer: "", used: rest.length };
    found.push(line.replace(/\r?\n$/, ""));
    at += line.length;
    const size = Number.parseInt(line, 16);
    if (!(size > 0)) break;
    at += size + (rest.startsWith("\r\n", at + size) ? 2 : 1);
  }
  const end = /^(\r?\n)|\n\r?\n/.exec(rest.slice(at));
  const trailer = end === null ? rest.slice(at) : rest.slice(at, at + end.index + end[0].length);
  return { sizeLines: found, trailer, used: at + trailer.length };
}

const MAX_LINE = 10_000;

/**
 * The judge's own reader of responses and requests: plain, strict, and shared with nobody.
 * RFC 9112 §3, §4, §6, §7
 *
 * Rule of this file: it knows the text of the RFC and none of our parsers, so that a mistake made there is seen
 * here. It starts anew at each delivery: a message is read when all of it has come, and not before.
 */
import {
  type Field,
  MORE,
  malformed,
  membersOf,
  type Reading,
  readFields,
  readLine,
  valueOf,
  valuesOf,
} from "./fields.ts";

/** How the end of the content is told. */
export type Framing = "none" | "content-length" | "chunked" | "close";

export interface Message {
  /** "1.1" */
  readonly version: string;
  readonly fields: readonly Field[];
  readonly trailers: readonly Field[];
  readonly framing: Framing;
  /** Decoded, one char per octet. */
  readonly content: string;
  /** Departures from the grammar that leave the framing alone. */
  readonly faults: readonly string[];
}

export interface JudgedResponse extends Message {
  readonly status: number;
  readonly reason: string;
}

export interface JudgedRequest extends Message {
  readonly method: string;
  readonly target: string;
}

export interface ResponseContext {
  /** The method answered. */
  readonly to: "GET" | "HEAD" | "CONNECT";
  /** "ended": the server has ended its side, and nothing more will come. */
  readonly stream: "open" | "ended";
}

/** Reads one response, interim or final, that begins at `at`. */
export function readResponse(
  text: string,
  at: number,
  context: ResponseContext,
): Reading<JudgedResponse> {
  const reading = responseAt(text, at, context);
  const isCut = reading.kind === "more" && context.stream === "ended" && text.length > at;
  return isCut ? malformed("the connection ended within a response") : reading;
}

function responseAt(text: string, at: number, context: ResponseContext): Reading<JudgedResponse> {
  const begin = text.slice(at, at + 5);
  if (!"HTTP/".startsWith(begin)) return malformed("no status line");
  const line = readLine(text, at);
  if (line.kind !== "read") return line;
  const start = /^HTTP\/([0-9]\.[0-9]) ([0-9]{3})(?: ([\t\x20-\x7e\x80-\xff]*))?$/.exec(line.value);
  if (start === null) return malformed("a status line that does not fit the grammar");
  const [, version = "", code = "", reason] = start;
  const head = readFields(text, line.end);
  if (head.kind !== "read") return head;
  const faults = [...head.value.faults];
  if (reason === undefined) faults.push("no SP after the status code");
  const status = digitsToNumber(code, 10);
  if (status < 100 || status > 599) faults.push("a status outside 100 to 599");
  const none = hasNoContent(status, context.to);
  const { fields } = head.value;
  if ((status < 200 || status === 204) && framingFieldsOf(fields).length > 0) {
    faults.push(`${framingFieldsOf(fields).join(" and ")} in a ${status}`);
  }
  const content = none
    ? read({ framing: "none" as const, content: "", trailers: [], faults: [] }, head.end)
    : contentAt(text, head.end, { fields, version, role: "response", stream: context.stream });
  if (content.kind !== "read") return content;
  const { framing, trailers } = content.value;
  const all = [...faults, ...content.value.faults];
  const rest = { framing, trailers, content: content.value.content, faults: all };
  return read({ version, status, reason: reason ?? "", fields, ...rest }, content.end);
}

/** Reads one request that begins at `at`. */
export function readRequest(text: string, at: number): Reading<JudgedRequest> {
  const head = readRequestHead(text, at);
  if (head.kind !== "read") return head;
  const { fields, version } = head.value;
  const content = contentAt(text, head.end, { fields, version, role: "request", stream: "open" });
  if (content.kind !== "read") return content;
  const faults = [...head.value.faults, ...content.value.faults];
  return read({ ...head.value, ...content.value, faults }, content.end);
}

/** The head of a request alone; its content is empty. */
export function readRequestHead(text: string, at: number): Reading<JudgedRequest> {
  const line = readLine(text, at);
  if (line.kind !== "read") return line;
  const start = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^ \x00-\x1f\x7f]+) HTTP\/([0-9]\.[0-9])$/.exec(
    line.value,
  );
  if (start === null) return malformed("a request line that does not fit the grammar");
  const [, method = "", target = "", version = ""] = start;
  const head = readFields(text, line.end);
  if (head.kind !== "read") return head;
  const { fields, faults } = head.value;
  const nothing = { framing: "none" as const, content: "", trailers: [] };
  return read({ method, target, version, fields, faults, ...nothing }, head.end);
}

function hasNoContent(status: number, to: ResponseContext["to"]): boolean {
  if (to === "HEAD" || status < 200 || status === 204 || status === 304) return true;
  return to === "CONNECT" && status < 300;
}

function framingFieldsOf(fields: readonly Field[]): string[] {
  return ["Content-Length", "Transfer-Encoding"].filter(
    (name) => valueOf(fields, name) !== undefined,
  );
}

type Content = Pick<Message, "framing" | "content" | "trailers" | "faults">;

interface ContentContext {
  readonly fields: readonly Field[];
  readonly version: string;
  readonly role: "request" | "response";
  readonly stream: "open" | "ended";
}

/** RFC 9112 §6.3, from its fourth rule on. */
function contentAt(text: string, at: number, context: ContentContext): Reading<Content> {
  const { fields, role } = context;
  const coding = valueOf(fields, "Transfer-Encoding");
  const lengths = valuesOf(fields, "Content-Length").flatMap((value) => value.split(","));
  const faults: string[] = [];
  if (coding !== undefined) {
    if (lengths.length > 0) faults.push("Content-Length beside Transfer-Encoding");
    if (context.version === "1.0") faults.push("Transfer-Encoding in HTTP/1.0");
    const codings = membersOf(coding);
    const once = codings.indexOf("chunked");
    if (once >= 0 && once < codings.length - 1) faults.push("chunked is not the last coding");
    if (codings[codings.length - 1] === "chunked") return chunkedAt(text, at, faults);
    if (role === "request") return malformed("a coding that is not chunked frames nothing");
    return untilClose(text, at, context.stream, faults);
  }
  const [first = "", ...others] = lengths.map((length) => length.trim());
  if (lengths.length > 0) {
    if (!/^[0-9]{1,15}$/.test(first)) return malformed("a Content-Length that is no number");
    if (others.some((other) => other !== first)) return malformed("two values of Content-Length");
    if (others.length > 0) faults.push("Content-Length more than once");
    const end = at + digitsToNumber(first, 10);
    if (text.length < end) return MORE;
    return content("content-length", text.slice(at, end), end, faults);
  }
  if (role === "request") return content("none", "", at, faults);
  return untilClose(text, at, context.stream, faults);
}

function untilClose(
  text: string,
  at: number,
  stream: "open" | "ended",
  faults: readonly string[],
): Reading<Content> {
  return stream === "open" ? MORE : content("close", text.slice(at), text.length, faults);
}

function chunkedAt(text: string, start: number, faults: readonly string[]): Reading<Content> {
  const pieces: string[] = [];
  let at = start;
  for (;;) {
    const line = readLine(text, at);
    if (line.kind !== "read") return line;
    const size = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line.value);
    if (size === null) return malformed("a chunk line that does not fit the grammar");
    const length = digitsToNumber(size[1] ?? "", 16);
    at = line.end;
    if (length === 0) break;
    if (text.length < at + length + 2) return MORE;
    pieces.push(text.slice(at, at + length));
    at += length;
    if (text.slice(at, at + 2) !== "\r\n") return malformed("a chunk that does not end with CRLF");
    at += 2;
  }
  const trailers = readFields(text, at);
  if (trailers.kind !== "read") return trailers;
  const all = [...faults, ...trailers.value.faults];
  const rest = { content: pieces.join(""), trailers: trailers.value.fields, faults: all };
  return read({ framing: "chunked", ...rest }, trailers.end);
}

function content(
  framing: Framing,
  text: string,
  end: number,
  faults: readonly string[],
): Reading<Content> {
  return read({ framing, content: text, trailers: [], faults }, end);
}

function read<T>(value: T, end: number): Reading<T> {
  return { kind: "read", value, end };
}

/** Digits that the grammar has let through, too few to overflow. */
function digitsToNumber(digits: string, base: 10 | 16): number {
  let value = 0;
  for (const char of digits.toLowerCase()) value = value * base + "0123456789abcdef".indexOf(char);
  return value;
}

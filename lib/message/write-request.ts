/**
 * A Request as the octets that ask for it.
 * RFC 9112 §3, §6 · Go: request.go write, transfer.go newTransferWriter
 *
 * Rule of this file: the whole head is made and checked as one string before the first octet goes out. Its
 * order is Go's: request line, Host, User-Agent, what this message needs of Connection, framing and Trailer,
 * then the caller's fields in the caller's order.
 */
import type { Writer } from "../bufio/mod.ts";
import {
  checkHost,
  formatField,
  formatRequestLine,
  formatTrailers,
  hasConnectionOption,
  lowerAscii,
} from "../wire/mod.ts";
import type { Framing, Header, Target } from "../wire/mod.ts";
import { writeBody } from "./body-writer.ts";
import { type Body, noBody } from "./body.ts";
import { MessageError } from "./errors.ts";
import type { Request } from "./request.ts";

/** What User-Agent says unless the request or the program says something else. */
export const DEFAULT_USER_AGENT = "barewire/0.1";
const DEFAULT_USER_AGENT_LINE = `User-Agent: ${DEFAULT_USER_AGENT}\r\n`;

/**
 * What stands in the request line: path and query alone, as servers are asked; the whole URL, as proxies are
 * asked; or the request's target unchanged.
 */
export type TargetForm = "origin" | "absolute" | "as-is";

export interface WriteRequestOptions {
  /**
   * Default "origin". "absolute" leaves a target without a scheme as it is: what its URL would be is not
   * known. Go: Request.Write, Request.WriteProxy
   */
  readonly form?: TargetForm | undefined;
  /** Used when the request has no User-Agent field; one with an empty value suppresses it. */
  readonly userAgent?: string | undefined;
  /** Field lines of the sender's own, with their CRLF, already checked; they come last. */
  readonly extra?: string | undefined;
}

/** A head ready to be sent, and how the body after it is framed. */
export interface OutgoingHead {
  /** One char per octet, the empty line included. */
  readonly text: string;
  readonly framing: Framing;
  /** The fields to be sent after the body; undefined where the framing cannot carry them. */
  readonly trailer: Header | undefined;
}

/**
 * Sends a request and flushes it. Always HTTP/1.1, whatever the request came as.
 *
 * Rejects, before anything is written, with WireError for strings that must not go on the wire and with
 * MessageError "body-not-allowed", "content-length-mismatch" or "framing-unsafe"; later as `writeBody` does.
 * Go: Request.Write, Request.WriteProxy
 */
export async function writeRequest(
  writer: Writer,
  request: Request,
  options: WriteRequestOptions = {},
): Promise<void> {
  const head = requestHead(request, options);
  writer.writeLatin1(head.text);
  await writeBody(writer, request.body, head.framing, head.trailer);
}

/** The head of a request, made and checked as `writeRequest` does, for those who send the body apart. */
export function requestHead(request: Request, options: WriteRequestOptions = {}): OutgoingHead {
  const { method, header } = request;
  const target = request.target.startsWith("/") ? undefined : request.parsedTarget;
  const host = hostOf(request, target);
  const framing = framingOf(request);
  const form = options.form ?? "origin";
  let text = formatRequestLine(
    method,
    target?.kind !== "absolute" || form === "as-is"
      ? request.target
      : formatTarget(method, host, target, form),
  );
  // What checkHost has let through is a field value.
  text += `Host: ${host}\r\n`;
  const agent = header.get("user-agent") ?? options.userAgent;
  if (agent === undefined) text += DEFAULT_USER_AGENT_LINE;
  else if (agent !== "") text += formatField("User-Agent", agent);
  if (request.close && !saysClose(header)) text += "Connection: close\r\n";
  const trailer = framing.kind === "chunked" ? request.trailer : undefined;
  if (framing.kind === "none" && ALWAYS_WITH_LENGTH.has(method)) text += "Content-Length: 0\r\n";
  text += formatFraming(framing);
  if (trailer !== undefined) text += formatTrailerNames(trailer);
  const own = options.extra ?? "";
  return { text: `${text}${header.format(WRITTEN_APART)}${own}\r\n`, framing, trailer };
}

/** Does the Connection field ask for an end already? */
export function saysClose(header: Header): boolean {
  return header.values("connection").some((value) => hasConnectionOption(value, "close"));
}

/** The field that tells how the body ends, where there is one. */
export function formatFraming(framing: Framing): string {
  if (framing.kind === "chunked") return "Transfer-Encoding: chunked\r\n";
  return framing.kind === "length" ? `Content-Length: ${framing.length}\r\n` : "";
}

/** The Trailer field that announces the fields after the body. Throws as `formatTrailers` does. */
export function formatTrailerNames(trailer: Header): string {
  if (trailer.count === 0) return "";
  // Values may still change until the body has been sent; what is wrong already is told now.
  formatTrailers(trailer);
  const names = new Map<string, string>();
  for (const [name] of trailer) {
    const lower = lowerAscii(name);
    if (!names.has(lower)) names.set(lower, name);
  }
  return formatField("Trailer", [...names.values()].join(", "));
}

/**
 * The length of a body that is not chunked; undefined when only its end will tell. Throws
 * "content-length-mismatch" when the message says one thing and the body another.
 */
export function lengthOf(message: {
  readonly body: Body;
  readonly contentLength: number | undefined;
}): number | undefined {
  const { body, contentLength } = message;
  if (contentLength === undefined) return body.length;
  if (!Number.isSafeInteger(contentLength) || contentLength < 0) {
    throw new MessageError("content-length-mismatch", { evidence: String(contentLength) });
  }
  if (body.length === undefined || body.length === contentLength) return contentLength;
  const evidence = `${body.length} bytes instead of ${contentLength}`;
  throw new MessageError("content-length-mismatch", { evidence });
}

/** Does the message ask for the chunked coding? Throws "framing-unsafe" for any other coding. */
export function asksForChunked(codings: readonly string[]): boolean {
  if (codings.length === 0) return false;
  if (codings.length === 1 && codings[0] === "chunked") return true;
  throw new MessageError("framing-unsafe", { evidence: codings.join(", ") });
}

/** Fields that are written from the message's own values, never from its header. Go: reqWriteExcludeHeader */
const WRITTEN_APART: readonly string[] = [
  "host",
  "user-agent",
  "content-length",
  "transfer-encoding",
  "trailer",
];

/** Methods that usually have content: an empty one is said to be empty. RFC 9110 §8.6 */
const ALWAYS_WITH_LENGTH: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** RFC 9110 §9.3.6, §9.3.8: nothing may follow these. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(["CONNECT", "TRACE"]);

function framingOf(request: Request): Framing {
  const chunked = asksForChunked(request.transferEncoding);
  const length = lengthOf({
    body: request.body,
    contentLength: chunked ? undefined : request.contentLength,
  });
  if (length === 0 && request.body === noBody) return { kind: "none" };
  if (WITHOUT_BODY.has(request.method)) {
    throw new MessageError("body-not-allowed", { evidence: request.method });
  }
  if (chunked || length === undefined) return { kind: "chunked" };
  return { kind: "length", length };
}

/** Throws "bad-host". Go: Request.Host, else URL.Host */
function hostOf(request: Request, target: Target | undefined): string {
  const authority = target?.kind === "absolute" ? target.authority : undefined;
  // What stands in a URL that was taken apart is a good host, unless it has a zone.
  if (authority !== undefined && request.host === authority && !authority.startsWith("[")) {
    return authority;
  }
  const host = withoutZone(request.host === "" ? (authority ?? "") : request.host);
  checkHost(host);
  return host;
}

/** A zone belongs to this machine and is not for others. RFC 6874 §1, RFC 9110 §4.2.1 · Go: removeZone */
function withoutZone(host: string): string {
  const end = host.startsWith("[") ? host.indexOf("]") : -1;
  const zone = host.indexOf("%");
  return zone > 0 && zone < end ? host.slice(0, zone) + host.slice(end) : host;
}

type AbsoluteTarget = Extract<Target, { kind: "absolute" }>;

function formatTarget(
  method: string,
  host: string,
  { scheme, escapedPath, rawQuery }: AbsoluteTarget,
  form: "origin" | "absolute",
): string {
  // RFC 9112 §3.2.2: target and Host name the same host; user information is never sent.
  const before = form === "origin" ? "" : `${scheme}://${host}`;
  // RFC 9112 §3.2.4: OPTIONS for the server itself, not for its root.
  if (method === "OPTIONS" && escapedPath === "" && rawQuery === undefined) {
    return form === "origin" ? "*" : before;
  }
  const query = rawQuery === undefined ? "" : `?${rawQuery}`;
  return `${before}${escapedPath === "" ? "/" : escapedPath}${query}`;
}

/**
 * From a scanned head to a Response, and from a Reader to a Response.
 * RFC 9112 §4, §6 · Go: response.go ReadResponse, transfer.go readTransfer
 *
 * Rule of this file: syntax and framing of one response, interim ones (1xx) as they come: that a final one
 * follows them is the transport's affair.
 */
import type { Reader } from "../bufio/mod.ts";
import { FieldKind, HeadScan, connectionOptions, kindBits } from "../wire/mod.ts";
import {
  parseContentLength,
  parseTrailerNames,
  responseFraming,
  scanResponseHead,
} from "../wire/mod.ts";
import type { Framing, ResponseFraming, ResponseHead } from "../wire/mod.ts";
import type { Body } from "./body.ts";
import { type ReadOptions, openBody, openSource, readHead } from "./read-request.ts";
import type { Request } from "./request.ts";
import { Response, type ResponseParts } from "./response.ts";

export interface ReadResponseOptions extends ReadOptions {
  /** The request that is answered; its method decides whether there is a body. */
  readonly request?: Request | undefined;
  /** The method alone, where there is no Request. Default "GET". */
  readonly requestMethod?: string | undefined;
}

/**
 * Reads one response, interim or final. Resolves when its head is complete; the body is read through
 * `response.body` from the same reader. Undefined when the reader ended before the first octet.
 *
 * Rejects with WireError or IoError. Go: http.ReadResponse
 */
export async function readResponse(
  reader: Reader,
  options: ReadResponseOptions = {},
): Promise<Response | undefined> {
  const head = await readHead(reader, new HeadScan("response", options), scanResponseHead);
  if (head === undefined) return undefined;
  const method = options.request?.method ?? options.requestMethod ?? "GET";
  const { framing, reuse } = responseFraming(head, method);
  const body = openBody(openSource(reader, framing, options), framing, options);
  return responseOf(head, { framing, reuse }, body, { request: options.request });
}

/** A Response made of checked parts and of what the client adds. Throws "forbidden-trailer". */
export function responseOf(
  head: ResponseHead,
  { framing, reuse }: ResponseFraming,
  body: Body,
  more: Pick<ResponseParts, "request" | "tls" | "timings" | "reused" | "hijack">,
): Response {
  const { fields } = head;
  // Also where no body follows (HEAD), the field is told of.
  const chunked = head.versionMinor > 0 && fields.has(FieldKind.transferEncoding);
  if (chunked && fields.has(FieldKind.trailer)) parseTrailerNames(fields.values(FieldKind.trailer));
  const close = reuse === "close-after";
  const omit = chunked ? OMIT_CHUNKED : OMIT_CODINGS;
  return new Response({
    status: head.status,
    statusText: head.reason,
    versionMinor: head.versionMinor,
    section: fields,
    sectionOmit: close && onlySaysClose(head) ? omit | CONNECTION : omit,
    body,
    contentLength: contentLengthOf(head, framing, chunked ? "chunked" : "plain"),
    transferEncoding: chunked ? CHUNKED : undefined,
    close,
    // One by one: a spread costs as much as all the rest.
    request: more.request,
    tls: more.tls,
    timings: more.timings,
    reused: more.reused,
    hijack: more.hijack,
  });
}

const CHUNKED: readonly string[] = Object.freeze(["chunked"]);
const CONNECTION = kindBits(FieldKind.connection);
const OMIT_CODINGS = kindBits(FieldKind.transferEncoding);
const OMIT_CHUNKED = kindBits(
  FieldKind.transferEncoding,
  FieldKind.contentLength,
  FieldKind.trailer,
);

/**
 * Go takes Connection away from a 1.1 response that closes. We do so where nothing else is in it: a proxy
 * needs the rest, since the fields that it names must not be forwarded (RFC 9110 §7.6.1).
 */
function onlySaysClose(head: ResponseHead): boolean {
  if (head.versionMinor === 0 || !head.fields.has(FieldKind.connection)) return false;
  const options = connectionOptions(head.fields);
  return options.includes("close") && options.every((option) => PERSISTENCE.has(option));
}

const PERSISTENCE: ReadonlySet<string> = new Set(["close", "keep-alive"]);

/** What the body's length is or, for the answer to HEAD, would be. */
function contentLengthOf(
  head: ResponseHead,
  framing: Framing,
  coding: "chunked" | "plain",
): number | undefined {
  if (framing.kind === "length") return framing.length;
  const { status, fields } = head;
  if (status === 204 || status === 304 || (status >= 100 && status < 200)) return 0;
  if (coding === "chunked") return undefined;
  return fields.has(FieldKind.contentLength) ? parseContentLength(fields, "go") : undefined;
}

/**
 * Body framing: how the end of a message body is found.
 * RFC 9112 §6.3 · Go: transfer.go readTransfer, parseTransferEncoding, fixLength
 *
 * Rule of this file: it looks at a head and answers with a Framing. It never sees a body octet. Requests are
 * read strictly, since whoever stands before us may have read them otherwise; responses as Go reads them.
 */
import { equalsIgnoringCase, isDigits, lowerAscii } from "./ascii.ts";
import { WireError } from "./errors.ts";
import { FieldKind, kindBits } from "./field-section.ts";
import type { FieldSection } from "./field-section.ts";
import type { Profile } from "./head.ts";
import { keepsAlive } from "./persistence.ts";
import type { VersionedFields } from "./persistence.ts";
import { splitList } from "./tokens.ts";

/** How the body of a message ends. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

/** The framing of a response, and whether another one may follow it on the connection. */
export interface ResponseFraming {
  readonly framing: Framing;
  /** "close-after": nothing on this connection is to be trusted once the message is over. */
  readonly reuse: "may-reuse" | "close-after";
}

/**
 * The steps of RFC 9112 §6.3 that concern requests, numbered as there. With profile "go" a chunked request
 * may carry a valid Content-Length, which is overruled, and equal Content-Length lines are one; `keepsAlive`
 * is false for the former.
 *
 * Throws "transfer-encoding-in-http-1-0", "transfer-encoding-with-content-length", "chunked-not-last" (400),
 * "unsupported-transfer-coding" (501), and those of `parseContentLength`.
 */
export function requestFraming(head: VersionedFields, profile: Profile = "strict"): Framing {
  const { versionMinor, fields } = head;
  // 7. A request with neither field has no body.
  if (fields.hasNone(FRAMING_BITS)) return NONE;
  if (fields.has(FieldKind.transferEncoding)) {
    // §6.1: HTTP/1.0 has no transfer codings, the framing is faulty.
    if (versionMinor === 0) throw new WireError("transfer-encoding-in-http-1-0");
    // 3. Both fields: an attempt at smuggling. Go lets chunked win, once the length is well formed.
    if (fields.has(FieldKind.contentLength)) {
      if (profile === "strict") throw new WireError("transfer-encoding-with-content-length");
      parseContentLength(fields, "go");
    }
    // 4. The final coding must be chunked; we take no other beside it.
    requireChunked(fields);
    return CHUNKED;
  }
  // 5. and 6. Content-Length, valid or not.
  return ofLength(parseContentLength(fields, profile));
}

/**
 * The steps of RFC 9112 §6.3 for a response to a request with this method. `reuse` holds the whole verdict,
 * Connection and version included; an interim response (1xx) may be followed by the next, save for 101.
 *
 * Throws "unsupported-transfer-coding" or "chunked-not-last", and those of `parseContentLength`: a user agent
 * discards such a response and closes the connection.
 */
export function responseFraming(
  head: VersionedFields & { readonly status: number },
  requestMethod: string,
): ResponseFraming {
  const { versionMinor, status, fields } = head;
  // Lines that contradict each other are refused whatever the status is, as in Go.
  checkEqualLengths(fields);
  const hasLength = fields.has(FieldKind.contentLength);
  const kept = keepsAlive(head);
  // 1. These end with their heads, whatever the fields say.
  if (requestMethod === "HEAD") {
    if (hasLength) parseContentLength(fields, "go");
    return kept ? NONE_REUSE : NONE_CLOSE;
  }
  if (status === 204 || status === 304) return kept ? NONE_REUSE : NONE_CLOSE;
  if (status >= 100 && status < 200) return status === 101 ? NONE_CLOSE : NONE_REUSE;
  // 2. The connection is a tunnel now: its octets are no message's.
  if (requestMethod === "CONNECT" && status >= 200 && status < 300) return NONE_CLOSE;
  // 3. and 4. Chunked overrules the length. HTTP/1.0 has no transfer codings: Go reads on as if the field
  // were not there, and the connection is closed, so that nothing can hide behind the message.
  if (versionMinor > 0 && fields.has(FieldKind.transferEncoding)) {
    requireChunked(fields);
    if (hasLength) parseContentLength(fields, "go");
    return kept ? CHUNKED_REUSE : CHUNKED_CLOSE;
  }
  // 5. and 6. Content-Length, valid or not.
  if (hasLength) {
    const framing = ofLength(parseContentLength(fields, "go"));
    return { framing, reuse: kept ? "may-reuse" : "close-after" };
  }
  // 8. No length known: the body ends with the connection.
  return UNTIL_CLOSE;
}

/**
 * The number in the Content-Length field, which must be there. With profile "go" lines with equal values are
 * one. Throws "bad-content-length", "content-length-too-large" (above 2^53 − 1), "conflicting-content-length",
 * "duplicate-content-length". RFC 9110 §8.6 · Go: parseContentLength
 */
export function parseContentLength(fields: FieldSection, profile: Profile = "strict"): number {
  if (fields.repeats(FieldKind.contentLength)) {
    checkEqualLengths(fields);
    if (profile === "strict") throw new WireError("duplicate-content-length");
  }
  const digits = fields.value(FieldKind.contentLength) ?? "";
  if (!isDigits(digits)) throw new WireError("bad-content-length");
  let length = 0;
  for (let i = 0; i < digits.length; i++) {
    // The digit in brackets: a sum just above 2^53 would be rounded before it is lowered again.
    length = length * 10 + (digits.charCodeAt(i) - 0x30);
    if (length > Number.MAX_SAFE_INTEGER) throw new WireError("content-length-too-large");
  }
  return length;
}

const FRAMING_BITS: number = kindBits(FieldKind.contentLength, FieldKind.transferEncoding);

const NONE: Framing = Object.freeze({ kind: "none" });
const CHUNKED: Framing = Object.freeze({ kind: "chunked" });
const EMPTY: Framing = Object.freeze({ kind: "length", length: 0 });

const NONE_REUSE: ResponseFraming = Object.freeze({ framing: NONE, reuse: "may-reuse" });
const NONE_CLOSE: ResponseFraming = Object.freeze({ framing: NONE, reuse: "close-after" });
const CHUNKED_REUSE: ResponseFraming = Object.freeze({ framing: CHUNKED, reuse: "may-reuse" });
const CHUNKED_CLOSE: ResponseFraming = Object.freeze({ framing: CHUNKED, reuse: "close-after" });
const UNTIL_CLOSE: ResponseFraming = Object.freeze({
  framing: Object.freeze({ kind: "until-close" }),
  reuse: "close-after",
});

function ofLength(length: number): Framing {
  return length === 0 ? EMPTY : { kind: "length", length };
}

/**
 * One line, and on it nothing but `chunked`. Where chunked is there but not last, or twice, §6.3 leaves a
 * server no choice but 400. For the rest (an unknown coding, a known one before chunked, none at all, an empty
 * list element) §6.1 asks for 501, and Go answers so.
 */
function requireChunked(fields: FieldSection): void {
  const values = fields.values(FieldKind.transferEncoding);
  if (values.length === 1 && equalsIgnoringCase(values[0]!, "chunked")) return;
  const codings = values.flatMap(splitList).map(lowerAscii);
  const first = codings.indexOf("chunked");
  const misplaced = first >= 0 && first < codings.length - 1;
  throw new WireError(misplaced ? "chunked-not-last" : "unsupported-transfer-coding");
}

/** Throws "conflicting-content-length" where several lines say different things. */
function checkEqualLengths(fields: FieldSection): void {
  if (!fields.repeats(FieldKind.contentLength)) return;
  const [first, ...others] = fields.values(FieldKind.contentLength);
  if (others.some((value) => value !== first)) throw new WireError("conflicting-content-length");
}

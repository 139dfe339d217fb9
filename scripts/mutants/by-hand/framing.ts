/**
 * Mutants of chunks, framing and persistence in lib/wire: where a body ends, and whether the connection goes on.
 *
 * Rule of this file: data; see by-hand.ts.
 */
import type { HandMutant } from "../mutant.ts";

const CHUNKED = "lib/wire/chunked.ts";
const FRAMING = "lib/wire/framing.ts";
const PERSISTENCE = "lib/wire/persistence.ts";

export const FRAMING_MUTANTS: readonly HandMutant[] = [
  {
    name: "bare-lf-ends-chunk-size",
    rule: "only CRLF ends a chunk-size line (RFC 9112 §7.1)",
    where: CHUNKED,
    find: '\n    else if (octet === LF) this.#fail("bad-chunk-end", at);',
    replace: "\n    else if (octet === LF) this.#endLine(at);",
  },
  {
    name: "bare-lf-ends-chunk-extension",
    rule: "only CRLF ends a chunk extension (RFC 9112 §7.1.1)",
    where: CHUNKED,
    find: '\n        else if (octet === LF) this.#fail("bad-chunk-end", at);',
    replace: "\n        else if (octet === LF) this.#endLine(at);",
  },
  {
    name: "chunk-data-ends-with-any-octet",
    rule: "CR follows the data of a chunk (RFC 9112 §7.1)",
    where: CHUNKED,
    find: 'if (octet !== CR) this.#fail("bad-chunk-end", at);',
    replace: "",
  },
  {
    name: "second-crlf-octet-is-skipped",
    rule: "LF follows the CR after a chunk's data (RFC 9112 §7.1)",
    where: CHUNKED,
    find: 'if (octet !== LF) this.#fail("bad-chunk-end", at);\n        this.#state = State.size;',
    replace: "this.#state = State.size;",
  },
  {
    name: "chunk-size-overflows",
    rule: "a chunk size above 2^53-1 is refused (RFC 9112 §7.1)",
    where: CHUNKED,
    find: "this.#limits.maxChunkSizeDigits || tooLarge",
    replace: "this.#limits.maxChunkSizeDigits",
  },
  {
    name: "chunk-size-digits-unbounded",
    rule: "zeros before a chunk size have a limit",
    where: CHUNKED,
    find: "++this.#digits > this.#limits.maxChunkSizeDigits || tooLarge",
    replace: "(this.#digits++, tooLarge)",
  },
  {
    name: "chunk-line-unbounded",
    rule: "a chunk extension has a limit (RFC 9112 §7.1.1)",
    where: CHUNKED,
    find: "++this.#lineBytes > this.#limits.maxChunkLineBytes",
    replace: "++this.#lineBytes > Infinity",
  },
  {
    name: "chunk-overhead-unbounded",
    rule: "many small extensions have a limit together",
    where: CHUNKED,
    find: "this.#excess > this.#limits.maxChunkExcessBytes",
    replace: "this.#excess > Infinity",
  },
  {
    name: "bare-cr-ends-chunked-body",
    rule: "the trailer section ends with CRLF (RFC 9112 §7.1.2)",
    where: CHUNKED,
    find: "this.#state = octet === CR ? State.endFeed : State.trailers;",
    replace: "this.#state = octet === CR ? State.done : State.trailers;",
  },
  {
    name: "framing-field-sent-as-trailer",
    rule: "no trailer may frame, route or authorize (RFC 9110 §6.5.1)",
    where: CHUNKED,
    find: "if (isForbiddenTrailer(lowerAscii(name))) {",
    replace: "if (isForbiddenTrailer(name)) {",
  },
  {
    name: "first-of-two-content-lengths",
    rule: "Content-Length lines that differ are refused (RFC 9112 §6.3)",
    where: FRAMING,
    find: "if (others.some((value) => value !== first)) throw",
    replace: "if (others.length === 0 || first === undefined) throw",
  },
  {
    name: "last-of-two-content-lengths",
    rule: "two Content-Length lines are refused in a request (RFC 9112 §6.3)",
    where: FRAMING,
    find: 'checkEqualLengths(fields);\n    if (profile === "strict")',
    replace:
      'if (fields.count > 0) return Number(fields.values(FieldKind.contentLength).at(-1));\n    if (profile === "strict")',
  },
  {
    name: "repeated-content-length",
    rule: "equal Content-Length lines are refused in a request, by policy",
    where: FRAMING,
    find: 'if (profile === "strict") throw new WireError("duplicate-content-length");',
    replace: "",
  },
  {
    name: "content-length-with-sign",
    rule: "Content-Length is digits and nothing else (RFC 9110 §8.6)",
    where: FRAMING,
    find: 'if (!isDigits(digits)) throw new WireError("bad-content-length");',
    replace: 'if (!isDigits(digits.slice(1))) throw new WireError("bad-content-length");',
  },
  {
    name: "content-length-overflows",
    rule: "a length above 2^53-1 is refused",
    where: FRAMING,
    find: 'if (length > Number.MAX_SAFE_INTEGER) throw new WireError("content-length-too-large");',
    replace: "",
  },
  {
    name: "transfer-encoding-with-content-length",
    rule: "both fields in a request are refused (RFC 9112 §6.1)",
    where: FRAMING,
    find: 'if (profile === "strict") throw new WireError("transfer-encoding-with-content-length");',
    replace: "",
  },
  {
    name: "transfer-encoding-in-http-1-0",
    rule: "HTTP/1.0 has no transfer codings (RFC 9112 §6.1)",
    where: FRAMING,
    find: 'if (versionMinor === 0) throw new WireError("transfer-encoding-in-http-1-0");',
    replace: "",
  },
  {
    name: "chunked-anywhere",
    rule: "chunked is the one and final coding (RFC 9112 §6.3)",
    where: FRAMING,
    find: 'if (values.length === 1 && equalsIgnoringCase(values[0]!, "chunked")) return;',
    replace: 'if (values.some((value) => lowerAscii(value).includes("chunked"))) return;',
  },
  {
    name: "body-after-204",
    rule: "a 204 ends with its head (RFC 9112 §6.3)",
    where: FRAMING,
    find: "if (status === 204 || status === 304) return",
    replace: "if (status === 304) return",
  },
  {
    name: "body-after-head",
    rule: "the answer to HEAD ends with its head (RFC 9112 §6.3)",
    where: FRAMING,
    find: 'if (requestMethod === "HEAD") {',
    replace: 'if (requestMethod === "head") {',
  },
  {
    name: "response-of-1-0-chunked",
    rule: "Transfer-Encoding of an HTTP/1.0 response does not frame it",
    where: FRAMING,
    find: "if (versionMinor > 0 && fields.has(FieldKind.transferEncoding)) {",
    replace: "if (fields.has(FieldKind.transferEncoding)) {",
  },
  {
    name: "kept-after-doubtful-framing",
    rule: "a message with both framing fields is the last (RFC 9112 §6.1)",
    where: PERSISTENCE,
    find: "if (versionMinor === 0 || fields.has(FieldKind.contentLength)) return false;",
    replace: "if (versionMinor === 0) return false;",
  },
  {
    name: "close-only-as-first-option",
    rule: "close counts anywhere in Connection (RFC 9112 §9.3)",
    where: PERSISTENCE,
    find: "start = end + 1;",
    replace: "return false;",
  },
  {
    name: "http-1-0-kept-by-default",
    rule: "HTTP/1.0 persists only by keep-alive (RFC 9112 §9.3)",
    where: PERSISTENCE,
    find: "let kept = versionMinor > 0;",
    replace: "let kept = true;",
  },
  {
    name: "unknown-expectation-ignored",
    rule: "an expectation that we do not know gets 417 (RFC 9110 §10.1.1)",
    where: PERSISTENCE,
    find: 'throw new WireError("unknown-expectation");',
    replace: 'return "none";',
  },
];

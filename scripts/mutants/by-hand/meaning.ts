/**
 * Mutants of lib/semantics and lib/message: values that would mean something else, bodies that would end elsewhere.
 *
 * Rule of this file: data; see by-hand.ts.
 */
import type { HandMutant } from "../mutant.ts";

const SEMANTICS = "lib/semantics";
const MESSAGE = "lib/message";

export const MEANING_MUTANTS: readonly HandMutant[] = [
  {
    name: "ranges-unbounded",
    rule: "the number of ranges has a limit (RFC 9110 §14.2)",
    where: SEMANTICS,
    find: 'if (specs.length > (options.maxRanges ?? MAX_RANGES)) throw new SemanticsError("bad-range");',
    replace: "",
  },
  {
    name: "suffix-range-longer-than-all",
    rule: "the last N octets are at most all of them (RFC 9110 §14.1.2)",
    where: SEMANTICS,
    find: "const count = Math.min(position(last), length);",
    replace: "const count = position(last);",
  },
  {
    name: "weak-if-match",
    rule: "If-Match compares strongly (RFC 9110 §13.1.1)",
    where: SEMANTICS,
    find: 'name === "if-match" ? "strong" : "weak"',
    replace: '"weak"',
  },
  {
    name: "if-range-within-the-second",
    rule: "a date of this second is no strong validator (RFC 9110 §8.8.2.2)",
    where: SEMANTICS,
    find: "return options.nowMs - modifiedMs >= SECOND_MS;",
    replace: "return true;",
  },
  {
    name: "ranges-for-every-method",
    rule: "ranges are defined for GET alone (RFC 9110 §14.2)",
    where: SEMANTICS,
    find: 'if (method !== "GET" || !header.has("range")) return "whole";',
    replace: 'if (!header.has("range")) return "whole";',
  },
  {
    name: "if-none-match-304-for-put",
    rule: "If-None-Match that fails a PUT is 412, not 304 (RFC 9110 §13.1.2)",
    where: SEMANTICS,
    find: 'return reads ? "not-modified" : "failed";',
    replace: 'return "not-modified";',
  },
  {
    name: "leap-second-at-noon",
    rule: "a second 60 ends a UTC day and nothing else (RFC 9110 §5.6.7)",
    where: SEMANTICS,
    find: "if (second === 60) return hour === 23 && minute === 59;",
    replace: "if (second === 60) return true;",
  },
  {
    name: "february-30",
    rule: "a cookie's date is a day of the calendar (RFC 6265 §5.1.1)",
    where: SEMANTICS,
    find: "return new Date(ms).getUTCDate() === day ? ms : undefined;",
    replace: "return ms;",
  },
  {
    name: "cookies-unbounded",
    rule: "the number of cookies in a message has a limit",
    where: SEMANTICS,
    find: "if (countParts(lines) > (options.maxCookies ?? LIMITS.maxCookies.default)) {",
    replace: "if (countParts(lines) > Infinity) {",
  },
  {
    name: "cookie-attribute-first-wins",
    rule: "of an attribute given twice the last counts (RFC 6265 §5.3)",
    where: SEMANTICS,
    find: "cookie.path = value;",
    replace: "cookie.path ??= value;",
  },
  {
    name: "parts-unbounded",
    rule: "the number of parts of a multipart body has a limit",
    where: SEMANTICS,
    find: 'if (++this.#parts > this.#limits.maxParts) throw new SemanticsError("too-many-parts");',
    replace: "this.#parts++;",
  },
  {
    name: "preamble-unbounded",
    rule: "what comes before the first part has a limit",
    where: SEMANTICS,
    find: "if (this.#preambleBytes > this.#limits.maxPartHeaderBytes) {",
    replace: "if (this.#preambleBytes > Infinity) {",
  },
  {
    name: "truncated-body-is-whole",
    rule: "a body that ends early is an error (RFC 9112 §8)",
    where: MESSAGE,
    find: 'if (this.#reader.ended) throw new WireError("truncated-body", { offset: this.#received });',
    replace: 'if (this.#reader.ended) return this.#end(undefined) as unknown as "need-more";',
  },
  {
    name: "body-reads-into-the-next-message",
    rule: "a body never takes octets of the next message (RFC 9112 §6.3)",
    where: MESSAGE,
    find: "const here = Math.min(this.#reader.buffered, this.#count, max);",
    replace: "const here = Math.min(this.#reader.buffered, this.#count + 1, max);",
  },
  {
    name: "body-in-memory-unbounded",
    rule: "bytes, text and json hold at most maxBodyBytes",
    where: MESSAGE,
    find: "if (total > max) throw this.#tooLarge(max);",
    replace: "",
  },
  {
    name: "framing-trailer-merged",
    rule: "a trailer that may not be one is left out (RFC 9110 §6.5.1)",
    where: MESSAGE,
    find: "if (!isForbiddenTrailer(lowerAscii(name))) this.trailer.add(name, value);",
    replace: "this.trailer.add(name, value);",
  },
  {
    name: "longer-than-declared",
    rule: "no octet goes beyond the declared length (RFC 9112 §6.2)",
    where: MESSAGE,
    find: 'if (framing.kind === "length" && written > framing.length) {',
    replace: 'if (framing.kind === "length" && written > Infinity) {',
  },
  {
    name: "shorter-than-declared",
    rule: "a body shorter than declared is an error (RFC 9112 §6.2)",
    where: MESSAGE,
    find: 'if (framing.kind === "length" && this.written < framing.length) {',
    replace: 'if (framing.kind === "length" && this.written < 0) {',
  },
  {
    name: "trace-with-body",
    rule: "TRACE has no content (RFC 9110 §9.3.8)",
    where: MESSAGE,
    find: 'const WITHOUT_BODY: ReadonlySet<string> = new Set(["CONNECT", "TRACE"]);',
    replace: 'const WITHOUT_BODY: ReadonlySet<string> = new Set(["CONNECT"]);',
  },
  {
    name: "host-wins-over-absolute-target",
    rule: "the authority of an absolute target wins over Host (RFC 9112 §3.2.2)",
    where: MESSAGE,
    find: 'return parsed.kind === "absolute" || parsed.kind === "authority" ? parsed.authority : undefined;',
    replace: "return undefined;",
  },
  {
    name: "own-framing-sent-twice",
    rule: "framing fields in a caller's header are never copied",
    where: MESSAGE,
    find: '\n  "content-length",\n  "transfer-encoding",\n  "trailer",\n];',
    replace: '\n  "content-length",\n  "trailer",\n];',
  },
];

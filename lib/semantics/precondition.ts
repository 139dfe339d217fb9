/**
 * The five preconditions, in the one order that the RFC has for them.
 * RFC 9110 §13.1, §13.2 · Go: fs.go checkPreconditions, checkIfMatch, checkIfRange
 *
 * Rule of this file: fields of a request and the validators of what it selects go in, a verdict comes out;
 * nothing is answered here. Lines of a list field count together (Go looks at the first). Unlike in Go a
 * field that is there but empty is evaluated, and methods that select nothing have no preconditions.
 */
import type { Header } from "../wire/mod.ts";
import { parseDate } from "./date.ts";
import { listHoldsETag, matchesETag } from "./etag.ts";

/** What the server has at hand, as its answer would say. */
export interface Validators {
  /** The value of ETag, quotes included; undefined when there is none. */
  readonly etag: string | undefined;
  /** The instant in Last-Modified in ms since 1970; fractions of a second do not count. */
  readonly lastModifiedMs: number | undefined;
}

/** The request, as far as it has to do with conditions. */
export interface ConditionalRequest {
  readonly method: string;
  readonly header: Header;
}

/**
 * failed: answer 412. not-modified: answer 304. ranges: go on, and Range, which is there, may be followed.
 * whole: go on; a Range field is to be ignored.
 */
export type Verdict = "failed" | "not-modified" | "ranges" | "whole";

export interface EvaluateOptions {
  /** The present in ms since 1970: a date of this very second is no strong validator. */
  readonly nowMs: number;
}

/**
 * Evaluates the preconditions of a request for a representation that exists, which without them would be
 * answered with a 2xx. The steps are those of RFC 9110 §13.2.2. Go: checkPreconditions
 */
export function evaluatePreconditions(
  request: ConditionalRequest,
  current: Validators,
  options: EvaluateOptions,
): Verdict {
  const { method, header } = request;
  if (SELECTING_NOTHING.has(method)) return "whole";
  const reads = method === "GET" || method === "HEAD";
  // 1 and 2
  if (header.has("if-match")) {
    if (!holds(header, "if-match", current)) return "failed";
  } else if (isLater(header, "if-unmodified-since", current, options) === "later") {
    return "failed";
  }
  // 3 and 4
  if (header.has("if-none-match")) {
    if (holds(header, "if-none-match", current)) return reads ? "not-modified" : "failed";
  } else if (reads && isLater(header, "if-modified-since", current, options) === "not-later") {
    return "not-modified";
  }
  // 5: ranges are defined for GET alone, §14.2
  if (method !== "GET" || !header.has("range")) return "whole";
  return header.has("if-range") && !isUnchanged(header, current, options) ? "whole" : "ranges";
}

/** RFC 9110 §13.2.1 */
const SELECTING_NOTHING: ReadonlySet<string> = new Set(["CONNECT", "OPTIONS", "TRACE"]);

/** Is the current entity tag one of those in the field, or any one asked for? */
function holds(header: Header, name: "if-match" | "if-none-match", { etag }: Validators): boolean {
  const list = valueOf(header, name);
  if (list === "*") return true;
  return etag !== undefined && listHoldsETag(list, etag, name === "if-match" ? "strong" : "weak");
}

/** Was it modified after the instant in the field? "unknown" where there is no date to compare. */
function isLater(
  header: Header,
  name: "if-unmodified-since" | "if-modified-since",
  current: Validators,
  options: EvaluateOptions,
): "later" | "not-later" | "unknown" {
  const modifiedMs = wholeSecondsOf(current);
  const sinceMs = parseDate(valueOf(header, name), options);
  if (modifiedMs === undefined || sinceMs === undefined) return "unknown";
  return modifiedMs > sinceMs ? "later" : "not-later";
}

/** Is what the client has a part of just this representation? RFC 9110 §13.1.5 */
function isUnchanged(header: Header, current: Validators, options: EvaluateOptions): boolean {
  const value = valueOf(header, "if-range");
  if (value.slice(0, 3).includes('"')) return matchesETag(value, current.etag ?? "", "strong");
  const modifiedMs = wholeSecondsOf(current);
  if (modifiedMs === undefined || modifiedMs !== parseDate(value, options)) return false;
  // Within the second it may have changed twice, §8.8.2.2.
  return options.nowMs - modifiedMs >= SECOND_MS;
}

const SECOND_MS = 1000;

function wholeSecondsOf({ lastModifiedMs }: Validators): number | undefined {
  if (lastModifiedMs === undefined) return undefined;
  return Math.floor(lastModifiedMs / SECOND_MS) * SECOND_MS;
}

/** All lines of the field as one value; empty without any. */
function valueOf(header: Header, name: string): string {
  return header.values(name).join(", ");
}

/**
 * Queries and urlencoded forms: `name=value&name=value`.
 * WHATWG URL §5.1, RFC 3986 §3.4 · Go: url.ParseQuery
 *
 * Rule of this file: pairs that are well formed are kept, the first one that is not is told; who refuses
 * the whole because of it is the caller's affair.
 */
import { encodeLatin1 } from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";
import { decodeUtf8, percentDecode } from "./utf8-text.ts";

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status: number;
}

export const QUERY_LIMITS = {
  /**
   * Each pair costs some hundred bytes of memory however short it is, so that 10 MiB of `a&a&…` would become
   * a gigabyte. Go's bound.
   */
  maxQueryPairs: { default: 10_000, unit: "pairs", status: 400 },
} as const;

/** What came of a query. */
export interface ParsedQuery {
  /** The good pairs in their order, as text. Empty when there were too many. */
  readonly values: URLSearchParams;
  /** What was wrong with the first bad pair, or with the number of them. Go: the error of ParseQuery */
  readonly error: SemanticsError | undefined;
}

export interface ParseQueryOptions {
  /** Pairs allowed. Default 10,000. */
  readonly maxQueryPairs?: number | undefined;
}

/**
 * Takes a query (without its "?") or the content of an urlencoded form apart. "+" is a blank, octets are
 * UTF-8 after their percent-codings are resolved, broken sequences become U+FFFD. A pair without "=" has
 * the empty value; empty pairs are passed over.
 *
 * A pair is left out, and its error told, when it holds a ";" (`query-semicolon`: some take it for "&",
 * and two readers who disagree can be played off against each other), and when a "%" is not followed by
 * two hexadecimal digits or a char is no octet (`bad-query-escape`). Beyond `maxQueryPairs` there are no
 * values at all (`too-many-query-pairs`). Never throws. Go: url.ParseQuery
 */
export function parseQuery(text: string, options: ParseQueryOptions = {}): ParsedQuery {
  const max = options.maxQueryPairs ?? LIMITS.maxQueryPairs.default;
  const values = new URLSearchParams();
  let error: SemanticsError | undefined;
  let pairs = 0;
  for (let start = 0; start < text.length; ) {
    const mark = text.indexOf("&", start);
    const end = mark < 0 ? text.length : mark;
    const pair = text.slice(start, end);
    start = end + 1;
    if (pair === "") continue;
    if (++pairs > max) return tooMany();
    if (pair.includes(";")) {
      error ??= new SemanticsError("query-semicolon");
      continue;
    }
    const equals = pair.indexOf("=");
    const name = unescaped(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : unescaped(pair.slice(equals + 1));
    if (name === undefined || value === undefined) error ??= new SemanticsError("bad-query-escape");
    else values.append(name, value);
  }
  return { values, error };
}

const LIMITS: Readonly<Record<"maxQueryPairs", LimitEntry>> = QUERY_LIMITS;

function tooMany(): ParsedQuery {
  return { values: new URLSearchParams(), error: new SemanticsError("too-many-query-pairs") };
}

const PLUS = 0x2b;

/** The text of a name or a value; undefined when it is malformed. */
function unescaped(text: string): string | undefined {
  let plain = true;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char > 0xff) return undefined;
    if (char > 0x7f || char === PLUS || char === 0x25) plain = false;
  }
  if (plain) return text;
  const octets = encodeLatin1(text);
  const length = percentDecode(octets, PLUS);
  return length === undefined ? undefined : decodeUtf8(octets.subarray(0, length));
}

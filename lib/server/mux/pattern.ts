/**
 * Patterns: their text, parsed into method, host and segments.
 * Go: pattern.go parsePattern
 *
 * Rule of this file: text in, a Pattern or an error with its offset out. The text is translated once, so
 * that whoever compares and matches sees four kinds of segments and no syntax:
 *
 *   GET example.com/items/{id}/{rest...}     literal "items" · wild "id" · rest "rest"
 *   /items/                                  literal "items" · rest ""      all that lies below
 *   /items/{$}                               literal "items" · end          the path with its slash only
 */
import { isToken, lowerAscii } from "../../wire/mod.ts";
import { cleanPath } from "./clean-path.ts";
import { MuxError } from "./errors.ts";
import { unescapeLiteral } from "./escape.ts";

/** What a pattern wants at one place of a path. */
export type Segment =
  /** This text, compared with the decoded segment. */
  | { readonly kind: "literal"; readonly text: string }
  /** Any one segment: `{name}`. */
  | { readonly kind: "wild"; readonly name: string }
  /** All that is left, a lone slash included: `{name...}`, or a trailing slash, which has no name. Last. */
  | { readonly kind: "rest"; readonly name: string }
  /** The slash that ends the path: `{$}`. Last. */
  | { readonly kind: "end" };

/** A parsed pattern. */
export interface Pattern {
  /** As it was written. */
  readonly text: string;
  /** Undefined: any method. */
  readonly method: string | undefined;
  /** In lower case (RFC 9110 §4.2.3), with its port if one was written. Undefined: any host. */
  readonly host: string | undefined;
  /** At least one. */
  readonly segments: readonly Segment[];
  /** The names of the wildcards, in their order. */
  readonly names: readonly string[];
}

/**
 * Parses `[METHOD ][HOST]/[PATH]`. Method and host are set apart by blanks or tabs. Names of wildcards are
 * letters, digits and "_", not beginning with a digit, and differ within a pattern. Percent-encodings in
 * literals are resolved: "/%61" and "/a" are the same.
 *
 * Throws MuxError "bad-pattern". Go: parsePattern, whose words the message uses
 */
export function parsePattern(text: string): Pattern {
  if (text === "") throw new MuxError("bad-pattern", { pattern: text, evidence: "empty pattern" });
  const { method, start } = methodOf(text);
  const slash = text.indexOf("/", start);
  if (slash < 0) throw fault(text, start, "host/path missing /");
  const host = text.slice(start, slash);
  const brace = host.indexOf("{");
  if (brace >= 0) throw fault(text, start + brace, "host contains '{' (missing initial '/'?)");
  const path = text.slice(slash);
  // Paths are cleaned before they are matched, but for CONNECT.
  if (method !== undefined && method !== "CONNECT" && path !== cleanPath(path)) {
    throw fault(text, slash, "non-CONNECT pattern with unclean path can never match");
  }
  const segments: Segment[] = [];
  const names: string[] = [];
  for (let at = slash; at < text.length; ) {
    const next = text.indexOf("/", at + 1);
    const end = next < 0 ? text.length : next;
    const segment = segmentOf(text, at + 1, end);
    if ("name" in segment && segment.name !== "") {
      if (names.includes(segment.name)) {
        throw fault(text, at + 1, `duplicate wildcard name ${JSON.stringify(segment.name)}`);
      }
      names.push(segment.name);
    }
    segments.push(segment);
    at = end;
  }
  return { text, method, host: host === "" ? undefined : lowerAscii(host), segments, names };
}

/** Does the pattern match all that lies below some path? */
export function endsInRest(pattern: Pattern): boolean {
  return pattern.segments.at(-1)?.kind === "rest";
}

/** A name as Go and JavaScript have them, without "$". */
const WILDCARD_NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** The method, and where what follows it begins. */
function methodOf(text: string): { method: string | undefined; start: number } {
  const blank = text.search(/[ \t]/);
  if (blank < 0) return { method: undefined, start: 0 };
  const method = text.slice(0, blank);
  if (method !== "" && !isToken(method)) {
    throw fault(text, 0, `invalid method ${JSON.stringify(method)}`);
  }
  let start = blank;
  while (text.charAt(start) === " " || text.charAt(start) === "\t") start++;
  return { method: method === "" ? undefined : method, start };
}

/** The segment of the text from `start` to `end`, its slash not included. */
function segmentOf(text: string, start: number, end: number): Segment {
  const source = text.slice(start, end);
  const last = end === text.length;
  if (source === "" && last) return { kind: "rest", name: "" };
  const brace = source.indexOf("{");
  if (brace < 0) return { kind: "literal", text: unescapeLiteral(source) };
  if (brace > 0) throw fault(text, start, "bad wildcard segment (must start with '{')");
  if (!source.endsWith("}")) throw fault(text, start, "bad wildcard segment (must end with '}')");
  const inner = source.slice(1, -1);
  if (inner === "$") {
    if (!last) throw fault(text, start, "{$} not at end");
    return { kind: "end" };
  }
  const kind = inner.endsWith("...") ? "rest" : "wild";
  if (kind === "rest" && !last) throw fault(text, start, "{...} wildcard not at end");
  const name = kind === "rest" ? inner.slice(0, -"...".length) : inner;
  if (name === "") throw fault(text, start, "empty wildcard");
  if (!WILDCARD_NAME.test(name)) {
    throw fault(text, start, `bad wildcard name ${JSON.stringify(name)}`);
  }
  return { kind, name };
}

function fault(pattern: string, offset: number, words: string): MuxError {
  const evidence = `parsing ${JSON.stringify(pattern)}: at offset ${offset}: ${words}`;
  return new MuxError("bad-pattern", { pattern, offset, evidence });
}

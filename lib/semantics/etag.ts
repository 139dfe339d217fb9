/**
 * Entity tags: read, written and compared.
 * RFC 9110 §8.8.3 · Go: fs.go scanETag, etagStrongMatch, etagWeakMatch
 *
 * Rule of this file: the grammar to the letter (`w/` is no weakness mark, a blank ends a tag) and the two
 * comparisons; what follows from a match is in precondition.ts.
 */
import { charClass, trimOws } from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";

/** An entity tag, taken apart. */
export interface ETag {
  /** strong: the same octets. weak: as good as the same, written `W/"…"`. */
  readonly strength: "strong" | "weak";
  /** What stands between the quotes; may be empty. */
  readonly opaque: string;
}

/**
 * strong: both tags are strong and equal, for If-Match and If-Range. weak: equal, the mark aside, for
 * If-None-Match. RFC 9110 §8.8.3.2
 */
export type ETagComparison = "strong" | "weak";

/** Reads one entity tag; undefined when the text is anything else. RFC 9110 §8.8.3 */
export function parseETag(text: string): ETag | undefined {
  if (tagEnd(text, 0) !== text.length) return undefined;
  const strength = text.startsWith(WEAK) ? "weak" : "strong";
  return { strength, opaque: text.slice(strength === "weak" ? 3 : 1, -1) };
}

/**
 * Writes an entity tag: `"opaque"`, or `W/"opaque"` for a weak one.
 *
 * @throws {SemanticsError} `bad-etag` for a control character, a blank, a quote or a char above U+00FF
 */
export function formatETag({ strength, opaque }: ETag): string {
  const text = strength === "weak" ? `${WEAK}"${opaque}"` : `"${opaque}"`;
  if (tagEnd(text, 0) !== text.length) throw new SemanticsError("bad-etag");
  return text;
}

/**
 * The entity tag at the start of a list, blanks before it skipped, and what follows it; undefined when the
 * list does not begin with one. Go: scanETag
 */
export function scanETag(
  list: string,
): { readonly etag: string; readonly rest: string } | undefined {
  const text = trimOws(list);
  const end = tagEnd(text, 0);
  return end === undefined ? undefined : { etag: text.slice(0, end), rest: text.slice(end) };
}

/** Do two entity tags, as they stand in their fields, match? A text that is no tag matches nothing. */
export function matchesETag(one: string, other: string, comparison: ETagComparison): boolean {
  const [a, b] = [parseETag(one), parseETag(other)];
  if (a === undefined || b === undefined || a.opaque !== b.opaque) return false;
  return comparison === "weak" || (a.strength === "strong" && b.strength === "strong");
}

/**
 * Does a list of entity tags hold one that matches? Reading stops at the first element that is no tag, as in
 * Go: what stands before it counts.
 */
export function listHoldsETag(list: string, etag: string, comparison: ETagComparison): boolean {
  let at = 0;
  for (;;) {
    while (isBetween(list.charCodeAt(at))) at++;
    const end = tagEnd(list, at);
    if (end === undefined) return false;
    if (matchesETag(list.slice(at, end), etag, comparison)) return true;
    at = end;
  }
}

const WEAK = "W/";
const QUOTE = 0x22;

/** 1 for what may stand between the quotes: visible ASCII but the quote, and obs-text. */
const ETAGC: Uint8Array = charClass(/[!#-~\x80-\xff]/);

/** Where the tag that begins at `start` ends; undefined when none does begin there. */
function tagEnd(text: string, start: number): number | undefined {
  let at = text.startsWith(WEAK, start) ? start + WEAK.length : start;
  if (text.charCodeAt(at) !== QUOTE) return undefined;
  at++;
  while (ETAGC[text.charCodeAt(at)] === 1) at++;
  return text.charCodeAt(at) === QUOTE ? at + 1 : undefined;
}

/** Comma, SP, HTAB: what separates the elements of a list. */
function isBetween(char: number): boolean {
  return char === 0x2c || char === 0x20 || char === 0x09;
}

/**
 * How lenient peers read: one switch for each habit in which readers differ, and profiles made of them.
 * RFC 9112 §2.2, §6.3, §7.1, §11.2 · history: the desync research since 2005, CVE-2022-32213 to 32215,
 * CVE-2023-30589, CVE-2024-27982, CVE-2025-22871
 *
 * Rule of this file: data. What a switch does is cut.ts; a profile departs from RECOMMENDED in what it is named
 * for and in nothing else, but for the ones that carry the name of a program.
 */

/** The habits of one reader. */
export interface LenientSwitches {
  /** What ends a line: CRLF alone, a bare LF too, or a bare CR as well. */
  readonly lineEnd: "crlf" | "lf" | "cr-or-lf";
  /** Several Content-Length lines that differ. */
  readonly lengths: "refuse" | "first" | "last";
  /** A Content-Length that is not digits alone ("5,5", "5abc", "+5"): refused, or read as far as it goes. */
  readonly lengthDigits: "all" | "prefix";
  /** Transfer-Encoding together with Content-Length: refused, or which of them wins. */
  readonly both: "refuse" | "transfer-encoding" | "content-length";
  /** Which Transfer-Encoding means chunked: that alone, whatever holds the word, or none. */
  readonly coding: "chunked" | "contains-chunked" | "ignored";
  /** Transfer-Encoding in an HTTP/1.0 message: refused, obeyed, or passed over. */
  readonly oldCoding: "refuse" | "obey" | "ignore";
  /** A blank before the colon: refused, dropped, or taken for a part of the name, so that the field is unknown. */
  readonly blankBeforeColon: "refuse" | "drop" | "part-of-name";
  /** A line that begins with a blank: refused, joined to the value before, or dropped. */
  readonly fold: "refuse" | "join" | "drop";
  /** What may follow the digits of a chunk size: nothing but ";", blanks too, or anything. */
  readonly chunkSize: "digits" | "blanks" | "prefix";
  /** Where a chunk extension ends: as every line does, or not before CRLF, whatever else is in it. */
  readonly chunkExtension: "line" | "to-crlf";
  /** What ends chunk data: a line end, a line end or nothing, or two octets that nobody looks at. */
  readonly chunkEnd: "line" | "optional" | "two-octets";
}

/** A reader that takes only what all readers take in the same way. */
export const RECOMMENDED: LenientSwitches = Object.freeze({
  lineEnd: "crlf",
  lengths: "refuse",
  lengthDigits: "all",
  both: "refuse",
  coding: "chunked",
  oldCoding: "refuse",
  blankBeforeColon: "refuse",
  fold: "refuse",
  chunkSize: "digits",
  chunkExtension: "line",
  chunkEnd: "line",
} as const);

/** A way to read that is met in the wild. */
export interface LenientProfile {
  /** One sentence: what such a reader does. */
  readonly about: string;
  readonly switches: LenientSwitches;
}

/** Their names. */
export type LenientName =
  | "lf-tolerant"
  | "cr-tolerant"
  | "first-content-length-wins"
  | "last-content-length-wins"
  | "content-length-prefix"
  | "te-over-cl"
  | "cl-over-te"
  | "te-ignored"
  | "te-contains-chunked"
  | "blank-before-colon-dropped"
  | "blank-before-colon-kept"
  | "fold-joined"
  | "fold-dropped"
  | "chunk-size-prefix"
  | "extension-to-crlf"
  | "chunk-end-unchecked"
  | "llhttp-lenient";

/** The profiles by name. */
export const LENIENT_PROFILES: Readonly<Record<LenientName, LenientProfile>> = {
  "lf-tolerant": profile("takes a bare LF as the end of a line, in heads and in chunks", {
    lineEnd: "lf",
  }),
  "cr-tolerant": profile("takes a bare CR as the end of a line as well", { lineEnd: "cr-or-lf" }),
  "first-content-length-wins": profile("of several Content-Length lines the first counts", {
    lengths: "first",
  }),
  "last-content-length-wins": profile("of several Content-Length lines the last counts", {
    lengths: "last",
  }),
  "content-length-prefix": profile("reads a Content-Length as far as it is a number", {
    lengthDigits: "prefix",
  }),
  "te-over-cl": profile("with both fields Transfer-Encoding wins", {
    both: "transfer-encoding",
    oldCoding: "obey",
  }),
  "cl-over-te": profile("with both fields Content-Length wins", {
    both: "content-length",
    oldCoding: "ignore",
  }),
  "te-ignored": profile("knows no Transfer-Encoding at all", {
    coding: "ignored",
    both: "content-length",
    oldCoding: "ignore",
  }),
  "te-contains-chunked": profile("takes every Transfer-Encoding with the word chunked in it", {
    coding: "contains-chunked",
    both: "transfer-encoding",
  }),
  "blank-before-colon-dropped": profile("drops a blank between field name and colon", {
    blankBeforeColon: "drop",
  }),
  "blank-before-colon-kept": profile("takes such a blank for a part of the name", {
    blankBeforeColon: "part-of-name",
  }),
  "fold-joined": profile("joins a folded line to the value before", { fold: "join" }),
  "fold-dropped": profile("drops a folded line", { fold: "drop" }),
  "chunk-size-prefix": profile("reads a chunk size as far as it is a number", {
    chunkSize: "prefix",
  }),
  "extension-to-crlf": profile("looks for CRLF behind a chunk extension, past any LF", {
    chunkExtension: "to-crlf",
  }),
  "chunk-end-unchecked": profile("steps over two octets behind chunk data, whatever they are", {
    chunkEnd: "two-octets",
  }),
  "llhttp-lenient": profile(
    "llhttp with all its lenient flags, as --insecure-http-parser sets them",
    {
      lineEnd: "cr-or-lf",
      both: "transfer-encoding",
      oldCoding: "obey",
      fold: "join",
      chunkSize: "blanks",
      chunkEnd: "optional",
    },
  ),
};

/** All names, in the order of the table. */
export const LENIENT_NAMES: readonly LenientName[] = Object.keys(LENIENT_PROFILES) as LenientName[];

/** Is it the name of a profile? */
export function isLenientName(text: string): text is LenientName {
  return Object.hasOwn(LENIENT_PROFILES, text);
}

function profile(about: string, changes: Partial<LenientSwitches>): LenientProfile {
  return { about, switches: Object.freeze({ ...RECOMMENDED, ...changes }) };
}

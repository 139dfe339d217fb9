/**
 * What can be wrong with a registration at a ServeMux.
 * Go: server.go registerErr, pattern.go parsePattern
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it. All of these are
 * mistakes of the program and thrown where it registers; no request can cause one.
 */

interface MuxErrorEntry {
  readonly text: string;
}

export const MUX_ERRORS = {
  /**
   * A pattern is `[METHOD ][HOST]/[PATH]`; a segment of its path is a literal, `{name}`, or, at the end,
   * `{name...}` or `{$}`. The message says what is wrong and `offset` where, as an index into the pattern.
   */
  "bad-pattern": { text: "this is not a pattern" },
  /**
   * Some request matches both patterns and neither is more specific, so that the order of registration would
   * have to decide. The message names both, says where each was registered, and gives example paths. Make one
   * of them more specific, or register the path that both match.
   */
  "pattern-conflict": { text: "neither of two patterns takes precedence" },
  /**
   * What was registered cannot answer a request. Most often a variable was not set yet, or a handler was
   * called instead of being handed over.
   */
  "no-handler": { text: "nil handler: it is neither a function nor an object with serveHTTP" },
} as const;

export type MuxCode = keyof typeof MUX_ERRORS;

const ENTRIES: Readonly<Record<MuxCode, MuxErrorEntry>> = MUX_ERRORS;

/** A pattern or a handler that cannot be registered. */
export class MuxError extends Error {
  override readonly name: string = "MuxError";
  readonly code: MuxCode;
  /** The pattern as it was handed in. */
  readonly pattern: string;
  /** Where in the pattern the fault is, in UTF-16 units; undefined where it has no place. */
  readonly offset: number | undefined;

  constructor(
    code: MuxCode,
    about: { readonly pattern: string; readonly evidence?: string; readonly offset?: number },
  ) {
    const { text } = ENTRIES[code];
    super(about.evidence === undefined ? text : `${text}: ${about.evidence}`);
    this.code = code;
    this.pattern = about.pattern;
    this.offset = about.offset;
  }
}

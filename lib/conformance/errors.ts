/**
 * What can go wrong with the tester itself; what is wrong with a peer is a verdict.
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it.
 */

interface ConformanceErrorEntry {
  readonly text: string;
}

export const CONFORMANCE_ERRORS = {
  /**
   * The first connection of a run failed, so no case was run. The cause says why: nobody listens there, the
   * name does not resolve, or the TLS handshake failed.
   */
  "peer-unreachable": { text: "the server under test cannot be reached" },
  /**
   * Every case needs a server that answers a plain `GET /`; without that no verdict means anything. Name the
   * right host with `authority` where the server tells hosts apart.
   */
  "peer-unfit": { text: "the server under test does not answer GET / with 2xx or 3xx" },
  /**
   * It is JSON: `{"schema": 1, "known": [{"id": "9112-3.2-06", "reason": "why it is accepted"}]}`. Each entry
   * has an id of a case, or the beginning of one with `*` behind it, and a reason that is not empty.
   */
  "bad-expectations": { text: "the expectations file is not in the form it should have" },
  /**
   * A baseline is a report written by an earlier run as JSON; its `schema` must be the number that this
   * version writes.
   */
  "bad-report": { text: "the file is no report of this tester, or one of another schema" },
} as const;

export type ConformanceCode = keyof typeof CONFORMANCE_ERRORS;

const ENTRIES: Readonly<Record<ConformanceCode, ConformanceErrorEntry>> = CONFORMANCE_ERRORS;

/** The tester cannot do its work. */
export class ConformanceError extends Error {
  override readonly name: string = "ConformanceError";
  readonly code: ConformanceCode;

  constructor(code: ConformanceCode, detail: string, options: { readonly cause?: unknown } = {}) {
    super(`${ENTRIES[code].text}: ${detail}`, options);
    this.code = code;
  }
}

/**
 * The errors of the testing tools: how a script or an exchange failed.
 * Go: none
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it.
 */

interface TestingErrorEntry {
  readonly text: string;
}

export const TESTING_ERRORS = {
  /**
   * A byte script expected certain bytes and the peer sent others, or ended before all had come. The message
   * shows both, escaped, with the first difference marked.
   */
  "bytes-differ": { text: "other bytes came than were expected" },
  /** What a test waited for did not come within its deadline. The message shows what came until then. */
  "bytes-missing": { text: "not all came that was waited for" },
  /** A byte script or a client expected the peer to end, to reset, or to stay, and it did something else. */
  "end-differs": { text: "the connection did not end as expected" },
  /** The request given to `record` cannot be sent: its target or its host is malformed. `cause` says how. */
  "request-refused": { text: "the server refused the test request" },
} as const;

export type TestingCode = keyof typeof TESTING_ERRORS;

const ENTRIES: Readonly<Record<TestingCode, TestingErrorEntry>> = TESTING_ERRORS;

/** A test that did not see what it expected. */
export class TestingError extends Error {
  override readonly name: string = "TestingError";
  readonly code: TestingCode;

  constructor(code: TestingCode, options: { evidence?: string; cause?: unknown } = {}) {
    const { text } = ENTRIES[code];
    const cause = options.cause === undefined ? undefined : { cause: options.cause };
    super(options.evidence === undefined ? text : `${text}: ${options.evidence}`, cause);
    this.code = code;
  }
}

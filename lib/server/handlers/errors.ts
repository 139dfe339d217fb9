/**
 * What can be wrong with how the helpers of a handler are used, or with what a client sent them.
 * RFC 9110 §15.5.16 · Go: http.MaxBytesError, CrossOriginProtection.AddTrustedOrigin
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it. Entries with a status
 * are the client's fault: a handler that lets them through answers with it.
 */

interface HandlerErrorEntry {
  /** The status a server answers with when a handler lets the error through. */
  readonly status?: number;
  readonly text: string;
}

export const HANDLER_ERRORS = {
  /**
   * Thrown while the program sets up its handlers, never by a request. The message names the option and what
   * it may be.
   */
  "bad-helper-option": { text: "a helper was given an option that it cannot use" },
  /**
   * Origins are compared letter by letter with what browsers send: a scheme, `://`, a host and perhaps a
   * port, without a path, not even `/`.
   */
  "bad-trusted-origin": {
    text: "this is no origin: it must be scheme://host or scheme://host:port",
  },
  /**
   * `trust` of `realIp` takes IP addresses, blocks such as `10.0.0.0/8` and `fd00::/8`, and the names
   * `loopback`, `link-local`, `private` and `unix`.
   */
  "bad-trust-list": { text: "this is no address, no CIDR block and no name of one" },
  /**
   * `readJson` takes `application/json`, `text/json` and types that end in `+json`, in UTF-8. Pages of other
   * sites can send any other type without asking, so that the check also keeps forged requests out. Give
   * `{contentType: "any"}` to take whatever comes.
   */
  "not-json-type": { status: 415, text: "the body is not declared as JSON" },
  /**
   * `writeJson` was given undefined, a function or a symbol: JSON has nothing for these. Nothing was written.
   * (A BigInt or a circular object throws what JSON.stringify throws.)
   */
  "not-a-json-value": { text: "the value has no JSON form" },
  /**
   * Fields of an event stream end with their line: a line end in `event` or `id` would begin another field.
   * `data` may have any number of lines. `retry` is a whole number of milliseconds.
   */
  "bad-event": { text: "an event's name or id may not hold line ends, nor its id NUL" },
  /**
   * `timeoutHandler` keeps the whole answer until it is complete. Give it a larger `maxBytes`, or serve large
   * answers outside of it: the server's own `handlerTimeout` needs no memory.
   */
  "answer-too-large": { text: "the answer is larger than timeoutHandler keeps" },
} as const;

export type HandlerCode = keyof typeof HANDLER_ERRORS;

const ENTRIES: Readonly<Record<HandlerCode, HandlerErrorEntry>> = HANDLER_ERRORS;

/** A misuse of a helper, or a request that a helper refuses. */
export class HandlerError extends Error {
  override readonly name: string = "HandlerError";
  readonly code: HandlerCode;
  /** The status a server answers with when a handler lets this error through; undefined for 500. */
  readonly status: number | undefined;

  /** `evidence` ends the sentence; never a body, a credential or a field value of a request. */
  constructor(code: HandlerCode, evidence?: string) {
    const { text, status } = ENTRIES[code];
    super(evidence === undefined ? text : `${text}: ${evidence}`);
    this.code = code;
    this.status = status;
  }
}

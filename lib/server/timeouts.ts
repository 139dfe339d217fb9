/**
 * Every wait of the server: how long, from when, until when, and what happens then.
 * RFC 9110 §15.5.9; RFC 9112 §9.5 · Go: Server.ReadHeaderTimeout, IdleTimeout, WriteTimeout
 *
 * Rule of this file: a table and nothing else; docs/timeouts.md is generated from it. A server is its
 * timeouts: Go's default is none, which leaves every connection to the slowest peer.
 */

interface TimeoutEntry {
  /** ms */
  readonly default: number;
}

export const SERVER_TIMEOUTS = {
  /**
   * A handshake takes two round trips; ten seconds cover the slowest radio link.
   * @from the connection is accepted
   * @until the TLS handshake is complete
   * @outcome closed without a word
   */
  tlsHandshakeTimeout: { default: 10_000 },
  /**
   * Against slow heads (slowloris); nginx and Node use the same minute.
   * @from the connection starts, or the first byte of a later request comes
   * @until the head is complete (absolute: not extended by slow bytes)
   * @outcome 408 and closed; closed without a word when no byte had come
   */
  readHeaderTimeout: { default: 60_000 },
  /**
   * nginx's keep-alive time: longer than the client's usual 60 s, so that the client closes first.
   * @from an answer has gone out
   * @until the first byte of the next request
   * @outcome closed without a word
   */
  idleTimeout: { default: 75_000 },
  /**
   * Progress, not duration: a large upload may take hours, a silent one may not.
   * @from a read of the body waits
   * @until a byte comes
   * @outcome the read rejects with body-timeout; 408 when no answer has begun; closed after the answer
   */
  readTimeout: { default: 60_000 },
  /**
   * Progress, not duration, unlike Go's WriteTimeout, which also counts the handler's own time.
   * @from bytes wait for the client to take them
   * @until the client takes some
   * @outcome the connection is cut, writes reject with write-timeout
   */
  writeTimeout: { default: 60_000 },
  /**
   * A handler that hangs must not hold its connection for ever; streams that have begun may go on.
   * @from the handler is called
   * @until the head of its answer is out
   * @outcome 503, r.signal aborts with handler-timeout
   */
  handlerTimeout: { default: 300_000 },
  /**
   * Reading a small rest saves the connection; waiting for a slow one does not.
   * @from an answer is complete and the request's body was not read to its end
   * @until the rest of the body has come
   * @outcome closed
   */
  drainTimeout: { default: 5_000 },
  /**
   * Closing at once would send a reset, which can destroy the answer before the client has read it.
   * @from our side was closed after a refusal or an unread body
   * @until the client closes its side
   * @outcome closed
   */
  lingerTimeout: { default: 2_000 },
} as const;

/** One number of ms for each wait of the server; Infinity switches it off. See SERVER_TIMEOUTS. */
export type ServerTimeouts = { readonly [name in keyof typeof SERVER_TIMEOUTS]: number };

const ENTRIES: Readonly<Record<keyof ServerTimeouts, TimeoutEntry>> = SERVER_TIMEOUTS;

export const DEFAULT_TIMEOUTS: ServerTimeouts = Object.freeze(
  Object.fromEntries(
    Object.entries(ENTRIES).map(([name, entry]) => [name, entry.default] as const),
  ) as ServerTimeouts,
);

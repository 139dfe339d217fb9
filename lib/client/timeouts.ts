/**
 * Every wait of the client: how long, from when, until when, and what happens then.
 * Go: http.Client.Timeout, http.Transport's timeouts
 *
 * Rule of this file: a table and nothing else; docs/timeouts.md is generated from it. Go leaves most of them
 * off, which leaves every call to the slowest server.
 */

interface TimeoutEntry {
  /** ms */
  readonly default: number;
}

/** The timeouts of a Transport by name. */
export type TransportTimeoutName =
  | "connectTimeout"
  | "tlsHandshakeTimeout"
  | "poolTimeout"
  | "expectContinueTimeout"
  | "writeTimeout"
  | "responseHeaderTimeout"
  | "bodyIdleTimeout"
  | "idleConnTimeout"
  | "maxConnAge"
  | "drainTimeout"
  | "lateWriteTimeout"
  | "probeTimeout";

export const TRANSPORT_TIMEOUTS: Readonly<Record<TransportTimeoutName, TimeoutEntry>> = {
  /**
   * Go's. A TCP handshake that takes longer than three retransmissions rarely succeeds.
   * @from a connection is dialled
   * @until it stands, its name resolved; TLS and a proxy's answer have times of their own
   * @outcome connect-timed-out
   */
  connectTimeout: { default: 30_000 },
  /**
   * Go's. A handshake takes two round trips.
   * @from the connection stands
   * @until the TLS handshake is complete
   * @outcome tls-handshake-timed-out
   */
  tlsHandshakeTimeout: { default: 10_000 },
  /**
   * Only unread bodies and very slow servers hold connections so long.
   * @from a request begins to wait because all connections are busy
   * @until one is free for it
   * @outcome pool-timed-out
   */
  poolTimeout: { default: 300_000 },
  /**
   * Go's. RFC 9110 §10.1.1 forbids waiting for ever: older servers ignore the field.
   * @from a head with Expect: 100-continue is written
   * @until 100 Continue or a final response comes
   * @outcome the body is sent without it
   */
  expectContinueTimeout: { default: 1_000 },
  /**
   * Progress, not duration: a large upload may take hours, a stuck one may not.
   * @from octets wait for the server to take them
   * @until the server takes some
   * @outcome send-timed-out
   */
  writeTimeout: { default: 60_000 },
  /**
   * A minute is longer than proxies wait for servers. Interim responses do not extend it.
   * @from the last octet of the request is written
   * @until the head of the final response is complete
   * @outcome response-header-timed-out; never repeated by itself
   */
  responseHeaderTimeout: { default: 60_000 },
  /**
   * Go has only a limit for the whole call, which a large download must not have.
   * @from somebody waits for more of a response's body
   * @until an octet comes
   * @outcome body-timed-out
   */
  bodyIdleTimeout: { default: 60_000 },
  /**
   * Go's. A server's Keep-Alive: timeout shortens it, with a second to spare.
   * @from a connection becomes idle
   * @until it is used again
   * @outcome closed without a word
   */
  idleConnTimeout: { default: 90_000 },
  /**
   * Ten minutes: connections in steady use would otherwise outlive every change of DNS.
   * @from a connection stands
   * @until a request on it ends after that age
   * @outcome closed instead of kept, so that a changed address is noticed
   */
  maxConnAge: { default: 600_000 },
  /**
   * Go 1.27's. A new connection costs about so much.
   * @from a body is cancelled
   * @until its rest, at most maxDrainBytes, has come
   * @outcome the connection is closed instead of kept
   */
  drainTimeout: { default: 50 },
  /**
   * Go's. A server that answers early rarely reads the rest.
   * @from a response has ended before its request was written
   * @until the request is written
   * @outcome the connection is closed instead of kept
   */
  lateWriteTimeout: { default: 50 },
  /**
   * Go's. Servers are surprised by an empty chunked body where there should be none.
   * @from a GET, HEAD, DELETE or OPTIONS with a body of unknown length begins
   * @until its first octet or its end is known
   * @outcome sent chunked
   */
  probeTimeout: { default: 200 },
};

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
  readonly from: string;
  readonly until: string;
  readonly outcome: string;
  readonly reason: string;
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
  connectTimeout: {
    default: 30_000,
    from: "a connection is dialled",
    until: "it stands, its name resolved; TLS and a proxy's answer have times of their own",
    outcome: "connect-timed-out",
    reason: "Go's. A TCP handshake that takes longer than three retransmissions rarely succeeds.",
  },
  tlsHandshakeTimeout: {
    default: 10_000,
    from: "the connection stands",
    until: "the TLS handshake is complete",
    outcome: "tls-handshake-timed-out",
    reason: "Go's. A handshake takes two round trips.",
  },
  poolTimeout: {
    default: 300_000,
    from: "a request begins to wait because all connections are busy",
    until: "one is free for it",
    outcome: "pool-timed-out",
    reason: "Only unread bodies and very slow servers hold connections so long.",
  },
  expectContinueTimeout: {
    default: 1_000,
    from: "a head with Expect: 100-continue is written",
    until: "100 Continue or a final response comes",
    outcome: "the body is sent without it",
    reason: "Go's. RFC 9110 §10.1.1 forbids waiting for ever: older servers ignore the field.",
  },
  writeTimeout: {
    default: 60_000,
    from: "octets wait for the server to take them",
    until: "the server takes some",
    outcome: "send-timed-out",
    reason: "Progress, not duration: a large upload may take hours, a stuck one may not.",
  },
  responseHeaderTimeout: {
    default: 60_000,
    from: "the last octet of the request is written",
    until: "the head of the final response is complete",
    outcome: "response-header-timed-out; never repeated by itself",
    reason: "A minute is longer than proxies wait for servers. Interim responses do not extend it.",
  },
  bodyIdleTimeout: {
    default: 60_000,
    from: "somebody waits for more of a response's body",
    until: "an octet comes",
    outcome: "body-timed-out",
    reason: "Go has only a limit for the whole call, which a large download must not have.",
  },
  idleConnTimeout: {
    default: 90_000,
    from: "a connection becomes idle",
    until: "it is used again",
    outcome: "closed without a word",
    reason: "Go's. A server's Keep-Alive: timeout shortens it, with a second to spare.",
  },
  maxConnAge: {
    default: 600_000,
    from: "a connection stands",
    until: "a request on it ends after that age",
    outcome: "closed instead of kept, so that a changed address is noticed",
    reason: "Ten minutes: connections in steady use would otherwise outlive every change of DNS.",
  },
  drainTimeout: {
    default: 50,
    from: "a body is cancelled",
    until: "its rest, at most maxDrainBytes, has come",
    outcome: "the connection is closed instead of kept",
    reason: "Go 1.27's. A new connection costs about so much.",
  },
  lateWriteTimeout: {
    default: 50,
    from: "a response has ended before its request was written",
    until: "the request is written",
    outcome: "the connection is closed instead of kept",
    reason: "Go's. A server that answers early rarely reads the rest.",
  },
  probeTimeout: {
    default: 200,
    from: "a GET, HEAD, DELETE or OPTIONS with a body of unknown length begins",
    until: "its first octet or its end is known",
    outcome: "sent chunked",
    reason: "Go's. Servers are surprised by an empty chunked body where there should be none.",
  },
};

/**
 * Every limit of the client beyond those of the wire: name, default, unit, reason.
 * Go: http.Transport's limits
 *
 * Rule of this file: a table and nothing else; docs/limits.md is generated from it.
 */

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
}

/** The limits of a Transport by name. */
export type TransportLimitName =
  | "maxIdleConns"
  | "maxIdleConnsPerHost"
  | "maxConns"
  | "maxConnsPerHost"
  | "maxInterimResponses"
  | "maxResponseHeaderBytes"
  | "maxResponseBytes"
  | "maxBodyBytes"
  | "maxDrainBytes"
  | "maxPrefetchBytes"
  | "pipeliningDepth";

export const TRANSPORT_LIMITS: Readonly<Record<TransportLimitName, LimitEntry>> = {
  /** Go's. The one that was idle longest is closed when there are more. */
  maxIdleConns: { default: 100, unit: "connections" },
  /** Go keeps two, which under load means a new connection for nearly every request. 0 keeps none. */
  maxIdleConnsPerHost: { default: 10, unit: "connections" },
  /** Dialling, busy and idle over all hosts: each takes a descriptor, of which 1,024 are usual. */
  maxConns: { default: 1_000, unit: "connections" },
  /** Dialling, busy and idle. Further requests wait their turn, which is kinder to the server. */
  maxConnsPerHost: { default: 256, unit: "connections" },
  /** Servers send one or two. Without a hook that looks at each, more are an attack. */
  maxInterimResponses: { default: 10, unit: "1xx responses" },
  /**
   * The head of the response and of the interim ones before it. Heads are held in memory; browsers allow
   * about 256 KiB.
   */
  maxResponseHeaderBytes: { default: 262_144, unit: "bytes" },
  /** Unlimited: a streamed body is bounded by back-pressure. Counted as they come on the wire. */
  maxResponseBytes: { default: Infinity, unit: "bytes" },
  /** What `bytes()`, `text()` and `json()` hold unless told otherwise. */
  maxBodyBytes: { default: 1_048_576, unit: "bytes" },
  /** What is read of a cancelled body to keep its connection. Go 1.27's. */
  maxDrainBytes: { default: 262_144, unit: "bytes" },
  /**
   * A body that is here whole with its head, and not larger, is taken at once, so that its connection is free
   * again even if nobody reads it.
   */
  maxPrefetchBytes: { default: 65_536, unit: "bytes" },
  /**
   * How many may be on their way on a connection. More than 1 sends safe requests without waiting for the
   * answers before: many servers and proxies do not cope.
   */
  pipeliningDepth: { default: 1, unit: "requests" },
};

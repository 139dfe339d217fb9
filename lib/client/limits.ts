/**
 * Every limit of the client beyond those of the wire: name, default, unit, reason.
 * Go: http.Transport's limits
 *
 * Rule of this file: a table and nothing else; docs/limits.md is generated from it.
 */

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly reason: string;
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
  maxIdleConns: {
    default: 100,
    unit: "connections",
    reason: "Go's. The one that was idle longest is closed when there are more.",
  },
  maxIdleConnsPerHost: {
    default: 10,
    unit: "connections",
    reason:
      "Go keeps two, which under load means a new connection for nearly every request. 0 keeps none.",
  },
  maxConns: {
    default: 1_000,
    unit: "connections",
    reason:
      "Dialling, busy and idle over all hosts: each takes a descriptor, of which 1,024 are usual.",
  },
  maxConnsPerHost: {
    default: 256,
    unit: "connections",
    reason:
      "Dialling, busy and idle. Further requests wait their turn, which is kinder to the server.",
  },
  maxInterimResponses: {
    default: 10,
    unit: "1xx responses",
    reason: "Servers send one or two. Without a hook that looks at each, more are an attack.",
  },
  maxResponseHeaderBytes: {
    default: 262_144,
    unit: "bytes",
    reason:
      "The head of the response and of the interim ones before it. Heads are held in memory; browsers allow about 256 KiB.",
  },
  maxResponseBytes: {
    default: Infinity,
    unit: "bytes",
    reason:
      "Unlimited: a streamed body is bounded by back-pressure. Counted as they come on the wire.",
  },
  maxBodyBytes: {
    default: 1_048_576,
    unit: "bytes",
    reason: "What `bytes()`, `text()` and `json()` hold unless told otherwise.",
  },
  maxDrainBytes: {
    default: 262_144,
    unit: "bytes",
    reason: "What is read of a cancelled body to keep its connection. Go 1.27's.",
  },
  maxPrefetchBytes: {
    default: 65_536,
    unit: "bytes",
    reason:
      "A body that is here whole with its head, and not larger, is taken at once, so that its connection is free again even if nobody reads it.",
  },
  pipeliningDepth: {
    default: 1,
    unit: "requests",
    reason:
      "How many may be on their way on a connection. More than 1 sends safe requests without waiting for the answers before: many servers and proxies do not cope.",
  },
};

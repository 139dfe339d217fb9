/**
 * Every limit of the server beyond those of the wire: name, default, unit, reason.
 * Go: Server.MaxHeaderBytes, maxPostHandlerReadBytes
 *
 * Rule of this file: a table and nothing else; docs/limits.md is generated from it.
 */

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status?: number;
}

/** The limits by name. */
export type ServerLimitName =
  | "maxConns"
  | "maxRequestsPerConn"
  | "maxBodyBytes"
  | "maxDrainBytes"
  | "maxLingerBytes"
  | "readAheadBytes"
  | "maxQueuedBytes";

export const SERVER_LIMITS: Readonly<Record<ServerLimitName, LimitEntry>> = {
  /**
   * Each costs memory and a descriptor. The surplus gets a 503 with Retry-After. Set it below the process's
   * descriptor limit.
   */
  maxConns: { default: 10_000, unit: "connections", status: 503 },
  /**
   * Unlimited: each request is bounded by itself. Behind a load balancer a limit spreads connections again.
   */
  maxRequestsPerConn: { default: Infinity, unit: "requests" },
  /**
   * What bytes(), text() and json() of a request body hold unless told otherwise. A body that is read piece
   * by piece has no limit.
   */
  maxBodyBytes: { default: 1_048_576, unit: "bytes", status: 413 },
  /**
   * How much of an unread request body is read and thrown away to keep the connection; Go's bound. Beyond it
   * the connection closes.
   */
  maxDrainBytes: { default: 262_144, unit: "bytes" },
  /**
   * How much input is thrown away after our side was closed, so that the client can read the answer instead
   * of a reset.
   */
  maxLingerBytes: { default: 1_048_576, unit: "bytes" },
  /**
   * How much is read while a handler runs, to notice that the client has gone; beyond it the socket stops.
   */
  readAheadBytes: { default: 65_536, unit: "bytes" },
  /** The high-water mark: with so much unsent, write() waits and no pipelined request is begun. */
  maxQueuedBytes: { default: 65_536, unit: "bytes" },
};

/** One number for each limit of the server; see SERVER_LIMITS. */
export type ServerLimits = { readonly [name in ServerLimitName]: number };

export const DEFAULT_LIMITS: ServerLimits = Object.freeze(
  Object.fromEntries(
    Object.entries(SERVER_LIMITS).map(([name, entry]) => [name, entry.default] as const),
  ) as ServerLimits,
);

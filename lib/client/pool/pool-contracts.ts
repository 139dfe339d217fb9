/**
 * What the pool asks of its transport, and what it tells.
 * Go: transport.go queueForDial, dialConnFor (what they call)
 *
 * Rule of this file: types only.
 */
import type { Call } from "../call.ts";
import type { Connection } from "../connection/mod.ts";

/** What the pool cannot do by itself. */
export interface PoolHooks {
  /**
   * Opens a connection. It is not bound to the call that asks for it: `signal` aborts when nobody wants it.
   * Rejects with a ClientError about that call. "taken-over": it speaks another protocol and is another's.
   */
  dial(call: Call, signal: AbortSignal): Promise<Connection | "taken-over">;
  /** The server of this call speaks another protocol: the call is not the pool's any more. */
  handOver(call: Call): void;
}

/** How many connections and calls there are. */
export interface PoolStats {
  readonly idle: number;
  readonly busy: number;
  readonly dialing: number;
  /** Calls that wait for a connection. */
  readonly waiting: number;
}

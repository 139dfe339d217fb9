/**
 * The way between the two ends of a pipe: how long it takes, and in which pieces.
 * Go: none (net.Pipe has no way in between)
 *
 * Rule of this file: it delays and cuts; what travels is the pipe's affair.
 */
import type { Tenure } from "./conn.ts";

export interface PipeOptions {
  /** ms until what was written, a FIN or a reset gets to the other end. Default 0: a microtask. */
  readonly latencyMs?: number | undefined;
  /**
   * Delivers in pieces of at most this many bytes; a function gives the size of each piece in turn.
   * Default: as written, 64 KiB at the most.
   */
  readonly chop?: number | (() => number) | undefined;
  /**
   * "borrowed" delivers out of one scratch buffer, as the fast path of a socket does; "given" hands over
   * fresh arrays. Default "given".
   */
  readonly tenure?: Tenure | undefined;
  /** Bytes on the way in one direction before `write` answers "pending". Default 64 KiB. */
  readonly highWaterBytes?: number | undefined;
  /** Calls `fn` after `ms`; used with `latencyMs` only. Default: setTimeout. */
  readonly after?: ((ms: number, fn: () => void) => void) | undefined;
}

/** As much as one read of a socket brings. */
export const PIECE_BYTES_MAX = 65_536;

/** The options resolved, shared by both ends. */
export class Network {
  readonly highWaterBytes: number;
  readonly tenure: Tenure;
  readonly #chop: () => number;
  readonly #latencyMs: number;
  readonly #after: (ms: number, fn: () => void) => void;

  constructor(options: PipeOptions) {
    const chop = options.chop ?? PIECE_BYTES_MAX;
    this.#chop = typeof chop === "number" ? () => chop : chop;
    this.#latencyMs = options.latencyMs ?? 0;
    this.#after = options.after ?? ((ms, fn) => void setTimeout(fn, ms));
    this.highWaterBytes = options.highWaterBytes ?? 65_536;
    this.tenure = options.tenure ?? "given";
  }

  pieceBytes(): number {
    return Math.max(1, Math.min(PIECE_BYTES_MAX, this.#chop()));
  }

  travel(arrive: () => void): void {
    if (this.#latencyMs > 0) this.#after(this.#latencyMs, arrive);
    else queueMicrotask(arrive);
  }
}

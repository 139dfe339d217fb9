/**
 * All that the pool knows of one place: its connections, its dials, and who waits for them.
 * Go: transport.go idleConn, connsPerHost, wantConnQueue (one entry of each)
 *
 * Rule of this file: it holds; the pool decides.
 */
import type { Call } from "../call.ts";
import type { Connection } from "../connection/mod.ts";

/** The connections to one place, and the calls that wait for one. */
export class PoolHost {
  readonly key: string;
  /** Every connection that stands. */
  readonly all: Set<Connection> = new Set();
  /** Those of them that nobody uses, the most recently used last. */
  readonly idle: Connection[] = [];
  /** The calls that wait, in the order of their coming, and for each the dial that it has begun. */
  readonly waiting: Map<Call, AbortController | undefined> = new Map();
  readonly dials: Set<AbortController> = new Set();

  constructor(key: string) {
    this.key = key;
  }

  /** Is the dial that a waiting call has begun still running? */
  isDialled(call: Call): boolean {
    const dial = this.waiting.get(call);
    return dial !== undefined && this.dials.has(dial);
  }

  get count(): number {
    return this.all.size + this.dials.size;
  }

  get isEmpty(): boolean {
    return this.count === 0 && this.waiting.size === 0;
  }
}

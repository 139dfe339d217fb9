/**
 * What a connection waits for, and until when.
 * Go: transport.go persistConn.roundTrip (its timers), idleTimer
 *
 * Rule of this file: one wait at a time, the next takes the place of the last. What follows when time is up is
 * the owner's affair.
 */
import type { Alarm, Clock } from "../../bufio/mod.ts";

/** The waits of a connection, in the order of an exchange. */
export type Wait =
  | "nothing"
  | "idle"
  | "continue"
  | "send"
  | "head"
  | "body"
  | "behind"
  | "drain"
  | "late-write";

export interface DeadlineOwner {
  onTimeUp(what: Wait): void;
}

export class ConnectionDeadline implements Alarm {
  deadlineAt: number = Infinity;
  /** What is waited for. */
  what: Wait = "nothing";
  readonly #clock: Clock;
  readonly #owner: DeadlineOwner;
  /** The shortest wait of an ordinary exchange. */
  readonly #usualMs: number;
  #finestMs = Infinity;
  #isOver = false;

  constructor(clock: Clock, usualMs: number, owner: DeadlineOwner) {
    this.#clock = clock;
    this.#usualMs = usualMs;
    this.#owner = owner;
    this.#watch(usualMs);
  }

  set(what: Wait, ms: number, now: number): void {
    // A hook that was called just before may have ended it: nobody would take the alarm away again.
    if (this.#isOver) return;
    this.what = what;
    this.deadlineAt = now + ms;
    if (ms < this.#finestMs) this.#watch(ms);
  }

  clear(): void {
    this.set("nothing", Infinity, 0);
  }

  /** The clock need not look more often than usual any more. */
  relax(): void {
    if (this.#finestMs < this.#usualMs) this.#watch(this.#usualMs);
  }

  /** For good. */
  end(): void {
    this.#isOver = true;
    this.deadlineAt = Infinity;
    this.#clock.unwatch(this);
  }

  onDeadline(): void {
    this.#owner.onTimeUp(this.what);
  }

  /** The clock looks as often as the shortest wait since the connection was idle needs it. */
  #watch(finestMs: number): void {
    this.#finestMs = finestMs;
    this.#clock.watch(this, finestMs);
  }
}

/**
 * TestClock: time that stands still until a test moves it.
 * Go: testing/synctest
 *
 * Rule of this file: it keeps the contract of Clock to the letter, and no real timer. What a deadline sets
 * off in promises runs in `settle()`.
 */
import type { Alarm, Clock } from "../bufio/mod.ts";

export interface TestClockOptions {
  /** Now, at the beginning, in ms since the epoch. Default: 2030-01-01T00:00:00Z. */
  readonly startMs?: number | undefined;
  /**
   * When a later turn comes: "microtask" by itself, as soon as the running code has returned; "manual" when
   * the test calls `turn()`. Default "microtask".
   */
  readonly turns?: "microtask" | "manual" | undefined;
}

const NEW_YEAR_2030_MS = 1_893_456_000_000;

/** A Clock that a test moves by hand. */
export class TestClock implements Clock {
  #nowMs: number;
  readonly #turns: "microtask" | "manual";
  readonly #alarms: Set<Alarm> = new Set();
  #waiting: (() => void)[] = [];

  constructor(options: TestClockOptions = {}) {
    this.#nowMs = options.startMs ?? NEW_YEAR_2030_MS;
    this.#turns = options.turns ?? "microtask";
  }

  now(): number {
    return this.#nowMs;
  }

  /** `shortestMs` is for clocks that look only once a period; this one misses nothing. */
  watch(alarm: Alarm, _shortestMs?: number): void {
    this.#alarms.add(alarm);
  }

  unwatch(alarm: Alarm): void {
    this.#alarms.delete(alarm);
  }

  nextTurn(fn: () => void): void {
    if (this.#turns === "microtask") queueMicrotask(fn);
    else this.#waiting.push(fn);
  }

  /** Calls `fn` once, `ms` from now: for the `after` option of `pipe()`. */
  after(ms: number, fn: () => void): void {
    const alarm: Alarm = {
      deadlineAt: this.#nowMs + ms,
      onDeadline: () => {
        this.unwatch(alarm);
        fn();
      },
    };
    this.watch(alarm);
  }

  /**
   * Moves on by `ms`. Alarms that fall due on the way are called in the order of their instants, each at its
   * instant; those that they set meanwhile are called too. What they set off in promises runs after this
   * returns: `await settle()`. Throws RangeError when `ms` is negative or no number.
   */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`a clock runs forwards: ${ms} ms`);
    const until = this.#nowMs + ms;
    for (let alarm = this.#next(until); alarm !== undefined; alarm = this.#next(until)) {
      this.#nowMs = Math.max(this.#nowMs, alarm.deadlineAt);
      alarm.deadlineAt = Infinity;
      alarm.onDeadline();
    }
    this.#nowMs = until;
  }

  /** Runs what waits for a later turn (not what that asks for anew); answers how many there were. */
  turn(): number {
    const due = this.#waiting;
    this.#waiting = [];
    for (const fn of due) fn();
    return due.length;
  }

  /** How many alarms are watched: none may be left when all connections are gone. */
  get watched(): number {
    return this.#alarms.size;
  }

  /** How many wait for `turn()`. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The earliest instant that somebody waits for; Infinity when nobody does. */
  get nextDeadlineAt(): number {
    let at = Infinity;
    for (const alarm of this.#alarms) at = Math.min(at, alarm.deadlineAt);
    return at;
  }

  #next(until: number): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.deadlineAt > until) continue;
      if (next === undefined || alarm.deadlineAt < next.deadlineAt) next = alarm;
    }
    return next;
  }
}

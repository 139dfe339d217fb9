/**
 * The real clock: one timer for all deadlines, running only while something is watched.
 * Go: the runtime's netpoll deadlines; time.Now
 *
 * Rule of this file: web-standard timers only; what a platform does better (setImmediate) comes in through
 * the options. A deadline is found late by one period at the most, never early.
 */
import type { Alarm, Clock } from "./clock.ts";

/** What the rim may put in place of the portable ways. */
export interface TimerClockOptions {
  /** Calls `fn` in a later turn of the event loop. Default: setTimeout(fn, 0). On Node: setImmediate. */
  readonly nextTurn?: ((fn: () => void) => void) | undefined;
  /** Now in ms since the epoch, never running backwards. Default: performance.timeOrigin + now(). */
  readonly now?: (() => number) | undefined;
}

/** The shortest period, so that tiny timeouts do not cost CPU. */
const PERIOD_MIN_MS = 10;
/** The longest period, so that a long timeout is still met to half a second. */
const PERIOD_MAX_MS = 500;

export class TimerClock implements Clock {
  readonly #nextTurn: (fn: () => void) => void;
  readonly #now: () => number;
  /** Each alarm with the shortest timeout its owner uses. */
  readonly #alarms: Map<Alarm, number> = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  #isArmed = false;
  #periodMs: number = PERIOD_MAX_MS;
  readonly #tick: () => void;

  constructor(options: TimerClockOptions = {}) {
    this.#nextTurn = options.nextTurn ?? ((fn) => void setTimeout(fn, 0));
    this.#now = options.now ?? platformNow();
    this.#tick = () => this.#onTick();
  }

  now(): number {
    return this.#now();
  }

  nextTurn(fn: () => void): void {
    this.#nextTurn(fn);
  }

  watch(alarm: Alarm, shortestMs: number): void {
    this.#alarms.set(alarm, shortestMs);
    const periodMs = periodFor(shortestMs);
    if (this.#isArmed && periodMs >= this.#periodMs) return;
    // First alarm, or one that cannot wait for the end of the running period.
    if (!this.#isArmed) this.#periodMs = PERIOD_MAX_MS;
    this.#periodMs = Math.min(this.#periodMs, periodMs);
    this.#arm();
  }

  unwatch(alarm: Alarm): void {
    this.#alarms.delete(alarm);
    if (this.#alarms.size === 0) this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    this.#timer = setTimeout(this.#tick, this.#periodMs);
    this.#isArmed = true;
    unref(this.#timer);
  }

  #disarm(): void {
    if (this.#isArmed) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isArmed = false;
  }

  #onTick(): void {
    this.#isArmed = false;
    const now = this.#now();
    let shortestMs = Infinity;
    let periodMs = this.#periodMs;
    try {
      // Alarms added or removed by an onDeadline are the Map's own affair: its iteration allows both.
      for (const [alarm, alarmShortestMs] of this.#alarms) {
        if (alarmShortestMs < shortestMs) shortestMs = alarmShortestMs;
        if (alarm.deadlineAt > now) continue;
        alarm.deadlineAt = Infinity;
        alarm.onDeadline();
      }
      periodMs = periodFor(shortestMs);
    } finally {
      // Also when an onDeadline threw: its bug must not take everybody's deadlines with it.
      if (this.#alarms.size === 0) this.#disarm();
      else {
        this.#periodMs = this.#isArmed ? Math.min(this.#periodMs, periodMs) : periodMs;
        this.#arm();
      }
    }
  }
}

/** Asks for what does not change once: the global is a getter, and so is its origin. */
function platformNow(): () => number {
  const time = performance;
  const { timeOrigin } = time;
  return () => timeOrigin + time.now();
}

function periodFor(shortestMs: number): number {
  return Math.min(PERIOD_MAX_MS, Math.max(PERIOD_MIN_MS, shortestMs / 4));
}

// Node keeps the process alive for a timer unless told otherwise; a browser's timer is a plain number.
function unref(timer: unknown): void {
  if (typeof timer !== "object" || timer === null || !("unref" in timer)) return;
  if (typeof timer.unref === "function") timer.unref();
}

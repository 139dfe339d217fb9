/**
 * The contract of time: deadlines as absolute instants, watched by one timer for all, and a later turn.
 * Go: time.Now, Conn.SetDeadline
 *
 * Rule of this file: nobody else in the library starts a timer on the main path. An Alarm is registered
 * once (per connection, not per request) and its `deadlineAt` is changed by plain assignment; the clock
 * looks at all alarms once a period.
 */

/** Something that waits for an instant. Change `deadlineAt` freely while it is watched. */
export interface Alarm {
  /** The instant in ms on the clock's scale; Infinity for none. */
  deadlineAt: number;
  /**
   * The instant has passed: late by one period at most, never early. `deadlineAt` was set to Infinity just
   * before the call.
   */
  onDeadline(): void;
}

export interface Clock {
  /** Now, in ms since the epoch, never running backwards (unlike Date.now). */
  now(): number;
  /**
   * Watches an alarm until `unwatch`. `shortestMs` is the shortest timeout its owner will use: the period
   * is a quarter of the shortest in use, between 10 and 500 ms.
   */
  watch(alarm: Alarm, shortestMs: number): void;
  unwatch(alarm: Alarm): void;
  /** Calls `fn` in a later turn of the event loop, after other connections have had theirs. */
  nextTurn(fn: () => void): void;
}

/**
 * Waits of a call that its signal ends: for a promise, for an instant, for the rest of a body.
 * Go: select on Context.Done; setRequestCancel, io.CopyN
 *
 * Rule of this file: no listener and no alarm outlives its wait.
 */
import type { Alarm, Clock } from "../bufio/mod.ts";
import type { Body } from "../message/mod.ts";

/** What comes of `work`, unless the signal aborts before: then its reason is thrown, and `work` goes unheard. */
export async function untilAborted<T>(
  work: T | Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
  });
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Waits for `ms`, or throws the signal's reason when it aborts before. */
export async function delay(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const alarm: Alarm = { deadlineAt: clock.now() + ms, onDeadline: () => undefined };
  const over = new Promise<void>((resolve) => {
    alarm.onDeadline = resolve;
  });
  clock.watch(alarm, ms);
  try {
    await untilAborted(over, signal);
  } finally {
    clock.unwatch(alarm);
  }
}

/**
 * Reads what is left of a body nobody wants, so that its connection can be used again; one that is longer than
 * `maxBytes` is cancelled. Never rejects: if it fails, its connection is of no use anyway.
 */
export async function drain(body: Body, maxBytes: number): Promise<void> {
  try {
    let count = body.length !== undefined && body.length > maxBytes ? Infinity : 0;
    while (count <= maxBytes) {
      const piece = await body.next();
      if (piece === undefined) return;
      count += piece.length;
    }
  } catch {
    // Whoever owns the connection knows.
  }
  body.cancel();
}

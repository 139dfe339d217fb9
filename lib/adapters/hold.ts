/**
 * Keeping the process alive while answers are awaited, and not a moment longer.
 * Go: none (a Go program ends when main does)
 *
 * Rule of this file: one timer that never fires, ref'd while anybody holds. Sockets themselves are unref'd: an
 * idle connection or a body that nobody reads must not keep a script from ending.
 */

/** setTimeout's longest. */
const LONGEST_MS = 2_147_483_647;

let count = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** "busy" once for each that waits, "idle" when it no longer does. */
export function hold(how: "busy" | "idle"): void {
  count += how === "busy" ? 1 : -1;
  if (how === "busy" && count === 1) {
    timer ??= setInterval(() => undefined, LONGEST_MS);
    timer.ref();
  } else if (count === 0) {
    timer?.unref();
  }
}

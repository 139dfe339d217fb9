/**
 * Waiting for SIGINT.
 *
 * Rule of this file: a verb that serves ends by it, and by nothing else.
 */

/** Resolves when the signal is aborted. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * What an innocent feels: latencies, and their percentiles.
 *
 * Rule of this file: the latency that counts is the one of a user who comes at any time. So an answer that took
 * longer than the period stands for the requests that would have been sent meanwhile too, each with what would have
 * been left of the wait; lateness of our own timer does not count.
 */

/** An innocent asks once in so many ms. */
export const PERIOD_MS = 20;

/** Adds what an answer of `latencyMs` stands for. */
export function feel(latencies: number[], latencyMs: number): void {
  let felt = latencyMs;
  do {
    latencies.push(felt);
    felt -= PERIOD_MS;
  } while (felt > PERIOD_MS);
}

/** The latency that `part` of all (0 to 1) stay below; 0 of none. The list is sorted. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

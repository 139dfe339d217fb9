/**
 * The budget of a turn: how much one connection may do before others get theirs.
 *
 * Rule of this file: it is given the counts and says yes or no; who counts, and who gives way, is the connection's
 * affair. One that pipelines without end costs the others a few milliseconds, no more.
 */
import type { Clock } from "../bufio/mod.ts";

/** So many requests may be answered in a turn. */
export const TURN_REQUESTS = 64;
/** So much of input may come in a turn: large bodies are work too. */
export const TURN_INPUT_BYTES = 262_144;
/** So long may a turn last, if requests are slow. */
export const TURN_MS = 2;
/** For how many requests one counts whose handler returns a promise. */
export const TURN_PROMISE_REQUESTS = 3;
/** The clock is looked at once in so many requests. */
export const TURN_LOOK_REQUESTS = 8;

/** Is it the others' turn, after so many requests and so much input since the instant `beganAt`? */
export function isTurnOver(
  requests: number,
  inputBytes: number,
  beganAt: number,
  clock: Pick<Clock, "now">,
): boolean {
  return (
    requests >= TURN_REQUESTS ||
    inputBytes > TURN_INPUT_BYTES ||
    (requests % TURN_LOOK_REQUESTS === 0 && clock.now() - beganAt > TURN_MS)
  );
}

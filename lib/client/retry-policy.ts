/**
 * Sending a request again because of what the server answered.
 * RFC 9110 §9.2.2, §10.2.3, §15.6.4; RFC 6585 §4 · Go: none
 *
 * Rule of this file: pure; hops.ts does the waiting. It is off unless asked for. What is done when a connection
 * fails is another matter: see RetryRule.
 */
import type { Request, Response } from "../message/mod.ts";
import { isIdempotent, parseDate } from "../semantics/mod.ts";
import { isDigits } from "../wire/mod.ts";

/** How long to wait before each further attempt: `initial`, times `factor` each time, at most `max`. */
export interface RetryDelay {
  /** ms. Default 500. */
  readonly initial?: number | undefined;
  /** Default 2. */
  readonly factor?: number | undefined;
  /** ms, also for what the server asks. Default 30,000. */
  readonly max?: number | undefined;
  /**
   * Which part of the delay is left to chance, so that clients do not come back all at once. Default 0.5: from
   * half of it to all of it.
   */
  readonly jitter?: number | undefined;
}

/** When, how often and how soon a request is sent again. All optional. */
export interface RetryPolicy {
  /** How often each request is sent at most, the first time included. Default 3. */
  readonly attempts?: number | undefined;
  /** Default 429, 502, 503 and 504. */
  readonly statuses?: readonly number[] | undefined;
  /** Default: the safe and the idempotent ones of RFC 9110: GET, HEAD, OPTIONS, TRACE, PUT, DELETE. */
  readonly methods?: readonly string[] | undefined;
  readonly delay?: RetryDelay | undefined;
  /** Wait as long as Retry-After says, instead of `delay` but within its `max`. Default true. */
  readonly respectRetryAfter?: boolean | undefined;
  /** Told before each wait. What it throws ends the call. */
  onRetry?(retry: Retry): void;
  /** From 0 to 1, for the jitter. Default Math.random. */
  random?(): number;
}

/** A request that is about to be sent again. */
export interface Retry {
  readonly request: Request;
  /** Its body is thrown away after this. */
  readonly response: Response;
  /** How often it has been sent so far. */
  readonly attempt: number;
  /** How long it waits now, in ms. */
  readonly delayMs: number;
}

const STATUSES: readonly number[] = [429, 502, 503, 504];
const ATTEMPTS = 3;
const INITIAL_MS = 500;
const FACTOR = 2;
const MAX_MS = 30_000;
const JITTER = 0.5;

/** A request that was answered for the `attempt`th time: shall it be sent again? Content must come again. */
export function wantsRetry(
  policy: RetryPolicy,
  request: Request,
  answered: { readonly status: number; readonly attempt: number },
): boolean {
  if (answered.attempt >= (policy.attempts ?? ATTEMPTS)) return false;
  if (!(policy.statuses ?? STATUSES).includes(answered.status)) return false;
  const { method } = request;
  const isMeant = policy.methods?.includes(method) ?? isIdempotent(method);
  return isMeant && (request.body.length === 0 || request.getBody !== undefined);
}

/** How long to wait before the next attempt, in ms. */
export function retryDelayMs(
  policy: RetryPolicy,
  answered: { readonly response: Response; readonly attempt: number; readonly nowMs: number },
): number {
  const {
    initial = INITIAL_MS,
    factor = FACTOR,
    max = MAX_MS,
    jitter = JITTER,
  } = policy.delay ?? {};
  const { response, attempt, nowMs } = answered;
  const value = response.header.get("retry-after");
  const asked =
    value === undefined || policy.respectRetryAfter === false
      ? undefined
      : retryAfterMs(value, nowMs);
  if (asked !== undefined) return Math.min(asked, max);
  const random = policy.random === undefined ? Math.random() : policy.random();
  return Math.min(initial * factor ** (attempt - 1), max) * (1 - jitter * random);
}

/**
 * How long a Retry-After field asks to wait, in ms: seconds, or a date. Undefined when it is neither; Infinity
 * for more seconds than can be counted. RFC 9110 §10.2.3
 */
export function retryAfterMs(value: string, nowMs: number): number | undefined {
  if (!isDigits(value)) {
    const at = parseDate(value, { nowMs });
    return at === undefined ? undefined : Math.max(0, at - nowMs);
  }
  let seconds = 0;
  for (let i = 0; i < value.length; i++) seconds = seconds * 10 + value.charCodeAt(i) - 0x30;
  return seconds <= Number.MAX_SAFE_INTEGER / 1000 ? seconds * 1000 : Infinity;
}

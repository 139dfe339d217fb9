/**
 * What a Client and each of its calls can be told.
 * Go: http.Client (its fields)
 *
 * Rule of this file: names, defaults and their reasons.
 */
import type { Clock } from "../bufio/mod.ts";
import type { NewRequestOptions, Request } from "../message/mod.ts";
import type { Jar, RoundTripOptions, RoundTripper } from "./contracts.ts";
import type { RetryPolicy } from "./retry-policy.ts";

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
}

interface TimeoutEntry {
  /** ms */
  readonly default: number;
}

export const CLIENT_LIMITS: Readonly<Record<"maxHops", LimitEntry>> = {
  /**
   * Go's: how many requests a chain of redirects may have; a longer one is a circle. A `checkRedirect` of
   * your own sets its own limit instead.
   */
  maxHops: { default: 10, unit: "requests" },
};

export const CLIENT_TIMEOUTS: Readonly<Record<"timeout", TimeoutEntry>> = {
  /**
   * Off, as in Go: the waits of the Transport end what is stuck, and a large download may take its time.
   * @from a call begins
   * @until its response's body has been read or cancelled, redirects and retries included
   * @outcome client-timed-out, from the call or from the body
   */
  timeout: { default: Infinity },
};

/**
 * Asked before each redirect is followed, with the next request (its fields may be changed; the Referer is there
 * already) and all earlier ones, oldest first. "use-last-response" returns the redirect itself, its body unread;
 * what it throws ends the call. Go: Client.CheckRedirect, ErrUseLastResponse
 */
export type CheckRedirect = (
  next: Request,
  via: readonly Request[],
) => RedirectVerdict | Promise<RedirectVerdict>;

/** Nothing: the redirect is followed. */
export type RedirectVerdict = "use-last-response" | undefined | void;

/** What a Client is made of. */
export interface ClientOptions {
  readonly transport: RoundTripper;
  readonly clock: Clock;
  /** Asked before every request, and told of every response. Default: none, and no cookies. */
  readonly jar?: Jar | undefined;
  /** Default: followed, up to `maxHops` requests in all. */
  readonly checkRedirect?: CheckRedirect | undefined;
  /** How many requests a call may make without a `checkRedirect`. Default 10. */
  readonly maxHops?: number | undefined;
  /** ms for a whole call, body included. Default Infinity, which is none; 0 is none too, as in Go. */
  readonly timeout?: number | undefined;
  /** Send again what was answered with 503 and the like? Default: no. */
  readonly retryPolicy?: RetryPolicy | undefined;
}

/** What one call may have otherwise than its client's and its transport's own. */
export interface CallOptions extends RoundTripOptions {
  /** In place of the client's. ms; Infinity or 0 for none. */
  readonly timeout?: number | undefined;
  /** In place of the client's. */
  readonly retryPolicy?: RetryPolicy | "never" | undefined;
}

/** The same, with what a request is made with. */
export interface AskOptions extends CallOptions, NewRequestOptions {}

/** What holds for a Client. */
export interface ClientSettings {
  readonly transport: RoundTripper;
  readonly clock: Clock;
  readonly jar: Jar | undefined;
  readonly checkRedirect: CheckRedirect | undefined;
  readonly maxHops: number;
  readonly timeout: number;
  readonly retryPolicy: RetryPolicy | undefined;
}

/** Fills in the defaults. */
export function clientSettings(options: ClientOptions): ClientSettings {
  return {
    transport: options.transport,
    clock: options.clock,
    jar: options.jar,
    checkRedirect: options.checkRedirect,
    maxHops: options.maxHops ?? CLIENT_LIMITS.maxHops.default,
    timeout: timeoutOf(options.timeout, CLIENT_TIMEOUTS.timeout.default),
    retryPolicy: options.retryPolicy,
  };
}

/** The timeout of a call, Infinity for none. */
export function timeoutOf(given: number | undefined, otherwise: number): number {
  const timeout = given ?? otherwise;
  return timeout > 0 ? timeout : Infinity;
}

/**
 * What a client under attack is told, and what it tells of its calls.
 *
 * Rule of this file: what the client's process and the checks must both know; nothing runs here.
 */

/** What is done with an answer; "leave": nothing at all, until the client is told to stop. */
export type Manner = "bytes" | "text" | "count" | "leave" | "cancel";

/** Calls to hostile servers, so many at a time. */
export interface AskPlan {
  /** One after the other; the number of the call is appended. */
  readonly urls: readonly string[];
  readonly manner: Manner;
  readonly atATime: number;
  /** "once": each of them once; "again": until the client is told to stop. */
  readonly times: "once" | "again";
  /** Between two calls of the same one. */
  readonly pauseMs?: number | undefined;
  /** The octets of a body that is posted; as one piece, or as a stream of pieces without a length. */
  readonly upload?: { readonly octets: number; readonly as: "piece" | "stream" } | undefined;
}

/** How a client differs from its defaults; none: the defaults. */
export interface ClientSpec {
  readonly transport?: Readonly<Record<string, number>>;
  /** ms for a whole call. */
  readonly timeout?: number;
  /** What it asks for in Accept-Encoding. */
  readonly codings?: readonly string[];
  readonly jar?: "one";
}

export type ClientOrder =
  | { readonly kind: "warm-up"; readonly url: string; readonly requests: number }
  | { readonly kind: "begin"; readonly innocentURL: string; readonly plans: readonly AskPlan[] }
  /** "abort": what is under way is aborted; "wait": it ends by itself, or is aborted after `msMax`. */
  | { readonly kind: "finish"; readonly how: "abort" }
  | { readonly kind: "finish"; readonly how: "wait"; readonly msMax: number };

/** Calls that ended alike. */
export interface Outcome {
  readonly times: number;
  readonly msMin: number;
  readonly msMax: number;
  /** Octets of the response that the error tells of, or that were counted; the most of one call. */
  readonly octetsMax: number;
}

export interface ClientReport {
  /** By code of the error, "ok <status>", or "aborted". */
  readonly outcomes: readonly (readonly [code: string, outcome: Outcome])[];
  /** Of the innocents, sorted, in ms. */
  readonly latencies: readonly number[];
  readonly failures: readonly (readonly [why: string, times: number])[];
  /** What must be none: connections, listeners, alarms, unhandled rejections … */
  readonly left: readonly string[];
}

/** Nothing answers a call with a number that is not its own. */
export const FOREIGN = "an answer to another request";
/** The field in which a server says the number of the call. */
export const NUMBER_FIELD = "X-Number";

/**
 * May a request be sent once more after its connection has failed?
 * RFC 9110 §9.2.2, RFC 9112 §9.3.1 · Go: transport.go shouldRetryRequest, request.go isReplayable
 *
 * Rule of this file: pure. Only a connection that had served before is suspected of having been closed while it
 * lay idle; a fresh one that fails has failed. Whoever times out or aborts is never asked.
 */
import type { Request } from "../message/mod.ts";
import { noBody } from "../message/mod.ts";
import type { RetryRule } from "./contracts.ts";

/** How far the attempt had come. */
export interface Attempt {
  /** Had the connection carried a request before? */
  readonly connection: "fresh" | "reused";
  readonly written: "nothing" | "something";
  readonly received: "nothing" | "something";
}

/** The verdict by the rule, for a failure of the connection itself. */
export function mayRetry(request: Request, attempt: Attempt, rule: RetryRule): boolean {
  if (rule === "never" || attempt.connection === "fresh") return false;
  if (!comesAgain(request)) return false;
  if (attempt.written === "nothing") return true;
  if (rule === "if-nothing-written" || attempt.received === "something") return false;
  return rule === "idempotent" || isReplayable(request);
}

/**
 * Does repeating it do no harm? PUT and DELETE are idempotent too, but Go repeats them only with a key: what
 * another client has written meanwhile would be undone. Go: isReplayable
 */
export function isReplayable(request: Request): boolean {
  if (!comesAgain(request)) return false;
  if (REPEATED_METHODS.has(request.method)) return true;
  const { header } = request;
  return header.has("idempotency-key") || header.has("x-idempotency-key");
}

const REPEATED_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Is there no body, or one that can be got again? */
function comesAgain(request: Request): boolean {
  return request.body === noBody || request.getBody !== undefined;
}

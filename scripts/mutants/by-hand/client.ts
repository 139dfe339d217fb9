/**
 * Mutants of lib/client: reuse, retries, timeouts, redirects.
 *
 * Rule of this file: data; see by-hand.ts.
 */
import type { HandMutant } from "../mutant.ts";

const CLIENT = "lib/client";
const CONNECTION = "lib/client/connection";
const REDIRECT = "lib/client/redirect.ts";

export const CLIENT_MUTANTS: readonly HandMutant[] = [
  {
    name: "reused-after-unread-body",
    rule: "a connection is free only when its response was read to the end (RFC 9112 §9.3)",
    where: CONNECTION,
    find: 'if (skipped === "end") return "end";',
    replace: 'if (skipped !== undefined) return "end";',
  },
  {
    name: "cancelled-body-drained-without-limit",
    rule: "what is drained of a cancelled body has a limit",
    where: CONNECTION,
    find: "this.#drained += skipped;",
    replace: "",
  },
  {
    name: "surplus-bytes-are-the-next-response",
    rule: "bytes that nobody asked for end the connection (RFC 9112 §9.2)",
    where: CONNECTION,
    find: "reader.buffered > 0) {\n      trace?.putIdleConn",
    replace: "reader.buffered > Infinity) {\n      trace?.putIdleConn",
  },
  {
    name: "reused-after-close",
    rule: "a response that says close is the last (RFC 9112 §9.3)",
    where: CONNECTION,
    find: 'if (ruled.reuse === "close-after" || call.closes',
    replace: "if (call.closes",
  },
  {
    name: "no-response-header-timeout",
    rule: "responseHeaderTimeout ends a call without an answer",
    where: CONNECTION,
    find: 'return this.#timedOut("response-header-timed-out", "wait");',
    replace: "return undefined;",
  },
  {
    name: "no-body-idle-timeout",
    rule: "bodyIdleTimeout ends a body that stalls",
    where: CONNECTION,
    find: 'return this.#timedOut("body-timed-out", "body");',
    replace: "return undefined;",
  },
  {
    name: "interim-responses-unbounded",
    rule: "the number of interim responses has a limit (RFC 9110 §15.2)",
    where: CONNECTION,
    find: "this.#interims > ",
    replace: "this.#interims - Infinity > ",
  },
  {
    name: "interim-bytes-unbounded",
    rule: "interim responses count towards the limit of the head",
    where: CONNECTION,
    find: "axResponseHeaderBytes - this.#interimBytes",
    replace: "axResponseHeaderBytes",
  },
  {
    name: "unasked-upgrade",
    rule: "a 101 that nobody asked for is an error (RFC 9110 §7.8)",
    where: CONNECTION,
    find: 'if (head.status === 101 && !header.has("upgrade")) {',
    replace: 'if (head.status === 102 && !header.has("upgrade")) {',
  },
  {
    name: "response-unbounded",
    rule: "maxResponseBytes is kept",
    where: CONNECTION,
    find: "if (this.#received > this.#maxBytes) throw new ResponseTooLarge();",
    replace: "",
  },
  {
    name: "post-is-retried",
    rule: "only what can be repeated is sent again by itself (RFC 9110 §9.2.2)",
    where: CLIENT,
    find: 'return rule === "idempotent" || isReplayable(request);',
    replace: "return true;",
  },
  {
    name: "fresh-connection-is-retried",
    rule: "a fresh connection that fails has failed (RFC 9112 §9.3.1)",
    where: CLIENT,
    find: 'if (rule === "never" || attempt.connection === "fresh") return false;',
    replace: 'if (rule === "never") return false;',
  },
  {
    name: "policy-retries-post",
    rule: "a retry policy repeats idempotent methods alone unless told otherwise",
    where: CLIENT,
    find: "policy.methods?.includes(method) ?? isIdempotent(method);",
    replace: "policy.methods?.includes(method) ?? true;",
  },
  {
    name: "credentials-to-another-origin",
    rule: "a redirect to another host gets no Authorization (RFC 9110 §15.4)",
    where: REDIRECT,
    find: 'if (sensitive === "stripped") for',
    replace: 'if (sensitive !== "stripped" && sensitive !== "kept") for',
  },
  {
    name: "credentials-come-back",
    rule: "credentials that were left out stay out for the rest of the chain",
    where: REDIRECT,
    find: 'chain.sensitive === "kept" && shouldCopyHeaderOnRedirect(',
    replace: "shouldCopyHeaderOnRedirect(",
  },
  {
    name: "evil-example-is-below-example",
    rule: "a domain's names end in a dot and the domain",
    where: REDIRECT,
    find: "sub.endsWith(`.${parent}`)",
    replace: "sub.endsWith(parent)",
  },
  {
    name: "referer-to-http",
    rule: "nothing is told to http of https (RFC 9110 §10.1.3)",
    where: REDIRECT,
    find: '(scheme === "https" && schemeOfURL(next) === "http")',
    replace: '(scheme === "http" && schemeOfURL(next) === "https")',
  },
  {
    name: "referer-with-password",
    rule: "Referer holds no user information (RFC 9110 §10.1.3)",
    where: REDIRECT,
    find: 'explicit === undefined || explicit === "" ? withoutUserInfo(last) : explicit',
    replace: 'explicit === undefined || explicit === "" ? last : explicit',
  },
  {
    name: "post-after-303",
    rule: "a 303 is followed by GET (RFC 9110 §15.4.4)",
    where: REDIRECT,
    find: 'return method === "GET" || method === "HEAD" ? method : "GET";',
    replace: "return method;",
  },
  {
    name: "content-type-without-content",
    rule: "fields of content go with the content (RFC 9110 §15.4)",
    where: REDIRECT,
    find: 'if (body === "dropped") for',
    replace: 'if (body !== "dropped") for',
  },
  {
    name: "redirects-unbounded",
    rule: "the number of redirects has a limit (RFC 9110 §15.4)",
    where: CLIENT,
    find: 'if (count < maxHops) return "follow";',
    replace: 'if (count >= 0) return "follow";',
  },
];

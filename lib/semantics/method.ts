/**
 * Request methods: what may be a method, and what a method promises.
 * RFC 9110 §9.1, §9.2 · Go: method.go, request.go validMethod, isReplayable
 *
 * Rule of this file: methods are case-sensitive words. One we do not know promises nothing.
 */
import { isToken } from "../wire/mod.ts";

/** Can this word stand as a method, known or not? It is a token, in any case. RFC 9110 §9.1 */
export function isMethod(text: string): boolean {
  return isToken(text);
}

/** Does the method only read: GET, HEAD, OPTIONS, TRACE? RFC 9110 §9.2.1 */
export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/**
 * Is doing it twice the same as doing it once: the safe methods, PUT and DELETE? RFC 9110 §9.2.2
 */
export function isIdempotent(method: string): boolean {
  return SAFE.has(method) || method === "PUT" || method === "DELETE";
}

const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Refusals: the raw answers to requests that no handler sees.
 * RFC 9110 §15.5, §15.6; RFC 9112 §9.6 · Go: server.go conn.serve, badRequestError, statusError
 *
 * Rule of this file: an error in, the octets of its answer out. Always HTTP/1.1, always closing, nothing of
 * the peer's octets repeated. The words are Go's.
 */
import { reasonPhrase } from "../semantics/mod.ts";
import { WireError } from "../wire/mod.ts";
import type { WireCode } from "../wire/mod.ts";
import { ServerError } from "./errors.ts";

/** What went wrong and what is answered. */
export interface Refusal {
  /** A WireError's or ServerError's code. */
  readonly code: string;
  readonly status: number;
  /** The whole answer, one char per octet. */
  readonly text: string;
}

/** The refusal for an error; `dateLine` is "Date: …" with its CRLF. RFC 9110 §6.6.1 asks for it in 4xx. */
export function refusalFor(error: WireError | ServerError, dateLine: string): Refusal {
  const status = error.status ?? 500;
  const reason = error instanceof WireError ? REASONS.get(error.code) : undefined;
  const phrase = `${status} ${reasonPhrase(status)}`;
  const line = reason !== undefined && status !== 501 ? `${phrase}: ${reason}` : phrase;
  const body =
    error.code === "plain-http-on-tls" ? PLAIN_ON_TLS : status === 501 ? NO_CODING : line;
  const extra = error.code === "too-many-conns" ? "Retry-After: 1\r\n" : "";
  if (status === 417) {
    const head = `HTTP/1.1 ${line}\r\nConnection: close\r\n${dateLine}Content-Length: 0\r\n\r\n`;
    return { code: error.code, status, text: head };
  }
  const text = `HTTP/1.1 ${line}\r\n${dateLine}${FIELDS}${extra}Connection: close\r\n\r\n${body}`;
  return { code: error.code, status, text };
}

const FIELDS = "Content-Type: text/plain; charset=utf-8\r\n";
const PLAIN_ON_TLS = "Client sent an HTTP request to an HTTPS server.\n";
const NO_CODING = "Unsupported transfer encoding";

/** Go tells these faults in the status line; all others get the bare phrase. */
const REASONS: ReadonlyMap<WireCode, string> = new Map<WireCode, string>([
  ["missing-host", "missing required Host header"],
  ["bad-host", "malformed Host header"],
  ["space-before-colon", "invalid header name"],
  ["unsupported-version", "unsupported protocol version"],
]);

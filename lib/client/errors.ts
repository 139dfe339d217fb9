/**
 * The errors of asking: what ends a call, in which phase, and how far it had come.
 * Go: url.Error, http.Client and http.Transport's errors
 *
 * Rule of this file: one table, one class. A failure of another room (a refused connection, a broken chunk)
 * keeps its code and becomes the `cause`; a ClientError says where in the call it happened. Nothing in its
 * text comes from fields or bodies, and a password in the URL is shown as `***`.
 */
import type { Response } from "../message/mod.ts";
import { quoteEvidence } from "../wire/mod.ts";

/** Every code with its sentence; the comment above it is its paragraph in docs/errors.md. */
export const CLIENT_ERRORS = {
  /**
   * A client needs an absolute http or https URL with a host, and a port up to 65535 if any. The message
   * shows what was given, a password as `***`.
   */
  "bad-url": { text: "the URL cannot be asked for" },
  /**
   * The Transport of `barewire/client` brings no sockets: give it a `dial`, or take the one of the front
   * door.
   */
  "no-dial": { text: "the transport cannot open connections" },
  /** An https URL needs a platform that has TLS, or a `dialTLS` of your own. */
  "no-tls": { text: "the transport cannot speak TLS" },
  /**
   * A `dial` or `dialTLS` of your own threw something without a code, or gave no connection; `cause` holds
   * it.
   */
  "dial-failed": { text: "the dial hook failed" },
  /**
   * `maxConnsPerHost` or `maxConns` connections were busy all through `poolTimeout`. Read or cancel the
   * bodies of responses: an unread one keeps its connection.
   */
  "pool-timed-out": { text: "no connection became free in time" },
  /**
   * The request was written, and the head of the response was not complete within `responseHeaderTimeout`.
   */
  "response-header-timed-out": { text: "the server did not answer in time" },
  /** While the request was being written the server read nothing for `writeTimeout`. */
  "send-timed-out": { text: "the server took nothing of the request for too long" },
  /** Somebody waited for the body and no octet of it came for `bodyIdleTimeout`. */
  "body-timed-out": { text: "the response's body stalled" },
  /** The Client's `timeout` was over; it covers connecting, redirects, the head and the body. */
  "client-timed-out": { text: "the call took longer than its timeout" },
  /**
   * The connection ended after the request was (perhaps) sent and before the first octet of a response. It is
   * repeated by itself where that is safe; here it was not: see `retry`.
   */
  "connection-lost": { text: "the server closed the connection without an answer" },
  /**
   * The request waited behind others on a pipelined connection that has ended. Nothing is known of its fate
   * but that no answer came.
   */
  "no-more-answers": { text: "the connection ended before this request's turn" },
  /**
   * A 101 response came to a request without an Upgrade field. What follows it is in a protocol that nobody
   * here knows, so the connection is closed (RFC 9110 §7.8).
   */
  "unasked-upgrade": { text: "the server switched protocols unasked" },
  /**
   * The source of the body that was being sent failed; `cause` holds its error. Part of the request is out,
   * and the connection is closed.
   */
  "request-body-failed": { text: "the request's body could not be read" },
  /** More octets of content came than `maxResponseBytes` allows. */
  "response-too-large": { text: "the response is larger than allowed" },
  /** More 1xx responses came than `maxInterimResponses` allows before the final one. */
  "too-many-interim-responses": { text: "too many interim responses" },
  /**
   * The connection was lost after a part of the body had been read, and the body comes only once. Give the
   * body as bytes, text or a function.
   */
  "body-cannot-be-resent": { text: "the request's body cannot be got again" },
  /** `close()` was called; the Transport takes no further requests. */
  "transport-closed": { text: "the transport is closed" },
  /** A trace or proxy hook, a jar or an `onRetry` threw; `cause` holds what. */
  "hook-threw": { text: "a hook of the caller ended the call" },
  /** A transport of your own threw something without a code; `cause` holds it. */
  "transport-failed": { text: "the transport failed" },
  /**
   * `maxHops` requests were made, and each was answered with a redirect. `url` is where the next one would
   * have gone, `response` the last answer.
   */
  "too-many-redirects": { text: "stopped after too many redirects" },
  /**
   * `checkRedirect` threw; `cause` holds what, and `code` is its code where it has one. `url` is the Location
   * as it came, `response` the answer that holds it.
   */
  "redirect-refused": { text: "the redirect was refused" },
  /** Only http and https are spoken; `registerProtocol` adds others. */
  "unsupported-scheme": { text: "no transport for this scheme" },
} as const;

/** A code of this room's own. */
export type ClientErrorCode = keyof typeof CLIENT_ERRORS;

/** Where in a call it happened. */
export type ClientPhase =
  | "request"
  | "pool"
  | "proxy"
  | "connect"
  | "tls"
  | "send"
  | "wait"
  | "head"
  | "body"
  | "redirect";

/** What is known about a call that failed. */
export interface ClientErrorFacts {
  readonly phase: ClientPhase;
  readonly method: string;
  readonly url: string;
  /** Where the connection went, when there was one. */
  readonly address?: string | undefined;
  readonly reused?: boolean | undefined;
  readonly bytesSent?: number | undefined;
  readonly bytesReceived?: number | undefined;
  /** The response that led to it, where there is one. Its body is closed. */
  readonly response?: Response | undefined;
  readonly detail?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A call that failed. `code` is one of CLIENT_ERRORS or, where another room's error is the `cause`, that one's:
 * "connection-refused", "truncated-body", … Go: url.Error
 */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: string;
  readonly phase: ClientPhase;
  /** As it was asked with; here and in the URL everything but visible ASCII is escaped. */
  readonly method: string;
  /** Without its password. The message shows the first 1,000 characters. */
  readonly url: string;
  /** "127.0.0.1:8080", or the path of a socket; undefined before there was a connection. */
  readonly address: string | undefined;
  /** Had the connection carried a request before? */
  readonly reused: boolean;
  /** Octets of this request written, and of its response read, framing included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly response: Response | undefined;

  constructor(code: string, text: string, facts: ClientErrorFacts) {
    const method = printable(facts.method);
    const url = printable(withoutPassword(facts.url));
    const detail = facts.detail === undefined ? "" : `: ${facts.detail}`;
    const at =
      facts.address === undefined
        ? ""
        : ` (${facts.address}${facts.reused === true ? ", reused" : ""})`;
    super(
      `${clipped(method)} ${clipped(url)}: ${text}${detail}${at}`,
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.code = code;
    this.phase = facts.phase;
    this.method = method;
    this.url = url;
    this.address = facts.address;
    this.reused = facts.reused ?? false;
    this.bytesSent = facts.bytesSent ?? 0;
    this.bytesReceived = facts.bytesReceived ?? 0;
    this.response = facts.response;
  }

  /** One of this room's own codes. */
  static of(code: ClientErrorCode, facts: ClientErrorFacts): ClientError {
    return new this(code, CLIENT_ERRORS[code].text, facts);
  }

  /** Any failure, with its own code where it has one, else with `fallback`. A ClientError is left as it is. */
  static from(cause: unknown, fallback: ClientErrorCode, facts: ClientErrorFacts): ClientError {
    if (cause instanceof this) return cause;
    const code = codeOf(cause);
    const text = cause instanceof Error ? cause.message : CLIENT_ERRORS[fallback].text;
    return code === undefined
      ? this.of(fallback, { ...facts, cause })
      : new this(code, text, { ...facts, cause });
  }
}

/** The code of an error, where it has one of our kind. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && /^[a-z]/.test(code) ? code : undefined;
}

/** Logs are read by people, line by line: nothing that a server or a user has written moves their cursor. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, (unit) => quoteEvidence(unit).slice(1, -1));
}

function clipped(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}

const SHOWN_CHARS = 1_000;

/** The URL, or a Location as it came, with the password, if any, as `***`. Go: stripPassword */
export function withoutPassword(url: string): string {
  return url.replace(/^((?:[a-z][a-z0-9+.-]*:)?[\\/]*[^\\/?#@:]*):[^\\/?#]*@/i, "$1:***@");
}

/**
 * What can go wrong between a handler and its connection.
 * Go: http.ErrServerClosed, ErrHandlerTimeout, ErrHijacked, ErrAbortHandler
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it.
 */
import { WireError } from "../wire/mod.ts";

interface ServerErrorEntry {
  /** The status of the refusal, where one is sent. */
  readonly status?: number;
  readonly text: string;
}

export const SERVER_ERRORS = {
  /**
   * `serve` and `listenAndServe` reject with this after `shutdown` or `close`; a server is not used twice.
   * Make a new one.
   */
  "server-closed": { text: "the server has been shut down" },
  /**
   * Request and ResponseWriter belong to one call of the handler. A call after it has returned, or after its
   * promise has settled, is refused. Await all writes before returning. It is also the reason of `r.signal`
   * when the handler ended normally.
   */
  "handler-done": { text: "the handler of this request has ended" },
  /**
   * After `hijack` the connection belongs to whoever called it; the ResponseWriter writes nothing any more.
   */
  hijacked: { text: "the connection has been taken over by hijack" },
  /**
   * What was asked for can only be done before the first flush, or before more than 2,048 bytes of body were
   * written.
   */
  "head-sent": { text: "the head of the response has gone out already" },
  /**
   * The reason of `r.signal` when the client sent FIN while the handler ran. Clients that will not read the
   * answer do so; an answer is still sent.
   */
  "half-closed": { text: "the client has ended its side of the connection" },
  /**
   * The client sent `Expect: 100-continue` and waits to be told to send its body. The answer has begun
   * without that, so the body will not come. Read the body, or some of it, before writing.
   */
  "body-not-invited": { text: "the answer began before the body was asked for" },
  /**
   * The Server of `barewire/server` knows no sockets: hand it a Listener (`serve`) or a Conn (`serveConn`),
   * or take the Server of `barewire`, which is wired for Node.
   */
  "no-platform": { text: "this server has no way to listen by itself" },
  /**
   * At least one byte of a head had come, but not all of it in time, counted from its first byte (from the
   * start of the connection for the first request). Answered with 408.
   */
  "header-timeout": {
    status: 408,
    text: "the request head did not arrive within readHeaderTimeout",
  },
  /** A read of the body waited too long. It rejects, and when no answer has begun the client gets 408. */
  "body-timeout": { status: 408, text: "no byte of the request body came within readTimeout" },
  /** An answer made no progress; the connection is cut. */
  "write-timeout": { text: "the client took no byte within writeTimeout" },
  /**
   * The head of the response was not out in time. The client gets 503, `r.signal` aborts, and later writes
   * reject with this code.
   */
  "handler-timeout": {
    status: 503,
    text: "the handler did not begin its answer within handlerTimeout",
  },
  /**
   * The surplus connection gets a 503 with Retry-After and is closed. `maxConns` keeps the process below its
   * limit of descriptors.
   */
  "too-many-conns": { status: 503, text: "more connections than maxConns" },
  /** The client used http:// where https:// was needed. It is told so in plain text. */
  "plain-http-on-tls": { status: 400, text: "plain HTTP was spoken on a TLS port" },
  /**
   * The handler, or a failure of it after the head had gone out, ended the connection so that the client can
   * see that the answer is not complete.
   */
  "response-aborted": { text: "the response was cut by abort()" },
} as const;

export type ServerCode = keyof typeof SERVER_ERRORS;

const ENTRIES: Readonly<Record<ServerCode, ServerErrorEntry>> = SERVER_ERRORS;

/** A fault of the serving side, or of the program that uses it. */
export class ServerError extends Error {
  override readonly name: string = "ServerError";
  readonly code: ServerCode;
  /** The status of the refusal, where one is sent. */
  readonly status: number | undefined;

  constructor(code: ServerCode, options: { evidence?: string; cause?: unknown } = {}) {
    const { text, status } = ENTRIES[code];
    const cause = options.cause === undefined ? undefined : { cause: options.cause };
    super(options.evidence === undefined ? text : `${text}: ${options.evidence}`, cause);
    this.code = code;
    this.status = status;
  }
}

/** The status for what a handler threw: an error of ours that is the client's fault says which. */
export function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !("status" in error)) return 500;
  // What the handler itself set, and could not be sent, has no place in what came.
  if (error instanceof WireError && error.offset === undefined) return 500;
  const { status } = error;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

/**
 * accessLog: tells of each request when it is over.
 * Go: a handler around a handler, as gorilla's CombinedLoggingHandler
 *
 * Rule of this file: it watches and changes nothing. What the lines look like is in access-log-line.ts.
 */
import type { Request } from "../../message/mod.ts";
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";
import type { AccessRecord } from "./access-log-line.ts";
import { combinedLine, jsonLine, shortLine } from "./access-log-line.ts";
import { authenticatedUser } from "./basic-auth.ts";
import { finallyCall } from "./chain.ts";

/** A function of lines, or a logger as pino is. What it throws is thrown where the request ended. */
export type AccessSink =
  | ((line: string) => void)
  | { info(record: AccessRecord, message: string): void };

export interface AccessLogOptions {
  /**
   * How a line looks, or what a logger gets as its message beside the record (JSON: `GET /x 200`). Default
   * "combined" for a function, "json" for a logger.
   */
  readonly format?: "combined" | "json" | undefined;
  /** "drop" cuts targets and referers at the question mark: queries may hold secrets. Default "keep". */
  readonly query?: "keep" | "drop" | undefined;
}

/**
 * Serves by the handler and tells the sink of each request when the handler has ended. What came from the
 * peer is quoted. Put it outside of everything that decides about the status; inside `realIp`.
 *
 * A request that the server refuses itself never reaches a handler: `onRefusal` tells of those.
 *
 *   await listenAndServe(":8080", accessLog(mux, console.log));
 *   await listenAndServe(":8080", accessLog(mux, pino()));
 */
export function accessLog<C = unknown>(
  handler: Handler<C>,
  sink: AccessSink,
  options: AccessLogOptions = {},
): HandlerFunc<C> {
  const serve = handlerFunc(handler);
  const tell = tellerOf(sink, options.format);
  const cut = options.query === "drop" ? withoutQuery : same;
  return (w, r) => {
    const begunAt = w.clock.now();
    return finallyCall(
      () => serve(w, r),
      (failure) => tell(recordOf(w, r, { begunAt, failure, cut })),
    );
  };
}

interface Ending {
  readonly begunAt: number;
  readonly failure: { readonly error: unknown } | undefined;
  readonly cut: (text: string) => string;
}

function recordOf(w: ResponseWriter, r: Request, ending: Ending): AccessRecord {
  const { begunAt, failure, cut } = ending;
  const { bytes } = w.sent;
  return {
    time: begunAt,
    remote: r.remoteAddr?.host ?? "",
    user: authenticatedUser.get(r) ?? "",
    method: r.method,
    host: r.host,
    target: cut(r.target),
    proto: r.proto,
    status: statusOf(w, failure),
    // What is written in answer to HEAD is counted, and not sent.
    bytes: r.method === "HEAD" ? 0 : bytes,
    durationMs: w.clock.now() - begunAt,
    referer: cut(r.referer()),
    userAgent: r.userAgent(),
    outcome: failure === undefined ? "complete" : "failed",
  };
}

/** What the client sees; a handler that failed before its head went out is answered by the server. */
function statusOf(w: ResponseWriter, failure: Ending["failure"]): number {
  const { status, head } = w.sent;
  if (failure === undefined || head === "sent") return status === 0 && !w.hijacked ? 200 : status;
  const { error } = failure;
  const wanted: unknown = error instanceof Error && "status" in error ? error.status : undefined;
  return typeof wanted === "number" && wanted >= 400 && wanted < 600 ? wanted : 500;
}

function tellerOf(
  sink: AccessSink,
  format: AccessLogOptions["format"],
): (record: AccessRecord) => void {
  if (typeof sink === "function") {
    const line = format === "json" ? jsonLine : combinedLine;
    return (record) => sink(line(record));
  }
  const message = format === "combined" ? combinedLine : shortLine;
  return (record) => sink.info(record, message(record));
}

function withoutQuery(text: string): string {
  const mark = text.indexOf("?");
  return mark < 0 ? text : text.slice(0, mark);
}

function same(text: string): string {
  return text;
}

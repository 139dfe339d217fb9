/**
 * Short answers for when there is nothing better to say: errors, 404, 405.
 * RFC 9110 §15.5.5, §15.5.6 · Go: server.go Error, NotFound, NotFoundHandler
 *
 * Rule of this file: text/plain and one line. An answer that says something went wrong carries nothing that
 * was said about the answer there would have been.
 */
import type { Request } from "../../message/mod.ts";
import { isMethod, reasonPhrase } from "../../semantics/mod.ts";
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { HandlerError } from "./errors.ts";

/** What describes the content that does not come now. Go leaves all but the first. */
const OF_THE_CONTENT: readonly string[] = [
  "content-length",
  "content-encoding",
  "content-range",
  "etag",
  "last-modified",
];

/**
 * Answers with a line of plain text. Fields that describe other content (Content-Length, Content-Encoding,
 * Content-Range, ETag, Last-Modified) are removed; all others stay. The handler should write nothing more.
 * Resolves as `w.write` does. Go: http.Error
 *
 *   error(w, "no such colour", 422);
 */
export function error(w: ResponseWriter, message: string, status: number): Promise<void> {
  const { header } = w;
  for (const name of OF_THE_CONTENT) header.delete(name);
  header.set("Content-Type", "text/plain; charset=utf-8");
  // The message may hold what the client sent: no browser may take it for a page.
  header.set("X-Content-Type-Options", "nosniff");
  w.writeHeader(status);
  return w.write(`${message}\n`);
}

/** Answers with 404 and "404 page not found". Go: http.NotFound */
export function notFound(w: ResponseWriter, _r?: Request): Promise<void> {
  return error(w, "404 page not found", 404);
}

/** The same as a handler. Go: http.NotFoundHandler */
export function notFoundHandler<C = unknown>(): HandlerFunc<C> {
  return (w) => notFound(w);
}

/**
 * Lets only these methods through; all others get 405 and `Allow`. GET stands for HEAD too. Throws
 * "bad-helper-option" for what is no method. RFC 9110 §15.5.6
 *
 *   mux.handle("/items", allowMethods(["GET", "POST"], items));
 */
export function allowMethods<C = unknown>(
  methods: readonly string[],
  handler: Handler<C>,
): HandlerFunc<C> {
  const allowed = new Set(methods);
  if (allowed.has("GET")) allowed.add("HEAD");
  for (const method of allowed) {
    if (!isMethod(method)) throw new HandlerError("bad-helper-option", `no method: "${method}"`);
  }
  const allow = [...allowed].toSorted().join(", ");
  const serve = handlerFunc(handler);
  return (w, r) => {
    if (allowed.has(r.method)) return serve(w, r);
    w.header.set("Allow", allow);
    return error(w, reasonPhrase(405), 405);
  };
}

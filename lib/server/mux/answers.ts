/**
 * What a mux answers by itself: redirects, 404, 405, and 400 for `*`.
 * RFC 9110 §15.4.8, §15.5.5, §15.5.6 · Go: server.go RedirectHandler, NotFound, Error
 *
 * Rule of this file: handlers and what they need; which of them answers is the mux's to say.
 */
import { reasonPhrase } from "../../semantics/mod.ts";
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";

/** 307 to a path of this server, with the note for people that a GET may show. */
export function redirectTo<C>(location: string): HandlerFunc<C> {
  return (w, r) => {
    w.header.set("Location", location);
    const readable = r.method === "GET" || r.method === "HEAD";
    if (readable) w.header.set("Content-Type", "text/html; charset=utf-8");
    w.writeHeader(307);
    if (r.method !== "GET") return;
    void w.write(`<a href="${location.replaceAll("&", "&amp;")}">${reasonPhrase(307)}</a>.\n`);
  };
}

/** The handler for 405: `Allow` is set before it is asked, so that it only says how that looks. */
export function methodNotAllowed<C>(
  allowed: readonly string[],
  page: Handler<C> | undefined,
): HandlerFunc<C> {
  const answer = page === undefined ? plainMethodNotAllowed : handlerFunc(page);
  return (w, r) => {
    w.header.set("Allow", allowed.join(", "));
    return answer(w, r);
  };
}

export const notFound = (w: ResponseWriter): void => plain(w, 404, "404 page not found\n");

/** No resource is named by `*`, and what a client means that asks for it is unclear. */
export const asteriskRefused: HandlerFunc = (w, r) => {
  if (r.protoAtLeast(1, 1)) w.header.set("Connection", "close");
  w.writeHeader(400);
};

const plainMethodNotAllowed = (w: ResponseWriter): void => plain(w, 405, `${reasonPhrase(405)}\n`);

function plain(w: ResponseWriter, status: number, text: string): void {
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  w.header.set("X-Content-Type-Options", "nosniff");
  w.writeHeader(status);
  void w.write(text);
}

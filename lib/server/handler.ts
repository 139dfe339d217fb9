/**
 * Handler: what answers a request, a function or an object with serveHTTP.
 * Go: http.Handler, http.HandlerFunc
 *
 * Rule of this file: types, and the one place that tells the two forms apart.
 */
import type { Request } from "../message/mod.ts";
import type { ResponseWriter } from "./response-writer.ts";

/** A function that answers. What it returns is awaited only when it is a promise. */
export type HandlerFunc<C = unknown> = (
  w: ResponseWriter<C>,
  r: Request<C>,
) => void | Promise<void>;

/** An object that answers, as a mux does. */
export interface HandlerObject<C = unknown> {
  serveHTTP(w: ResponseWriter<C>, r: Request<C>): void | Promise<void>;
}

export type Handler<C = unknown> = HandlerFunc<C> | HandlerObject<C>;

/** The function form of any handler. Go: HandlerFunc, the other way round */
export function handlerFunc<C>(handler: Handler<C>): HandlerFunc<C> {
  if (typeof handler === "function") return handler;
  return (w, r) => handler.serveHTTP(w, r);
}

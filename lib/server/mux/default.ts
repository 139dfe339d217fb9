/**
 * The mux of the process, for programs that need only one.
 * Go: http.DefaultServeMux, http.Handle, http.HandleFunc
 *
 * Rule of this file: importing it does nothing that could be seen; a program that does not use it does not
 * carry it.
 */
import type { Handler, HandlerFunc } from "../handler.ts";
import { ServeMux } from "./mux.ts";

/** What a Server without a handler of its own asks. Go: DefaultServeMux */
export const defaultServeMux: ServeMux = /* @__PURE__ */ new ServeMux();

/** Registers a handler at the default mux, as `ServeMux.handle` does. Go: http.Handle */
export function handle(pattern: string, handler: Handler): void {
  defaultServeMux.register(pattern, handler, new Error());
}

/** Registers a function at the default mux, as `ServeMux.handleFunc` does. Go: http.HandleFunc */
export function handleFunc(pattern: string, fn: HandlerFunc): void {
  defaultServeMux.register(pattern, fn, new Error());
}

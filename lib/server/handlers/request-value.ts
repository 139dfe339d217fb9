/**
 * A value that one middleware leaves with a request for the handlers inside, typed by its key.
 * Go: context.WithValue, http.Request.Context
 *
 * Rule of this file: a request holds no bag of anything; each key keeps its own values, and only for as long
 * as somebody holds the request.
 */
import type { Request } from "../../message/mod.ts";

/** A key with the type of what it leads to. */
export interface RequestValue<T> {
  /** For messages and debugging; two keys of one name are two keys. */
  readonly name: string;
  /** What was left with the request, or with a request it was made of by `with`; undefined when nothing was. */
  get(r: Request): T | undefined;
  /** Leaves a value with the request and with all copies that `with` makes or has made of it. */
  set(r: Request, value: T): void;
}

/**
 * Makes a key.
 *
 *   const session = requestValue<Session>("session");
 *   const withSession: Middleware = (next) => (w, r) => (session.set(r, load(r)), handlerFunc(next)(w, r));
 *   mux.handleFunc("/", (w, r) => w.write(`Hello ${session.get(r)?.user ?? "stranger"}\n`));
 */
export function requestValue<T>(name: string): RequestValue<T> {
  const values = new WeakMap<object, T>();
  return {
    name,
    get: (r) => values.get(r.root),
    set: (r, value) => void values.set(r.root, value),
  };
}

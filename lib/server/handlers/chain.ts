/**
 * Middleware: a function from a handler to the handler around it, and several of them as one.
 * Go: func(http.Handler) http.Handler
 *
 * Rule of this file: composition only; it looks at no request and no answer.
 */
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";

/** Puts something around a handler. */
export type Middleware<C = unknown> = (handler: Handler<C>) => HandlerFunc<C>;

/**
 * Several middleware as one; the first is the outermost and sees a request first. Without any it changes
 * nothing.
 *
 *   const guarded = chain(realIp({ trust: ["loopback"] }), compress(), basicAuth({ users }));
 *   mux.handle("/admin/", guarded(admin));
 *   await listenAndServe(":8080", mux);
 */
export function chain<C = unknown>(...middleware: readonly Middleware<C>[]): Middleware<C> {
  return (handler) =>
    middleware.reduceRight<HandlerFunc<C>>((inner, wrap) => wrap(inner), handlerFunc(handler));
}

/**
 * Calls a handler and then `done`, whether it returned, threw or rejected (`failure` is what with; undefined
 * where all went well). A handler that returns nothing costs no promise. What it threw is thrown on.
 */
export function finallyCall(
  call: () => void | Promise<void>,
  done: (failure: { readonly error: unknown } | undefined) => void,
): void | Promise<void> {
  let result: void | Promise<void>;
  try {
    result = call();
  } catch (error) {
    done({ error });
    throw error;
  }
  if (result === undefined) {
    done(undefined);
    return undefined;
  }
  return result.then(
    () => done(undefined),
    (error: unknown) => {
      done({ error });
      throw error;
    },
  );
}

/**
 * ServeMux: requests to handlers, by patterns.
 * RFC 9110 §9.3.2, §15.5.6 · Go: server.go ServeMux
 *
 * Rule of this file: what a match means for a request; how one is found is the tree's. A request that some
 * pattern matches as it stands takes the first way, which makes no object but the values of wildcards; all
 * others take the second, which finds out what to say instead.
 */
import type { Request } from "../../message/mod.ts";
import { lowerAscii } from "../../wire/mod.ts";
import { type Handler, type HandlerFunc, type HandlerObject, handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { asteriskRefused, methodNotAllowed, notFound, redirectTo } from "./answers.ts";
import { cleanPath, pathForm } from "./clean-path.ts";
import { MuxError } from "./errors.ts";
import { escapeReference } from "./escape.ts";
import { findConflict } from "./index.ts";
import { type Pattern, endsInRest, parsePattern } from "./pattern.ts";
import { callerOf } from "./place.ts";
import { describeConflict } from "./relation.ts";
import { RoutingTree } from "./tree.ts";

/** How a mux behaves where no handler decides. */
export interface ServeMuxOptions<C = unknown> {
  /**
   * "on": unclean paths, and paths that lack the slash of a pattern, get a 307 to where they belong, their
   * query kept. "off": every path is matched as it stands, `//`, `.` and `..` included. Default "on", as
   * Go's.
   */
  readonly redirects?: "on" | "off" | undefined;
  /** Answers where no pattern matches. Default: 404 and "404 page not found". */
  readonly notFound?: Handler<C> | undefined;
  /** Answers where only other methods match; `Allow` is set already. Default: 405 and its name. */
  readonly methodNotAllowed?: Handler<C> | undefined;
}

/** What answers a request, and the pattern that chose it, empty where none did. */
export interface MuxMatch<C = unknown> {
  readonly handler: Handler<C>;
  readonly pattern: string;
}

/**
 * A handler that hands requests to others, by `[METHOD ][HOST]/[PATH]`:
 *
 *   "/items/{id}"       one segment, which `r.pathValue("id")` gives
 *   "/items/"           all that lies below, and "/items" is redirected here
 *   "/items/{rest...}"  the same, and `r.pathValue("rest")` gives what lies below
 *   "/items/{$}"        just "/items/"
 *   "GET /items"        GET and HEAD only
 *   "a.example/"        requests for that host, whatever their port
 *
 * Of several patterns that match the most specific wins, and the order of registration means nothing. The
 * path is matched as it stands in the target, segment by segment, each decoded once: "%2F" stays inside its
 * segment. So a value may be any text, "../x" and the empty one included: check it before you use it as a
 * file's name. Hosts are compared without case. A CONNECT target has no path and matches nothing.
 *
 * Patterns may be added while requests are served. Go: http.ServeMux
 */
export class ServeMux<C = unknown> implements HandlerObject<C> {
  readonly #tree = new RoutingTree<Route<C>>();
  readonly #names = new Map<string, readonly string[]>();
  readonly #options: ServeMuxOptions<C>;
  readonly #redirects: "on" | "off";

  constructor(options: ServeMuxOptions<C> = {}) {
    this.#options = options;
    this.#redirects = options.redirects ?? "on";
  }

  /**
   * Registers a handler for a pattern. Throws MuxError: "bad-pattern", "no-handler", or "pattern-conflict"
   * when neither this pattern nor a registered one takes precedence. Go: Handle
   */
  handle(pattern: string, handler: Handler<C>): void {
    this.register(pattern, handler, new Error());
  }

  /** The same for a function, for those who know it from Go. Go: HandleFunc */
  handleFunc(pattern: string, fn: HandlerFunc<C>): void {
    this.register(pattern, fn, new Error());
  }

  /**
   * What would answer this request, and why: also where that is a redirect, 404 or 405. The request is not
   * changed. Go: Handler
   */
  handler(r: Request<C>): MuxMatch<C> {
    if (r.target === "*") return { handler: asteriskRefused, pattern: "" };
    const route = this.#find(r, r.escapedPath);
    if (route === undefined) return this.#instead(r, r.escapedPath);
    return { handler: route.handler, pattern: route.text };
  }

  /** Hands the request on, with `pattern` and the values of its wildcards set. Go: ServeHTTP */
  serveHTTP(w: ResponseWriter<C>, r: Request<C>): void | Promise<void> {
    if (r.target === "*") return asteriskRefused(w, r);
    const path = r.escapedPath;
    const route = this.#find(r, path);
    if (route === undefined) {
      const { handler, pattern } = this.#instead(r, path);
      r.pattern = pattern;
      return handlerFunc(handler)(w, r);
    }
    r.pattern = route.text;
    const { names } = route;
    for (let i = 0; i < names.length; i++) r.setPathValue(names[i]!, this.#tree.wildcard(i));
    return route.serve(w, r);
  }

  /** The routing tree as text, a pattern a line. */
  toString(): string {
    return this.#tree.toString();
  }

  /** @internal `here` is made by the function that the program has called. */
  register(text: string, handler: Handler<C>, here: Error): void {
    if (!isHandler(handler)) throw new MuxError("no-handler", { pattern: text });
    const pattern = parsePattern(text);
    const other = findConflict(this.#tree, pattern);
    if (other !== undefined) {
      const evidence = describeConflict(
        { pattern, place: callerOf(here.stack) },
        { pattern: other.pattern, place: callerOf(other.here.stack) },
      );
      throw new MuxError("pattern-conflict", { pattern: text, evidence });
    }
    const names = this.#shared(pattern.names);
    this.#tree.add({ text, names, serve: handlerFunc(handler), handler, pattern, here });
  }

  /** One array for all patterns with these names: few differ, and what is shared stays in the cache. */
  #shared(names: readonly string[]): readonly string[] {
    const key = names.join();
    const shared = this.#names.get(key) ?? names;
    this.#names.set(key, shared);
    return shared;
  }

  /** The route for the request as it stands; undefined also where a redirect comes first. */
  #find(r: Request<C>, path: string): Route<C> | undefined {
    const form = pathForm(path);
    if (form === "unclean" && this.#cleans(r)) return undefined;
    const reading = form === "unclean" ? "encoded" : form;
    const route = this.#tree.match(this.#hostOf(r), r.method, path, reading);
    return this.#slashed(route) === undefined ? route : undefined;
  }

  /** What answers a request that no route is ready for. */
  #instead(r: Request<C>, raw: string): MuxMatch<C> {
    const path = this.#cleans(r) ? cleanPath(raw) : raw;
    const host = this.#hostOf(r);
    const route = this.#tree.match(host, r.method, path, "encoded");
    const slashed = this.#slashed(route);
    if (slashed !== undefined) {
      const clean = cleanPath(path);
      return redirect(r, slashed.text, clean.endsWith("/") ? clean : `${clean}/`);
    }
    if (path !== raw) return redirect(r, route?.text ?? "", path);
    const slash = this.#redirects === "on" ? "forgiven" : "required";
    const allowed = this.#tree.methods(host, path, slash);
    if (allowed.length === 0) return { handler: this.#options.notFound ?? notFound, pattern: "" };
    const handler = methodNotAllowed(allowed, this.#options.methodNotAllowed);
    return { handler, pattern: "" };
  }

  /** Is the path of such a request cleaned? Not that of CONNECT, as in Go. */
  #cleans(r: Request<C>): boolean {
    return this.#redirects === "on" && r.method !== "CONNECT";
  }

  /**
   * What the path is meant for if it only lacks its slash: the last search has seen such a route, and gave
   * none, or this one, which takes the path along with much else. Go: matchOrRedirect, exactMatch
   */
  #slashed(route: Route<C> | undefined): Route<C> | undefined {
    const { slashed } = this.#tree;
    if (slashed === undefined || this.#redirects === "off") return undefined;
    return route === undefined || endsInRest(route.pattern) ? slashed : undefined;
  }

  /** The host to match; empty where no pattern asks for one. CONNECT keeps its port, as in Go. */
  #hostOf(r: Request<C>): string {
    if (!this.#tree.hasHosts) return "";
    return lowerAscii(r.method === "CONNECT" ? r.host : withoutPort(r.host));
  }
}

/** A leaf of the tree. What every request reads lies in the object itself: each step aside costs. */
interface Route<C> {
  readonly text: string;
  readonly names: readonly string[];
  readonly serve: HandlerFunc<C>;
  /** As it was registered. */
  readonly handler: Handler<C>;
  readonly pattern: Pattern;
  /** Its stack begins where it was registered. */
  readonly here: Error;
}

function isHandler(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  return "serveHTTP" in value && typeof value.serveHTTP === "function";
}

/** Always to a path of this server: it begins with one slash, and what could be taken for one is encoded. */
function redirect<C>(r: Request<C>, pattern: string, path: string): MuxMatch<C> {
  const query = r.rawQuery === "" ? "" : `?${escapeReference(r.rawQuery)}`;
  return { handler: redirectTo(`${escapeReference(path)}${query}`), pattern };
}

function withoutPort(host: string): string {
  if (host.startsWith("[")) return host.slice(0, host.indexOf("]") + 1);
  const colon = host.indexOf(":");
  return colon < 0 ? host : host.slice(0, colon);
}

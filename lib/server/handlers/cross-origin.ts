/**
 * Requests that a page of another site makes a browser send: refused, without tokens and without cookies.
 * Fetch Metadata; RFC 6454 §7 · Go: csrf.go CrossOriginProtection
 *
 * Rule of this file: what the browser says of itself decides, Sec-Fetch-Site first, else Origin against the
 * host. A request with neither comes from no browser, which nobody can trick.
 */
import type { Request } from "../../message/mod.ts";
import { isToken, lowerAscii, parseHost } from "../../wire/mod.ts";
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import { ServeMux } from "../mux/mod.ts";
import type { Middleware } from "./chain.ts";
import { HandlerError } from "./errors.ts";
import { error } from "./plain-answers.ts";

export interface CrossOriginOptions<C = unknown> {
  /** Origins whose pages may send anything: "https://example.com", letter by letter. */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** Mux patterns of requests that are not looked at: for what must take posts from anywhere. */
  readonly bypass?: readonly string[] | undefined;
  /** Answers instead. Default: 403 and a line that says why. */
  readonly deny?: Handler<C> | undefined;
}

/**
 * Refuses requests from other origins that could change something. GET, HEAD and OPTIONS pass, so these must
 * change nothing; so does what `Sec-Fetch-Site` calls same-origin or none; without that field an Origin must
 * be absent or name the host of the request. Throws "bad-trusted-origin", and MuxError for a bad pattern.
 *
 * Behind a proxy the host must be the one that the browser asked for: see `realIp`. Go: CrossOriginProtection
 *
 *   const guarded = crossOriginProtection({ trustedOrigins: ["https://app.example"] });
 *   await listenAndServe(":8080", guarded(mux));
 */
export function crossOriginProtection<C = unknown>(
  options: CrossOriginOptions<C> = {},
): Middleware<C> {
  const trusted = new Set(options.trustedOrigins);
  for (const origin of trusted) checkOrigin(origin);
  const bypass = muxOf<C>(options.bypass ?? []);
  const deny = handlerFunc<C>(options.deny ?? refuse);
  return (handler) => {
    const serve = handlerFunc(handler);
    return (w, r) => {
      const good = !isCrossOrigin(r) || trusted.has(originOf(r)) || isBypassed(bypass, r);
      return (good ? serve : deny)(w, r);
    };
  };
}

/** Does the request say that it could change something and comes from another origin? */
export function isCrossOrigin(r: Request): boolean {
  if (r.method === "GET" || r.method === "HEAD" || r.method === "OPTIONS") return false;
  const site = r.header.get("sec-fetch-site") ?? "";
  if (site !== "") return site !== "same-origin" && site !== "none";
  const origin = originOf(r);
  return origin !== "" && lowerAscii(hostOf(origin) ?? "") !== lowerAscii(r.host);
}

const refuse: HandlerFunc = (w) => error(w, "cross-origin request refused", 403);

/** Which pattern would answer is all that is asked; the handler is only known by its identity. */
const BYPASSED: HandlerFunc = () => undefined;

function muxOf<C>(patterns: readonly string[]): ServeMux<C> | undefined {
  if (patterns.length === 0) return undefined;
  const mux = new ServeMux<C>();
  for (const pattern of patterns) mux.handle(pattern, BYPASSED);
  return mux;
}

/** A request that the mux would redirect goes on to somewhere else: it is not let through. */
function isBypassed<C>(mux: ServeMux<C> | undefined, r: Request<C>): boolean {
  return mux !== undefined && mux.handler(r).handler === BYPASSED;
}

function originOf(r: Request): string {
  return r.header.get("origin") ?? "";
}

/** The host of "scheme://host"; undefined for "null" and whatever else is no origin. */
function hostOf(origin: string): string | undefined {
  const mark = origin.indexOf("://");
  return mark < 0 ? undefined : origin.slice(mark + 3);
}

/** @internal Throws "bad-trusted-origin" for what no browser would send as an Origin. */
export function checkOrigin(origin: string): void {
  const mark = origin.indexOf("://");
  const host = hostOf(origin) ?? "";
  if (mark > 0 && isToken(origin.slice(0, mark)) && host !== "" && isHost(host)) return;
  throw new HandlerError("bad-trusted-origin", `"${origin}"`);
}

function isHost(text: string): boolean {
  if (/[/?#@\s]/.test(text)) return false;
  try {
    return parseHost(text).host !== "";
  } catch {
    return false;
  }
}

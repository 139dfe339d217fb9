/**
 * Where a redirect leads: the next request of a chain, or that there is none.
 * RFC 9110 §15.4, §10.2.2, §10.1.3 · Go: client.go redirectBehavior, makeHeadersCopier, refererForURL
 *
 * Rule of this file: pure (but for asking `getBody` for the content); waiting, policies and jars are hops.ts.
 * Go's rules, but for three things: a Host of the caller's own never goes to another host, an explicit Referer does
 * not go from https to http, and content that comes only once stops a chain only while it is still to be sent.
 *
 *   status        method                        content
 *   301 302 303   GET and HEAD stay, else GET   dropped, and its fields with it, for the rest of the chain
 *   307 308       stays                         stays, if it can be got again
 */
import { MessageError, Request, newRequest } from "../message/mod.ts";
import type { RequestParts, Response } from "../message/mod.ts";
import { formatCookies, parseCookies, parseURL } from "../semantics/mod.ts";
import type { Header } from "../wire/mod.ts";
import { lowerAscii } from "../wire/mod.ts";
import { ClientError } from "./errors.ts";
import { authorityEnd, schemeOfURL } from "./route.ts";
import { withoutUserInfo } from "./user-info.ts";

/** A chain of redirects so far. Each step makes a new one. */
export interface RedirectChain {
  /** The caller's request. */
  readonly first: Request;
  /** The one that was answered last. */
  readonly last: Request;
  /** The fields of the first request, without the cookies that were set anew since. */
  readonly header: Header;
  /** Is there a jar? Then cookies of the caller give way to those that are set. */
  readonly jar: "used" | "none";
  readonly body: "kept" | "dropped";
  /** Credentials and cookies: once another host was asked, they never come back. */
  readonly sensitive: "kept" | "stripped";
}

/** The chain that a request begins. */
export function chainOf(first: Request, jar: "used" | "none"): RedirectChain {
  return { first, last: first, header: first.header, jar, body: "kept", sensitive: "kept" };
}

/**
 * The chain with the request that a response leads to as its `last`; "stop" when the response is to be returned
 * as it is: no redirect, no Location, or content that cannot be got again.
 *
 * Throws ClientError: "bad-location", or what `getBody` threw ("body-cannot-be-resent").
 */
export function nextInChain(chain: RedirectChain, response: Response): RedirectChain | "stop" {
  const { first, last } = chain;
  const method = redirectMethod(last.method, response.status);
  const location = response.header.get("location") ?? "";
  if (method === undefined || location === "") return "stop";
  const body = chain.body === "dropped" || response.status <= 303 ? "dropped" : "kept";
  if (body === "kept" && first.body.length !== 0 && first.getBody === undefined) return "stop";

  const to = destinationOf(last, response);
  if (to === undefined) {
    const facts = { phase: "redirect", method: first.method, url: last.target, response } as const;
    throw ClientError.from(new MessageError("bad-location"), "bad-url", facts);
  }
  const { bare, keepsHost } = to;
  const sensitive =
    chain.sensitive === "kept" && shouldCopyHeaderOnRedirect(first.target, bare.target)
      ? "kept"
      : "stripped";
  const amended = { ...chain, header: headerAfter(chain, response), body, sensitive } as const;
  const next = bare.with({
    method,
    host: keepsHost ? last.host : bare.host,
    header: headerFor(amended, bare.target),
    close: first.close,
    exchange: first.exchange,
    response,
    ...(body === "kept" ? contentOf(first) : {}),
  });
  return { ...amended, last: next };
}

/** The method of the next request; undefined when the status is no redirect to be followed. */
export function redirectMethod(method: string, status: number): string | undefined {
  switch (status) {
    case 301:
    case 302:
    case 303:
      return method === "GET" || method === "HEAD" ? method : "GET";
    case 307:
    case 308:
      return method;
    default:
      return undefined;
  }
}

/**
 * The Referer of a request to `next` that the answer from `last` led to: an explicit one stays, user information
 * is left out, and nothing is told to http of https. Undefined for none. RFC 9110 §10.1.3 · Go: refererForURL
 */
export function refererFor(
  last: string,
  next: string,
  explicit: string | undefined,
): string | undefined {
  const scheme = schemeOfURL(last);
  if (scheme === undefined || (scheme === "https" && schemeOfURL(next) === "http"))
    return undefined;
  return explicit === undefined || explicit === "" ? withoutUserInfo(last) : explicit;
}

/**
 * May credentials and cookies that were meant for one URL go to another: is it the same host, or one below it?
 * Scheme and port play no part. Go: shouldCopyHeaderOnRedirect
 */
export function shouldCopyHeaderOnRedirect(initial: string, dest: string): boolean {
  return isDomainOrSubdomain(hostnameOf(dest), hostnameOf(initial));
}

/** Is `sub` the host `parent` or below it? The zone of an IPv6 address is no domain. Go: isDomainOrSubdomain */
export function isDomainOrSubdomain(sub: string, parent: string): boolean {
  if (sub === parent) return true;
  return !/[:%]/.test(sub) && sub.endsWith(`.${parent}`);
}

/** Fields that say who the caller is, or keep its place. Go: shouldCopyHeaderOnRedirect's list */
const SENSITIVE: readonly string[] = [
  "Authorization",
  "WWW-Authenticate",
  "Cookie",
  "Cookie2",
  "Proxy-Authorization",
  "Proxy-Authenticate",
];

/** Fields that describe content. RFC 9110 §15.4 (the steps to redirect a request) */
const OF_CONTENT: readonly string[] = [
  "Content-Encoding",
  "Content-Language",
  "Content-Location",
  "Content-Type",
];

/** Takes the place of a host that no URL object can hold (an IPv6 zone) while a Location is resolved. */
const STAND_IN = "stand-in.invalid";

/** The fields of the caller without the cookies that this response sets. Go: makeHeadersCopier */
function headerAfter({ header, jar }: RedirectChain, response: Response): Header {
  if (jar === "none" || !header.has("cookie") || !response.header.has("set-cookie")) return header;
  const cookies = parseCookies(header.values("cookie"));
  const set = new Set(response.cookies().map(({ name }) => name));
  const kept = cookies.filter(({ name }) => !set.has(name));
  if (kept.length === cookies.length) return header;
  const amended = header.clone();
  const pairs = kept.map((cookie) => formatCookies([cookie])).toSorted();
  if (pairs.length === 0) amended.delete("Cookie");
  else amended.set("Cookie", pairs.join("; "));
  return amended;
}

function headerFor({ header: all, last, sensitive, body }: RedirectChain, to: string): Header {
  const header = all.clone();
  if (sensitive === "stripped") for (const name of SENSITIVE) header.delete(name);
  if (body === "dropped") for (const name of OF_CONTENT) header.delete(name);
  const referer = refererFor(last.target, to, header.get("referer"));
  if (referer === undefined) header.delete("Referer");
  else header.set("Referer", referer);
  return header;
}

/** The content of the first request once more, and how it is framed. */
function contentOf(first: Request): Partial<RequestParts> {
  const { getBody, contentLength, transferEncoding } = first;
  if (getBody === undefined) return {};
  try {
    const trailer = first.trailer.count === 0 ? {} : { trailer: first.trailer };
    return { body: getBody(), getBody, contentLength, transferEncoding, ...trailer };
  } catch (cause) {
    const facts = { phase: "redirect", method: first.method, url: first.target, cause } as const;
    throw ClientError.from(cause, "body-cannot-be-resent", facts);
  }
}

interface Destination {
  /** A GET without fields for the URL. */
  readonly bare: Request;
  /** Does a Host of the caller's own still hold? */
  readonly keepsHost: boolean;
}

/** Where Location leads, resolved against the URL (not the Host field); undefined when nowhere. */
function destinationOf(last: Request, response: Response): Destination | undefined {
  const start = last.target.indexOf("://") + 3;
  const authority = start < 3 ? last.host : last.target.slice(start, authorityEnd(last.target));
  const standsIn = start >= 3 && parseURL(last.target) === undefined;
  const host = standsIn ? STAND_IN : authority;
  const base = new Request({ method: "GET", target: last.target, host });
  if (MISLEADING.test(response.header.get("location") ?? "")) return undefined;
  try {
    const url = response.with({ request: base }).location();
    if (url === undefined) return undefined;
    const stays = url.host === base.url.host;
    const href = standsIn && stays ? url.href.replace(STAND_IN, () => authority) : url.href;
    const bare = newRequest("GET", href);
    const isRelative = !/^[a-z][a-z0-9+.-]*:/i.test(response.header.get("location") ?? "");
    return { bare, keepsHost: stays && isRelative && hasOwnHost(last) };
  } catch {
    // Not a URL, or one that cannot be asked for ("mailto:"): to the caller both are a bad Location.
    return undefined;
  }
}

/**
 * What the URL class finds a host in although there is none: "http:///x", "http:x", "///x", "\\" for "/", and tabs,
 * which it passes over even within "//". RFC 9110 §4.2.1 has the first refused; in the others a server that looks
 * at where it sends people sees a path.
 */
const MISLEADING = /^(https?:(?!\/\/[^/?#\\])|\/\/([/?#]|$)|[/\\]*\\)|\t/i;

/** Did the caller ask for another Host than the URL's? */
function hasOwnHost({ target, host }: Request): boolean {
  if (host === "" || schemeOfURL(target) === undefined) return false;
  return host !== newRequest("GET", target).host;
}

/** The host of a URL in lower case and ASCII, without brackets and port. Go: idnaASCIIFromURL */
function hostnameOf(url: string): string {
  const parsed = parseURL(url);
  if (parsed !== undefined) return parsed.hostname;
  // What no URL object holds: an address with a zone.
  const bare = withoutUserInfo(url);
  const authority = bare.slice(bare.indexOf("://") + 3, authorityEnd(bare));
  const bracket = authority.startsWith("[") ? authority.indexOf("]") : -1;
  if (bracket > 0) return lowerAscii(authority.slice(1, bracket)).replace("%25", "%");
  return lowerAscii(authority.replace(/:\d*$/, ""));
}

/**
 * A request as its transport sends it: what is added to what the caller made.
 * RFC 9112 §3.2, §7.4 · Go: transport.go roundTrip, persistConn.roundTrip
 *
 * Rule of this file: pure. The caller's request is not changed, and what it says itself is not said again.
 */
import type { OutgoingHead, Request } from "../message/mod.ts";
import { requestHead } from "../message/mod.ts";
import { formatField, hasConnectionOption } from "../wire/mod.ts";
import { ClientError } from "./errors.ts";
import { hostPort } from "./host-port.ts";
import { type Origin, type Route, originOf, schemeOfURL } from "./route.ts";

/** What a transport adds to its requests. */
export interface Additions {
  readonly userAgent: string | undefined;
  /** The field line that asks for content codings, or nothing. */
  readonly askLine: string;
  /** "one-request": the connection is not kept, and the server is told. */
  readonly connections: "kept" | "one-request";
}

/** The head of the request on this way. Throws as `requestHead` does. */
export function outgoingHead(request: Request, route: Route, additions: Additions): OutgoingHead {
  return requestHead(named(request, route.origin), {
    form: isForwarded(route) ? "absolute" : "origin",
    userAgent: additions.userAgent,
    extra: extraLines(request, route, additions),
  });
}

/**
 * May the answer be asked for in a coding that the caller need not know of? Not when the request says something
 * of codings itself, nor with a range: a piece of coded content cannot be decoded.
 */
export function mayBeCoded({ method, header }: Request): boolean {
  if (method === "HEAD" || method === "CONNECT") return false;
  return header.count === 0 || !(header.has("accept-encoding") || header.has("range"));
}

/** CONNECT names its tunnel: the Host of the request or, without one, where its URL leads. */
function named(request: Request, origin: Origin): Request {
  if (request.method !== "CONNECT" || request.target.startsWith("/")) return request;
  const host = request.host === "" ? hostPort(origin) : request.host;
  const target = /:\d+$/.test(host) ? host : `${host}:${origin.port}`;
  return request.with({ target, host: target });
}

/** The transport's own fields, after the caller's. */
function extraLines(request: Request, route: Route, { askLine, connections }: Additions): string {
  let lines = askLine;
  if (connections === "one-request" && !request.close && !speaksOfConnection(request)) {
    lines += "Connection: close\r\n";
  }
  const authorization = isForwarded(route) ? route.proxy?.authorization : undefined;
  if (authorization !== undefined && !request.header.has("proxy-authorization")) {
    lines += formatField("Proxy-Authorization", authorization);
  }
  return lines;
}

/** Is the request sent to a proxy as it is, rather than through a tunnel? */
function isForwarded({ origin, proxy }: Route): boolean {
  return origin.scheme === "http" && proxy !== undefined && proxy.kind !== "socks5";
}

/** Does the request say what becomes of its connection: closed, or another protocol's? */
function speaksOfConnection({ header }: Request): boolean {
  const options = header.values("connection");
  return options.some(
    (value) => hasConnectionOption(value, "upgrade") || hasConnectionOption(value, "close"),
  );
}

/** Where the request's URL leads. Throws "bad-url" or "unsupported-scheme". */
export function originOfRequest(request: Request): Origin {
  const origin = originOf(request.target);
  if (origin !== undefined) return origin;
  const scheme = schemeOfURL(request.target);
  const known = scheme === undefined || scheme === "http" || scheme === "https";
  throw ClientError.of(known ? "bad-url" : "unsupported-scheme", factsOf(request));
}

/** What an error tells of a request that was not sent. */
export function factsOf(request: Request): { phase: "request"; method: string; url: string } {
  return { phase: "request", method: request.method, url: request.target };
}

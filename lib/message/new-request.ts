/**
 * A request to be sent, made from a URL.
 * RFC 9110 §4.2, §7.1, §7.2 · Go: http.NewRequestWithContext
 *
 * Rule of this file: what can be refused is refused here, before there is a connection. The URL is read by the
 * grammar of an absolute target, not by the URL class, which rewrites what it is given.
 */
import { Header, WireError, isToken, parseTarget } from "../wire/mod.ts";
import type { HeaderInit } from "../wire/mod.ts";
import type { Exchange } from "./exchange.ts";
import { type BodyLike, bodyFrom } from "./outgoing-body.ts";
import { Request } from "./request.ts";

export interface NewRequestOptions {
  /** Ends the call; its reason is what the call rejects with. */
  readonly signal?: AbortSignal | undefined;
  readonly header?: HeaderInit | undefined;
}

/**
 * Makes a request. An empty method is GET; the fragment of the URL and its user information are not sent, an
 * empty port is left out of `host`. A body that brings a type sets Content-Type unless `header` has one.
 *
 * Throws "bad-method", "bad-target", "bad-host" or "unsupported-body". Go: http.NewRequest
 */
export function newRequest(
  method: string,
  url: string | { toString(): string },
  body?: BodyLike,
  options: NewRequestOptions = {},
): Request {
  const verb = method === "" ? "GET" : method;
  if (!isToken(verb)) throw new WireError("bad-method", { evidence: verb });
  const target = withoutFragment(String(url));
  const parsed = parseTarget("GET", target);
  if (parsed.kind !== "absolute") throw new WireError("bad-target", { evidence: target });
  const header = new Header(options.header);
  const outgoing = body === undefined ? undefined : bodyFrom(body);
  if (outgoing?.contentType !== undefined && !header.has("content-type")) {
    header.set("Content-Type", outgoing.contentType);
  }
  return new Request({
    method: verb,
    target,
    host: hostOf(parsed.authority),
    header,
    body: outgoing?.body,
    getBody: outgoing?.getBody,
    contentLength: outgoing === undefined ? 0 : outgoing.length,
    exchange: options.signal === undefined ? undefined : aboutToBeSent(options.signal),
  });
}

function withoutFragment(url: string): string {
  const mark = url.indexOf("#");
  return mark < 0 ? url : url.slice(0, mark);
}

/** RFC 6874: the "%25" before a zone is an encoded "%". An empty port says nothing. */
function hostOf(authority: string): string {
  const host = authority.endsWith(":") ? authority.slice(0, -1) : authority;
  return host.startsWith("[") ? host.replace("%25", "%") : host;
}

/** A request that is on no connection yet knows its signal, and nothing else. */
function aboutToBeSent(signal: AbortSignal): Exchange {
  return {
    remoteAddr: undefined,
    localAddr: undefined,
    tls: undefined,
    context: undefined,
    server: undefined,
    signal,
  };
}

/**
 * A request to be sent, made from a URL.
 * RFC 9110 §4.2, §7.1, §7.2 · Go: http.NewRequestWithContext
 *
 * Rule of this file: what can be refused is refused here, before there is a connection. The URL is read by the
 * grammar of an absolute target, not by the URL class, which rewrites what it is given.
 */
import { parseURL } from "../semantics/mod.ts";
import { Header, WireError, isToken, parseTarget } from "../wire/mod.ts";
import type { HeaderInit, Target } from "../wire/mod.ts";
import type { Exchange } from "./exchange.ts";
import { type BodyLike, bodyFrom } from "./outgoing-body.ts";
import { Request } from "./request.ts";

export interface NewRequestOptions {
  /** Ends the call; its reason is what the call rejects with. */
  readonly signal?: AbortSignal | undefined;
  /** Host, Content-Length and the like are not taken from here: see below. */
  readonly header?: HeaderInit | undefined;
  /** The Host field, where it is not the URL's host. Go: Request.Host */
  readonly host?: string | undefined;
  /** How long a body is that does not know it itself. Go: Request.ContentLength */
  readonly contentLength?: number | undefined;
}

type AbsoluteTarget = Extract<Target, { kind: "absolute" }>;

/**
 * Makes a request. An empty method is GET; the fragment of the URL and its user information are not sent, an
 * empty port is left out of `host`. Spaces and what is not ASCII in path and query are percent-encoded, as UTF-8,
 * a host that is not ASCII is written as DNS has it, and nothing else is changed. A body that brings a type sets Content-Type unless `header` has one.
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
  const target = escaped(withoutFragment(String(url)));
  const parsed = parsedURL(target);
  const header = new Header(options.header);
  const outgoing = body === undefined ? undefined : bodyFrom(body);
  if (outgoing?.contentType !== undefined && !header.has("content-type")) {
    header.set("Content-Type", outgoing.contentType);
  }
  return new Request({
    method: verb,
    target,
    parsedTarget: parsed,
    host: options.host ?? hostOf(parsed.authority),
    header,
    body: outgoing?.body,
    getBody: outgoing?.getBody,
    contentLength: options.contentLength ?? (outgoing === undefined ? 0 : outgoing.length),
    exchange: options.signal === undefined ? undefined : aboutToBeSent(options.signal),
  });
}

/** Path and query as they may be sent, a host's name as DNS has it. Go: url.URL.EscapedPath, idnaASCII */
function escaped(url: string): string {
  if (!NEEDS_ESCAPE.test(url)) return url;
  const start = url.indexOf("://") + 3;
  if (start < 3) return url;
  const length = url.slice(start).search(/[/?]/);
  const end = length < 0 ? url.length : start + length;
  const local = url.slice(end).replace(TO_ESCAPE, percentEncoded);
  return url.slice(0, start) + withASCIIHost(url.slice(start, end)) + local;
}

const NEEDS_ESCAPE = /[^!-~]/;

/** Controls are not among them: they are refused. */
const TO_ESCAPE = /[ \u0080-\u{10ffff}]+/gu;

function percentEncoded(text: string): string {
  return Array.from(UTF8.encode(text), (octet) => `%${octet.toString(16).toUpperCase()}`).join("");
}

const UTF8 = new TextEncoder();

/** A name with other letters as DNS has it (`xn--…`); one that has no such form stays, and is refused. */
function withASCIIHost(authority: string): string {
  const [, before = "", host = "", port = ""] = /^(.*@)?([^@]*?)(:[0-9]*)?$/s.exec(authority) ?? [];
  if (!BEYOND_ASCII.test(host) || NEVER_IN_HOST.test(host)) return authority;
  const ascii = parseURL(`http://${host}/`)?.hostname;
  return ascii === undefined ? authority : before + ascii + port;
}

const BEYOND_ASCII = /[\u0080-\u{10ffff}]/u;
const NEVER_IN_HOST = /[\0- "#%/:<>?@[\\\]^`{|}\x7f]/;

function withoutFragment(url: string): string {
  const mark = url.indexOf("#");
  return mark < 0 ? url : url.slice(0, mark);
}

/** Only an absolute URL will do. The error shows it without its user information, which may be a password. */
function parsedURL(url: string): AbsoluteTarget {
  try {
    const parsed = parseTarget("GET", url);
    if (parsed.kind === "absolute") return parsed;
  } catch {
    // The only throw in there is "bad-target", of the same evidence.
  }
  throw new WireError("bad-target", { evidence: url.replace(/\/\/[^/?#]*@/, "//***@") });
}

/** RFC 6874: the "%25" before a zone is an encoded "%". An empty port says nothing. */
function hostOf(authority: string): string {
  const host = authority.endsWith(":") ? authority.slice(0, -1) : authority;
  return host.startsWith("[") ? host.replace("%25", "%") : host;
}

/** @internal A request that is on no connection yet knows its signal, and nothing else. */
export function aboutToBeSent(signal: AbortSignal): Exchange {
  return {
    remoteAddr: undefined,
    localAddr: undefined,
    tls: undefined,
    context: undefined,
    server: undefined,
    signal,
  };
}

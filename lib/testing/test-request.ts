/**
 * newTestRequest: a Request as a server would have read it, made without one.
 * RFC 9110 §6, RFC 9112 §3 · Go: httptest.NewRequest
 *
 * Rule of this file: it fills in what a test does not care about and checks what would never arrive.
 */
import type { Addr, TlsInfo } from "../bufio/mod.ts";
import { type BodyLike, Request, bodyFrom } from "../message/mod.ts";
import {
  Header,
  type HeaderInit,
  WireError,
  checkHost,
  checkTarget,
  isToken,
} from "../wire/mod.ts";

export interface TestRequestOptions<C = unknown> {
  /** Fields without Host, Transfer-Encoding and Trailer, as a handler sees them. */
  readonly header?: HeaderInit | undefined;
  /** Text, bytes, forms, streams, iterables: whatever the client takes. Default: none. */
  readonly body?: BodyLike;
  /** Default: the authority of an absolute target, else "example.com". */
  readonly host?: string | undefined;
  /** The n of HTTP/1.n. Default 1. */
  readonly versionMinor?: 0 | 1 | undefined;
  /** Default 192.0.2.1:1234 (RFC 5737: belongs to nobody). */
  readonly remoteAddr?: Addr | undefined;
  readonly localAddr?: Addr | undefined;
  /** What TLS would have told; undefined for plain HTTP. */
  readonly tls?: TlsInfo | undefined;
  /** What `connContext` would have given. */
  readonly context?: C;
  /** Aborts when the client is to seem gone. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** Fields after the body. */
  readonly trailer?: HeaderInit | undefined;
}

const REMOTE: Addr = Object.freeze({ network: "tcp", host: "192.0.2.1", port: 1234 });
const LOCAL: Addr = Object.freeze({ network: "tcp", host: "192.0.2.2", port: 80 });

/**
 * Makes a request for `record`, or to be handed to a handler. An empty method is GET. Content-Length is set
 * for a body of known length; one of unknown length counts as chunked.
 *
 * Throws WireError ("bad-method", "bad-target", "bad-host") for what no server would have let through.
 */
export function newTestRequest<C = unknown>(
  method: string,
  target: string,
  options: TestRequestOptions<C> = {},
): Request<C> {
  const name = method === "" ? "GET" : method;
  if (!isToken(name)) throw new WireError("bad-method");
  checkTarget(name, target);
  const host = options.host ?? authorityOf(target) ?? "example.com";
  checkHost(host);
  const { body, length, contentType } = bodyFrom(options.body);
  const header = new Header(options.header);
  const known = options.body === undefined ? 0 : length;
  if (known !== undefined && known > 0 && !header.has("content-length")) {
    header.set("Content-Length", String(known));
  }
  if (contentType !== undefined && !header.has("content-type"))
    header.set("Content-Type", contentType);
  return new Request<C>({
    method: name,
    target,
    versionMinor: options.versionMinor ?? 1,
    header,
    host,
    body,
    contentLength: known,
    transferEncoding: known === undefined ? ["chunked"] : [],
    trailer: options.trailer === undefined ? undefined : new Header(options.trailer),
    close: options.versionMinor === 0 || header.get("connection")?.toLowerCase() === "close",
    exchange: {
      remoteAddr: options.remoteAddr ?? REMOTE,
      localAddr: options.localAddr ?? LOCAL,
      tls: options.tls,
      context: options.context as C,
      server: undefined,
      signal: options.signal ?? new AbortController().signal,
    },
  });
}

/** Of "http://host:port/path" the host and port; undefined for the other forms. */
function authorityOf(target: string): string | undefined {
  const scheme = target.indexOf("://");
  if (scheme < 0 || target.startsWith("/")) return undefined;
  const start = scheme + 3;
  const end = target.slice(start).search(/[/?]/);
  return end < 0 ? target.slice(start) : target.slice(start, start + end);
}

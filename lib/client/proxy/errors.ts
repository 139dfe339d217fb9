/**
 * What can go wrong on the way through a proxy, and while the proxy is chosen.
 * RFC 9110 §9.3.6, RFC 1928, RFC 1929 · Go: net/http transport.go dialConn, internal/socks, x/net httpproxy
 *
 * Rule of this file: one table, one class. Nothing in a text comes from credentials; of what a proxy sends
 * only the reason phrase is shown, escaped and clipped.
 */

interface ProxyErrorEntry {
  readonly text: string;
}

/** Every code with its sentence; the comment above it is its paragraph in docs/errors.md. */
export const PROXY_ERRORS = {
  /**
   * REQUEST_METHOD is set, so this is a CGI program, and there HTTP_PROXY may be a `Proxy` field that the
   * client has sent. Use another way to name the proxy for http URLs.
   */
  "refused-in-cgi": { text: "HTTP_PROXY is not trusted in a CGI program" },
  /**
   * A proxy is an absolute URL with a host: `http://proxy.example:3128`. A user name in it may not hold a
   * colon.
   */
  "bad-proxy-url": { text: "the proxy's URL is malformed" },
  /** The scheme of a proxy's URL is http, https, socks5 or socks5h. */
  "unsupported-proxy-scheme": { text: "no such proxy is spoken to" },
  /**
   * The proxy answered CONNECT with another status than 2xx; the error carries it as `status` and
   * `statusText`. 407 asks for a user and a password in the proxy's URL.
   */
  "proxy-refused": { text: "the proxy refused the tunnel" },
  /**
   * The connection to the proxy ended before the proxy had answered. Perhaps it speaks another protocol than
   * its URL says.
   */
  "proxy-closed": { text: "the proxy closed the connection before the tunnel stood" },
  /** The proxy did not open the way within `proxyConnectTimeout`, or within the time that was left of it. */
  "proxy-timed-out": { text: "the proxy took too long" },
  /** An answer of the proxy breaks RFC 1928 or RFC 1929. An HTTP proxy named by a socks5 URL answers so. */
  "bad-socks-reply": { text: "the proxy does not speak SOCKS5 as it should" },
  /**
   * Without user and password in the proxy's URL only access without authentication is offered; with them,
   * access by password too. The proxy wants another way.
   */
  "socks-auth-required": { text: "the proxy accepts none of the offered ways to authenticate" },
  /** The user name and password of the proxy's URL were refused (RFC 1929). */
  "socks-auth-failed": { text: "the proxy did not accept the user and password" },
  /**
   * The SOCKS5 proxy answered that it does not or cannot connect to the target; the message says which of the
   * reasons of RFC 1928 §6 it gave.
   */
  "socks-refused": { text: "the proxy could not connect" },
  /** A host name has 1 to 255 octets there, a port two octets. */
  "bad-socks-target": { text: "the target does not fit into a SOCKS5 request" },
  /** RFC 1929 has room for a user name of 1 to 255 octets and a password of at most 255. */
  "bad-socks-credentials": { text: "the user and password do not fit into a SOCKS5 request" },
} as const;

/** One of the codes of the table. */
export type ProxyErrorCode = keyof typeof PROXY_ERRORS;

const ENTRIES: Readonly<Record<ProxyErrorCode, ProxyErrorEntry>> = PROXY_ERRORS;

/** What a proxy said when it refused. */
export interface ProxyErrorFacts {
  readonly status?: number | undefined;
  readonly statusText?: string | undefined;
  /** Added to the code's sentence. */
  readonly detail?: string | undefined;
}

/** No way through the proxy. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly code: ProxyErrorCode;
  /** The status of an HTTP proxy's answer, with "proxy-refused". */
  readonly status: number | undefined;
  /** Its reason phrase as it came; may be empty. */
  readonly statusText: string | undefined;

  constructor(code: ProxyErrorCode, { status, statusText, detail }: ProxyErrorFacts = {}) {
    const { text } = ENTRIES[code];
    super(detail === undefined ? text : `${text}: ${detail}`);
    this.code = code;
    this.status = status;
    this.statusText = statusText;
  }
}

/**
 * A proxy's URL, read into what a client needs to know of it.
 * RFC 9110 §11.7.2, RFC 7617 · Go: transport.go connectMethod, proxyAuth
 *
 * Rule of this file: pure; user and password leave it as what the proxy is sent, never in an error.
 */
import { type BasicCredentials, formatBasic, parseURL, pathUnescape } from "../../semantics/mod.ts";
import { ProxyError } from "./errors.ts";

/** Where a proxy listens. */
interface ProxyPlace {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** The URL in one spelling, user and password included: equal for equal proxies, and not to be shown. */
  readonly href: string;
}

/** A proxy, and what it wants to hear. */
export type ProxyServer =
  | (ProxyPlace & {
      /** "https": TLS to the proxy itself. */
      readonly kind: "http" | "https";
      /** The value of Proxy-Authorization. */
      readonly authorization: string | undefined;
      readonly credentials?: undefined;
    })
  | (ProxyPlace & {
      /** SOCKS5; names are resolved by the proxy. */
      readonly kind: "socks5";
      readonly credentials: BasicCredentials | undefined;
      readonly authorization?: undefined;
    });

/** The schemes, with the protocol and the default port of each. */
const SCHEMES: ReadonlyMap<string, { kind: ProxyServer["kind"]; port: number }> = new Map([
  ["http:", { kind: "http", port: 80 }],
  ["https:", { kind: "https", port: 443 }],
  ["socks5:", { kind: "socks5", port: 1080 }],
  ["socks5h:", { kind: "socks5", port: 1080 }],
]);

/**
 * Reads the URL of a proxy: http, https, socks5 or socks5h; the last two mean the same. A path is ignored.
 * Throws ProxyError "bad-proxy-url" or "unsupported-proxy-scheme".
 */
export function parseProxy(value: string | URL): ProxyServer {
  const url = typeof value === "string" ? parseURL(value) : value;
  if (url === undefined) throw new ProxyError("bad-proxy-url");
  const scheme = SCHEMES.get(url.protocol);
  if (scheme === undefined) {
    throw new ProxyError("unsupported-proxy-scheme", { detail: url.protocol.slice(0, -1) });
  }
  const { kind } = scheme;
  const host = hostOf(url);
  const port = url.port === "" ? scheme.port : portOf(url.port);
  const userInfo = url.username + (url.password === "" ? "" : `:${url.password}`);
  const at = host.includes(":") ? `[${host}]` : host;
  const href = `${kind}://${userInfo === "" ? "" : `${userInfo}@`}${at}:${port}`;
  if (kind === "socks5") return { kind, host, port, href, credentials: credentialsOf(url) };
  return { kind, host, port, href, authorization: proxyAuthorization(url) };
}

/**
 * The value of Proxy-Authorization for the user and password of a proxy's URL: Basic, in UTF-8. Undefined
 * when it names none. Throws ProxyError "bad-proxy-url" for a user name with a colon. Go: proxyAuth
 */
export function proxyAuthorization(url: URL): string | undefined {
  const credentials = credentialsOf(url);
  if (credentials === undefined) return undefined;
  if (credentials.username.includes(":")) {
    throw new ProxyError("bad-proxy-url", { detail: "the user name holds a colon" });
  }
  return formatBasic(credentials);
}

function credentialsOf({ username, password }: URL): BasicCredentials | undefined {
  if (username === "" && password === "") return undefined;
  return { username: pathUnescape(username), password: pathUnescape(password) };
}

/** Only the schemes of the web have their hosts normalised by URL: socks5 hosts are read as those are. */
function hostOf(url: URL): string {
  const web = url.hostname === "" ? undefined : parseURL(`http://${url.hostname}`);
  if (web === undefined) throw new ProxyError("bad-proxy-url");
  return web.hostname.replace(/^\[(.*)\]$/, "$1");
}

/** URL has checked it: digits, at most 65535. */
function portOf(digits: string): number {
  let port = 0;
  for (let i = 0; i < digits.length; i++) port = port * 10 + digits.charCodeAt(i) - 0x30;
  return port;
}

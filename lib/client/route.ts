/**
 * Where a request goes: the origin that its URL names, and the way to it.
 * RFC 9110 §4.2, RFC 9112 §3.2 · Go: transport.go connectMethod
 *
 * Rule of this file: pure; it cuts a URL that newRequest has checked, and opens nothing. A Route is the same
 * object for all requests to an origin, so that the pool can keep its connections under it.
 */
import { isDigits, lowerAscii } from "../wire/mod.ts";
import { poolKey } from "./pool-key.ts";
import type { ProxyServer } from "./proxy/mod.ts";

/** What a URL says of where it leads. */
export interface Origin {
  readonly scheme: "http" | "https";
  /** As in the URL; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

/** An origin and the proxy before it, if any. */
export interface Route {
  readonly key: string;
  readonly origin: Origin;
  readonly proxy: ProxyServer | undefined;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;
const PORT_MAX = 65_535;

/** The scheme of an absolute URL, in lower case; undefined for any other target. */
export function schemeOfURL(target: string): string | undefined {
  const end = target.indexOf("://");
  return end < 1 ? undefined : lowerAscii(target.slice(0, end));
}

/** Where the authority of an absolute URL ends. */
export function authorityEnd(target: string): number {
  for (let i = target.indexOf("://") + 3; i < target.length; i++) {
    const char = target.charCodeAt(i);
    if (char === 0x2f || char === 0x3f || char === 0x23) return i;
  }
  return target.length;
}

/** Cuts the origin out of an absolute http or https URL; undefined when it is none. */
export function originOf(target: string): Origin | undefined {
  const scheme = schemeOfURL(target);
  if (scheme !== "http" && scheme !== "https") return undefined;
  const whole = target.slice(scheme.length + 3, authorityEnd(target));
  const authority = whole.slice(whole.lastIndexOf("@") + 1);
  const bracket = authority.startsWith("[") ? authority.indexOf("]") : -1;
  const colon = authority.indexOf(":", bracket + 1);
  const host =
    bracket > 0 ? authority.slice(1, bracket) : authority.slice(0, colon < 0 ? undefined : colon);
  const digits = colon < 0 ? "" : authority.slice(colon + 1);
  const port = digits === "" ? DEFAULT_PORTS[scheme] : portOf(digits);
  if (host === "" || port === undefined) return undefined;
  return { scheme, host: lowerAscii(host.replace("%25", "%")), port };
}

/** A decimal port from 0 to 65535; undefined for anything else. */
function portOf(digits: string): number | undefined {
  if (!isDigits(digits)) return undefined;
  let port = 0;
  for (let i = 0; i < digits.length; i++) {
    port = port * 10 + digits.charCodeAt(i) - 0x30;
    if (port > PORT_MAX) return undefined;
  }
  return port;
}

/** The way to an origin. */
export function routeTo(origin: Origin, proxy: ProxyServer | undefined): Route {
  const key = poolKey({
    proxy: proxy?.href,
    scheme: origin.scheme,
    host: origin.host,
    port: origin.port,
  });
  return { key, origin, proxy };
}

/**
 * What of a Set-Cookie a jar takes, and as what.
 * draft-ietf-httpbis-rfc6265bis §5.7 · Go: cookiejar newEntry
 *
 * Rule of this file: the steps of the storage model up to the point where a cookie is put in, without those
 * that ask for documents and scripts. A cookie that must be ignored is undefined. The store is not known here.
 */
import { type Cookie, type CookiePair, formatCookies } from "../../semantics/mod.ts";
import { equalsIgnoringCase, flatCopy } from "../../wire/mod.ts";
import { canonicalHost, domainMatches, isLoopback } from "./host.ts";
import type { JarCookie } from "./jar-cookie.ts";
import type { JarLimits } from "./limits.ts";
import { isPublicSuffix, type PublicSuffixList } from "./public-suffix.ts";
import { defaultPath, domainScope, pathMatches } from "./scope.ts";

/** What a URL says to a jar. */
export interface Place {
  readonly host: string;
  readonly path: string;
  /** Can nobody on the way listen or speak? */
  readonly secure: boolean;
}

/** By what a jar judges. */
export interface JarRules {
  readonly publicSuffixes: PublicSuffixList | undefined;
  readonly limits: JarLimits;
}

/**
 * The place of an http or https URL; undefined for others, which have no cookies. This machine counts as
 * secure without TLS too, as in Go 1.26 and in browsers.
 */
export function placeOf(url: URL): Place | undefined {
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const host = canonicalHost(url);
  const secure = url.protocol === "https:" || isLoopback(host);
  return { host, path: url.pathname, secure };
}

/** The cookie that is to be kept; one whose life is over already deletes its predecessor. */
export function receive(
  place: Place,
  cookie: Cookie,
  rules: JarRules,
  now: number,
): JarCookie | undefined {
  const { limits } = rules;
  const attribute = withinLimit(cookie.domain, limits) ?? "";
  const scope = domainScope(place.host, attribute, rules.publicSuffixes);
  if (scope === undefined) return undefined;
  const path = withinLimit(cookie.path, limits);
  const received: JarCookie = {
    name: flatCopy(cookie.name),
    value: flatCopy(cookie.value),
    quoted: cookie.quoted === true,
    domain: flatCopy(scope.domain),
    hostOnly: scope.hostOnly,
    path: flatCopy(path?.startsWith("/") === true ? path : defaultPath(place.path)),
    secure: cookie.secure === true,
    httpOnly: cookie.httpOnly === true,
    sameSite: cookie.sameSite,
    partitioned: cookie.partitioned === true,
    expires: expiresOf(cookie, limits, now),
    creation: now,
    lastAccess: now,
  };
  // Without TLS anybody on the way could set it, and nothing that Secure promises would be true.
  if (received.secure && !place.secure) return undefined;
  // The prefix promises that the server has written both of these as it should.
  const isPinned = attribute === "" && path !== undefined;
  if (hasPrefix(cookie.name, HOST_PREFIX) && !isPinned) return undefined;
  return isAcceptable(received, rules) ? received : undefined;
}

/** Whatever a cookie must be wherever it comes from: of a size, to be sent, and true to its name's prefix. */
export function isAcceptable(cookie: JarCookie, { limits, publicSuffixes }: JarRules): boolean {
  const { name, value, domain, path, hostOnly } = cookie;
  if (name.length + value.length > limits.maxCookieBytes) return false;
  if (Math.max(path.length, domain.length) > limits.maxCookieAttributeBytes) return false;
  if (hasPrefix(name, SECURE_PREFIX) && !cookie.secure) return false;
  const isHostCookie = cookie.secure && hostOnly && path === "/";
  if (hasPrefix(name, HOST_PREFIX) && !isHostCookie) return false;
  return canBeSent(cookie) && (hostOnly || !isPublicSuffix(domain, publicSuffixes));
}

/**
 * Would this cookie, which came without TLS, stand in the way of one that is protected by it: of the same
 * name, for a host of both, and sent along with it? draft-ietf-httpbis-rfc6265bis §5.7 step 16
 */
export function shadows(cookie: JarCookie, secured: JarCookie): boolean {
  if (cookie.name !== secured.name || !secured.secure) return false;
  const { domain } = cookie;
  if (!domainMatches(domain, secured.domain) && !domainMatches(secured.domain, domain))
    return false;
  return pathMatches(cookie.path, secured.path);
}

/** The time, no later than a cookie may live, and one that a Date can be. */
export function cutExpires(expires: number, limits: JarLimits, now: number): number {
  return Math.min(expires, now + limits.maxCookieLifetimeMs, LAST_DATE_MS);
}

const SECURE_PREFIX = "__Secure-";
const HOST_PREFIX = "__Host-";

const LAST_DATE_MS = 8_640_000_000_000_000;

/** In any case: there are servers that read names without it. draft-ietf-httpbis-rfc6265bis §5.7 steps 20, 21 */
function hasPrefix(name: string, prefix: string): boolean {
  return equalsIgnoringCase(name.slice(0, prefix.length), prefix);
}

function withinLimit(attribute: string | undefined, limits: JarLimits): string | undefined {
  if (attribute === undefined) return undefined;
  return attribute.length > limits.maxCookieAttributeBytes ? undefined : attribute;
}

function expiresOf(cookie: Cookie, limits: JarLimits, now: number): number | undefined {
  const { maxAge, expires } = cookie;
  if (maxAge !== undefined && !Number.isNaN(maxAge)) {
    return cutExpires(now + maxAge * 1000, limits, now);
  }
  if (expires === undefined || Number.isNaN(expires)) return undefined;
  return cutExpires(expires, limits, now);
}

/** A program may give what no Set-Cookie can: kept, it would break each request it belongs to. */
function canBeSent(cookie: CookiePair): boolean {
  try {
    formatCookies([cookie]);
    return true;
  } catch {
    return false;
  }
}

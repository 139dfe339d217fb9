/**
 * The hosts of URLs as cookies see them.
 * RFC 6265 §5.1.2, §5.1.3 · Go: cookiejar canonicalHost, isIP, hasDotSuffix
 *
 * Rule of this file: names in, answers out. The URL class has parsed the host before: it has put letters in
 * lower case, names beyond ASCII in punycode, and addresses in their one form.
 */
import { isDigits } from "../../wire/mod.ts";

/** The host of a URL: no brackets, no port, without one "." at its end. Go: canonicalHost */
export function canonicalHost(url: URL): string {
  const { hostname } = url;
  if (hostname.startsWith("[")) return hostname.slice(1, -1);
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}

/** Is it an address? What holds ":" or "%" cannot be a name, and counts as one too. Go: isIP */
export function isIPAddress(host: string): boolean {
  return host.includes(":") || host.includes("%") || isIPv4(host);
}

/** Is it this machine, to which nobody listens on the way: localhost, a name below it, a loopback address? */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || isBelow(host, "localhost")) return true;
  if (host === "::1" || MAPPED_LOOPBACK.test(host)) return true;
  return host.startsWith("127.") && isIPv4(host);
}

/** Is the host the domain itself or a name below it? RFC 6265 §5.1.3 */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || isBelow(host, domain);
}

/** Does the name end in "." and the domain? Go: hasDotSuffix */
export function isBelow(name: string, domain: string): boolean {
  return name.endsWith(domain) && name.charAt(name.length - domain.length - 1) === ".";
}

/** 127.0.0.0/8 within IPv6, as the URL class writes it. */
const MAPPED_LOOPBACK = /^::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}$/;

function isIPv4(host: string): boolean {
  const parts = host.split(".", 5);
  return parts.length === 4 && parts.every(isByte);
}

/** 0 to 255 without leading zeros; digits of the same count compare as text. */
function isByte(part: string): boolean {
  if (!isDigits(part) || part.length > 3) return false;
  if (part.length > 1 && part.startsWith("0")) return false;
  return part.length < 3 || part <= "255";
}

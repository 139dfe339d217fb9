/**
 * Where a cookie belongs: its domain and its path.
 * RFC 6265 §5.1.4, §5.2.3, §5.3 steps 4 to 7 · Go: cookiejar domainAndType, defaultPath, pathMatch
 *
 * Rule of this file: strings in, strings out. The hosts are canonical; what an attribute says is not.
 */
import { lowerAscii } from "../../wire/mod.ts";
import { domainMatches, isIPAddress } from "./host.ts";
import { isPublicSuffix, type PublicSuffixList } from "./public-suffix.ts";

/** For which hosts a cookie is: for one, or for a domain and all below it. */
export interface DomainScope {
  readonly domain: string;
  readonly hostOnly: boolean;
}

/**
 * What a Domain attribute of a response from this host comes to; undefined where the cookie must be refused:
 * for another's domain, for a public suffix, for another address, for what is no name. Go: domainAndType
 */
export function domainScope(
  host: string,
  attribute: string,
  list: PublicSuffixList | undefined,
): DomainScope | undefined {
  if (attribute === "") return { domain: host, hostOnly: true };
  if (isIPAddress(host)) {
    return attribute === host ? { domain: host, hostOnly: true } : undefined;
  }
  const domain = lowerAscii(attribute.startsWith(".") ? attribute.slice(1) : attribute);
  if (domain === "" || domain.startsWith(".") || domain.endsWith(".")) return undefined;
  if (!domainMatches(host, domain)) return undefined;
  if (!isPublicSuffix(domain, list)) return { domain, hostOnly: false };
  // Who runs a public suffix may have cookies of its own, but for nobody below.
  return host === domain ? { domain, hostOnly: true } : undefined;
}

/** The folder of a request's path, for cookies without a Path. RFC 6265 §5.1.4 */
export function defaultPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 || !path.startsWith("/") ? "/" : path.slice(0, slash);
}

/** Is the path the cookie's path or below it? RFC 6265 §5.1.4 */
export function pathMatches(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  if (path.length === cookiePath.length || cookiePath.endsWith("/")) return true;
  return path.charAt(cookiePath.length) === "/";
}

/**
 * Where one registrant's names end and everybody's begin.
 * RFC 6265 §5.3 step 5 · Go: cookiejar.PublicSuffixList, jarKey
 *
 * Rule of this file: the contract of a list, and the two questions that the jar asks it. The list itself,
 * which changes every week, is somebody else's. Without one only a name of a single label counts as public.
 */
import { isBelow, isIPAddress } from "./host.ts";

/** Knows the names below which people register theirs: "com", "co.uk", "github.io". Go: PublicSuffixList */
export interface PublicSuffixList {
  /**
   * The public suffix of a name: "co.uk" for "www.bbc.co.uk". The name is in lower case, ASCII (punycode) and
   * without a "." at either end. "" when there is none.
   */
  publicSuffix(domain: string): string;
}

/**
 * The name under which a host's cookies are kept: its public suffix and one label more, the host itself where
 * there is no such name. Without a list it is the last two labels. Go: jarKey
 */
export function domainKey(host: string, list: PublicSuffixList | undefined): string {
  if (isIPAddress(host)) return host;
  const dot = list === undefined ? host.lastIndexOf(".") : dotBefore(host, list.publicSuffix(host));
  if (dot <= 0) return host;
  // Without a list an empty label before the last "." is no label, as in Go.
  const rest = host.slice(0, list === undefined ? dot - 1 : dot);
  return host.slice(rest.lastIndexOf(".") + 1);
}

/** Does the name belong to nobody in particular, so that no cookie may be set for all below it? */
export function isPublicSuffix(domain: string, list: PublicSuffixList | undefined): boolean {
  if (list === undefined) return !domain.includes(".");
  const suffix = list.publicSuffix(domain);
  // A list that names something which is no end of the domain is broken: then nothing is risked.
  return suffix !== "" && !isBelow(domain, suffix);
}

/** Where the "." before the suffix stands; -1 when there is none, also because the list is broken. */
function dotBefore(host: string, suffix: string): number {
  const dot = host.length - suffix.length - 1;
  return host.charAt(dot) === "." ? dot : -1;
}

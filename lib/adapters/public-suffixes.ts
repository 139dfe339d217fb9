/**
 * The public suffix list of a package of yours, for the cookie jar.
 * RFC 6265 §5.3 step 5 · Go: golang.org/x/net/publicsuffix.List
 *
 * Rule of this file: no list and no dependency. The list changes every week, and `tldts` is kept up with it.
 */
import type { PublicSuffixList } from "../client/mod.ts";

/** What is asked of `tldts`; other packages that look like it will do. */
export interface TldtsPackage {
  getPublicSuffix(
    domain: string,
    options: {
      readonly allowPrivateDomains: boolean;
      readonly extractHostname: boolean;
      readonly validateHostname: boolean;
    },
  ): string | null;
}

/**
 * The `publicSuffixes` option over the package: `new CookieJar({ publicSuffixes: tldtsPublicSuffixes(tldts) })`
 * after `import * as tldts from "tldts"`. Private suffixes count ("github.io", where each name is somebody
 * else's), as in browsers and in Go.
 */
export function tldtsPublicSuffixes(tldts: TldtsPackage): PublicSuffixList {
  return { publicSuffix: (domain) => tldts.getPublicSuffix(domain, OPTIONS) ?? "" };
}

/** The jar asks with hosts that the URL class has parsed: there is nothing to extract nor to validate. */
const OPTIONS = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
} as const;

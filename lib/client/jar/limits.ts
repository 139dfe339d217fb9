/**
 * Every limit of the cookie jar: name, default, unit, reason.
 * RFC 6265 §6.1, draft-ietf-httpbis-rfc6265bis §5.5, §5.6, §5.7 · Go: none, its jar grows without bound
 *
 * Rule of this file: a table and nothing else; docs/limits.md is generated from it. How many cookies one
 * response may set is said where they are read, in semantics.
 */

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
}

/** The limits of a CookieJar by name. */
export type JarLimitName =
  | "maxTotalCookies"
  | "maxCookiesPerDomain"
  | "maxCookieBytes"
  | "maxCookieAttributeBytes"
  | "maxCookieLifetimeMs";

export const JAR_LIMITS: Readonly<Record<JarLimitName, LimitEntry>> = {
  /**
   * All that a jar keeps; the least that the RFC asks for. The one that was sent longest ago makes room for a
   * new one.
   */
  maxTotalCookies: { default: 3_000, unit: "cookies" },
  /**
   * Counted over a registrable domain and all below it, or its subdomains could fill the jar. The RFC asks
   * for 50 at least, browsers keep about so many. Those without Secure make room first.
   */
  maxCookiesPerDomain: { default: 180, unit: "cookies" },
  /** Name and value together. The RFC's bound: a larger cookie is not kept. */
  maxCookieBytes: { default: 4_096, unit: "bytes" },
  /**
   * The RFC's bound: a longer Domain or Path is as if it were missing. A cookie whose default path would be
   * longer is not kept.
   */
  maxCookieAttributeBytes: { default: 1_024, unit: "bytes" },
  /** 400 days, the RFC's bound: Expires and Max-Age beyond it are cut to it. */
  maxCookieLifetimeMs: { default: 34_560_000_000, unit: "ms" },
};

/** The limits of a jar; see JAR_LIMITS. */
export type JarLimits = Readonly<Record<JarLimitName, number>>;

/**
 * The Referer of a fetch, where the caller named one.
 * W3C Referrer Policy §8 · Go: refererForURL (for redirects)
 *
 * Rule of this file: pure. There is no page that a request could come from, so without a `referrer` there is no
 * field; with one the policies hold as they do in browsers. "Potentially trustworthy" is https here.
 */

/** What the standard knows; "" is its default, "strict-origin-when-cross-origin". */
export const REFERRER_POLICIES = [
  "",
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
] as const;

export type ReferrerPolicyName = (typeof REFERRER_POLICIES)[number];

/** The value of the field for a request to `to`; undefined for none. */
export function refererValue(from: URL, to: URL, policy: ReferrerPolicyName): string | undefined {
  if (from.protocol !== "http:" && from.protocol !== "https:") return undefined;
  const origin = `${from.origin}/`;
  const whole = `${from.origin}${from.pathname}${from.search}`;
  const stays = from.origin === to.origin;
  const isDowngrade = from.protocol === "https:" && to.protocol !== "https:";
  switch (policy) {
    case "no-referrer":
      return undefined;
    case "no-referrer-when-downgrade":
      return isDowngrade ? undefined : whole;
    case "origin":
      return origin;
    case "origin-when-cross-origin":
      return stays ? whole : origin;
    case "same-origin":
      return stays ? whole : undefined;
    case "strict-origin":
      return isDowngrade ? undefined : origin;
    case "":
    case "strict-origin-when-cross-origin":
      if (stays) return whole;
      return isDowngrade ? undefined : origin;
    case "unsafe-url":
      return whole;
  }
}

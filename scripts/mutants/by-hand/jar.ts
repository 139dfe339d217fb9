/**
 * Mutants of the cookie jar, the pool, and what is decoded for a client.
 *
 * Rule of this file: data; see by-hand.ts.
 */
import type { HandMutant } from "../mutant.ts";

const DECODE = "lib/client/decode";
const POOL = "lib/client/pool";
const JAR = "lib/client/jar";
const ADAPTERS = "lib/adapters";

export const STORE_MUTANTS: readonly HandMutant[] = [
  {
    name: "secure-cookie-over-http",
    rule: "Secure cookies go to https alone (RFC 6265 §5.4)",
    where: JAR,
    find: "(place.secure || !cookie.secure)",
    replace: "(place.secure || cookie !== undefined)",
  },
  {
    name: "secure-cookie-set-over-http",
    rule: "a Secure cookie is not taken over http (rfc6265bis §5.7)",
    where: JAR,
    find: "if (received.secure && !place.secure) return undefined;",
    replace: "",
  },
  {
    name: "secure-cookie-shadowed",
    rule: "a cookie over http does not stand in the way of a Secure one (rfc6265bis §5.7)",
    where: JAR,
    find: "if (!place.secure && this.#isShadowing(key, received)) continue;",
    replace: "",
  },
  {
    name: "host-prefix-ignored",
    rule: "a __Host- cookie is what its name says (rfc6265bis §4.1.3)",
    where: JAR,
    find: "if (hasPrefix(name, HOST_PREFIX) && !isHostCookie) return false;",
    replace: "",
  },
  {
    name: "cookie-for-a-public-suffix",
    rule: "nobody sets a cookie for a public suffix (RFC 6265 §5.3)",
    where: JAR,
    find: "if (!isPublicSuffix(domain, list)) return { domain, hostOnly: false };",
    replace: "return { domain, hostOnly: false };",
  },
  {
    name: "cookie-for-another-domain",
    rule: "nobody sets a cookie for another's domain (RFC 6265 §5.3)",
    where: JAR,
    find: "if (!domainMatches(host, domain)) return undefined;",
    replace: "",
  },
  {
    name: "domain-match-without-dot",
    rule: "evil-example.com is not below example.com (RFC 6265 §5.1.3)",
    where: JAR,
    find: 'name.endsWith(domain) && name.charAt(name.length - domain.length - 1) === "."',
    replace: "name.endsWith(domain)",
  },
  {
    name: "path-match-without-slash",
    rule: "/foobar is not below /foo (RFC 6265 §5.1.4)",
    where: JAR,
    find: 'return path.charAt(cookiePath.length) === "/";',
    replace: "return true;",
  },
  {
    name: "expired-cookie-is-sent",
    rule: "a cookie whose life is over is not sent (RFC 6265 §5.3)",
    where: JAR,
    find: "if (!isExpired(entry.cookie, now)) return isSentTo(place, entry.cookie);",
    replace: "if (now >= 0) return isSentTo(place, entry.cookie);",
  },
  {
    name: "jar-unbounded",
    rule: "the number of cookies of a domain has a limit (RFC 6265 §6.1)",
    where: JAR,
    find: "domain.size > this.#limits.maxCookiesPerDomain",
    replace: "domain.size > Infinity",
  },
  {
    name: "connections-per-host-unbounded",
    rule: "maxConnsPerHost is kept",
    where: POOL,
    find: "if (host.count >= maxConnsPerHost) return;",
    replace: "",
  },
  {
    name: "idle-connections-unbounded",
    rule: "maxIdleConnsPerHost is kept",
    where: POOL,
    find: "host.idle.length >= maxIdleConnsPerHost",
    replace: "host.idle.length > maxIdleConnsPerHost",
  },
  {
    name: "no-pool-timeout",
    rule: "poolTimeout ends a call that waits for a connection",
    where: POOL,
    find: "call.waitsUntil = now + this.#settings.timeouts.poolTimeout;",
    replace: "call.waitsUntil = Infinity;",
  },
  {
    name: "idle-too-long-and-used",
    rule: "a connection past its idle time is not used, however late the alarm is",
    where: POOL,
    find: "if (last.isIdle && last.deadlineAt > now) return last;",
    replace: "if (last.isIdle) return last;",
  },
  {
    name: "decoded-ratio-unbounded",
    rule: "what a few octets decode to has a limit (gzip bombs)",
    where: DECODE,
    find: 'if (this.#made > allowed) throw this.#tooMuch("decoded-ratio-too-high");',
    replace: "",
  },
  {
    name: "decoded-size-unbounded",
    rule: "maxDecodedBytes is kept",
    where: DECODE,
    find: 'if (this.#made > limits.maxDecodedBytes) throw this.#tooMuch("decoded-body-too-large");',
    replace: "",
  },
  {
    name: "ratios-multiply",
    rule: "the ratio is that of the whole chain of codings",
    where: DECODE,
    find: 'else if (place === "on-the-wire") wire.octets',
    replace: 'else if (place !== "behind-another" || octets.length > 0) wire.octets',
  },
  {
    name: "gzip-checksum-ignored",
    rule: "the checksum of gzip is verified (RFC 1952 §2.3.1)",
    where: ADAPTERS,
    find: 'return right ? CHECKSUM_BYTES : "bad";',
    replace: "return CHECKSUM_BYTES;",
  },
  {
    name: "truncated-coding-is-whole",
    rule: "content that ends in the middle of its coding is an error",
    where: ADAPTERS,
    find: 'if (this.#finishing) return "truncated";',
    replace: 'if (this.#finishing) return "end";',
  },
  {
    name: "junk-after-gzip",
    rule: "octets behind the last gzip member are an error",
    where: ADAPTERS,
    find: 'if (this.#frame === "header" && this.#members > 0) return "junk";',
    replace: 'if (this.#frame === "header" && this.#members > 0) return "end";',
  },
  {
    name: "gzip-header-unbounded",
    rule: "the header of a gzip member has a limit",
    where: ADAPTERS,
    find: 'if (Math.min(end, octets.length) > MAX_HEADER_BYTES) return "bad";',
    replace: "",
  },
];

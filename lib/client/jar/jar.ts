/**
 * The cookie jar: takes what responses set, and gives what requests send.
 * RFC 6265 §5.3, §5.4, draft-ietf-httpbis-rfc6265bis §5.7, §5.8 · Go: cookiejar.Jar
 *
 * Rule of this file: who may ask for what, in the order of the RFC. What is taken is judged in receive.ts, and
 * kept in store.ts.
 */
import { type Cookie, type CookiePair, parseURL } from "../../semantics/mod.ts";
import type { Jar } from "../contracts.ts";
import { canonicalHost, domainMatches } from "./host.ts";
import { isExpired, type JarCookie } from "./jar-cookie.ts";
import { type CookieJarJSON, readJar, writeJar } from "./json.ts";
import { JAR_LIMITS, type JarLimitName, type JarLimits } from "./limits.ts";
import { domainKey, type PublicSuffixList } from "./public-suffix.ts";
import {
  cutExpires,
  isAcceptable,
  type JarRules,
  type Place,
  placeOf,
  receive,
  shadows,
} from "./receive.ts";
import { pathMatches } from "./scope.ts";
import { CookieStore, type Entry } from "./store.ts";

/** All optional. Limits: docs/limits.md. */
export interface CookieJarOptions extends Partial<JarLimits> {
  /**
   * Says which names are public, so that nobody may set cookies for all of "co.uk". Without one only names of
   * a single label count as public, and sites below "co.uk" can set cookies for each other: give one wherever
   * a jar meets more than a few known hosts. Go: Options.PublicSuffixList
   */
  readonly publicSuffixes?: PublicSuffixList | undefined;
  /** The time in ms since 1970. Default: Date.now */
  readonly now?: (() => number) | undefined;
}

/** What is exported. */
export interface ExportOptions {
  /** Those without an end of their own; a browser would forget them when it is closed. Default "keep". */
  readonly sessionCookies?: "keep" | "leave-out" | undefined;
}

/** What is cleared. */
export interface ClearOptions {
  /** Only cookies of this host or domain and of all names below it. Default: all cookies. */
  readonly domain?: string | undefined;
}

/**
 * A jar for cookies, by RFC 6265 as browsers have come to keep it. Of http and https URLs; others have none.
 * Cookies that must be refused are left out without a word: for another's domain or a public suffix, Secure
 * ones that came without TLS, those that would stand in the way of a Secure one, those not true to a
 * `__Host-` or `__Secure-` in their name, and those that are too large. SameSite is kept, and enforced by
 * nobody: there are no documents here that requests could come from. Go: cookiejar.New
 */
export class CookieJar implements Jar, Iterable<JarCookie> {
  readonly #rules: JarRules;
  readonly #store: CookieStore;
  readonly #now: () => number;

  constructor(options: CookieJarOptions = {}) {
    const limits = limitsOf(options);
    this.#rules = { limits, publicSuffixes: options.publicSuffixes };
    this.#store = new CookieStore(limits);
    this.#now = options.now ?? Date.now;
  }

  /**
   * A jar with the cookies that `toJSON` gave, parsed. What this jar would not keep (too large, expired, for a
   * domain that its list calls public) is left out.
   *
   * @throws {JarError} `bad-jar-json`, `unknown-jar-version`
   */
  static fromJSON(json: unknown, options: CookieJarOptions = {}): CookieJar {
    const jar = new CookieJar(options);
    jar.#restore(readJar(json));
    return jar;
  }

  /**
   * The cookies to be sent to this URL: those with the longest path first, then in the order in which they
   * were set first. Secure ones go to https, and by http only to this machine. Go: Jar.Cookies
   */
  cookies(url: URL): Required<CookiePair>[] {
    const place = placeOf(url);
    if (place === undefined) return [];
    const now = this.#now();
    const entries = this.#store.under(this.#keyOf(place.host)).filter((entry) => {
      if (!isExpired(entry.cookie, now)) return isSentTo(place, entry.cookie);
      this.#store.remove(entry);
      return false;
    });
    for (const entry of entries) this.#store.touch(entry, now);
    return entries
      .sort(bySending)
      .map(({ cookie: { name, value, quoted } }) => ({ name, value, quoted }));
  }

  /** Takes the cookies that a response from this URL has set, in their order. Go: Jar.SetCookies */
  setCookies(url: URL, cookies: readonly Cookie[]): void {
    const place = placeOf(url);
    if (place === undefined || cookies.length === 0) return;
    const now = this.#now();
    const key = this.#keyOf(place.host);
    this.#store.removeExpired(now);
    for (const cookie of cookies) {
      const received = receive(place, cookie, this.#rules, now);
      if (received === undefined) continue;
      if (!place.secure && this.#isShadowing(key, received)) continue;
      if (isExpired(received, now)) this.#store.delete(key, received);
      else this.#store.put(key, received);
    }
  }

  /** Forgets all cookies, or those of a domain. A domain that is none has no cookies. */
  clear(options: ClearOptions = {}): void {
    const { domain } = options;
    const host = domain === undefined ? undefined : hostNamed(domain);
    if (domain !== undefined && host === undefined) return;
    for (const entry of this.#store.all()) {
      if (host === undefined || domainMatches(entry.cookie.domain, host)) this.#store.remove(entry);
    }
  }

  /** The cookies as they are now, in the order in which they were set first. */
  [Symbol.iterator](): IterableIterator<JarCookie> {
    this.#store.removeExpired(this.#now());
    return this.#store
      .all()
      .toSorted(byCreation)
      .map(({ cookie }) => ({ ...cookie }))
      .values();
  }

  /**
   * The form that can be saved, and that `CookieJar.fromJSON` reads; JSON.stringify finds it by itself. It
   * holds all values: whoever reads it can act as the user.
   */
  toJSON(options: ExportOptions = {}): CookieJarJSON {
    const cookies = [...this];
    if (options.sessionCookies !== "leave-out") return writeJar(cookies);
    return writeJar(cookies.filter(({ expires }) => expires !== undefined));
  }

  #keyOf(host: string): string {
    return domainKey(host, this.#rules.publicSuffixes);
  }

  #isShadowing(key: string, cookie: JarCookie): boolean {
    return this.#store.under(key).some((entry) => shadows(cookie, entry.cookie));
  }

  /** Puts cookies in so that both orders, of setting and of use, are as they were. */
  #restore(cookies: readonly JarCookie[]): void {
    const now = this.#now();
    const { limits } = this.#rules;
    const restored = cookies.flatMap((saved) => {
      const { expires } = saved;
      if (!isAcceptable(saved, this.#rules)) return [];
      if (expires === undefined) return [saved];
      const cookie = { ...saved, expires: cutExpires(expires, limits, now) };
      return isExpired(cookie, now) ? [] : [cookie];
    });
    this.#store.restore(restored.map((cookie) => ({ key: this.#keyOf(cookie.domain), cookie })));
  }
}

function limitsOf(options: CookieJarOptions): JarLimits {
  const limit = (name: JarLimitName): number => options[name] ?? JAR_LIMITS[name].default;
  return {
    maxTotalCookies: limit("maxTotalCookies"),
    maxCookiesPerDomain: limit("maxCookiesPerDomain"),
    maxCookieBytes: limit("maxCookieBytes"),
    maxCookieAttributeBytes: limit("maxCookieAttributeBytes"),
    maxCookieLifetimeMs: limit("maxCookieLifetimeMs"),
  };
}

function isSentTo(place: Place, cookie: JarCookie): boolean {
  const { domain, hostOnly } = cookie;
  if (hostOnly ? place.host !== domain : !domainMatches(place.host, domain)) return false;
  return pathMatches(place.path, cookie.path) && (place.secure || !cookie.secure);
}

/** RFC 6265 §5.4 step 2 */
function bySending(one: Entry, other: Entry): number {
  return other.cookie.path.length - one.cookie.path.length || byCreation(one, other);
}

function byCreation(one: Entry, other: Entry): number {
  return one.cookie.creation - other.cookie.creation || one.sequence - other.sequence;
}

/** The canonical form of a domain that a person has typed. */
function hostNamed(domain: string): string | undefined {
  const host = domain.startsWith(".") ? domain.slice(1) : domain;
  const text = `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`;
  const url = parseURL(text);
  return url === undefined ? undefined : canonicalHost(url);
}

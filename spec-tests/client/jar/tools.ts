/**
 * What the tests of the jar share: a jar with a clock to set, and cookies as text.
 *
 * Rule of this file: cookies go in as Set-Cookie values, as a response has them, and come out as the value of a
 * Cookie field.
 */
import { CookieJar, type CookieJarOptions } from "../../../lib/client/jar/mod.ts";
import { formatCookies, parseSetCookies } from "../../../lib/semantics/mod.ts";

/** 2030-01-01T00:00:00Z */
export const START_MS: number = Date.UTC(2030, 0, 1);

/** The list that the tests use: "co.uk", "github.io", and the last label of every other name. */
export const SUFFIXES = {
  publicSuffix: (domain: string): string =>
    ["co.uk", "github.io"].find((one) => domain === one || domain.endsWith(`.${one}`)) ??
    domain.slice(domain.lastIndexOf(".") + 1),
} as const;

export class TestJar {
  nowMs: number = START_MS;
  jar: CookieJar;

  constructor(options: CookieJarOptions = {}) {
    this.jar = new CookieJar({ publicSuffixes: SUFFIXES, now: () => this.nowMs, ...options });
  }

  /** A response from this URL sets these. */
  set(url: string, ...values: readonly string[]): this {
    this.jar.setCookies(new URL(url), parseSetCookies(values));
    return this;
  }

  /** The Cookie field of a request to this URL. */
  get(url: string): string {
    return formatCookies(this.jar.cookies(new URL(url)));
  }

  /** All that it holds, in the order of setting. */
  content(): string {
    return formatCookies(this.jar);
  }
}

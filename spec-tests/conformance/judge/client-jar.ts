/**
 * The cookies of the reference client.
 * RFC 6265 §5; RFC 6265bis §4.1.3, §5.6
 *
 * Rule of this file: the algorithms of the text, step by step. Each `is(…)` is one fault of client-mutants.ts.
 */
import type { ClientIs } from "./client-head.ts";

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly isSecure: boolean;
  readonly expiresMs: number;
  /** Place in the order of creation; kept by what replaces it. */
  readonly nth: number;
}

const LONGEST = 4096;
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

export class Jar {
  readonly #is: ClientIs;
  #cookies: Cookie[] = [];
  #count = 0;

  constructor(is: ClientIs) {
    this.#is = is;
  }

  /** The value of Cookie for this address, or undefined. */
  sent(url: URL): string | undefined {
    const now = Date.now();
    const fit = this.#cookies.filter((cookie) => {
      const isHost = cookie.host === url.hostname || this.#is("cookies-for-all-hosts");
      const isOpen = !cookie.isSecure || url.protocol === "https:";
      return isHost && isOpen && cookie.expiresMs > now && this.#covers(cookie.path, url.pathname);
    });
    const sorted = this.#is("cookies-unsorted")
      ? fit
      : fit.toSorted((a, b) => b.path.length - a.path.length || a.nth - b.nth);
    const pairs = sorted.map(({ name, value }) => `${name}=${value}`);
    return pairs.length === 0 ? undefined : pairs.join("; ");
  }

  /** RFC 6265 §5.1.4 */
  #covers(path: string, asked: string): boolean {
    if (path === asked || this.#is("cookies-for-all-paths")) return true;
    if (!asked.startsWith(path)) return false;
    return path.endsWith("/") || asked[path.length] === "/" || this.#is("paths-by-prefix");
  }

  /** One line of Set-Cookie. */
  keep(line: string, url: URL): void {
    if (CONTROL.test(line)) return;
    const [pair = "", ...attributes] = line.split(";");
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, equals)).trim();
    const raw = pair.slice(equals + 1).trim();
    const value = this.#is("unquotes-cookies") ? raw.replaceAll('"', "") : raw;
    if (equals < 0 || name === "" || name.length + value.length > LONGEST) return;
    const said = this.#attributesOf(attributes);
    const domain = (said.get("domain") ?? "").replace(/^\./, "").toLowerCase();
    // The hosts of the cases are addresses and "localhost": a domain that is not the host is another one.
    if (domain !== "" && domain !== url.hostname && !this.#is("any-domain")) return;
    const isSecure = said.has("secure");
    const given = said.get("path") ?? "";
    const path = given.startsWith("/") ? given : defaultPath(url.pathname);
    const prefix = /^__(Secure|Host)-/i.exec(name)?.[1]?.toLowerCase();
    const isPromised = prefix === undefined || (isSecure && url.protocol === "https:");
    const isRoot = prefix !== "host" || (given === "/" && domain === "");
    if (!(isPromised && isRoot) && !this.#is("no-cookie-prefixes")) return;
    const isSame = (cookie: Cookie): boolean =>
      cookie.name === name && cookie.path === path && cookie.host === url.hostname;
    const old = this.#cookies.find(isSame);
    const nth = old?.nth ?? this.#count++;
    const expiresMs = this.#expiry(said);
    this.#cookies = this.#cookies.filter((cookie) => !isSame(cookie));
    this.#cookies.push({ name, value, host: url.hostname, path, isSecure, expiresMs, nth });
  }

  /** By name in lower case; of several with one name the last. */
  #attributesOf(attributes: readonly string[]): Map<string, string> {
    const said = new Map<string, string>();
    for (const attribute of attributes) {
      const [name = "", ...value] = attribute.split("=");
      const key = name.trim().toLowerCase();
      if (said.has(key) && this.#is("first-attribute")) continue;
      said.set(key, value.join("=").trim());
    }
    return said;
  }

  #expiry(said: ReadonlyMap<string, string>): number {
    const age = said.get("max-age") ?? "";
    const date = cookieDateOf(said.get("expires") ?? "");
    if (date !== undefined && this.#is("date-beats-age")) return date;
    if (/^-?[0-9]+$/.test(age) && !this.#is("no-max-age")) return Date.now() + Number(age) * 1000;
    return date ?? Number.POSITIVE_INFINITY;
  }
}

function defaultPath(path: string): string {
  const last = path.lastIndexOf("/");
  return last <= 0 ? "/" : path.slice(0, last);
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** RFC 6265 §5.1.1: tokens in any order. */
function cookieDateOf(text: string): number | undefined {
  let time: readonly number[] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const token of text.split(/[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/)) {
    const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)/.exec(token);
    const name = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
    if (time === undefined && clock !== null) time = clock.slice(1).map(Number);
    else if (day === undefined && /^\d{1,2}(?:\D|$)/.test(token)) day = Number.parseInt(token, 10);
    else if (month === undefined && name >= 0) month = name;
    else if (year === undefined && /^\d{2,4}(?:\D|$)/.test(token))
      year = Number.parseInt(token, 10);
  }
  if (time === undefined || day === undefined || month === undefined || year === undefined) {
    return undefined;
  }
  if (year < 100) year += year >= 70 ? 1900 : 2000;
  const [hour = 0, minute = 0, second = 0] = time;
  const isOut = hour > 23 || minute > 59 || second > 59 || year < 1601;
  const ms = Date.UTC(year, month, day, hour, minute, second);
  return isOut || day < 1 || new Date(ms).getUTCDate() !== day ? undefined : ms;
}

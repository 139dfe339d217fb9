/**
 * The writing of Cookie and Set-Cookie fields.
 * RFC 6265 §4.1, §4.2, draft-ietf-httpbis-rfc6265bis §4.1 · Go: cookie.go Cookie.String, Cookie.Valid
 *
 * Rule of this file: cookies in, field values out. What cannot be written as it is is refused, where Go
 * drops octets, attributes or the whole cookie. How they are read is in cookie.ts.
 */
import { allIn, charClass, isDigits, isToken } from "../wire/mod.ts";
import { COOKIE_VALUE, type Cookie, type CookiePair } from "./cookie.ts";
import { formatDate } from "./date.ts";
import { SemanticsError } from "./errors.ts";

/**
 * Writes the value of a Cookie field: `name=value; name=value`, values quoted where they hold a blank or a
 * comma, or were quoted. Empty for no cookies.
 *
 * @throws {SemanticsError} `bad-cookie-name`, `bad-cookie-value`. Go: Request.AddCookie, which mends
 */
export function formatCookies(cookies: Iterable<CookiePair>): string {
  return Array.from(cookies, formatPair).join("; ");
}

/**
 * Writes the value of a Set-Cookie field, the attributes in Go's order: Path, Domain (without a leading
 * "."), Expires, Max-Age, HttpOnly, Secure, SameSite, Partitioned.
 *
 * @throws {SemanticsError} `bad-cookie-name`, `bad-cookie-value`, `bad-cookie-path`, `bad-cookie-domain`,
 * `bad-cookie-expires`, `bad-cookie-max-age`, `bad-cookie-same-site`, `insecure-partitioned-cookie` (all 500): Go leaves such
 * attributes and cookies out, so that they are missed much later. Go: Cookie.String, Cookie.Valid
 */
export function formatSetCookie(cookie: Cookie): string {
  const { path, domain, expires, maxAge, sameSite } = cookie;
  let text = formatPair(cookie);
  if (path !== undefined && path !== "") {
    if (!allIn(PATH, path)) throw new SemanticsError("bad-cookie-path");
    text += `; Path=${path}`;
  }
  if (domain !== undefined && domain !== "") text += `; Domain=${domainOf(domain)}`;
  if (expires !== undefined) {
    if (!(expires >= FIRST_EXPIRES_MS && expires <= LAST_EXPIRES_MS)) {
      throw new SemanticsError("bad-cookie-expires");
    }
    text += `; Expires=${formatDate(expires)}`;
  }
  if (maxAge !== undefined) {
    if (!Number.isSafeInteger(maxAge)) throw new SemanticsError("bad-cookie-max-age");
    text += `; Max-Age=${Math.max(maxAge, 0)}`;
  }
  if (cookie.httpOnly === true) text += "; HttpOnly";
  if (cookie.secure === true) text += "; Secure";
  if (sameSite !== undefined && sameSite !== "default") text += `; SameSite=${siteOf(sameSite)}`;
  if (cookie.partitioned === true) {
    if (cookie.secure !== true) throw new SemanticsError("insecure-partitioned-cookie");
    text += "; Partitioned";
  }
  return text;
}

const PATH: Uint8Array = charClass(/[ -:<-~]/);
const LABEL: Uint8Array = charClass(/[0-9A-Za-z-]/);

const SITES: ReadonlyMap<string, string> = new Map([
  ["lax", "Lax"],
  ["strict", "Strict"],
  ["none", "None"],
]);

/** 1601-01-01, and the last instant that a year of four digits has. */
const FIRST_EXPIRES_MS = -11_644_473_600_000;
const LAST_EXPIRES_MS = 253_402_300_799_999;

function formatPair({ name, value, quoted }: CookiePair): string {
  if (!isToken(name)) throw new SemanticsError("bad-cookie-name");
  if (!allIn(COOKIE_VALUE, value)) throw new SemanticsError("bad-cookie-value");
  const needsQuotes = quoted === true || value.includes(" ") || value.includes(",");
  return needsQuotes ? `${name}="${value}"` : `${name}=${value}`;
}

/** Checked, since a program without types may take it from elsewhere. */
function siteOf(sameSite: string): string {
  const site = SITES.get(sameSite);
  if (site === undefined) throw new SemanticsError("bad-cookie-same-site");
  return site;
}

/** A domain as it is written; it must be a host name with a letter in it, or an IPv4 address. */
function domainOf(domain: string): string {
  const host = domain.startsWith(".") ? domain.slice(1) : domain;
  const labels = host.split(".");
  const isName = /[A-Za-z]/.test(host) && host.length <= 253 && labels.every(isLabel);
  if (!isName && !(labels.length === 4 && labels.every(isByte))) {
    throw new SemanticsError("bad-cookie-domain");
  }
  return host;
}

function isLabel(label: string): boolean {
  if (label.length < 1 || label.length > 63 || !allIn(LABEL, label)) return false;
  return !label.startsWith("-") && !label.endsWith("-");
}

/** 0 to 255 without leading zeros; digits of the same count compare as text. */
function isByte(label: string): boolean {
  if (!isDigits(label) || label.length > 3) return false;
  if (label.length > 1 && label.startsWith("0")) return false;
  return label.length < 3 || label <= "255";
}

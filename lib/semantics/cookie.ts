/**
 * Cookies, and the reading of Cookie and Set-Cookie fields.
 * RFC 6265 §4, §5.2, draft-ietf-httpbis-rfc6265bis §4.1 · Go: cookie.go readCookies, ParseSetCookie
 *
 * Rule of this file: field values in, cookies out, and no memory: which cookies are kept and sent where is
 * the jar's affair. How they are written is in cookie-format.ts.
 */
import { allIn, charClass, isDigits, isToken, lowerAscii, trimOws } from "../wire/mod.ts";
import { parseCookieDate } from "./cookie-date.ts";
import { type SemanticsCode, SemanticsError } from "./errors.ts";

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status: number;
}

export const COOKIE_LIMITS = {
  /**
   * Each cookie becomes an object, however short it is: 64 KiB of `a;a;a;…` would be 32,000. Go's bound;
   * browsers send fewer than 200 to a site.
   */
  maxCookies: { default: 3_000, unit: "cookies in a message", status: 400 },
} as const;

/**
 * 1 for the octets of a value; wider than the RFC's by blank and comma, which browsers and Go take.
 * RFC 6265 §4.1.1
 */
export const COOKIE_VALUE: Uint8Array = charClass(/[ !#-:<-[\]-~]/);

/** May the cookie go along with a request from another site? "default": an unknown or missing value. */
export type SameSite = "default" | "lax" | "strict" | "none";

/** What a Cookie field tells of a cookie. */
export interface CookiePair {
  /** A token, case-sensitive. */
  readonly name: string;
  /** Printable ASCII without `"`, `;` and `\`; without the quotes that may have stood around it. */
  readonly value: string;
  /** Did, or shall, the value stand between double quotes? Default: when it holds a blank or a comma. */
  readonly quoted?: boolean | undefined;
}

/** A cookie with all that a Set-Cookie field says of it. Go: http.Cookie */
export interface Cookie extends CookiePair {
  readonly path?: string | undefined;
  /** A host name, also with a "." before it, or an IPv4 address. */
  readonly domain?: string | undefined;
  /** Until when it lives: ms since 1970, the year 1601 at the earliest. */
  readonly expires?: number | undefined;
  /** The Expires attribute as it stood there, also one that is no date. */
  readonly rawExpires?: string | undefined;
  /** How long it lives, in seconds as on the wire; 0 and less delete it. Goes before `expires`. */
  readonly maxAge?: number | undefined;
  readonly secure?: boolean | undefined;
  readonly httpOnly?: boolean | undefined;
  readonly sameSite?: SameSite | undefined;
  readonly partitioned?: boolean | undefined;
  /** The whole value that was read. */
  readonly raw?: string | undefined;
  /** The attributes that are unknown or malformed, as they stood there. */
  readonly unparsed?: readonly string[] | undefined;
}

export interface ParseCookiesOptions {
  /** What happens to a part that is no cookie. Default "skip". */
  readonly invalid?: "skip" | "throw" | undefined;
  /** Only cookies of this name. */
  readonly name?: string | undefined;
  /** Default 3,000. */
  readonly maxCookies?: number | undefined;
}

/**
 * Reads the value of a Cookie field, or of several. A part without "=" is a name with an empty value; parts
 * whose name is no token or whose value holds other octets than a cookie's are passed over, and beyond
 * `maxCookies` there are none, as in Go.
 *
 * With `invalid: "throw"` each of these is an error: `blank-cookie`, `cookie-without-equals`,
 * `malformed-cookie-name`, `malformed-cookie-value`, `too-many-cookies` (all 400). Go: http.ParseCookie
 *
 * @throws {SemanticsError} only with `invalid: "throw"`
 */
export function parseCookies(
  value: string | readonly string[],
  options: ParseCookiesOptions = {},
): Required<CookiePair>[] {
  const isStrict = options.invalid === "throw";
  const lines = typeof value === "string" ? [value] : value;
  const cookies: Required<CookiePair>[] = [];
  if (countParts(lines) > (options.maxCookies ?? LIMITS.maxCookies.default)) {
    if (isStrict) throw new SemanticsError("too-many-cookies");
    return cookies;
  }
  for (const line of lines) {
    if (isStrict && trimOws(line) === "") throw new SemanticsError("blank-cookie");
    for (const part of line.split(";")) {
      const cookie = cookieOf(part, options.name, isStrict ? "wanted" : "optional");
      if (typeof cookie === "object") cookies.push(cookie);
      else if (isStrict && cookie !== undefined) throw new SemanticsError(cookie);
    }
  }
  return cookies;
}

/**
 * Reads the value of one Set-Cookie field. Attributes without case; of one that is given twice the last
 * counts; those that are unknown or malformed are told in `unparsed`. Expires is read by the user agent's
 * algorithm, which takes more than Go's two layouts; Max-Age of 0 and less is 0.
 *
 * @throws {SemanticsError} `blank-cookie`, `cookie-without-equals`, `malformed-cookie-name`,
 * `malformed-cookie-value`. Go: http.ParseSetCookie
 */
export function parseSetCookie(value: string): Cookie & Required<CookiePair> {
  const semicolon = value.indexOf(";");
  const pair = semicolon < 0 ? value : value.slice(0, semicolon);
  const attributes = semicolon < 0 ? [] : value.slice(semicolon + 1).split(";");
  if (semicolon < 0 && trimOws(pair) === "") throw new SemanticsError("blank-cookie");
  const cookie = cookieOf(pair, undefined, "wanted");
  if (typeof cookie === "string") throw new SemanticsError(cookie);
  if (cookie === undefined) throw new SemanticsError("cookie-without-equals");
  const set: Settable = { ...cookie, raw: value };
  const unparsed = attributes.map(trimOws).filter((text) => !setAttribute(set, text));
  if (unparsed.length > 0) set.unparsed = unparsed;
  return set;
}

/**
 * Reads the values of all Set-Cookie fields of a response; those that are no cookie are passed over, and of
 * more than `maxCookies` (3,000) none is read, as in Go. Go: readSetCookies
 */
export function parseSetCookies(
  values: readonly string[],
  options: Pick<ParseCookiesOptions, "maxCookies"> = {},
): (Cookie & Required<CookiePair>)[] {
  if (values.length > (options.maxCookies ?? LIMITS.maxCookies.default)) return [];
  return values.flatMap((value) => {
    try {
      return [parseSetCookie(value)];
    } catch {
      // Nothing but "this is no cookie" is thrown, and a response may hold such fields.
      return [];
    }
  });
}

const LIMITS: Readonly<Record<"maxCookies", LimitEntry>> = COOKIE_LIMITS;

type Settable = { -readonly [name in keyof Cookie]: Cookie[name] } & Required<CookiePair>;

/** How many cookies there can be: counted before any of them is made. */
function countParts(lines: readonly string[]): number {
  let parts = lines.length;
  for (const line of lines) {
    for (let at = line.indexOf(";"); at >= 0; at = line.indexOf(";", at + 1)) parts++;
  }
  return parts;
}

/** One `name=value`; undefined for an empty part and for another name, a code for what is malformed. */
function cookieOf(
  part: string,
  wanted: string | undefined,
  equalsSign: "wanted" | "optional",
): Required<CookiePair> | SemanticsCode | undefined {
  const text = trimOws(part);
  if (text === "") return undefined;
  const equals = text.indexOf("=");
  if (equals < 0 && equalsSign === "wanted") return "cookie-without-equals";
  const name = equals < 0 ? text : trimOws(text.slice(0, equals));
  if (!isToken(name)) return "malformed-cookie-name";
  if (wanted !== undefined && name !== wanted) return undefined;
  const raw = equals < 0 ? "" : trimOws(text.slice(equals + 1));
  const quoted = raw.length > 1 && raw.startsWith('"') && raw.endsWith('"');
  const value = quoted ? raw.slice(1, -1) : raw;
  return allIn(COOKIE_VALUE, value) ? { name, value, quoted } : "malformed-cookie-value";
}

/** Takes one attribute in, or nothing; false when it is unknown or malformed. */
function setAttribute(cookie: Settable, text: string): boolean {
  if (text === "") return true;
  const equals = text.indexOf("=");
  const value = equals < 0 ? "" : trimOws(text.slice(equals + 1));
  if (!allIn(COOKIE_VALUE, value)) return false;
  switch (lowerAscii(trimOws(equals < 0 ? text : text.slice(0, equals)))) {
    case "path":
      cookie.path = value;
      return true;
    case "domain":
      cookie.domain = value;
      return true;
    case "expires":
      cookie.rawExpires = value;
      cookie.expires = parseCookieDate(value);
      return cookie.expires !== undefined;
    case "max-age":
      return setMaxAge(cookie, value);
    case "httponly":
      return (cookie.httpOnly = true);
    case "secure":
      return (cookie.secure = true);
    case "samesite":
      cookie.sameSite = siteOf(lowerAscii(value));
      return true;
    case "partitioned":
      return (cookie.partitioned = true);
    default:
      return false;
  }
}

/** Digits with an optional "-" before them, no leading zero (as Go), at most 2^53 − 1. */
function setMaxAge(cookie: Settable, value: string): boolean {
  const isNegative = value.startsWith("-");
  const digits = isNegative ? value.slice(1) : value;
  if (!isDigits(digits) || (digits.startsWith("0") && value !== "0")) return false;
  let seconds = 0;
  for (let i = 0; i < digits.length; i++) {
    seconds = seconds * 10 + (digits.charCodeAt(i) - 0x30);
    if (seconds > Number.MAX_SAFE_INTEGER) return false;
  }
  cookie.maxAge = isNegative ? 0 : seconds;
  return true;
}

function siteOf(lower: string): SameSite {
  return lower === "lax" || lower === "strict" || lower === "none" ? lower : "default";
}

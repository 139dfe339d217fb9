/**
 * A jar as JSON.
 * Go: none
 *
 * Rule of this file: values out, and what somebody gives back is looked at member by member, each by its own
 * name; what is missing, or of another type, refuses the whole. That a cookie may be kept at all is judged
 * elsewhere.
 */
import type { SameSite } from "../../semantics/mod.ts";
import { lowerAscii } from "../../wire/mod.ts";
import { JarError } from "./errors.ts";
import type { JarCookie } from "./jar-cookie.ts";

/** What `toJSON` gives. */
export interface CookieJarJSON {
  readonly version: 1;
  /** In the order in which they were set. */
  readonly cookies: readonly JarCookieJSON[];
}

/** A cookie in it: the members of JarCookie, without those that are undefined. Instants in ms since 1970. */
export type JarCookieJSON = Omit<JarCookie, "sameSite" | "expires"> & {
  readonly sameSite?: SameSite;
  readonly expires?: number;
};

/** The saved form. */
export function writeJar(cookies: readonly JarCookie[]): CookieJarJSON {
  return { version: VERSION, cookies: cookies.map(writeCookie) };
}

/**
 * Reads the saved form.
 *
 * @throws {JarError} `bad-jar-json`, `unknown-jar-version`
 */
export function readJar(json: unknown): JarCookie[] {
  const { version, cookies } = membersOf(json, "the whole");
  if (typeof version !== "number") throw bad("version");
  if (version !== VERSION) throw new JarError("unknown-jar-version", `${version}`);
  if (!Array.isArray(cookies)) throw bad("cookies");
  return cookies.map((cookie: unknown, index) => readCookie(cookie, `cookies[${index}]`));
}

const VERSION = 1;

const SITES: readonly SameSite[] = ["default", "lax", "strict", "none"];

/** No letter in upper case and nothing beyond ASCII: what no host is could never be found again. */
const HOST = /^[!-~]*$/;

function writeCookie({ sameSite, expires, ...rest }: JarCookie): JarCookieJSON {
  return {
    ...rest,
    ...(sameSite === undefined ? {} : { sameSite }),
    ...(expires === undefined ? {} : { expires }),
  };
}

function readCookie(json: unknown, where: string): JarCookie {
  const members = membersOf(json, where);
  const text = (name: string): string => {
    const value = members[name];
    if (typeof value !== "string") throw bad(`${where}.${name}`);
    return value;
  };
  const flag = (name: string): boolean => {
    const value = members[name];
    if (typeof value !== "boolean") throw bad(`${where}.${name}`);
    return value;
  };
  const instant = (name: string): number => {
    const value = members[name];
    if (typeof value !== "number" || !Number.isFinite(value)) throw bad(`${where}.${name}`);
    return value;
  };
  const domain = text("domain");
  if (!HOST.test(domain) || domain !== lowerAscii(domain)) throw bad(`${where}.domain`);
  const path = text("path");
  if (!path.startsWith("/")) throw bad(`${where}.path`);
  return {
    name: text("name"),
    value: text("value"),
    quoted: flag("quoted"),
    domain,
    hostOnly: flag("hostOnly"),
    path,
    secure: flag("secure"),
    httpOnly: flag("httpOnly"),
    sameSite: members["sameSite"] === undefined ? undefined : siteOf(text("sameSite"), where),
    partitioned: flag("partitioned"),
    expires: members["expires"] === undefined ? undefined : instant("expires"),
    creation: instant("creation"),
    lastAccess: instant("lastAccess"),
  };
}

function siteOf(text: string, where: string): SameSite {
  const site = SITES.find((one) => one === text);
  if (site === undefined) throw bad(`${where}.sameSite`);
  return site;
}

/** A copy, so that "__proto__" and whatever else is inherited stays outside. */
function membersOf(json: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw bad(where);
  return Object.assign(Object.create(null) as Record<string, unknown>, json);
}

function bad(where: string): JarError {
  return new JarError("bad-jar-json", where);
}

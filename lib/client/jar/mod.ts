/**
 * The door of the jar: cookies kept between requests. Come here for CookieJar, its limits, and the contract
 * of a public suffix list.
 */
export { JAR_ERRORS, type JarCode, JarError } from "./errors.ts";
export type { JarCookie } from "./jar-cookie.ts";
export { type ClearOptions, CookieJar, type CookieJarOptions, type ExportOptions } from "./jar.ts";
export type { CookieJarJSON, JarCookieJSON } from "./json.ts";
export { JAR_LIMITS, type JarLimitName, type JarLimits } from "./limits.ts";
export type { PublicSuffixList } from "./public-suffix.ts";

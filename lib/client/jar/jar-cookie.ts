/**
 * A cookie as a jar keeps it.
 * RFC 6265 §5.3 · Go: cookiejar entry
 *
 * Rule of this file: the fields of the RFC's storage model, and when a cookie's life is over.
 */
import type { CookiePair, SameSite } from "../../semantics/mod.ts";

/** A cookie in a jar, with all that is known of it. Instants in ms since 1970. */
export interface JarCookie extends CookiePair {
  readonly quoted: boolean;
  /** A host in lower case: only this one when `hostOnly`, else all names below it too. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  /** Is it sent only by TLS, or within this machine? */
  readonly secure: boolean;
  /** Kept, as are the two below; for a client without scripts and documents they change nothing. */
  readonly httpOnly: boolean;
  readonly sameSite: SameSite | undefined;
  readonly partitioned: boolean;
  /** When its life ends; undefined for a session's cookie, which lives as long as its jar. */
  readonly expires: number | undefined;
  /** When a cookie of its name, domain and path was set first. */
  readonly creation: number;
  /** When it was set or sent last. */
  readonly lastAccess: number;
}

/** Is its life over? */
export function isExpired(cookie: JarCookie, now: number): boolean {
  return cookie.expires !== undefined && cookie.expires <= now;
}

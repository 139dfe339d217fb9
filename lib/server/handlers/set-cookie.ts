/**
 * setCookie: one more cookie that goes out with an answer.
 * RFC 6265 §4.1 · Go: cookie.go SetCookie
 *
 * Rule of this file: a field line of its own for each cookie, for they cannot be joined by commas. How a
 * cookie is written, and which are refused, is in the semantics room.
 */
import { type Cookie, formatSetCookie } from "../../semantics/mod.ts";
import type { ResponseWriter } from "../response-writer.ts";

/**
 * Adds a Set-Cookie field to the answer, which must not have begun to go out. Cookies of the same name are
 * not replaced: the user agent gets both, and the later one stays. To delete a cookie, send it with
 * `maxAge: 0` and with the path and domain it was set with.
 *
 *   setCookie(w, { name: "session", value: id, path: "/", secure: true, httpOnly: true, sameSite: "lax" });
 *
 * Throws, and adds nothing, what `formatSetCookie` throws for a cookie that cannot be written as it is:
 * SemanticsError "bad-cookie-name", "bad-cookie-value", "bad-cookie-path", … Go: http.SetCookie, which
 * leaves such cookies out without a word
 */
export function setCookie(w: ResponseWriter, cookie: Cookie): void {
  w.header.add("Set-Cookie", formatSetCookie(cookie));
}

/**
 * Fuzz target: cookies, as a request and as an answer bring them.
 *
 * Rule of this file: what was read and can be written is read as the same again.
 */
import {
  formatCookies,
  formatSetCookie,
  parseCookies,
  parseSetCookie,
} from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  seeds: [
    'a=1; b="x, y"; c; d=',
    "id=x; Path=/; Domain=.a.example; Max-Age=60; HttpOnly; Secure; SameSite=Lax; Partitioned",
    "a=1; expires=Sunday, 06-Nov-94 08:49:37 GMT; max-age=-1; domain=192.0.2.1; samesite=none; x=y",
  ],
  words: [
    "; ",
    "=",
    '"',
    "; Path=/",
    "; Max-Age=0",
    "; Expires=",
    "06 Nov 1994 08:49:37",
    "; Domain=a",
  ],
  run(pieces) {
    const text = textOf(pieces);
    const pairs = parseCookies(text).map(({ name, value }) => ({ name, value }));
    const again = parseCookies(formatCookies(pairs)).map(({ name, value }) => ({ name, value }));
    mustEqual("Cookie", again, pairs);
    const cookie = parseSetCookie(text);
    const written = formatSetCookie(cookie);
    mustEqual("Set-Cookie", formatSetCookie(parseSetCookie(written)), written);
    return JSON.stringify([pairs, cookie]);
  },
};

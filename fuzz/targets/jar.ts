/**
 * Fuzz target: the cookie jar.
 * RFC 6265 §5
 *
 * Rule of this file: each line of an input is a host (with a path), a blank, and a Set-Cookie field that comes
 * from there. No host is given a cookie of another one that is neither above nor below it; and what is written
 * as JSON is the same jar again.
 */
import { CookieJar } from "../../lib/client/mod.ts";
import { parseSetCookies } from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf, urlOf } from "../kit/text.ts";

const NOW = { now: () => 1_893_456_000_000 };
const ASKED = [
  "http://a.example/",
  "https://b.a.example/x/y",
  "https://c.example/x",
  "http://192.0.2.1/",
  "http://[::1]/",
  "http://example/",
].map((text) => new URL(text));

export const target: Target = {
  feed: "whole",
  seeds: [
    "a.example a=1; Path=/x\nb.a.example b=2; Domain=a.example; Secure\na.example a=; Max-Age=0",
    "192.0.2.1 c=3; Domain=192.0.2.1\n[::1] d=4\nexample e=5; Domain=example",
    "b.a.example/x/y __Host-f=6; Secure; Path=/\na.example g=7; Expires=Sun, 06 Nov 2050 08:49:37 GMT",
  ],
  words: [
    "; Domain=",
    "; Path=",
    "; Secure",
    "; Max-Age=",
    "\na.example ",
    "b.",
    ".",
    "c.example",

    "__Host-",
    "__Secure-",
    "; Expires=",
    "; HttpOnly",
    "; SameSite=",
    "xn--",
    "%",
    "192.0.2.1",
  ],
  vectors: { files: /^goclient-cookie/, keys: ["setCookies", "setCookie"] },
  run(pieces) {
    const jar = new CookieJar(NOW);
    for (const line of textOf(pieces).split("\n").slice(0, 20)) {
      const blank = line.indexOf(" ");
      const from = `https://${line.slice(0, Math.max(0, blank))}`;
      const url = urlOf(from) ?? ASKED[1]!;
      const cookies = parseSetCookies([line.slice(blank + 1)]);
      jar.setCookies(url, cookies);
      const alone = new CookieJar(NOW);
      alone.setCookies(url, cookies);
      for (const asked of ASKED.filter(({ hostname }) => !isRelated(hostname, url.hostname))) {
        mustEqual(`of ${url.hostname} for ${asked.hostname}`, alone.cookies(asked), []);
      }
    }
    const json = jar.toJSON();
    const again = CookieJar.fromJSON(JSON.parse(JSON.stringify(json)), NOW);
    mustEqual("again", again.toJSON(), json);
    const told = ASKED.map((asked) => jar.cookies(asked));
    mustEqual(
      "again told",
      ASKED.map((asked) => again.cookies(asked)),
      told,
    );
    return JSON.stringify([told, json]);
  },
};

/** The same host, or names that share more than their last label, so that a domain may be above both. */
function isRelated(one: string, other: string): boolean {
  const [a, b] = [one, other].map((host) => host.replace(/\.$/, "").split(".").slice(-2).join("."));
  return a === b;
}

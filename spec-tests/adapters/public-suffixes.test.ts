/**
 * The list of the package tldts keeps sites below a public suffix apart.
 *
 * Rule of this file: the real package, and names whose suffix has been the same for many years.
 */
import * as tldts from "tldts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tldtsPublicSuffixes } from "../../lib/adapters/public-suffixes.ts";
import { CookieJar } from "../../lib/client/jar/mod.ts";
import { formatCookies, parseSetCookies } from "../../lib/semantics/mod.ts";
import { table } from "../kit.ts";

const test = suite("adapters: public-suffixes");

table(
  test,
  [
    { name: "one label", domain: "www.example.com", suffix: "com" },
    { name: "two labels", domain: "www.bbc.co.uk", suffix: "co.uk" },
    { name: "a suffix itself", domain: "co.uk", suffix: "co.uk" },
    { name: "a private suffix", domain: "someone.github.io", suffix: "github.io" },
    { name: "a wildcard", domain: "a.b.kobe.jp", suffix: "b.kobe.jp" },
    { name: "an exception to it", domain: "www.city.kobe.jp", suffix: "kobe.jp" },
    { name: "a name in punycode", domain: "xn--85x722f.xn--55qx5d.cn", suffix: "xn--55qx5d.cn" },
    { name: "a label that the list does not know", domain: "a.localhost", suffix: "localhost" },
    { name: "an underscore", domain: "a_b.github.io", suffix: "github.io" },
    { name: "nothing", domain: "", suffix: "" },
    { name: "an address", domain: "10.0.0.1", suffix: "" },
  ],
  ({ domain, suffix }) => {
    assert.is(tldtsPublicSuffixes(tldts).publicSuffix(domain), suffix);
  },
);

test("a jar with it takes no cookie for a public suffix", () => {
  const jar = new CookieJar({ publicSuffixes: tldtsPublicSuffixes(tldts) });
  const set = ["a=1; Domain=github.io", "b=2; Domain=me.github.io", "c=3"];
  jar.setCookies(new URL("https://me.github.io/"), parseSetCookies(set));
  assert.is(formatCookies(jar), "b=2; c=3");
  assert.is(formatCookies(jar.cookies(new URL("https://x.me.github.io/"))), "b=2");
  assert.is(formatCookies(jar.cookies(new URL("https://you.github.io/"))), "");
});

test.run();

/**
 * A jar is finite: each limit holds at its default and where it is set, and those go that the RFC names.
 *
 * Rule of this file: one test for each entry of the table, and one that looks whether there are others.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { JAR_LIMITS } from "../../../lib/client/jar/mod.ts";
import { START_MS, TestJar } from "./tools.ts";

const test = suite("client/jar: limits");

const names = (jar: TestJar): string => Array.from(jar.jar, ({ name }) => name).join(" ");

/** Sets them one millisecond after the other. */
function fill(jar: TestJar, ...set: readonly (readonly [url: string, value: string])[]): TestJar {
  for (const [url, value] of set) {
    jar.nowMs++;
    jar.set(url, value);
  }
  return jar;
}

test("the table holds the limits that are tested here", () => {
  assert.equal(Object.keys(JAR_LIMITS), [
    "maxTotalCookies",
    "maxCookiesPerDomain",
    "maxCookieBytes",
    "maxCookieAttributeBytes",
    "maxCookieLifetimeMs",
  ]);
});

test("maxTotalCookies: the one that was sent longest ago goes", () => {
  const jar = new TestJar({ maxTotalCookies: 3 });
  fill(jar, ["http://a.test/", "a=1"], ["http://b.test/", "b=1"], ["http://c.test/", "c=1"]);
  jar.nowMs++;
  jar.get("http://a.test/");
  assert.is(names(fill(jar, ["http://d.test/", "d=1"])), "a c d");
  assert.is(names(fill(jar, ["http://c.test/", "c=2"], ["http://e.test/", "e=1"])), "c d e");
});

test("maxTotalCookies: those whose life is over go before all others", () => {
  const jar = new TestJar({ maxTotalCookies: 2 });
  fill(jar, ["http://a.test/", "a=1"], ["http://b.test/", "b=1; Max-Age=1"]);
  jar.nowMs += 1_000;
  assert.is(names(fill(jar, ["http://c.test/", "c=1"])), "a c");
});

test("maxTotalCookies: 3,000 unless told otherwise", () => {
  const jar = new TestJar();
  for (let i = 0; i <= 3_000; i++) jar.set(`http://h${i}.test/`, "a=1");
  assert.is([...jar.jar].length, 3_000);
  assert.is(jar.get("http://h0.test/"), "");
  assert.is(jar.get("http://h1.test/"), "a=1");
});

test("maxCookiesPerDomain: the oldest that is not Secure goes, be it the new one", () => {
  const jar = new TestJar({ maxCookiesPerDomain: 3 });
  const url = "https://a.test/";
  fill(jar, [url, "a=1; Secure"], [url, "b=1"], [url, "c=1; Secure"], [url, "d=1; Secure"]);
  assert.is(names(jar), "a c d");
  assert.is(names(fill(jar, ["http://a.test/", "e=1"])), "a c d");
  assert.is(names(fill(jar, [url, "e=1; Secure"])), "c d e", "all are Secure: the oldest");
});

test("maxCookiesPerDomain: subdomains count together, other domains do not", () => {
  const jar = new TestJar({ maxCookiesPerDomain: 2 });
  fill(jar, ["http://x.a.test/", "a=1"], ["http://y.a.test/", "b=1"], ["http://b.test/", "c=1"]);
  assert.is(names(fill(jar, ["http://z.a.test/", "d=1"])), "b c d");
});

test("maxCookiesPerDomain: 180 unless told otherwise", () => {
  const jar = new TestJar();
  for (let i = 0; i <= 180; i++) jar.set("http://a.test/", `c${i}=1`);
  assert.is([...jar.jar].length, 180);
  assert.is(jar.jar.cookies(new URL("http://a.test/"))[0]?.name, "c1");
});

test("maxCookieBytes: name and value of 4,096 bytes are kept, one more is not", () => {
  const jar = new TestJar();
  jar.set("http://a.test/", `abc=${"v".repeat(4_093)}; Path=/kept`, `abc=${"v".repeat(4_094)}`);
  assert.equal(
    Array.from(jar.jar, ({ path }) => path),
    ["/kept"],
  );
  assert.is(names(new TestJar({ maxCookieBytes: 2 }).set("http://a.test/", "a=1", "b=12")), "a");
});

test("maxCookieAttributeBytes: a Path or Domain of more than 1,024 bytes is as if it were missing", () => {
  const path = `/${"p".repeat(1_023)}`;
  const jar = new TestJar();
  jar.set("http://a.test/x/", `a=1; Path=${path}`, `b=2; Path=${path}p`);
  jar.set("http://a.test/x/", `c=3; Domain=${"d".repeat(1_018)}.a.test`);
  const kept = Array.from(jar.jar, (cookie) => [cookie.name, cookie.path, cookie.hostOnly]);
  assert.equal(kept, [
    ["a", path, true],
    ["b", "/x", true],
    ["c", "/x", true],
  ]);
});

test("maxCookieAttributeBytes: a longer default path is no place for a cookie", () => {
  const url = `http://a.test/${"p".repeat(1_024)}/`;
  assert.is(names(new TestJar().set(url, "a=1", "b=2; Path=/")), "b");
});

test("maxCookieLifetimeMs: a longer life is cut", () => {
  const [cookie] = new TestJar({ maxCookieLifetimeMs: 5 }).set(
    "http://a.test/",
    "a=1; Max-Age=9",
  ).jar;
  assert.is(cookie?.expires, START_MS + 5);
});

test.run();

/**
 * A jar that is saved and read back is the same jar; what is no saved jar is refused with its place.
 *
 * Rule of this file: everything goes through JSON text, as it would through a file.
 */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CookieJar, type CookieJarOptions } from "../../../lib/client/jar/mod.ts";
import { formatCookies } from "../../../lib/semantics/mod.ts";
import { table, throwsCode } from "../../kit.ts";
import { holds } from "../../properties/check.ts";
import { START_MS, SUFFIXES, TestJar } from "./tools.ts";

const test = suite("client/jar: json");

function restored(from: TestJar, options: CookieJarOptions = {}): TestJar {
  const jar = new TestJar();
  jar.nowMs = from.nowMs;
  const json: unknown = JSON.parse(JSON.stringify(from.jar));
  const rest = { publicSuffixes: SUFFIXES, now: () => jar.nowMs };
  jar.jar = CookieJar.fromJSON(json, { ...rest, ...options });
  return jar;
}

const value = fc.constantFrom("", "1", "a b", "x".repeat(50));
const attributes = fc.constantFrom("", "; Path=/x", "; Domain=a.test", "; Secure; SameSite=None");
const life = fc.constantFrom("", "; Max-Age=5", "; Max-Age=50; HttpOnly; Partitioned");

test("whatever was set and asked for, the jar comes back with all it knew", () => {
  const one = fc.tuple(fc.constantFrom("a", "b", "c"), value, attributes, life);
  holds(
    fc.property(fc.array(one, { maxLength: 12 }), (sets) => {
      const jar = new TestJar();
      for (const [name, text, rest, end] of sets) {
        jar.nowMs += 700;
        jar.set(`https://${name}.a.test/`, `${name}=${text}${rest}${end}`);
        jar.get("https://b.a.test/x");
      }
      const copy = restored(jar);
      assert.equal([...copy.jar], [...jar.jar]);
      assert.is(copy.get("https://a.a.test/x"), jar.get("https://a.a.test/x"));
      assert.equal(JSON.stringify(restored(copy).jar), JSON.stringify(copy.jar));
    }),
    100,
  );
});

test("the form has a version, and says nothing of what is not known", () => {
  const jar = new TestJar().set("http://a.test/x/y", "a=1");
  assert.equal(JSON.parse(JSON.stringify({ jar: jar.jar })), {
    jar: {
      version: 1,
      cookies: [
        {
          name: "a",
          value: "1",
          quoted: false,
          domain: "a.test",
          hostOnly: true,
          path: "/x",
          secure: false,
          httpOnly: false,
          partitioned: false,
          creation: START_MS,
          lastAccess: START_MS,
        },
      ],
    },
  });
});

test("cookies of a session are saved too, unless they are left out", () => {
  const { jar } = new TestJar().set("http://a.test/", "a=1", "b=2; Max-Age=5");
  const names = (json: { cookies: readonly { name: string }[] }): string =>
    json.cookies.map(({ name }) => name).join(" ");
  assert.is(names(jar.toJSON()), "a b");
  assert.is(names(jar.toJSON({ sessionCookies: "keep" })), "a b");
  assert.is(names(jar.toJSON({ sessionCookies: "leave-out" })), "b");
});

test("both orders survive: that of sending, and that of making room", () => {
  const jar = new TestJar().set("http://a.test/", "a=1", "b=2; Path=/x", "c=3", "d=4");
  jar.nowMs += 1;
  jar.jar.cookies(new URL("http://a.test/"));
  const copy = restored(jar, { maxTotalCookies: 3 });
  assert.is(copy.content(), "a=1; c=3; d=4", "b was not sent");
  assert.is(copy.set("http://a.test/", "e=5").get("http://a.test/"), "c=3; d=4; e=5");
});

test("what this jar would not keep is left out", () => {
  const jar = new TestJar({ publicSuffixes: undefined, maxCookieLifetimeMs: Infinity });
  jar.set("https://a.co.uk/", "a=1; Domain=co.uk", "b=2; Max-Age=5", "c=33333", "d=4; Max-Age=9");
  jar.set("https://a.co.uk/", "__Host-e=5; Secure; Path=/");
  jar.nowMs += 5_000;
  const json = JSON.parse(
    JSON.stringify(jar.jar).replaceAll('"secure":true', '"secure":false'),
  ) as unknown;
  const options = { now: () => jar.nowMs - 1, maxCookieBytes: 5, maxCookieLifetimeMs: 3 };
  const copy = CookieJar.fromJSON(json, { ...options, publicSuffixes: SUFFIXES });
  assert.is(formatCookies(copy), "d=4");
  assert.is([...copy][0]?.expires, jar.nowMs + 2, "and lives no longer than allowed here");
});

test("a saved __Host- cookie is one for its host alone", () => {
  const saved = { ...GOOD, name: "__Host-a", secure: true };
  const names = (cookie: object): string =>
    Array.from(CookieJar.fromJSON(version1(cookie)), ({ name }) => name).join(" ");
  assert.is(names(saved), "a __Host-a");
  assert.is(names({ ...saved, hostOnly: false }), "a");
});

test("a saved life that is over is not taken up again", () => {
  const jar = new TestJar().set("http://a.test/", "b=2", "a=1; Max-Age=5");
  const json: unknown = JSON.parse(JSON.stringify(jar.jar));
  const copy = CookieJar.fromJSON(json, { now: () => START_MS + 5_000, maxTotalCookies: 1 });
  assert.is(formatCookies(copy), "b=2", "nor does it take another's place");
});

const GOOD = {
  name: "a",
  value: "1",
  quoted: false,
  domain: "a.test",
  hostOnly: true,
  path: "/",
  secure: false,
  httpOnly: false,
  partitioned: false,
  creation: 1,
  lastAccess: 2,
} as const;

const version1 = (cookie: object): object => ({ version: 1, cookies: [GOOD, cookie] });

table(
  test,
  [
    { name: "null", json: null, where: "the whole" },
    { name: "text that was not parsed", json: "{}", where: "the whole" },
    { name: "a list", json: [], where: "the whole" },
    { name: "no version", json: { cookies: [] }, where: "version" },
    { name: "a version that is a text", json: { version: "1", cookies: [] }, where: "version" },
    { name: "no cookies", json: { version: 1 }, where: "cookies" },
    { name: "cookies that are no list", json: { version: 1, cookies: {} }, where: "cookies" },
    { name: "a cookie that is none", json: version1([]), where: "cookies[1]" },
    { name: "no name", json: version1({ ...GOOD, name: undefined }), where: "cookies[1].name" },
    {
      name: "a value that is a number",
      json: version1({ ...GOOD, value: 1 }),
      where: "cookies[1].value",
    },
    {
      name: "a flag that is a text",
      json: version1({ ...GOOD, secure: "no" }),
      where: "cookies[1].secure",
    },
    {
      name: "an instant that is none",
      json: version1({ ...GOOD, creation: NaN }),
      where: "cookies[1].creation",
    },
    {
      name: "an end that is null",
      json: version1({ ...GOOD, expires: null }),
      where: "cookies[1].expires",
    },
    {
      name: "an unknown SameSite",
      json: version1({ ...GOOD, sameSite: "Lax" }),
      where: "cookies[1].sameSite",
    },
    {
      name: "a domain in capitals",
      json: version1({ ...GOOD, domain: "A.test" }),
      where: "cookies[1].domain",
    },
    {
      name: "a domain with a blank",
      json: version1({ ...GOOD, domain: "a. test" }),
      where: "cookies[1].domain",
    },
    {
      name: "a path without a slash",
      json: version1({ ...GOOD, path: "x" }),
      where: "cookies[1].path",
    },
    {
      name: "members that are only inherited",
      json: version1(Object.create(GOOD) as object),
      where: "cookies[1].domain",
    },
  ],
  ({ json, where }) => {
    const error = throwsCode(() => CookieJar.fromJSON(json), "bad-jar-json");
    assert.is(error.message, `this is no saved cookie jar: ${where}`);
  },
);

test("a version that is not known is told as such", () => {
  const json = { version: 2, cookies: "of another form" };
  const error = throwsCode(() => CookieJar.fromJSON(json), "unknown-jar-version");
  assert.match(error.message, /: 2$/);
});

test("a saved property of every object reaches no prototype", () => {
  const json: unknown = JSON.parse('{"version":1,"cookies":[],"__proto__":{"polluted":true}}');
  assert.equal([...CookieJar.fromJSON(json)], []);
  assert.is(({} as { polluted?: boolean }).polluted, undefined);
});

test.run();

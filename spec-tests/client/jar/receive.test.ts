/**
 * What a jar takes of what responses set: Secure only by TLS, prefixes only as they promise, nothing that is
 * too large or could not be sent.
 *
 * Rule of this file: rows are Set-Cookie values and where they come from; what is kept is asked for over https.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Cookie } from "../../../lib/semantics/mod.ts";
import { table } from "../../kit.ts";
import { START_MS, TestJar } from "./tools.ts";

const test = suite("client/jar: receive");

const HTTPS = "https://www.a.test/";
const HTTP = "http://www.a.test/";
const DAY_MS = 86_400_000;

table(
  test,
  [
    { name: "a Secure cookie over TLS", from: HTTPS, set: "s=1; Secure", kept: "s=1" },
    {
      name: "a Secure cookie without",
      section: "6265bis §5.7 step 13",
      from: HTTP,
      set: "s=1; Secure",
      kept: "",
    },
    {
      name: "a Secure cookie of this machine",
      from: "http://localhost/",
      set: "s=1; Secure",
      kept: "s=1",
    },
    {
      name: "a Secure cookie of its loopback address",
      from: "http://[::1]:8080/",
      set: "s=1; Secure",
      kept: "s=1",
    },
    {
      name: "__Secure- with Secure",
      from: HTTPS,
      set: "__Secure-a=1; Secure",
      kept: "__Secure-a=1",
    },
    { name: "__Secure- without Secure", from: HTTPS, set: "__Secure-a=1", kept: "" },
    {
      name: "__SECURE- without Secure",
      section: "6265bis §5.7 step 20",
      from: HTTPS,
      set: "__SECURE-a=1",
      kept: "",
    },
    { name: "__Secure- without TLS", from: HTTP, set: "__Secure-a=1; Secure", kept: "" },
    {
      name: "__Host- as it must be",
      from: HTTPS,
      set: "__Host-a=1; Secure; Path=/",
      kept: "__Host-a=1",
    },
    { name: "__Host- without Secure", from: HTTPS, set: "__Host-a=1; Path=/", kept: "" },
    {
      name: "__Host- without Path",
      section: "6265bis §5.7 step 21",
      from: HTTPS,
      set: "__Host-a=1; Secure",
      kept: "",
    },
    {
      name: "__Host- with another Path",
      from: HTTPS,
      set: "__Host-a=1; Secure; Path=/x",
      kept: "",
    },
    {
      name: "__Host- with a Domain",
      from: HTTPS,
      set: "__Host-a=1; Secure; Path=/; Domain=www.a.test",
      kept: "",
    },
    {
      name: "__Host- with a Domain that is the public suffix itself",
      from: "https://co.uk/",
      set: "__Host-a=1; Secure; Path=/; Domain=co.uk",
      kept: "",
    },
    {
      name: "__hOST- with a Domain",
      from: HTTPS,
      set: "__hOST-a=1; Secure; Path=/; Domain=a.test",
      kept: "",
    },
    {
      name: "__Host- with an empty Domain",
      from: HTTPS,
      set: "__Host-a=1; Secure; Path=/; Domain=",
      kept: "__Host-a=1",
    },
    {
      name: "__Host is no prefix without its hyphen",
      from: HTTPS,
      set: "__Host=1",
      kept: "__Host=1",
    },
    { name: "an empty Path is none", from: HTTPS, set: "a=1; Path=", kept: "a=1" },
    { name: "a Path without a slash is none", from: HTTPS, set: "a=1; Path=x", kept: "a=1" },
    { name: "quotes are kept", from: HTTPS, set: 'a="b c"', kept: 'a="b c"' },
    { name: "a property of every object", from: HTTPS, set: "__proto__=1", kept: "__proto__=1" },
    { name: "other schemes have no cookies", from: "ftp://www.a.test/", set: "a=1", kept: "" },
  ],
  ({ from, set, kept }) => {
    const jar = new TestJar().set(from, set);
    assert.is(jar.content(), kept);
    assert.is(jar.get(from.replace(/^\w+:/, "https:")), kept);
  },
);

table(
  test,
  [
    { name: "no end", set: "a=1", expires: undefined },
    { name: "Max-Age", set: "a=1; Max-Age=60", expires: START_MS + 60_000 },
    {
      name: "Expires",
      set: "a=1; Expires=Wed, 02 Jan 2030 00:00:00 GMT",
      expires: START_MS + DAY_MS,
    },
    {
      name: "Max-Age goes before Expires",
      set: "a=1; Max-Age=1; Expires=Wed, 02 Jan 2030 00:00:00 GMT",
      expires: START_MS + 1_000,
    },
    { name: "an Expires that is none", set: "a=1; Expires=soon", expires: undefined },
    {
      name: "400 days at the most",
      section: "6265bis §5.5",
      set: "a=1; Max-Age=99999999999",
      expires: START_MS + 400 * DAY_MS,
    },
    {
      name: "the same for Expires",
      set: "a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
      expires: START_MS + 400 * DAY_MS,
    },
    {
      name: "a number as large as can be",
      set: "a=1; Max-Age=9007199254740991",
      expires: START_MS + 400 * DAY_MS,
    },
  ],
  ({ set, expires }) => {
    const [cookie] = new TestJar().set(HTTPS, set).jar;
    assert.is(cookie?.expires, expires);
  },
);

test("without a limit a life ends with the calendar", () => {
  const jar = new TestJar({ maxCookieLifetimeMs: Infinity });
  const [cookie] = jar.set(HTTPS, "a=1; Max-Age=9007199254740991").jar;
  assert.is(cookie?.expires, 8.64e15);
});

const MADE: readonly { name: string; cookie: Cookie; isKept: boolean }[] = [
  { name: "a name that is no token", cookie: { name: "a b", value: "1" }, isKept: false },
  { name: "a line break in a value", cookie: { name: "a", value: "1\r\nX: y" }, isKept: false },
  { name: "a semicolon in a value", cookie: { name: "a", value: "1; b=2" }, isKept: false },
  { name: "an empty name", cookie: { name: "", value: "1" }, isKept: false },
  { name: "an empty value", cookie: { name: "a", value: "" }, isKept: true },
  {
    name: "a Max-Age that is no number",
    cookie: { name: "a", value: "1", maxAge: NaN },
    isKept: true,
  },
  {
    name: "an Expires that is no number",
    cookie: { name: "a", value: "1", expires: NaN },
    isKept: true,
  },
  { name: "a negative Max-Age", cookie: { name: "a", value: "1", maxAge: -1 }, isKept: false },
];

table(test, MADE, ({ cookie, isKept }) => {
  const { jar } = new TestJar();
  jar.setCookies(new URL(HTTPS), [cookie]);
  assert.is([...jar].length, isKept ? 1 : 0);
  assert.is(jar.cookies(new URL(HTTPS)).length, isKept ? 1 : 0);
  for (const { expires } of jar) assert.is(expires, undefined);
});

test("all that a cookie says is kept", () => {
  const set =
    "a=1; HttpOnly; Secure; SameSite=Strict; Partitioned; Path=/x; Domain=a.test; Max-Age=5";
  const [cookie] = new TestJar().set(HTTPS, set).jar;
  assert.equal(cookie, {
    name: "a",
    value: "1",
    quoted: false,
    domain: "a.test",
    hostOnly: false,
    path: "/x",
    secure: true,
    httpOnly: true,
    sameSite: "strict",
    partitioned: true,
    expires: START_MS + 5_000,
    creation: START_MS,
    lastAccess: START_MS,
  });
});

test.run();

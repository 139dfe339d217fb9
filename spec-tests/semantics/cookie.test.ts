/**
 * Cookies are read as Go reads them and written so that they read back, or refused.
 *
 * Rule of this file: rows are field values; a cookie is written with the attributes that it has and no other.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Cookie,
  formatCookies,
  formatSetCookie,
  parseCookies,
  parseSetCookie,
  parseSetCookies,
} from "../../lib/semantics/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("semantics: cookie");

table(
  test,
  [
    { name: "one cookie", input: "a=b", expect: "a=b" },
    { name: "several, with and without blanks", input: "a=b;c=d;  e=f ", expect: "a=b|c=d|e=f" },
    { name: "quotes around a value are told apart", input: 'a="b c"', expect: 'a="b c"' },
    { name: "two quotes alone are an empty value", input: 'a=""', expect: 'a=""' },
    { name: "one quote alone is no value", input: 'a=";b=c', expect: "b=c" },
    { name: "an empty value", input: "a=", expect: "a=" },
    { name: "the same name twice", section: "6265 §4.2.2", input: "a=1; a=2", expect: "a=1|a=2" },
    { name: "an equals sign in a value", input: "a=b=c", expect: "a=b=c" },
    { name: "blanks around name and value", input: " a = b ", expect: "a=b" },
    { name: "a word alone is a name", section: "Go", input: "a; b=c", expect: "a=|b=c" },
    { name: "empty parts", input: ";; a=b;", expect: "a=b" },
    { name: "nothing", input: "", expect: "" },
    { name: "a name that is no token is passed over", input: "a b=c; d=e", expect: "d=e" },
    { name: "no name", input: "=v; d=e", expect: "d=e" },
    { name: "a backslash is no octet of a value", input: "a=b\\; d=e", expect: "d=e" },
    { name: "an octet above 0x7F", input: "a=\xe9; d=e", expect: "d=e" },
    { name: "a control character", input: "a=\x01; d=e", expect: "d=e" },
    { name: "a property of every object", input: "__proto__=x", expect: "__proto__=x" },
  ],
  ({ input, expect }) => {
    const cookies = parseCookies(input);
    assert.is(cookies.map((one) => formatCookies([one])).join("|"), expect);
    assert.equal(parseCookies(formatCookies(cookies)), cookies, "written and read again");
  },
);

test("several fields are read in their order, and a name may be asked for", () => {
  const values = ["a=1; b=2", "a=3"];
  assert.is(formatCookies(parseCookies(values)), "a=1; b=2; a=3");
  assert.is(formatCookies(parseCookies(values, { name: "a" })), "a=1; a=3");
  assert.is(formatCookies(parseCookies(values, { name: "A" })), "");
});

table(
  test,
  [
    { name: "strictly: a blank field", input: " ", code: "blank-cookie" },
    { name: "strictly: a word alone", input: "a", code: "cookie-without-equals" },
    { name: "strictly: no name", input: "=b", code: "malformed-cookie-name" },
    { name: "strictly: a bad value", input: "a=b; c=\\", code: "malformed-cookie-value" },
  ],
  ({ input, code }) => {
    const error = throwsCode(() => parseCookies(input, { invalid: "throw" }), code);
    assert.is((error as { status?: number }).status, 400);
    if (!input.includes("b;")) throwsCode(() => parseSetCookie(input), code);
  },
);

test("strictly: what is well formed is read, empty parts too", () => {
  assert.is(formatCookies(parseCookies("a=b;; c=d;", { invalid: "throw" })), "a=b; c=d");
});

test("more than 3,000 cookies are none", () => {
  const most = "a=;".repeat(2999);
  assert.is(parseCookies(`${most}a=`).length, 3000);
  assert.is(parseCookies(`${most}a=;`).length, 0);
  assert.is(parseCookies([most, "b"]).length, 0);
  assert.is(parseCookies("a=1;b=2", { maxCookies: 1 }).length, 0);
  throwsCode(() => parseCookies(`${most};`, { invalid: "throw" }), "too-many-cookies");
  assert.is(parseSetCookies(Array.from({ length: 3000 }, () => "a=")).length, 3000);
  assert.is(parseSetCookies(Array.from({ length: 3001 }, () => "a=")).length, 0);
  assert.is(parseSetCookies(["a=", "b="], { maxCookies: 1 }).length, 0);
});

/** What a Set-Cookie field says beside raw, or the cookie that is to be written. */
type Said = Partial<Cookie>;

table(
  test,
  [
    { name: "name and value", input: "a=b", expect: {} },
    { name: "a value in quotes", input: 'a="b"', expect: { quoted: true } },
    { name: "a path", input: "a=b; Path=/x y", expect: { path: "/x y" } },
    { name: "a domain", input: "a=b; Domain=x-1.example", expect: { domain: "x-1.example" } },
    { name: "an address", input: "a=b; Domain=127.0.0.1", expect: { domain: "127.0.0.1" } },
    {
      name: "a date",
      input: "a=b; Expires=Tue, 10 Nov 2009 23:00:00 GMT",
      expect: { expires: Date.UTC(2009, 10, 10, 23), rawExpires: "Tue, 10 Nov 2009 23:00:00 GMT" },
    },
    { name: "an age", input: "a=b; Max-Age=60", expect: { maxAge: 60 } },
    { name: "no age: delete it", input: "a=b; Max-Age=0", expect: { maxAge: 0 } },
    {
      name: "the greatest age",
      input: "a=b; Max-Age=9007199254740991",
      expect: { maxAge: 2 ** 53 - 1 },
    },
    { name: "flags", input: "a=b; HttpOnly; Secure", expect: { httpOnly: true, secure: true } },
    { name: "SameSite lax", input: "a=b; SameSite=Lax", expect: { sameSite: "lax" } },
    { name: "SameSite strict", input: "a=b; SameSite=Strict", expect: { sameSite: "strict" } },
    { name: "SameSite none", input: "a=b; SameSite=None", expect: { sameSite: "none" } },
    {
      name: "partitioned",
      input: "a=b; Path=/; Secure; SameSite=None; Partitioned",
      expect: { path: "/", secure: true, sameSite: "none", partitioned: true },
    },
    {
      name: "the order of all attributes",
      section: "Go",
      input:
        "a=b; Path=/; Domain=c.d; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=1; HttpOnly; Secure; SameSite=Lax; Partitioned",
      expect: {
        path: "/",
        domain: "c.d",
        expires: 0,
        rawExpires: "Thu, 01 Jan 1970 00:00:00 GMT",
        maxAge: 1,
        httpOnly: true,
        secure: true,
        sameSite: "lax",
        partitioned: true,
      },
    },
  ] satisfies { name: string; section?: string; input: string; expect: Said }[],
  ({ input, expect }) => {
    const cookie = { name: "a", value: "b", quoted: false, raw: input, ...expect };
    assert.equal(parseSetCookie(input), cookie);
    assert.is(formatSetCookie(cookie), input, "written");
  },
);

table(
  test,
  [
    {
      name: "attributes without case",
      input: "a=b; PATH=/; hTTPonly",
      expect: { path: "/", httpOnly: true },
    },
    {
      name: "blanks everywhere",
      section: "6265 §5.2",
      input: " a = b ;  path = /x ;",
      expect: { path: "/x" },
    },
    {
      name: "the last of two counts",
      section: "6265 §5.3",
      input: "a=b; path=/1; path=/2",
      expect: { path: "/2" },
    },
    {
      name: "empty path and domain",
      input: "a=b; path=; domain",
      expect: { path: "", domain: "" },
    },
    {
      name: "a domain as it stands",
      input: "a=b; domain=.X.example",
      expect: { domain: ".X.example" },
    },
    { name: "SameSite without a value", input: "a=b; SameSite", expect: { sameSite: "default" } },
    {
      name: "SameSite with another value",
      input: "a=b; SameSite=x",
      expect: { sameSite: "default" },
    },
    { name: "an age below zero", section: "Go", input: "a=b; max-age=-5", expect: { maxAge: 0 } },
    {
      name: "an age of minus zero",
      input: "a=b; max-age=-0",
      expect: { unparsed: ["max-age=-0"] },
    },
    {
      name: "an age with a zero before it",
      section: "Go",
      input: "a=b; max-age=05",
      expect: { unparsed: ["max-age=05"] },
    },
    {
      name: "an age that is no number",
      input: "a=b; max-age=1x",
      expect: { unparsed: ["max-age=1x"] },
    },
    {
      name: "an age with a sign alone",
      input: "a=b; max-age=-",
      expect: { unparsed: ["max-age=-"] },
    },
    { name: "no age", input: "a=b; max-age", expect: { unparsed: ["max-age"] } },
    {
      name: "an age above 2^53 − 1",
      input: "a=b; max-age=9007199254740992",
      expect: { unparsed: ["max-age=9007199254740992"] },
    },
    {
      name: "what is no date",
      input: "a=b; expires=soon",
      expect: { rawExpires: "soon", expires: undefined, unparsed: ["expires=soon"] },
    },
    { name: "what is unknown", input: "a=b; x=y; z", expect: { unparsed: ["x=y", "z"] } },
    {
      name: "an octet that no attribute holds",
      input: "a=b; path=/\xe9",
      expect: { unparsed: ["path=/\xe9"] },
    },
  ] satisfies { name: string; section?: string; input: string; expect: Said }[],
  ({ input, expect }) => {
    assert.equal(parseSetCookie(input), {
      name: "a",
      value: "b",
      quoted: false,
      raw: input,
      ...expect,
    });
  },
);

test("attributes without a cookie are none", () => {
  throwsCode(() => parseSetCookie("; Path=/"), "cookie-without-equals");
});

test("thirty thousand unknown attributes cost what they weigh", () => {
  const start = performance.now();
  assert.is(parseSetCookie(`a=b${";x".repeat(30_000)}`).unparsed?.length, 30_000);
  assert.ok(performance.now() - start < 1_000, "a hundred times what it takes");
});

test("fields that are no cookie are passed over", () => {
  const cookies = parseSetCookies(["a=b", "", "=c", "d=e"]);
  assert.equal(
    cookies.map((cookie) => cookie.name),
    ["a", "d"],
  );
});

table(
  test,
  [
    { name: "a blank in a value", input: { value: "b c" }, expect: 'a="b c"' },
    { name: "a comma in a value", input: { value: "," }, expect: 'a=","' },
    { name: "quotes asked for", input: { quoted: true }, expect: 'a="b"' },
    { name: "a dot before the domain", input: { domain: ".c.d" }, expect: "a=b; Domain=c.d" },
    { name: "empty path and domain are none", input: { path: "", domain: "" }, expect: "a=b" },
    { name: "an age below zero", input: { maxAge: -1 }, expect: "a=b; Max-Age=0" },
    { name: "SameSite by default", input: { sameSite: "default" }, expect: "a=b" },
    {
      name: "flags that are off",
      input: { secure: false, httpOnly: false, partitioned: false },
      expect: "a=b",
    },
    {
      name: "the first year",
      input: { expires: Date.UTC(1601, 0, 1, 1, 1, 1) },
      expect: "a=b; Expires=Mon, 01 Jan 1601 01:01:01 GMT",
    },
    {
      name: "a label of 63",
      input: { domain: `${"x".repeat(63)}.y` },
      expect: `a=b; Domain=${"x".repeat(63)}.y`,
    },
  ] satisfies { name: string; input: Said; expect: string }[],
  ({ input, expect }) => {
    assert.is(formatSetCookie({ name: "a", value: "b", ...input }), expect);
  },
);

table(
  test,
  [
    { name: "no name", input: { name: "" }, code: "bad-cookie-name" },
    { name: "a line end in a name", input: { name: "a\nb" }, code: "bad-cookie-name" },
    { name: "a quote in a value", input: { value: 'b"' }, code: "bad-cookie-value" },
    { name: "a semicolon in a value", input: { value: "b;c" }, code: "bad-cookie-value" },
    { name: "a line end in a value", input: { value: "b\r\nX: y" }, code: "bad-cookie-value" },
    { name: "text beyond ASCII in a value", input: { value: "€" }, code: "bad-cookie-value" },
    { name: "a semicolon in a path", input: { path: "/;x" }, code: "bad-cookie-path" },
    { name: "a path beyond ASCII", input: { path: "/é" }, code: "bad-cookie-path" },
    {
      name: "a sameSite that is none",
      input: { sameSite: "Lax; Domain=x" as "lax" },
      code: "bad-cookie-same-site",
    },
    {
      name: "a sameSite that every object has",
      input: { sameSite: "constructor" as "lax" },
      code: "bad-cookie-same-site",
    },
    { name: "a port in a domain", input: { domain: "a.b:80" }, code: "bad-cookie-domain" },
    { name: "an IPv6 address", section: "Go", input: { domain: "::1" }, code: "bad-cookie-domain" },
    { name: "digits that are no address", input: { domain: "1.2.3" }, code: "bad-cookie-domain" },
    { name: "an address out of range", input: { domain: "1.2.3.256" }, code: "bad-cookie-domain" },
    { name: "an address with zeros", input: { domain: "1.2.3.04" }, code: "bad-cookie-domain" },
    {
      name: "an address with a long number",
      input: { domain: "1.2.3.0400" },
      code: "bad-cookie-domain",
    },
    {
      name: "an address with an empty number",
      input: { domain: "1.2.3." },
      code: "bad-cookie-domain",
    },
    { name: "a hyphen before a dot", input: { domain: "bad-.abc" }, code: "bad-cookie-domain" },
    { name: "a hyphen after a dot", input: { domain: "bad.-abc" }, code: "bad-cookie-domain" },
    { name: "an empty label", input: { domain: "a..b" }, code: "bad-cookie-domain" },
    { name: "a long label", input: { domain: "x".repeat(64) }, code: "bad-cookie-domain" },
    { name: "a long name", input: { domain: "x.".repeat(127) }, code: "bad-cookie-domain" },
    { name: "a dot alone", input: { domain: "." }, code: "bad-cookie-domain" },
    {
      name: "an early year",
      input: { expires: Date.UTC(1600, 11, 31) },
      code: "bad-cookie-expires",
    },
    { name: "a late year", input: { expires: Date.UTC(10_000, 0) }, code: "bad-cookie-expires" },
    { name: "no instant", input: { expires: Number.NaN }, code: "bad-cookie-expires" },
    { name: "a broken age", input: { maxAge: 1.5 }, code: "bad-cookie-max-age" },
    { name: "an age without end", input: { maxAge: Infinity }, code: "bad-cookie-max-age" },
    {
      name: "partitioned but not secure",
      input: { partitioned: true },
      code: "insecure-partitioned-cookie",
    },
  ] satisfies { name: string; section?: string; input: Said; code: string }[],
  ({ input, code }) => {
    const cookie = { name: "a", value: "b", ...input };
    const error = throwsCode(() => formatSetCookie(cookie), code);
    assert.is((error as { status?: number }).status, 500);
    assert.not.ok(/€|X: y/.test(error.message), "the value is not shown");
    if (code.endsWith("name") || code.endsWith("value"))
      throwsCode(() => formatCookies([cookie]), code);
  },
);

test.run();

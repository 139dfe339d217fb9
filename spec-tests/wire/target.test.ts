/** Request targets and Host values. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkHost, checkTarget, parseHost, parseTarget } from "../../lib/wire/mod.ts";
import type { Target } from "../../lib/wire/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("wire/target");

function origin(escapedPath: string, rawQuery?: string): Target {
  return { kind: "origin", escapedPath, rawQuery };
}

function absolute(
  scheme: string,
  authority: string,
  escapedPath: string,
  rawQuery?: string,
): Target {
  return { kind: "absolute", scheme, authority, escapedPath, rawQuery };
}

table<{ name: string; section?: string; input: [string, string]; expect: Target }>(
  test,
  [
    {
      name: "a path is the origin form",
      section: "9112 §3.2.1",
      input: ["GET", "/a/b"],
      expect: origin("/a/b"),
    },
    {
      name: "the first question mark begins the query",
      input: ["GET", "/a?b?c"],
      expect: origin("/a", "b?c"),
    },
    { name: "an empty query is a query", input: ["GET", "/?"], expect: origin("/", "") },
    {
      name: "two slashes begin a path, not an authority",
      input: ["GET", "//u@h/p"],
      expect: origin("//u@h/p"),
    },
    {
      name: "percent-encodings stay as they are",
      input: ["GET", "/%2F%e4"],
      expect: origin("/%2F%e4"),
    },
    {
      name: "the query's percent signs are not looked into, as in Go",
      input: ["GET", "/?%zz%"],
      expect: origin("/", "%zz%"),
    },
    {
      name: "a number sign is no fragment here, as in Go",
      input: ["GET", "/a#b"],
      expect: origin("/a#b"),
    },
    { name: "octets above 0x7F pass", input: ["GET", "/caf\xe9"], expect: origin("/caf\xe9") },
    {
      name: "an absolute URI is taken by every server",
      section: "9112 §3.2.2",
      input: ["GET", "HTTP://a:80/p?q"],
      expect: absolute("http", "a:80", "/p", "q"),
    },
    {
      name: "an absolute URI may lack the path",
      input: ["GET", "http://a?q"],
      expect: absolute("http", "a", "", "q"),
    },
    {
      name: "user information is not part of the authority",
      input: ["GET", "http://a%12:b!&*$@h:1/p"],
      expect: absolute("http", "h:1", "/p"),
    },
    {
      name: "an at sign in the path is no user information",
      input: ["GET", "http://h/@"],
      expect: absolute("http", "h", "/@"),
    },
    {
      name: "the port may be empty",
      input: ["GET", "http://h:/"],
      expect: absolute("http", "h:", "/"),
    },
    {
      name: "another scheme is a scheme too",
      input: ["GET", "a+b-1.c://[::1]:8/"],
      expect: absolute("a+b-1.c", "[::1]:8", "/"),
    },
    {
      name: "an asterisk is the server itself",
      section: "9112 §3.2.4",
      input: ["OPTIONS", "*"],
      expect: { kind: "asterisk" },
    },
    {
      name: "other methods may have an asterisk, as in Go",
      input: ["NOTIFY", "*"],
      expect: { kind: "asterisk" },
    },
    {
      name: "CONNECT has an authority",
      section: "9112 §3.2.3",
      input: ["CONNECT", "a.b:443"],
      expect: { kind: "authority", authority: "a.b:443" },
    },
    {
      name: "CONNECT takes an IPv6 address",
      input: ["CONNECT", "[::1]:65535"],
      expect: { kind: "authority", authority: "[::1]:65535" },
    },
  ],
  ({ input, expect }) => {
    assert.equal(parseTarget(...input), expect);
    checkTarget(...input);
  },
);

table<{ name: string; section?: string; input: [string, string] }>(
  test,
  [
    { name: "nothing is no target", input: ["GET", ""] },
    { name: "a path begins with a slash", input: ["GET", "a/b"] },
    { name: "a query alone is no target", input: ["GET", "?a"] },
    { name: "an asterisk stands alone", input: ["OPTIONS", "*/"] },
    {
      name: "a path with a bad escape is refused",
      section: "Go: url.Parse",
      input: ["GET", "/%zz"],
    },
    { name: "a path that ends in a percent sign is refused", input: ["GET", "/a%"] },
    { name: "a path that ends within an escape is refused", input: ["GET", "/a%4"] },
    { name: "an authority is for CONNECT only", section: "9112 §3.2.3", input: ["GET", "a:80"] },
    { name: "an absolute URI has a host", section: "9110 §4.2.1", input: ["GET", "http:///p"] },
    { name: "a port is not a host", input: ["GET", "http://:80/p"] },
    { name: "an absolute URI has an authority", input: ["GET", "mailto:a@b"] },
    { name: "a scheme is not empty", input: ["GET", "://a/"] },
    { name: "a scheme begins with a letter", input: ["GET", "1a://b/"] },
    { name: "a scheme has no underscore", input: ["GET", "a_b://c/"] },
    { name: "an absolute URI's port is decimal", input: ["GET", "http://a:b/"] },
    { name: "an absolute URI's path has good escapes", input: ["GET", "http://a/%z"] },
    { name: "a second at sign is refused", input: ["GET", "http://a@b@c/"] },
    { name: "user information has good escapes", input: ["GET", "http://a%z@c/"] },
    { name: "a number sign in the authority is refused", input: ["GET", "http://a#b"] },
    { name: "CONNECT without a port is refused", section: "9110 §9.3.6", input: ["CONNECT", "a"] },
    { name: "CONNECT with an empty port is refused", input: ["CONNECT", "a:"] },
    { name: "CONNECT without a host is refused", input: ["CONNECT", ":443"] },
    { name: "CONNECT to port 0 is refused", input: ["CONNECT", "a:00"] },
    { name: "CONNECT to port 65536 is refused", input: ["CONNECT", "a:65536"] },
    {
      name: "CONNECT to a port of many digits is refused",
      input: ["CONNECT", `a:${"9".repeat(400)}`],
    },
    { name: "CONNECT with a path is refused", input: ["CONNECT", "/x"] },
    { name: "CONNECT with user information is refused", input: ["CONNECT", "u@a:1"] },
  ],
  ({ input }) => {
    throwsCode(() => parseTarget(...input), "bad-target");
    throwsCode(() => checkTarget(...input), "bad-target");
  },
);

test("octets that no target has are refused", () => {
  for (const bad of ["/a b", "/\r\n", "/\0", "/\x7f", "/\u0100"]) {
    throwsCode(() => parseTarget("GET", bad), "bad-target");
  }
});

table<{ name: string; section?: string; input: string; expect: [string, string | undefined] }>(
  test,
  [
    { name: "a name", section: "9110 §7.2", input: "a.example", expect: ["a.example", undefined] },
    { name: "a name and a port", input: "a.example:8080", expect: ["a.example", "8080"] },
    { name: "the empty host", section: "9112 §3.2", input: "", expect: ["", undefined] },
    { name: "an empty host with a port", input: ":80", expect: ["", "80"] },
    { name: "an empty port", section: "3986 §3.2.3", input: "a:", expect: ["a", ""] },
    { name: "a port of any length, as in Go", input: "a:99999999", expect: ["a", "99999999"] },
    { name: "an IPv4 address", input: "1.2.3.4", expect: ["1.2.3.4", undefined] },
    { name: "percent-encodings", input: "a%41b:1", expect: ["a%41b", "1"] },
    {
      name: "sub-delims",
      section: "3986 §3.2.2",
      input: "a,b;c=(d)!$&'*+_~",
      expect: ["a,b;c=(d)!$&'*+_~", undefined],
    },
    { name: "an IPv6 address", input: "[::1]", expect: ["[::1]", undefined] },
    {
      name: "an IPv6 address and a port",
      input: "[2001:db8::1]:80",
      expect: ["[2001:db8::1]", "80"],
    },
    { name: "an IPv6 address and an empty port", input: "[::]:", expect: ["[::]", ""] },
    {
      name: "an IPv6 zone",
      section: "6874",
      input: "[fe80::1%25en0]:80",
      expect: ["[fe80::1%25en0]", "80"],
    },
    { name: "a form to come", input: "[v1.a:b]", expect: ["[v1.a:b]", undefined] },
  ],
  ({ input, expect: [host, port] }) => {
    assert.equal(parseHost(input), { host, port });
    checkHost(input);
  },
);

table<{ name: string; section?: string; input: string }>(
  test,
  [
    { name: "a Host with a blank is refused", section: "9112 §3.2", input: "a b" },
    { name: "a Host with a path is refused", input: "a/b" },
    { name: "a Host with a scheme is refused", input: "http://a" },
    { name: "a Host with user information is refused", input: "u@a" },
    { name: "a Host with a query is refused", input: "a?b" },
    { name: "a Host with a number sign is refused", input: "a#b" },
    { name: "a Host with a backslash is refused", input: "a\\b" },
    { name: "a Host in quotes is refused", input: '"a"' },
    { name: "a Host with an octet above 0x7F is refused", input: "\xff" },
    { name: "a Host with a char above U+00FF is refused", input: "\u0161" },
    { name: "a Host with a bad escape is refused", input: "a%4" },
    { name: "a Host with a bad escape before the port is refused", input: "a%zz:1" },
    { name: "a Host with a word for a port is refused", input: "a:http" },
    { name: "a Host with a negative port is refused", input: "a:-1" },
    { name: "a Host with two ports is refused", input: "a:1:2" },
    { name: "an IPv6 address without brackets is refused, though Go takes it", input: "::1" },
    { name: "an open bracket is refused", input: "[::1" },
    { name: "a closing bracket alone is refused", input: "a]" },
    { name: "empty brackets are refused", input: "[]" },
    { name: "a name in brackets is refused", input: "[a.example]" },
    { name: "something behind the bracket is refused", input: "[::1]a" },
    { name: "a word for a port behind the bracket is refused", input: "[::1]:a" },
  ],
  ({ input }) => {
    throwsCode(() => parseHost(input), "bad-host");
    throwsCode(() => checkHost(input), "bad-host");
  },
);

const GOOD_ADDRESSES: readonly string[] = [
  "::",
  "::1",
  "1::",
  "1:2:3:4:5:6:7:8",
  "ABCD:ef01:2345:6789:abcd:EF01:2345:6789",
  "1::3:4:5:6:7:8",
  "1:2:3:4:5:6:7::",
  "::2:3:4:5:6:7:8",
  "::1.2.3.4",
  "1:2:3:4:5:6:1.2.3.4",
  "::255.255.255.255",
  "::ffff:0.10.99.100",
  "fe80::1%25a-b_c.d~%41",
  "V1f.x",
  "v1.a:b!$&'()*+,;=",
];

const BAD_ADDRESSES: readonly string[] = [
  "",
  ":",
  ":::",
  "1",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4::5:6:7:8",
  "1::2::3",
  ":1::2",
  "1::2:",
  "12345::",
  "g::",
  "1.2.3.4",
  "1.2.3.4::",
  "::1.2.3",
  "::1.2.3.4.5",
  "::256.1.1.1",
  "::01.1.1.1",
  "::1.2.3.",
  "::1.2.3.1000",
  "1:2:3:4:5:6:7:1.2.3.4",
  "fe80::1%en0",
  "fe80::1%25",
  "fe80::1%25a%4",
  "fe80::1%25a!b",
  "x%25a",
  "v.x",
  "vg.x",
  "v1x",
  "v1.",
  "v1.%41",
];

test("what stands between brackets is an address (RFC 3986 §3.2.2)", () => {
  for (const address of GOOD_ADDRESSES)
    assert.is(parseHost(`[${address}]`).port, undefined, address);
  for (const address of BAD_ADDRESSES) throwsCode(() => parseHost(`[${address}]`), "bad-host");
});

test("a host of 64 KiB takes no time", () => {
  const started = performance.now();
  for (const unit of ["a", "%41", ":", "[", "1:", "%"]) {
    const text = unit.repeat(65_536);
    for (const host of [text, `[${text}]`, `[v1.${text}]`]) {
      try {
        parseHost(host);
      } catch {
        // Good or bad does not matter here, only how long it takes.
      }
    }
  }
  assert.ok(performance.now() - started < 1000);
});

test.run();

/**
 * Names: what a path may name, what it never does, and how a name becomes a reference again.
 *
 * Rule of this file: the attacks of security.md on paths stand here, each as a row.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  cleanName,
  containsDotDot,
  escapeName,
  extensionOf,
  isHidden,
  placeOf,
} from "../../../lib/server/files/name.ts";
import { table } from "../../kit.ts";

const test = suite("server/files: name");

interface Row {
  readonly name: string;
  readonly path: string;
  /** Name, last segment, and whether a slash ends the path; undefined for no name. */
  readonly expect: readonly [name: string, base: string, slash: "/" | ""] | undefined;
}

table<Row>(
  test,
  [
    { name: "the root", path: "/", expect: ["/", "", "/"] },
    { name: "an empty path is the root", path: "", expect: ["/", "", "/"] },
    { name: "a file", path: "/a.txt", expect: ["/a.txt", "a.txt", ""] },
    { name: "a directory", path: "/a/b/", expect: ["/a/b", "b", "/"] },
    { name: "no slash at the beginning", path: "a/b", expect: ["/a/b", "b", ""] },
    { name: "an encoded name", path: "/a%20b/%C3%A9", expect: ["/a b/é", "é", ""] },
    { name: "raw octets of UTF-8", path: "/\xc3\xa9", expect: ["/é", "é", ""] },
    { name: "decoded once", path: "/%2541", expect: ["/%41", "%41", ""] },
    { name: "a plus stays one", path: "/a+b", expect: ["/a+b", "a+b", ""] },
    { name: "three dots are a name", path: "/.../a..b", expect: ["/.../a..b", "a..b", ""] },
    { name: "a semicolon hides nothing", path: "/..;/a", expect: ["/..;/a", "a", ""] },
    { name: "empty segments are nothing", path: "//a///b", expect: ["/a/b", "b", ""] },
    { name: "one dot is nothing", path: "/./a/./b", expect: ["/a/b", "b", ""] },
    { name: "two dots go up", path: "/a/../b", expect: ["/b", "b", ""] },
    {
      name: "two dots end at the root",
      path: "/../../../etc/passwd",
      expect: ["/etc/passwd", "passwd", ""],
    },
    { name: "a path that ends with a dot", path: "/a/.", expect: ["/a", ".", ""] },
    { name: "a path that ends with two", path: "/a/b/..", expect: ["/a", "..", ""] },
    { name: "an encoded slash", path: "/a%2Fb", expect: undefined },
    { name: "an encoded slash in small letters", path: "/..%2f..%2fetc/passwd", expect: undefined },
    { name: "encoded dots", path: "/%2e%2e/%2E%2e/etc/passwd", expect: undefined },
    { name: "one encoded dot of two", path: "/.%2e/a", expect: undefined },
    { name: "an encoded single dot", path: "/%2e/a", expect: undefined },
    {
      name: "encoded twice is a name like any other",
      path: "/%252e%252e%252fa",
      expect: ["/%2e%2e%2fa", "%2e%2e%2fa", ""],
    },
    { name: "a backslash", path: "/..\\..\\etc", expect: undefined },
    { name: "an encoded backslash", path: "/..%5c..%5cetc", expect: undefined },
    { name: "a NUL", path: "/index.html%00.png", expect: undefined },
    {
      name: "overlong UTF-8 is no slash",
      path: "/..%c0%af..",
      expect: ["/..\ufffd\ufffd..", "..\ufffd\ufffd..", ""],
    },
    {
      name: "a full-width full stop is no dot",
      path: "/\xef\xbc\x8e\xef\xbc\x8e/a",
      expect: ["/．．/a", "a", ""],
    },
  ],
  ({ path, expect }) => {
    const place = placeOf(path);
    const actual = place && [place.name, place.base, place.slash === "slash" ? "/" : ""];
    assert.equal(actual, expect);
  },
);

test("a program's names are cleaned, not decoded", () => {
  assert.is(cleanName("a//b/./../c/"), "/a/c");
  assert.is(cleanName("../../etc"), "/etc");
  assert.is(cleanName("/%2e%2e"), "/%2e%2e");
  assert.is(cleanName(""), "/");
  assert.is(cleanName("a\\b"), undefined);
  assert.is(cleanName("a\0"), undefined);
});

test("dot-dot is found between slashes of both kinds, and only there", () => {
  for (const path of ["/..", "/../a", "..", "/a/..", "/..\\a", "/a\\.."]) {
    assert.ok(containsDotDot(path), path);
  }
  for (const path of ["/a", "/a..", "/..a", "/a..b/..."]) assert.not.ok(containsDotDot(path), path);
});

test("a dot hides a name at any depth, but not the public folder at the root", () => {
  for (const name of [
    "/.env",
    "/.git/config",
    "/a/.b/c",
    "/.well-known/.x",
    "/a/.well-known/b",
    "/.well-knownx",
  ]) {
    assert.ok(isHidden(name), name);
  }
  for (const name of ["/", "/a.b", "/a./b", "/.well-known", "/.well-known/security.txt"]) {
    assert.not.ok(isHidden(name), name);
  }
});

test("the extension is what begins with the last dot of the last segment", () => {
  assert.is(extensionOf("/a/b.tar.gz"), ".gz");
  assert.is(extensionOf("/a.b/c"), "");
  assert.is(extensionOf("/.bashrc"), ".bashrc");
  assert.is(extensionOf("a."), ".");
  assert.is(extensionOf(""), "");
});

table(
  test,
  [
    { name: "a plain name", input: "a-b_c.~1", expect: "a-b_c.~1" },
    { name: "what an attribute could be left by", input: `"'<>&`, expect: "%22%27%3C%3E&" },
    { name: "query and fragment", input: "?foo=bar#baz", expect: "%3Ffoo=bar%23baz" },
    { name: "a scheme", input: "javascript:alert(1)", expect: "./javascript:alert%281%29" },
    { name: "a percent sign", input: "100%41", expect: "100%2541" },
    { name: "blank and line end", input: "a b\r\n", expect: "a%20b%0D%0A" },
    { name: "octets of UTF-8", input: "é", expect: "%C3%A9" },
    { name: "an ampersand that HTML would read", input: "a&copy.txt", expect: "a%26copy.txt" },
    { name: "one that it would not", input: "a&.txt", expect: "a&.txt" },
    { name: "a lone surrogate", input: "\ud800", expect: "%EF%BF%BD" },
  ],
  ({ input, expect }) => assert.is(escapeName(input), expect),
);

test.run();

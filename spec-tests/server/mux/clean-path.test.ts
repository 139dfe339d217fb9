/**
 * Clean paths, and the look at a path that every request gets.
 *
 * Rule of this file: what cleanPath changes is unclean, and what it gives is clean.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cleanPath, pathForm } from "../../../lib/server/mux/clean-path.ts";
import { table } from "../../kit.ts";

const test = suite("server/mux: clean-path");

table(
  test,
  [
    { name: "the root", input: "/", expect: "/" },
    { name: "nothing is the root", input: "", expect: "/" },
    { name: "a missing slash in front", input: "a/b", expect: "/a/b" },
    { name: "a clean path stays", input: "/a/b.c", expect: "/a/b.c" },
    { name: "its slash at the end stays too", input: "/a/", expect: "/a/" },
    { name: "two slashes in front", input: "//", expect: "/" },
    { name: "another host in front", input: "//evil.example/a", expect: "/evil.example/a" },
    { name: "many slashes inside", input: "/a////b", expect: "/a/b" },
    { name: "many slashes at the end", input: "/a///", expect: "/a/" },
    { name: "a dot", input: "/./a/./b", expect: "/a/b" },
    { name: "a dot at the end", input: "/a/.", expect: "/a" },
    { name: "a dot and a slash at the end", input: "/a/./", expect: "/a/" },
    { name: "two dots", input: "/a/../b", expect: "/b" },
    { name: "two dots at the end", input: "/a/b/..", expect: "/a" },
    { name: "two dots and a slash at the end", input: "/a/b/../", expect: "/a/" },
    { name: "two dots above the root", input: "/../../a", expect: "/a" },
    { name: "two dots back to the root", input: "/a/..", expect: "/" },
    { name: "all of it", input: "/foo/../bar/./..//baz", expect: "/baz" },
    { name: "three dots are a name", input: "/.../a", expect: "/.../a" },
    { name: "a name may begin with dots", input: "/.a/..b", expect: "/.a/..b" },
    { name: "a name may end with dots", input: "/a./b../", expect: "/a./b../" },
    { name: "encoded dots and slashes are names", input: "/%2e%2e/%2f", expect: "/%2e%2e/%2f" },
  ],
  ({ input, expect }) => {
    assert.is(cleanPath(input), expect);
    assert.is(cleanPath(expect), expect, "what is clean stays");
    assert.is(pathForm(input) === "unclean", input !== expect);
  },
);

table(
  test,
  [
    { name: "letters are plain", input: "/a/b", expect: "plain" },
    { name: "octets above 0x7F are plain", input: "/\xc3\xa9", expect: "plain" },
    { name: "a percent sign is encoded", input: "/a%20b", expect: "encoded" },
    { name: "an unclean path is that first", input: "/%20//", expect: "unclean" },
  ],
  ({ input, expect }) => assert.is(pathForm(input), expect),
);

test("a long path is looked at once", () => {
  const segments = 100_000;
  assert.is(cleanPath("/..".repeat(segments)), "/");
  assert.is(cleanPath(`/a/${"b/../".repeat(segments)}`), "/a/");
});

test.run();

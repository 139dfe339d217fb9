/**
 * Text and octets of segments, both ways.
 *
 * Rule of this file: rows; what is encoded is ASCII that a URI can hold.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { escapeReference, escapeSegment, unescapeLiteral } from "../../../lib/server/mux/escape.ts";
import { pathUnescape } from "../../../lib/semantics/mod.ts";
import { table } from "../../kit.ts";

const test = suite("server/mux: escape");

table(
  test,
  [
    { name: "a literal without encodings is itself", input: "a+b", expect: "a+b" },
    { name: "characters beyond latin1 are themselves", input: "日本", expect: "日本" },
    { name: "encodings are resolved", input: "%61%2f%7B", expect: "a/{" },
    { name: "encodings beside other characters", input: "日%E6%9C%AC", expect: "日本" },
    { name: "one bad encoding, and none is resolved", input: "%61%zz", expect: "%61%zz" },
    { name: "a lone percent sign is itself", input: "%", expect: "%" },
  ],
  ({ input, expect }) => assert.is(unescapeLiteral(input), expect),
);

table(
  test,
  [
    { name: "letters stay", input: "aZ09-._~", expect: "aZ09-._~" },
    { name: "what a segment may hold stays", input: "!$&'()*+,;=:@", expect: "!$&'()*+,;=:@" },
    { name: "slash and percent sign are encoded", input: "a/b%", expect: "a%2fb%25" },
    { name: "a control is encoded with two digits", input: "\n", expect: "%0a" },
    { name: "others are encoded as UTF-8", input: "é日", expect: "%c3%a9%e6%97%a5" },
  ],
  ({ input, expect }) => {
    assert.is(escapeSegment(input), expect);
    assert.is(pathUnescape(expect), input, "and back");
  },
);

table(
  test,
  [
    { name: "a path and its encodings stay", input: "/a%2fb/", expect: "/a%2fb/" },
    { name: "a query stays", input: "a=b&c=/?:@", expect: "a=b&c=/?:@" },
    { name: "a backslash could be taken for a slash", input: "/\\evil", expect: "/%5cevil" },
    { name: "quotes and brackets", input: `/"<>`, expect: "/%22%3c%3e" },
    { name: "a number sign would begin a fragment", input: "a#b", expect: "a%23b" },
    { name: "octets above 0x7F", input: "/\xc3\xa9", expect: "/%c3%a9" },
  ],
  ({ input, expect }) => assert.is(escapeReference(input), expect),
);

test.run();

/**
 * Percent-encodings of a path become the text of their UTF-8 octets, once.
 *
 * Rule of this file: inputs are paths as on the wire, one char for each octet.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pathUnescape } from "../../lib/semantics/mod.ts";
import { table } from "../kit.ts";

const test = suite("semantics: url");

table(
  test,
  [
    { name: "nothing", input: "", expect: "" },
    { name: "a path without encodings", input: "/a+b/c.d", expect: "/a+b/c.d" },
    { name: "a blank", input: "/a%20b", expect: "/a b" },
    { name: "digits in both cases", input: "%4a%4A%c3%BC", expect: "JJü" },
    { name: "a slash", input: "/a%2Fb", expect: "/a/b" },
    { name: "what is decoded is not decoded again", input: "%2541", expect: "%41" },
    { name: "characters beyond 16 bits", input: "/%F0%9F%90%88", expect: "/\u{1f408}" },
    { name: "octets above 0x7F as they came", input: "/\xc3\xbc", expect: "/ü" },
    { name: "octets and encodings of one character", input: "/\xc3%bc", expect: "/ü" },
    { name: "a NUL", input: "/%00", expect: "/\0" },
    { name: "a byte order mark", input: "%EF%BB%BFa", expect: "\ufeffa" },
    { name: "octets that are not UTF-8", input: "/%ff\xfe", expect: "/\ufffd\ufffd" },
    { name: "no digits after the sign", input: "/%zz%", expect: "/%zz%" },
    { name: "one digit after the sign", input: "/%4", expect: "/%4" },
    { name: "a digit and another char", input: "/%4g%g4", expect: "/%4g%g4" },
  ].map((row) => ({ ...row, section: "3986 §2.1" })),
  ({ input, expect }) => assert.is(pathUnescape(input), expect),
);

test.run();

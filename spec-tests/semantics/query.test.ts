/**
 * Queries are taken apart as Go does it: good pairs are kept, the first bad one is told.
 *
 * Rule of this file: rows are octets, one char each; what is read is told as `name=value` in brackets.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseQuery } from "../../lib/semantics/mod.ts";
import { table } from "../kit.ts";

const test = suite("semantics: query");

table(
  test,
  [
    { name: "nothing", input: "", expect: "" },
    { name: "pairs in their order", input: "b=1&a=2&b=3", expect: "[b=1][a=2][b=3]" },
    {
      name: "a name alone, and names and values that are empty",
      input: "a&b=&=c",
      expect: "[a=][b=][=c]",
    },
    { name: "empty pairs", input: "&&a=1&", expect: "[a=1]" },
    { name: "the first equals sign divides", input: "a=b=c", expect: "[a=b=c]" },
    { name: "plus is a blank", input: "a+b=c+d", expect: "[a b=c d]" },
    { name: "percent-codings", input: "%61%3D=%26%2B%3b", expect: "[a==&+;]" },
    { name: "UTF-8, escaped and raw", input: "a=%e2%82%ac&b=\xe2\x82\xac", expect: "[a=€][b=€]" },
    { name: "broken UTF-8", input: "a=%ff", expect: "[a=\ufffd]" },
    { name: "a byte order mark is kept", input: "a=%ef%bb%bfx", expect: "[a=\ufeffx]" },
    { name: "a property of every object", input: "__proto__=x", expect: "[__proto__=x]" },
    {
      name: "a semicolon",
      section: "Go",
      input: "a=1;b=2&c=3",
      expect: "[c=3]",
      code: "query-semicolon",
    },
    { name: "a percent sign alone", input: "a=%&b=1", expect: "[b=1]", code: "bad-query-escape" },
    { name: "one digit", input: "a=%1&b=1", expect: "[b=1]", code: "bad-query-escape" },
    { name: "no digit", input: "a=%1g&b=1", expect: "[b=1]", code: "bad-query-escape" },
    { name: "a bad name", input: "%zz=1&b=1", expect: "[b=1]", code: "bad-query-escape" },
    {
      name: "a char that is no octet",
      input: "a=€&b=1",
      expect: "[b=1]",
      code: "bad-query-escape",
    },
    { name: "the first error is told", input: "a;b&%", expect: "", code: "query-semicolon" },
    {
      name: "the first error is told, whichever",
      input: "%&a;b&%",
      expect: "",
      code: "bad-query-escape",
    },
  ],
  ({ input, expect, code }) => {
    const { values, error } = parseQuery(input);
    assert.is([...values].map(([name, value]) => `[${name}=${value}]`).join(""), expect);
    assert.is(error?.code, code);
  },
);

test("more than 10,000 pairs are none", () => {
  const most = "a&".repeat(10_000);
  assert.is([...parseQuery(most).values].length, 10_000);
  const { values, error } = parseQuery(`${most}a`);
  assert.is([...values].length, 0);
  assert.is(error?.code, "too-many-query-pairs");
  assert.is(parseQuery("a&b", { maxQueryPairs: 1 }).error?.code, "too-many-query-pairs");
});

test.run();

/**
 * Entity tags: their grammar, and the two ways of comparing them.
 *
 * Rule of this file: both comparisons are asked in both directions; they must agree.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  formatETag,
  listHoldsETag,
  matchesETag,
  parseETag,
  scanETag,
} from "../../lib/semantics/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("semantics: etag");

table(
  test,
  [
    { name: "a strong tag", input: '"xyzzy"', expect: { strength: "strong", opaque: "xyzzy" } },
    { name: "a weak tag", input: 'W/"xyzzy"', expect: { strength: "weak", opaque: "xyzzy" } },
    { name: "an empty tag", input: '""', expect: { strength: "strong", opaque: "" } },
    {
      name: "backslash and comma",
      input: '"a\\,b"',
      expect: { strength: "strong", opaque: "a\\,b" },
    },
    { name: "octets above 0x7F", input: '"\xe9"', expect: { strength: "strong", opaque: "\xe9" } },
    { name: "a small w", input: 'w/"a"', expect: undefined },
    { name: "no quotes", input: "xyzzy", expect: undefined },
    { name: "no end", input: '"xyzzy', expect: undefined },
    { name: "a blank inside", input: '"a b"', expect: undefined },
    { name: "a control inside", input: '"a\tb"', expect: undefined },
    { name: "a char above U+00FF", input: '"ā"', expect: undefined },
    { name: "something behind it", input: '"a" ', expect: undefined },
    { name: "a mark alone", input: "W/", expect: undefined },
    { name: "nothing", input: "", expect: undefined },
  ],
  ({ input, expect }) => {
    const etag = parseETag(input);
    assert.equal(etag, expect);
    if (etag !== undefined) assert.is(formatETag(etag), input);
  },
);

test("what no tag can carry is not written", () => {
  for (const opaque of ['"', " ", "\n", "\x7f", "ā"]) {
    throwsCode(() => formatETag({ strength: "strong", opaque }), "bad-etag");
  }
});

table(
  test,
  [
    {
      name: 'W/"1" and W/"1"',
      section: "§8.8.3.2",
      one: 'W/"1"',
      other: 'W/"1"',
      strong: false,
      weak: true,
    },
    {
      name: 'W/"1" and W/"2"',
      section: "§8.8.3.2",
      one: 'W/"1"',
      other: 'W/"2"',
      strong: false,
      weak: false,
    },
    {
      name: 'W/"1" and "1"',
      section: "§8.8.3.2",
      one: 'W/"1"',
      other: '"1"',
      strong: false,
      weak: true,
    },
    {
      name: '"1" and "1"',
      section: "§8.8.3.2",
      one: '"1"',
      other: '"1"',
      strong: true,
      weak: true,
    },
    {
      name: "letters keep their case",
      section: "§8.8.3.2",
      one: '"a"',
      other: '"A"',
      strong: false,
      weak: false,
    },
    {
      name: "a text that is no tag matches nothing, not even itself",
      section: "§8.8.3",
      one: "a",
      other: "a",
      strong: false,
      weak: false,
    },
    {
      name: "nor does one with a tag",
      section: "§8.8.3",
      one: '"a"',
      other: "",
      strong: false,
      weak: false,
    },
  ],
  ({ one, other, strong, weak }) => {
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      assert.is(matchesETag(a, b, "strong"), strong);
      assert.is(matchesETag(a, b, "weak"), weak);
    }
  },
);

test("the first tag of a list, and what follows it", () => {
  assert.equal(scanETag(' W/"a", "b"'), { etag: 'W/"a"', rest: ', "b"' });
  assert.equal(scanETag('"a"'), { etag: '"a"', rest: "" });
  assert.is(scanETag('a, "b"'), undefined);
  assert.is(scanETag(""), undefined);
});

table(
  test,
  [
    { name: "the only one", list: '"a"', expect: true },
    { name: "the last one", list: '"x" , W/"y",,\t"a"', expect: true },
    { name: "none of them", list: '"x", "y"', expect: false },
    { name: "an empty list", list: "", expect: false },
    { name: "commas alone", list: ", ,", expect: false },
    { name: "one before a fault", list: '"a", oops', expect: true },
    { name: "one behind a fault is not reached", list: 'oops, "a"', expect: false },
    { name: "a comma inside a tag does not separate", list: '"x,", "a"', expect: true },
  ],
  ({ list, expect }) => assert.is(listHoldsETag(list, '"a"', "strong"), expect),
);

test("a long list is walked once", () => {
  const list = '"x",'.repeat(16_000);
  const startedAt = performance.now();
  assert.not.ok(listHoldsETag(list, '"a"', "weak"));
  assert.ok(performance.now() - startedAt < 1000);
});

test.run();

/** Lists, tokens, parameters and quoted strings. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hasToken, parseParameters, quote, splitList, unquote } from "../../lib/wire/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("wire/tokens");

table<{ name: string; section?: string; input: string; expect: string[] }>(
  test,
  [
    { name: "a list has its elements", section: "9110 §5.6.1", input: "a, b", expect: ["a", "b"] },
    { name: "empty elements are dropped", input: ",a,, ,\t,b ,", expect: ["a", "b"] },
    { name: "an empty list has none", input: "", expect: [] },
    { name: "a list of commas has none", input: " , ,", expect: [] },
    {
      name: "a comma in quotes does not separate",
      input: 'a;x="b,c",d',
      expect: ['a;x="b,c"', "d"],
    },
    {
      name: "an escaped quote does not end a quoted string",
      input: '"a\\",b",c',
      expect: ['"a\\",b"', "c"],
    },
    { name: "an open quote reaches to the end", input: 'a,"b,c', expect: ["a", '"b,c'] },
    { name: "an escape may be the last char", input: '"a\\', expect: ['"a\\'] },
  ],
  ({ input, expect }) => assert.equal(splitList(input), expect),
);

table<{ name: string; input: [value: string, token: string]; expect: boolean }>(
  test,
  [
    { name: "the only token is held", input: ["foo", "foo"], expect: true },
    { name: "case does not count on either side", input: ["a,FOO", "Foo"], expect: true },
    { name: "blanks separate like commas", input: ["bar foo\tbaz", "foo"], expect: true },
    { name: "the last of a list is held", input: ["bar, baz,foo ", "foo"], expect: true },
    { name: "a part of a token is not held", input: ["foobar, barfoo", "foo"], expect: false },
    { name: "the empty token is never held", input: ["", ""], expect: false },
    { name: "no token is in the empty value", input: ["", "foo"], expect: false },
  ],
  ({ input, expect }) => assert.is(hasToken(...input), expect),
);

table<{ name: string; section?: string; input: string; expect: [string, string][] }>(
  test,
  [
    { name: "no parameters are none", input: "", expect: [] },
    {
      name: "a parameter has name and value",
      section: "9110 §5.6.6",
      input: "; a=b",
      expect: [["a", "b"]],
    },
    {
      name: "the first semicolon may be missing",
      input: "a=b;c=d",
      expect: [
        ["a", "b"],
        ["c", "d"],
      ],
    },
    {
      name: "names come in lower case, values as they are",
      input: ";Charset=UTF-8",
      expect: [["charset", "UTF-8"]],
    },
    { name: "empty parameters are passed over", input: " ;; a=b ; \t;", expect: [["a", "b"]] },
    {
      name: "a quoted value is unquoted",
      input: ';a="b;\\"c"; d=""',
      expect: [
        ["a", 'b;"c'],
        ["d", ""],
      ],
    },
    { name: "a name may repeat with the same value", input: ";a=b;A=b", expect: [["a", "b"]] },
  ],
  ({ input, expect }) => assert.equal([...parseParameters(input)], expect),
);

table<{ name: string; input: string; expect: string }>(
  test,
  [
    { name: "a name without a value is refused", input: ";a", expect: "bad-parameter" },
    { name: "an empty value is refused", input: ";a=", expect: "bad-parameter" },
    { name: "an empty name is refused", input: ";=b", expect: "bad-parameter" },
    { name: "a blank before the equals sign is refused", input: ";a =b", expect: "bad-parameter" },
    { name: "a blank after the equals sign is refused", input: ";a= b", expect: "bad-parameter" },
    { name: "two values are refused", input: ";a=b;a=c", expect: "bad-parameter" },
    { name: "something behind a value is refused", input: ';a="b"c', expect: "bad-parameter" },
    { name: "a comma does not separate parameters", input: ";a=b,c=d", expect: "bad-parameter" },
    { name: "an open quote is refused", input: ';a="b', expect: "bad-quoted-string" },
    {
      name: "a control character in quotes is refused",
      input: ';a="\x01"',
      expect: "bad-quoted-string",
    },
  ],
  ({ input, expect }) => void throwsCode(() => parseParameters(input), expect),
);

test("what is quoted is unquoted again", () => {
  for (const text of ["", "a", 'a"b', "\\", 'a\\\\"b', "caf\xe9\t "]) {
    assert.is(unquote(quote(text)), text);
  }
  assert.is(quote('a"\\'), '"a\\"\\\\"');
  assert.is(unquote('"\\a\\b"'), "ab");
});

table<{ name: string; input: string }>(
  test,
  [
    { name: "a token is no quoted string", input: "a" },
    { name: "the empty string is no quoted string", input: "" },
    { name: "one quote is no quoted string", input: '"' },
    { name: "a quoted string ends with its quote", input: '"a"b' },
    { name: "two quoted strings are not one", input: '"a""b"' },
    { name: "an escaped quote ends nothing", input: '"a\\"' },
    { name: "CR is in no quoted string", input: '"a\r"' },
    { name: "an escaped NUL is in no quoted string", input: '"\\\0"' },
  ],
  ({ input }) => void throwsCode(() => unquote(input), "bad-quoted-string"),
);

test("what no quoted string can carry is refused", () => {
  throwsCode(() => quote("a\nb"), "bad-field-value");
  throwsCode(() => quote("\u0100"), "bad-field-value");
});

test("a list of 100,000 commas and quotes takes no time", () => {
  const started = performance.now();
  splitList(`${",".repeat(50_000)}${'"\\"",'.repeat(50_000)}`);
  hasToken("a ".repeat(100_000), "b");
  assert.ok(performance.now() - started < 1000);
});

test.run();

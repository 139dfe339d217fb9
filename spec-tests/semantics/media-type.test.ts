/**
 * Media types are read by the grammar of RFC 9110, written so that they read back, and guessed by
 * extension.
 *
 * Rule of this file: rows are values of Content-Type; parameters are pairs in order.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  formatMediaType,
  parseMediaType,
  SemanticsError,
  typeByExtension,
} from "../../lib/semantics/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("semantics: media type");

interface ReadRow {
  readonly name: string;
  readonly section?: string;
  readonly input: string;
  readonly expect: readonly [type: string, ...parameters: [string, string][]];
}

function reads({ input, expect }: ReadRow): void {
  const { type, parameters } = parseMediaType(input);
  assert.equal([type, ...parameters], expect);
  const again = parseMediaType(formatMediaType({ type, parameters }));
  assert.equal([again.type, ...again.parameters], expect, "written and read again");
}

table(
  test,
  [
    { name: "a type alone", input: "text/plain", expect: ["text/plain"] },
    { name: "the type has no case", input: "Text/HTML", expect: ["text/html"] },
    { name: "blanks around it", input: " \ttext/html\t ", expect: ["text/html"] },
    { name: "a blank before the semicolon", input: "a/b ;c=d", expect: ["a/b", ["c", "d"]] },
    { name: "any token is a type", input: "x!/vnd.a+b", expect: ["x!/vnd.a+b"] },
    {
      name: "a token parameter",
      section: "9110 §8.3.1",
      input: "text/html;charset=utf-8",
      expect: ["text/html", ["charset", "utf-8"]],
    },
    {
      name: "a quoted parameter, names without case",
      section: "9110 §8.3.1",
      input: 'Text/HTML;Charset="utf-8"',
      expect: ["text/html", ["charset", "utf-8"]],
    },
    {
      name: "values keep their case",
      section: "9110 §8.3.1",
      input: "text/html; charset=UTF-8",
      expect: ["text/html", ["charset", "UTF-8"]],
    },
    {
      name: "two parameters with blanks of both kinds",
      input: "a/b \t; \tc=d\t ;e=f",
      expect: ["a/b", ["c", "d"], ["e", "f"]],
    },
    { name: "a semicolon at the end", section: "9110 §5.6.6", input: "a/b;", expect: ["a/b"] },
    {
      name: "empty parameters are skipped",
      section: "9110 §5.6.6",
      input: "a/b;; ;c=d; ; ",
      expect: ["a/b", ["c", "d"]],
    },
    { name: "an empty quoted value", input: 'a/b; c=""', expect: ["a/b", ["c", ""]] },
    {
      name: "semicolons and blanks within quotes",
      input: 'multipart/mixed; boundary="a; b=c "; d=e',
      expect: ["multipart/mixed", ["boundary", "a; b=c "], ["d", "e"]],
    },
    {
      name: "escaped quotes and backslashes",
      section: "9110 §5.6.4",
      input: 'a/b; c="\\"\\\\\\d\\ "',
      expect: ["a/b", ["c", '"\\d ']],
    },
    {
      name: "an escaped tab and octets above 0x7F",
      section: "9110 §5.6.4",
      input: 'a/b; c="\\\t\\\xff\xe9"',
      expect: ["a/b", ["c", "\t\xff\xe9"]],
    },
    {
      name: "a name that is a property of every object",
      input: "a/b; __proto__=x; constructor=y",
      expect: ["a/b", ["__proto__", "x"], ["constructor", "y"]],
    },
    {
      name: "the same name again with the same value",
      section: "Go",
      input: 'a/b; c=d; C="d"',
      expect: ["a/b", ["c", "d"]],
    },
    {
      name: "continuations are names like others",
      input: "a/b; c*0=d; c*1=e",
      expect: ["a/b", ["c*0", "d"], ["c*1", "e"]],
    },
  ] satisfies ReadRow[],
  reads,
);

table(
  test,
  [
    { name: "nothing", input: "" },
    { name: "blanks", input: "  " },
    { name: "a semicolon", input: ";" },
    { name: "no slash", input: "text" },
    { name: "no slash, but a parameter with one", input: "text; a=b/c" },
    { name: "no type", input: "/html" },
    { name: "no subtype", input: "text/" },
    { name: "nothing but a slash", input: "/" },
    { name: "two slashes", input: "text/html/x" },
    { name: "a blank within", input: "text /html" },
    { name: "two types", input: "text/html, text/plain" },
    { name: "a line end", input: "text/html\r\n" },
    { name: "a type beyond ASCII", input: "tëxt/html" },
  ],
  ({ input }) => {
    throwsCode(() => parseMediaType(input), "bad-media-type");
    throwsCode(() => formatMediaType({ type: input, parameters: new Map() }), "bad-media-type");
  },
);

table(
  test,
  [
    { name: "no value", section: "Go", input: "text/plain; boundary=" },
    { name: "no value before another parameter", input: "a/b; c=;d=e" },
    { name: "no name", input: "a/b; =c" },
    { name: "a name alone", input: "a/b; c" },
    { name: "a name and a semicolon", input: "a/b; c;" },
    { name: "a blank before the equals sign", section: "9110 §5.6.6", input: "a/b; c =d" },
    { name: "a blank after the equals sign", section: "9110 §5.6.6", input: "a/b; c= d" },
    { name: "the same name with another value", section: "Go", input: "a/b; c=d; c=e" },
    { name: "the same name in another case", section: "Go", input: "a/b; c=d; C=e" },
    { name: "two words", input: "a/b; c=d e" },
    { name: "a comma for a semicolon", input: "a/b; c=d, e=f" },
    { name: "two equals signs", input: "a/b; c==d" },
    { name: "a slash in a token", input: "a/b; c=d/e" },
    { name: "a quote within a token", input: 'a/b; c=d"e"' },
    { name: "something after the closing quote", input: 'a/b; c="d"e' },
    { name: "a quoted name", input: 'a/b; "c"=d' },
    { name: "a name beyond ASCII", input: "a/b; \xe9=d" },
  ],
  ({ input }) => {
    throwsCode(() => parseMediaType(input), "bad-parameter");
  },
);

table(
  test,
  [
    { name: "a quote that never ends", input: 'a/b; c="d' },
    { name: "a single quote sign", input: 'a/b; c="' },
    { name: "an escape at the end", input: 'a/b; c="d\\' },
    { name: "an escaped closing quote", input: 'a/b; c="d\\"' },
    { name: "a control within quotes", input: 'a/b; c="\0"' },
    { name: "an escaped control within quotes", input: 'a/b; c="\\\r"' },
    { name: "a char above U+00FF within quotes", input: 'a/b; c="\u0161"' },
  ],
  ({ input }) => {
    throwsCode(() => parseMediaType(input), "bad-quoted-string");
  },
);

test("an error says its section and its status, and does not show the value", () => {
  const error = throwsCode(() => parseMediaType("secret"), "bad-media-type");
  assert.not.match(error.message, "secret");
  assert.ok(error instanceof SemanticsError);
  assert.is(error.name, "SemanticsError");
  assert.is(error.status, 400);
  assert.is(error.section, "9110 §8.3.1");
  const worse = throwsCode(() => parseMediaType("a/b; secret"), "bad-parameter");
  assert.not.match(worse.message, "secret");
});

table(
  test,
  [
    {
      name: "types and names in lower case",
      input: ["X/Y", "Name", "Value"],
      expect: "x/y; name=Value",
    },
    { name: "an empty value in quotes", input: ["x/y", "n", ""], expect: 'x/y; n=""' },
    { name: "blanks in quotes", input: ["x/y", "n", "a b"], expect: 'x/y; n="a b"' },
    {
      name: "quotes and backslashes escaped",
      input: ["x/y", "n", '"\\'],
      expect: 'x/y; n="\\"\\\\"',
    },
  ] as const,
  ({ input: [type, name, value], expect }) => {
    assert.is(formatMediaType({ type, parameters: new Map([[name, value]]) }), expect);
  },
);

table(
  test,
  [
    { name: "a name that is no token", input: ["n m", "v"] },
    { name: "an empty name", input: ["", "v"] },
    { name: "a name with a line end", input: ["n\r\n", "v"] },
  ] as const,
  ({ input: [name, value] }) => {
    const mediaType = { type: "x/y", parameters: new Map([[name, value]]) };
    throwsCode(() => formatMediaType(mediaType), "bad-parameter");
  },
);

table(
  test,
  [
    { name: "a line end in a value", input: ["n", "v\r\nX: y"] },
    { name: "a NUL in a value", input: ["n", "\0"] },
    { name: "a value above U+00FF", input: ["n", "\u0161"] },
  ] as const,
  ({ input: [name, value] }) => {
    const mediaType = { type: "x/y", parameters: new Map([[name, value]]) };
    throwsCode(() => formatMediaType(mediaType), "bad-field-value");
  },
);

test("two names that differ only in case are not written", () => {
  const parameters = new Map([
    ["Charset", "a"],
    ["charset", "b"],
  ]);
  throwsCode(() => formatMediaType({ type: "x/y", parameters }), "bad-parameter");
});

table(
  test,
  [
    { name: "HTML has a charset", input: ".html", expect: "text/html; charset=utf-8" },
    { name: "extensions have no case", input: ".JpG", expect: "image/jpeg" },
    { name: "modules are JavaScript", input: ".mjs", expect: "text/javascript; charset=utf-8" },
    { name: "JSON has no charset", input: ".json", expect: "application/json" },
    { name: "WebAssembly", input: ".wasm", expect: "application/wasm" },
    {
      name: "a long one",
      input: ".xlsx",
      expect: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    },
    { name: "the dot is needed", input: "html", expect: undefined },
    { name: "no extension", input: "", expect: undefined },
    { name: "an unknown one", input: ".unknown", expect: undefined },
    { name: "a name of Object.prototype", input: "constructor", expect: undefined },
  ],
  ({ input, expect }) => assert.is(typeByExtension(input), expect),
);

test.run();

/**
 * Content-Disposition is read with what browsers and tools send, and a file's name is only a name.
 *
 * Rule of this file: rows are field values, one char for each octet.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  baseName,
  formatContentDisposition,
  parseContentDisposition,
} from "../../lib/semantics/mod.ts";
import { octetsOfText, textOfOctets } from "../../lib/semantics/utf8-text.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("semantics: content disposition");

table(
  test,
  [
    { name: "a type alone", input: "attachment", expect: ["attachment"] },
    { name: "a field", input: 'form-data; name="a"', expect: ["form-data", "a"] },
    {
      name: "tokens, no blanks, no case",
      input: "Form-Data;NAME=a;FileName=b",
      expect: ["form-data", "a", "b"],
    },
    {
      name: "blanks and empty parameters",
      input: " form-data ;; name=a ;\t",
      expect: ["form-data", "a"],
    },
    {
      name: "a file",
      input: 'form-data; name="a"; filename="b.txt"',
      expect: ["form-data", "a", "b.txt"],
    },
    {
      name: "no file chosen",
      section: "Go",
      input: 'form-data; name=a; filename=""',
      expect: ["form-data", "a"],
    },
    {
      name: "UTF-8",
      input: 'form-data; name="\xe2\x82\xac"; filename="\xc3\xa9"',
      expect: ["form-data", "€", "é"],
    },
    { name: "broken UTF-8", input: 'form-data; name="\xe9"', expect: ["form-data", "\ufffd"] },
    {
      name: "escapes of browsers are left",
      section: "WHATWG",
      input: 'form-data; name="a%22b"',
      expect: ["form-data", "a%22b"],
    },
    {
      name: "escaped quotes and backslashes",
      input: 'form-data; name="a\\"b\\\\c"',
      expect: ["form-data", 'a"b\\c'],
    },
    {
      name: "other backslashes stay",
      section: "Go",
      input: 'form-data; name="a\\b"; filename="C:\\x\\y"',
      expect: ["form-data", "a\\b", "y"],
    },
    { name: "a semicolon in quotes", input: 'form-data; name="a;b"', expect: ["form-data", "a;b"] },
    {
      name: "a path of a file",
      input: 'form-data; name=a; filename="../../etc/passwd"',
      expect: ["form-data", "a", "passwd"],
    },
    {
      name: "the extended name wins",
      section: "6266 §4.3",
      input: "attachment; filename*=UTF-8''%e2%82%ac; filename=x",
      expect: ["attachment", undefined, "€"],
    },
    {
      name: "an extended name in Latin-1",
      section: "8187 §3.2",
      input: "attachment; filename*=iso-8859-1'en'%e9",
      expect: ["attachment", undefined, "é"],
    },
    {
      name: "an extended name is cut down too",
      input: "attachment; filename*=UTF-8''..%2fx",
      expect: ["attachment", undefined, "x"],
    },
    { name: "the same twice", input: "form-data; name=a; name=a", expect: ["form-data", "a"] },
    { name: "text above U+00FF is text", input: 'form-data; name="€"', expect: ["form-data", "€"] },
  ],
  ({ input, expect }) => {
    const { type, name, filename } = parseContentDisposition(input);
    assert.equal([type, name, filename], [expect[0], expect[1], expect[2]]);
  },
);

table(
  test,
  [
    { name: "nothing", input: "" },
    { name: "no type", input: "; name=a" },
    { name: "two types", input: "form-data x" },
    { name: "no value", input: "form-data; name" },
    { name: "an empty value", input: "form-data; name=" },
    { name: "no name", input: "form-data; =a" },
    { name: "a quote that does not end", input: 'form-data; name="a' },
    { name: "a quote that ends in an escape", input: 'form-data; name="a\\"' },
    { name: "something after the quotes", input: 'form-data; name="a"b' },
    { name: "two names", input: "form-data; name=a; name=b" },
    { name: "two extended names", input: "form-data; name*=UTF-8''a; name*=UTF-8''b" },
    { name: "an unknown charset", input: "form-data; name*=x''a" },
    { name: "no charset", input: "form-data; name*=a" },
    { name: "one apostrophe", input: "form-data; name*=UTF-8'a" },
    { name: "a bad escape", input: "form-data; name*=UTF-8''%g1" },
  ],
  ({ input }) => {
    throwsCode(() => parseContentDisposition(input), "bad-content-disposition");
  },
);

table(
  test,
  [
    { name: "a name", input: "a.txt", expect: "a.txt" },
    { name: "a path", input: "/x/a.txt", expect: "a.txt" },
    { name: "a path of Windows", input: "C:\\x\\a.txt", expect: "a.txt" },
    { name: "a drive alone", input: "C:a.txt", expect: "a.txt" },
    { name: "a drive behind a drive", input: "C:D:a.txt", expect: "a.txt" },
    { name: "nothing behind drives", input: "C:D:", expect: "unnamed" },
    { name: "slashes at the end", input: "x/a//", expect: "a" },
    { name: "control characters", input: "a\0.\ntxt\x7f\x85", expect: "a.txt" },
    { name: "dots", input: "x/..", expect: "unnamed" },
    { name: "a dot", input: ".", expect: "unnamed" },
    { name: "a hidden file keeps its dot", input: ".profile", expect: ".profile" },
    { name: "nothing but slashes", input: "///", expect: "unnamed" },
    { name: "dots behind a control character", input: ".\0.", expect: "unnamed" },
  ],
  ({ input, expect }) => {
    assert.is(baseName(input), expect);
  },
);

table(
  test,
  [
    { name: "no file", input: undefined, expect: "attachment" },
    { name: "a plain name", input: "a b.txt", expect: 'attachment; filename="a b.txt"' },
    { name: "quotes", input: 'a"\\', expect: 'attachment; filename="a\\"\\\\"' },
    {
      name: "beyond ASCII",
      input: "€ 5.txt",
      expect: "attachment; filename=\"_ 5.txt\"; filename*=UTF-8''%E2%82%AC%205.txt",
    },
    {
      name: "a percent sign",
      input: "5%20",
      expect: "attachment; filename=\"5_20\"; filename*=UTF-8''5%2520",
    },
    {
      name: "a line end",
      input: "a\r\nb",
      expect: "attachment; filename=\"a__b\"; filename*=UTF-8''a%0D%0Ab",
    },
  ],
  ({ input, expect }) => {
    assert.is(formatContentDisposition({ type: "attachment", filename: input }), expect);
    if (input !== undefined) {
      const read = parseContentDisposition(expect).parameters.get("filename");
      assert.is(read, input, "written and read again");
    }
  },
);

test("the type that is written is a token", () => {
  throwsCode(() => formatContentDisposition({ type: "a b" }), "bad-content-disposition");
});

test("text becomes octets and text again", () => {
  for (const text of ["", "abc", "é", "€𝄞"]) assert.is(textOfOctets(octetsOfText(text)), text);
});

test.run();

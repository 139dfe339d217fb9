/** Header: ordered fields, found without case, checked when they are written. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  FieldKind,
  Header,
  canonicalHeaderKey,
  flatCopy,
  formatField,
  kindBits,
} from "../../lib/wire/mod.ts";
import { table, throwsCode } from "../kit.ts";
import { fieldsOf } from "./feeds.ts";

const test = suite("wire/header");

test("a header is made from pairs, a record, another header, or nothing", () => {
  assert.equal([...new Header()], []);
  const pairs = new Header([
    ["B", "1"],
    ["a", "2"],
    ["b", "3"],
  ]);
  assert.equal(
    [...pairs],
    [
      ["B", "1"],
      ["a", "2"],
      ["b", "3"],
    ],
  );
  assert.equal(
    [...new Header({ A: "1", B: ["2", "3"], C: [] })],
    [
      ["A", "1"],
      ["B", "2"],
      ["B", "3"],
    ],
  );
  const copy = new Header(pairs);
  copy.set("a", "changed");
  assert.is(pairs.get("a"), "2");
});

test("names that plain objects choke on are names", () => {
  const header = new Header([
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
  assert.is(header.get("__PROTO__"), "1");
  assert.is(header.get("toString"), undefined);
  assert.is(header.count, 2);
});

test("a field is found in any case, its spelling kept", () => {
  const header = new Header([
    ["X-Foo", "1"],
    ["Other", "2"],
    ["x-fOO", "3"],
  ]);
  assert.is(header.get("x-foo"), "1");
  assert.equal(header.values("X-FOO"), ["1", "3"]);
  assert.ok(header.has("OTHER"));
  assert.not(header.has("x"));
  assert.is(header.get("x"), undefined);
  assert.equal(header.values("x"), []);
});

test("set keeps the place of the first and drops the others", () => {
  const header = new Header([
    ["a", "1"],
    ["B", "2"],
    ["A", "3"],
    ["b", "4"],
  ]);
  header.set("b", "5");
  assert.equal(
    [...header],
    [
      ["a", "1"],
      ["B", "5"],
      ["A", "3"],
    ],
  );
  header.set("C", "6");
  header.add("a", "7");
  assert.equal(header.values("a"), ["1", "3", "7"]);
  header.delete("A");
  assert.equal(
    [...header],
    [
      ["B", "5"],
      ["C", "6"],
    ],
  );
  header.delete("nothing");
  assert.is(header.count, 2);
});

test("a clone shares nothing", () => {
  const header = new Header([["a", "1"]]);
  const clone = header.clone();
  clone.add("b", "2");
  assert.is(header.count, 1);
  assert.equal(
    [...clone],
    [
      ["a", "1"],
      ["b", "2"],
    ],
  );
});

test("the fields of a head are read when somebody asks, without those that live elsewhere", () => {
  const fields = fieldsOf("Host: a", "X: 1", "connection: close", "x: 2");
  assert.equal(
    [...Header.from(fields)],
    [
      ["Host", "a"],
      ["X", "1"],
      ["connection", "close"],
      ["x", "2"],
    ],
  );
  assert.equal(
    [...Header.from(fields, [FieldKind.host, FieldKind.connection])],
    [
      ["X", "1"],
      ["x", "2"],
    ],
  );
  assert.equal([...Header.fromBits(fields, kindBits(FieldKind.host))].length, 3);
  assert.equal([...Header.from(fieldsOf())], []);
  for (const touch of [
    (header: Header) => header.get("x") === "1",
    (header: Header) => header.values("x").length === 2,
    (header: Header) => header.has("x"),
    (header: Header) => header.count === 4,
    (header: Header) => header.format() !== "",
    (header: Header) => (header.set("x", "3"), header.values("x").length === 1),
    (header: Header) => (header.add("x", "3"), header.values("x").length === 3),
    (header: Header) => (header.delete("x"), header.count === 2),
    (header: Header) => header.clone().count === 4,
  ]) {
    assert.ok(touch(Header.from(fields)), touch.toString());
  }
});

test("what is asked of a head is the same before and after all of it was read", () => {
  const fields = fieldsOf("Host: a", "X: 1", "x-y:", "connection: close", "X: 2", "b`x: 3");
  for (const omit of [
    0,
    kindBits(FieldKind.host),
    kindBits(FieldKind.host, FieldKind.connection),
  ]) {
    const read = Header.fromBits(fields, omit);
    assert.ok(read.count > 0);
    const names = [
      "host",
      "HOST",
      "x",
      "X",
      "x-y",
      "X-y",
      "connection",
      "y",
      "",
      "xx",
      "x-",
      "B`X",
      "b@x",
    ];
    for (const name of names) {
      const fresh = (): Header => Header.fromBits(fields, omit);
      assert.is(fresh().get(name), read.get(name), `get ${name}`);
      assert.is(fresh().has(name), read.has(name), `has ${name}`);
      assert.equal(fresh().values(name), read.values(name), `values ${name}`);
    }
  }
});

test("fields are written as they are, in order, without those that are left out", () => {
  const header = new Header([
    ["b-C", "1"],
    ["A", ""],
    ["a", "x\ty \xe9z"],
  ]);
  assert.is(header.format(), "b-C: 1\r\nA: \r\na: x\ty \xe9z\r\n");
  assert.is(header.format(["a"]), "b-C: 1\r\n");
  assert.is(new Header().format(), "");
});

table<{ name: string; section?: string; input: [string, string]; expect: string }>(
  test,
  [
    {
      name: "an empty name is refused",
      section: "9110 §5.1",
      input: ["", "x"],
      expect: "bad-field-name",
    },
    { name: "a name with a colon is refused", input: ["a:", "x"], expect: "bad-field-name" },
    { name: "a name with CRLF is refused", input: ["a\r\nb", "x"], expect: "bad-field-name" },
    { name: "a name above U+00FF is refused", input: ["\u0161", "x"], expect: "bad-field-name" },
    {
      name: "a value with CRLF is refused",
      section: "9110 §5.5",
      input: ["a", "x\r\nb: c"],
      expect: "bad-field-value",
    },
    { name: "a value with NUL is refused", input: ["a", "\0"], expect: "bad-field-value" },
    {
      name: "a value that ends in a blank is refused",
      input: ["a", "x "],
      expect: "bad-field-value",
    },
    {
      name: "a value with U+010A is refused, not cut",
      input: ["a", "\u010a"],
      expect: "bad-field-value",
    },
  ],
  ({ input, expect }) => {
    const error = throwsCode(() => formatField(...input), expect);
    throwsCode(() => new Header([input]).format(), expect);
    if (expect === "bad-field-value") assert.not.match(error.message, "x");
  },
);

table<{ name: string; input: string; expect: string }>(
  test,
  [
    { name: "words begin with a capital", input: "content-TYPE", expect: "Content-Type" },
    { name: "digits and symbols stay", input: "x-1a_b", expect: "X-1a_b" },
    { name: "hyphens stay where they are", input: "-a--b-", expect: "-A--B-" },
    { name: "what is no token stays", input: "a b", expect: "a b" },
    { name: "nothing stays nothing", input: "", expect: "" },
  ],
  ({ input, expect }) => assert.is(canonicalHeaderKey(input), expect),
);

test("a flat copy is the same text", () => {
  assert.is(flatCopy(""), "");
  assert.is(flatCopy("caf\xe9"), "caf\xe9");
});

test.run();

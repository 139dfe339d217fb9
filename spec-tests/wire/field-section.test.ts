/**
 * What the fields of a head answer without being cut out.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FieldKind, Header, scanRequestHead } from "../../lib/wire/mod.ts";
import { bytes, table } from "../kit.ts";

const it = suite("wire/field-section");

function fieldsOf(lines: string) {
  const head = scanRequestHead(bytes(`GET / HTTP/1.1\r\n${lines}\r\n`));
  if (head === "need-more") throw new Error("the head of the row is not whole");
  return head.fields;
}

table(
  it,
  [
    { name: "a field that came once does not repeat", lines: "Host: a\r\n", expect: false },
    { name: "a field that came twice repeats", lines: "Host: a\r\nhOST: a\r\n", expect: true },
    { name: "a field that did not come does not repeat", lines: "A: 1\r\nA: 2\r\n", expect: false },
  ],
  ({ lines, expect }) => {
    assert.is(fieldsOf(lines).repeats(FieldKind.host), expect);
  },
);

table(
  it,
  [
    { name: "the only field, spelled so", fields: [["Content-Type", "a/b"]], expect: "a/b" },
    {
      name: "the only field, spelled otherwise",
      fields: [["content-type", "a/b"]],
      expect: undefined,
    },
    {
      name: "one of two fields",
      fields: [
        ["Content-Type", "a/b"],
        ["A", "1"],
      ],
      expect: undefined,
    },
    { name: "none", fields: [], expect: undefined },
  ] as const,
  ({ fields, expect }) => {
    assert.is(new Header(fields).only("Content-Type"), expect);
  },
);

table(
  it,
  // Each begins with a token char that shares its low five bits with the letter.
  [
    { name: "#onnection is not Connection", field: "#onnection", kind: FieldKind.connection },
    {
      name: "#ontent-Length is not Content-Length",
      field: "#ontent-Length",
      kind: FieldKind.contentLength,
    },
    {
      name: "4ransfer-Encoding is not Transfer-Encoding",
      field: "4ransfer-Encoding",
      kind: FieldKind.transferEncoding,
    },
    { name: "%xpect is not Expect", field: "%xpect", kind: FieldKind.expect },
    { name: "5pgrade is not Upgrade", field: "5pgrade", kind: FieldKind.upgrade },
  ],
  ({ field, kind }) => {
    assert.is(fieldsOf(`Host: a\r\n${field}: 1\r\n`).has(kind), false);
  },
);

it.run();

/**
 * The Host of a head: the value of the first field, as the same string where it recurs.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FieldKind, HeadScan, scanRequestHead } from "../../lib/wire/mod.ts";
import { bytes, table } from "../kit.ts";

const it = suite("wire/known-hosts");

function hostOf(lines: string, scan = new HeadScan("request")): string | undefined {
  const head = scanRequestHead(bytes(`GET / HTTP/1.1\r\n${lines}\r\n`), scan);
  if (head === "need-more") throw new Error("the head of the row is not whole");
  return head.host;
}

const LONG = `${"a".repeat(60)}.`.repeat(5);

table(
  it,
  [
    { name: "no Host is undefined", lines: "A: 1\r\n", expect: undefined },
    { name: "a Host", lines: "Host: a.example\r\n", expect: "a.example" },
    { name: "one in other letters", lines: "hOST: A.Example\r\n", expect: "A.Example" },
    { name: "one between blanks", lines: "Host: \t a.example \t\r\n", expect: "a.example" },
    { name: "an empty one", lines: "Host:\r\n", expect: "" },
    { name: "one behind other fields", lines: "A: 1\r\nHost: a\r\nB: 2\r\n", expect: "a" },
    { name: "the first of two", lines: "Host: a\r\nHost: b\r\n", expect: "a" },
    { name: "the first of two that are known", lines: "Host: b\r\nHost: a\r\n", expect: "b" },
    { name: "one of octets beyond ASCII", lines: "Host: \xe4\xff\r\n", expect: "\xe4\xff" },
    { name: "one longer than any name", lines: `Host: ${LONG}\r\n`, expect: LONG },
    { name: "a name as long as Host", lines: "Hosf: a\r\nPost: b\r\n", expect: undefined },
  ],
  ({ lines, expect }) => {
    // Twice, for what is known by then; octet by octet last, which takes another way through the scanner.
    assert.is(hostOf(lines), expect);
    assert.is(hostOf(lines), expect);
    const octets = bytes(`GET / HTTP/1.1\r\n${lines}\r\n`);
    const scan = new HeadScan("request");
    for (let to = 1; to < octets.length; to++) {
      assert.is(scanRequestHead(octets, scan, 0, to), "need-more");
    }
    const head = scanRequestHead(octets, scan);
    assert.is(head === "need-more" ? head : head.host, expect);
  },
);

it("a host that is as long as the last one, and differs in one octet, is another", () => {
  for (const host of ["one.example", "two.example", "twO.example", "one.example"]) {
    assert.is(hostOf(`Host: ${host}\r\n`), host);
  }
});

it("a Host that goes on in a folded line is the whole of it, though its first line is known (RFC 9112 §5.2)", () => {
  const lenient = (): HeadScan => new HeadScan("request", { profile: "go" });
  assert.is(hostOf("Host: a.example\r\n", lenient()), "a.example");
  assert.is(hostOf("Host: a.example\r\n b\r\n", lenient()), "a.example b");
  assert.is(hostOf("Host: a.example\r\nA: 1\r\n b\r\n", lenient()), "a.example");
});

it("a head without Host after one with Host has none", () => {
  const scan = new HeadScan("request");
  assert.is(hostOf("Host: a.example\r\n", scan), "a.example");
  assert.is(hostOf("Host: a.example\r\n", scan), "a.example");
  assert.is(hostOf("A: 1\r\n", scan), undefined);
});

table(
  it,
  [
    ["host", FieldKind.host],
    ["content-length", FieldKind.contentLength],
    ["transfer-encoding", FieldKind.transferEncoding],
    ["connection", FieldKind.connection],
    ["expect", FieldKind.expect],
    ["trailer", FieldKind.trailer],
    ["upgrade", FieldKind.upgrade],
    ["keep-alive", FieldKind.keepAlive],
    ["content-encoding", FieldKind.contentEncoding],
    ["hosts", FieldKind.other],
    ["hos", FieldKind.other],
    ["xost", FieldKind.other],
    ["transfer-encodings", FieldKind.other],
    ["content-lengtj", FieldKind.other],
    ["x".repeat(400), FieldKind.other],
  ].map(([field, kind]) => ({ name: `${field} is of kind ${kind}`, field, kind })),
  ({ field, kind }) => {
    for (const name of [String(field), String(field).toUpperCase()]) {
      const head = scanRequestHead(bytes(`GET / HTTP/1.1\r\n${name}: 1\r\n\r\n`));
      assert.is(head === "need-more" ? head : head.fields.kindAt(0), kind);
    }
  },
);

it.run();

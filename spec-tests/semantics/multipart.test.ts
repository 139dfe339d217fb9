/**
 * Multipart bodies come apart the same however they are cut, and what is written reads back.
 *
 * Rule of this file: rows are bodies with the boundary "b"; what is read is told as `{header|content}` for
 * each part, `$` at the end.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  boundaryOf,
  isBoundary,
  type MultipartOptions,
  MultipartParser,
  MultipartWriter,
  parseContentDisposition,
  parseMediaType,
} from "../../lib/semantics/mod.ts";
import { bytes, everyCut, joined, table, text, throwsCode } from "../kit.ts";

const test = suite("semantics: multipart");

/** What the parser makes of the pieces, and how much of the last one it did not use. */
function parsed(
  pieces: readonly Uint8Array[],
  options: MultipartOptions = {},
  boundary = "b",
): string {
  const parser = new MultipartParser(boundary, options);
  let told = "";
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += parser.consumed) {
      const step = parser.step(piece, from);
      if (step === "part") told += `${told === "" ? "" : "}"}{${headerOf(parser)}|`;
      if (step === "data") {
        assert.ok(parser.data.length > 0, "data is never empty");
        told += text(parser.data);
      }
      if (step === "end") return `${told}${told === "" ? "" : "}"}$`;
      if (step === "need-more") assert.is(from + parser.consumed, piece.length, "all is used");
    }
  }
  assert.not.ok(parser.ended);
  return told;
}

function headerOf(parser: MultipartParser): string {
  return Array.from(parser.header, ([name, value]) => `${name}:${value}`).join(",");
}

function everyWay(body: string, check: (pieces: readonly Uint8Array[], way: string) => void): void {
  const octets = bytes(body);
  check([octets], "whole");
  check(
    Array.from(octets, (octet) => Uint8Array.of(octet)),
    "byte by byte",
  );
  for (const [left, right] of everyCut(octets)) check([left, right], `cut at ${left.length}`);
  check([joined([octets, bytes("left over")])], "with bytes left over");
}

table(
  test,
  [
    { name: "one part", body: "--b\r\nA: x\r\n\r\nhello\r\n--b--", expect: "{A:x|hello}$" },
    {
      name: "two parts",
      body: "--b\r\nA: x\r\n\r\n1\r\n--b\r\nB:y\r\nC: \t\r\n\r\n2\r\n--b--\r\n",
      expect: "{A:x|1}{B:y,C:|2}$",
    },
    { name: "no part at all", body: "--b--", expect: "$" },
    { name: "no part after a CRLF", body: "\r\n--b--", expect: "$" },
    {
      name: "something before and after",
      section: "2046 §5.1.1",
      body: "to whom\r\n\r-\r\n--\r\n--b\r\n\r\nx\r\n--b--\r\nepilogue",
      expect: "{|x}$",
    },
    { name: "no header", body: "--b\r\n\r\nx\r\n--b--", expect: "{|x}$" },
    { name: "no content", body: "--b\r\n\r\n\r\n--b--", expect: "{|}$" },
    {
      name: "not even the line end of the content",
      section: "Go",
      body: "--b\r\nA: x\r\n\r\n--b\r\n\r\n--b--",
      expect: "{A:x|}{|}$",
    },
    {
      name: "blanks after a boundary",
      section: "2046 §5.1.1",
      body: "--b \t\r\n\r\nx\r\n--b \r\n\r\ny\r\n--b--",
      expect: "{|x}{|y}$",
    },
    {
      name: "line ends in the content",
      body: "--b\r\n\r\n\r\n\r\n\n\rx\r\r\n\r\n--b--",
      expect: "{|\r\n\r\n\n\rx\r\r\n}$",
    },
    {
      name: "nearly a boundary",
      body: "--b\r\n\r\n\r\n-b\r\n--\r\n--a\r\r\n--c\r\n--b--",
      expect: "{|\r\n-b\r\n--\r\n--a\r\r\n--c}$",
    },
    {
      name: "a boundary that follows no CRLF",
      body: "--b\r\n\r\nx--b\n--b\r--b\r\n--b--",
      expect: "{|x--b\n--b\r--b}$",
    },
    {
      name: "content that begins nearly as a boundary",
      body: "--b\r\n\r\n--a\r\n--b--",
      expect: "{|--a}$",
    },
    {
      name: "a boundary in the middle of what comes before",
      body: "x--b\r\n--b\r\n\r\ny\r\n--b--",
      expect: "{|y}$",
    },
    {
      name: "octets of every kind",
      body: `--b\r\nA: \xe9\r\n\r\n\0\xff\x80\r\n--b--`,
      expect: "{A:\xe9|\0\xff\x80}$",
    },
    { name: "a body that stops in the content", body: "--b\r\n\r\nx\r", expect: "{|x" },
    { name: "a body that stops in the last boundary", body: "--b\r\n\r\nx\r\n--b-", expect: "{|x" },
    { name: "a body that stops in a header", body: "--b\r\nA: x\r\n", expect: "" },
    { name: "another boundary", body: "--c\r\n\r\nx\r\n--c--\r\n", expect: "" },
  ],
  ({ body, expect }) => {
    everyWay(body, (pieces, way) => {
      if (expect.endsWith("$") || way !== "with bytes left over") {
        assert.is(parsed(pieces), expect, way);
      }
    });
  },
);

table(
  test,
  [
    { name: "something after a boundary", body: "--bx\r\n\r\n", code: "bad-boundary-line" },
    { name: "something after the blanks", body: "--b x\r\n", code: "bad-boundary-line" },
    { name: "a hyphen after the blanks", body: "--b --", code: "bad-boundary-line" },
    { name: "one hyphen", body: "--b-x", code: "bad-boundary-line" },
    { name: "a bare LF", body: "--b\nA: x\n\nx\n--b--", code: "bad-boundary-line" },
    { name: "a bare CR", body: "--b\rA: x", code: "bad-boundary-line" },
    { name: "two CRs", body: "--b\r\r\n", code: "bad-boundary-line" },
    {
      name: "a line of content that begins with the boundary",
      section: "2046 §5.1.1",
      body: "--b\r\n\r\nx\r\n--bc\r\n--b--",
      code: "bad-boundary-line",
    },
    { name: "a header without a colon", body: "--b\r\nA\r\n\r\n", code: "missing-colon" },
    { name: "a header with a bare LF", body: "--b\r\nA: x\n\r\n", code: "bare-lf" },
    { name: "a folded header", body: "--b\r\nA: x\r\n y\r\n\r\n", code: "obs-fold" },
  ],
  ({ body, code }) => {
    everyWay(body, (pieces, way) => {
      if (way !== "whole" && way !== "byte by byte") return;
      const error = throwsCode(() => parsed(pieces), code);
      assert.is((error as { status?: number }).status, 400);
    });
  },
);

table(
  test,
  [
    {
      name: "parts at the limit",
      body: "--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b--",
      options: { maxParts: 2 },
    },
    {
      name: "a part too many",
      body: "--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b--",
      options: { maxParts: 1 },
      code: "too-many-parts",
    },
    {
      name: "a header at the limit",
      body: "--b\r\nA: x\r\n\r\n--b--",
      options: { maxPartHeaderBytes: 8 },
    },
    {
      name: "a header beyond it",
      body: "--b\r\nA: xy\r\n\r\n--b--",
      options: { maxPartHeaderBytes: 8 },
      code: "part-header-too-large",
    },
    {
      name: "lines at the limit",
      body: "--b\r\nA: x\r\nB: y\r\n\r\n--b--",
      options: { maxPartHeaderLines: 2 },
    },
    {
      name: "a line too many",
      body: "--b\r\nA: x\r\nB: y\r\n\r\n--b--",
      options: { maxPartHeaderLines: 1 },
      code: "part-header-too-large",
    },
    {
      name: "what comes before, at the limit",
      body: "12\r\n5678\r\n--b--",
      options: { maxPartHeaderBytes: 8 },
    },
    {
      name: "what comes before, beyond it",
      body: "12\r\n56789\r\n--b--",
      options: { maxPartHeaderBytes: 8 },
      code: "part-header-too-large",
    },
    {
      name: "an undefined limit is the default",
      body: `--b\r\n${"A: x\r\n".repeat(101)}`,
      options: { maxPartHeaderLines: undefined },
      code: "part-header-too-large",
    },
  ] satisfies { name: string; body: string; options: MultipartOptions; code?: string }[],
  ({ body, options, code }) => {
    everyWay(body, (pieces) => {
      if (code === undefined) assert.ok(parsed(pieces, options).endsWith("$"));
      else throwsCode(() => parsed([...pieces, bytes("\r\n")], options), code);
    });
  },
);

test("the end stays the end, and nothing of what follows is used", () => {
  const parser = new MultipartParser("b");
  const body = bytes("--b--\r\nGET /");
  assert.is(parser.step(body), "end");
  assert.is(parser.consumed, 5);
  assert.ok(parser.ended);
  assert.is(parser.step(body, 5), "end");
  assert.is(parser.consumed, 0);
});

test("nothing fed, nothing needed but more", () => {
  const parser = new MultipartParser("b");
  assert.is(parser.step(new Uint8Array(0)), "need-more");
  assert.is(parser.consumed, 0);
});

test("content is not copied but where a boundary could have been", () => {
  const parser = new MultipartParser("b");
  const body = bytes("--b\r\n\r\nhello");
  parser.step(body);
  assert.is(parser.step(body, parser.consumed), "data");
  assert.is(parser.data.buffer, body.buffer);
});

test("octets that nearly are boundaries cost a look each", () => {
  const boundary = "x".repeat(70);
  const almost = bytes(`\r\n--${boundary.slice(1)}`.repeat(10_000));
  const body = joined([bytes(`--${boundary}\r\n\r\n`), almost, bytes(`\r\n--${boundary}--`)]);
  const single = Array.from(body, (octet) => Uint8Array.of(octet));
  const start = performance.now();
  const told = parsed(single, {}, boundary);
  assert.is(told.length, almost.length + 4);
  assert.ok(performance.now() - start < 5_000, "ten times what it takes");
});

table(
  test,
  [
    { name: "a letter", input: "b", expect: true },
    { name: "all marks", input: "'()+_,-./:=?", expect: true },
    { name: "a blank within", input: "a b", expect: true },
    { name: "a blank at the end", input: "a ", expect: false },
    { name: "nothing", input: "", expect: false },
    { name: "70 chars", input: "x".repeat(70), expect: true },
    { name: "71 chars", input: "x".repeat(71), expect: false },
    { name: "a line end", input: "a\r\nb", expect: false },
    { name: "a quote", input: 'a"', expect: false },
  ],
  ({ input, expect }) => {
    assert.is(isBoundary(input), expect);
    if (expect) {
      const { contentType } = new MultipartWriter(input);
      assert.is(parseMediaType(contentType).parameters.get("boundary"), input);
      return;
    }
    throwsCode(() => new MultipartParser(input), "bad-boundary");
    throwsCode(() => new MultipartWriter(input), "bad-boundary");
  },
);

test("what is written is read again", () => {
  const writer = new MultipartWriter(boundaryOf(Uint8Array.from({ length: 16 }, (_, i) => i)));
  assert.is(writer.boundary, "----barewire-form-000102030405060708090a0b0c0d0e0f");
  const body = joined([
    writer.part({ name: "a" }),
    bytes("1"),
    writer.part({ name: 'x"y\nz\r€', filename: '\r\n"\\.txt' }),
    writer.part({ name: "", filename: "", contentType: "text/plain" }),
    bytes("\r\n2"),
    writer.end(),
  ]);
  const parser = new MultipartParser(writer.boundary);
  const told: string[] = [];
  for (let from = 0; !parser.ended; from += parser.consumed) {
    const step = parser.step(body, from);
    if (step === "data") told.push(text(parser.data));
    if (step !== "part") continue;
    const { parameters } = parseContentDisposition(parser.header.get("content-disposition") ?? "");
    told.push(
      `${parameters.get("name")}|${parameters.get("filename")}|${parser.header.get("content-type")}`,
    );
  }
  assert.equal(told, [
    "a|undefined|undefined",
    "1",
    "x%22y%0D%0Az%0D%0A€|%0D%0A%22\\.txt|application/octet-stream",
    "||text/plain",
    "\r\n2",
  ]);
});

test("a form without parts is its end", () => {
  assert.is(text(new MultipartWriter("b").end()), "--b--\r\n");
});

test("a boundary has room for 23 random octets", () => {
  assert.ok(isBoundary(boundaryOf(new Uint8Array(100).fill(255))));
});

test("a content type that would be a field of its own is refused", () => {
  const writer = new MultipartWriter("b");
  for (const contentType of ["", "a/b\r\nX: y", "€"]) {
    throwsCode(() => writer.part({ name: "a", contentType }), "bad-media-type");
  }
  assert.match(text(writer.part({ name: "a" })), /^--b\r\n/);
});

test.run();

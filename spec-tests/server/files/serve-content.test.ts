/**
 * serveContent: whole answers for what a client asks by its fields.
 *
 * Rule of this file: which condition leads to which verdict is tested in semantics; here is what becomes of it.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Content,
  type ServeContentOptions,
  serveContent,
} from "../../../lib/server/files/mod.ts";
import type { HandlerFunc } from "../../../lib/server/mod.ts";
import { bytes, table } from "../../kit.ts";
import { type Asked, ask } from "./ask.ts";

const test = suite("server/files: serveContent");

const MODIFIED = Date.UTC(2026, 0, 15, 12) + 500;
const DATE = "Thu, 15 Jan 2026 12:00:00 GMT";
const NOW = (): number => MODIFIED + 3_600_000;
const TEXT = "text/plain; charset=utf-8";

interface Row extends Asked {
  readonly name: string;
  readonly section: string;
  /** What the handler has set. */
  readonly set?: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly content?: string | Uint8Array;
  readonly modifiedMs?: number | "none";
  readonly options?: ServeContentOptions;
  readonly status: number;
  /** Fields that must be so; "-" is one that must not be there. */
  readonly expect?: Readonly<Record<string, string>>;
  /** Default: the content for a GET that gets 200, else nothing. */
  readonly body?: string;
}

const DIGITS = "0123456789";
const RANGE = (value: string): Asked["fields"] => [["Range", value]];

table<Row>(
  test,
  [
    {
      name: "a whole content",
      section: "§15.3.1",
      status: 200,
      expect: {
        "content-length": "10",
        "content-type": TEXT,
        "last-modified": DATE,
        "accept-ranges": "bytes",
        "content-range": "-",
      },
    },
    {
      name: "HEAD has the same head and nothing else",
      section: "§9.3.2",
      method: "HEAD",
      status: 200,
      expect: { "content-length": "10", "content-type": TEXT, "last-modified": DATE },
      body: "",
    },
    {
      name: "an empty content",
      section: "§8.6",
      content: "",
      status: 200,
      expect: { "content-length": "0" },
      body: "",
    },
    {
      name: "a text is sent as UTF-8",
      section: "API",
      content: "é",
      status: 200,
      expect: { "content-length": "2" },
      body: "\xc3\xa9",
    },
    {
      name: "bytes",
      section: "API",
      content: bytes("\x00\xff"),
      file: "a",
      status: 200,
      expect: { "content-type": "application/octet-stream" },
      body: "\x00\xff",
    },
    {
      name: "the date is not known",
      section: "Go",
      modifiedMs: "none",
      status: 200,
      expect: { "last-modified": "-" },
    },
    {
      name: "the epoch is no date",
      section: "Go",
      modifiedMs: 0,
      status: 200,
      expect: { "last-modified": "-" },
    },
    {
      name: "nor is no number",
      section: "§8.8.2",
      modifiedMs: Number.NaN,
      status: 200,
      expect: { "last-modified": "-" },
    },
    {
      name: "a date in the future is now",
      section: "§8.8.2.1",
      modifiedMs: NOW() + 999_999,
      status: 200,
      expect: { "last-modified": "Thu, 15 Jan 2026 13:00:00 GMT" },
    },

    {
      name: "the type by the extension",
      section: "§8.3",
      file: "/a/b.CSS",
      status: 200,
      expect: { "content-type": "text/css; charset=utf-8" },
    },
    {
      name: "the type by the first bytes",
      section: "Go",
      file: "page",
      content: "<!doctype html>",
      status: 200,
      expect: { "content-type": "text/html; charset=utf-8" },
    },
    {
      name: "the type by the option",
      section: "API",
      file: "a.css",
      options: { types: (name) => (name === "a.css" ? "x/y" : undefined) },
      status: 200,
      expect: { "content-type": "x/y" },
    },
    {
      name: "an option that does not know asks on",
      section: "API",
      file: "a.css",
      options: { types: () => undefined },
      status: 200,
      expect: { "content-type": "text/css; charset=utf-8" },
    },
    {
      name: "the type that the handler set",
      section: "Go",
      file: "a.css",
      set: { "Content-Type": "a/b" },
      status: 200,
      expect: { "content-type": "a/b" },
    },
    {
      name: "an encoding that the handler set leaves the length open",
      section: "Go",
      set: { "Content-Encoding": "x" },
      content: "x".repeat(5000),
      status: 200,
      expect: { "content-length": "-", "content-encoding": "x" },
    },
    {
      name: "but not that of a range",
      section: "Go",
      set: { "Content-Encoding": "x" },
      fields: RANGE("bytes=0-0"),
      status: 206,
      expect: { "content-length": "1" },
      body: "0",
    },

    {
      name: "a range",
      section: "§15.3.7.1",
      fields: RANGE("bytes=2-4"),
      status: 206,
      expect: {
        "content-range": "bytes 2-4/10",
        "content-length": "3",
        "content-type": TEXT,
        "last-modified": DATE,
        "accept-ranges": "bytes",
      },
      body: "234",
    },
    {
      name: "a range of a type that is sniffed has the type of the whole",
      section: "§8.3",
      file: "a",
      content: "<!doctype html>",
      fields: RANGE("bytes=5-6"),
      status: 206,
      expect: { "content-type": "text/html; charset=utf-8" },
      body: "ty",
    },
    {
      name: "one of two ranges is there: no parts",
      section: "§15.3.7.2",
      fields: RANGE("bytes=9-,20-"),
      status: 206,
      expect: { "content-range": "bytes 9-9/10" },
      body: "9",
    },
    {
      name: "ranges that are more than the whole",
      section: "Go",
      fields: RANGE("bytes=0-,0-0"),
      status: 200,
      expect: { "content-range": "-" },
    },
    {
      name: "ranges that are just as much",
      section: "Go",
      fields: RANGE("bytes=0-9"),
      status: 206,
      body: DIGITS,
    },
    { name: "another unit", section: "§14.2", fields: RANGE("lines=0-1"), status: 200 },
    {
      name: "a range of HEAD",
      section: "§14.2",
      method: "HEAD",
      fields: RANGE("bytes=0-0"),
      status: 200,
      expect: { "content-length": "10", "content-range": "-" },
      body: "",
    },
    {
      name: "a range of POST",
      section: "§14.2",
      method: "POST",
      fields: RANGE("bytes=0-0"),
      status: 200,
      body: DIGITS,
    },
    {
      name: "a range of nothing",
      section: "Go",
      content: "",
      fields: RANGE("bytes=0-0"),
      status: 200,
      body: "",
    },
    {
      name: "no range that is there",
      section: "§15.5.17",
      set: { ETag: '"a"', "Cache-Control": "max-age=9" },
      fields: RANGE("bytes=10-"),
      status: 416,
      expect: {
        "content-range": "bytes */10",
        "content-type": TEXT,
        etag: "-",
        "last-modified": "-",
        "cache-control": "-",
      },
      body: "invalid range: failed to overlap\n",
    },
    {
      name: "no ranges at all",
      section: "§15.5.17",
      fields: RANGE("bytes=x"),
      status: 416,
      expect: { "content-range": "bytes */10" },
      body: "invalid range\n",
    },
    {
      name: "two Range lines are no set",
      section: "§5.3",
      fields: [
        ["Range", "bytes=0-0"],
        ["Range", "bytes=1-1"],
      ],
      status: 416,
      body: "invalid range\n",
    },
    {
      name: "201 ranges",
      section: "Go",
      fields: RANGE(`bytes=${"0-0,".repeat(201)}`),
      status: 416,
      body: "invalid range\n",
    },
    {
      name: "more ranges than the option allows",
      section: "API",
      options: { maxRanges: 1 },
      fields: RANGE("bytes=0-0,1-1"),
      status: 416,
      body: "invalid range\n",
    },

    {
      name: "a failed condition",
      section: "§15.5.13",
      fields: [["If-Match", '"b"']],
      set: { ETag: '"a"' },
      status: 412,
      expect: { "content-type": "-", etag: '"a"' },
      body: "",
    },
    {
      name: "not modified by the tag: no date, no type, no coding",
      section: "§15.4.5",
      fields: [["If-None-Match", '"a"']],
      set: {
        ETag: '"a"',
        "Content-Type": "a/b",
        "Content-Encoding": "x",
        Vary: "x",
        "Cache-Control": "max-age=9",
      },
      status: 304,
      expect: {
        etag: '"a"',
        "last-modified": "-",
        "content-type": "-",
        "content-encoding": "-",
        "content-length": "-",
        vary: "x",
        "cache-control": "max-age=9",
      },
      body: "",
    },
    {
      name: "not modified by the date keeps it",
      section: "§15.4.5",
      fields: [["If-Modified-Since", DATE]],
      status: 304,
      expect: { "last-modified": DATE },
      body: "",
    },
    {
      name: "If-Range with another tag: the whole",
      section: "§13.1.5",
      set: { ETag: '"a"' },
      fields: [
        ["Range", "bytes=0-0"],
        ["If-Range", '"b"'],
      ],
      status: 200,
    },
  ],
  async (row) => {
    const { content = DIGITS, file = "a.txt", modifiedMs = MODIFIED, options = {} } = row;
    const handler: HandlerFunc = (w, r) => {
      for (const [name, value] of Object.entries(row.set ?? {})) w.header.set(name, value);
      const known = modifiedMs === "none" ? undefined : modifiedMs;
      return serveContent(w, r, file, known, content, { now: NOW, ...options });
    };
    const answer = await ask(handler, row);
    assert.is(answer.status, row.status);
    for (const [name, value] of Object.entries(row.expect ?? {})) {
      assert.is(answer.field(name), value === "-" ? undefined : value, name);
    }
    assert.is(answer.body, row.body ?? content);
    assert.is(answer.error, undefined);
  },
);

test("several ranges come as parts, each with its place, and the length is right", async () => {
  const handler: HandlerFunc = (w, r) => serveContent(w, r, "a.txt", MODIFIED, DIGITS);
  const answer = await ask(handler, { fields: RANGE("bytes=0-1,-1,4-5") });
  assert.is(answer.status, 206);
  const type = answer.field("content-type") ?? "";
  const boundary = /^multipart\/byteranges; boundary=([0-9a-v]{30})$/.exec(type)?.[1];
  assert.ok(boundary !== undefined, type);
  const part = (range: string, data: string): string =>
    `--${boundary}\r\nContent-Range: bytes ${range}/10\r\nContent-Type: ${TEXT}\r\n\r\n${data}\r\n`;
  assert.is(
    answer.body,
    `${part("0-1", "01")}${part("9-9", "9")}${part("4-5", "45")}--${boundary}--\r\n`,
  );
  assert.is(answer.field("content-length"), String(answer.body.length));
  assert.is(answer.field("content-range"), undefined);
  const again = await ask(handler, { fields: RANGE("bytes=0-1,-1,4-5") });
  assert.is.not(again.field("content-type"), type, "a boundary is not used twice");
});

test("parts of a type with octets above ASCII have the length that was told", async () => {
  const handler: HandlerFunc = (w, r) => {
    w.header.set("Content-Type", "text/plain; x=\xe9");
    return serveContent(w, r, "a", MODIFIED, DIGITS);
  };
  const answer = await ask(handler, { fields: RANGE("bytes=0-1,3-4") });
  assert.is(answer.field("content-length"), String(answer.body.length));
  assert.ok(answer.body.includes("x=\xe9\r\n"));
});

/** A content whose reads are noted as [position, length]. */
function noted(size: number, reads: [number, number][], give = (n: number): number => n): Content {
  return {
    size,
    read: (position, length) => {
      reads.push([position, length]);
      return Promise.resolve(new Uint8Array(give(length)).fill(0x61));
    },
  };
}

test("the content is read in pieces, from the place where the range begins", async () => {
  const reads: [number, number][] = [];
  const answer = await ask(
    (w, r) => serveContent(w, r, "a.txt", 1, noted(1000, reads), { pieceBytes: 300 }),
    { fields: RANGE("bytes=100-899") },
  );
  assert.is(answer.body.length, 800);
  assert.equal(reads, [
    [100, 300],
    [400, 300],
    [700, 200],
  ]);
});

test("HEAD, 304 and 416 read nothing of a content whose type is known", async () => {
  const reads: [number, number][] = [];
  const handler: HandlerFunc = (w, r) => serveContent(w, r, "a.txt", 1000, noted(10, reads));
  await ask(handler, { method: "HEAD" });
  await ask(handler, { fields: [["If-Modified-Since", DATE]] });
  await ask(handler, { fields: RANGE("bytes=50-") });
  assert.equal(reads, []);
});

test("a content that gives too much is cut, one that gives little is asked on", async () => {
  const much = await ask((w, r) =>
    serveContent(
      w,
      r,
      "a.txt",
      1,
      noted(10, [], () => 99),
    ),
  );
  assert.is(much.body, "a".repeat(10));
  const little = await ask((w, r) =>
    serveContent(
      w,
      r,
      "a.txt",
      1,
      noted(10, [], () => 3),
    ),
  );
  assert.is(little.body, "a".repeat(10));
});

test("a content that ends early cuts the answer, so that the client can tell", async () => {
  for (const fields of [[], RANGE("bytes=0-0,5-6")]) {
    const answer = await ask(
      (w, r) =>
        serveContent(
          w,
          r,
          "a.txt",
          1,
          noted(5000, [], () => 0),
        ),
      {
        fields,
      },
    );
    assert.ok(answer.error instanceof Error && "code" in answer.error);
    assert.is(answer.error.code, "file-truncated");
  }
});

test("a content that breaks off after its head has gone out is not completed", async () => {
  let given = 0;
  const content = noted(8000, [], (length) => (given++ === 0 ? length : 0));
  const answer = await ask((w, r) => serveContent(w, r, "a.txt", 1, content, { pieceBytes: 4000 }));
  assert.is(answer.status, 200);
  assert.is(answer.body.length, 4000);
  assert.is(answer.end, "cut");
});

test("a size that is none is the program's mistake", async () => {
  for (const size of [-1, 1.5, Number.NaN, Infinity]) {
    const answer = await ask((w, r) => serveContent(w, r, "a.txt", 1, noted(size, [])));
    assert.is(answer.status, 500);
    assert.ok(answer.error instanceof Error && answer.error.message.includes("no size"));
  }
});

test("what read fails with reaches the server", async () => {
  const broken: Content = { size: 1, read: () => Promise.reject(new Error("EIO")) };
  const answer = await ask((w, r) => serveContent(w, r, "a.txt", 1, broken));
  assert.is(answer.status, 500);
  assert.ok(answer.error instanceof Error && answer.error.message === "EIO");
});

test.run();

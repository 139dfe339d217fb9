// The Writer joins small pieces into one write a flush, gives nothing away that it still uses, and stays failed.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  IoError,
  WRITE_ALONE_BYTES,
  WRITE_BUFFER_BYTES,
  WRITE_JOIN_BYTES,
  Writer,
} from "../../lib/bufio/mod.ts";
import { bytes, rejects, table } from "../kit.ts";
import { SpyConn } from "./spy-conn.ts";

const join = suite("Writer joins");

const rows: {
  name: string;
  pieces: readonly (string | Uint8Array)[];
  expect: readonly { kind: "text" | "bytes"; data: string }[];
}[] = [
  { name: "nothing written is nothing sent", pieces: [], expect: [] },
  {
    name: "texts leave as one string",
    pieces: ["a", "b", "c\xff"],
    expect: [{ kind: "text", data: "abc\xff" }],
  },
  {
    name: "text and bytes leave as one array, in order",
    pieces: ["head\xe9\r\n", bytes("body"), "tail", bytes("!")],
    expect: [{ kind: "bytes", data: "head\xe9\r\nbodytail!" }],
  },
  {
    name: "bytes alone leave as one array",
    pieces: [bytes("ab"), bytes("cd")],
    expect: [{ kind: "bytes", data: "abcd" }],
  },
  {
    name: "an empty piece changes nothing",
    pieces: ["a", "", "b"],
    expect: [{ kind: "text", data: "ab" }],
  },
  {
    name: "more than a first buffer is still one write",
    pieces: ["a", bytes("b".repeat(WRITE_BUFFER_BYTES)), "c"],
    expect: [{ kind: "bytes", data: `a${"b".repeat(WRITE_BUFFER_BYTES)}c` }],
  },
  {
    name: "text of the join size leaves at once",
    pieces: ["a".repeat(WRITE_JOIN_BYTES), "b"],
    expect: [
      { kind: "text", data: "a".repeat(WRITE_JOIN_BYTES) },
      { kind: "text", data: "b" },
    ],
  },
  {
    name: "large bytes leave at once, after what waits",
    pieces: ["head", bytes("b".repeat(WRITE_JOIN_BYTES + 1)), "tail"],
    expect: [
      { kind: "text", data: "head" },
      { kind: "bytes", data: "b".repeat(WRITE_JOIN_BYTES + 1) },
      { kind: "text", data: "tail" },
    ],
  },
  {
    name: "a piece that is worth a write of its own still leaves with the head before it, and its framing",
    pieces: ["head", "4000\r\n", bytes("b".repeat(WRITE_ALONE_BYTES)), "\r\n"],
    expect: [{ kind: "bytes", data: `head4000\r\n${"b".repeat(WRITE_ALONE_BYTES)}\r\n` }],
  },
  {
    name: "a piece that is worth a write of its own leaves alone behind a full buffer",
    pieces: [
      "head",
      bytes("a".repeat(WRITE_ALONE_BYTES)),
      bytes("b".repeat(WRITE_ALONE_BYTES)),
      "c",
    ],
    expect: [
      { kind: "bytes", data: `head${"a".repeat(WRITE_ALONE_BYTES)}` },
      { kind: "bytes", data: "b".repeat(WRITE_ALONE_BYTES) },
      { kind: "text", data: "c" },
    ],
  },
  {
    name: "what does not fit the join size beside what waits makes a second write",
    pieces: [bytes("a".repeat(WRITE_JOIN_BYTES - 1)), bytes("bb")],
    expect: [
      { kind: "bytes", data: "a".repeat(WRITE_JOIN_BYTES - 1) },
      { kind: "bytes", data: "bb" },
    ],
  },
  {
    name: "text that does not fit beside bytes makes a second write",
    pieces: [bytes("a".repeat(WRITE_JOIN_BYTES)), "bb"],
    expect: [
      { kind: "bytes", data: "a".repeat(WRITE_JOIN_BYTES) },
      { kind: "text", data: "bb" },
    ],
  },
];

table(join, rows, ({ pieces, expect }) => {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  for (const piece of pieces) {
    if (typeof piece === "string") writer.writeLatin1(piece);
    else writer.write(piece);
  }
  writer.flush();
  assert.equal(conn.writes, expect);
  assert.is(
    writer.total,
    expect.reduce((sum, { data }) => sum + data.length, 0),
  );
  assert.is(writer.buffered, 0);
  writer.flush();
  assert.is(conn.writes.length, expect.length, "a second flush sends nothing");
});
join.run();

const own = suite("Writer and the owner of bytes");

own("small bytes are copied: the caller may go on with its array at once", () => {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  const piece = bytes("good");
  writer.write(piece);
  piece.fill(0x21);
  writer.flush();
  assert.is(conn.written, "good");
});

own("large bytes are handed on without a copy", () => {
  const conn = new SpyConn();
  const piece = new Uint8Array(WRITE_ALONE_BYTES);
  new Writer(conn).write(piece);
  assert.is(conn.arrays[0], piece);
});

own("a buffer that was taken is used again", () => {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  for (const letter of ["a", "b"]) {
    writer.write(bytes(letter));
    writer.flush();
  }
  assert.is(conn.arrays[0]?.buffer, conn.arrays[1]?.buffer);
});

own("a buffer that is pending is not touched again", () => {
  const conn = new SpyConn();
  conn.fate = "pending";
  const writer = new Writer(conn);
  writer.write(bytes("first"));
  writer.flush();
  writer.release();
  writer.write(bytes("SECOND"));
  writer.flush();
  const other = new Writer(new SpyConn());
  other.write(bytes("THIRD-"));
  assert.is(String.fromCharCode(...(conn.arrays[0] ?? [])), "first");
  assert.is(String.fromCharCode(...(conn.arrays[1] ?? [])), "SECOND");
});

own("an idle writer gives its buffer to the next that needs one", () => {
  const [one, other] = [new SpyConn(), new SpyConn()];
  const first = new Writer(one);
  first.write(bytes("a"));
  first.release();
  assert.is(first.buffered, 1, "a buffer in use stays");
  first.flush();
  first.release();
  const second = new Writer(other);
  second.write(bytes("b"));
  second.flush();
  assert.is(other.arrays[0]?.buffer, one.arrays[0]?.buffer);
});
own.run();

const fail = suite("Writer after a failure");

fail("what waits and what comes is dropped, and the first reason stays", async () => {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  const reason = new IoError("reset");
  writer.writeLatin1("lost");
  writer.fail(reason);
  writer.fail(new IoError("closed"));
  assert.is(writer.buffered, 0);
  writer.writeLatin1("more");
  writer.flush();
  writer.write(bytes("more"));
  writer.flush();
  writer.write(new Uint8Array(WRITE_JOIN_BYTES + 1));
  assert.equal(conn.writes, []);
  assert.is(writer.error, reason);
  assert.is(await rejects(writer.drained(), "reset"), reason);
});

fail("drained and queuedBytes are the connection's own", async () => {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  conn.queuedBytes = 7;
  assert.is(writer.queuedBytes, 7);
  conn.drain = () => Promise.reject(new IoError("broken-pipe"));
  await rejects(writer.drained(), "broken-pipe");
});
fail.run();

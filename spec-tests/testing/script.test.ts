/**
 * Byte scripts pass when the bytes are right, and say where they are not.
 *
 * Rule of this file: each kind of failure with the text a person reads.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, pipe } from "../../lib/bufio/mod.ts";
import {
  type ScriptStep,
  WireClient,
  diffBytes,
  escapeBytes,
  firstDifference,
  octets,
  runScript,
  settle,
} from "../../lib/testing/mod.ts";
import { type Row, rejects, table, withDeadline } from "../kit.ts";

const test = suite("byte scripts");

/** Our end of a pipe whose other end does what `peer` says. */
function against(peer: (client: WireClient) => Promise<void> | void): Conn {
  const [ours, theirs] = pipe();
  void peer(new WireClient(theirs));
  return ours;
}

test(
  "a script that is right passes, whatever the pieces",
  withDeadline(4_000, async () => {
    const conn = against(async (peer) => {
      assert.is(await peer.readUntil("\n"), "hello\n");
      for (const byte of "world\n") {
        peer.send(byte);
        await settle(1);
      }
      await peer.ended();
      peer.send("bye");
      peer.finish();
    });
    const calls: string[] = [];
    const client = await runScript(conn, [
      { silent: () => settle() },
      { send: "hello" },
      { send: octets("\n") },
      { expect: "wor" },
      { expect: octets("ld\n") },
      { call: (c) => void calls.push(c.text) },
      { end: "fin" },
      { expect: "bye" },
      { ends: "fin" },
      { end: "close" },
    ]);
    assert.equal(calls, ["world\n"]);
    assert.is(client.text, "world\nbye");
  }),
);

interface Failure extends Row {
  readonly peer: (client: WireClient) => Promise<void> | void;
  readonly steps: readonly ScriptStep[];
  readonly code: string;
  readonly says: readonly (RegExp | string)[];
}

const failures: readonly Failure[] = [
  {
    name: "other bytes: both are shown, the first difference marked",
    peer: (peer) => peer.send("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n"),
    steps: [{ expect: "HTTP/1.1 200 OK\r\nA: 1\r\nB: 3\r\n" }],
    code: "bytes-differ",
    says: [
      /step 1 of 1/,
      "first difference at byte 26 (line 3, column 4)\n" +
        "            A: 1\\r\\n\n" +
        "  expected  B: 3\\r\\n\n" +
        "  actual    B: 2\\r\\n\n" +
        "               ^",
    ],
  },
  {
    name: "too little before the end",
    peer: (peer) => {
      peer.send("ab");
      peer.finish();
    },
    steps: [{ expect: "abc" }],
    code: "bytes-differ",
    says: [/the peer's side is ended/, /actual {4}ab \(ends here\)/],
  },
  {
    name: "too little in time",
    peer: (peer) => peer.send("ab"),
    steps: [{ expect: "abc" }],
    code: "bytes-missing",
    says: [/after 50 ms/, /expected {2}abc/],
  },
  {
    name: "more than expected before the end",
    peer: (peer) => {
      peer.send("abc\x01");
      peer.finish();
    },
    steps: [{ expect: "abc" }, { ends: "fin" }],
    code: "bytes-differ",
    says: [/step 2 of 2: nothing more was expected, "\\x01" came/],
  },
  {
    name: "bytes where there should be none",
    peer: (peer) => peer.send("abc"),
    steps: [{ silent: () => settle() }],
    code: "bytes-differ",
    says: [/"abc" came/],
  },
  {
    name: "a reset instead of an end",
    peer: (peer) => peer.reset(),
    steps: [{ ends: "fin" }],
    code: "end-differs",
    says: [/expected fin, got reset/],
  },
  {
    name: "an end instead of a reset",
    peer: (peer) => peer.finish(),
    steps: [{ ends: "reset" }],
    code: "end-differs",
    says: [/expected reset, got fin/],
  },
  {
    name: "no end",
    peer: () => undefined,
    steps: [{ ends: "any" }],
    code: "end-differs",
    says: [/the peer's side is open/],
  },
];

table(test, failures, (row) =>
  withDeadline(4_000, async () => {
    const conn = against(row.peer);
    const error = await rejects(runScript(conn, row.steps, { deadlineMs: 50 }), row.code);
    for (const part of row.says) {
      const found =
        typeof part === "string" ? error.message.includes(part) : part.test(error.message);
      assert.ok(found, `${String(part)} is not in:\n${error.message}`);
    }
    conn.abort();
  })(),
);

test("escapes: controls by name, the rest of the range by number, backslashes doubled", () => {
  const all = octets("\0\t\r\n\x01\x7f\x80\xff\\ az");
  assert.is(escapeBytes(all), "\\0\\t\\r\\n\\x01\\x7f\\x80\\xff\\\\ az");
});

test("differences: none, at the start, within, at either end", () => {
  const at = (a: string, b: string): number | undefined => firstDifference(octets(a), octets(b));
  assert.is(at("", ""), undefined);
  assert.is(at("abc", "abc"), undefined);
  assert.is(at("xbc", "abc"), 0);
  assert.is(at("abx", "abc"), 2);
  assert.is(at("ab", "abc"), 2);
  assert.is(at("abcd", "abc"), 3);
  assert.is(diffBytes(octets("same"), octets("same")), "");
});

test("a long line is shown around its difference", () => {
  const long = "x".repeat(5_000);
  const shown = diffBytes(octets(`${long}A${long}`), octets(`${long}B${long}`));
  assert.match(shown, "first difference at byte 5000 (line 1, column 5001)");
  const [, expected, actual, mark] = shown.split("\n");
  for (const line of [expected, actual, mark]) assert.ok((line?.length ?? 0) < 120, line);
  const column = mark?.indexOf("^") ?? -1;
  assert.is(expected?.[column], "B");
  assert.is(actual?.[column], "A");
});

test("a difference at the very end is shown on its own line", () => {
  const shown = diffBytes(octets("a\r\n"), octets("a\r\nb\r\n"));
  assert.match(shown, "expected  b\\r\\n");
  assert.match(shown, "actual    (ends here)");
});

test("chars that are no octets are refused", () => {
  assert.throws(() => octets("a\u0100"), /char 1 is no octet/);
});

test.run();

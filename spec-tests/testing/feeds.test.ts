/**
 * Feeds cut and end as they say, and keep the contract of Conn while they do.
 *
 * Rule of this file: what a sink hears, call by call.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ConnSink, IoError, Reader, type Tenure } from "../../lib/bufio/mod.ts";
import { readRequest } from "../../lib/message/mod.ts";
import {
  FeedConn,
  dataWithEnd,
  halves,
  latin1,
  octets,
  oneByte,
  resets,
  settle,
  stalls,
} from "../../lib/testing/mod.ts";
import { type Row, rejects, table, withDeadline } from "../kit.ts";

const test = suite("feeds");

/** Notes each call, and stops after so many deliveries. */
class Ear implements ConnSink {
  readonly heard: string[] = [];
  kept: Uint8Array | undefined;
  constructor(readonly_: { stopAfter?: number } = {}) {
    this.#stopAfter = readonly_.stopAfter ?? Infinity;
  }
  #stopAfter: number;
  onBytes(bytes: Uint8Array, tenure: Tenure): "more" | "stop" {
    this.kept = bytes;
    this.heard.push(`${latin1(bytes)}${tenure === "borrowed" ? "*" : ""}`);
    return this.heard.length >= this.#stopAfter ? "stop" : "more";
  }
  onEnd(): void {
    this.heard.push("end");
  }
  onError(error: IoError): void {
    this.heard.push(error.code);
  }
}

interface Feed extends Row {
  readonly make: () => FeedConn;
  readonly hears: readonly string[];
}
const feeds: readonly Feed[] = [
  { name: "one byte at a time", make: () => oneByte("abc"), hears: ["a", "b", "c", "end"] },
  { name: "halves", make: () => halves("abcdefgh"), hears: ["abcd", "ef", "g", "h", "end"] },
  { name: "data with the end", make: () => dataWithEnd("abc"), hears: ["abc", "end"] },
  { name: "data that stalls", make: () => stalls("abc", 2), hears: ["ab"] },
  { name: "data, then a reset", make: () => resets("abc", 1), hears: ["a", "reset"] },
  { name: "nothing but the end", make: () => oneByte(""), hears: ["end"] },
  { name: "nothing but a reset", make: () => resets("", 0), hears: ["reset"] },
  {
    name: "nothing comes behind silence",
    make: () => new FeedConn(["SILENCE", octets("x"), "FIN"]),
    hears: [],
  },
  {
    name: "borrowed pieces",
    make: () => halves("abc", { tenure: "borrowed" }),
    hears: ["ab*", "c*", "end"],
  },
];

table(test, feeds, async ({ make, hears }) => {
  const conn = make();
  const ear = new Ear();
  await settle();
  assert.equal(ear.heard, [], "nothing before start");
  conn.start(ear);
  assert.equal(ear.heard, [], "nothing inside of start");
  await settle();
  assert.equal(ear.heard, hears);
  conn.abort();
  await settle();
});

test("a borrowed piece is spoilt when the sink has returned", async () => {
  const conn = oneByte("a", { tenure: "borrowed" });
  const ear = new Ear();
  conn.start(ear);
  await settle();
  assert.equal(ear.kept, Uint8Array.of(0xaa));
});

test("a sink that stops gets no more until resume", async () => {
  const conn = oneByte("abc");
  const ear = new Ear({ stopAfter: 1 });
  conn.start(ear);
  await settle();
  assert.equal(ear.heard, ["a"]);
  assert.is(conn.stepsLeft, 3);
  conn.resume();
  await settle();
  assert.equal(ear.heard, ["a", "b"]);
  conn.close();
  await settle();
  assert.equal(ear.heard, ["a", "b", "closed"]);
});

test("what is written is kept; how our side ended is told", async () => {
  const conn = dataWithEnd("");
  const ear = new Ear();
  conn.start(ear);
  const piece = octets("ab");
  assert.is(conn.write(piece), "taken");
  piece.fill(0);
  conn.write("cd");
  await conn.drained();
  conn.closeWrite();
  conn.write("lost");
  assert.equal(conn.written.map(latin1), ["ab", "cd"]);
  assert.is(conn.end, "write-closed");
  await settle();
  assert.equal(ear.heard, ["end", "closed"]);
  const other = stalls("");
  const second = new Ear();
  other.start(second);
  other.abort();
  other.close();
  await settle();
  assert.equal(second.heard, ["aborted"]);
  assert.is(other.end, "aborted");
});

interface Reading extends Row {
  readonly make: (input: string) => FeedConn;
}
const readings: readonly Reading[] = [
  { name: "one byte at a time", make: (input) => oneByte(input, { tenure: "borrowed" }) },
  { name: "halves", make: (input) => halves(input, { tenure: "borrowed" }) },
  { name: "data with end", make: (input) => dataWithEnd(input, { tenure: "borrowed" }) },
];
const INPUT = "POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\nhello";

table(
  test,
  readings.map((row) => ({ ...row, name: `a request is read from ${row.name}` })),
  withDeadlineFor(async ({ make }) => {
    const conn = make(INPUT);
    const reader = new Reader(conn);
    conn.start(reader);
    const request = await readRequest(reader);
    assert.is(request?.target, "/a");
    assert.is(await request?.body.text(), "hello");
    assert.is(await readRequest(reader), undefined);
  }),
);

test(
  "a request that is cut off by a reset rejects with it, wherever it is cut",
  withDeadline(4_000, async () => {
    for (let count = 0; count < INPUT.length; count++) {
      const conn = resets(INPUT, count);
      const reader = new Reader(conn);
      conn.start(reader);
      const read = readRequest(reader).then((request) => request?.body.text());
      await rejects(read, "reset", `cut at ${count}`);
    }
  }),
);

function withDeadlineFor<R>(fn: (row: R) => Promise<void>): (row: R) => Promise<void> {
  return (row) => withDeadline(4_000, () => fn(row))();
}

test.run();

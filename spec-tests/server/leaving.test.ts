// The end of a connection: lingering, then closing, then nothing more to do.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Conn } from "../../lib/bufio/mod.ts";
import { Reader } from "../../lib/bufio/mod.ts";
import { Leaving, type LeavingOwner } from "../../lib/server/leaving.ts";
import { TestClock } from "../../lib/testing/mod.ts";
import { bytes } from "../kit.ts";

const LINGER_MS = 500;
const MAX_BYTES = 10;

interface Scene {
  readonly owner: LeavingOwner;
  readonly leaving: Leaving;
  /** What was done to the conn and the writer, in order. */
  readonly done: string[];
  /** So many bytes come. */
  readonly feed: (count: number) => void;
}

function scene(): Scene {
  const done: string[] = [];
  const conn = {
    queuedBytes: 0,
    closeWrite: () => void done.push("closeWrite"),
    close: () => void done.push("close"),
    abort: () => void done.push("abort"),
    resume: () => undefined,
  } as unknown as Conn;
  const reader = new Reader(conn);
  const owner: LeavingOwner = {
    conn,
    reader,
    writer: { flush: () => void done.push("flush"), drained: () => Promise.resolve() },
    host: {
      clock: new TestClock({ startMs: 0 }),
      limits: { maxLingerBytes: MAX_BYTES },
      timeouts: { lingerTimeout: LINGER_MS, writeTimeout: 10_000 },
    },
    deadlineAt: Infinity,
    progress: 0,
    close: () => leaving.close(),
  };
  const leaving = new Leaving(owner);
  const feed = (count: number): void => {
    reader.onBytes(bytes("x".repeat(count)), "borrowed");
    leaving.onInput();
  };
  return { owner, leaving, done, feed };
}

const LINGERED = ["flush", "closeWrite"];
const CLOSED = [...LINGERED, "flush", "close"];

const it = suite("leaving");

it("lingering closes our side and reads on, for its time (RFC 9112 §9.6)", () => {
  const { owner, leaving, done, feed } = scene();
  leaving.linger();
  assert.equal(done, LINGERED);
  assert.is(owner.deadlineAt, LINGER_MS);
  feed(MAX_BYTES);
  assert.is(owner.reader.buffered, 0, "thrown away");
  assert.equal(done, LINGERED);
});

it("what was there already counts too, and a byte too much closes", () => {
  const { owner, leaving, done, feed } = scene();
  owner.reader.onBytes(bytes("xx"), "borrowed");
  leaving.linger();
  feed(MAX_BYTES - 2);
  assert.equal(done, LINGERED);
  feed(1);
  assert.equal(done, CLOSED);
});

it("the client's end closes", () => {
  const { leaving, done } = scene();
  leaving.linger();
  leaving.onEnd();
  assert.equal(done, CLOSED);
});

it("a client that has ended before is not waited for", () => {
  const { owner, leaving, done } = scene();
  owner.reader.ended = true;
  leaving.linger();
  assert.equal(done, CLOSED);
});

it("its time closes, and the time after that is the end", () => {
  const { owner, leaving, done } = scene();
  leaving.linger();
  // As the clock does before it calls.
  owner.deadlineAt = Infinity;
  assert.is(leaving.onDeadline(), "go-on");
  assert.equal(done, CLOSED);
  assert.is(owner.deadlineAt, LINGER_MS, "the close has a time of its own");
  assert.is(leaving.onDeadline(), "over");
});

it("once closing it does not linger, and takes nothing more", () => {
  const { owner, leaving, done, feed } = scene();
  leaving.close();
  assert.is(owner.deadlineAt, LINGER_MS);
  leaving.linger();
  leaving.onEnd();
  feed(MAX_BYTES + 1);
  assert.equal(done, ["flush", "close"]);
  assert.is(owner.reader.buffered, MAX_BYTES + 1, "left where it was");
});

it("an abort is final", () => {
  const { leaving, done } = scene();
  leaving.linger();
  leaving.abort();
  leaving.linger();
  assert.equal(done, [...LINGERED, "abort"]);
  assert.is(leaving.onDeadline(), "over");
});

for (const [name, ended, source, closes] of [
  ["after an answer the client may still send: it lingers", false, undefined, false],
  ["the client has ended, and there was no body: it closes", true, undefined, true],
  ["the client has ended, and the body was read: it closes", true, { done: true }, true],
  ["the body was read, but the client may go on: it lingers", false, { done: true }, false],
] as const) {
  it(name, () => {
    const { owner, leaving, done } = scene();
    owner.reader.ended = ended;
    leaving.afterAnswer(source);
    assert.equal(done, closes ? ["flush", "close"] : LINGERED);
  });
}

it("the client has ended in the middle of a body: our side is closed first", () => {
  const { owner, leaving, done } = scene();
  owner.reader.ended = true;
  leaving.afterAnswer({ done: false });
  assert.equal(done, CLOSED);
});

it.run();

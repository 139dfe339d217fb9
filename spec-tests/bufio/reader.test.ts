// The Reader keeps what a Conn pushes: it owns what it must, copies what it may not keep, and stops in time.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { IoError, READ_AHEAD_BYTES, Reader, pipe } from "../../lib/bufio/mod.ts";
import type { ReaderListener, Tenure } from "../../lib/bufio/mod.ts";
import { HeadScan, scanRequestHead } from "../../lib/wire/mod.ts";
import { bytes, rejects, text, withDeadline } from "../kit.ts";
import { SpyConn } from "./spy-conn.ts";

const POISON = 0xaa;

/** Delivers as a socket does: one buffer, read into again after each call. */
function deliver(reader: Reader, latin1: string, tenure: Tenure = "borrowed"): "more" | "stop" {
  const buffer = bytes(latin1);
  const answer = reader.onBytes(buffer, tenure);
  if (tenure === "borrowed") buffer.fill(POISON);
  return answer;
}

function unread(reader: Reader): string {
  return text(reader.bytes.subarray(reader.from, reader.to));
}

function listener(onInput: () => void): ReaderListener {
  return { onInput, onEnd() {}, onError() {} };
}

const look = suite("Reader, looking and consuming");

look("a reader of bytes has them all and then ends", async () => {
  const reader = Reader.of(bytes("abc"));
  assert.is(reader.buffered, 3);
  reader.consume(1);
  assert.is(unread(reader), "bc");
  reader.consume(2);
  assert.is(reader.buffered, 0);
  assert.is(await reader.more(), "end");
});

look("borrowed bytes that stay unread are copied before the buffer is read into again", () => {
  const reader = new Reader(new SpyConn());
  deliver(reader, "abc");
  deliver(reader, "def");
  reader.consume(2);
  deliver(reader, "ghi");
  assert.is(unread(reader), "cdefghi");
});

look("a listener sees the bytes in place and what it consumes is not copied", () => {
  const seen: string[] = [];
  const buffer = bytes("GET");
  const reader: Reader = new Reader(undefined, {
    listener: listener(() => {
      assert.is(reader.bytes, buffer);
      seen.push(unread(reader));
      reader.consume(reader.buffered);
    }),
  });
  reader.onBytes(buffer, "borrowed");
  reader.onBytes(buffer, "borrowed");
  assert.equal(seen, ["GET", "GET"]);
  assert.is(reader.bytes.length, 0, "the shared buffer is let go");
});

look("each order of deliveries and uses gives back what came", () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 50; round++) {
    const reader = new Reader(new SpyConn());
    let sent = "";
    let got = "";
    while (sent.length < 5000) {
      const piece = Array.from({ length: 1 + random(300) }, () =>
        String.fromCharCode(random(256)),
      ).join("");
      sent += piece;
      deliver(reader, piece, random(2) === 0 ? "given" : "borrowed");
      const count = random(reader.buffered + 1);
      if (random(2) === 0) {
        got += text(reader.take(count));
      } else {
        got += text(reader.bytes.subarray(reader.from, reader.from + count));
        reader.consume(count);
      }
    }
    got += text(reader.takeAll());
    assert.ok(got === sent, `round ${round}`);
  }
});
look.run();

const take = suite("Reader.take");

take("given bytes are handed on without a copy", () => {
  const reader = new Reader(new SpyConn());
  const given = bytes("abcdefgh");
  reader.onBytes(given, "given");
  const [first, second] = [reader.take(4), reader.take(4)];
  assert.is(first.buffer, given.buffer);
  assert.is(second.buffer, given.buffer);
  assert.equal([text(first), text(second)], ["abcd", "efgh"]);
});

take("borrowed bytes are copied", () => {
  let taken: Uint8Array = new Uint8Array(0);
  const reader: Reader = new Reader(undefined, {
    listener: listener(() => {
      taken = Uint8Array.from(reader.bytes.subarray(0, 0));
      taken = reader.take(3);
    }),
  });
  deliver(reader, "abc");
  assert.is(text(taken), "abc");
});

take("a piece never changes later, whatever comes next", () => {
  const reader = new Reader(new SpyConn());
  const pieces: Uint8Array[] = [];
  for (const tenure of ["borrowed", "given", "borrowed", "borrowed"] as const) {
    deliver(reader, "0123456789".repeat(200), tenure);
    pieces.push(reader.take(1500), reader.take(reader.buffered));
    deliver(reader, "x".repeat(2000), tenure);
    reader.consume(2000);
  }
  for (const piece of pieces) assert.match(text(piece), /^[0-9]+$/);
});

take("a piece never changes when what is left behind it moves to the front", () => {
  const reader = new Reader(new SpyConn());
  deliver(reader, "0123456789".repeat(200));
  const piece = reader.take(1500);
  deliver(reader, "x".repeat(100));
  assert.is(text(piece), "0123456789".repeat(150));
  assert.is(unread(reader), `${"0123456789".repeat(50)}${"x".repeat(100)}`);
});

take("a small piece does not keep a large buffer alive", () => {
  const reader = new Reader(new SpyConn());
  deliver(reader, "a".repeat(40_000), "given");
  assert.is(reader.take(10).buffer.byteLength, 10);
});
take.run();

const flow = suite("Reader, stopping and going on");

flow("reading stops at the read-ahead and goes on when half of it is used", () => {
  const conn = new SpyConn();
  const reader = new Reader(conn, { readAheadBytes: 100 });
  assert.is(deliver(reader, "a".repeat(99)), "more");
  assert.is(deliver(reader, "a"), "stop");
  reader.consume(49);
  assert.equal(conn.asked, []);
  reader.consume(1);
  assert.equal(conn.asked, ["resume"]);
  reader.consume(10);
  assert.equal(conn.asked, ["resume"], "asked once");
});

flow("the default read-ahead is 64 KiB", () => {
  const reader = new Reader(new SpyConn());
  assert.is(deliver(reader, "a".repeat(READ_AHEAD_BYTES - 1)), "more");
  assert.is(deliver(reader, "a"), "stop");
  assert.is(READ_AHEAD_BYTES, 65_536);
});

flow("a waiter reads on beyond the read-ahead", async () => {
  const conn = new SpyConn();
  const reader = new Reader(conn, { readAheadBytes: 10 });
  assert.is(deliver(reader, "a".repeat(10)), "stop");
  const more = reader.more();
  assert.equal(conn.asked, ["resume"]);
  assert.is(deliver(reader, "b"), "more");
  assert.is(await more, "more");
  assert.is(deliver(reader, "c"), "stop", "nobody waits any more");
});

flow("a delivery behind a stop that is used up at once lets reading go on", () => {
  const conn = new SpyConn();
  let use = false;
  const reader: Reader = new Reader(conn, {
    readAheadBytes: 10,
    listener: listener(() => {
      if (use) reader.consume(reader.buffered);
    }),
  });
  assert.is(deliver(reader, "a".repeat(10)), "stop");
  use = true;
  assert.is(deliver(reader, "b"), "more");
  assert.equal(conn.asked, ["resume"]);
});

flow("want() reads on until the next input", () => {
  const conn = new SpyConn();
  const reader: Reader = new Reader(conn, {
    readAheadBytes: 4,
    listener: listener(() => reader.want()),
  });
  assert.is(deliver(reader, "abcdef"), "more");
  reader.listener = undefined;
  assert.is(deliver(reader, "g"), "stop");
});

flow("tenure is asked for once for each change", () => {
  const conn = new SpyConn();
  const reader = new Reader(conn);
  reader.prefer("borrowed");
  reader.prefer("given");
  reader.prefer("given");
  reader.prefer("borrowed");
  assert.equal(conn.asked, ["given", "borrowed"]);
});
flow.run();

const wait = suite("Reader.more");

wait("resolves with the end when the peer ends, and at once after that", async () => {
  const reader = new Reader(new SpyConn());
  const more = reader.more();
  reader.onEnd();
  assert.is(await more, "end");
  assert.is(await reader.more(), "end");
});

wait("rejects with the connection's error, pending and later", async () => {
  const reader = new Reader(new SpyConn());
  const more = reader.more();
  const error = new IoError("reset");
  reader.onError(error);
  assert.is(await rejects(more, "reset"), error);
  reader.onError(new IoError("closed"));
  assert.is(await rejects(reader.more(), "reset"), error, "the first reason stays");
});

wait("takes one waiter at a time", async () => {
  const reader = new Reader(new SpyConn());
  const more = reader.more();
  await rejects(reader.more(), "busy");
  deliver(reader, "a");
  assert.is(await more, "more");
});

wait("is ended by a deadline without harm to what comes later", async () => {
  const reader = new Reader(new SpyConn());
  const more = reader.more();
  reader.interrupt(new IoError("timed-out"));
  await rejects(more, "timed-out");
  deliver(reader, "abc");
  assert.is(unread(reader), "abc");
  reader.interrupt(new IoError("timed-out"));
});

wait("the listener is told of input, end and error, before the waiter", async () => {
  const told: string[] = [];
  const reader: Reader = new Reader(new SpyConn(), {
    listener: {
      onInput: () => told.push(`input ${unread(reader)}`),
      onEnd: () => told.push(`end ${reader.ended}`),
      onError: (error) => told.push(`error ${error.code}`),
    },
  });
  const more = reader.more().then(() => told.push("waiter"));
  deliver(reader, "a");
  await more;
  reader.onEnd();
  reader.onError(new IoError("closed"));
  assert.equal(told, ["input a", "waiter", "end true", "error closed"]);
});

wait(
  "works over a pipe that lends its bytes",
  withDeadline(2000, async () => {
    const [near, far] = pipe({ tenure: "borrowed", chop: 3 });
    const reader = new Reader(near);
    near.start(reader);
    far.write("hello world");
    far.closeWrite();
    while ((await reader.more()) === "more");
    assert.is(unread(reader), "hello world");
  }),
);
wait.run();

const linear = suite("Reader, octet by octet");

/** A head of so many octets in fewer lines than a request may have. */
function largeHead(octets: number): Uint8Array {
  let head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (let i = 0; head.length < octets; i++) head += `X-Field-${i}: ${"v".repeat(140)}\r\n`;
  return bytes(`${head}\r\n`);
}

/** Scans the head as it comes, as a server's loop does; answers µs of CPU, the best of some rounds. */
function cost(feed: (reader: Reader) => void): number {
  let best = Infinity;
  for (let round = 0; round < 12; round++) {
    const scan = new HeadScan("request");
    let heads = 0;
    const reader: Reader = new Reader(undefined, {
      listener: listener(() => {
        const head = scanRequestHead(reader.bytes, scan, reader.from, reader.to);
        if (head === "need-more") return;
        heads += 1;
        reader.consume(head.byteLength);
      }),
    });
    const before = process.cpuUsage();
    feed(reader);
    const { user, system } = process.cpuUsage(before);
    assert.is(heads, 1);
    best = Math.min(best, user + system);
  }
  return best;
}

/** µs for the head octet by octet. */
function octetsCost(head: Uint8Array): number {
  const one = new Uint8Array(1);
  return cost((reader) => {
    for (const octet of head) {
      one[0] = octet;
      reader.onBytes(one, "borrowed");
    }
  });
}

linear("twice the head costs twice as much, not four times", () => {
  const half = octetsCost(largeHead(32_000));
  const all = octetsCost(largeHead(64_000));
  assert.ok(all < 3 * half, `${all} µs for 64,000 octets, ${half} µs for 32,000`);
});

linear("a 64 KiB head costs some times the whole, not a thousand times", () => {
  const head = largeHead(65_000);
  const whole =
    cost((reader) => {
      // Ten at a time: one alone is too short for the clock.
      for (let i = 0; i < 9; i++) scanRequestHead(head);
      reader.onBytes(head, "borrowed");
    }) / 10;
  const octets = octetsCost(head);
  // What comes whole is looked at by words, at half of what it cost before; octets cost what they did. A quadratic
  // reader or scanner is far beyond this bound.
  assert.ok(octets < 60 * whole, `${octets} µs by octets, ${whole} µs whole`);
});
linear.run();

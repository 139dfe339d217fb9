// The body from a connection tells its watcher what happens, can be skipped, and asks for buffers when large.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { IoError, Reader } from "../../lib/bufio/mod.ts";
import {
  Body,
  type BodyWatcher,
  WireBodySource,
  isDisconnect,
  openSource,
} from "../../lib/message/mod.ts";
import { type Framing, WireError } from "../../lib/wire/mod.ts";
import { SpyConn } from "../bufio/spy-conn.ts";
import { type Row, bytes, rejects, table, text, throwsCode, withDeadline } from "../kit.ts";
import { everyWay } from "./feeds.ts";

const CHUNKED: Framing = { kind: "chunked" };

function watched(log: string[]): BodyWatcher {
  return {
    onBodyRead: () => log.push("read"),
    onBodyWait: () => log.push("wait"),
    onBodyMoved: () => log.push("moved"),
    onBodyEnd: (trailers) => log.push(trailers === undefined ? "end" : `end ${trailers.count}`),
  };
}

const watch = suite("WireBodySource and its watcher");

watch(
  "the watcher hears of the first read, of each wait, and of the end with the last piece",
  withDeadline(1000, async () => {
    const log: string[] = [];
    const reader = new Reader(new SpyConn());
    const source = new WireBodySource(
      reader,
      { kind: "length", length: 5 },
      { watcher: watched(log) },
    );
    const body = new Body(source, { length: 5 });
    const first = body.next();
    assert.equal(log, ["read", "wait"]);
    reader.onBytes(bytes("ab"), "borrowed");
    assert.is(text((await first)!), "ab");
    assert.is(source.remaining, 3);
    reader.onBytes(bytes("cdeNEXT"), "given");
    assert.is(text((await body.next())!), "cde");
    assert.equal(log, ["read", "wait", "moved", "end"]);
    assert.is(source.done, true);
    assert.is(source.remaining, 0);
    assert.is(await body.next(), undefined);
    assert.is(text(reader.takeAll()), "NEXT");
  }),
);

watch("trailers come with the end, to the watcher and to the body", async () => {
  const log: string[] = [];
  const reader = Reader.of(bytes("1\r\nx\r\n0\r\nA: 1\r\nB: 2\r\n\r\n"));
  const body = new Body(new WireBodySource(reader, CHUNKED, { watcher: watched(log) }));
  const { trailer } = body;
  assert.is(trailer.count, 0);
  assert.is(await body.text(), "x");
  assert.equal(log, ["read", "end 2"]);
  assert.equal(
    [...trailer],
    [
      ["A", "1"],
      ["B", "2"],
    ],
  );
});

watch(
  "a deadline that interrupts the wait fails the body for good, and the watcher hears it moved",
  async () => {
    const log: string[] = [];
    const reader = new Reader(new SpyConn());
    const body = new Body(new WireBodySource(reader, CHUNKED, { watcher: watched(log) }));
    const next = body.next();
    const late = new IoError("timed-out");
    reader.interrupt(late);
    assert.is(await rejects(next, "timed-out"), late);
    await rejects(body.next(), "timed-out");
    assert.equal(log, ["read", "wait", "moved"]);
  },
);

watch("a connection that breaks fails the body with its error", async () => {
  for (const framing of [
    CHUNKED,
    { kind: "length", length: 3 },
    { kind: "until-close" },
  ] as const) {
    const reader = new Reader(new SpyConn());
    reader.onBytes(bytes("1"), "given");
    const source = new WireBodySource(reader, framing);
    const body = new Body(source);
    reader.onError(new IoError("reset"));
    const error = await rejects(body.bytes(), "reset");
    assert.is(isDisconnect(error), true);
    assert.is(source.broken, true);
  }
});

watch("small chunks that are here together are one piece; a large one stays its own", async () => {
  const large = "y".repeat(2000);
  const chunks = `1\r\na\r\n2\r\nbc\r\na\r\n0123456789\r\n`;
  const wire = `7d0\r\n${large}\r\n${chunks}0\r\nA: 1\r\n\r\nNEXT`;
  const log: string[] = [];
  const reader = Reader.of(bytes(wire));
  const body = new Body(new WireBodySource(reader, CHUNKED, { watcher: watched(log) }));
  assert.is(text((await body.next())!), large);
  assert.is(text((await body.next())!), "abc0123456789");
  assert.equal(log, ["read", "end 1"], "the end is told with the last piece");
  assert.is(await body.next(), undefined);
  assert.is(text(reader.takeAll()), "NEXT");
});

watch("what came before a fault is handed out, and then the fault, each time", async () => {
  const reader = Reader.of(bytes("1\r\na\r\n1\r\nb\r\nzz\r\n"));
  const source = new WireBodySource(reader, CHUNKED);
  const body = new Body(source);
  assert.is(text((await body.next())!), "ab");
  await rejects(body.next(), "bad-chunk-size");
  assert.is(source.broken, true);
  throwsCode(() => source.skip(), "bad-chunk-size");
});

watch("pieces that come one by one are the same as when they come together", async () => {
  const wire = "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
  for (let cut = 0; cut <= wire.length; cut++) {
    const reader = new Reader(new SpyConn());
    const whole = new Body(new WireBodySource(reader, CHUNKED)).text();
    if (cut > 0) reader.onBytes(bytes(wire.slice(0, cut)), "borrowed");
    await Promise.resolve();
    if (cut < wire.length) reader.onBytes(bytes(wire.slice(cut)), "borrowed");
    assert.is(await whole, "abcd", `cut at ${cut}`);
  }
});
watch.run();

const skip = suite("WireBodySource.skip");

table(
  skip,
  [
    { name: "a body with a length", framing: { kind: "length", length: 4 }, input: "abcd" },
    { name: "a chunked body", framing: CHUNKED, input: "2\r\nab\r\n2\r\ncd\r\n0\r\nX: y\r\n\r\n" },
  ] as const,
  ({ framing, input }) => {
    const reader = new Reader(new SpyConn());
    const source = new WireBodySource(reader, framing);
    reader.onBytes(bytes(input.slice(0, 3)), "given");
    assert.is.not(source.skip(), "end");
    assert.is(source.skip(), 0, "nothing more is here");
    reader.onBytes(bytes(`${input.slice(3)}NEXT`), "given");
    assert.is(source.skip(), "end");
    assert.is(source.skip(), "end", "and stays there");
    assert.is(text(reader.takeAll()), "NEXT");
  },
);

skip("what breaks the framing is refused while it is skipped, too", () => {
  const source = new WireBodySource(Reader.of(bytes("zz\r\n")), CHUNKED);
  throwsCode(() => source.skip(), "bad-chunk-size");
  assert.is(source.broken, true);
});

skip("cancelling a body leaves its octets to the owner of the connection", () => {
  const reader = Reader.of(bytes("abcd"));
  const source = new WireBodySource(reader, { kind: "length", length: 4 });
  new Body(source).cancel();
  assert.is(reader.buffered, 4);
  assert.is(source.skip(), "end");
});
skip.run();

const large = suite("WireBodySource, large and endless bodies");

large("a large body asks for buffers it may keep, and gives them up at its end", async () => {
  const conn = new SpyConn();
  const reader = new Reader(conn);
  const body = new Body(new WireBodySource(reader, { kind: "length", length: 70_000 }));
  const all = body.bytes();
  assert.equal(conn.asked, ["given"]);
  reader.onBytes(new Uint8Array(70_000), "given");
  assert.is((await all).length, 70_000);
  assert.equal(conn.asked, ["given", "borrowed"]);
});

large("a small body is read from the shared buffer", async () => {
  const conn = new SpyConn();
  const reader = new Reader(conn);
  const all = new Body(new WireBodySource(reader, { kind: "length", length: 3 })).bytes();
  reader.onBytes(bytes("abc"), "borrowed");
  assert.is(text(await all), "abc");
  assert.equal(conn.asked, []);
});

large("one piece is 256 KiB at the most", async () => {
  const body = new Body(
    new WireBodySource(Reader.of(new Uint8Array(600_000)), { kind: "until-close" }),
  );
  const sizes: number[] = [];
  for await (const piece of body) sizes.push(piece.length);
  assert.equal(sizes, [262_144, 262_144, 75_712]);
});

large("without content there is no source", () => {
  const reader = Reader.of(bytes(""));
  assert.is(openSource(reader, { kind: "none" }, {}), undefined);
  assert.is(openSource(reader, { kind: "length", length: 0 }, {}), undefined);
  assert.is(new WireBodySource(reader, { kind: "none" }).pull(), "end");
});

large("leaving is told apart from breaking the rules", () => {
  assert.is(isDisconnect(new WireError("truncated-body")), true);
  assert.is(isDisconnect(new WireError("bad-chunk-size")), false);
  assert.is(isDisconnect(new Error("x")), false);
});
large.run();

// --- read: into an array of the caller's ----------------------------------------------------------

const reading = suite("Body.read from the wire");

async function readBy(body: Body, size: number): Promise<string> {
  const into = new Uint8Array(size);
  let all = "";
  for (let n = await body.read(into); n !== undefined; n = await body.read(into)) {
    assert.ok(n > 0 && n <= size, "something, and no more than there is room for");
    all += text(into.subarray(0, n));
  }
  return all;
}

interface ReadRow extends Row {
  readonly framing: Framing;
  readonly input: string;
  readonly expect: string;
  readonly after?: string;
  readonly trailer?: string;
}

const TRAILED = "3;a=b\r\nabc\r\n0b\r\nhello world\r\n0\r\nDigest: 123456789\r\n\r\n";

const reads: readonly ReadRow[] = [
  {
    name: "by length: what comes behind it is left",
    framing: { kind: "length", length: 9 },
    input: "wire body",
    after: "NEXT",
    expect: "wire body",
  },
  {
    name: "in chunks, with trailers, which may be longer than the array",
    section: "RFC 9112 §7.1",
    framing: CHUNKED,
    input: TRAILED,
    after: "NEXT",
    expect: "abchello world",
    trailer: "123456789",
  },
  {
    name: "to the end of the connection",
    framing: { kind: "until-close" },
    input: "all of it",
    expect: "all of it",
  },
];

table(reading, reads, async ({ framing, input, after = "", expect, trailer }) => {
  for (const size of [1, 2, 5, 64]) {
    await everyWay(input + after, async (reader) => {
      const body = new Body(new WireBodySource(reader, framing));
      assert.is(await readBy(body, size), expect, `an array of ${size}`);
      assert.is(body.trailer.get("digest"), trailer);
      while (reader.buffered < after.length) await reader.more();
      assert.is(text(reader.takeAll()), after);
    });
  }
});

reading(
  "what is waited for is copied when it comes: nothing is left for the reader to keep",
  async () => {
    const conn = new SpyConn();
    const reader = new Reader(conn);
    const body = new Body(new WireBodySource(reader, { kind: "length", length: 200_000 }));
    const into = new Uint8Array(8);
    const count = body.read(into);
    const lent = bytes("abcd");
    reader.onBytes(lent, "borrowed");
    assert.is(reader.buffered, 0, "used up in the turn of the arrival");
    lent.fill(0xaa);
    assert.is(await count, 4);
    assert.is(text(into.subarray(0, 4)), "abcd");
    assert.equal(conn.asked, [], "and no private buffers are wanted");
  },
);

reading("what does not fit is the next to be read, by whatever way", async () => {
  const reader = new Reader(new SpyConn());
  const body = new Body(new WireBodySource(reader, { kind: "length", length: 6 }));
  const into = new Uint8Array(2);
  const first = body.read(into);
  reader.onBytes(bytes("abcdef"), "borrowed");
  assert.is(await first, 2);
  assert.is(await body.read(into), 2);
  assert.is(text(into), "cd");
  assert.is(await body.text(), "ef");
});

reading("an array without room takes nothing, and nothing is lost", async () => {
  const body = new Body(new WireBodySource(Reader.of(bytes("ab")), { kind: "length", length: 2 }));
  assert.is(await body.read(new Uint8Array(0)), 0);
  assert.is(await body.read(new Uint8Array(0)), 0);
  assert.is(await body.text(), "ab");
});

reading("good octets come before the fault behind them, and the fault each time", async () => {
  await everyWay("3\r\nabc\r\nzz\r\n", async (reader) => {
    const body = new Body(new WireBodySource(reader, CHUNKED));
    const into = new Uint8Array(64);
    let all = "";
    const failure = await rejects(
      (async () => {
        for (;;) all += text(into.subarray(0, (await body.read(into)) ?? 0));
      })(),
      "bad-chunk-size",
    );
    assert.is(all, "abc");
    assert.is(await rejects(body.read(into), "bad-chunk-size"), failure);
  });
});

reading("a fault that comes while somebody waits is told to that one", async () => {
  const reader = new Reader(new SpyConn());
  const body = new Body(new WireBodySource(reader, CHUNKED));
  const count = body.read(new Uint8Array(4));
  reader.onBytes(bytes("zz"), "borrowed");
  await rejects(count, "bad-chunk-size");
});

reading("one reader at a time, also while it waits", async () => {
  const reader = new Reader(new SpyConn());
  const body = new Body(new WireBodySource(reader, CHUNKED));
  const first = body.read(new Uint8Array(4));
  await rejects(body.next(), "body-busy");
  reader.onBytes(bytes("2\r\n"), "borrowed");
  await rejects(body.read(new Uint8Array(4)), "body-busy");
  reader.onBytes(bytes("ab"), "borrowed");
  assert.is(await first, 2);
});
reading.run();

// pipe() and WebConn keep the contract of Conn, with and without the habits of a network.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Conn,
  isPoisoning,
  pipe,
  type PipeOptions,
  poisonBorrowedBytes,
  WebConn,
} from "../../lib/bufio/mod.ts";
import { bytes, rejects, text, withDeadline } from "../kit.ts";
import { type ConnTraits, connContract, Listener, type Pair, turns } from "./conn-contract.ts";

function webPair(): Pair {
  const [there, back] = [
    new TransformStream<Uint8Array, Uint8Array>(),
    new TransformStream<Uint8Array, Uint8Array>(),
  ];
  const a: Conn = new WebConn({ readable: back.readable, writable: there.writable });
  const b: Conn = new WebConn({ readable: there.readable, writable: back.writable });
  return { a, b, dispose() {} };
}

const kinds: { name: string; options: PipeOptions; traits: Partial<ConnTraits> }[] = [
  { name: "given", options: {}, traits: {} },
  { name: "borrowed", options: { tenure: "borrowed" }, traits: { tenure: "borrowed" } },
  { name: "byte by byte", options: { chop: 1 }, traits: { volumeBytes: 300_000 } },
  {
    name: "borrowed, chopped",
    options: { tenure: "borrowed", chop: 777 },
    traits: { tenure: "borrowed", volumeBytes: 2_000_000 },
  },
  { name: "latency", options: { latencyMs: 2 }, traits: {} },
];

for (const { name, options, traits } of kinds) {
  const test = suite(`pipe, ${name}`);
  connContract(
    test,
    () => {
      const [a, b] = pipe(options);
      return { a, b, dispose() {} };
    },
    { abort: "reset", tenure: "given", ...traits },
  );
  test.run();
}

const web = suite("WebConn");
connContract(web, webPair, { abort: "reset", tenure: "given" });

web(
  "the stream is asked for a chunk only while the sink wants one",
  withDeadline(2000, async () => {
    let asked = 0;
    const readable = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          asked += 1;
          controller.enqueue(bytes("x"));
        },
      },
      { highWaterMark: 0 },
    );
    const conn = new WebConn({ readable, writable: new WritableStream<Uint8Array>() });
    await turns();
    assert.is(asked, 0, "nothing before start");
    const sink = new Listener();
    sink.answer = "stop";
    conn.start(sink);
    await turns();
    assert.is(asked, 1);
    assert.is(sink.received, 1);
    conn.resume();
    await turns();
    assert.is(sink.received, 2);
    conn.abort();
  }),
);

web(
  "a writable that fails is told as broken-pipe",
  withDeadline(2000, async () => {
    const writable = new WritableStream<Uint8Array>({
      write() {
        throw new Error("no");
      },
    });
    const conn = new WebConn({ readable: new ReadableStream<Uint8Array>(), writable });
    const sink = new Listener();
    conn.start(sink);
    conn.write("x");
    const drained = conn.drained();
    await rejects(drained, "broken-pipe");
    assert.equal(sink.log, ["broken-pipe"]);
    assert.is(conn.write("y"), "taken");
  }),
);
web.run();

const own = suite("pipe itself");

own("nothing is delivered inside write", async () => {
  const [a, b] = pipe();
  const sink = new Listener();
  b.start(sink);
  a.write("x");
  assert.is(sink.received, 0);
  await sink.until(() => sink.received === 1);
});

own("chop as a function gives each size in turn", async () => {
  const sizes = [3, 1, 2];
  const [a, b] = pipe({ chop: () => sizes.shift() ?? 100 });
  const sink = new Listener();
  b.start(sink);
  a.write("abcdefghij");
  await sink.until(() => sink.received === 10);
  assert.equal(sink.pieces.map(text), ["abc", "d", "ef", "ghij"]);
});

own("write is pending above highWaterBytes until the other side reads", async () => {
  const [a, b] = pipe({ highWaterBytes: 10 });
  assert.is(a.write("0123456789"), "taken");
  assert.is(a.write("x"), "pending");
  assert.is(a.queuedBytes, 1);
  b.start(new Listener());
  await a.drained();
  assert.is(a.queuedBytes, 0);
});

own("latency runs on the timers given, for bytes and for the end", async () => {
  const due: { ms: number; fn: () => void }[] = [];
  const [a, b] = pipe({ latencyMs: 50, after: (ms, fn) => void due.push({ ms, fn }) });
  const sink = new Listener();
  b.start(sink);
  a.write("x");
  a.closeWrite();
  await turns();
  assert.is(sink.received, 0);
  assert.equal(
    due.map((timer) => timer.ms),
    [50, 50],
  );
  due[0]?.fn();
  await turns();
  assert.is(sink.text(), "x");
  assert.is(sink.ended, false);
  due[1]?.fn();
  await turns();
  assert.is(sink.ended, true);
});

own("writing to an end that has closed is a broken pipe", async () => {
  const [a, b] = pipe();
  const [atA, atB] = [new Listener(), new Listener()];
  a.start(atA);
  b.start(atB);
  b.close();
  await atA.until(() => atA.ended);
  a.write("x");
  await atA.until(() => atA.error !== undefined);
  assert.equal(atA.log, ["end", "broken-pipe"]);
});

own("borrowed bytes are overwritten after the delivery in the 0xAA mode", async () => {
  const before = isPoisoning();
  poisonBorrowedBytes(true);
  try {
    const [a, b] = pipe({ tenure: "borrowed" });
    let kept: Uint8Array | undefined;
    let seen = "";
    b.start({
      onBytes(data, tenure) {
        assert.is(tenure, "borrowed");
        kept = data;
        seen = text(data);
        return "more";
      },
      onEnd() {},
      onError() {},
    });
    a.write("abc");
    await turns();
    assert.is(seen, "abc");
    assert.is(text(kept ?? bytes("")), "\xaa\xaa\xaa");
  } finally {
    poisonBorrowedBytes(before);
  }
});
own.run();

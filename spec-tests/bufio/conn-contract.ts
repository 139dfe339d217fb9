/**
 * The contract of Conn as tests, run over each implementation.
 *
 * Rule of this file: it sees two connected Conns and nothing of how they were made. What an implementation
 * cannot do is said in its traits, with the reason where they are given.
 */
import * as assert from "uvu/assert";
import type { Conn, ConnSink, IoError, Tenure } from "../../lib/bufio/mod.ts";
import { bytes, joined, rejects, type Suite, text, withDeadline } from "../kit.ts";

export interface Pair {
  readonly a: Conn;
  readonly b: Conn;
  /** Lets go of everything the pair needed. */
  readonly dispose: () => Promise<void> | void;
}

export interface ConnTraits {
  /** What abort() looks like at the peer; "unseen" where the pipe below cannot tell it from an end. */
  readonly abort: "reset" | "end" | "unseen";
  /** The tenure of the first delivery. */
  readonly tenure: Tenure;
  /** Bytes moved by the tests of volume; fewer where each piece is small. Default 10 MiB. */
  readonly volumeBytes?: number;
}

/** A sink that keeps what it hears, and lets tests wait for it. */
export class Listener implements ConnSink {
  readonly pieces: Uint8Array[] = [];
  readonly tenures: Tenure[] = [];
  readonly log: string[] = [];
  received = 0;
  error: IoError | undefined;
  answer: "more" | "stop" = "more";
  #wake: (() => void)[] = [];

  onBytes(data: Uint8Array, tenure: Tenure): "more" | "stop" {
    assert.ok(data.length > 0, "no delivery is empty");
    this.received += data.length;
    this.tenures.push(tenure);
    this.pieces.push(tenure === "borrowed" ? data.slice() : data);
    if (this.log.at(-1) !== "bytes") this.log.push("bytes");
    this.#changed();
    return this.answer;
  }
  onEnd(): void {
    this.log.push("end");
    this.#changed();
  }
  onError(error: IoError): void {
    this.log.push(error.code);
    this.error = error;
    this.#changed();
  }

  get ended(): boolean {
    return this.log.includes("end");
  }
  text(): string {
    return text(joined(this.pieces));
  }

  /** Waits until `what` holds; the deadline of the test is the limit. */
  async until(what: () => boolean): Promise<void> {
    while (!what()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** A few turns of the loop: enough for what is under way on a loopback to arrive, were it coming. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => void setImmediate(resolve));
}

/** A pattern in which each displaced byte shows. */
export function pattern(length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = (i * 31 + (i >> 8)) & 0xff;
  return out;
}

/** Registers the contract's tests. */
export function connContract(
  suite: Suite,
  makePair: () => Promise<Pair> | Pair,
  traits: ConnTraits,
): void {
  const test = (name: string, fn: (pair: Pair) => Promise<void>, ms = 8000): void => {
    suite(
      name,
      withDeadline(ms, async () => {
        const pair = await makePair();
        try {
          await fn(pair);
        } finally {
          pair.a.abort();
          pair.b.abort();
          await pair.dispose();
        }
      }),
    );
  };
  contents(test, traits);
  pressure(test, traits);
  endings(test, traits);
}

type Test = (name: string, fn: (pair: Pair) => Promise<void>, ms?: number) => void;

function listen(conn: Conn): Listener {
  const listener = new Listener();
  conn.start(listener);
  return listener;
}

function contents(test: Test, traits: ConnTraits): void {
  test("bytes arrive both ways, each byte value", async ({ a, b }) => {
    const [atA, atB] = [listen(a), listen(b)];
    const all = pattern(256).map((_, i) => i);
    a.write(all);
    await atB.until(() => atB.received === 256);
    assert.equal(joined(atB.pieces), all);
    b.write(all);
    await atA.until(() => atA.received === 256);
    assert.equal(joined(atA.pieces), all);
  });

  test("a string is one byte per char, also above 0x7f", async ({ a, b }) => {
    const atB = listen(b);
    a.write("caf\xe9 \xff\x80\x00 end");
    a.write("");
    a.write(bytes("\xfe!"));
    await atB.until(() => atB.received === 14);
    assert.is(atB.text(), "caf\xe9 \xff\x80\x00 end\xfe!");
  });

  test("what arrives before start is delivered after it", async ({ a, b }) => {
    a.write("early");
    await turns();
    const atB = listen(b);
    a.write(" late");
    await atB.until(() => atB.received === 10);
    assert.is(atB.text(), "early late");
  });

  test("a delivery comes with its tenure, and setTenure changes it", async ({ a, b }) => {
    const atB = listen(b);
    a.write("one");
    await atB.until(() => atB.received === 3);
    assert.is(atB.tenures[0], traits.tenure);
    b.setTenure?.("given");
    // The read under way may still be into the old buffer.
    a.write("two");
    await atB.until(() => atB.received === 6);
    await turns();
    a.write("three");
    await atB.until(() => atB.received === 11);
    assert.is(atB.tenures.at(-1), "given");
    assert.is(atB.text(), "onetwothree");
    if (traits.tenure === "given") return;
    b.setTenure?.("borrowed");
    a.write("four");
    await atB.until(() => atB.received === 15);
    await turns();
    a.write("five");
    await atB.until(() => atB.received === 19);
    assert.is(atB.tenures.at(-1), "borrowed");
    assert.is(atB.text(), "onetwothreefourfive");
  });

  test("given bytes stay as they were", async ({ a, b }) => {
    const atB = listen(b);
    b.setTenure?.("given");
    const sent = pattern(Math.min(traits.volumeBytes ?? 400_000, 400_000));
    a.write(sent);
    await atB.until(() => atB.received === sent.length);
    a.write(sent);
    await atB.until(() => atB.received === 2 * sent.length);
    assert.ok(Buffer.compare(joined(atB.pieces), joined([sent, sent])) === 0);
  });

  test("handOver gives all further bytes to the new sink", async ({ a, b }) => {
    const first = listen(b);
    const second = new Listener();
    a.write("one");
    await first.until(() => first.received === 3);
    b.handOver(second);
    a.write("two");
    await second.until(() => second.received === 3);
    a.closeWrite();
    await second.until(() => second.ended);
    assert.is(first.text(), "one");
    assert.equal(first.log, ["bytes"]);
    assert.is(second.text(), "two");
  });

  test("handed over inside a delivery, the old sink's answer does not count", async ({ a, b }) => {
    const second = new Listener();
    const first = new Listener();
    first.onBytes = () => {
      b.handOver(second);
      return "stop";
    };
    b.start(first);
    a.write("x");
    await turns();
    // A second delivery, unless chopping or a tenth of a second on the way made more of the first.
    a.write("y");
    await second.until(() => second.text().endsWith("y"));
  });

  test("a sink that throws ends the connection and hears why", async ({ a, b }) => {
    const atB = new Listener();
    const bug = new Error("a bug in the sink");
    atB.onBytes = () => {
      throw bug;
    };
    b.start(atB);
    const atA = listen(a);
    a.write("x");
    await atB.until(() => atB.error !== undefined);
    assert.is(atB.error?.code, "sink-threw");
    assert.is(atB.error?.cause, bug);
    if (traits.abort !== "unseen") await atA.until(() => atA.error !== undefined || atA.ended);
    assert.equal(atB.log, ["sink-threw"]);
  });

  test("start a second time is refused", async ({ a }) => {
    listen(a);
    assert.throws(() => a.start(new Listener()), /once/);
  });
}

function pressure(test: Test, traits: ConnTraits): void {
  const volume = traits.volumeBytes ?? 10 * 1_048_576;
  for (const [from, to] of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    test(`${volume} bytes from ${from} to ${to}: a reader that stops makes the writer wait`, async (pair) => {
      const sender = pair[from];
      const at = listen(pair[to]);
      at.answer = "stop";
      listen(sender);
      const sent = pattern(volume);
      let answer: "taken" | "pending" = "taken";
      let at64 = 0;
      for (; at64 < volume; at64 += 65_536) {
        answer = sender.write(sent.slice(at64, at64 + 65_536));
      }
      await turns();
      assert.is(answer, "pending");
      assert.ok(sender.queuedBytes > 0, "something is queued");
      const stoppedAt = at.received;
      await turns();
      assert.is(at.received, stoppedAt, "a stopped sink hears nothing");
      assert.ok(at.received < volume);
      const takenBefore = sender.takenBytes ?? 0;
      let isDrained = false;
      const drained = sender.drained().then(() => {
        isDrained = true;
      });
      await turns(3);
      assert.is(isDrained, false);
      at.answer = "more";
      pair[to].resume();
      await drained;
      assert.is(sender.queuedBytes, 0);
      assert.ok((sender.takenBytes ?? 1) > takenBefore, "progress shows");
      assert.is(sender.takenBytes ?? volume, volume);
      await at.until(() => at.received >= volume);
      assert.ok(Buffer.compare(joined(at.pieces), sent) === 0, "the bytes are those sent");
    }, 20_000);
  }

  test("a small write that has to wait is told of when it is taken", async ({ a, b }) => {
    const at = listen(b);
    at.answer = "stop";
    listen(a);
    const piece = pattern(1000);
    let written = 0;
    // Those that went before have made the next one wait: what is queued is the one, and no callback of theirs.
    do {
      written += piece.length;
    } while (a.write(piece.slice()) === "taken");
    assert.ok(a.queuedBytes > 0);
    const drained = a.drained();
    at.answer = "more";
    b.resume();
    await drained;
    assert.is(a.queuedBytes, 0);
    assert.is(a.takenBytes ?? written, written);
    await at.until(() => at.received === written);
  }, 20_000);

  test("one array above 1 MiB goes out in slices, in order", async ({ a, b }) => {
    const atB = listen(b);
    const sent = pattern(Math.min(volume, 3 * 1_048_576 + 17));
    a.write("before");
    a.write(sent);
    a.write("after");
    a.closeWrite();
    await atB.until(() => atB.ended);
    assert.is(atB.received, sent.length + 11);
    const expected = joined([bytes("before"), sent, bytes("after")]);
    assert.ok(Buffer.compare(joined(atB.pieces), expected) === 0);
  }, 20_000);

  test("one string above 1 MiB goes out in slices, in order", async ({ a, b }) => {
    const atB = listen(b);
    const sent = text(pattern(Math.min(volume, 2 * 1_048_576 + 17)));
    a.write(sent);
    a.close();
    await atB.until(() => atB.ended);
    assert.ok(atB.text() === sent);
  }, 20_000);

  test("pause holds deliveries until resume", async ({ a, b }) => {
    const atB = listen(b);
    a.write("one");
    await atB.until(() => atB.received === 3);
    b.pause();
    b.pause();
    a.write("two");
    a.closeWrite();
    await turns();
    assert.is(atB.received, 3);
    b.resume();
    b.resume();
    await atB.until(() => atB.ended);
    assert.is(atB.text(), "onetwo");
  });

  test("drained resolves at once when nothing is queued", async ({ a, b }) => {
    listen(b);
    a.write("x");
    await a.drained();
    await a.drained();
    assert.is(a.queuedBytes, 0);
  });
}

function endings(test: Test, traits: ConnTraits): void {
  for (const [first, second] of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    test(`after ${first} has ended its side, ${second} can still be heard`, async (pair) => {
      const [atFirst, atSecond] = [listen(pair[first]), listen(pair[second])];
      pair[first].write("bye");
      pair[first].closeWrite();
      pair[first].closeWrite();
      await atSecond.until(() => atSecond.ended);
      assert.is(atSecond.text(), "bye");
      assert.is(pair[first].write("dropped"), "taken");
      pair[second].write("and thanks");
      await atFirst.until(() => atFirst.received === 10);
      pair[second].closeWrite();
      await atFirst.until(() => atFirst.ended);
      await atFirst.until(() => atFirst.error !== undefined);
      await atSecond.until(() => atSecond.error !== undefined);
      assert.equal(atFirst.log, ["bytes", "end", "closed"]);
      assert.equal(atSecond.log, ["bytes", "end", "closed"]);
    });
  }

  test("close sends what is queued, then ends, and nothing but the last call comes", async (pair) => {
    const [atA, atB] = [listen(pair.a), listen(pair.b)];
    const sent = pattern(Math.min(traits.volumeBytes ?? 2_000_000, 2_000_000));
    pair.a.write(sent);
    pair.a.close();
    pair.a.close();
    await atB.until(() => atB.ended || atB.error !== undefined);
    assert.ok(Buffer.compare(joined(atB.pieces), sent) === 0);
    await atA.until(() => atA.error !== undefined);
    assert.is(atA.log.length, 1);
  }, 20_000);

  test("after close writes are dropped and nothing is left to drain", async ({ a, b }) => {
    const [atA, atB] = [listen(a), listen(b)];
    a.write("last");
    a.close();
    assert.is(a.write("too late"), "taken");
    await atB.until(() => atB.ended);
    await atA.until(() => atA.error !== undefined);
    assert.is(atB.text(), "last");
    assert.equal(atA.log, ["closed"]);
    assert.is(a.write(bytes("too late")), "taken");
    await a.drained();
    a.closeWrite();
    a.close();
    a.abort();
    assert.is(a.queuedBytes, 0);
  });

  test("abort drops what is queued, and waiting for it fails", async ({ a, b }) => {
    const atA = listen(a);
    const atB = listen(b);
    a.write("seen");
    await atB.until(() => atB.received === 4);
    b.pause();
    for (let i = 0; i < 160; i++) a.write(pattern(65_536));
    await turns();
    const drained = a.drained();
    a.abort();
    a.abort();
    await rejects(drained, "aborted");
    await rejects(a.drained(), "aborted");
    await atA.until(() => atA.error !== undefined);
    assert.equal(atA.log, ["aborted"]);
    assert.is(a.write("x"), "taken");
    b.resume();
    if (traits.abort === "unseen") return;
    await atB.until(() => atB.error !== undefined || atB.ended);
    if (traits.abort === "reset") assert.is(atB.error?.code, "reset");
    assert.ok(atB.received < 160 * 65_536);
  });

  if (traits.abort === "reset") {
    test("an abort of an idle connection is a reset at the peer, not an end", async ({ a, b }) => {
      listen(a);
      const atB = listen(b);
      a.abort();
      await atB.until(() => atB.error !== undefined);
      assert.equal(atB.log, ["reset"]);
      await rejects(b.drained(), "reset");
    });

    test("an abort soon after closeWrite lets go of the connection", async ({ a, b }) => {
      const atA = listen(a);
      const atB = listen(b);
      a.write("x");
      a.closeWrite();
      a.abort();
      await atA.until(() => atA.error !== undefined);
      assert.is(atA.error?.code, "aborted");
      await atB.until(() => atB.error !== undefined || atB.ended);
    });
  }

  test("closed before it was started, a connection still tells its last word", async ({ a, b }) => {
    listen(b);
    a.close();
    await turns();
    const atA = listen(a);
    await atA.until(() => atA.error !== undefined);
    assert.equal(atA.log, ["closed"]);
  });
}

/**
 * Within one exchange: 100-continue, the client that leaves, and the one that does not read.
 *
 * Rule of this file: a handler on one side, a client on the other; time stands still.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler } from "../../lib/server/mod.ts";
import { TestServer, settle } from "../../lib/testing/mod.ts";
import { rejects, withDeadline } from "../kit.ts";
import {
  CONTINUE,
  DEADLINE_MS,
  type Exchange,
  answer,
  echoTarget,
  exchanges,
  gate,
  get,
  post,
  quiet,
  refusal,
} from "./tools.ts";

const test = suite("exchange");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));
/** Answers with the body that came. */
const echoBody: Handler = async (w, r) => w.write((await r.body.text()) || "-");
const big = (length: number): string => "b".repeat(length);
const EXPECT = "Expect: 100-continue\r\n";

// --- Expect --------------------------------------------------------------------------------------

const expectations: readonly Exchange[] = [
  {
    name: "100 Continue goes out at the first read of the body",
    section: "RFC 9110 §10.1.1",
    handler: echoBody,
    send: post("abc", EXPECT),
    expect: CONTINUE + answer("abc"),
  },
  {
    name: "the expectation is known whatever its case",
    handler: echoBody,
    send: post("abc", "Expect: 100-CONTINUE\r\n"),
    expect: CONTINUE + answer("abc"),
  },
  {
    name: "1.0 is sent no 100 Continue",
    section: "RFC 9110 §10.1.1",
    handler: echoBody,
    send: `POST / HTTP/1.0\r\nContent-Length: 3\r\n${EXPECT}\r\nabc`,
    expect: answer("abc", { version: 0 }),
    end: "ended",
  },
  {
    name: "an unknown expectation of 1.0 is ignored",
    section: "DESIGN §2.3",
    send: "GET / HTTP/1.0\r\nExpect: wonders\r\n\r\n",
    expect: answer("/", { version: 0 }),
    end: "ended",
  },
  {
    name: "without a body there is nothing to continue",
    handler: echoBody,
    send: get("/", EXPECT),
    expect: answer("-"),
  },
  {
    name: "an empty body too",
    handler: echoBody,
    send: post("", EXPECT),
    expect: answer("-"),
  },
  {
    name: "a body that is not read is not invited, not waited for, and ends the connection",
    section: "Go issue 75933",
    send: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n${EXPECT}\r\n`,
    expect: answer("/", { connection: "close" }),
    end: "ended",
  },
  {
    name: "what was sent in place of a body that was not invited is no request",
    section: "RFC 9110 §10.1.1",
    send: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n${EXPECT}\r\n${get("/smuggled")}`,
    expect: answer("/", { connection: "close" }),
    end: "ended",
  },
  {
    name: "writeHeader(100) replaces the automatic one",
    handler: async (w, r) => {
      w.writeHeader(100);
      await w.write(await r.body.text());
    },
    send: post("abc", EXPECT),
    expect: CONTINUE + answer("abc"),
  },
  {
    name: "103 does not",
    handler: async (w, r) => {
      w.writeHeader(103);
      await w.write(await r.body.text());
    },
    send: post("abc", EXPECT),
    expect: `HTTP/1.1 103 Early Hints\r\n\r\n${CONTINUE}${answer("abc")}`,
  },
  {
    name: "100 Continue comes after the answers before it",
    handler: echoBody,
    send: get() + post("abc", EXPECT),
    expect: answer("-") + CONTINUE + answer("abc"),
  },
];
exchanges(test, expectations);

it("after the answer has begun a body that was not invited is refused to the handler", async () => {
  const read = gate<unknown>();
  await using server = TestServer.inMemory(async (w, r) => {
    await w.flush();
    read.open(await r.body.text().catch((error: unknown) => error));
  });
  const client = await server.connect();
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n${EXPECT}\r\n`);
  assert.is(((await read.promise) as { code: string }).code, "body-not-invited");
  assert.is(await client.ended(), "ended");
  assert.match(client.text, "Connection: close\r\n");
  assert.not.match(client.text, "100 Continue");
});

// --- FIN and RST ---------------------------------------------------------------------------------

it("after a FIN the complete requests that have arrived are answered (DESIGN §2.8)", async () => {
  await using server = TestServer.inMemory(async (w, r) => {
    await settle(1);
    await w.write(r.target);
  });
  const client = await server.connect();
  client.send(get("/1") + get("/2") + get("/3"));
  client.finish();
  assert.is(await client.ended(), "ended");
  assert.is(client.text, answer("/1") + answer("/2") + answer("/3"));
  await settle();
  assert.is(server.states.at(-1), "closed");
});

it("a FIN within a head is 400, one between requests is the end", async () => {
  for (const [send, expected] of [
    ["", ""],
    ["GET / HT", refusal("400 Bad Request")],
    [`${get("/1")}GET`, answer("/1") + refusal("400 Bad Request")],
    [get("/1"), answer("/1")],
  ] as const) {
    await using server = TestServer.inMemory(echoTarget);
    const { text, end } = await server.exchange(send, { end: "fin" });
    assert.is(text, expected, JSON.stringify(send));
    assert.is(end, "ended");
    await settle();
    assert.is(server.states.at(-1), "closed", "it does not linger for one that has ended already");
  }
});

it("a FIN within a body rejects the read with truncated-body", async () => {
  const read = gate<unknown>();
  await using server = TestServer.inMemory(async (w, r) => {
    read.open(await r.body.text().catch((error: unknown) => error));
    await w.write("x");
  });
  const client = await server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
  await settle();
  client.finish();
  assert.is(((await read.promise) as { code: string }).code, "truncated-body");
  assert.is(await client.ended(), "ended");
  assert.match(client.text, "Connection: close\r\n");
});

interface Gone {
  readonly name: string;
  readonly how: "finish" | "reset";
  readonly code: string;
}
const goings: readonly Gone[] = [
  { name: "a FIN aborts the signal with half-closed", how: "finish", code: "half-closed" },
  { name: "an RST aborts the signal with reset", how: "reset", code: "reset" },
];

for (const { name, how, code } of goings) {
  it(`${name}, while the handler runs (DESIGN §2.8)`, async () => {
    const seen = gate<AbortSignal>();
    await using server = TestServer.inMemory(async (w, r) => {
      const { signal } = r;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      seen.open(signal);
      await w.write("late").catch(() => undefined);
    });
    const client = await server.connect();
    client.send(get());
    await settle();
    client[how]();
    const { reason } = await seen.promise;
    assert.is(reason.code, code);
    await settle();
    if (how === "finish") {
      assert.is(client.text, answer("late", {}), "after a FIN it is still answered");
    }
    assert.is(server.states.at(-1), "closed");
    assert.is(server.clock.watched, 0);
  });

  it(`${name}, also with a body that nobody reads`, async () => {
    const seen = gate<AbortSignal>();
    await using server = TestServer.inMemory(async (_, r) => {
      const { signal } = r;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      seen.open(signal);
    });
    const client = await server.connect();
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n${big(1000)}`);
    await settle();
    client[how]();
    assert.is((await seen.promise).reason.code, code);
  });

  it(`${name}, when it came before the signal was asked for`, async () => {
    const asked = gate();
    const seen = gate<AbortSignal>();
    await using server = TestServer.inMemory(async (_, r) => {
      await asked.promise;
      seen.open(r.signal);
    });
    const client = await server.connect();
    client.send(get());
    await settle();
    client[how]();
    await settle();
    asked.open();
    const signal = await seen.promise;
    assert.ok(signal.aborted);
    assert.is(signal.reason.code, code);
  });
}

it("a body that has arrived before a FIN can be read after it", async () => {
  await using server = TestServer.inMemory(async (w, r) => {
    await settle(3);
    await w.write(await r.body.text());
  });
  const { text } = await server.exchange(post("b".repeat(1000)), { end: "fin" });
  assert.ok(text.endsWith("b".repeat(1000)), text);
});

it("a FIN that came with the request is seen by a handler that runs on", async () => {
  const seen = gate<string>();
  await using server = TestServer.inMemory(async (_, r) => {
    await settle(1);
    seen.open((r.signal.reason as { code?: string } | undefined)?.code ?? "not aborted");
  });
  const client = await server.connect();
  client.send(get());
  client.finish();
  assert.is(await seen.promise, "half-closed");
});

it("reading the body does not abort, the end of the handler does", async () => {
  const kept: AbortSignal[] = [];
  await using server = TestServer.inMemory(async (w, r) => {
    kept.push(r.signal);
    await r.body.text();
    assert.not(r.signal.aborted);
    await w.write("x");
  });
  const { text } = await server.exchange(post("abc"));
  assert.is(text, answer("x"));
  assert.ok(kept[0]?.aborted);
  assert.is(kept[0]?.reason.code, "handler-done");
  assert.equal(server.errors, []);
});

it("after a reset a write rejects and stays rejected, and nothing is written", async () => {
  const codes: string[] = [];
  const done = gate();
  await using server = TestServer.inMemory(async (w, r) => {
    const gone = new Promise((resolve) => r.signal.addEventListener("abort", resolve));
    await w.flush();
    await gone;
    for (let i = 0; i < 2; i++) codes.push((await rejects(w.write("x"), "reset")).code);
    codes.push((await rejects(w.flush(), "reset")).code);
    done.open();
  });
  const client = await server.connect();
  client.send(get());
  await settle();
  client.reset();
  await done.promise;
  assert.equal(codes, ["reset", "reset", "reset"]);
  await settle();
  assert.equal(server.states, ["new", "active", "closed"]);
});

// --- back-pressure -------------------------------------------------------------------------------

it("a client that does not read stops the handler that writes without end", async () => {
  let written = 0;
  await using server = TestServer.inMemory(async (w) => {
    const piece = new Uint8Array(10_000);
    for (;;) {
      await w.write(piece);
      written += piece.length;
    }
  });
  const client = await server.connect({ highWaterBytes: 65_536 });
  client.pause();
  client.send(get());
  await settle(20);
  const stopped = written;
  assert.ok(stopped <= 400_000, `${stopped} bytes were accepted`);
  await settle(20);
  assert.is(written, stopped, "it waits");
  client.resume();
  await client.until(() => written > stopped + 100_000);
  client.reset();
});

it("a client that pipelines and does not read is not read either", async () => {
  let served = 0;
  await using server = TestServer.inMemory((w) => {
    served++;
    void w.write("x".repeat(2000));
  });
  const client = await server.connect();
  client.pause();
  client.send(get().repeat(2000));
  await settle(30);
  assert.ok(served < 200, `${served} requests were served`);
  client.resume();
  await client.until(() => client.received.length === answer("x".repeat(2000)).length * 2000);
});

it("a body that nobody reads is read ahead to 64 KiB, then the client is stopped", async () => {
  const later = gate();
  let reading = false;
  await using server = TestServer.inMemory(async (w, r) => {
    await later.promise;
    reading = true;
    let length = 0;
    for await (const piece of r.body) length += piece.length;
    await w.write(`${length}`);
  });
  const client = await server.connect({ highWaterBytes: 1000 });
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  let sent = 0;
  const pump = (async () => {
    for (; sent < 1_000_000; sent += 10_000) {
      client.conn.write(big(10_000));
      await client.conn.drained();
    }
  })();
  await settle(30);
  assert.not(reading);
  assert.ok(sent >= 50_000 && sent <= 150_000, `${sent} bytes were taken`);
  later.open();
  await pump;
  await quiet(client);
  assert.is(client.text, answer("1000000"));
});

test.run();

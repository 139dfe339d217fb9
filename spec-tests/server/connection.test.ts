/**
 * One connection's loop: what is read when, what is kept, what is answered in which order.
 *
 * Rule of this file: over pipes in memory. What an answer says is tested in response-head.test.ts, who waits how long in
 * timeouts.test.ts, what happens within one exchange in exchange.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, type ConnSink, IoError } from "../../lib/bufio/mod.ts";
import { Server } from "../../lib/server/mod.ts";
import { TestClock, TestServer, latin1, settle } from "../../lib/testing/mod.ts";
import { encodeLatin1 } from "../../lib/wire/mod.ts";
import { withDeadline } from "../kit.ts";
import {
  DEADLINE_MS,
  type Exchange,
  answer,
  chunk,
  echoTarget,
  exchanges,
  gate,
  get,
  old,
  post,
  quiet,
  refusal,
} from "./tools.ts";

const test = suite("connection");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));
const KEEP = "Connection: keep-alive\r\n";
const CLOSE = "Connection: close\r\n";
const big = (length: number): string => "b".repeat(length);

// --- order and turns -----------------------------------------------------------------------------

it("pipelined requests are answered in order, with one write (RFC 9112 §9.3.2)", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  client.send(Array.from({ length: 16 }, (_, i) => get(`/${i}`)).join(""));
  await quiet(client);
  assert.is(client.text, Array.from({ length: 16 }, (_, i) => answer(`/${i}`)).join(""));
  assert.is(client.pieces.length, 1, "one write");
});

it("answers beyond 16 KiB leave in writes of 16 KiB", async () => {
  await using server = TestServer.inMemory((w) => void w.write("x".repeat(1900)));
  const client = await server.connect();
  client.send(get().repeat(32));
  await quiet(client);
  assert.is(client.text, answer("x".repeat(1900)).repeat(32));
  assert.ok(
    client.pieces.length >= 3 && client.pieces.length <= 5,
    `${client.pieces.length} writes`,
  );
});

it("a slow handler does not let the next request overtake it", async () => {
  const first = gate();
  const order: string[] = [];
  await using server = TestServer.inMemory(async (w, r) => {
    order.push(r.target);
    if (r.target === "/1") await first.promise;
    await w.write(r.target);
  });
  const client = await server.connect();
  client.send(get("/1") + get("/2"));
  await quiet(client);
  assert.equal(order, ["/1"], "the second is not begun");
  assert.is(client.text, "");
  first.open();
  await quiet(client);
  assert.is(client.text, answer("/1") + answer("/2"));
});

it("the answer to an earlier request leaves while a later handler waits", async () => {
  const second = gate();
  await using server = TestServer.inMemory((w, r) => {
    if (r.target === "/1") return void w.write("one");
    return second.promise;
  });
  const client = await server.connect();
  client.send(get("/1") + get("/2"));
  await quiet(client);
  assert.is(client.text, answer("one"));
  second.open();
});

it("after 64 requests others get their turn, then it goes on (MAINPATH §2)", async () => {
  const clock = new TestClock({ turns: "manual" });
  let served = 0;
  await using server = TestServer.inMemory(
    (w, r) => {
      served++;
      void w.write(r.target);
    },
    { clock },
  );
  const greedy = await server.connect();
  greedy.send(Array.from({ length: 200 }, (_, i) => get(`/${i}`)).join(""));
  await settle();
  assert.is(served, 64, "requests in the first turn");
  const other = await server.connect();
  other.send(get("/other"));
  await quiet(other);
  assert.is(other.text, answer("/other"));
  for (let turns = 0; served < 201; turns++) {
    assert.ok(turns < 5, "it does not go on");
    clock.turn();
    await settle();
  }
  await quiet(greedy);
  assert.is(greedy.text, Array.from({ length: 200 }, (_, i) => answer(`/${i}`)).join(""));
});

it("after 2 ms others get their turn, whatever the number of requests (MAINPATH §2)", async () => {
  const clock = new TestClock({ turns: "manual" });
  let served = 0;
  await using server = TestServer.inMemory(
    (w) => {
      served++;
      clock.advance(1);
      void w.write("x");
    },
    { clock },
  );
  const client = await server.connect();
  client.send(get().repeat(50));
  await settle();
  assert.ok(served <= 8, `${served} requests of 1 ms each in a turn`);
  while (clock.turn() > 0) await settle();
  assert.is(served, 50);
});

it("after 256 KiB of input others get their turn (MAINPATH §2)", async () => {
  const clock = new TestClock({ turns: "manual" });
  let served = 0;
  await using server = TestServer.inMemory(
    (w) => {
      served++;
      void w.write("x");
    },
    { clock },
  );
  const client = await server.connect({ highWaterBytes: 10_000_000 });
  client.send(post("b".repeat(40_000)).repeat(40));
  await settle();
  assert.ok(served <= 10, `${served} requests of 40 KB each in a turn`);
  while (clock.turn() > 0) await settle();
  await quiet(client);
  assert.is(served, 40);
  assert.is(client.text.match(/HTTP\/1\.1 200 OK/g)?.length, 40);
});

it("whoever had others served in between does not give way for requests of before (MAINPATH §2)", async () => {
  const clock = new TestClock({ turns: "manual" });
  await using server = TestServer.inMemory(echoTarget, { clock });
  const clients = [await server.connect(), await server.connect()];
  for (let round = 0; round < 3; round++) {
    for (const client of clients) {
      client.send(get("/a").repeat(40));
      await settle();
    }
  }
  for (const client of clients) {
    await quiet(client);
    assert.is(client.text, answer("/a").repeat(120));
  }
  assert.is(clock.turn(), 0, "nobody waits for a turn");
});

it("what comes while others have their turn is not lost", async () => {
  const clock = new TestClock({ turns: "manual" });
  await using server = TestServer.inMemory(echoTarget, { clock });
  const client = await server.connect();
  client.send(get("/a").repeat(64));
  await settle();
  client.send(get("/b"));
  await settle();
  clock.turn();
  await quiet(client);
  assert.is(client.text, answer("/a").repeat(64) + answer("/b"));
});

it("an end that comes while others have their turn ends the connection after the answers", async () => {
  const clock = new TestClock({ turns: "manual" });
  await using server = TestServer.inMemory(echoTarget, { clock });
  const client = await server.connect();
  client.send(get("/a").repeat(65));
  client.finish();
  await settle();
  clock.turn();
  assert.is(await client.ended(), "ended");
  assert.is(client.text, answer("/a").repeat(65));
});

// --- keep-alive ----------------------------------------------------------------------------------

const keepAlive: readonly Exchange[] = [
  { name: "1.1 keeps by default", section: "RFC 9112 §9.3", send: get(), expect: answer("/") },
  {
    name: "1.1 closes when asked to, and says so",
    section: "RFC 9112 §9.6",
    send: get("/", CLOSE),
    expect: answer("/", { connection: "close" }),
    end: "ended",
  },
  {
    name: "the option close is found in a list, whatever its case",
    section: "RFC 9110 §7.6.1",
    send: get("/", "Connection: keep-alive, CLOSE\r\n"),
    expect: answer("/", { connection: "close" }),
    end: "ended",
  },
  {
    name: "nothing behind a request with close is answered",
    section: "RFC 9112 §9.6",
    send: get("/1", CLOSE) + get("/2"),
    expect: answer("/1", { connection: "close" }),
    end: "ended",
  },
  {
    name: "1.0 closes by default",
    section: "RFC 9112 §9.3",
    send: old(),
    expect: answer("/", { version: 0 }),
    end: "ended",
  },
  {
    name: "1.0 keeps when asked to, and says so",
    section: "RFC 9112 §9.3",
    send: old(KEEP, "/1") + old(KEEP, "/2"),
    expect: ["/1", "/2"].map((t) => answer(t, { version: 0, connection: "keep-alive" })).join(""),
  },
  {
    name: "1.0 with an unknown length closes although asked to keep",
    section: "RFC 9112 §6.3",
    handler: async (w) => {
      await w.flush();
      await w.write("abc");
    },
    send: old(KEEP),
    expect: answer("abc", { version: 0, length: "none", type: "none" }),
    end: "ended",
  },
  {
    name: "the handler closes with Connection: close",
    handler: (w) => {
      w.header.set("Connection", "close");
      void w.write("x");
    },
    send: get() + get(),
    expect: answer("x", { set: "Connection: close\r\n" }),
    end: "ended",
  },
  {
    name: "the handler closes with close in a list (Go: only the exact word)",
    handler: (w) => {
      w.header.set("Connection", "foo, close");
      void w.write("x");
    },
    send: get(),
    expect: answer("x", { set: "Connection: foo, close\r\n" }),
    end: "ended",
  },
  {
    name: "maxRequestsPerConn: the last answer says close",
    options: { maxRequestsPerConn: 2 },
    send: get("/1") + get("/2") + get("/3"),
    expect: answer("/1") + answer("/2", { connection: "close" }),
    end: "ended",
  },
  {
    name: "HTTP/1.2 is answered as 1.1",
    section: "RFC 9110 §2.5",
    send: "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    expect: answer("/"),
  },
  {
    name: "two empty lines before a request are passed over",
    section: "RFC 9112 §2.2",
    send: `\r\n\r\n${get("/1")}\r\n${get("/2")}`,
    expect: answer("/1") + answer("/2"),
  },
  {
    name: "a third is refused",
    section: "DESIGN §3",
    send: `\r\n\r\n\r\n${get()}`,
    expect: refusal("400 Bad Request"),
    end: "ended",
  },
];
exchanges(test, keepAlive);

it("switching keep-alive off closes idle connections and makes answers say close", async () => {
  const later = gate();
  await using server = TestServer.inMemory(async (w, r) => {
    if (r.target === "/slow") await later.promise;
    await w.write("x");
  });
  const idle = await server.connect();
  idle.send(get());
  const busy = await server.connect();
  busy.send(get("/slow"));
  await quiet(idle);
  server.server.setKeepAlivesEnabled(false);
  assert.is(await idle.ended(), "ended");
  later.open();
  assert.is(await busy.ended(), "ended");
  assert.is(busy.text, answer("x", { connection: "close" }));
});

// --- unread bodies -------------------------------------------------------------------------------

const draining: readonly Exchange[] = [
  {
    name: "a body that nobody reads is passed over, and the connection kept",
    section: "RFC 9112 §9.3",
    send: post("GET /evil HTTP/1.1\r\nHost: a\r\n\r\n") + get("/2"),
    expect: answer("/") + answer("/2"),
  },
  {
    name: "a chunked body that nobody reads too, with its trailers",
    send: `POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk("abc")}0\r\nA: b\r\n\r\n${get("/2")}`,
    expect: answer("/1") + answer("/2"),
  },
  {
    name: "a body that was read in part is passed over from there",
    handler: async (w, r) => {
      const into = new Uint8Array(2);
      await r.body.read(into);
      await w.write(String.fromCharCode(...into));
    },
    send: post("abcdef") + post("ghijkl"),
    expect: answer("ab") + answer("gh"),
  },
  {
    name: "a body whose loop was left early is passed over too",
    handler: async (w, r) => {
      const pieces = r.body[Symbol.asyncIterator]();
      const first = await pieces.next();
      await pieces.return?.();
      await w.write(`${(first.value as Uint8Array)[0]}`);
    },
    send: post("a".repeat(5000)) + post("b".repeat(5000)),
    expect: answer("97") + answer("98"),
  },
  {
    name: "a broken chunk in a body that nobody reads ends the connection after the answer",
    send: `POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n${get("/2")}`,
    expect: answer("/1"),
    end: "ended",
  },
];
exchanges(test, draining);

it("262,143 unread bytes are drained, 262,144 close the connection (Go: maxPostHandlerReadBytes)", async () => {
  for (const [length, end] of [
    [262_143, "open"],
    [262_144, "ended"],
  ] as const) {
    await using server = TestServer.inMemory(echoTarget);
    const client = await server.connect();
    client.send(post(big(length)));
    await quiet(client);
    const connection = end === "open" ? {} : { connection: "close" as const };
    assert.is(client.text, answer("/", connection), `${length}`);
    assert.is(client.end, end, `${length}`);
  }
});

it("a chunked body without end is drained to the limit only", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (let i = 0; i < 20; i++) client.send(chunk(big(16_384)));
  await quiet(client);
  assert.is(client.text, answer("/"));
  assert.is(client.end, "ended");
});

// --- linger --------------------------------------------------------------------------------------

it("after closing its side the server reads on, so that the answer is not lost (RFC 9112 §9.6)", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n${big(1000)}`);
  assert.is(await client.ended(), "ended");
  for (let i = 0; i < 10; i++) client.send(big(50_000));
  await settle();
  assert.is(client.error, undefined, "no reset while it lingers");
  assert.equal(server.states, ["new", "active"]);
  client.finish();
  await settle();
  assert.equal(server.states, ["new", "active", "closed"]);
  assert.is(server.clock.watched, 0);
});

it("more than 1 MiB is not read while lingering", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n");
  await client.ended();
  for (let i = 0; i < 20; i++) client.send(big(60_000));
  await settle(10);
  assert.equal(server.states, ["new", "active", "closed"]);
});

// --- OPTIONS * -----------------------------------------------------------------------------------

const generalOptions: readonly Exchange[] = [
  {
    name: "OPTIONS * is answered by the server",
    section: "RFC 9110 §9.3.7",
    send: `OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n${get()}`,
    expect: answer("", { set: "Content-Length: 0\r\n", length: "none" }) + answer("/"),
  },
  {
    name: "OPTIONS * with a small body keeps the connection",
    send: `OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc${get()}`,
    expect: answer("", { set: "Content-Length: 0\r\n", length: "none" }) + answer("/"),
  },
  {
    name: "OPTIONS * goes to the handler when the server is told not to answer",
    options: { disableGeneralOptionsHandler: true },
    send: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    expect: answer("*"),
  },
  {
    name: "OPTIONS of a path goes to the handler",
    send: "OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n",
    expect: answer("/x"),
  },
];
exchanges(test, generalOptions);

// --- states --------------------------------------------------------------------------------------

it("connection states are told in order (Go: ConnState)", async () => {
  const rows: readonly [string, string, readonly string[]][] = [
    ["nothing but an end", "", ["new", "closed"]],
    ["one request", get(), ["new", "active", "idle", "closed"]],
    ["two requests", get() + get(), ["new", "active", "idle", "active", "idle", "closed"]],
    ["a request with close", get("/", CLOSE), ["new", "active", "closed"]],
    ["a refused request", "NO GOOD\r\n\r\n", ["new", "active", "closed"]],
    ["a head without end", "GET / H", ["new", "active", "closed"]],
  ];
  for (const [name, send, states] of rows) {
    await using server = TestServer.inMemory(echoTarget);
    const client = await server.connect();
    client.send(send);
    await quiet(client);
    client.finish();
    await settle(4);
    assert.equal(server.states, states, name);
    assert.is(server.server.stats().conns.total, 0, name);
  }
});

it("a client that reads nothing gets no further answer, though others have their turns between", async () => {
  let asked = 0;
  await using server = TestServer.inMemory(
    (w, r) => {
      if (r.path === "/big") asked++;
      void w.write(r.path === "/big" ? big(100_000) : "small");
    },
    { maxQueuedBytes: 50_000 },
  );
  const greedy = await server.connect({ highWaterBytes: 1_000 });
  greedy.pause();
  const other = await server.connect();
  for (let i = 0; i < 5; i++) {
    greedy.send(get("/big"));
    await settle();
    other.send(get("/small"));
    await settle();
  }
  assert.is(asked, 1);
  greedy.resume();
  await settle();
  assert.is(asked, 5);
});

it("abort() drops no whole answer that was made before it in the same turn", async () => {
  const clock = new TestClock();
  const server = new Server(
    { handler: (w, r) => (r.path === "/cut" ? w.abort() : void w.write(r.path)) },
    { clock },
  );
  // What the kernel was given, and then the cut: a pipe would drop what is still on its way.
  const seen: string[] = [];
  let sink: ConnSink | undefined;
  const conn: Conn = {
    start: (to) => void (sink = to),
    handOver() {},
    resume() {},
    pause() {},
    write: (data) => (seen.push(typeof data === "string" ? data : latin1(data)), "taken"),
    drained: () => Promise.resolve(),
    queuedBytes: 0,
    closeWrite() {},
    close() {},
    abort() {
      seen.push("abort");
      sink?.onError(new IoError("aborted"));
    },
  };
  server.serveConn(conn);
  sink?.onBytes(encodeLatin1(get("/whole") + get("/cut")), "given");
  await settle();
  assert.equal(seen, [answer("/whole"), "abort"]);
  await server.close();
});

test.run();

/**
 * Hijack: the connection changes its owner, with every octet that was not read.
 *
 * Rule of this file: what belongs to whom before, at and after the change.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Conn } from "../../lib/bufio/mod.ts";
import type { ResponseWriter } from "../../lib/server/mod.ts";
import { type TestClock, TestServer, WireClient, latin1, settle } from "../../lib/testing/mod.ts";
import { rejects, throwsCode, withDeadline } from "../kit.ts";
import { DATE, DEADLINE_MS, answer, gate, get, quiet } from "./tools.ts";

const test = suite("hijack");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));

interface Taken {
  readonly conn: Conn;
  readonly head: Uint8Array;
  readonly w: ResponseWriter;
}

/** A server whose handler hijacks at once, and what it got. */
function taking(prepare: (w: ResponseWriter) => Promise<void> | void = () => undefined): {
  server: TestServer<unknown, TestClock>;
  taken: Promise<Taken>;
} {
  const { promise, open } = gate<Taken>();
  const server = TestServer.inMemory(async (w) => {
    await prepare(w);
    open({ ...w.hijack(), w });
  });
  return { server, taken: promise };
}

it("the unread octets are the head, what comes later comes from the conn", async () => {
  for (const tenure of ["given", "borrowed"] as const) {
    const { server, taken } = taking();
    const client = await server.connect({ tenure });
    client.send(`${get()}early`);
    const { conn, head } = await taken;
    assert.is(latin1(head), "early");
    const peer = new WireClient(conn);
    client.send(" late");
    assert.is(latin1(await peer.read(5)), " late");
    peer.send("answer");
    assert.is(latin1(await client.read(6)), "answer");
    assert.is(client.text, "answer", "the server has written nothing");
    client.finish();
    assert.is(await peer.ended(), "ended");
    peer.close();
    await server.close();
  }
});

it("the answers to requests before it in the same packet go out before what the new owner writes", async () => {
  const server = TestServer.inMemory((w, r) => {
    if (r.path === "/hijack") {
      const { conn } = w.hijack();
      conn.write("taken over");
      conn.close();
    } else {
      void w.write(r.path);
    }
  });
  const client = await server.connect();
  client.send(`${get("/one")}${get("/two")}${get("/hijack")}`);
  await client.ended();
  assert.is(client.text, `${answer("/one")}${answer("/two")}taken over`);
  await server.close();
});

it("octets that come between hijack and start are not lost", async () => {
  const { server, taken } = taking();
  const client = await server.connect();
  client.send(get());
  const { conn, head } = await taken;
  assert.is(head.length, 0);
  client.send("one");
  await settle();
  client.send("two");
  client.finish();
  await settle();
  const peer = new WireClient(conn);
  assert.is(await peer.ended(), "ended");
  assert.is(peer.text, "onetwo");
  peer.close();
  await server.close();
});

it("a FIN that came before hijack is told to the new owner", async () => {
  const go = gate();
  const got = gate<Taken>();
  await using server = TestServer.inMemory(async (w) => {
    await go.promise;
    got.open({ ...w.hijack(), w });
  });
  const client = await server.connect();
  client.send(`${get()}rest`);
  client.finish();
  await settle();
  go.open();
  const { conn, head } = await got.promise;
  assert.is(latin1(head), "rest");
  assert.is(await new WireClient(conn).ended(), "ended");
});

it("the server lets go: state hijacked, no timeouts, not in its numbers", async () => {
  const { server, taken } = taking();
  const client = await server.connect();
  client.send(get());
  const { conn } = await taken;
  await settle();
  assert.equal(server.states, ["new", "active", "hijacked"]);
  assert.is(server.server.stats().conns.total, 0);
  assert.is(server.clock.watched, 0);
  server.clock.advance(10_000_000);
  await server.server.shutdown();
  const peer = new WireClient(conn);
  peer.send("alive");
  assert.is(latin1(await client.read(5)), "alive");
  peer.close();
});

it("after hijack the writer writes nothing", async () => {
  const { server, taken } = taking();
  const client = await server.connect();
  client.send(get());
  const { w, conn } = await taken;
  await rejects(w.write("x"), "hijacked");
  await rejects(w.flush(), "hijacked");
  throwsCode(() => w.writeHeader(200), "hijacked");
  throwsCode(() => w.hijack(), "hijacked");
  w.abort();
  await settle();
  assert.is(client.text, "");
  assert.is(client.end, "open");
  conn.close();
  await server.close();
});

it("a status chosen before goes out first, without framing (upgrade)", async () => {
  const { server, taken } = taking((w) => {
    w.header.set("Connection", "Upgrade");
    w.header.set("Upgrade", "x");
    w.writeHeader(101);
  });
  const client = await server.connect();
  client.send(get());
  const { conn } = await taken;
  conn.write("raw");
  await quiet(client);
  assert.is(
    client.text,
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n${DATE}\r\nraw`,
  );
  conn.close();
  await server.close();
});

it("what was answered before on the connection goes out first", async () => {
  const got = gate<Taken>();
  await using server = TestServer.inMemory((w, r) => {
    if (r.target === "/1") void w.write("one");
    else got.open({ ...w.hijack(), w });
  });
  const client = await server.connect();
  client.send(get("/1") + get("/2"));
  const { conn } = await got.promise;
  conn.write("raw");
  await quiet(client);
  assert.is(client.text, `${answer("one")}raw`);
  conn.close();
});

it("a handler that fails after hijack is logged and nothing else", async () => {
  const got = gate<Taken>();
  await using server = TestServer.inMemory((w) => {
    got.open({ ...w.hijack(), w });
    throw new Error("after");
  });
  const client = await server.connect();
  client.send(get());
  const { conn } = await got.promise;
  await settle();
  assert.is(server.errors.length, 1);
  assert.is(client.text, "");
  assert.is(client.end, "open");
  conn.close();
});

it("shutdown waits for a hijacked connection that was registered (Go issue 17721)", async () => {
  const done = gate();
  const { server, taken } = taking();
  const client = await server.connect();
  client.send(get());
  const { conn } = await taken;
  server.server.waitFor(done.promise);
  let over = false;
  const shutdown = server.server.shutdown().then(() => (over = true));
  await settle(4);
  assert.not(over);
  done.open();
  await shutdown;
  assert.ok(over);
  conn.close();
});

it("the hijacked conn tells addresses and what is queued", async () => {
  const { server, taken } = taking();
  const client = await server.connect({ highWaterBytes: 10 });
  client.pause();
  client.send(get());
  const { conn } = await taken;
  assert.is(conn.localAddr?.network, "pipe");
  assert.is(conn.remoteAddr, client.conn.localAddr);
  assert.is(conn.write("x".repeat(30)), "pending");
  assert.is(conn.queuedBytes, 20);
  assert.is(conn.takenBytes, 10);
  client.resume();
  await conn.drained();
  assert.is(conn.queuedBytes, 0);
  conn.abort();
  assert.is(await client.ended(), "reset");
  await server.close();
});

test.run();

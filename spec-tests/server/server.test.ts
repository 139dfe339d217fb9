/**
 * Server: its life, its listeners, its hooks, its numbers.
 *
 * Rule of this file: listeners and connections in memory; sockets are in spec-tests/adapters.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Addr, type Conn, type Listener, pipe } from "../../lib/bufio/mod.ts";
import { Server, type TlsHooks } from "../../lib/server/mod.ts";
import { TestClock, TestServer, WireClient, settle } from "../../lib/testing/mod.ts";
import { rejects, throwsCode, withDeadline } from "../kit.ts";
import { DEADLINE_MS, answer, echoTarget, gate, get, quiet } from "./tools.ts";

const test = suite("Server");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));

/** A Listener whose connections are pipes. */
class MemoryListener implements Listener {
  readonly addr: Addr;
  closed = 0;
  refs: string[] = [];
  callbacks: Parameters<Listener["accept"]>[0] | undefined;

  constructor(host = "memory", port = 0) {
    this.addr = { network: "tcp", host, port };
  }
  accept(callbacks: Parameters<Listener["accept"]>[0]): void {
    this.callbacks = callbacks;
  }
  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
  ref(): void {
    this.refs.push("ref");
  }
  unref(): void {
    this.refs.push("unref");
  }
  connect(): WireClient {
    const [ours, theirs] = pipe();
    this.callbacks?.onConn(theirs);
    return new WireClient(ours);
  }
}

/** Closes when the server has, as clients do. */
async function leave(client: WireClient): Promise<void> {
  assert.is(await client.ended(), "ended");
  client.close();
}

// --- shutdown and close ---------------------------------------------------------------------------

it("shutdown closes listeners and idle connections at once", async () => {
  const server = new Server({ handler: echoTarget }, { clock: new TestClock() });
  const listener = new MemoryListener();
  server.serve(listener);
  const client = listener.connect();
  client.send(get());
  await quiet(client);
  await server.shutdown();
  assert.is(listener.closed, 1);
  assert.is(await client.ended(), "ended");
  await server.closed;
});

it("shutdown waits for answers and cuts none; the answer says close", async () => {
  const later = gate();
  await using server = TestServer.inMemory(async (w) => {
    await later.promise;
    await w.write("x".repeat(100_000));
  });
  const client = await server.connect();
  client.send(get());
  await settle();
  let over = false;
  const shutdown = server.server.shutdown().then(() => (over = true));
  await settle(4);
  assert.not(over);
  later.open();
  await leave(client);
  await shutdown;
  assert.match(client.text, "Connection: close\r\n");
  assert.ok(client.text.endsWith("0\r\n\r\n"));
});

it("shutdown waits for an answer that the client takes slowly", async () => {
  await using server = TestServer.inMemory(async (w) => {
    for (let i = 0; i < 10; i++) await w.write(new Uint8Array(50_000));
  });
  const client = await server.connect();
  client.pause();
  client.send(get());
  await settle();
  let over = false;
  const shutdown = server.server.shutdown().then(() => (over = true));
  await settle(10);
  assert.not(over);
  client.resume();
  await leave(client);
  await shutdown;
  assert.ok(client.received.length > 500_000);
  assert.ok(client.text.endsWith("0\r\n\r\n"));
});

it("shutdown closes fresh connections that have sent nothing (Go issue 22682)", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  await settle();
  await server.server.shutdown();
  assert.is(await client.ended(), "ended");
});

it("a head that has begun is still served during shutdown", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  client.send("GET /x HTTP/1.1\r\n");
  await settle();
  const shutdown = server.server.shutdown();
  await settle();
  client.send("Host: a\r\n\r\n");
  await leave(client);
  await shutdown;
  assert.is(client.text, answer("/x", { connection: "close" }));
});

it("an aborted shutdown rejects with the reason and leaves the rest to close", async () => {
  const controller = new AbortController();
  await using server = TestServer.inMemory(() => new Promise<void>(() => undefined));
  const client = await server.connect();
  client.send(get());
  await settle();
  const shutdown = server.server.shutdown({ signal: controller.signal });
  await settle();
  const reason = Object.assign(new Error("enough"), { code: "enough" });
  controller.abort(reason);
  assert.is(await rejects(shutdown, "enough"), reason);
  await settle();
  assert.is(client.end, "open", "the connection is left");
  await server.server.close();
  assert.is(await client.ended(), "reset");
  await server.server.closed;
});

it("a shutdown whose signal is aborted already rejects and does not begin", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const reason = Object.assign(new Error("enough"), { code: "enough" });
  await rejects(server.server.shutdown({ signal: AbortSignal.abort(reason) }), "enough");
});

it("two shutdowns at a time both resolve", async () => {
  const later = gate();
  await using server = TestServer.inMemory(() => later.promise);
  const client = await server.connect();
  client.send(get());
  await settle();
  const both = Promise.all([server.server.shutdown(), server.server.shutdown()]);
  await settle();
  later.open();
  await leave(client);
  await both;
  await server.server.shutdown();
});

it("close ends everything at once, also answers under way", async () => {
  await using server = TestServer.inMemory(async (w) => {
    await w.flush();
    await new Promise<void>(() => undefined);
  });
  const busy = await server.connect();
  busy.send(get());
  const idle = await server.connect();
  await settle();
  await server.server.close();
  assert.is(await busy.ended(), "reset");
  await idle.ended();
  await server.server.closed;
  await settle();
  assert.is(server.server.stats().conns.total, 0);
  assert.is(server.clock.watched, 0);
});

it("close during shutdown ends it", async () => {
  await using server = TestServer.inMemory(() => new Promise<void>(() => undefined));
  const client = await server.connect();
  client.send(get());
  await settle();
  const shutdown = server.server.shutdown();
  await settle();
  await server.server.close();
  await shutdown;
  assert.is(await client.ended(), "reset");
});

it("asyncDispose shuts down", async () => {
  const later = gate();
  const clock = new TestClock();
  const [ours, theirs] = pipe();
  const client = new WireClient(ours);
  const left = leave(client);
  {
    await using server = new Server({ handler: () => later.promise }, { clock });
    server.serveConn(theirs);
    client.send(get());
    await settle();
    later.open();
  }
  await left;
  assert.match(client.text, /^HTTP\/1\.1 200 OK/);
});

it("after shutdown or close nothing is served: server-closed", async () => {
  for (const end of ["shutdown", "close"] as const) {
    const server = new Server({ handler: echoTarget }, { clock: new TestClock() });
    await server[end]();
    const listener = new MemoryListener();
    throwsCode(() => server.serve(listener), "server-closed");
    assert.is(listener.closed, 1, "the listener is not left open (Go: Serve)");
    throwsCode(() => server.serveConn(pipe()[0]), "server-closed");
    await rejects(server.listenAndServe(), "server-closed");
    await rejects(server.listenAndServeTLS(), "server-closed");
  }
});

it("a foreign Listener may fail in every way: it is told once, and the others go on", async () => {
  const log: string[] = [];
  const server = new Server(
    { handler: echoTarget, errorLog: (line) => void log.push(line) },
    { clock: new TestClock() },
  );
  const good = new MemoryListener("good");
  server.serve(good);
  const noisy = new MemoryListener("noisy");
  server.serve(noisy);
  noisy.callbacks?.onFailure(new Error("out of order"));
  noisy.callbacks?.onFailure(new Error("still out of order"));
  const rejecting = new MemoryListener("rejecting");
  rejecting.accept = () => Promise.reject(new Error("rejected")) as unknown as undefined;
  server.serve(rejecting);
  await settle();
  assert.equal(log, ["accepting has ended: out of order", "accepting has ended: rejected"]);
  const throwing = new MemoryListener("throwing");
  throwing.accept = () => {
    throw new Error("thrown");
  };
  assert.throws(() => server.serve(throwing), "thrown");
  const client = good.connect();
  client.send(get("/still"));
  await quiet(client);
  assert.is(client.text, answer("/still"));
  await server.shutdown();
  assert.is(throwing.closed, 0, "one that never accepted is not the server's to close");
});

it("a Listener that cannot be closed does not keep the server from ending", async () => {
  for (const way of ["shutdown", "close"] as const) {
    const log: string[] = [];
    const server = new Server(
      { errorLog: (line) => void log.push(line) },
      { clock: new TestClock() },
    );
    const listener = new MemoryListener();
    listener.close = () => Promise.reject(new Error("stuck"));
    server.serve(listener);
    await server[way]();
    await server.closed;
    assert.equal(log, ["closing a listener failed: stuck"], way);
    throwsCode(() => server.serve(listener), "server-closed");
    await settle();
  }
});

it("a TLS handshake takes a place: as many as there are left may go on", async () => {
  let handshakesMax = (): number => 0;
  const listener = new MemoryListener();
  const platform = {
    clock: new TestClock(),
    descriptorLimit: 100,
    listenTLS: (_addr: unknown, _tls: unknown, hooks: TlsHooks) => {
      ({ handshakesMax } = hooks);
      return Promise.resolve(listener);
    },
  };
  const server = new Server({ handler: echoTarget }, platform);
  await server.listenAndServeTLS();
  assert.is(handshakesMax(), 36 + 32, "to be served, or to be turned away");
  for (let i = 0; i < 40; i++) listener.connect();
  assert.is(handshakesMax(), 28);
  const large = new Server({}, { ...platform, descriptorLimit: Infinity });
  await large.listenAndServeTLS();
  assert.is(handshakesMax(), 1000);
  await server.close();
  await large.close();
});

it("near the descriptor limit fewer of the surplus are told so, and the rest is cut", async () => {
  const server = new Server(
    { handler: echoTarget },
    { clock: new TestClock(), descriptorLimit: 100 },
  );
  const listener = new MemoryListener();
  server.serve(listener);
  const clients = Array.from({ length: 36 + 32 + 5 }, () => listener.connect());
  await settle();
  const told = clients.filter(({ text }) => text.startsWith("HTTP/1.1 503 "));
  const cut = clients.filter(({ end, text }) => end === "reset" && text === "");
  assert.is(server.stats().conns.total, 36, "all but the reserved 64");
  assert.is(told.length, 32, "half of the reserved");
  assert.is(cut.length, 5);
  await server.close();
});

it("a connection that is accepted while shutting down is closed", async () => {
  const later = gate();
  const server = new Server({ handler: () => later.promise }, { clock: new TestClock() });
  const listener = new MemoryListener();
  server.serve(listener);
  const busy = listener.connect();
  busy.send(get());
  await settle();
  const shutdown = server.shutdown();
  const late = listener.connect();
  late.send(get());
  assert.is.not(await late.ended(), "open");
  assert.is(late.text, "");
  later.open();
  await leave(busy);
  await shutdown;
});

it("a client that never closes delays shutdown by lingerTimeout, not for ever", async () => {
  const later = gate();
  await using server = TestServer.inMemory(() => later.promise);
  const client = await server.connect();
  client.send(get());
  await settle();
  const shutdown = server.server.shutdown();
  later.open();
  assert.is(await client.ended(), "ended");
  server.clock.advance(2_000);
  await shutdown;
});

it("a handler may shut its server down: its answer goes out (and says close)", async () => {
  let shutdown: Promise<void> | undefined;
  await using server = TestServer.inMemory((w) => {
    shutdown = server.server.shutdown();
    void w.write("bye");
  });
  const client = await server.connect();
  client.send(get() + get());
  await leave(client);
  await shutdown;
  assert.is(client.text, answer("bye", { connection: "close" }));
});

it("a handler or a hook may close its server", async () => {
  for (const where of ["handler", "new", "active", "idle"] as const) {
    await using server = TestServer.inMemory(
      (w) => {
        if (where === "handler") void server.server.close();
        void w.write("x");
      },
      { connState: (_, state) => void (state === where && server.server.close()) },
    );
    const client = await server.connect();
    client.send(get() + get());
    assert.is.not(await client.ended(), "open", where);
    await server.server.closed;
    await settle();
    assert.is(server.server.stats().conns.total, 0, where);
    assert.is(server.clock.watched, 0, where);
    assert.equal(server.errors, [], where);
  }
});

it("registerOnShutdown is called once, also when another of them throws", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const calls: string[] = [];
  server.server.registerOnShutdown(() => {
    calls.push("1");
    throw new Error("x");
  });
  server.server.registerOnShutdown(() => void calls.push("2"));
  await server.server.shutdown();
  await server.server.shutdown();
  assert.equal(calls, ["1", "2"]);
  assert.is(server.log.length, 1);
});

// --- listeners ------------------------------------------------------------------------------------

it("several listeners share a server; baseContext and connContext make r.context (Go: BaseContext)", async () => {
  const seen: string[] = [];
  const server = new Server<{ readonly base: unknown; readonly n: number }>(
    {
      handler: (w, r) => void w.write(`${String(r.context.base)} ${r.context.n}`),
      baseContext: (listener) => listener.addr.host,
      connContext: (conn, base) => {
        seen.push(conn.remoteAddr?.network ?? "none");
        return { base, n: seen.length };
      },
    },
    { clock: new TestClock() },
  );
  const [one, two] = [new MemoryListener("one", 1), new MemoryListener("two", 2)];
  server.serve(one);
  server.serve(two);
  const clients = [one.connect(), two.connect()];
  for (const client of clients) client.send(get() + get());
  for (const client of clients) await quiet(client);
  assert.is(clients[0]?.text, answer("one 1") + answer("one 1"), "once per connection");
  assert.is(clients[1]?.text, answer("two 2") + answer("two 2"));
  assert.equal(seen, ["pipe", "pipe"]);
  assert.is(server.addr, one.addr);
  await server.close();
});

it("the base is the context where there is no connContext", async () => {
  const server = new Server<string>(
    { handler: (w, r) => void w.write(r.context), baseContext: () => "base" },
    { clock: new TestClock() },
  );
  const listener = new MemoryListener();
  server.serve(listener);
  const client = listener.connect();
  client.send(get());
  await quiet(client);
  assert.is(client.text, answer("base"));
  await server.close();
});

it("a hook of the connection that throws costs that connection only", async () => {
  const server = new Server(
    {
      handler: echoTarget,
      errorLog: () => undefined,
      connContext: (conn) => {
        if (conn === bad) throw new Error("x");
        return undefined;
      },
    },
    { clock: new TestClock() },
  );
  const listener = new MemoryListener();
  server.serve(listener);
  const [badClient, bad] = pipe();
  listener.callbacks?.onConn(bad);
  assert.is.not(await new WireClient(badClient).ended(), "open");
  const client = listener.connect();
  client.send(get());
  await quiet(client);
  assert.is(client.text, answer("/"));
  await server.close();
});

it("a listener that dies is told: closed rejects when it was the last", async () => {
  const lines: string[] = [];
  const server = new Server(
    { handler: echoTarget, errorLog: (line) => void lines.push(line) },
    { clock: new TestClock() },
  );
  const [one, two] = [new MemoryListener(), new MemoryListener()];
  server.serve(one);
  server.serve(two);
  one.callbacks?.onFailure(new Error("first"));
  const client = two.connect();
  client.send(get());
  await quiet(client);
  assert.is(client.text, answer("/"));
  const failure = Object.assign(new Error("second"), { code: "second" });
  two.callbacks?.onFailure(failure);
  assert.is(await rejects(server.closed, "second"), failure);
  assert.is(lines.length, 2);
  await server.close();
});

it("ref and unref reach the listeners, also later ones", async () => {
  const server = new Server({ handler: echoTarget }, { clock: new TestClock() });
  const one = new MemoryListener();
  server.serve(one);
  server.unref();
  const two = new MemoryListener();
  server.serve(two);
  server.ref();
  assert.equal(one.refs, ["unref", "ref"]);
  assert.equal(two.refs, ["unref", "ref"]);
  await server.close();
});

it("addr and url tell where it listens", async () => {
  const rows: readonly [Addr, string | undefined][] = [
    [{ network: "tcp", host: "127.0.0.1", port: 80 }, "http://127.0.0.1:80/"],
    [{ network: "tcp", host: "::1", port: 8080 }, "http://[::1]:8080/"],
    [{ network: "tcp", host: "::", port: 1 }, "http://localhost:1/"],
    [{ network: "tcp", host: "0.0.0.0", port: 1 }, "http://localhost:1/"],
    [{ network: "unix", host: "/x", port: 0 }, undefined],
  ];
  for (const [addr, url] of rows) {
    const server = new Server({ handler: echoTarget }, { clock: new TestClock() });
    assert.is(server.addr, undefined);
    assert.is(server.url, undefined);
    server.serve(Object.assign(new MemoryListener(), { addr }));
    assert.is(server.addr, addr);
    assert.is(server.url, url);
    await server.close();
  }
});

it("without a platform it says that it cannot listen", async () => {
  const server = new Server({ handler: echoTarget });
  await rejects(server.listenAndServe("127.0.0.1:0"), "no-platform");
  await rejects(server.listenAndServeTLS("127.0.0.1:0"), "no-platform");
  await server.close();
});

it("tlsNextProto takes connections over before anything is read (Go: TLSNextProto)", async () => {
  const taken: Conn[] = [];
  const server = new Server(
    { handler: echoTarget, tlsNextProto: { h2: (conn) => void taken.push(conn) } },
    { clock: new TestClock() },
  );
  const withTls = (alpnProtocol: string | undefined): [WireClient, Conn] => {
    const [ours, theirs] = pipe();
    const tls = {
      version: "TLSv1.3",
      cipher: "x",
      alpnProtocol,
      serverName: undefined,
      authorized: false,
      peerCertificate: undefined,
    };
    return [new WireClient(ours), Object.assign(theirs, { tls })];
  };
  for (const protocol of ["h2", "http/1.1", undefined, "constructor"]) {
    const [client, conn] = withTls(protocol);
    server.serveConn(conn);
    client.send(get());
    await quiet(client);
    assert.is(client.text, protocol === "h2" ? "" : answer("/"), `${protocol}`);
  }
  assert.is(taken.length, 1);
  await server.close();
});

it("stats count connections by state", async () => {
  const later = gate();
  await using server = TestServer.inMemory((_, r) =>
    r.target === "/slow" ? later.promise : undefined,
  );
  const [idle, busy] = [await server.connect(), await server.connect()];
  idle.send(get());
  busy.send(get("/slow"));
  await settle();
  assert.equal(server.server.stats(), {
    conns: { total: 2, idle: 1, active: 1 },
    accepted: 2,
    surplus: 0,
  });
  later.open();
});

it("a request shows its server, its context and its addresses", async () => {
  const seen: unknown[] = [];
  await using server = TestServer.inMemory((_, r) => {
    seen.push(r.server, r.remoteAddr?.host, r.localAddr?.host, r.tls);
  });
  await server.exchange(get());
  assert.equal(seen.slice(1), ["left", "right", undefined]);
  assert.is(seen[0], server.server);
});

it("a connState hook that throws changes nothing", async () => {
  await using server = TestServer.inMemory(echoTarget, {
    connState: () => {
      throw new Error("hook");
    },
  });
  const { text } = await server.exchange(get());
  assert.is(text, answer("/"));
});

it("without a handler it is 404 (until defaultServeMux)", async () => {
  const server = new Server({}, { clock: new TestClock() });
  const [ours, theirs] = pipe();
  server.serveConn(theirs);
  const client = new WireClient(ours);
  client.send(get());
  await quiet(client);
  assert.match(client.text, /^HTTP\/1\.1 404 Not Found\r\n[^]*\r\n\r\n404 page not found\n$/);
  await server.close();
});

test.run();

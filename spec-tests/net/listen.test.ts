// Listening and dialling: every form of address, what goes wrong, and that no descriptor is lost.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, IoError, type Listener } from "../../lib/bufio/mod.ts";
import { acceptedConn, dial, listen, SocketConn } from "../../lib/net/mod.ts";
import { Listener as Sink, turns } from "../bufio/conn-contract.ts";
import { rejects, withDeadline } from "../kit.ts";
import { nextConn } from "./fixtures.ts";

const test = suite("listen and dial");

async function inFolder(fn: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "barewire-"));
  try {
    await fn(join(folder, "socket"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One exchange over a listener that nobody has accepted on. */
async function exchange(listener: Listener, dialIt: () => Promise<Conn>): Promise<void> {
  const accepted = nextConn(listener);
  const a = await dialIt();
  const b = await accepted;
  const sink = new Sink();
  b.start(sink);
  a.write("hello");
  a.close();
  await sink.until(() => sink.ended);
  assert.is(sink.text(), "hello");
  b.close();
}

test(
  "fast path: 100 connections, half of them reset, and the count is 0 and close calls back",
  withDeadline(10_000, async () => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const conns: SocketConn[] = [];
    const sinks: Sink[] = [];
    server.on("connection", (socket) => {
      const conn = acceptedConn(socket);
      const sink = new Sink();
      conns.push(conn);
      sinks.push(sink);
      conn.start(sink);
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => {
        return new Promise<Socket>((resolve) => {
          const client = connect({ port, host: "127.0.0.1" }, () => resolve(client));
          client.write("x");
        });
      }),
    );
    const count = (): Promise<number> =>
      new Promise((resolve) => void server.getConnections((_, open) => resolve(open)));
    while (sinks.length < 100) await turns(1);
    await Promise.all(sinks.map((sink) => sink.until(() => sink.received === 1)));
    assert.is(await count(), 100);
    assert.ok(conns.every((conn) => conn.isFast));
    clients.forEach((client, i) => {
      if (i % 2 === 0) client.resetAndDestroy();
      else client.end();
    });
    await Promise.all(
      sinks.map((sink) => sink.until(() => sink.error !== undefined || sink.ended)),
    );
    for (const conn of conns) conn.close();
    await Promise.all(sinks.map((sink) => sink.until(() => sink.error !== undefined)));
    const codes = sinks.map((sink) => sink.error?.code);
    assert.is(codes.filter((code) => code === "reset").length, 50);
    assert.is(codes.filter((code) => code === "closed").length, 50);
    await new Promise((resolve) => void server.close(resolve));
    assert.is(await count(), 0);
  }),
);

test(
  "a socket whose inside is not as expected is read by 'data'",
  withDeadline(4000, async () => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const client = connect({ port, host: "127.0.0.1" });
    const socket = await accepted;
    const handle = (socket as unknown as { _handle: object })._handle;
    Object.defineProperty(handle, "useUserBuffer", { value: undefined });
    const conn = acceptedConn(socket);
    assert.is(conn.isFast, false);
    const sink = new Sink();
    conn.start(sink);
    client.end("hello");
    await sink.until(() => sink.ended);
    assert.is(sink.text(), "hello");
    conn.close();
    await new Promise((resolve) => void server.close(resolve));
  }),
);

for (const addr of ["127.0.0.1:0", ":0", "localhost:0", { port: 0, exclusive: true, backlog: 8 }]) {
  test(
    `listens on ${JSON.stringify(addr)}`,
    withDeadline(4000, async () => {
      const listener = await listen(addr);
      const { port, network } = listener.addr;
      assert.is(network, "tcp");
      assert.ok(port > 0);
      await exchange(listener, () => dial({ host: "localhost", port }));
      await listener.close();
      assert.is(listener.addr.port, port, "known after the end");
      // The port is free again, also while connections live on.
      await (await listen(`127.0.0.1:${port}`)).close();
    }),
  );
}

test(
  "without a host both IP families are served, and IPv4 peers look like IPv4",
  withDeadline(4000, async () => {
    const listener = await listen(":0");
    const accepted = nextConn(listener);
    const a = await dial({ host: "127.0.0.1", port: listener.addr.port });
    const b = await accepted;
    assert.is(b.remoteAddr?.host, "127.0.0.1");
    a.abort();
    b.abort();
    await listener.close();
  }),
);

test(
  "an inherited descriptor",
  withDeadline(8000, async () => {
    const first = createServer();
    await new Promise<void>((resolve) => void first.listen(0, "127.0.0.1", resolve));
    const address = first.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { fd } = (first as unknown as { _handle: { fd: number } })._handle;
    // In a process of its own, as systemd hands sockets over.
    const script = `
      import { listen } from ${JSON.stringify(new URL("../../lib/net/mod.ts", import.meta.url).href)};
      const listener = await listen({ fd: 3 });
      listener.accept({
        onConn(conn) {
          conn.start({ onBytes: () => "more", onEnd() {}, onError: () => process.exit(0) });
          conn.write("inherited");
          conn.close();
        },
        onFailure() {},
      });`;
    const hook = new URL("../../scripts/ts-hook.mjs", import.meta.url).href;
    const args = ["--import", hook, "--input-type=module", "-e", script];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", fd] });
    first.close();
    const conn = await dial({ host: "127.0.0.1", port });
    const sink = new Sink();
    conn.start(sink);
    await sink.until(() => sink.ended || sink.error !== undefined);
    assert.is(sink.text(), "inherited");
    conn.close();
    await new Promise((resolve) => child.once("exit", resolve));
  }),
);

test(
  "a ready Listener is returned as it is",
  withDeadline(4000, async () => {
    const ready = await listen("127.0.0.1:0");
    assert.is(await listen(ready), ready);
    await ready.close();
  }),
);

test(
  "a port in use says so, with what to do",
  withDeadline(4000, async () => {
    const first = await listen("127.0.0.1:0");
    const addr = `127.0.0.1:${first.addr.port}`;
    const error = await rejects(listen(addr), "address-in-use");
    assert.ok(error instanceof IoError);
    assert.match(error.message, addr);
    assert.match(error.message, "choose another");
    await first.close();
  }),
);

test(
  "reusePort is refused where the platform would ignore it",
  withDeadline(4000, async () => {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const known = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
    const opening = listen({ host: "127.0.0.1", port: 0, reusePort: true });
    if (known) await (await opening).close();
    else await rejects(opening, "not-supported");
  }),
);

test(
  "an address of another machine is refused",
  withDeadline(4000, async () => {
    await rejects(listen("192.0.2.1:0"), "address-unavailable");
  }),
);

test(
  "a stale socket file is removed; one in use and a plain file are not",
  withDeadline(6000, async () => {
    await inFolder(async (path) => {
      const first = await listen({ path });
      await exchange(first, () => dial({ path }));
      await rejects(listen({ path }), "address-in-use");
      assert.equal(first.addr, { network: "unix", host: path, port: 0 });
      await first.close();
      assert.is(existsSync(path), false, "removed on close");
      await leaveStaleSocket(path);
      assert.is(existsSync(path), true);
      await rejects(dial({ path }), "connection-refused");
      const second = await listen({ path });
      await exchange(second, () => dial({ path }));
      await second.close();
      await writeFile(path, "precious");
      await rejects(listen({ path }), "address-in-use");
      assert.is(existsSync(path), true);
    });
  }),
);

/** A socket file whose server died without a word. */
async function leaveStaleSocket(path: string): Promise<void> {
  const script = `require("net").createServer().listen(${JSON.stringify(path)},
    () => process.kill(process.pid, "SIGKILL"))`;
  await new Promise((resolve) => spawn(process.execPath, ["-e", script]).once("exit", resolve));
}

test(
  "connections that come before accept are kept for it",
  withDeadline(4000, async () => {
    const listener = await listen("127.0.0.1:0");
    const a = await dial({ host: "127.0.0.1", port: listener.addr.port });
    a.write("early");
    await turns();
    const b = await nextConn(listener);
    const sink = new Sink();
    b.start(sink);
    await sink.until(() => sink.received === 5);
    a.abort();
    b.abort();
    await listener.close();
  }),
);

test(
  "a closed listener tells whoever accepts, and closing twice is harmless",
  withDeadline(4000, async () => {
    const listener = await listen("127.0.0.1:0");
    await Promise.all([listener.close(), listener.close()]);
    const failure = await new Promise<Error>((resolve) => {
      listener.accept({ onConn() {}, onFailure: resolve });
    });
    assert.is((failure as IoError).code, "listener-closed");
  }),
);

test(
  "dialling fails with a code: refused, unknown, malformed, missing path",
  withDeadline(8000, async () => {
    const listener = await listen("127.0.0.1:0");
    const { port } = listener.addr;
    await listener.close();
    const refused = await rejects(dial({ host: "127.0.0.1", port }), "connection-refused");
    assert.match(refused.message, `127.0.0.1 port ${port}`);
    await rejects(dial({ host: "127.0.0.1", port: 70_000 }), "bad-address");
    await rejects(dial({ path: "/nonexistent/barewire" }), "host-not-found");
  }),
);

test(
  "an aborted dial rejects with the signal's reason",
  withDeadline(4000, async () => {
    const reason = new Error("changed my mind");
    const dialled = [
      dial({ host: "127.0.0.1", port: 9, signal: AbortSignal.abort(reason) }),
      (() => {
        const controller = new AbortController();
        const dialling = dial({ host: "127.0.0.1", port: 9, signal: controller.signal });
        controller.abort(reason);
        return dialling;
      })(),
    ];
    for (const result of await Promise.allSettled(dialled)) {
      assert.is(result.status, "rejected");
      if (result.status === "rejected") assert.is(result.reason, reason);
    }
  }),
);

test(
  "a dial that takes too long ends",
  withDeadline(4000, async () => {
    const listener = await listen("127.0.0.1:0");
    const where = { host: "127.0.0.1", port: listener.addr.port };
    const dialled = dial(where, { connectTimeoutMs: 1 });
    // Timers come before sockets in the next turn, and by then this one is due.
    const until = performance.now() + 5;
    while (performance.now() < until);
    await rejects(dialled, "connect-timed-out");
    await listener.close();
  }),
);

test(
  "no descriptor is left after 200 connections ended in every way",
  withDeadline(10_000, async () => {
    const descriptors = (): number => readdirSync("/proc/self/fd").length;
    if (!existsSync("/proc/self/fd")) return;
    const listener = await listen("127.0.0.1:0");
    const accepted: Sink[] = [];
    listener.accept({
      onConn(conn) {
        const sink = new Sink();
        accepted.push(sink);
        const i = accepted.length;
        sink.onEnd = () => (i % 2 === 0 ? conn.close() : conn.abort());
        conn.start(sink);
      },
      onFailure() {},
    });
    const before = descriptors();
    for (let i = 0; i < 200; i++) {
      const conn = await dial({ host: "127.0.0.1", port: listener.addr.port });
      const sink = new Sink();
      conn.start(sink);
      conn.write("x");
      if (i % 4 === 0) conn.abort();
      else if (i % 4 === 1) conn.close();
      else conn.closeWrite();
      await sink.until(() => sink.error !== undefined || sink.ended);
      if (sink.error === undefined) conn.close();
      await sink.until(() => sink.error !== undefined);
    }
    while (accepted.length < 200) await turns(1);
    await Promise.all(accepted.map((sink) => sink.until(() => sink.error !== undefined)));
    await turns();
    assert.ok(descriptors() <= before + 2, `${descriptors()} descriptors, ${before} before`);
    await listener.close();
  }),
);

test.run();

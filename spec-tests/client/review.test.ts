/**
 * What a review of the client found: hooks and bodies that act while they are called, servers that speak too
 * early, and platforms that keep no promise.
 *
 * Rule of this file: each test failed before its cause was mended. Over pipes, on a clock that stands still.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, type TlsInfo, pipe } from "../../lib/bufio/mod.ts";
import type { RoundTripper } from "../../lib/client/contracts.ts";
import { Body, type Request, Response } from "../../lib/message/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import {
  type Ask,
  OK,
  Rig,
  counted,
  fails as failsAtLast,
  reasonOf as reasonAtLast,
} from "./rig.ts";

const test = suite("client/review");

const GONE = new Error("not wanted any more");

/** A call that is never settled must not end the whole run. */
function soon<T>(promise: Promise<T>): Promise<T> {
  const never = settle(50).then(() => Promise.reject(new Error("it was never settled")));
  return Promise.race([promise, never]);
}

const reasonOf = (promise: Promise<unknown>): Promise<unknown> => reasonAtLast(soon(promise));
const fails = (promise: Promise<unknown>, code: string): Promise<unknown> =>
  failsAtLast(soon(promise), code);

/** A request with a body whose length nobody knows. */
function posting(rig: Rig, body: Body, ask: Ask = {}): Request {
  const request = rig.request({ method: "POST", ...ask });
  return request.with({ body, contentLength: undefined });
}

/** A body that says nothing until it is cancelled. */
function silentBody(onCancel: () => void): Body {
  return new Body({
    pull: () => "need-more",
    wait: () => new Promise(() => undefined),
    cancel: onCancel,
  });
}

test("a hook that aborts as the connection is wanted is heard", async () => {
  const rig = new Rig();
  const stop = new AbortController();
  const trace = { getConn: () => stop.abort(GONE) };
  const response = rig.ask({ signal: stop.signal, options: { trace } });
  assert.is(await reasonOf(response), GONE);
  assert.is(rig.dialled.length, 0);
  await rig.assertClean();
});

test("a hook that closes the transport as the connection is wanted leaves no dial", async () => {
  const rig = new Rig();
  const trace = { getConn: () => rig.transport.close() };
  await fails(rig.ask({ options: { trace } }), "transport-closed");
  assert.is(rig.dialled.length, 0);
  await rig.assertClean();
});

test("a hook that aborts as the request is repeated ends it", async () => {
  const rig = new Rig();
  const { server } = await rig.exchange();
  const stop = new AbortController();
  const trace = { onRetry: () => stop.abort(GONE) };
  const asked = await rig.asked({ signal: stop.signal, options: { trace } });
  server.close();
  assert.is(await reasonOf(asked.response), GONE);
  await settle();
  assert.is(rig.dialled.length, 1, "dials");
  assert.is(rig.stats, "0/0/0/0");
  await rig.assertClean();
});

test("a hook that closes the transport as the request is repeated leaves no dial", async () => {
  const rig = new Rig();
  const { server } = await rig.exchange();
  const trace = { onRetry: () => rig.transport.close() };
  const asked = await rig.asked({ options: { trace } });
  server.close();
  await fails(asked.response, "transport-closed");
  await settle();
  assert.is(rig.dialled.length, 1, "dials");
  await rig.assertClean();
});

for (const end of ["abort", "close"] as const) {
  test(`a hook that ends the call as it gets its connection ends it (${end})`, async () => {
    const rig = new Rig();
    await rig.exchange();
    const stop = new AbortController();
    const seen: string[] = [];
    const trace = {
      gotConn: () => (end === "abort" ? stop.abort(GONE) : rig.transport.close()),
      wroteHeaders: () => void seen.push("wroteHeaders"),
      wait100Continue: () => void seen.push("wait100Continue"),
      wroteRequest: () => void seen.push("wroteRequest"),
    };
    const header = { Expect: "100-continue" };
    const ask = { method: "POST", body: "x", header, signal: stop.signal, options: { trace } };
    const reason = await reasonOf(rig.ask(ask));
    if (end === "abort") assert.is(reason, GONE);
    assert.equal(seen, []);
    await rig.assertClean();
  });
}

test("a hook that aborts as the body begins to wait for 100 leaves no alarm", async () => {
  for (const hook of ["wroteHeaders", "wait100Continue"] as const) {
    const rig = new Rig();
    const stop = new AbortController();
    const header = { Expect: "100-continue" };
    const trace = { [hook]: () => stop.abort(GONE) };
    const ask = { method: "POST", body: "x", header, signal: stop.signal, options: { trace } };
    assert.is(await reasonOf(rig.ask(ask)), GONE);
    await rig.assertClean();
  }
});

test("a request made while a failed one's body is given up gets its connection", async () => {
  const rig = new Rig();
  rig.beforeDial = (count) => {
    if (count === 1) throw new Error("refused");
  };
  let second: Promise<Response> | undefined;
  const body = silentBody(() => {
    second = rig.ask();
  });
  await fails(rig.transport.roundTrip(posting(rig, body)), "dial-failed");
  await settle();
  rig.servers[0]?.send(OK);
  await settle();
  assert.ok(second);
  assert.is((await soon(second)).status, 200);
  await rig.assertClean();
});

test("a request made while one that waited too long is given up can wait too long itself", async () => {
  const rig = new Rig({ maxConnsPerHost: 1, poolTimeout: 1_000, responseHeaderTimeout: Infinity });
  const b = "http://b.test/";
  const busy = [await rig.asked(), await rig.asked({ url: b })];
  let again: Promise<Response> | undefined;
  const body = silentBody(() => {
    again = rig.ask();
    again.catch(() => undefined);
  });
  const late = rig.transport.roundTrip(posting(rig, body, { url: b }));
  late.catch(() => undefined);
  rig.clock.advance(1_001);
  await fails(late, "pool-timed-out");
  rig.clock.advance(1_001);
  assert.ok(again);
  await fails(again, "pool-timed-out");
  for (const { response, server } of busy) {
    server.send(OK);
    await (await response).body.text();
  }
  await rig.assertClean();
});

test("a server that speaks first is not dialled again and again", async () => {
  const rig = new Rig();
  rig.beforeDial = (count) => {
    if (count > 20) throw new Error("too many dials");
  };
  rig.onServer = (server) => server.send("220 mail.test ESMTP\r\n");
  await fails(rig.ask(), "connection-lost");
  assert.is(rig.dialled.length, 1);
  await rig.assertClean();
});

test("a dial hook that gives nothing, and too late, harms nobody", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  try {
    let give: ((conn: Conn) => void) | undefined;
    const rig = new Rig({
      connectTimeout: 100,
      dial: () => new Promise<Conn>((resolve) => (give = resolve)),
    });
    const response = rig.ask();
    response.catch(() => undefined);
    await settle();
    rig.clock.advance(101);
    await fails(response, "connect-timed-out");
    give?.(undefined as unknown as Conn);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(unhandled, []);
  } finally {
    process.off("unhandledRejection", note);
  }
});

/** The Conn, some of its members replaced. */
function withMembers(conn: Conn, members: Partial<Conn>): Conn {
  return new Proxy(conn, {
    get: (_, name) => {
      if (name in members) return Reflect.get(members, name) as unknown;
      const value: unknown = Reflect.get(conn, name, conn);
      return typeof value === "function" ? (value.bind(conn) as unknown) : value;
    },
  });
}

/** A rig whose connections all speak another protocol, and how often one of them was aborted. */
function otherProtocol(make: () => RoundTripper): { rig: Rig; aborted: () => number } {
  let count = 0;
  const rig = new Rig({
    tlsNextProto: { other: make },
    dialTLS: () => {
      const [near] = pipe();
      const tls = { alpnProtocol: "other" } as TlsInfo;
      return Promise.resolve(withMembers(near, { tls, abort: () => void count++ }));
    },
  });
  return { rig, aborted: () => count };
}

const URL_S = "https://a.test/";

test("a connection whose other protocol cannot be begun is closed", async () => {
  const { rig, aborted } = otherProtocol(() => {
    throw new Error("no");
  });
  await fails(rig.ask({ url: URL_S }), "hook-threw");
  assert.is(aborted(), 1);
  await rig.assertClean();
});

test("a call of another protocol leaves no listener", async () => {
  const { signal, source } = counted();
  const { rig } = otherProtocol(() => ({
    roundTrip: () => Promise.resolve(new Response({ status: 200 })),
  }));
  assert.is((await rig.ask({ url: URL_S, signal })).status, 200);
  assert.is(source.listeners, 0);
});

test("a transport of another protocol that throws at once rejects the call", async () => {
  const { rig } = otherProtocol(() => ({
    roundTrip: () => {
      throw GONE;
    },
  }));
  const response = rig.ask({ url: URL_S });
  assert.is(await reasonOf(response), GONE);
  assert.is(rig.stats, "0/0/0/0");
});

test("the log shows no password of a proxy", async () => {
  const far: Conn[] = [];
  const logged: string[] = [];
  const rig = new Rig({
    proxy: () => "http://user:secret@proxy.test:3128",
    errorLog: (message) => logged.push(message),
    // The address of a Conn is optional.
    dial: () => {
      const [near, peer] = pipe();
      far.push(peer);
      return Promise.resolve(withMembers(near, { remoteAddr: undefined }));
    },
  });
  const response = rig.ask();
  await settle();
  const [peer] = far;
  assert.ok(peer);
  peer.write(OK);
  await (await response).body.text();
  peer.write("HTTP/1.1 200 OK\r\n\r\n");
  await settle();
  assert.is(logged.length, 1);
  assert.match(logged.join(), /proxy\.test/);
  assert.not.match(logged.join(), /secret/);
});

test("what was being sent does not go on in a connection that has changed hands", async () => {
  const rig = new Rig();
  let more: (() => void) | undefined;
  let left = 1;
  let cancelled = 0;
  const body = new Body({
    pull: () => (left-- > 0 ? new Uint8Array([0x61]) : left === -1 ? "need-more" : "end"),
    wait: () => new Promise((resolve) => (more = resolve)),
    cancel: () => cancelled++,
  });
  const header = { Connection: "Upgrade", Upgrade: "x" };
  const response = rig.transport.roundTrip(posting(rig, body, { header }));
  await settle();
  const [server] = rig.servers;
  assert.ok(server);
  server.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
  const { conn } = (await response).hijack();
  const before = server.received.length;
  more?.();
  await settle();
  assert.is(server.received.length, before, "octets of the body");
  assert.is(cancelled, 1);
  conn.write("mine");
  await settle();
  assert.ok(server.text.endsWith("mine"));
  conn.abort();
  await rig.assertClean();
});

for (const when of ["before", "after"] as const) {
  test(`a call behind a body that nobody reads asks elsewhere in time (sent ${when} its head)`, async () => {
    const limits = { maxConnsPerHost: 1, pipeliningDepth: 2, responseHeaderTimeout: 1_000 };
    const rig = new Rig({ ...limits, poolTimeout: 5_000 });
    await rig.exchange();
    await rig.exchange();
    const first = await rig.asked();
    const head = "HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\nx";
    if (when === "after") first.server.send(head);
    await settle();
    const second = rig.ask();
    second.catch(() => undefined);
    await settle();
    if (when === "before") first.server.send(head);
    const response = await first.response;
    rig.clock.advance(1_001);
    await settle();
    assert.is(rig.stats, "0/1/0/1");
    response.body.cancel();
    await settle();
    rig.servers[1]?.send(OK);
    assert.is(await (await soon(second)).body.text(), "ok");
    await rig.assertClean();
  });
}

test.run();

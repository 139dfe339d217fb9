/**
 * TLS over connections that are there already, and sessions that are resumed.
 *
 * Rule of this file: both ways are tried, over a socket of ours and over any other Conn. That a Conn inside
 * TLS keeps the contract is tested in conns.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, HandedConn, IoError, pipe, Reader } from "../../lib/bufio/mod.ts";
import {
  dial,
  dialTLS,
  SocketConn,
  type TlsClientOptions,
  type TlsListener,
  type TlsOptions,
  wrapTLS,
} from "../../lib/net/mod.ts";
import { TlsSessions } from "../../lib/net/tls-sessions.ts";
import { WireClient } from "../../lib/testing/mod.ts";
import { Listener as Sink } from "../bufio/conn-contract.ts";
import { rejects, withDeadline } from "../kit.ts";
import { keyPair, openTLS } from "./fixtures.ts";

const test = suite("wrapTLS");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(8000, fn));

const ca = keyPair("localhost").cert;
const inMemory = { serverName: "localhost", alpnProtocols: [], tls: { ca }, timeoutMs: 3000 };

/** A TLS server that sends back what it gets. */
async function echo(tls?: TlsOptions): Promise<TlsListener> {
  const listener = await openTLS({}, tls);
  listener.accept({
    onConn(conn) {
      conn.start({
        onBytes(bytes) {
          conn.write(bytes.slice());
          return "more";
        },
        onEnd: () => conn.close(),
        onError() {},
      });
    },
    onFailure() {},
  });
  return listener;
}

const WAYS: readonly { way: string; over: (conn: Conn) => Conn }[] = [
  { way: "a socket of ours", over: (conn) => conn },
  {
    way: "a connection that was somebody else's",
    over: (conn) => {
      conn.start(new Reader(conn));
      return new HandedConn(conn);
    },
  },
];

interface Where {
  readonly tls?: TlsClientOptions;
  readonly serverName?: string;
  readonly alpnProtocols?: readonly string[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

async function through(
  listener: TlsListener,
  over: (conn: Conn) => Conn,
  where: Where = {},
): Promise<Conn> {
  const conn = await dial({ host: "127.0.0.1", port: listener.addr.port });
  return wrapTLS(over(conn), {
    serverName: "localhost",
    alpnProtocols: ["http/1.1"],
    tls: { ca },
    timeoutMs: 4000,
    ...where,
  });
}

for (const { way, over } of WAYS) {
  it(`over ${way}: octets go both ways, and what TLS settled is known`, async () => {
    const listener = await echo();
    const conn = await through(listener, over);
    assert.is(conn.tls?.authorized, true);
    assert.is(conn.tls?.serverName, "localhost");
    assert.is(conn.tls?.alpnProtocol, "http/1.1");
    assert.is(conn.remoteAddr?.port, listener.addr.port);
    assert.is(conn.localAddr?.host, "127.0.0.1");
    conn.unref?.();
    conn.ref?.();
    const client = new WireClient(conn);
    client.send("hello");
    assert.is(await client.readUntil("hello"), "hello");
    client.finish();
    assert.is(await client.ended(), "ended");
    client.close();
    await listener.close();
  });

  it(`over ${way}: certificates are verified, unless one asks for less`, async () => {
    const listener = await echo();
    await rejects(through(listener, over, { tls: {} }), "tls-failed");
    await rejects(through(listener, over, { serverName: "other.example" }), "tls-failed");
    const any = await through(listener, over, { tls: { serverCertificate: "accept-any" } });
    assert.is(any.tls?.authorized, false);
    any.abort();
    await rejects(
      through(listener, over, { tls: { ca: "nonsense", cert: "x" } }),
      "bad-certificate",
    );
    await listener.close();
  });

  it(`over ${way}: an authority that is none is told before any handshake`, async () => {
    const listener = await echo();
    const garbled = ca.replace(/\n[^-]{8}/, "\n!!!!!!!!");
    for (const wrong of ["nonsense", "", garbled, new Uint8Array([0x30, 1, 2]), [ca, "nonsense"]]) {
      const error = await rejects(
        through(listener, over, { tls: { ca: wrong } }),
        "bad-certificate",
      );
      assert.match(error.message, "`ca` must be the text of PEM files");
    }
    const good = await through(listener, over, { tls: { ca: [`a name\n${ca}`] } });
    assert.is(good.tls?.authorized, true);
    good.abort();
    await listener.close();
  });

  it(`over ${way}: our own certificate is shown, and old versions can be refused`, async () => {
    const listener = await echo({
      ...keyPair("localhost"),
      ca: keyPair("other").cert,
      clientCertificates: "require",
      maxVersion: "TLSv1.2",
    });
    await rejects(through(listener, over), "tls-failed");
    const conn = await through(listener, over, { tls: { ca, ...keyPair("other") } });
    assert.is(conn.tls?.version, "TLSv1.2");
    conn.abort();
    await rejects(
      through(listener, over, { tls: { ca, ...keyPair("other"), minVersion: "TLSv1.3" } }),
      "tls-failed",
    );
    await listener.close();
  });

  it(`over ${way}: the second connection resumes the session of the first`, async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const listener = await echo({ ...keyPair("localhost"), maxVersion: version });
      const tls: TlsClientOptions = { ca };
      const resumed = async (options: TlsClientOptions): Promise<boolean | undefined> => {
        const conn = await through(listener, over, { tls: options });
        assert.is(conn.tls?.authorized, true);
        // Tickets come with the first octets.
        const client = new WireClient(conn);
        client.send("x");
        await client.read(1);
        client.reset();
        return conn.tls?.resumed;
      };
      assert.is(await resumed(tls), false);
      assert.is(await resumed(tls), true);
      assert.is(await resumed(tls), true);
      assert.is(await resumed({ ...tls }), false, "other options, other sessions");
      const forgetful: TlsClientOptions = { ca, sessions: "forget" };
      assert.is(await resumed(forgetful), false);
      assert.is(await resumed(forgetful), false);
      await listener.close();
    }
  });
}

it("a socket of ours is given to Node as it is; a used one is not", async () => {
  const listener = await echo();
  const plain = await dial({ host: "127.0.0.1", port: listener.addr.port });
  plain.start = () => assert.unreachable("its socket is taken, it is not started");
  const wrapped = await wrapTLS(plain, inMemory);
  wrapped.abort();
  const conn = await dial({ host: "127.0.0.1", port: listener.addr.port });
  assert.ok(conn instanceof SocketConn);
  const taken = conn.takeSocket();
  assert.ok(taken !== undefined);
  taken.socket.destroy();
  const used = await dial({ host: "127.0.0.1", port: listener.addr.port });
  assert.ok(used instanceof SocketConn);
  used.write("\x16");
  assert.is(used.takeSocket(), undefined);
  used.abort();
  const started = await dial({ host: "127.0.0.1", port: listener.addr.port });
  assert.ok(started instanceof SocketConn);
  started.start(new Sink());
  assert.is(started.takeSocket(), undefined);
  started.abort();
  assert.is(started.takeSocket(), undefined);
  const secured = await dialTLS({ host: "127.0.0.1", port: listener.addr.port }, { ca });
  assert.ok(secured instanceof SocketConn);
  assert.is(secured.takeSocket(), undefined, "TLS in TLS goes the general way");
  secured.abort();
  await listener.close();
});

it("TLS within TLS, as through an https proxy", async () => {
  const inner = await echo();
  const outer = await openTLS();
  // The proxy: what it gets goes on, what comes back goes back.
  outer.accept({
    onConn(near) {
      void dial({ host: "127.0.0.1", port: inner.addr.port }).then((far) => {
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          from.start({
            onBytes(bytes) {
              to.write(bytes.slice());
              return "more";
            },
            onEnd: () => to.closeWrite(),
            onError: () => to.close(),
          });
        }
      });
    },
    onFailure() {},
  });
  const tunnel = await dialTLS({ host: "127.0.0.1", port: outer.addr.port }, { ca });
  const conn = await wrapTLS(tunnel, {
    serverName: "localhost",
    alpnProtocols: ["http/1.1"],
    tls: { ca },
    timeoutMs: 4000,
  });
  const client = new WireClient(conn);
  const sent = "x".repeat(300_000);
  client.send(sent);
  await client.until(() => client.received.length === sent.length);
  client.close();
  assert.is(await client.ended(), "ended");
  await Promise.all([inner.close(), outer.close()]);
});

/** A peer in memory that says something to our ClientHello. */
function peerSays(say: (peer: WireClient) => void): Conn {
  const [conn, far] = pipe();
  const peer = new WireClient(far);
  void peer.until(() => peer.received.length > 0 || peer.end !== "open").then(() => say(peer));
  return conn;
}

for (const { name, say, code } of [
  {
    name: "plain HTTP",
    say: (peer: WireClient) => peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"),
    code: "not-tls",
  },
  {
    name: "another protocol",
    say: (peer: WireClient) => peer.send("SSH-2.0-x\r\n"),
    code: "not-tls",
  },
  { name: "an end", say: (peer: WireClient) => peer.finish(), code: "reset" },
  { name: "a reset", say: (peer: WireClient) => peer.reset(), code: "reset" },
]) {
  it(`answered with ${name} it fails with "${code}"`, async () => {
    await rejects(wrapTLS(peerSays(say), inMemory), code);
  });
}

it("what ended the Conn below is what is told", async () => {
  const [conn] = pipe();
  conn.start = (sink) => queueMicrotask(() => sink.onError(new IoError("timed-out")));
  await rejects(wrapTLS(conn, inMemory), "timed-out");
});

it("a silent peer ends by the timeout, and the connection is cut", async () => {
  const [conn, far] = pipe();
  const peer = new WireClient(far);
  await rejects(wrapTLS(conn, { ...inMemory, timeoutMs: 20 }), "tls-handshake-timed-out");
  assert.is(await peer.ended(), "reset");
});

it("an aborted signal ends it with its reason, before and within", async () => {
  const reason = new Error("enough");
  for (const when of ["before", "within"]) {
    const [conn, far] = pipe();
    const peer = new WireClient(far);
    const controller = new AbortController();
    if (when === "before") controller.abort(reason);
    const wrapped = wrapTLS(conn, { ...inMemory, signal: controller.signal });
    if (when === "within") {
      await peer.until(() => peer.received.length > 0);
      controller.abort(reason);
    }
    const [result] = await Promise.allSettled([wrapped]);
    assert.is(result?.status === "rejected" && result.reason, reason);
    assert.is(await peer.ended(), "reset");
  }
});

test("the kept sessions are few, and the one used longest ago goes first", () => {
  const sessions = new TlsSessions(2);
  const options = {};
  const key = (name: string): string => sessions.keyOf([name, 443], options);
  assert.is(key("a"), key("a"));
  assert.is.not(key("a"), sessions.keyOf(["a", 443], {}));
  assert.is.not(key("a"), sessions.keyOf(["a", 444], options));
  for (const name of ["a", "b"]) sessions.set(key(name), Buffer.from(name));
  assert.is(sessions.get(key("a"))?.toString(), "a");
  sessions.set(key("c"), Buffer.from("c"));
  assert.is(sessions.get(key("b")), undefined);
  assert.is(sessions.get(key("a"))?.toString(), "a");
  assert.is(sessions.size, 2);
  sessions.delete(key("a"));
  assert.is(sessions.size, 1);
  const many = new TlsSessions();
  for (let i = 0; i < 100; i++) many.set(String(i), Buffer.from("x"));
  assert.is(many.size, 64);
});

test.run();

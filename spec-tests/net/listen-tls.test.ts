// TLS: certificates by name and replaceable, client certificates, ALPN, plain HTTP on the TLS port, and
// handshakes that fail or never come, none of which harms the listener.
import { connect, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Conn, IoError, TlsInfo } from "../../lib/bufio/mod.ts";
import {
  dialTLS,
  listen,
  listenTLS,
  type ListenOptionsTls,
  type TlsListener,
  type TlsOptions,
} from "../../lib/net/mod.ts";
import { Listener as Sink, turns } from "../bufio/conn-contract.ts";
import { rejects, throwsCode, withDeadline } from "../kit.ts";
import { keyPair, openTLS } from "./fixtures.ts";

const test = suite("listenTLS and dialTLS");
const trusted = [keyPair("localhost").cert, keyPair("other").cert];

/** A TLS listener, what it accepted and what failed. */
interface Site {
  readonly listener: TlsListener;
  readonly port: number;
  readonly conns: Conn[];
  readonly errors: IoError[];
  until(what: () => boolean): Promise<void>;
  dispose(): Promise<void>;
}

async function open(options: ListenOptionsTls = {}, tls?: TlsOptions): Promise<Site> {
  const conns: Conn[] = [];
  const errors: IoError[] = [];
  const listener = await openTLS({ onTlsError: (error) => errors.push(error), ...options }, tls);
  listener.accept({ onConn: (conn) => conns.push(conn), onFailure() {} });
  return {
    listener,
    port: listener.addr.port,
    conns,
    errors,
    async until(what) {
      while (!what()) await turns(1);
    },
    async dispose() {
      for (const conn of conns) conn.abort();
      await listener.close();
    },
  };
}

/** Registers a test over a site. */
function over(name: string, setUp: () => Promise<Site>, fn: (site: Site) => Promise<void>): void {
  test(
    name,
    withDeadline(6000, async () => {
      const site = await setUp();
      try {
        await fn(site);
      } finally {
        await site.dispose();
      }
    }),
  );
}

/** A client of Node, after its handshake or its error. */
function client(site: Site, options: ConnectionOptions): Promise<TLSSocket | Error> {
  return new Promise((resolve) => {
    const socket = connectTls({ port: site.port, host: "127.0.0.1", ca: trusted, ...options });
    socket.once("secureConnect", () => resolve(socket));
    socket.on("error", resolve);
  });
}

async function infoFor(site: Site, options: ConnectionOptions): Promise<TlsInfo | undefined> {
  const before = site.conns.length;
  const socket = await client(site, options);
  await site.until(() => site.conns.length > before);
  if (!(socket instanceof Error)) socket.destroy();
  return site.conns.at(-1)?.tls;
}

async function certificateFor(site: Site, servername: string): Promise<string> {
  const socket = await client(site, { servername, rejectUnauthorized: false });
  if (socket instanceof Error) throw socket;
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

over("what TLS settled is on the Conn", open, async (site) => {
  const where = { host: "localhost", port: site.port };
  const dialled = await dialTLS(
    { ...where, host: "127.0.0.1" },
    { ca: trusted, serverName: "localhost" },
  );
  await site.until(() => site.conns.length === 1);
  const info = site.conns[0]?.tls;
  assert.is(info?.version, "TLSv1.3");
  assert.is(info?.alpnProtocol, "http/1.1");
  assert.is(info?.serverName, "localhost");
  assert.is(info?.authorized, false);
  assert.is(info?.peerCertificate, undefined);
  assert.ok(info?.cipher.startsWith("TLS_"));
  assert.is(dialled.tls?.authorized, true);
  assert.ok((dialled.tls?.peerCertificate?.length ?? 0) > 100);
  assert.is(site.conns[0]?.plaintextOnTls, undefined);
  assert.is(site.listener.handshakes, 0);
  dialled.abort();
});

const both = (): Promise<Site> =>
  open({}, { ...keyPair("localhost"), certificates: [keyPair("other")] });

for (const { asked, given } of [
  { asked: "localhost", given: "localhost" },
  { asked: "other.example", given: "other.example" },
  { asked: "OTHER.example", given: "other.example" },
  { asked: "a.wild.example", given: "other.example" },
  { asked: "a.b.wild.example", given: "localhost" },
  { asked: "wild.example", given: "localhost" },
  { asked: "unknown.example", given: "localhost" },
  { asked: "", given: "localhost" },
]) {
  over(`asked for "${asked}" it shows the certificate of ${given}`, both, async (site) => {
    assert.is(await certificateFor(site, asked), given);
  });
}

over("certificates are replaced while running, and bad ones change nothing", open, async (site) => {
  const old = await client(site, {});
  site.listener.setCertificates([keyPair("other")]);
  assert.is(await certificateFor(site, "localhost"), "other.example");
  assert.is(await certificateFor(site, "other.example"), "other.example");
  const wrong = { cert: keyPair("other").cert, key: keyPair("localhost").key };
  throwsCode(() => site.listener.setCertificates([wrong]), "bad-certificate");
  throwsCode(() => site.listener.setCertificates([]), "bad-certificate");
  assert.is(await certificateFor(site, "localhost"), "other.example");
  assert.ok(!(old instanceof Error) && !old.destroyed, "an old connection lives on");
  if (!(old instanceof Error)) old.destroy();
});

test("a listener without a usable certificate does not open", async () => {
  await rejects(listenTLS("127.0.0.1:0", {}), "bad-certificate");
  await rejects(listenTLS("127.0.0.1:0", { cert: "no", key: "no" }), "bad-certificate");
  const error = await rejects(
    listenTLS("127.0.0.1:0", { ...keyPair("localhost"), ca: "no" }),
    "bad-certificate",
  );
  assert.match(error.message, "`ca` must be");
});

over(
  "a requested client certificate is judged and shown, a missing one is let in",
  () =>
    open({}, { ...keyPair("localhost"), clientCertificates: "request", ca: keyPair("other").cert }),
  async (site) => {
    assert.is((await infoFor(site, {}))?.authorized, false);
    const good = await infoFor(site, keyPair("other"));
    assert.is(good?.authorized, true);
    assert.ok((good?.peerCertificate?.length ?? 0) > 100);
    const bad = await infoFor(site, keyPair("localhost"));
    assert.is(bad?.authorized, false);
    assert.ok(bad?.peerCertificate !== undefined);
  },
);

over(
  "a required client certificate must be there and be good",
  () =>
    open({}, { ...keyPair("localhost"), clientCertificates: "require", ca: keyPair("other").cert }),
  async (site) => {
    await client(site, {});
    await site.until(() => site.errors.length === 1);
    await client(site, keyPair("localhost"));
    await site.until(() => site.errors.length === 2);
    assert.is(site.conns.length, 0);
    assert.is((await infoFor(site, keyPair("other")))?.authorized, true);
  },
);

over("TLS 1.1 is refused", open, async (site) => {
  const result = await client(site, {
    minVersion: "TLSv1.1",
    maxVersion: "TLSv1.1",
    ciphers: "ALL:@SECLEVEL=0",
  });
  assert.instance(result, Error);
  await site.until(() => site.errors.length === 1);
  assert.is(site.errors[0]?.code, "tls-failed");
});

over(
  "protocols of tlsNextProto are offered before http/1.1",
  () => open({}, { ...keyPair("localhost"), nextProtocols: ["acme"] }),
  async (site) => {
    const first = await infoFor(site, { ALPNProtocols: ["http/1.1", "acme"] });
    assert.is(first?.alpnProtocol, "acme");
    assert.is((await infoFor(site, { ALPNProtocols: ["http/1.1"] }))?.alpnProtocol, "http/1.1");
    assert.is((await infoFor(site, {}))?.alpnProtocol, undefined);
  },
);

over(
  "plain HTTP on the TLS port comes as a marked plain Conn with all its bytes",
  open,
  async (site) => {
    const socket = plain(site, "GET / HTTP/1.1\r\n\r\n");
    await site.until(() => site.conns.length === 1);
    const [conn] = site.conns;
    assert.is(conn?.plaintextOnTls, true);
    assert.is(conn?.tls, undefined);
    const sink = new Sink();
    conn?.start(sink);
    await sink.until(() => sink.received >= 18);
    assert.is(sink.text(), "GET / HTTP/1.1\r\n\r\n");
    conn?.write("HTTP/1.0 400 Bad Request\r\n\r\n");
    conn?.close();
    const answer = await new Promise((resolve) => socket.once("data", resolve));
    assert.match(String(answer), "400");
    assert.is(site.errors.length, 0);
  },
);

over(
  "peers that say nothing, stop in the middle or talk nonsense end by the timeout or at once",
  () => open({ tlsHandshakeTimeoutMs: 60 }),
  async (site) => {
    const silent = plain(site, "");
    const half = plain(site, "\x16\x03\x01\x01\x00\x01");
    const nonsense = plain(site, "\x16\x03\x01\x00\x05nonsense");
    await site.until(() => site.errors.length === 3);
    const codes = site.errors.map((error) => error.code).sort();
    assert.equal(codes, ["tls-failed", "tls-handshake-timed-out", "tls-handshake-timed-out"]);
    assert.is(site.conns.length, 0);
    assert.is(site.listener.handshakes, 0);
    await site.until(() => [silent, half, nonsense].every((socket) => socket.destroyed));
    assert.ok(!((await client(site, {})) instanceof Error), "it still serves");
    await turns(3);
  },
);

over(
  "a connection outlives the handshake timeout once the handshake is done",
  () => open({ tlsHandshakeTimeoutMs: 80 }),
  async (site) => {
    const socket = await client(site, {});
    assert.ok(!(socket instanceof Error));
    await site.until(() => site.conns.length === 1);
    const silent = plain(site, "");
    await site.until(() => site.errors.length === 1);
    await site.until(() => silent.destroyed);
    assert.is(socket.destroyed, false);
    socket.destroy();
  },
);

over("peers that leave during the handshake are reported and gone", open, async (site) => {
  for (const leave of ["end", "resetAndDestroy"] as const) {
    const before = site.errors.length;
    const socket = plain(site, leave === "end" ? "" : "\x16\x03");
    await new Promise((resolve) => socket.once("connect", resolve));
    await site.until(() => site.listener.handshakes === 1);
    socket[leave]();
    await site.until(() => site.errors.length > before);
    assert.is(site.listener.handshakes, 0);
  }
});

over(
  "handshakes above the limit are closed",
  () => open({ handshakesMax: 2 }),
  async (site) => {
    const sockets = [plain(site, ""), plain(site, "")];
    await site.until(() => site.listener.handshakes === 2);
    sockets.push(plain(site, ""));
    await site.until(() => site.errors.length === 1);
    assert.is(site.errors[0]?.code, "too-many-handshakes");
    for (const socket of sockets) socket.destroy();
    await site.until(() => site.listener.handshakes === 0);
  },
);

const places = { left: 1 };

over(
  "the limit may be a function, which is asked at each connection",
  () => open({ handshakesMax: () => places.left }),
  async (site) => {
    places.left = 1;
    const sockets = [plain(site, "")];
    await site.until(() => site.listener.handshakes === 1);
    sockets.push(plain(site, ""));
    await site.until(() => site.errors.length === 1);
    places.left = 2;
    sockets.push(plain(site, ""));
    await site.until(() => site.listener.handshakes === 2);
    for (const socket of sockets) socket.destroy();
    await site.until(() => site.listener.handshakes === 0);
  },
);

over("close cuts unfinished handshakes", open, async (site) => {
  const socket = plain(site, "");
  await site.until(() => site.listener.handshakes === 1);
  await site.listener.close();
  await site.until(() => socket.destroyed);
});

over("dialTLS refuses an unknown authority and a wrong name", open, async (site) => {
  const where = { host: "127.0.0.1", port: site.port };
  const unknown = await rejects(dialTLS(where), "tls-failed");
  assert.match(unknown.message, "127.0.0.1");
  await rejects(dialTLS(where, { ca: trusted, serverName: "other.example" }), "tls-failed");
  const any = await dialTLS(where, { serverCertificate: "accept-any" });
  assert.is(any.tls?.authorized, false);
  any.abort();
});

test(
  "dialTLS to a server that does not speak TLS fails, and to a silent one ends by the timeout",
  withDeadline(4000, async () => {
    const listener = await listen("127.0.0.1:0");
    const conns: Conn[] = [];
    listener.accept({
      onConn(conn) {
        conns.push(conn);
        if (conns.length === 1) conn.write("HTTP/1.1 400 Bad Request\r\n\r\n");
      },
      onFailure() {},
    });
    const where = { host: "127.0.0.1", port: listener.addr.port };
    await rejects(dialTLS(where), "not-tls");
    await rejects(dialTLS(where, { handshakeTimeoutMs: 40 }), "tls-handshake-timed-out");
    const reason = new Error("enough");
    const controller = new AbortController();
    const dialling = dialTLS({ ...where, signal: controller.signal });
    while (conns.length < 3) await turns(1);
    controller.abort(reason);
    const [result] = await Promise.allSettled([dialling]);
    assert.is(result?.status === "rejected" && result.reason, reason);
    for (const conn of conns) conn.abort();
    await listener.close();
  }),
);

/** A TCP client that knows no TLS; its errors are expected. */
function plain(site: Site, say: string): Socket {
  const socket = connect({ port: site.port, host: "127.0.0.1" });
  socket.on("error", () => {});
  socket.resume();
  if (say !== "") socket.write(say, "latin1");
  return socket;
}

test.run();

/**
 * The Server wired for Node, on real sockets: addresses, TLS, and the end.
 *
 * Rule of this file: port 0 and 127.0.0.1, each server ended by its test; what is answered is tested in memory
 * (spec-tests/server), here it is whether it arrives.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Address, Server, listenAndServe, listenAndServeTLS } from "../../lib/adapters/mod.ts";
import type { Conn } from "../../lib/bufio/mod.ts";
import { type DialTLSOptions, dial, dialTLS, listen } from "../../lib/net/mod.ts";
import type { Handler } from "../../lib/server/mod.ts";
import { WireClient, settle } from "../../lib/testing/mod.ts";
import { type Row, rejects, table, withDeadline } from "../kit.ts";
import { keyPair } from "../net/fixtures.ts";

const test = suite("the server on sockets");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(8_000, fn));

const hello: Handler = (w, r) => void w.write(`hello ${r.target}`);
const GET = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const TEXT = "Content-Type: text/plain; charset=utf-8\r\n";
const HELLO = `HTTP/1.1 200 OK\r\nDate: NOW\r\nContent-Length: 8\r\n${TEXT}Connection: close\r\n\r\nhello /x`;

/** Sends and answers all that comes until the end, the Date masked. */
async function answerTo(conn: Conn, input: string = GET): Promise<string> {
  const client = new WireClient(conn);
  client.send(input);
  await client.ended();
  client.close();
  return client.text.replace(/Date: [^\r]*/g, "Date: NOW");
}

function port(server: Server): number {
  return server.addr?.port ?? 0;
}

async function free(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// --- addresses ------------------------------------------------------------------------------------

interface Where extends Row {
  readonly addr: Address;
  readonly hosts: readonly string[];
  readonly url: RegExp;
}

const places: readonly Where[] = [
  {
    name: "host and port as text",
    addr: "127.0.0.1:0",
    hosts: ["127.0.0.1"],
    url: /^http:\/\/127\.0\.0\.1:\d+\/$/,
  },
  {
    name: "a port alone: all addresses of both families",
    section: "Go: Listen",
    addr: ":0",
    hosts: ["127.0.0.1", "::1"],
    url: /^http:\/\/localhost:\d+\/$/,
  },
  { name: "IPv6 in brackets", addr: "[::1]:0", hosts: ["::1"], url: /^http:\/\/\[::1\]:\d+\/$/ },
  {
    name: "an object",
    addr: { host: "127.0.0.1", port: 0 },
    hosts: ["127.0.0.1"],
    url: /^http:\/\/127\.0\.0\.1:\d+\/$/,
  },
];

table(test, places, (row) =>
  withDeadline(8_000, async () => {
    await using server = await listenAndServe(row.addr, hello);
    assert.match(server.url ?? "none", row.url);
    for (const host of row.hosts) {
      assert.is(await answerTo(await dial({ host, port: port(server) })), HELLO, host);
    }
  })(),
);

it("a ready Listener", async () => {
  const listener = await listen("127.0.0.1:0");
  await using server = await listenAndServe(listener, hello);
  assert.is(port(server), listener.addr.port);
  assert.is(await answerTo(await dial({ host: "127.0.0.1", port: port(server) })), HELLO);
});

it("a Unix socket, its stale file removed and its file gone at the end", async () => {
  const folder = await mkdtemp(join(tmpdir(), "barewire-"));
  const path = join(folder, "socket");
  try {
    for (let round = 0; round < 2; round++) {
      await using server = await listenAndServe({ path }, (w, r) => {
        void w.write(`${r.localAddr?.network} ${r.target}`);
      });
      assert.is(server.url, undefined);
      assert.match(await answerTo(await dial({ path })), /\r\n\r\nunix \/x$/);
    }
    assert.not(existsSync(path));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("abort() on a Unix socket ends the connection", async () => {
  const folder = await mkdtemp(join(tmpdir(), "barewire-"));
  const path = join(folder, "socket");
  try {
    await using server = await listenAndServe({ path }, (w) => w.abort());
    assert.is(await answerTo(await dial({ path })), "");
    void server;
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("several addresses on one server", async () => {
  await using server = new Server({ handler: hello });
  await server.listenAndServe("127.0.0.1:0");
  const second = await listen("127.0.0.1:0");
  server.serve(second);
  for (const at of [port(server), second.addr.port]) {
    assert.is(await answerTo(await dial({ host: "127.0.0.1", port: at })), HELLO);
  }
});

it("a port in use says so helpfully", async () => {
  await using server = await listenAndServe("127.0.0.1:0", hello);
  const taken = port(server);
  const error = await rejects(listenAndServe(`127.0.0.1:${taken}`, hello), "address-in-use");
  assert.match(error.message, `127.0.0.1:${taken}`);
  assert.match(error.message, "stop the program");
  assert.match(error.message, "port 0");
});

it("a bad address says what is wrong with it", async () => {
  for (const addr of ["127.0.0.1", ":99999", "::1:80", "host:port"]) {
    await rejects(listenAndServe(addr, hello), "bad-address");
  }
});

it("a handler object and options are taken", async () => {
  const lines: string[] = [];
  await using server = await listenAndServe(
    "127.0.0.1:0",
    {
      serveHTTP: (w) => {
        w.writeHeader(204);
        w.writeHeader(204);
      },
    },
    { errorLog: (line) => void lines.push(line) },
  );
  const text = await answerTo(await dial({ host: "127.0.0.1", port: port(server) }));
  assert.match(text, /^HTTP\/1\.1 204 No Content\r\n/);
  assert.is(lines.length, 1);
});

// --- on sockets as in memory ----------------------------------------------------------------------

it("a request in pieces, pipelined ones, and a large answer", async () => {
  const large = "x".repeat(3_000_000);
  await using server = await listenAndServe("127.0.0.1:0", (w, r) =>
    r.target === "/large" ? w.write(large) : hello(w, r),
  );
  const conn = await dial({ host: "127.0.0.1", port: port(server) });
  const client = new WireClient(conn);
  for (const piece of ["GET /1 HTT", "P/1.1\r\nHost: a\r", "\n\r", "\nGET /2 HTTP/1.1\r\n"]) {
    client.send(piece);
    await settle(3);
  }
  client.send(`Host: a\r\n\r\n${GET.replace("/x", "/large")}`);
  await client.ended();
  client.close();
  const text = client.text;
  assert.ok(text.indexOf("hello /1") < text.indexOf("hello /2"));
  assert.is(text.split("x").length - 1 - (text.match(/text\/plain/g)?.length ?? 0), 3_000_000);
});

it("an upload of 3 MB streams through", async () => {
  await using server = await listenAndServe("127.0.0.1:0", async (w, r) => {
    let length = 0;
    for await (const piece of r.body) length += piece.length;
    await w.write(`${length}`);
  });
  const head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n";
  const conn = await dial({ host: "127.0.0.1", port: port(server) });
  assert.match(await answerTo(conn, head + "x".repeat(3_000_000)), /\r\n\r\n3000000$/);
});

it("the answer to a refused upload arrives, not a reset (RFC 9112 §9.6)", async () => {
  await using server = await listenAndServe("127.0.0.1:0", hello);
  const conn = await dial({ host: "127.0.0.1", port: port(server) });
  const input = `POST / HTTP/1.1\r\nContent-Length: 900000\r\n\r\n${"x".repeat(900_000)}`;
  assert.match(await answerTo(conn, input), /^HTTP\/1\.1 400 Bad Request: missing required Host/);
});

it("a client that takes its answer later than linger gets all of it", async () => {
  let closed: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (closed = resolve));
  const body = "x".repeat(400_000);
  await using server = await listenAndServe("127.0.0.1:0", (w) => w.write(body), {
    lingerTimeout: 40,
    connState: (_, state) => {
      if (state === "closed") closed();
    },
  });
  const client = new WireClient(await dial({ host: "127.0.0.1", port: port(server) }));
  client.pause();
  client.send(GET);
  // The kernel has the answer now, the server has given up waiting.
  await over;
  client.resume();
  assert.is(await client.ended(), "ended", client.error?.message);
  assert.ok(client.text.endsWith("0\r\n\r\n"));
  client.close();
});

it("a client that goes away aborts the signal: FIN and RST", async () => {
  const reasons: string[] = [];
  await using server = await listenAndServe("127.0.0.1:0", async (_, r) => {
    const { signal } = r;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    reasons.push(signal.reason.code);
  });
  for (const how of ["finish", "reset"] as const) {
    const conn = await dial({ host: "127.0.0.1", port: port(server) });
    const client = new WireClient(conn);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (server.stats().conns.active === 0) await settle(1);
    await settle(5);
    const before = reasons.length;
    client[how]();
    while (reasons.length === before) await settle(1);
    client.close();
  }
  assert.equal(reasons, ["half-closed", "reset"]);
});

it("abort() is a reset at the client", async () => {
  await using server = await listenAndServe("127.0.0.1:0", async (w) => {
    await w.write("x");
    await w.flush();
    w.abort();
  });
  const conn = await dial({ host: "127.0.0.1", port: port(server) });
  const client = new WireClient(conn);
  client.send(GET);
  assert.is(await client.ended(), "reset");
});

it("asyncContext gives each request a fresh async resource; off, it does not", async () => {
  const storage = new AsyncLocalStorage<string>();
  for (const asyncContext of [true, false]) {
    await using server = await listenAndServe(
      "127.0.0.1:0",
      async (w, r) => {
        const before = storage.getStore() ?? "none";
        storage.enterWith(r.target);
        await w.write(before);
      },
      { asyncContext },
    );
    const conn = await dial({ host: "127.0.0.1", port: port(server) });
    const text = await answerTo(conn, GET.replace("Connection: close\r\n", "") + GET);
    assert.match(text, /\r\n\r\nnone/);
    if (asyncContext) assert.match(text, /\r\n\r\nnone$/);
  }
});

it("shutdown ends in order on sockets: idle ones at once, busy ones after their answer", async () => {
  let release: () => void = () => undefined;
  const later = new Promise<void>((resolve) => (release = resolve));
  const server = await listenAndServe("127.0.0.1:0", async (w, r) => {
    if (r.target === "/slow") await later;
    await w.write("done");
  });
  const at = { host: "127.0.0.1", port: port(server) };
  const idle = new WireClient(await dial(at));
  idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await idle.readUntil("done");
  const busy = new WireClient(await dial(at));
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server.stats().conns.active === 0) await settle(1);
  const shutdown = server.shutdown();
  assert.is(await idle.ended(), "ended");
  idle.close();
  await rejects(dial(at), "connection-refused");
  release();
  await busy.readUntil("done");
  await busy.ended();
  busy.close();
  await shutdown;
  await server.closed;
  assert.match(busy.text, "Connection: close\r\n");
});

// --- TLS ------------------------------------------------------------------------------------------

const local = keyPair("localhost");
const other = keyPair("other");
const tlsTo = (server: Server, options: DialTLSOptions = {}): Promise<Conn> =>
  dialTLS({ host: "127.0.0.1", port: port(server) }, { ca: local.cert, ...options });

it("TLS: an answer, r.tls, an https URL", async () => {
  await using server = await listenAndServeTLS("127.0.0.1:0", local, (w, r) => {
    void w.write(`${r.scheme} ${r.tls?.version} ${r.tls?.alpnProtocol} ${r.tls?.serverName}`);
  });
  assert.match(server.url ?? "none", /^https:\/\/127\.0\.0\.1:\d+\/$/);
  const text = await answerTo(await tlsTo(server, { serverName: "localhost" }));
  assert.match(text, /\r\n\r\nhttps TLSv1\.3 http\/1\.1 localhost$/);
});

it("TLS given to the method, not as an option: the URL is https too", async () => {
  await using server = new Server({ handler: hello });
  await server.listenAndServeTLS("127.0.0.1:0", local);
  assert.is(await answerTo(await tlsTo(server)), HELLO);
  assert.match(server.url ?? "none", /^https:/);
});

it("plain HTTP on a TLS port gets the raw 400 (Go: tlsRecordHeaderLooksLikeHTTP)", async () => {
  const codes: string[] = [];
  await using server = await listenAndServeTLS("127.0.0.1:0", local, hello, {
    onRefusal: (event) => void codes.push(event.code),
  });
  const text = await answerTo(await dial({ host: "127.0.0.1", port: port(server) }));
  assert.is(
    text,
    `HTTP/1.1 400 Bad Request\r\nDate: NOW\r\n${TEXT}Connection: close\r\n\r\nClient sent an HTTP request to an HTTPS server.\n`,
  );
  assert.equal(codes, ["plain-http-on-tls"]);
  assert.is(await answerTo(await tlsTo(server)), HELLO, "and TLS goes on");
});

it("several certificates by server name", async () => {
  const tls = { certificates: [local, other] };
  await using server = await listenAndServeTLS("127.0.0.1:0", tls, hello, {
    errorLog: () => undefined,
  });
  for (const [serverName, pair] of [
    ["localhost", local],
    ["other.example", other],
    ["a.wild.example", other],
  ] as const) {
    const conn = await tlsTo(server, { ca: pair.cert, serverName });
    assert.is(await answerTo(conn), HELLO, serverName);
  }
  const wrong = tlsTo(server, { ca: other.cert, serverName: "nobody.example" });
  await rejects(wrong, "tls-failed");
});

it("a client certificate is on r.tls", async () => {
  const tls = { ...local, clientCertificates: "request", ca: other.cert } as const;
  await using server = await listenAndServeTLS("127.0.0.1:0", tls, (w, r) => {
    const { authorized, peerCertificate } = r.tls ?? {};
    const subject =
      peerCertificate === undefined
        ? "nobody"
        : new X509Certificate(peerCertificate).subjectAltName;
    void w.write(`${authorized} ${subject}`);
  });
  assert.match(await answerTo(await tlsTo(server)), /\r\n\r\nfalse nobody$/);
  assert.match(await answerTo(await tlsTo(server, other)), /\r\n\r\ntrue DNS:other\.example/);
  assert.match(await answerTo(await tlsTo(server, local)), /\r\n\r\nfalse DNS:localhost/);
});

it("tlsNextProto takes over what ALPN chose, http/1.1 stays ours", async () => {
  await using server = await listenAndServeTLS("127.0.0.1:0", local, hello, {
    tlsNextProto: {
      echo: (conn) => {
        const peer = new WireClient(conn);
        void peer
          .until(() => peer.text.endsWith("\n"))
          .then(() => {
            peer.send(peer.text.toUpperCase());
            peer.close();
          });
      },
    },
  });
  const conn = await tlsTo(server, { alpnProtocols: ["echo", "http/1.1"] });
  assert.is(await answerTo(conn, "not http\n"), "NOT HTTP\n");
  assert.is(await answerTo(await tlsTo(server)), HELLO);
});

it("a handshake that fails is logged and costs nobody else anything", async () => {
  const lines: string[] = [];
  await using server = await listenAndServeTLS("127.0.0.1:0", local, hello, {
    errorLog: (line) => void lines.push(line),
  });
  const conn = await dial({ host: "127.0.0.1", port: port(server) });
  const client = new WireClient(conn);
  client.send("\x16garbage that is no handshake");
  await client.ended();
  client.close();
  assert.is(await answerTo(await tlsTo(server)), HELLO);
  assert.ok(lines.some((line) => line.startsWith("TLS handshake")));
});

it("tlsHandshakeTimeout ends a client that says nothing", async () => {
  await using server = await listenAndServeTLS("127.0.0.1:0", local, hello, {
    tlsHandshakeTimeout: 50,
    errorLog: () => undefined,
  });
  const client = new WireClient(await dial({ host: "127.0.0.1", port: port(server) }));
  assert.is.not(await client.ended(), "open");
  assert.is(client.text, "");
});

it("a key that does not belong to its certificate is refused at once", async () => {
  const mixed = { cert: local.cert, key: other.key };
  await rejects(listenAndServeTLS("127.0.0.1:0", mixed, hello), "bad-certificate");
});

// --- after the end --------------------------------------------------------------------------------

it("after shutdown the port is free again", async () => {
  const at = await free();
  for (let round = 0; round < 2; round++) {
    const server = await listenAndServe(`127.0.0.1:${at}`, hello);
    assert.is(await answerTo(await dial({ host: "127.0.0.1", port: at })), HELLO);
    await server.shutdown();
    await rejects(server.listenAndServe(`127.0.0.1:${at}`), "server-closed");
  }
});

test.run();

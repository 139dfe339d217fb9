// From a route to a connection: the order of the steps, their limits, and what is left when one fails.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, IoError, type TlsInfo } from "../../lib/bufio/mod.ts";
import type { WrapTLS } from "../../lib/client/contracts.ts";
import type { Trace } from "../../lib/client/trace.ts";
import { settle } from "../../lib/testing/mod.ts";
import { OK, Rig, fails } from "./rig.ts";

const it = suite("Dialer");

const INFO: TlsInfo = {
  version: "TLSv1.3",
  cipher: "none",
  alpnProtocol: "http/1.1",
  serverName: "a.test",
  authorized: true,
  peerCertificate: undefined,
};

/** TLS that only takes notes. */
function plainTLS(notes: unknown[]): WrapTLS {
  return async (conn, { serverName, alpnProtocols, timeoutMs }) => {
    notes.push([serverName, alpnProtocols, timeoutMs]);
    return Object.defineProperty(conn, "tls", { value: INFO });
  };
}

it("https: a dial, then TLS for the host, with the protocol and the limit of the transport", async () => {
  const notes: unknown[] = [];
  const rig = new Rig({ tlsHandshakeTimeout: 700, platform: { wrapTLS: plainTLS(notes) } });
  const seen: string[] = [];
  const trace: Trace = {
    tlsHandshakeStart: () => seen.push("start"),
    tlsHandshakeDone: (info) => seen.push("version" in info ? info.version : "failed"),
  };
  const { response, server } = await rig.asked({ url: "https://A.test:8443/", options: { trace } });
  server.send(OK);
  assert.is((await response).tls, INFO);
  assert.equal(rig.dialled, ["a.test:8443"]);
  assert.equal(notes, [["a.test", ["http/1.1"], 700]]);
  assert.equal(seen, ["start", "TLSv1.3"]);
  await rig.assertClean();
});

it("a handshake that fails keeps its code and says its phase", async () => {
  const wrapTLS: WrapTLS = async (conn) => {
    conn.abort();
    throw new IoError("tls-failed");
  };
  const rig = new Rig({ platform: { wrapTLS } });
  await fails(rig.ask({ url: "https://a.test/" }), "tls-failed", { phase: "tls" });
  await rig.assertClean();
});

it("dialTLS goes in place of both, for https alone", async () => {
  const rig = new Rig();
  const used: string[] = [];
  const transport = rig.transport.with({
    dialTLS: async ({ host, port }) => {
      used.push(`${host}:${port}`);
      throw new IoError("connection-refused");
    },
  });
  await fails(transport.roundTrip(rig.request({ url: "https://a.test/" })), "connection-refused", {
    phase: "connect",
  });
  assert.equal(used, ["a.test:443"]);
  assert.is(rig.dialled.length, 0);
  await rig.assertClean();
});

it("https through a proxy: dial, CONNECT with its fields, then TLS for the target", async () => {
  const notes: unknown[] = [];
  const asked: string[] = [];
  const rig = new Rig({
    proxy: () => "http://u:p@proxy.test:3128",
    proxyConnectHeader: { "X-Never": "1" },
    getProxyConnectHeader: (proxy, target) => {
      asked.push(`${proxy} ${target}`);
      return { "X-Tunnel": "1" };
    },
    platform: { wrapTLS: plainTLS(notes) },
  });
  const response = rig.ask({ url: "https://a.test/" });
  await settle();
  const server = rig.servers[0]!;
  assert.match(server.text, /^CONNECT a\.test:443 HTTP\/1\.1\r\nHost: a\.test:443\r\n/);
  assert.match(server.text, /X-Tunnel: 1\r\n/);
  assert.not.match(server.text, /X-Never/);
  assert.match(server.text, /Proxy-Authorization: Basic dTpw\r\n/);
  assert.equal(asked, ["http://proxy.test:3128 a.test:443"]);
  server.send("HTTP/1.1 200 OK\r\n\r\n");
  await settle();
  assert.equal(notes.length, 1);
  assert.match(server.text, /\r\n\r\nGET \/ HTTP\/1\.1\r\n/);
  assert.is(server.text.split("Proxy-Authorization").length, 2);
  server.send(OK);
  assert.is(await (await response).body.text(), "ok");
  await rig.assertClean();
});

it("a hook for CONNECT's fields that throws leaves no connection to the proxy", async () => {
  const cause = new Error("no fields");
  const rig = new Rig({
    proxy: () => "http://proxy.test:3128",
    getProxyConnectHeader: () => {
      throw cause;
    },
    platform: { wrapTLS: plainTLS([]) },
  });
  const error = await fails(rig.ask({ url: "https://a.test/" }), "dial-failed", { phase: "proxy" });
  assert.is(error.cause, cause);
  assert.is(rig.servers.length, 1);
  await rig.assertClean();
});

it("plain http through a proxy: whole URLs, and one connection for all hosts", async () => {
  const rig = new Rig({ proxy: () => "http://proxy.test:3128" });
  await rig.exchange({ url: "http://a.test/x" });
  await rig.exchange({ url: "http://b.test/y" });
  assert.equal(rig.dialled, ["proxy.test:3128"]);
  assert.match(rig.servers[0]!.text, /^GET http:\/\/a\.test\/x HTTP\/1\.1\r\nHost: a\.test\r\n/);
  assert.match(rig.servers[0]!.text, /GET http:\/\/b\.test\/y HTTP\/1\.1\r\nHost: b\.test\r\n/);
  await rig.assertClean();
});

it("a hook that throws something odd, throws at once, or gives nothing is dial-failed", async () => {
  const rig = new Rig();
  const hooks = [
    async (): Promise<Conn> => {
      // oxlint-disable-next-line no-throw-literal
      throw "odd";
    },
    (): Promise<Conn> => {
      throw new Error("at once");
    },
    async (): Promise<Conn> => undefined as unknown as Conn,
  ];
  for (const dial of hooks) {
    const transport = rig.transport.with({ dial });
    await fails(transport.roundTrip(rig.request()), "dial-failed", { phase: "connect" });
    assert.equal(transport.stats(), { idle: 0, busy: 0, dialing: 0, waiting: 0 });
  }
  await rig.assertClean();
});

it("where ALPN chooses another protocol, whoever speaks it gets connection and calls", async () => {
  const h2 = { ...INFO, alpnProtocol: "h2" };
  const offered: unknown[] = [];
  const taken: string[] = [];
  const wrapTLS: WrapTLS = async (conn, { alpnProtocols }) => {
    offered.push(alpnProtocols);
    return Object.defineProperty(conn, "tls", { value: h2 });
  };
  const rig = new Rig({
    tlsNextProto: {
      h2: (authority, conn) => {
        taken.push(authority);
        conn.close();
        return { roundTrip: async () => Promise.reject(new Error("spoken otherwise")) };
      },
    },
    platform: { wrapTLS },
  });
  for (let i = 0; i < 2; i++) {
    const error: unknown = await rig
      .ask({ url: "https://a.test/" })
      .catch((thrown: unknown) => thrown);
    assert.match(String((error as Error).message), /spoken otherwise/);
  }
  assert.equal(offered, [["h2", "http/1.1"]]);
  assert.equal(taken, ["a.test:443"]);
  await rig.assertClean();
});

it.run();

/**
 * What can be watched while a connection is made, and how long that may take.
 *
 * Rule of this file: names that the system resolves by itself, and ports of our own.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DialTrace } from "../../lib/bufio/mod.ts";
import { dial, dialTLS, listen } from "../../lib/net/mod.ts";
import { rejects, withDeadline } from "../kit.ts";
import { keyPair, openTLS } from "./fixtures.ts";

const test = suite("dial, watched");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(8000, fn));

/** A trace that writes down what it hears. */
function recorded(): { log: string[]; trace: DialTrace } {
  const log: string[] = [];
  const outcome = (error: unknown): string => (error === undefined ? "well" : "failed");
  return {
    log,
    trace: {
      dnsStart: (host) => void log.push(`dns ${host}`),
      dnsDone: (result) => void log.push("error" in result ? "dns failed" : "dns found"),
      connectStart: (network, address) => void log.push(`${network} ${address}`),
      connectDone: (network, address, error) =>
        void log.push(`${network} ${address} ${outcome(error)}`),
      tlsHandshakeStart: () => void log.push("tls"),
      tlsHandshakeDone: (result) =>
        void log.push("error" in result ? "tls failed" : `tls ${result.version}`),
    },
  };
}

it("an address is not looked up, and each attempt has its end", async () => {
  const listener = await listen("127.0.0.1:0");
  const { port } = listener.addr;
  const { log, trace } = recorded();
  (await dial({ host: "127.0.0.1", port, trace })).abort();
  const address = `127.0.0.1:${port}`;
  assert.equal(log, [`tcp ${address}`, `tcp ${address} well`]);
  await listener.close();
  log.length = 0;
  await rejects(dial({ host: "127.0.0.1", port, trace }), "connection-refused");
  assert.equal(log, [`tcp ${address}`, `tcp ${address} failed`]);
});

it("a name is looked up first", async () => {
  const listener = await listen("127.0.0.1:0");
  const { log, trace } = recorded();
  (await dial({ host: "localhost", port: listener.addr.port, trace })).abort();
  assert.equal(log.slice(0, 2), ["dns localhost", "dns found"]);
  assert.is(log.at(-1), `tcp 127.0.0.1:${listener.addr.port} well`);
  assert.is(log.filter((line) => line.startsWith("tcp")).length % 2, 0);
  await listener.close();
});

it("a name that nobody has", async () => {
  const { log, trace } = recorded();
  await rejects(dial({ host: "nobody.invalid", port: 1, trace }), "host-not-found");
  assert.equal(log, ["dns nobody.invalid", "dns failed"]);
});

it("a lookup cut by the signal has its end too", async () => {
  const { log, trace } = recorded();
  const controller = new AbortController();
  const { signal } = controller;
  const dialled = dial({ host: "nobody.invalid", port: 1, trace, signal });
  controller.abort(new Error("enough"));
  await Promise.allSettled([dialled]);
  assert.equal(log, ["dns nobody.invalid", "dns failed"]);
});

it("a Unix socket is one attempt", async () => {
  const { log, trace } = recorded();
  await rejects(dial({ path: "/nowhere/socket", trace }), "host-not-found");
  assert.equal(log, ["unix /nowhere/socket", "unix /nowhere/socket failed"]);
});

it("TLS is watched behind the connection, failed or not", async () => {
  const listener = await openTLS();
  listener.accept({ onConn: (conn) => conn.close(), onFailure() {} });
  const { log, trace } = recorded();
  const where = { host: "127.0.0.1", port: listener.addr.port, trace };
  (await dialTLS(where, { ca: keyPair("localhost").cert })).abort();
  assert.equal(log.slice(2), ["tls", "tls TLSv1.3"]);
  await rejects(dialTLS(where), "tls-failed");
  assert.equal(log.slice(-2), ["tls", "tls failed"]);
  await listener.close();
});

it("the target's own limit counts before that of the options, and Infinity is none", async () => {
  const listener = await listen("127.0.0.1:0");
  const where = { host: "127.0.0.1", port: listener.addr.port };
  const dialled = dial({ ...where, timeoutMs: 1 }, { connectTimeoutMs: 60_000 });
  // Timers come before sockets in the next turn, and by then this one is due.
  const until = performance.now() + 5;
  while (performance.now() < until);
  await rejects(dialled, "connect-timed-out");
  (await dial({ ...where, timeoutMs: Infinity })).abort();
  await listener.close();
});

test.run();

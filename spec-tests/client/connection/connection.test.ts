// One connection of a client: the ways in which an exchange ends, and what is left of the connection.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Trace } from "../../../lib/client/trace.ts";
import { settle } from "../../../lib/testing/mod.ts";
import { rejects, table, text } from "../../kit.ts";
import { OK, Rig, answer, counted, fails, reasonOf, traceInto } from "../rig.ts";

// --- reuse ----------------------------------------------------------------------------------------

const reuse = suite("Connection, after an exchange");

interface ReuseRow {
  readonly name: string;
  readonly section?: string;
  readonly method?: string;
  readonly header?: Record<string, string>;
  readonly close?: boolean;
  readonly answer: string;
  readonly body?: string;
  readonly kept: boolean;
  readonly logs?: number;
  /** Its verdict needs to see all of it in one delivery. */
  readonly comes?: "whole";
}

const REUSE: readonly ReuseRow[] = [
  { name: "a response with a length keeps it", answer: OK, body: "ok", kept: true },
  {
    name: "a chunked one too",
    answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n",
    body: "ok",
    kept: true,
  },
  { name: "an empty one too", answer: answer(""), body: "", kept: true },
  { name: "Connection: close ends it", answer: answer("ok", "Connection: close\r\n"), kept: false },
  { name: "HTTP/1.0 ends it", answer: OK.replace("1.1", "1.0"), kept: false },
  {
    name: "HTTP/1.0 with keep-alive keeps it",
    answer: answer("ok", "Connection: keep-alive\r\n").replace("1.1", "1.0"),
    kept: true,
  },
  { name: "a request that closes ends it", close: true, answer: OK, kept: false },
  {
    name: "one that says so in its header ends it, whatever the server says",
    section: "RFC 9112 §9.6",
    header: { Connection: "close" },
    answer: OK,
    kept: false,
  },
  {
    name: "HEAD with a length has no body",
    method: "HEAD",
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    body: "",
    kept: true,
  },
  {
    name: "HEAD with a body breaks it, and the log hears of it",
    method: "HEAD",
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    body: "",
    kept: false,
    logs: 1,
  },
  { name: "204 keeps it", answer: "HTTP/1.1 204 No\r\n\r\n", body: "", kept: true },
  {
    name: "204 with a body breaks it",
    answer: "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nok",
    body: "",
    kept: false,
    logs: 1,
  },
  {
    name: "304 has no body",
    answer: "HTTP/1.1 304 Not\r\nContent-Length: 9\r\n\r\n",
    body: "",
    kept: true,
  },
  { name: "octets behind the end break it", answer: `${OK}x`, body: "ok", kept: false, logs: 1 },
  {
    name: "a 408 behind the end is a goodbye, and no news",
    answer: `${OK}HTTP/1.1 408 bye\r\n`,
    body: "ok",
    kept: false,
    comes: "whole",
  },
  {
    name: "octets behind a last response are nobody's business",
    answer: `${answer("ok", "Connection: close\r\n")}x`,
    body: "ok",
    kept: false,
  },
  {
    name: "both framings end it",
    section: "RFC 9112 §6.1",
    answer:
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    body: "ok",
    kept: false,
  },
  {
    name: "a server that gives no time ends it",
    answer: answer("ok", "Keep-Alive: timeout=0\r\n"),
    kept: false,
  },
  {
    name: "101 that does not say to what is an answer without a body",
    header: { Connection: "Upgrade", Upgrade: "echo" },
    answer: "HTTP/1.1 101 Switching\r\n\r\n",
    body: "",
    kept: false,
  },
  {
    name: "a refusal of CONNECT ends it",
    method: "CONNECT",
    answer: "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nok",
    body: "ok",
    kept: false,
  },
];

for (const cut of [undefined, { chop: 1 }, { chop: 3, tenure: "borrowed" as const }]) {
  const way = cut === undefined ? "" : ` (${JSON.stringify(cut)})`;
  table(
    reuse,
    REUSE.filter(({ comes }) => comes === undefined || cut === undefined).map((row) => ({
      ...row,
      name: row.name + way,
    })),
    async (row) => {
      const rig = new Rig({ pipe: cut });
      const { method = "GET", header, close, body = "ok" } = row;
      const { response, server } = await rig.asked({
        method,
        ...(header === undefined ? {} : { header }),
        ...(close === undefined ? {} : { close }),
      });
      server.send(row.answer);
      const got = await response;
      assert.is(await got.body.text(), body);
      await settle();
      assert.is(rig.stats, row.kept ? "1/0/0/0" : "0/0/0/0");
      assert.is(rig.logged.length, row.logs ?? 0, rig.logged.join());
      if (row.kept) {
        const second = await rig.exchange();
        assert.is(second.server, server);
      }
      await rig.assertClean();
    },
  );
}

reuse("a server that ends with its body is heard at once", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\n\r\nall ");
  const { body } = await response;
  server.send("of it");
  server.finish();
  assert.is(await body.text(), "all of it");
  await rig.assertClean();
});

reuse("octets on an idle connection end it with a word to the log, a FIN without", async () => {
  const rig = new Rig();
  const { server } = await rig.exchange();
  server.send("HTTP/1.1 200 OK\r\n\r\n");
  await settle();
  assert.is(rig.stats, "0/0/0/0");
  assert.is(rig.logged.length, 1);
  const { server: second } = await rig.exchange();
  second.finish();
  await settle();
  assert.is(rig.stats, "0/0/0/0");
  assert.is(rig.logged.length, 1);
  await rig.assertClean();
});

reuse.run();

// --- the body -------------------------------------------------------------------------------------

const body = suite("Connection, the body of a response");

body("what has come is read before the failure is told", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234");
  const got = await response;
  server.finish();
  await settle();
  assert.is(text((await got.body.next())!), "1234");
  const error = await fails(got.body.next(), "truncated-body", { phase: "body", reused: false });
  assert.is(error.address, "right");
  await rig.assertClean();
});

body("a reset in the middle is told to whoever reads", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n12");
  const got = await response;
  await got.body.next();
  const next = got.body.next();
  server.reset();
  await fails(next, "reset", { phase: "body" });
  await rig.assertClean();
});

body("cancelled early, a small rest is read and the connection kept", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234");
  (await response).body.cancel();
  assert.is(rig.stats, "0/1/0/0");
  server.send("56789");
  await settle();
  assert.is(rig.stats, "1/0/0/0");
  assert.is((await rig.exchange()).server, server);
  await rig.assertClean();
});

body("a rest that does not come in time costs the connection", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234");
  (await response).body.cancel();
  rig.clock.advance(49);
  assert.is(rig.stats, "0/1/0/0");
  rig.clock.advance(1);
  await rig.assertClean();
});

body("a rest that is too long costs it at once, one of unknown length when it is", async () => {
  const rig = new Rig({ maxDrainBytes: 100 });
  const known = await rig.asked();
  known.server.send("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n");
  (await known.response).body.cancel();
  assert.is(rig.stats, "0/0/0/0");
  const unknown = await rig.asked();
  unknown.server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  (await unknown.response).body.cancel();
  unknown.server.send(`40\r\n${"x".repeat(64)}\r\n`);
  await settle();
  assert.is(rig.stats, "0/1/0/0");
  unknown.server.send(`40\r\n${"x".repeat(64)}\r\n`);
  await rig.assertClean();
});

body(
  "cancelled while somebody reads, that read ends and the next call is not disturbed",
  async () => {
    const rig = new Rig();
    const { response, server } = await rig.asked();
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    const got = await response;
    const read = got.body.next();
    read.catch(() => undefined);
    await settle();
    got.body.cancel();
    server.send("1234");
    await rejects(read, "body-used");
    await settle();
    assert.is(rig.stats, "1/0/0/0");
    const { response: second } = await rig.asked();
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n56");
    const next = (await second).body;
    assert.is(text((await next.next())!), "56");
    const rest = next.next();
    server.send("78");
    assert.is(text((await rest)!), "78");
    await rig.assertClean();
  },
);

body("what breaks with the last octet is not the next call's affair", async () => {
  const rig = new Rig({ maxResponseBytes: 6, maxConnsPerHost: 1 });
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n1234");
  const got = await response;
  const waiting = rig.ask();
  await got.body.next();
  server.send("5678");
  await fails(got.body.next(), "response-too-large", { phase: "body" });
  await settle();
  for (const other of rig.servers) if (other.end === "open") other.send(answer("b"));
  assert.is(await (await waiting).body.text(), "b");
  await rig.assertClean();
});

body("a broken chunk behind a good one: first the good one", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n");
  const got = await response;
  assert.is(text((await got.body.next())!), "ok");
  await fails(got.body.next(), "bad-chunk-size", { phase: "body" });
  await rig.assertClean();
});

body.run();

// --- trace ----------------------------------------------------------------------------------------

const traced = suite("Connection, what is told");

traced("the hooks come in the order of what happens", async () => {
  for (const body of [undefined, "abc"]) {
    const seen: string[] = [];
    const rig = new Rig();
    const options = { trace: traceInto(seen) };
    await rig.exchange({ method: body === undefined ? "GET" : "POST", body, options });
    const wanted = "getConn gotConn wroteHeaders wroteRequest gotFirstResponseByte putIdleConn";
    assert.is(seen.join(" "), wanted);
    await rig.assertClean();
  }
});

traced("gotConn tells reuse and how long it lay idle; putIdleConn why it is not kept", async () => {
  const rig = new Rig();
  const told: unknown[] = [];
  const trace: Trace = {
    gotConn: ({ reused, idleMs }) => told.push([reused, idleMs]),
    putIdleConn: (kept) => told.push(typeof kept === "string" ? kept : "closed"),
  };
  await rig.exchange({ options: { trace } });
  rig.clock.advance(70);
  await rig.exchange({ options: { trace } }, answer("ok", "Connection: close\r\n"));
  assert.equal(told, [[false, 0], "kept", [true, 70], "closed"]);
  await rig.assertClean();
});

traced.run();

// --- failures and cancellation --------------------------------------------------------------------

const lost = suite("Connection, failures");

lost("errors tell phase, address, reuse and octets", async () => {
  const rig = new Rig();
  const { server } = await rig.exchange();
  const { response } = await rig.asked({ method: "POST", body: "abc" });
  const sent = server.text.length - server.text.lastIndexOf("POST ");
  server.send("HTTP/1.1 2");
  server.finish();
  const error = await fails(response, "truncated-head", {
    phase: "head",
    method: "POST",
    url: "http://a.test/",
    reused: true,
    bytesSent: sent,
    bytesReceived: 10,
  });
  assert.is(error.address, "right");
  await rig.assertClean();
});

lost("a reset before the first octet keeps its code", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.reset();
  await fails(response, "reset", { phase: "wait", reused: false });
  await rig.assertClean();
});

const DIE = new Error("enough");

for (const first of ["the signal", "the connection"] as const) {
  lost(`when both end in one turn, ${first} first, the signal's reason wins`, async () => {
    const rig = new Rig();
    const { signal, source } = counted();
    const { response, server } = await rig.asked({ signal });
    if (first === "the signal") source.abort(DIE);
    server.reset();
    if (first === "the connection") source.abort(DIE);
    assert.is(await reasonOf(response), DIE);
    assert.is(source.listeners, 0);
    await rig.assertClean();
  });
}

lost(
  "aborted while its body is read: what waits and what comes later hear the reason",
  async () => {
    const rig = new Rig();
    const { signal, source } = counted();
    const { response, server } = await rig.asked({ signal });
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
    const got = await response;
    await got.body.next();
    const waiting = got.body.next();
    waiting.catch(() => undefined);
    await settle();
    source.abort(DIE);
    assert.is(await reasonOf(waiting), DIE);
    assert.is(await reasonOf(got.body.next()), DIE);
    assert.is(source.listeners, 0);
    await settle();
    assert.is(server.end, "reset");
    await rig.assertClean();
  },
);

lost("aborted after the end it does nothing", async () => {
  const rig = new Rig();
  const { signal, source } = counted();
  const { text: content } = await rig.exchange({ signal });
  assert.is(content, "ok");
  assert.is(source.listeners, 0);
  source.abort(DIE);
  await settle();
  assert.is(rig.stats, "1/0/0/0");
  await rig.assertClean();
});

lost("the body of a response stalls: body-timed-out, and only while somebody waits", async () => {
  const rig = new Rig({ bodyIdleTimeout: 1_000 });
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
  const { body: content } = await response;
  rig.clock.advance(5_000);
  assert.is(text((await content.next())!), "12");
  const read = content.next();
  read.catch(() => undefined);
  await settle();
  assert.is(rig.held, 1);
  rig.clock.advance(999);
  server.send("3");
  assert.is(text((await read)!), "3");
  const again = content.next();
  again.catch(() => undefined);
  await settle();
  rig.clock.advance(1_000);
  await fails(again, "body-timed-out", { phase: "body" });
  await rig.assertClean();
});

lost("maxResponseBytes counts content, chunked or not", async () => {
  for (const framed of [
    "Content-Length: 6\r\n\r\n123456",
    "Transfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n0\r\n\r\n",
  ]) {
    const rig = new Rig({ maxResponseBytes: 5 });
    const { response, server } = await rig.asked();
    server.send(`HTTP/1.1 200 OK\r\n${framed}`);
    await fails((await response).body.bytes(), "response-too-large", { phase: "body" });
    await rig.assertClean();
  }
});

lost.run();

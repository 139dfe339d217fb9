/**
 * Refusals: every raw answer, after the answers to the good requests before it, with the hook's event.
 *
 * Rule of this file: each status of DESIGN section 2.6 is here; which syntax is bad is tested in wire.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_LIMITS, ServerError } from "../../lib/server/mod.ts";
import { refusalFor } from "../../lib/server/refuse.ts";
import { TestServer, latin1, settle } from "../../lib/testing/mod.ts";
import { type Row, table, withDeadline } from "../kit.ts";
import { DATE, DEADLINE_MS, answer, chunk, echoTarget, get, quiet, refusal } from "./tools.ts";

const test = suite("refusals");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));

interface Refused extends Row {
  readonly send: string;
  readonly code: string;
  readonly status: number;
  readonly expect: string;
  readonly options?: object;
}

const head = (...lines: string[]): string => `${["GET / HTTP/1.1", ...lines].join("\r\n")}\r\n\r\n`;
const BAD = refusal("400 Bad Request");

const refused: readonly Refused[] = [
  { name: "garbage", send: "GARBAGE\r\n\r\n", code: "bad-request-line", status: 400, expect: BAD },
  {
    name: "a missing Host",
    section: "RFC 9112 §3.2",
    send: head(),
    code: "missing-host",
    status: 400,
    expect: refusal("400 Bad Request: missing required Host header"),
  },
  {
    name: "an https target over a connection without TLS",
    section: "RFC 9110 §7.4",
    send: "GET HTTPS://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    code: "https-over-plain",
    status: 421,
    expect: refusal("421 Misdirected Request"),
  },
  {
    name: "two Host lines, also equal ones",
    section: "RFC 9112 §3.2",
    send: head("Host: a", "Host: a"),
    code: "duplicate-host",
    status: 400,
    expect: BAD,
  },
  {
    name: "two Host lines in 1.0",
    send: "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
    code: "duplicate-host",
    status: 400,
    expect: BAD,
  },
  {
    name: "a malformed Host",
    section: "RFC 9112 §3.2",
    send: head("Host: a b"),
    code: "bad-host",
    status: 400,
    expect: refusal("400 Bad Request: malformed Host header"),
  },
  {
    name: "a malformed Host in 1.0",
    send: "GET / HTTP/1.0\r\nHost: a/b\r\n\r\n",
    code: "bad-host",
    status: 400,
    expect: refusal("400 Bad Request: malformed Host header"),
  },
  {
    name: "a space before the colon",
    section: "RFC 9112 §5.1",
    send: head("Host: a", "B : c"),
    code: "space-before-colon",
    status: 400,
    expect: refusal("400 Bad Request: invalid header name"),
  },
  {
    name: "a bare LF",
    section: "DESIGN §2.3",
    send: "GET / HTTP/1.1\nHost: a\n\n",
    code: "bare-lf",
    status: 400,
    expect: BAD,
  },
  {
    name: "a folded line",
    section: "RFC 9112 §5.2",
    send: head("Host: a", "B: c", " d"),
    code: "obs-fold",
    status: 400,
    expect: BAD,
  },
  {
    name: "Transfer-Encoding with Content-Length",
    section: "RFC 9112 §6.1",
    send: `${head("Host: a", "Transfer-Encoding: chunked", "Content-Length: 3")}0\r\n\r\n`,
    code: "transfer-encoding-with-content-length",
    status: 400,
    expect: BAD,
  },
  {
    name: "Transfer-Encoding in 1.0",
    section: "RFC 9112 §6.1",
    send: "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    code: "transfer-encoding-in-http-1-0",
    status: 400,
    expect: BAD,
  },
  {
    name: "an unknown transfer coding: 501",
    section: "RFC 9112 §6.1",
    send: head("Host: a", "Transfer-Encoding: gzip, chunked"),
    code: "unsupported-transfer-coding",
    status: 501,
    expect: refusal("501 Not Implemented", "Unsupported transfer encoding"),
  },
  {
    name: "another major version: 505",
    section: "RFC 9110 §15.6.6",
    send: "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    code: "unsupported-version",
    status: 505,
    expect: refusal("505 HTTP Version Not Supported: unsupported protocol version"),
  },
  {
    name: "the preface of HTTP/2: 505",
    section: "API",
    send: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    code: "unsupported-version",
    status: 505,
    expect: refusal("505 HTTP Version Not Supported: unsupported protocol version"),
  },
  {
    name: "a target of 16 KiB and one byte: 414",
    section: "RFC 9110 §15.5.15",
    send: get(`/${"a".repeat(16_384)}`),
    code: "target-too-long",
    status: 414,
    expect: refusal("414 Request URI Too Long"),
  },
  {
    name: "a head of 64 KiB and one byte: 431",
    section: "RFC 6585 §5",
    send: `${get().slice(0, -2)}X: ${"a".repeat(65_536)}\r\n\r\n`,
    code: "head-too-large",
    status: 431,
    expect: refusal("431 Request Header Fields Too Large"),
  },
  {
    name: "501 field lines: 431",
    send: get("/", "X: y\r\n".repeat(500)),
    code: "too-many-fields",
    status: 431,
    expect: refusal("431 Request Header Fields Too Large"),
  },
  {
    name: "an unknown expectation: 417",
    section: "RFC 9110 §15.5.18",
    send: head("Host: a", "Expect: wonders"),
    code: "unknown-expectation",
    status: 417,
    expect: `HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n${DATE}Content-Length: 0\r\n\r\n`,
  },
  {
    name: "100-continue with more: 417",
    section: "DESIGN §2.3",
    send: head("Host: a", "Expect: 100-continue, x", "Content-Length: 3"),
    code: "unknown-expectation",
    status: 417,
    expect: `HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n${DATE}Content-Length: 0\r\n\r\n`,
  },
];

for (const where of ["alone", "after two good requests"] as const) {
  table(
    test,
    refused.map((row) => ({ ...row, name: `${row.name}, ${where}` })),
    (row) => withDeadline(DEADLINE_MS, () => check(row, where === "alone" ? [] : ["/1", "/2"]))(),
  );
}

async function check(row: Refused, good: readonly string[]): Promise<void> {
  for (const chop of [undefined, 1]) {
    await using server = TestServer.inMemory(echoTarget, row.options);
    const client = await server.connect({ chop, tenure: "borrowed" });
    client.send(good.map((target) => get(target)).join("") + row.send + get("/never"));
    await quiet(client);
    await client.ended();
    assert.is(client.text, good.map((target) => answer(target)).join("") + row.expect);
    assert.is(client.end, "ended");
    assert.is(server.refusals.length, 1, "one event");
    const [event] = server.refusals;
    assert.is(event?.code, row.code);
    assert.is(event?.status, row.status);
    assert.is((event?.error as { code?: string } | undefined)?.code, row.code);
    assert.is(event?.remoteAddr?.network, "pipe");
    assert.ok((event?.bytes.length ?? 0) <= 1024, "evidence is bounded");
    client.close();
    await settle();
    assert.is(server.clock.watched, 0);
  }
}

it("behind a gateway an https target is served over plain octets", async () => {
  await using server = TestServer.inMemory(echoTarget, { httpsOverPlain: "accept" });
  const client = await server.connect();
  client.send("GET https://a/x HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(await client.readUntil("\r\n"), /^HTTP\/1\.1 200 OK\r\n/);
  client.close();
});

it("the event shows what had come of the refused request, a copy", async () => {
  for (const chop of [undefined, 1]) {
    await using server = TestServer.inMemory(echoTarget);
    const client = await server.connect({ chop, tenure: "borrowed" });
    client.send(`${get("/good")}BAD REQUEST\r\nX: y\r\n\r\n`);
    await quiet(client);
    const seen = latin1(server.refusals[0]?.bytes ?? new Uint8Array(0));
    assert.ok(seen.startsWith("BAD REQUEST"), `fed ${chop ?? "whole"}: ${JSON.stringify(seen)}`);
    assert.not.match(seen, "/good");
  }
});

it("for a head that is refused after it was read, the event shows its bytes too", async () => {
  await using server = TestServer.inMemory(echoTarget);
  await server.exchange("GET /x HTTP/1.1\r\nX: y\r\n\r\n");
  const seen = latin1(server.refusals[0]?.bytes ?? new Uint8Array(0));
  assert.ok(seen.startsWith("GET /x HTTP/1.1\r\n"), JSON.stringify(seen));
});

it("the surplus of maxConns gets a raw 503 with Retry-After", async () => {
  await using server = TestServer.inMemory(echoTarget, { maxConns: 1 });
  const first = await server.connect();
  first.send(get());
  await quiet(first);
  const surplus = await server.connect();
  surplus.send(get());
  assert.is(await surplus.ended(), "ended");
  assert.is(
    surplus.text,
    refusal("503 Service Unavailable", "503 Service Unavailable", "Retry-After: 1\r\n"),
  );
  assert.is(server.refusals[0]?.code, "too-many-conns");
  assert.is(server.server.stats().surplus, 1);
  assert.is(server.server.stats().conns.total, 1, "it does not count");
  surplus.close();
  first.close();
  await settle();
  const next = await server.connect();
  next.send(get());
  await quiet(next);
  assert.is(next.text, answer("/"), "there is room again");
  assert.is(DEFAULT_LIMITS.maxConns, 10_000);
});

it("the surplus does not live longer than linger", async () => {
  await using server = TestServer.inMemory(echoTarget, { maxConns: 0 });
  const surplus = await server.connect();
  await surplus.ended();
  await settle();
  assert.is(surplus.error, undefined);
  server.clock.advance(2_000);
  await settle();
  assert.is(server.clock.watched, 0);
});

it("nothing of the peer's octets is in a refusal", async () => {
  await using server = TestServer.inMemory(echoTarget);
  for (const send of [
    "<script> / HTTP/1.1\r\n\r\n",
    "GET /<script>\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nExpect: <script>\r\n\r\n",
  ]) {
    const { text } = await server.exchange(send);
    assert.not.match(text, "<script>");
    assert.match(text, /^HTTP\/1\.1 4/);
  }
});

it("a body beyond its limit is 413 when the handler lets the error through", async () => {
  await using server = TestServer.inMemory(
    async (w, r) => {
      await w.write(await r.body.text());
    },
    { maxBodyBytes: 10 },
  );
  for (const send of [
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk("hello ")}${chunk("world")}0\r\n\r\n`,
  ]) {
    const { text } = await server.exchange(send + get());
    assert.match(text, /^HTTP\/1\.1 413 Request Entity Too Large\r\n/);
  }
});

it("a broken chunk is 400 when the handler lets the error through", async () => {
  await using server = TestServer.inMemory(async (w, r) => {
    await w.write(await r.body.text());
  });
  const broken = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk("abc")}xx\r\n`;
  const { text, end } = await server.exchange(broken + get("/smuggled"));
  assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(text, "Connection: close\r\n");
  assert.not.match(text, "smuggled");
  assert.is(end, "ended");
});

it("a hook that throws changes nothing", async () => {
  await using server = TestServer.inMemory(echoTarget, {
    onRefusal: () => {
      throw new Error("hook");
    },
  });
  const { text } = await server.exchange("BAD\r\n\r\n");
  assert.is(text, BAD);
  assert.is(server.log.length, 1);
});

it("an error without a status of its own is 500", async () => {
  const { status, text: raw } = refusalFor(new ServerError("response-aborted"), DATE);
  assert.is(status, 500);
  assert.is(raw.split("\r\n")[0], "HTTP/1.1 500 Internal Server Error");
});

test.run();

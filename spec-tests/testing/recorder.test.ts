/**
 * record and newTestRequest: what a handler gets, and what it is said to have answered.
 *
 * Rule of this file: each field of what is recorded, for each kind of answer.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler } from "../../lib/server/mod.ts";
import { TestClock, latin1, newTestRequest, record, settle } from "../../lib/testing/mod.ts";
import { rejects, throwsCode, withDeadline } from "../kit.ts";

const test = suite("record");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(4_000, fn));

const DATE = "Date: Tue, 01 Jan 2030 00:00:00 GMT\r\n";
const TEXT = "Content-Type: text/plain; charset=utf-8\r\n";

it("a short answer, down to the octets", async () => {
  const handler: Handler = (w) => {
    w.header.set("X-A", "b");
    w.writeHeader(201);
    void w.write("h\u00e9");
  };
  const recorded = await record(handler, newTestRequest("GET", "/"));
  assert.is(recorded.status, 201);
  assert.is(recorded.statusText, "Created");
  assert.is(recorded.header.get("x-a"), "b");
  assert.is(recorded.header.get("content-length"), "3");
  assert.is(recorded.text, "h\u00e9");
  assert.is(recorded.body.length, 3);
  assert.equal([...recorded.trailer], []);
  assert.equal(recorded.interim, []);
  assert.is(recorded.flushed, false);
  assert.is(recorded.end, "kept");
  assert.is(recorded.error, undefined);
  assert.equal(recorded.log, []);
  assert.is(
    recorded.wire,
    `HTTP/1.1 201 Created\r\nX-A: b\r\n${DATE}Content-Length: 3\r\n${TEXT}\r\nh\xc3\xa9`,
  );
  assert.is(recorded.writes.length, 1);
});

it("interim answers, chunks, trailers, flushes", async () => {
  const recorded = await record(
    async (w) => {
      w.header.set("Link", "</a>");
      w.writeHeader(103);
      w.trailer.set("X-Sum", "?");
      await w.write("abc");
      await w.flush();
      await w.write("def");
      w.trailer.set("X-Sum", "42");
    },
    newTestRequest("GET", "/"),
  );
  assert.is(recorded.interim[0]?.status, 103);
  assert.is(recorded.interim[0]?.header.get("link"), "</a>");
  assert.is(recorded.status, 200);
  assert.is(recorded.header.get("transfer-encoding"), "chunked");
  assert.is(recorded.text, "abcdef");
  assert.is(recorded.trailer.get("x-sum"), "42");
  assert.is(recorded.flushed, true);
  const writes = recorded.writes.map(latin1);
  assert.is(writes.length, 3);
  assert.ok(writes[1]?.endsWith("\r\n\r\n3\r\nabc\r\n"), "the flush is a write of its own");
  assert.is(writes[2], "3\r\ndef\r\n0\r\nX-Sum: 42\r\n\r\n");
});

it("an interim answer alone is not a flush of the final one", async () => {
  const recorded = await record(
    async (w) => {
      w.writeHeader(103);
      await settle();
      await w.write("x");
    },
    newTestRequest("GET", "/"),
  );
  assert.is(recorded.flushed, false);
});

it("HEAD, HTTP/1.0 and Connection: close go by the request", async () => {
  const handler: Handler = (w) => void w.write("abc");
  const head = await record(handler, newTestRequest("HEAD", "/"));
  assert.is(head.header.get("content-length"), "3");
  assert.is(head.text, "");
  assert.is(head.end, "kept");
  const old = await record(handler, newTestRequest("GET", "/", { versionMinor: 0 }));
  assert.match(old.wire, /^HTTP\/1\.0 200 OK/);
  assert.is(old.end, "closed");
  const header = { Connection: "close" };
  const close = await record(handler, newTestRequest("GET", "/", { header }));
  assert.is(close.end, "closed");
  assert.is(close.header.get("connection"), "close");
});

it("what a handler throws: 500 before the head, a cut answer after it", async () => {
  const failure = new Error("why");
  const early = await record(
    () => {
      throw failure;
    },
    newTestRequest("GET", "/"),
  );
  assert.is(early.status, 500);
  assert.is(early.error, failure);
  assert.is(early.end, "kept");
  const late = await record(
    async (w) => {
      await w.write("abc");
      await w.flush();
      throw failure;
    },
    newTestRequest("GET", "/"),
  );
  assert.is(late.status, 200);
  assert.is(late.text, "abc", "what has come of it");
  assert.is(late.end, "cut");
  assert.is(late.error, failure);
});

it("abort and hijack", async () => {
  const cut = await record((w) => w.abort(), newTestRequest("GET", "/"));
  assert.is(cut.end, "cut");
  assert.is(cut.status, 0);
  const taken = await record(
    (w) => {
      const { conn } = w.hijack();
      conn.write("raw");
      conn.close();
    },
    newTestRequest("GET", "/"),
  );
  assert.is(taken.end, "hijacked");
  assert.is(taken.status, 0);
  assert.is(taken.wire, "raw");
  assert.is(await taken.client.ended(), "ended");
});

it("the log holds what the server complained of", async () => {
  const recorded = await record(
    (w) => {
      w.writeHeader(200);
      w.writeHeader(500);
    },
    newTestRequest("GET", "/"),
  );
  assert.is(recorded.log.length, 1);
  assert.match(recorded.log[0] ?? "", "superfluous");
});

it("a large answer is recorded whole", async () => {
  const recorded = await record(
    async (w) => {
      for (let i = 0; i < 100; i++) await w.write(new Uint8Array(20_000).fill(i));
    },
    newTestRequest("GET", "/"),
  );
  assert.is(recorded.body.length, 2_000_000);
  assert.is(recorded.body.at(-1), 99);
  assert.is(recorded.end, "kept");
});

it("the handler sees the caller's request: body, fields, values, addresses, context", async () => {
  const request = newTestRequest("POST", "/a%20b?q=1", {
    header: [
      ["X-A", "1"],
      ["X-A", "2"],
    ],
    body: "hello",
    context: { user: "me" },
    trailer: { "X-Sum": "5" },
  });
  request.setPathValue("id", "7");
  const seen: unknown[] = [];
  await record(async (_, r) => {
    seen.push(r.method, r.path, r.query.get("q"), r.header.values("x-a"), r.host);
    seen.push(r.remoteAddr, r.context.user, r.pathValue("id"), r.contentLength);
    seen.push(await r.body.text(), r.trailer.get("x-sum"), r.header.get("content-length"));
  }, request);
  assert.equal(seen, [
    "POST",
    "/a b",
    "1",
    ["1", "2"],
    "example.com",
    { network: "tcp", host: "192.0.2.1", port: 1234 },
    "me",
    "7",
    5,
    "hello",
    "5",
    "5",
  ]);
});

it("its signal aborts as the caller's does, and when the handler has ended", async () => {
  const controller = new AbortController();
  const reasons: unknown[] = [];
  const request = newTestRequest("GET", "/", { signal: controller.signal });
  await record(async (_, r) => {
    const { signal } = r;
    assert.not(signal.aborted);
    controller.abort("gone");
    await settle();
    reasons.push(signal.reason);
  }, request);
  assert.equal(reasons, ["gone"]);
  const kept: AbortSignal[] = [];
  await record((_, r) => void kept.push(r.signal), newTestRequest("GET", "/"));
  assert.is(kept[0]?.reason.code, "handler-done");
});

it("a request without a body, and one of unknown length", async () => {
  const none = newTestRequest("", "/");
  assert.is(none.method, "GET");
  assert.is(none.contentLength, 0);
  assert.is(await none.body.text(), "");
  assert.not(none.header.has("content-length"));
  const streamed = newTestRequest("POST", "/", { body: ["ab", "cd"] });
  assert.is(streamed.contentLength, undefined);
  assert.equal(streamed.transferEncoding, ["chunked"]);
  assert.is(await streamed.body.text(), "abcd");
  const form = newTestRequest("POST", "/", { body: new URLSearchParams({ a: "b" }) });
  assert.match(form.header.get("content-type") ?? "", "application/x-www-form-urlencoded");
});

test("the host comes from the target, the options, or is example.com", () => {
  assert.is(newTestRequest("GET", "http://a:80/x").host, "a:80");
  assert.is(newTestRequest("GET", "http://a").host, "a");
  assert.is(newTestRequest("GET", "/", { host: "b" }).host, "b");
  assert.is(newTestRequest("GET", "/").host, "example.com");
});

test("what no server would read is refused", () => {
  throwsCode(() => newTestRequest("B AD", "/"), "bad-method");
  throwsCode(() => newTestRequest("GET", "no slash"), "bad-target");
  throwsCode(() => newTestRequest("GET", "/", { host: "a b" }), "bad-host");
});

it("a request that the server refuses all the same rejects with its reason", async () => {
  const options = { maxTargetBytes: 10 };
  const request = newTestRequest("GET", "/a-long-target");
  const error = await rejects(
    record(() => undefined, request, options),
    "request-refused",
  );
  assert.is((error.cause as { code: string }).code, "target-too-long");
});

it("time is the test's: the clock can be moved while the handler runs", async () => {
  const clock = new TestClock();
  const recording = record(() => new Promise<void>(() => undefined), newTestRequest("GET", "/"), {
    clock,
  });
  await settle();
  clock.advance(300_000);
  const recorded = await recording;
  assert.is(recorded.status, 503);
  assert.is(recorded.flushed, false);
});

test.run();

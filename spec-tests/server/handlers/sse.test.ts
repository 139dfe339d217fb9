/**
 * sse: events down to their octets, the heartbeat, and the end.
 *
 * Rule of this file: time moves by hand; no timer may be left when a stream is over.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EventStream, Handler, ServerSentEvent } from "../../../lib/server/mod.ts";
import { sse } from "../../../lib/server/mod.ts";
import { formatEvent } from "../../../lib/server/handlers/sse.ts";
import { TestClock, TestServer, newTestRequest, record, settle } from "../../../lib/testing/mod.ts";
import { table, throwsCode, withDeadline } from "../../kit.ts";

const test = suite("sse");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(4000, fn));

const good: readonly { name: string; event: ServerSentEvent; expect: string }[] = [
  { name: "a text", event: { data: "a" }, expect: "data: a\n\n" },
  { name: "an empty text", event: { data: "" }, expect: "data: \n\n" },
  {
    name: "lines of every kind",
    event: { data: "a\nb\r\nc\rd" },
    expect: "data: a\ndata: b\ndata: c\ndata: d\n\n",
  },
  { name: "a line end at the end", event: { data: "a\n" }, expect: "data: a\ndata: \n\n" },
  {
    name: "all fields",
    event: { event: "tick", id: "7", retry: 50, data: "x" },
    expect: "event: tick\nid: 7\nretry: 50\ndata: x\n\n",
  },
  { name: "an empty id resets it", event: { id: "", data: "x" }, expect: "id: \ndata: x\n\n" },
];

table(test, good, ({ event, expect }) => assert.is(formatEvent(event), expect));

const bad: readonly { name: string; event: ServerSentEvent }[] = [
  { name: "a line end in the name", event: { event: "a\ndata: b", data: "" } },
  { name: "a CR in the id", event: { id: "a\rb", data: "" } },
  { name: "NUL in the id", event: { id: "\0", data: "" } },
  { name: "a part of a ms", event: { retry: 0.5, data: "" } },
  { name: "less than no time", event: { retry: -1, data: "" } },
];

table(test, bad, ({ event }) => void throwsCode(() => formatEvent(event), "bad-event"));

it("head and events go out one by one", async () => {
  const handler: Handler = async (w, r) => {
    const events = sse(w, r);
    await events.send("a");
    await events.send({ event: "b", data: "c" });
    await events.comment("d\ne");
  };
  const clock = new TestClock();
  const { header, text, writes } = await record(handler, newTestRequest("GET", "/"), { clock });
  assert.is(header.get("content-type"), "text/event-stream");
  assert.is(header.get("cache-control"), "no-store");
  assert.is(header.get("x-accel-buffering"), "no");
  assert.is(text, "data: a\n\nevent: b\ndata: c\n\n: d\n: e\n\n");
  assert.ok(writes.length >= 4, "each is flushed");
  await settle();
  assert.is(clock.watched, 0, "the handler has ended, and so has the heartbeat");
});

it("the heartbeat comes when nothing else does, and ends with the client", async () => {
  let closed = 0;
  let stream!: EventStream;
  const clock = new TestClock();
  const handler: Handler = async (w, r) => {
    stream = sse(w, r, { heartbeat: 1000 });
    await stream.closed;
    closed++;
  };
  await using server = TestServer.inMemory(handler, { clock });
  const client = await server.connect();
  const before = clock.watched;
  client.send("GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 41\r\n\r\n");
  await client.readUntil("\r\n\r\n");
  assert.is(stream.lastEventId, "41");
  assert.is(clock.watched, before + 1);
  clock.advance(999);
  await settle();
  assert.is(client.unread.length, 0);
  clock.advance(1);
  await client.readUntil("3\r\n:\n\n\r\n");
  void stream.send("x");
  clock.advance(999);
  await settle();
  assert.is(await client.readUntil("\n\n\r\n"), "9\r\ndata: x\n\n\r\n");
  clock.advance(1);
  await client.readUntil(":\n\n\r\n");
  client.finish();
  await settle();
  assert.is(closed, 1);
  // The connection's own is gone with it.
  assert.is(clock.watched, before - 1);
});

it("close ends the heartbeat, once or twice", async () => {
  const clock = new TestClock();
  const handler: Handler = async (w, r) => {
    const before = clock.watched;
    const events = sse(w, r);
    assert.is(clock.watched, before + 1);
    events.close();
    events.close();
    await events.closed;
    assert.is(clock.watched, before);
  };
  assert.is((await record(handler, newTestRequest("GET", "/"), { clock })).error, undefined);
});

it("no heartbeat is no timer, a client that is gone is no stream, a Cache-Control that is set stays", async () => {
  const clock = new TestClock();
  const handler: Handler = async (w, r) => {
    const before = clock.watched;
    w.header.set("Cache-Control", "no-cache");
    await sse(w, r, { heartbeat: Infinity }).closed;
    assert.is(clock.watched, before);
  };
  const request = newTestRequest("GET", "/", { signal: AbortSignal.abort("gone") });
  const { error, header } = await record(handler, request, { clock });
  assert.is(error, undefined);
  assert.is(header.get("cache-control"), "no-cache");
});

it("a heartbeat that is none is refused", async () => {
  const handler: Handler = (w, r) => {
    sse(w, r, { heartbeat: 0 });
  };
  const { error, status } = await record(handler, newTestRequest("GET", "/"));
  assert.is((error as { code: string }).code, "bad-helper-option");
  assert.is(status, 500);
});

test.run();

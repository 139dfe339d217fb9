/**
 * timeoutHandler: all of an answer in time, or a 503.
 *
 * Rule of this file: time moves by hand.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler, ResponseWriter } from "../../../lib/server/mod.ts";
import { timeoutHandler } from "../../../lib/server/mod.ts";
import type { Recorded } from "../../../lib/testing/mod.ts";
import { TestClock, newTestRequest, record, settle } from "../../../lib/testing/mod.ts";
import { rejects, throwsCode, withDeadline } from "../../kit.ts";

const test = suite("timeoutHandler");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(4000, fn));

/** Records while the time moves on by `ms`. */
async function after(ms: number, handler: Handler, clock = new TestClock()): Promise<Recorded> {
  const recording = record(handler, newTestRequest("GET", "/"), { clock });
  await settle();
  clock.advance(ms);
  return recording;
}

const never = new Promise<void>(() => undefined);

it("an answer in time goes out as it is", async () => {
  const clock = new TestClock();
  const handler = timeoutHandler(async (w) => {
    w.header.set("X-A", "1");
    w.writeHeader(201, { reason: "Made" });
    w.header.set("X-A", "2");
    await w.write("a");
    await settle(1);
    const room = new Uint8Array([0x62]);
    await w.write(room);
    room[0] = 0x21;
    await w.flush();
  }, 100);
  const recorded = await record(handler, newTestRequest("GET", "/"), { clock });
  assert.is(recorded.status, 201);
  assert.is(recorded.statusText, "Made");
  assert.is(recorded.header.get("x-a"), "1");
  assert.is(recorded.text, "ab");
  assert.is(recorded.writes.length, 1, "nothing was flushed on the way");
  assert.is(clock.watched, 0, "no timer is left");
});

it("a handler without a promise needs no timer", async () => {
  const recorded = await record(
    timeoutHandler((w) => void w.write("x"), 1),
    newTestRequest("GET", "/"),
  );
  assert.is(recorded.text, "x");
  const silent = await record(
    timeoutHandler(() => undefined, 1),
    newTestRequest("GET", "/"),
  );
  assert.is(silent.status, 200);
});

it("too late: 503, the outer fields, and nothing of the handler's", async () => {
  let writer!: ResponseWriter;
  let reason: unknown;
  const inner: Handler = async (w, r) => {
    writer = w;
    r.signal.addEventListener("abort", () => (reason = r.signal.reason));
    w.header.set("X-Inner", "1");
    w.writeHeader(200);
    await w.write("half of it");
    await never;
  };
  const handler: Handler = (w, r) => {
    w.header.set("X-Outer", "1");
    return timeoutHandler(inner, 100, { message: "slow!" })(w, r);
  };
  const recorded = await after(100, handler);
  assert.is(recorded.status, 503);
  assert.is(recorded.text, "slow!");
  assert.is(recorded.header.get("x-outer"), "1");
  assert.is(recorded.header.get("x-inner"), undefined);
  assert.is((reason as { code: string }).code, "handler-timeout");
  await rejects(writer.write("more"), "handler-timeout");
  await rejects(writer.flush(), "handler-timeout");
  throwsCode(() => writer.writeHeader(200), "handler-timeout");
});

it("one ms before the end is not too late", async () => {
  let go!: () => void;
  const clock = new TestClock();
  const handler = timeoutHandler(() => new Promise((resolve) => (go = resolve)), 100);
  const recording = record(handler, newTestRequest("GET", "/"), { clock });
  await settle();
  clock.advance(99);
  go();
  assert.is((await recording).status, 200);
});

it("the usual page says Timeout", async () => {
  const { text, header } = await after(
    5,
    timeoutHandler(() => never, 5),
  );
  assert.match(text, /<h1>Timeout<\/h1>/);
  assert.is(header.get("content-type"), "text/html; charset=utf-8");
});

it("what is thrown in time is the server's affair, what is thrown later goes to onLateError", async () => {
  const failing = await record(
    timeoutHandler(async () => {
      throw new Error("boom");
    }, 100),
    newTestRequest("GET", "/"),
  );
  assert.is(failing.status, 500);
  assert.is((failing.error as Error).message, "boom");

  let fail!: (error: Error) => void;
  const late: unknown[] = [];
  const recorded = await after(
    100,
    timeoutHandler(() => new Promise((_, reject) => (fail = reject)), 100, {
      onLateError: (error) => void late.push(error),
    }),
  );
  fail(new Error("late"));
  await settle();
  assert.is(recorded.status, 503);
  assert.is((late[0] as Error).message, "late");
});

it("an answer that cannot be sent is a failure, not silence", async () => {
  const handler = timeoutHandler(async (w) => w.writeHeader(200, { reason: "a\r\nb" }), 100);
  const recorded = await record(handler, newTestRequest("GET", "/"));
  assert.is(recorded.status, 500);
  assert.is((recorded.error as { code: string }).code, "bad-reason");
});

it("interim answers are not held, a second status is told to the log", async () => {
  const handler = timeoutHandler(async (w) => {
    w.writeHeader(103);
    w.writeHeader(204);
    w.writeHeader(500);
  }, 100);
  const recorded = await record(handler, newTestRequest("GET", "/"));
  assert.is(recorded.interim[0]?.status, 103);
  assert.is(recorded.status, 204);
  assert.match(recorded.log.join(), /superfluous/);
  const bad = await record(
    timeoutHandler((w) => w.writeHeader(1000), 1),
    newTestRequest("GET", "/"),
  );
  assert.is((bad.error as { code: string }).code, "bad-status");
});

it("an answer beyond the limit is refused", async () => {
  const handler = timeoutHandler(
    async (w) => {
      await w.write("1234");
      await rejects(w.write("5"), "answer-too-large");
    },
    100,
    { maxBytes: 4 },
  );
  assert.is((await record(handler, newTestRequest("GET", "/"))).text, "1234");
});

it("the signal aborts when the client goes, too", async () => {
  const gone = new AbortController();
  let reason: unknown;
  const handler = timeoutHandler(
    (_w, r) =>
      new Promise((resolve) => {
        const { signal } = r;
        assert.is(signal, r.signal);
        signal.addEventListener("abort", () => {
          reason = signal.reason;
          resolve();
        });
      }),
    100,
  );
  const recording = record(handler, newTestRequest("GET", "/", { signal: gone.signal }));
  await settle();
  gone.abort("gone");
  await recording;
  assert.is(reason, "gone");
});

it("a connection that was taken over is left alone", async () => {
  const recorded = await after(
    100,
    timeoutHandler((w) => {
      w.hijack();
      return never;
    }, 100),
  );
  assert.is(recorded.end, "hijacked");
  assert.is(recorded.wire, "");
});

test("a time that is none is refused", () => {
  for (const ms of [0, -1, Number.NaN]) {
    throwsCode(() => timeoutHandler(() => undefined, ms), "bad-helper-option");
  }
});

test.run();

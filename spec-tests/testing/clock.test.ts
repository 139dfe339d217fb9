/**
 * TestClock keeps the contract of Clock, to the millisecond.
 *
 * Rule of this file: no real time.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Alarm } from "../../lib/bufio/mod.ts";
import { pipe } from "../../lib/bufio/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";

const test = suite("TestClock");

/** An alarm that notes when it was called. */
function alarm(clock: TestClock, at: number, log: string[], name: string): Alarm {
  const made: Alarm = {
    deadlineAt: at,
    onDeadline: () => void log.push(`${name}@${clock.now()}/${made.deadlineAt}`),
  };
  clock.watch(made, 1);
  return made;
}

test("alarms are called in the order of their instants, at their instants, once", () => {
  const clock = new TestClock({ startMs: 0 });
  const log: string[] = [];
  alarm(clock, 30, log, "c");
  alarm(clock, 10, log, "a");
  alarm(clock, 20, log, "b");
  clock.advance(9);
  assert.equal(log, []);
  clock.advance(1);
  assert.equal(log, ["a@10/Infinity"], "deadlineAt is Infinity when it is called");
  clock.advance(100);
  assert.equal(log.slice(1), ["b@20/Infinity", "c@30/Infinity"]);
  assert.is(clock.now(), 110);
  clock.advance(100);
  assert.is(log.length, 3);
});

test("an instant that has passed is called at the next move, now, without going back", () => {
  const clock = new TestClock({ startMs: 100 });
  const log: string[] = [];
  alarm(clock, 50, log, "late");
  clock.advance(0);
  assert.equal(log, ["late@100/Infinity"]);
});

test("an alarm may set itself again, and others, within one move", () => {
  const clock = new TestClock({ startMs: 0 });
  const calls: number[] = [];
  const again: Alarm = {
    deadlineAt: 10,
    onDeadline: () => {
      calls.push(clock.now());
      again.deadlineAt = clock.now() + 10;
    },
  };
  clock.watch(again, 10);
  clock.advance(35);
  assert.equal(calls, [10, 20, 30]);
  assert.is(clock.nextDeadlineAt, 40);
  assert.is(clock.now(), 35);
});

test("unwatched alarms are not called, also when another one unwatches them", () => {
  const clock = new TestClock({ startMs: 0 });
  const log: string[] = [];
  const second = alarm(clock, 20, log, "second");
  clock.watch({ deadlineAt: 10, onDeadline: () => clock.unwatch(second) });
  clock.advance(50);
  assert.equal(log, []);
  assert.is(clock.watched, 1);
  assert.is(clock.nextDeadlineAt, Infinity);
});

test("a clock runs forwards only", () => {
  const clock = new TestClock();
  for (const ms of [-1, NaN]) assert.throws(() => clock.advance(ms), /runs forwards/);
  assert.is(clock.now(), Date.UTC(2030, 0, 1));
});

test("turns by hand: what is waiting runs, what that asks for waits for the next", () => {
  const clock = new TestClock({ turns: "manual" });
  const log: string[] = [];
  clock.nextTurn(() => {
    log.push("1");
    clock.nextTurn(() => log.push("2"));
  });
  assert.is(clock.waiting, 1);
  assert.is(clock.turn(), 1);
  assert.equal(log, ["1"]);
  assert.is(clock.turn(), 1);
  assert.equal(log, ["1", "2"]);
  assert.is(clock.turn(), 0);
});

test("turns by microtask come by themselves, and never at once", async () => {
  const clock = new TestClock();
  const log: string[] = [];
  clock.nextTurn(() => log.push("later"));
  log.push("now");
  await settle();
  assert.equal(log, ["now", "later"]);
});

test("after() drives a pipe with latency", async () => {
  const clock = new TestClock();
  const [a, b] = pipe({ latencyMs: 40, after: (ms, fn) => clock.after(ms, fn) });
  const client = new WireClient(b);
  a.start({ onBytes: () => "more", onEnd: () => undefined, onError: () => undefined });
  a.write("x");
  clock.advance(39);
  await settle();
  assert.is(client.text, "");
  clock.advance(1);
  await settle();
  assert.is(client.text, "x");
  assert.is(clock.watched, 0, "it watches no longer than needed");
  b.abort();
});

test("settle waits for chains of promises, however long", async () => {
  let steps = 0;
  const chain = async (): Promise<void> => {
    for (; steps < 1000; steps++) await Promise.resolve();
  };
  void chain();
  await settle(1);
  assert.is(steps, 1000);
});

test.run();

// The clock finds deadlines late by one period at the most, never early, and runs only while watched.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createContext, runInContext } from "node:vm";
import { transformSync } from "esbuild";
import { readFileSync } from "node:fs";
import { type Alarm, TimerClock } from "../../lib/bufio/mod.ts";
import { withDeadline } from "../kit.ts";

const test = suite("TimerClock");

/** An alarm that resolves with the instant it was rung at, by the clock. */
function alarmIn(
  clock: TimerClock,
  ms: number,
): { alarm: Alarm; dueAt: number; rung: Promise<number> } {
  const dueAt = clock.now() + ms;
  let ring: (at: number) => void = () => {};
  const rung = new Promise<number>((resolve) => {
    ring = resolve;
  });
  const alarm: Alarm = { deadlineAt: dueAt, onDeadline: () => ring(clock.now()) };
  return { alarm, dueAt, rung };
}

/** The timers of Node, counted: armed now, and the periods asked for. */
function watchTimers(): { periods: number[]; armed: Set<unknown>; restore(): void } {
  const real = { set: globalThis.setTimeout, clear: globalThis.clearTimeout };
  const periods: number[] = [];
  const armed = new Set<unknown>();
  const set = (fn: () => void, ms?: number): unknown => {
    const timer = real.set(() => {
      armed.delete(timer);
      fn();
    }, ms);
    periods.push(ms ?? 0);
    armed.add(timer);
    return timer;
  };
  const clear = (timer: NodeJS.Timeout): void => {
    armed.delete(timer);
    real.clear(timer);
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  return {
    periods,
    armed,
    restore: () =>
      void Object.assign(globalThis, { setTimeout: real.set, clearTimeout: real.clear }),
  };
}

test("now is the epoch's time and does not run backwards", () => {
  const clock = new TimerClock();
  assert.ok(Math.abs(clock.now() - Date.now()) < 2000);
  let last = 0;
  for (let i = 0; i < 1000; i++) {
    const now = clock.now();
    assert.ok(now >= last);
    last = now;
  }
});

test(
  "a deadline is found, not early, with deadlineAt at Infinity",
  withDeadline(3000, async () => {
    const clock = new TimerClock();
    const { alarm, dueAt, rung } = alarmIn(clock, 35);
    // Keeps the loop alive, since the clock does not.
    const alive = setTimeout(() => {}, 2500);
    clock.watch(alarm, 40);
    const at = await rung;
    clearTimeout(alive);
    assert.ok(at >= dueAt, `${dueAt - at} ms early`);
    assert.is(alarm.deadlineAt, Infinity);
    clock.unwatch(alarm);
  }),
);

test(
  "a deadline moved forward by assignment is met at its new instant",
  withDeadline(3000, async () => {
    const clock = new TimerClock();
    const { alarm, rung } = alarmIn(clock, 20);
    const alive = setTimeout(() => {}, 2500);
    clock.watch(alarm, 20);
    alarm.deadlineAt += 60;
    const { deadlineAt } = alarm;
    const at = await rung;
    clearTimeout(alive);
    assert.ok(at >= deadlineAt);
    clock.unwatch(alarm);
  }),
);

test("one timer, armed only while something is watched, and unref'd", () => {
  const timers = watchTimers();
  try {
    const clock = new TimerClock();
    assert.is(timers.armed.size, 0);
    const [one, two] = [alarmIn(clock, 1000).alarm, alarmIn(clock, 1000).alarm];
    clock.watch(one, 1000);
    clock.watch(two, 1000);
    assert.is(timers.armed.size, 1);
    const [timer] = timers.armed;
    assert.is((timer as NodeJS.Timeout).hasRef(), false);
    clock.unwatch(one);
    assert.is(timers.armed.size, 1);
    clock.unwatch(two);
    assert.is(timers.armed.size, 0);
  } finally {
    timers.restore();
  }
});

for (const { shortestMs, periodMs } of [
  { shortestMs: 1, periodMs: 10 },
  { shortestMs: 40, periodMs: 10 },
  { shortestMs: 200, periodMs: 50 },
  { shortestMs: 2000, periodMs: 500 },
  { shortestMs: 60_000, periodMs: 500 },
  { shortestMs: Infinity, periodMs: 500 },
]) {
  test(`a shortest timeout of ${shortestMs} ms makes a period of ${periodMs} ms`, () => {
    const timers = watchTimers();
    try {
      const clock = new TimerClock();
      const { alarm } = alarmIn(clock, 1e6);
      clock.watch(alarm, shortestMs);
      assert.equal(timers.periods, [periodMs]);
      clock.unwatch(alarm);
    } finally {
      timers.restore();
    }
  });
}

test(
  "a shorter timeout shortens the period at once, and its going lengthens it again",
  withDeadline(3000, async () => {
    const timers = watchTimers();
    try {
      const clock = new TimerClock();
      const [long, short] = [alarmIn(clock, 1e6).alarm, alarmIn(clock, 20)];
      clock.watch(long, 1000);
      clock.watch(short.alarm, 40);
      assert.equal(timers.periods, [250, 10]);
      const alive = setTimeout(() => {}, 2000);
      await short.rung;
      clock.unwatch(short.alarm);
      while (timers.periods.at(-1) !== 250) await new Promise((resolve) => setImmediate(resolve));
      clearTimeout(alive);
      clock.unwatch(long);
    } finally {
      timers.restore();
    }
  }),
);

test(
  "an alarm may unwatch itself and watch others when it rings",
  withDeadline(3000, async () => {
    const clock = new TimerClock();
    const next = alarmIn(clock, 30);
    const first: Alarm = {
      deadlineAt: clock.now() + 10,
      onDeadline() {
        clock.unwatch(first);
        clock.watch(next.alarm, 10);
      },
    };
    const alive = setTimeout(() => {}, 2500);
    clock.watch(first, 10);
    assert.ok((await next.rung) >= next.dueAt);
    clearTimeout(alive);
    clock.unwatch(next.alarm);
  }),
);

test("nextTurn uses what the rim gives, else a later turn", async () => {
  const given: (() => void)[] = [];
  const fn = (): void => {};
  new TimerClock({ nextTurn: (turn) => void given.push(turn) }).nextTurn(fn);
  assert.is(given[0], fn);
  let order = "";
  await new Promise<void>((resolve) => {
    new TimerClock().nextTurn(() => {
      order += "turn";
      resolve();
    });
    queueMicrotask(() => {
      order += "microtask ";
    });
  });
  assert.is(order, "microtask turn");
});

test("it runs where timers are numbers and there is no process", () => {
  const url = new URL("../../lib/bufio/timer-clock.ts", import.meta.url);
  const { code } = transformSync(readFileSync(url, "utf8"), { loader: "ts", format: "cjs" });
  const armed: number[] = [];
  const context = createContext({
    module: { exports: {} },
    performance: { timeOrigin: 1000, now: () => 5 },
    setTimeout: (_: () => void, ms: number) => armed.push(ms),
    clearTimeout: (timer: number) => void armed.splice(timer - 1, 1),
  });
  const script = `${code};
    const clock = new module.exports.TimerClock();
    const alarm = { deadlineAt: 1, onDeadline() {} };
    clock.watch(alarm, 400);
    clock.now();`;
  assert.is(runInContext(script, context), 1005);
  assert.equal(armed, [100]);
});

test.run();

// What a connection waits for: one wait at a time, and none when it is over.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Alarm, Clock } from "../../../lib/bufio/mod.ts";
import {
  ConnectionDeadline,
  type Wait,
} from "../../../lib/client/connection/connection-deadline.ts";

const USUAL_MS = 1_000;

interface Scene {
  readonly deadline: ConnectionDeadline;
  /** How fine the clock was asked to be, "off" for not at all. */
  readonly asked: (number | "off")[];
  readonly up: Wait[];
}

function scene(): Scene {
  const asked: (number | "off")[] = [];
  const up: Wait[] = [];
  const clock: Clock = {
    now: () => 0,
    watch: (_alarm: Alarm, shortestMs: number) => void asked.push(shortestMs),
    unwatch: () => void asked.push("off"),
    nextTurn: () => undefined,
  };
  const owner = { onTimeUp: (what: Wait): void => void up.push(what) };
  return { deadline: new ConnectionDeadline(clock, USUAL_MS, owner), asked, up };
}

const it = suite("ConnectionDeadline");

it("the next wait takes the place of the last, and the owner hears which one is over", () => {
  const { deadline, up } = scene();
  deadline.set("send", 2_000, 10);
  deadline.set("head", 5_000, 20);
  assert.is(deadline.deadlineAt, 5_020);
  deadline.onDeadline();
  assert.equal(up, ["head"]);
  deadline.clear();
  assert.is(deadline.what, "nothing");
  assert.is(deadline.deadlineAt, Infinity);
});

it("the clock looks more often for a shorter wait, until it may relax", () => {
  const { deadline, asked } = scene();
  deadline.set("idle", 90_000, 0);
  deadline.relax();
  assert.equal(asked, [USUAL_MS]);
  deadline.set("drain", 50, 0);
  deadline.set("head", 500, 0);
  assert.equal(asked, [USUAL_MS, 50]);
  deadline.relax();
  deadline.relax();
  assert.equal(asked, [USUAL_MS, 50, USUAL_MS]);
});

it("what a hook has ended is not watched again", () => {
  const { deadline, asked } = scene();
  deadline.end();
  deadline.set("head", 10, 0);
  assert.is(deadline.deadlineAt, Infinity);
  assert.equal(asked, [USUAL_MS, "off"]);
});

it.run();

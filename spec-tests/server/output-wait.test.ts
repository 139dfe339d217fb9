// Waiting for a client that takes its time: who moves lives, who does not is given up.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Conn } from "../../lib/bufio/mod.ts";
import { type OutputOwner, awaitTaken, hasMoved, waitFrom } from "../../lib/server/output-wait.ts";
import { TestClock, settle } from "../../lib/testing/mod.ts";
import "../kit.ts";

const WRITE_MS = 500;

interface Scene {
  readonly owner: OutputOwner;
  readonly conn: { queuedBytes: number; takenBytes?: number };
  readonly clock: TestClock;
  /** All is taken, or the connection fails. */
  readonly taken: () => void;
  readonly fail: () => void;
}

function scene(queuedBytes: number, takenBytes?: number): Scene {
  let taken = (): void => undefined;
  let fail = (): void => undefined;
  const drained = new Promise<void>((resolve, reject) => {
    taken = resolve;
    fail = () => reject(new Error("reset"));
  });
  const conn = takenBytes === undefined ? { queuedBytes } : { queuedBytes, takenBytes };
  const clock = new TestClock({ startMs: 0 });
  const owner: OutputOwner = {
    conn: conn as unknown as Conn,
    writer: { drained: () => drained },
    host: { clock, timeouts: { writeTimeout: WRITE_MS } },
    deadlineAt: Infinity,
    progress: 0,
  };
  return { owner, conn, clock, taken, fail };
}

const it = suite("output wait");

it("nothing queued: the wait begins at once", () => {
  const { owner } = scene(0);
  waitFrom(owner, 10, 60, () => {
    throw new Error("asked although nothing was waited for");
  });
  assert.is(owner.deadlineAt, 70);
});

it("something queued: first the client has the write timeout, then the wait begins", async () => {
  const { owner, clock, taken } = scene(7);
  waitFrom(owner, 10, 60, () => true);
  assert.is(owner.deadlineAt, 10 + WRITE_MS);
  clock.advance(100);
  taken();
  await settle();
  assert.is(owner.deadlineAt, 160);
});

it("a wait that is out of date by then does not begin", async () => {
  const { owner, taken } = scene(7);
  waitFrom(owner, 10, 60, () => false);
  taken();
  await settle();
  assert.is(owner.deadlineAt, 10 + WRITE_MS);
});

it("what follows is called once all is taken", async () => {
  const { owner, taken } = scene(7);
  const calls: string[] = [];
  awaitTaken(owner, 0, () => void calls.push("then"));
  await settle();
  assert.equal(calls, []);
  taken();
  await settle();
  assert.equal(calls, ["then"]);
});

it("a connection that fails calls nothing, and its rejection is nobody's concern", async () => {
  const { owner, fail } = scene(7);
  awaitTaken(owner, 0, () => assert.unreachable());
  fail();
  await settle();
  assert.is(owner.deadlineAt, WRITE_MS);
});

for (const [name, counted] of [
  ["a conn that counts what was taken", 3],
  ["a conn that only knows what is queued", undefined],
] as const) {
  it(`${name}: a client that takes anything has another write timeout, one that does not has none`, () => {
    const { owner, conn, clock } = scene(7, counted);
    awaitTaken(owner, 0, () => undefined);
    clock.advance(WRITE_MS);
    assert.is(hasMoved(owner), false, "nothing was taken");
    assert.is(owner.deadlineAt, WRITE_MS);
    if (counted === undefined) conn.queuedBytes = 6;
    else conn.takenBytes = counted + 1;
    assert.is(hasMoved(owner), true);
    assert.is(owner.deadlineAt, 2 * WRITE_MS);
    assert.is(hasMoved(owner), false, "and nothing since");
  });
}

it.run();

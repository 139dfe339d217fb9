/**
 * What the first process does with its workers, with workers and time that a test moves by hand.
 *
 * Rule of this file: no processes. `Crew` is a group whose children are played: they say hello, become ready and
 * die when the test wants.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Group } from "../../../lib/adapters/workers/group.ts";
import { settingsFrom } from "../../../lib/adapters/workers/limits.ts";
import { WORKER_LIMITS, WORKER_TIMEOUTS } from "../../../lib/adapters/workers/limits.ts";
import type { FromWorker, ToWorker } from "../../../lib/adapters/workers/messages.ts";
import type { Child } from "../../../lib/adapters/workers/place.ts";
import type { WorkersOptions, WorkerEvent } from "../../../lib/adapters/workers/types.ts";
import { type ListenAddress, parseListenAddr } from "../../../lib/net/mod.ts";
import { TestClock } from "../../../lib/testing/mod.ts";
import { type Row, rejects, table, withDeadline } from "../../kit.ts";

const test = suite("a group of workers");
const it = (name: string, fn: () => Promise<void> | void): void =>
  test(name, withDeadline(5000, fn));

/** A worker that is played. */
class Played implements Child {
  readonly pid: number;
  readonly heard: ToWorker[] = [];
  #onMessage: (message: FromWorker) => void = () => undefined;
  #onExit: (how: number | string) => void = () => undefined;

  constructor(pid: number) {
    this.pid = pid;
  }
  send(message: ToWorker): void {
    this.heard.push(message);
  }
  kill(): void {
    this.dies("SIGKILL");
  }
  onMessage(fn: (message: FromWorker) => void): void {
    this.#onMessage = fn;
  }
  onExit(fn: (how: number | string) => void): void {
    this.#onExit = fn;
  }

  says(message: FromWorker): void {
    this.#onMessage(message);
  }
  dies(how: number | string): void {
    this.#onExit(how);
  }
  /** Comes up at the port that it was told, or at the one that it finds where that is 0. */
  comesUp(found = 4000): void {
    this.says({ barewire: "hello" });
    const port = this.port === 0 ? found : this.port;
    const addr = { network: "tcp", host: "127.0.0.1", port } as const;
    this.says({ barewire: "ready", addr, url: `http://127.0.0.1:${port}/` });
  }
  /** Where it was told to listen. */
  get address(): ListenAddress {
    const start = this.heard.find(({ barewire }) => barewire === "start");
    if (start?.barewire !== "start") throw new Error("it has not been told to start");
    return start.addr;
  }
  get port(): number {
    return (this.address as { port: number }).port;
  }
}

type CrewOptions = Omit<WorkersOptions, "run">;

/** A group, those it has forked, and the clock. */
class Crew {
  readonly clock = new TestClock();
  readonly forked: Played[] = [];
  readonly events: WorkerEvent[] = [];
  readonly group: Group;

  constructor({ addr = "127.0.0.1:0", count = 2, share = "cluster", ...rest }: CrewOptions = {}) {
    const settings = settingsFrom(rest);
    const target = parseListenAddr(addr);
    const log = (event: WorkerEvent): void => void this.events.push(event);
    const fork = (): Child => {
      const child = new Played(100 + this.forked.length);
      this.forked.push(child);
      return child;
    };
    const after = (ms: number, fn: () => void): (() => void) => {
      let isWanted = true;
      this.clock.after(ms, () => {
        if (isWanted) fn();
      });
      return () => {
        isWanted = false;
      };
    };
    this.group = new Group(
      { count, share, target, data: { a: 1 }, settings, log },
      { fork, after },
    );
    this.group.start();
  }

  get last(): Played {
    const last = this.forked.at(-1);
    if (last === undefined) throw new Error("nobody has been forked");
    return last;
  }

  /** How long it takes until somebody is forked, in ms. */
  pause(): number {
    const count = this.forked.length;
    for (let ms = 0; ms <= 100_000; ms += 50) {
      this.clock.advance(ms === 0 ? 0 : 50);
      if (this.forked.length > count) return ms;
    }
    throw new Error("nobody is started again");
  }
}

it("all are told what to do when they say hello, and are ready when the last one is", async () => {
  const { group, forked } = new Crew();
  let isReady = false;
  void group.ready.then(() => {
    isReady = true;
  });
  assert.equal([forked.length, forked[0]?.heard], [2, []]);
  forked[0]?.comesUp();
  assert.equal(forked[0]?.heard, [
    {
      barewire: "start",
      number: 1,
      count: 2,
      share: "cluster",
      addr: { host: "127.0.0.1", port: 0, backlog: undefined, ipv6Only: undefined },
      data: { a: 1 },
      shutdownTimeout: 10_000,
    },
  ]);
  await Promise.resolve();
  assert.not(isReady);
  forked[1]?.comesUp();
  await group.ready;
  assert.is(group.url, "http://127.0.0.1:4000/");
  assert.equal(group.addr, { network: "tcp", host: "127.0.0.1", port: 4000 });
  assert.equal(group.list(), [
    { number: 1, pid: 100, state: "ready" },
    { number: 2, pid: 101, state: "ready" },
  ]);
});

it("pauses double from restartDelay to maxRestartDelay, and settling ends that", async () => {
  const crew = new Crew({ count: 1, maxFailedStarts: 100 });
  const pauses: number[] = [];
  for (let i = 0; i < 10; i++) {
    crew.last.dies(1);
    pauses.push(crew.pause());
  }
  assert.equal(pauses, [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000]);
  crew.last.comesUp();
  await crew.group.ready;
  // Ready is not settled: what falls at its first request goes on as before.
  crew.last.dies("SIGSEGV");
  assert.is(crew.pause(), 30_000);
  crew.last.comesUp();
  crew.clock.advance(WORKER_TIMEOUTS.settleTimeout.default);
  crew.last.dies("SIGKILL");
  assert.is(crew.pause(), 0);
  crew.last.dies(1);
  assert.is(crew.pause(), 100);
});

it("the pauses are those of the options", () => {
  const crew = new Crew({ count: 1, restartDelay: 50, maxRestartDelay: 150, maxFailedStarts: 9 });
  const pauses = [1, 2, 3].map(() => {
    crew.last.dies(1);
    return crew.pause();
  });
  assert.equal(pauses, [50, 100, 150]);
});

it("what never started is given up after maxFailedStarts, and the others end", async () => {
  const crew = new Crew();
  crew.forked[0]?.comesUp();
  const failing = WORKER_LIMITS.maxFailedStarts.default;
  for (let i = 1; i <= failing; i++) {
    crew.last.says({ barewire: "hello" });
    crew.last.says({ barewire: "failed", text: "no such table" });
    crew.last.dies(1);
    if (i < failing) crew.pause();
  }
  const error = await rejects(crew.group.ready, "workers-not-started");
  assert.match(error.message, "worker 2 failed 5 times in a row: no such table");
  assert.is(crew.forked[0]?.heard.at(-1)?.barewire, "end");
  crew.forked[0]?.dies(0);
  assert.is(await crew.group.closed, "finished");
});

it("what has been ready once is started again for ever", async () => {
  const crew = new Crew({ count: 1 });
  crew.last.comesUp();
  await crew.group.ready;
  for (let i = 0; i < 20; i++) {
    crew.last.dies(1);
    crew.pause();
  }
  assert.is(crew.forked.length, 21);
});

it("one that is not ready in startTimeout is killed, and that is a failed start", async () => {
  const crew = new Crew({ count: 1, startTimeout: 500, maxFailedStarts: 2 });
  crew.last.says({ barewire: "hello" });
  crew.clock.advance(499);
  assert.is(crew.events.length, 1);
  crew.clock.advance(1);
  assert.is(crew.pause(), 100);
  crew.clock.advance(500);
  const error = await rejects(crew.group.ready, "workers-not-started");
  assert.match(error.message, "was not ready within 500 ms");
  assert.is(await crew.group.closed, "finished");
});

it("with reusePort and port 0 the first finds the port, and the others follow", async () => {
  const crew = new Crew({ share: "reusePort", count: 3 });
  assert.is(crew.forked.length, 1);
  // Its place stays the first one's until it has found a port.
  crew.last.dies(1);
  crew.pause();
  crew.last.comesUp(4321);
  assert.is(crew.forked.length, 4);
  for (const follower of crew.forked.slice(2)) {
    follower.comesUp();
    const { port, reusePort, exclusive } = follower.address as unknown as Record<string, unknown>;
    assert.equal([port, reusePort, exclusive], [4321, true, true]);
  }
  await crew.group.ready;
  crew.forked[1]?.dies(1);
  crew.pause();
  crew.last.comesUp();
  assert.is(crew.last.port, 4321);
});

it("with reusePort and a port of their own all start at once", () => {
  const crew = new Crew({ share: "reusePort", addr: "127.0.0.1:4001", count: 3 });
  assert.is(crew.forked.length, 3);
  crew.last.comesUp();
  assert.is(crew.last.port, 4001);
});

it("with reusePort and port 0 a first worker that does not say its port ends all", async () => {
  const crew = new Crew({ share: "reusePort" });
  crew.last.says({ barewire: "hello" });
  crew.last.says({ barewire: "ready", addr: undefined, url: undefined });
  await rejects(crew.group.ready, "worker-port-unknown");
  assert.is(crew.last.heard.at(-1)?.barewire, "end");
});

it("in a cluster workers ask for 0 while one lives, and for the port when all have died", () => {
  const crew = new Crew();
  for (const child of crew.forked) child.comesUp(4000);
  crew.clock.advance(1000);
  crew.forked[0]?.dies(1);
  crew.pause();
  crew.last.comesUp(4000);
  assert.is(crew.last.port, 0);
  crew.clock.advance(1000);
  crew.forked[1]?.dies(1);
  crew.forked[2]?.dies(1);
  crew.pause();
  for (const child of crew.forked.slice(3)) {
    child.comesUp();
    assert.is(child.port, 4000);
  }
  assert.is(crew.forked.length, 5);
});

it("a port that was asked for stays, wherever a worker says that it listens", () => {
  const crew = new Crew({ addr: "127.0.0.1:4001", count: 1 });
  const addr = { network: "tcp", host: "127.0.0.1", port: 9 } as const;
  crew.last.says({ barewire: "hello" });
  crew.last.says({ barewire: "ready", addr, url: undefined });
  crew.last.dies(1);
  crew.pause();
  crew.last.says({ barewire: "hello" });
  assert.is(crew.last.port, 4001);
});

it("one that comes up at another port is killed and started again", () => {
  const crew = new Crew();
  crew.forked[0]?.comesUp(4000);
  crew.forked[1]?.comesUp(5000);
  assert.equal(
    crew.events.slice(-2).map(({ kind, message }) => `${kind}: ${message}`),
    [
      "failed: worker 2 (pid 101) listens on port 5000, and the others on 4000",
      "died: worker 2 (pid 101) ended by SIGKILL and is started again in 100 ms",
    ],
  );
  assert.is(crew.pause(), 100);
});

interface Ending extends Row {
  readonly how: number | string;
  readonly end: string;
}

const ENDINGS: readonly Ending[] = [
  { name: "an end with 0 is one in good order", how: 0, end: "finished" },
  { name: "an end with 1 means that something was cut", how: 1, end: "cut" },
  { name: "an end by a signal means that something was cut", how: "SIGTERM", end: "cut" },
];

table(test, ENDINGS, async ({ how, end }) => {
  const crew = new Crew();
  for (const child of crew.forked) child.comesUp();
  const closed = crew.group.shutdown({ timeout: 70 });
  assert.equal(crew.forked[0]?.heard.at(-1), { barewire: "end", timeoutMs: 70 });
  crew.forked[0]?.dies(0);
  crew.forked[1]?.dies(how);
  assert.is(await closed, end);
  crew.clock.advance(100_000);
  assert.is(crew.forked.length, 2, "nobody is started again");
});

it("one that does not end is killed killTimeout after its time", async () => {
  const crew = new Crew();
  for (const child of crew.forked) child.comesUp();
  const closed = crew.group.shutdown({ timeout: 70 });
  crew.forked[0]?.dies(0);
  crew.clock.advance(70 + WORKER_TIMEOUTS.killTimeout.default - 1);
  assert.is(crew.events.at(-1)?.kind, "ended");
  crew.clock.advance(1);
  assert.is(await closed, "cut");
  assert.ok(crew.events.some(({ kind, worker }) => kind === "killed" && worker === 2));
});

it("a shutdown finds those that boot, that start and that wait for their start", async () => {
  const crew = new Crew({ count: 3 });
  crew.forked[1]?.says({ barewire: "hello" });
  crew.forked[2]?.dies(1);
  const closed = crew.group.shutdown({ timeout: 9 });
  const end = { barewire: "end", timeoutMs: 9 } as const;
  // Nobody listens yet in the first one: it is told when it says hello.
  assert.equal([crew.forked[0]?.heard, crew.forked[1]?.heard.at(-1)], [[], end]);
  crew.forked[0]?.says({ barewire: "hello" });
  assert.equal(crew.forked[0]?.heard, [end]);
  crew.forked[0]?.dies(0);
  // What was not ready had no answer to give.
  crew.forked[1]?.dies(1);
  assert.is(await closed, "finished");
  crew.clock.advance(100_000);
  assert.is(crew.forked.length, 3);
});

it("close kills all, also during a shutdown, and starts nobody", async () => {
  const crew = new Crew();
  for (const child of crew.forked) child.comesUp();
  void crew.group.shutdown();
  assert.is(await crew.group.close(), "cut");
  assert.is(await crew.group.closed, "cut");
  crew.clock.advance(100_000);
  assert.is(crew.forked.length, 2);
});

it("every limit and wait is what the option of its name says", () => {
  for (const name of Object.keys({ ...WORKER_LIMITS, ...WORKER_TIMEOUTS })) {
    assert.is((settingsFrom({ [name]: 7 }) as unknown as Record<string, number>)[name], 7, name);
  }
  assert.is(settingsFrom({}).maxWorkers, 256);
  // A timer of Node's that is told to wait for ever does not wait at all.
  assert.is(settingsFrom({ shutdownTimeout: Infinity }).shutdownTimeout, 1_728_000_000);
});

test.run();

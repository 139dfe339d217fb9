/**
 * `node --import ./scripts/ts-hook.mjs scripts/chaos-client.ts [rounds] [seed]`: the chaos of
 * spec-tests/client/chaos.test.ts over real sockets, 10,000 rounds unless told otherwise.
 *
 * Rule of this file: sockets, real time, and the counts at the end. Exits 1 when something did not hold.
 */
import { type Alarm, type Clock, type Conn, TimerClock } from "../lib/bufio/mod.ts";
import { Transport } from "../lib/client/mod.ts";
import { dial, listen } from "../lib/net/mod.ts";
import { CHAOS_TIMES, Chaos, type World } from "../spec-tests/client/chaos.ts";

const PARALLEL = 48;

/** Longer than this process may be held up by its own garbage: both sides are in it. */
const TIMES = { responseHeaderTimeout: 500, bodyIdleTimeout: 500, writeTimeout: 500 } as const;

const rounds = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 20_301);

/** A real clock that knows how many alarms are watched. */
class CountingClock implements Clock {
  readonly alarms: Set<Alarm> = new Set();
  readonly #inner: TimerClock = new TimerClock({ nextTurn: (fn) => void setImmediate(fn) });

  now(): number {
    return this.#inner.now();
  }
  watch(alarm: Alarm, shortestMs: number): void {
    this.alarms.add(alarm);
    this.#inner.watch(alarm, shortestMs);
  }
  unwatch(alarm: Alarm): void {
    this.alarms.delete(alarm);
    this.#inner.unwatch(alarm);
  }
  nextTurn(fn: () => void): void {
    this.#inner.nextTurn(fn);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 1));

async function overSockets(pipeliningDepth: number, count: number): Promise<boolean> {
  const test = new Chaos(seed + pipeliningDepth);
  const clock = new CountingClock();
  const listener = await listen({ host: "127.0.0.1", port: 0 });
  listener.accept({
    onConn: (conn: Conn) => test.serve(conn, turn),
    onFailure: (error) => {
      throw error;
    },
  });
  let held = 0;
  const { port } = listener.addr;
  const transport = new Transport(
    { ...CHAOS_TIMES, ...TIMES, maxConnsPerHost: 32, pipeliningDepth },
    { clock, dial, hold: (how) => (held += how === "busy" ? 1 : -1), log: () => undefined },
  );
  const world: World = {
    transport,
    origin: `http://127.0.0.1:${port}`,
    now: () => clock.now(),
    turn,
  };
  const from = performance.now();
  await test.run(world, count, PARALLEL);
  const seconds = (performance.now() - from) / 1_000;
  for (let i = 0; i < 100; i++) await turn();
  transport.closeIdleConnections();
  const peers = await test.settled(turn);
  await listener.close();
  const { idle, busy, dialing, waiting } = transport.stats();
  const left = { idle, busy, dialing, waiting, held, alarms: clock.alarms.size, peers };
  const { figures } = test;
  console.log(
    `depth ${pipeliningDepth}, seed ${seed}: ${figures.rounds} rounds in ${seconds.toFixed(1)} s`,
  );
  console.log(
    `  whole ${figures.whole}, cancelled ${figures.cancelled}, aborted ${figures.aborted}`,
  );
  for (const [code, times] of [...figures.errors].toSorted((a, b) => b[1] - a[1])) {
    console.log(`  ${code}: ${times}`);
  }
  console.log(
    `  asked again ${figures.repeated}, longest call ${Math.round(figures.longestMs)} ms`,
  );
  console.log(`  left: ${JSON.stringify(left)}`);
  console.log(`  faults ${figures.faults.length}`);
  for (const fault of figures.faults.slice(0, 20)) console.log(`  FAULT ${fault}`);
  const isClean = Object.values(left).every((n) => n === 0);
  return isClean && figures.faults.length === 0 && figures.rounds === count;
}

const single = await overSockets(1, Math.ceil(rounds * 0.8));
const behind = await overSockets(3, Math.floor(rounds * 0.2));
process.exitCode = single && behind ? 0 : 1;

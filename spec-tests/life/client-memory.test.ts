/**
 * Life and death of a client in memory: random schedules of calls, aborts, cancelled and half-read bodies, closing of what is
 * idle and of all, and servers that answer early, late, in part, twice or never, and disappear.
 *
 * Rule of this file: time stands still unless a schedule moves it, so a seed is a schedule for ever. At its end
 * nothing may be left: no connection, no alarm, no listener, no hold on the process, no promise that nobody caught, and no
 * call without an outcome. BAREWIRE_SEEDS=n tries more of them.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type WireClient, settle } from "../../lib/testing/mod.ts";
import { Rig } from "../client/rig.ts";
import { withDeadline } from "../kit.ts";
import { Asker, NOBODYS, assertNoFaults, ofSeed, replyTo, requestsIn } from "./asking.ts";
import { Dice, nothingUnhandled, turns } from "./schedule.ts";

const test = suite("life of a client in memory");
const SEEDS = Number(process.env["BAREWIRE_SEEDS"] ?? 200);
const GROUP = 50;
const STEPS = 40;
const ORIGINS = ["http://a.test", "http://b.test"];
/** Longer than every timeout, and often enough for one after the other. */
const LONG_STEP_MS = 301_000;
const LONG_STEPS = 6;

interface Life {
  readonly rig: Rig;
  readonly asker: Asker;
  readonly dice: Dice;
  readonly depth: number;
  /** How many requests each server has answered or left unanswered for good. */
  readonly served: Map<WireClient, number>;
}

type Act = (life: Life) => void | Promise<void>;

const ACTS: readonly (readonly [times: number, act: Act])[] = [
  [8, ({ asker, dice }) => asker.ask(dice.of(ORIGINS))],
  [8, serveOne],
  [2, ({ asker }) => asker.abortOne()],
  [2, ({ asker }) => asker.cancelOne()],
  [1, (life) => atOne(life, (server) => server.finish())],
  [1, (life) => atOne(life, (server) => server.reset())],
  [1, (life) => atOne(life, (server) => server.pause())],
  [1, (life) => atOne(life, (server) => server.resume())],
  [1, speakUnasked],
  [1, ({ rig }) => rig.transport.closeIdleConnections()],
  [1, ({ rig, dice }) => void (dice.below(6) === 0 && rig.transport.close())],
  [2, ({ rig, dice }) => rig.clock.advance(dice.of([60, 1_100, 31_000, 61_000, 91_000]))],
];
const BAG: readonly Act[] = ACTS.flatMap(([times, act]) =>
  Array.from({ length: times }, () => act),
);

for (let first = 1; first <= SEEDS; first += GROUP) {
  const last = Math.min(SEEDS, first + GROUP - 1);
  test(
    `whatever happens in whatever order, nothing is left over (seeds ${first} to ${last})`,
    withDeadline(60_000, async () => {
      for (let seed = first; seed <= last; seed++) await ofSeed(seed, () => live(seed));
    }),
  );
}

async function live(seed: number): Promise<void> {
  const dice = new Dice(seed);
  const depth = dice.of([1, 1, 3]);
  const rig = new Rig({
    pipe: {
      chop: dice.of([undefined, 1, 7, () => 1 + dice.below(40)]),
      tenure: dice.of(["given", "borrowed"] as const),
    },
    maxConnsPerHost: 3,
    // So that a large answer is more than what is taken at once.
    maxPrefetchBytes: 2_000,
    maxIdleConnsPerHost: 2,
    pipeliningDepth: depth,
  });
  rig.beforeDial = async () => {
    await turns(dice.below(4));
    if (dice.below(10) === 0) throw new Error("no way there");
  };
  const asker = new Asker(rig.transport, dice);
  const life: Life = { rig, asker, dice, depth, served: new Map() };
  await nothingUnhandled(async () => {
    for (let i = 0; i < STEPS; i++) {
      await dice.of(BAG)(life);
      await turns(dice.below(6));
    }
    await oldAge(life);
  });
  assertNoFaults(asker);
}

/** Time goes by until every timeout has had its say; what then waits does so for its own caller. */
async function oldAge({ rig, asker }: Life): Promise<void> {
  for (let i = 0; i < LONG_STEPS; i++) {
    await settle(4);
    rig.clock.advance(LONG_STEP_MS);
  }
  await settle(20);
  await asker.end();
  await settle(20);
  rig.transport.closeIdleConnections();
  await settle(20);
  assert.is(rig.stats, "0/0/0/0", "connections left over");
  assert.is(rig.held, 0, "holds on the process left over");
  assert.is(rig.clock.watched, 0, "alarms left over");
  for (const server of rig.servers) server.resume();
  await settle(4);
  assert.is(rig.open, 0, "a server still has its connection");
}

/** A server answers the next request that it has, or says what is no answer. */
function serveOne({ rig, dice, served, depth }: Life): void {
  const waiting = rig.servers.filter(
    (server) => server.end === "open" && requestsIn(server.text).length > (served.get(server) ?? 0),
  );
  if (waiting.length === 0) return;
  const server = dice.of(waiting);
  const count = served.get(server) ?? 0;
  const request = requestsIn(server.text)[count];
  if (request === undefined) return;
  const reply = replyTo(request, dice);
  // Behind its end; on a pipelined connection it would be the next one's.
  const isTwice = depth === 1 && reply.after === "keep" && dice.below(12) === 0;
  server.send(isTwice ? reply.text + NOBODYS : reply.text);
  // What a server that has stopped in the middle said next would belong to the same answer.
  served.set(server, reply.after === "keep" && !isTwice ? count + 1 : Infinity);
  if (reply.after === "fin") server.close();
  else if (reply.after === "reset") server.reset();
}

/** Octets on a connection that lies idle at both ends. */
async function speakUnasked(life: Life): Promise<void> {
  await settle(8);
  const { rig, dice, served } = life;
  const idle = rig.servers.filter(
    (server) =>
      server.end === "open" && requestsIn(server.text).length === (served.get(server) ?? 0),
  );
  if (idle.length === 0) return;
  const server = dice.of(idle);
  server.send(dice.of([NOBODYS, "\0", "HTTP/1.1 200 OK\r\nX-Number: 0\r\n", "\r\n"]));
  served.set(server, Infinity);
  await settle(8);
}

function atOne({ rig, dice }: Life, act: (server: WireClient) => void): void {
  const open = rig.servers.filter((server) => server.end === "open");
  if (open.length > 0) act(dice.of(open));
}

test.run();

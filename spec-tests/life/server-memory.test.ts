/**
 * Life and death of a server in memory: random schedules of everything that can end a connection, in every
 * state that a connection can have.
 *
 * Rule of this file: time stands still unless a schedule moves it, so a seed is a schedule for ever. At its end
 * nothing may be left: no connection, no alarm, no promise that nobody caught, and no request whose client can not
 * tell how it ended. BAREWIRE_SEEDS=n tries more of them.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type TestClock, TestServer, type WireClient, settle } from "../../lib/testing/mod.ts";
import { withDeadline } from "../kit.ts";
import {
  ALL_MOODS,
  Dice,
  moody,
  nothingUnhandled,
  readAnswers,
  requestFor,
  turns,
} from "./schedule.ts";

const test = suite("life of a server in memory");
const SEEDS = Number(process.env["BAREWIRE_SEEDS"] ?? 300);
const GROUP = 50;
const CLIENTS = 4;
const STEPS = 12;
/** Longer than every timeout, and than one after the other. */
const LONG_STEP_MS = 30_000;
const LONG_STEPS = 30;

interface Life {
  readonly server: TestServer<unknown, TestClock>;
  readonly clients: Client[];
  readonly begun: Set<string>;
  readonly dice: Dice;
  readonly endings: Promise<unknown>[];
}

interface Client {
  readonly wire: WireClient;
  /** The numbers of the requests that were sent, in order. */
  readonly sent: string[];
  /** "left": by an act of its own. */
  state: "here" | "left";
}

/** What may happen in a step of a schedule; clients do more than servers. */
const ACTS: readonly (readonly [times: number, act: (life: Life) => void])[] = [
  [8, ({ clients, dice }) => ask(dice.of(clients), dice)],
  [2, ({ clients, dice }) => leave(dice.of(clients), "finish")],
  [2, ({ clients, dice }) => leave(dice.of(clients), "reset")],
  [1, ({ clients, dice }) => leave(dice.of(clients), "close")],
  [1, ({ clients, dice }) => dice.of(clients).wire.pause()],
  [1, ({ clients, dice }) => dice.of(clients).wire.resume()],
  [1, ({ clients, dice }) => dice.of(clients).wire.send("GET /quick HTTP/1.1\r\nHo")],
  [1, ({ clients, dice }) => dice.of(clients).wire.send("\0")],
  [2, ({ server, dice }) => server.clock.advance(dice.of([100, 2_100, 6_000, 61_000, 76_000]))],
  [1, ({ server, endings }) => void endings.push(server.server.shutdown())],
  [1, ({ server, endings, dice }) => void endings.push(shutdownForAWhile(server, dice))],
  [1, ({ server, endings, dice }) => dice.below(3) === 0 && void endings.push(server.close())],
  [1, ({ server, dice }) => server.server.setKeepAlivesEnabled(dice.below(2) === 0)],
];
const BAG: readonly ((life: Life) => void)[] = ACTS.flatMap(([times, act]) =>
  Array.from({ length: times }, () => act),
);

for (let first = 1; first <= SEEDS; first += GROUP) {
  const last = Math.min(SEEDS, first + GROUP - 1);
  test(
    `whatever happens in whatever order, nothing is left over (seeds ${first} to ${last})`,
    withDeadline(60_000, async () => {
      for (let seed = first; seed <= last; seed++) await live(seed);
    }),
  );
}

async function live(seed: number): Promise<void> {
  const dice = new Dice(seed);
  const begun = new Set<string>();
  await using server = TestServer.inMemory(moody((number) => begun.add(number)));
  const life: Life = { server, clients: [], begun, dice, endings: [] };
  try {
    await nothingUnhandled(async () => {
      for (let i = 0; i < CLIENTS; i++) {
        const chop = dice.of([undefined, 1, 7, () => 1 + dice.below(40)]);
        const tenure = dice.of(["given", "borrowed"] as const);
        const wire = await server.connect({ chop, tenure });
        life.clients.push({ wire, sent: [], state: "here" });
      }
      for (let i = 0; i < STEPS; i++) {
        dice.of(BAG)(life);
        await turns(dice.below(8));
      }
      await oldAge(life);
    });
    for (const client of life.clients) judge(client, begun);
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
    throw error;
  }
}

/** Everybody reads again, and time goes by until every timeout has had its say. */
async function oldAge({ server, clients, endings }: Life): Promise<void> {
  for (const { wire } of clients) wire.resume();
  for (let i = 0; i < LONG_STEPS; i++) {
    await settle(2);
    server.clock.advance(LONG_STEP_MS);
  }
  await settle(20);
  assert.is(server.server.stats().conns.total, 0, "connections left over");
  assert.is(server.clock.watched, 0, "alarms left over");
  await Promise.all(endings);
  const open = server.states.filter((state) => state === "new").length;
  const gone = server.states.filter((state) => state === "closed" || state === "hijacked").length;
  assert.is(gone, open, "each connection has told its end, once");
}

/** Answers come in the order of the requests, each whole or visibly cut, and none for nothing. */
function judge({ wire, sent, state }: Client, begun: ReadonlySet<string>): void {
  const isHijacked = wire.text.endsWith("hijacked");
  const text = isHijacked ? wire.text.slice(0, -"hijacked".length) : wire.text;
  const { whole, state: last } = readAnswers(text);
  let next = 0;
  for (const { body } of whole) {
    const number = /^#(\w+)#/.exec(body)?.[1];
    if (number === undefined) continue; // a refusal, or a 500
    const at = sent.indexOf(number, next);
    assert.ok(at >= next, `the answer to ${number} comes out of order`);
    assert.ok(begun.has(number), `an answer to ${number}, which no handler has seen`);
    next = at + 1;
  }
  if (state === "left") return;
  assert.is.not(wire.end, "open", `the connection is still there, after ${sent.join()}`);
  // A reset destroys what was on its way.
  if (wire.end === "reset") return;
  const missing = sent.filter((number) => begun.has(number)).length - whole.length;
  assert.ok(missing <= 1, `${missing} requests were begun and not answered`);
  if (last === "clean") return;
  assert.ok(!isHijacked, "hijacked in the middle of an answer");
}

let numbers = 0;

function ask({ wire, sent, state }: Client, dice: Dice): void {
  if (state === "left") return;
  for (let i = dice.below(3); i >= 0; i--) {
    const number = String(++numbers);
    sent.push(number);
    wire.send(requestFor(dice.of(ALL_MOODS), number, dice));
  }
}

function leave(client: Client, how: "finish" | "reset" | "close"): void {
  client.wire[how]();
  client.state = "left";
}

/** A shutdown whose caller loses patience, and then closes. */
async function shutdownForAWhile(server: Life["server"], dice: Dice): Promise<void> {
  const patience = new AbortController();
  const ending = server.server.shutdown({ signal: patience.signal });
  await turns(dice.below(6));
  patience.abort(new Error("no patience"));
  await ending.catch((error: unknown) => assert.is((error as Error).message, "no patience"));
  await server.close();
}

test.run();

// What must hold whatever a server does: no hang, no foreign answer, no POST twice, nothing left behind.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, pipe } from "../../lib/bufio/mod.ts";
import { ClientError } from "../../lib/client/errors.ts";
import { Transport } from "../../lib/client/transport.ts";
import { TestClock, settle } from "../../lib/testing/mod.ts";
import { table, withDeadline } from "../kit.ts";
import { CHAOS_TIMES, Chaos, type Figures } from "./chaos.ts";
import { Rig, reasonOf } from "./rig.ts";

const chaos = suite("Transport in chaos");

/** ms of the clock for each turn. */
const TURN_MS = 4;

interface Run {
  readonly figures: Figures;
  readonly left: object;
}

/** So many rounds over pipes; the clock moves on with each turn. */
async function overPipes(seed: number, rounds: number, pipeliningDepth: number): Promise<Run> {
  const test = new Chaos(seed);
  const clock = new TestClock();
  const turn = async (): Promise<void> => settle(1);
  let held = 0;
  let open = 0;
  const dial = async (): Promise<Conn> => {
    const chance = test.random();
    if (chance < 0.03) throw new Error("no way");
    if (chance < 0.1) await settle(5);
    const chop = chance < 0.4 ? 20 + Math.floor(chance * 1_000) : 65_536;
    const tenure = chance < 0.7 ? "borrowed" : "given";
    const [near, far] = pipe({ chop, tenure, highWaterBytes: 16_384 });
    test.serve(far, turn);
    open++;
    return near;
  };
  const transport = new Transport(
    { ...CHAOS_TIMES, pipeliningDepth },
    { clock, dial, hold: (how) => (held += how === "busy" ? 1 : -1), log: () => undefined },
  );
  let isOver = false;
  const time = (async (): Promise<void> => {
    while (!isOver) {
      await turn();
      clock.advance(TURN_MS);
    }
  })();
  const world = { transport, origin: "http://a.test", now: () => clock.now(), turn };
  await test.run(world, rounds, 12);
  await settle(40);
  transport.closeIdleConnections();
  const peers = await test.settled(turn);
  isOver = true;
  await time;
  const { idle, busy, dialing, waiting } = transport.stats();
  const left = { idle, busy, dialing, waiting, held, alarms: clock.watched, peers };
  assert.ok(open > 0);
  return { figures: test.figures, left };
}

table(
  chaos,
  [
    { name: "one request a connection at a time", seed: 20_301, depth: 1 },
    { name: "requests behind requests", seed: 4_711, depth: 3 },
  ],
  ({ seed, depth }) =>
    withDeadline(60_000, async () => {
      const { figures, left } = await overPipes(seed, 300, depth);
      assert.equal(figures.faults, []);
      assert.is(figures.rounds, 300);
      assert.ok(figures.whole > 50 && figures.errors.size > 5, "it is no chaos");
      assert.equal(left, {
        idle: 0,
        busy: 0,
        dialing: 0,
        waiting: 0,
        held: 0,
        alarms: 0,
        peers: 0,
      });
    })(),
);

/** Cut after every octet, on a connection that had served before. */
const CUTS: readonly { name: string; answer: string; empty?: boolean }[] = [
  { name: "with a length", answer: "HTTP/1.1 200 OK\r\nX-Id: 1\r\nContent-Length: 5\r\n\r\n12345" },
  {
    name: "chunked, with a trailer",
    answer:
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n3;x\r\n345\r\n0\r\nX-T: 1\r\n\r\n",
  },
  {
    name: "behind interim ones",
    answer:
      "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345",
  },
  { name: "without a body", answer: "HTTP/1.1 204 No\r\nX-Id: 1\r\n\r\n", empty: true },
];

table(chaos, CUTS, async ({ answer, empty }) => {
  for (const how of ["fin", "reset"] as const) {
    for (let at = 0; at <= answer.length; at++) {
      const rig = new Rig();
      await rig.exchange();
      const { response, server } = await rig.asked({ method: "POST", body: "once" });
      server.send(answer.slice(0, at));
      await settle(1);
      if (how === "fin") server.close();
      else server.reset();
      const read = response.then(async ({ body }) => body.text());
      const where = `${how} at ${at}`;
      if (at === answer.length) assert.is(await read, empty === true ? "" : "12345", where);
      else assert.instance(await reasonOf(read), ClientError, where);
      assert.is(rig.dialled.length, 1, `${where}: a POST is not sent again`);
      await rig.assertClean();
    }
  }
});

chaos.run();

/**
 * Peers that take their time: slow heads, slow and stalled bodies, readers that do not read, silence.
 *
 * Rule of this file: a table. Each row makes two checks: many such peers held at default settings, for memory
 * and for the latency of others; and some of them against the same server with one timeout shortened, for
 * the cut, because the defaults are a minute. That all are cut at the defaults too is one more check, which
 * takes a minute and a half.
 */
import { BOTH, type Check, must, NOBODY, type World } from "./check.ts";
import { connectMany, type Peer, sleep, until } from "./peer.ts";

interface SlowRow {
  readonly name: string;
  /** How many are held. */
  readonly peers: number;
  /** What is sent at once. */
  readonly first: string;
  /** What is sent every quarter of a second from then on. */
  readonly drip?: string;
  readonly reads: "all" | "nothing";
  /** The timeout that ends it, and the status that is answered (0: cut without a word). */
  readonly timeout: string;
  readonly status: number;
  /** The default of that timeout in s. */
  readonly defaultS: number;
  /** Whether node:http has a counterpart to the timeout. */
  readonly peer: "node-http" | "none";
  /** Whether short runs wait for the cut too. */
  readonly cutIn: "every" | "full";
}

const DRIP_MS = 250;
/** In the second run the timeout is this long; slack: a quarter of it for the clock, and a busy machine. */
const SHORT_TIMEOUT_MS = 800;
const SLACK_MS = 1000;

const ROWS: readonly SlowRow[] = [
  {
    name: "slow heads",
    peers: 300,
    first: "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    drip: "x",
    reads: "all",
    timeout: "readHeaderTimeout",
    status: 408,
    defaultS: 60,
    peer: "node-http",
    cutIn: "every",
  },
  {
    name: "slow request lines, one field at a time",
    peers: 300,
    first: "GET / HTTP/1.1\r\n",
    drip: "X-Slow: a\r\n",
    reads: "all",
    timeout: "readHeaderTimeout",
    status: 408,
    defaultS: 60,
    peer: "node-http",
    cutIn: "full",
  },
  {
    name: "slow bodies",
    peers: 300,
    first: "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
    drip: "x",
    reads: "all",
    timeout: "handlerTimeout",
    status: 503,
    defaultS: 300,
    peer: "node-http",
    cutIn: "full",
  },
  {
    name: "stalled bodies",
    peers: 300,
    first: "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf",
    reads: "all",
    timeout: "readTimeout",
    status: 408,
    defaultS: 60,
    peer: "none",
    cutIn: "full",
  },
  {
    name: "bodies that nobody reads and that never end",
    peers: 300,
    first: "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
    drip: "x",
    reads: "all",
    timeout: "drainTimeout",
    status: 200,
    defaultS: 5,
    peer: "none",
    cutIn: "full",
  },
  {
    name: "slow readers",
    peers: 60,
    first: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n",
    reads: "nothing",
    timeout: "writeTimeout",
    status: 0,
    defaultS: 60,
    peer: "none",
    cutIn: "every",
  },
  {
    name: "silent connections",
    peers: 500,
    first: "",
    reads: "all",
    timeout: "readHeaderTimeout",
    status: 0,
    defaultS: 60,
    peer: "node-http",
    cutIn: "full",
  },
  {
    name: "kept connections that say nothing more",
    peers: 500,
    first: "GET /hello/you HTTP/1.1\r\nHost: a\r\n\r\n",
    reads: "all",
    timeout: "idleTimeout",
    status: 200,
    defaultS: 75,
    peer: "node-http",
    cutIn: "full",
  },
];

export const SLOW_CHECKS: readonly Check[] = [
  ...ROWS.map(held),
  ...ROWS.map(cut),
  {
    name: "all of these at default settings, until they are cut",
    bar: "no descriptor left over after 75 s, the peers still there; slow bodies have 300 s and are left out",
    subject: { program: "rig" },
    innocents: BOTH,
    size: "full",
    peer: "none",
    attack: allUntilCut,
  },
];

/** Many of them, at default settings. */
function held(row: SlowRow): Check {
  return {
    name: row.name,
    bar: "held at default settings: the bars of all",
    subject: { program: "rig" },
    innocents: BOTH,
    peer: "node-http",
    attack: async (world) => {
      const peers = await begin(row, world, world.count(row.peers));
      await drip(row, peers, () => false, world.seconds * 1000);
      for (const peer of peers) peer.leave();
      return `${peers.length} held ${world.seconds} s`;
    },
  };
}

/** Some of them, with the timeout shortened. */
function cut(row: SlowRow): Check {
  return {
    name: `${row.name}: the cut`,
    bar: `with ${row.timeout} at ${SHORT_TIMEOUT_MS} ms: ${row.status || "nothing"} answered, descriptors back ${SHORT_TIMEOUT_MS} to ${cutMsMax(row)} ms later, the peers still there`,
    subject: { program: "rig", options: { [row.timeout]: SHORT_TIMEOUT_MS } },
    innocents: NOBODY,
    peer: row.peer,
    ...(row.cutIn === "every" ? {} : { size: "full" }),
    attack: async (world) => {
      const begun = performance.now();
      const peers = await begin(row, world, world.count(50));
      // Accepted by the kernel is not yet accepted by the server.
      const all = world.idleDescriptors + peers.length;
      await until(() => world.descriptors() >= all, SHORT_TIMEOUT_MS);
      const over = (): boolean => world.descriptors() <= world.idleDescriptors;
      await drip(row, peers, over, cutMsMax(row) + SLACK_MS);
      const ms = Math.round(performance.now() - begun);
      const isOurs = world.server === "barewire";
      const wrong = isOurs ? peers.find((peer) => peer.status !== row.status) : undefined;
      const isOver = over();
      for (const peer of peers) peer.leave();
      must(isOver, `not cut within ${ms} ms: ${world.descriptors()} descriptors`);
      must(ms >= SHORT_TIMEOUT_MS, `cut after ${ms} ms, before its time`);
      must(ms <= cutMsMax(row), `cut after ${ms} ms`);
      must(wrong === undefined, `answered ${wrong?.status} instead of ${row.status}`);
      return `${peers.length} cut after ${ms} ms`;
    },
  };
}

/** What is answered is followed by lingerTimeout: the peers do not close. */
function cutMsMax(row: SlowRow): number {
  const lingers = row.status >= 400 || row.timeout === "drainTimeout";
  return SHORT_TIMEOUT_MS * 1.25 + (lingers ? 2500 : 0) + SLACK_MS;
}

async function allUntilCut(world: World): Promise<string> {
  const rows = ROWS.filter(({ defaultS }) => defaultS <= 75);
  const begun = performance.now();
  const innocents = BOTH.length;
  const over = (): boolean => world.descriptors() <= world.idleDescriptors + innocents;
  const all = await Promise.all(
    rows.map(async (row) => ({ row, peers: await begin(row, world, 20) })),
  );
  await Promise.all(all.map(({ row, peers }) => drip(row, peers, over, 85_000)));
  const seconds = (performance.now() - begun) / 1000;
  for (const peer of all.flatMap(({ peers }) => peers)) peer.leave();
  must(seconds < 80, `${world.descriptors()} descriptors after ${seconds.toFixed(1)} s`);
  return `${all.length * 20} peers of ${all.length} kinds gone after ${seconds.toFixed(1)} s`;
}

async function begin(row: SlowRow, world: World, count: number): Promise<Peer[]> {
  const peers = await connectMany(world.target, count);
  for (const peer of peers) {
    if (row.reads === "nothing") peer.socket.pause();
    if (row.first !== "") void peer.send(row.first);
  }
  return peers;
}

/** Goes on slowly until it is over, or for so long. */
async function drip(
  row: SlowRow,
  peers: readonly Peer[],
  over: () => boolean,
  ms: number,
): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until && !over()) {
    if (row.drip !== undefined) for (const peer of peers) void peer.send(row.drip);
    await sleep(Math.min(row.drip === undefined ? 50 : DRIP_MS, until - performance.now()));
  }
}

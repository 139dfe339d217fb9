/**
 * What is at its end: places for connections, descriptors, a Listener, a TLS handshake.
 *
 * Rule of this file: the server is brought to its bound and must go on beyond it.
 */
import { BOTH, type Check, must, NOBODY, type World } from "./check.ts";
import { again, connectMany, connectTo, type Peer, sleep, until } from "./peer.ts";

const MAX_CONNS = 100;
const DESCRIPTORS_MAX = 256;
const HOLD = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n";
const GET = "GET /hello/you HTTP/1.1\r\nHost: a\r\n\r\n";
/** The first bytes of a ClientHello that announces more than will come. */
const HALF_HELLO = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

export const BOUNDS_CHECKS: readonly Check[] = [
  {
    name: "maxConns reached",
    bar: `maxConns ${MAX_CONNS}: the surplus is answered 503 with Retry-After, the rest unharmed, places are free again at once`,
    subject: { program: "rig", options: { maxConns: MAX_CONNS } },
    innocents: ["kept"],
    peer: "node-http",
    attack: surplus,
  },
  {
    name: "a low descriptor limit",
    bar: `ulimit -n ${DESCRIPTORS_MAX}, default settings: the process stays below it, the surplus is answered 503 or cut, whoever is in goes on, newcomers are served afterwards`,
    subject: { program: "rig", descriptorsMax: DESCRIPTORS_MAX },
    innocents: ["kept"],
    peer: "node-http",
    attack: fewDescriptors,
  },
  {
    name: "a low descriptor limit, and handshakes that stall",
    bar: `ulimit -n ${DESCRIPTORS_MAX}, default settings: the process stays below it, whoever is in goes on, newcomers are served afterwards`,
    subject: { program: "rig", security: "tls", descriptorsMax: DESCRIPTORS_MAX },
    innocents: ["kept"],
    peer: "node-http",
    attack: stalledDescriptors,
  },
  foreign("a foreign Listener that fails", 0),
  foreign("a foreign Listener that never stops to fail", 1),
  foreign("a foreign Listener whose accept rejects", 2),
  foreignEnd(),
  {
    name: "TLS peers that stall in the handshake",
    bar: "held at default settings, some silent, some after half a ClientHello: the bars of all",
    subject: { program: "rig", security: "tls" },
    innocents: BOTH,
    peer: "node-http",
    attack: async (world) => {
      const peers = await stalling(world, world.count(300));
      await sleep(world.seconds * 1000);
      for (const peer of peers) peer.leave();
      return `${peers.length} held ${world.seconds} s`;
    },
  },
  {
    name: "TLS peers that stall in the handshake: the cut",
    bar: "at the default of 10 s: all are cut 10 to 11 s later, nobody else notices",
    subject: { program: "rig", security: "tls" },
    innocents: BOTH,
    size: "full",
    peer: "node-http",
    attack: (world) => handshakesCut(world, 10_000),
  },
  {
    name: "TLS peers that stall in the handshake: the cut, shortened",
    bar: "with tlsHandshakeTimeout at 800 ms: all are cut 0.8 to 1.8 s later",
    subject: { program: "rig", security: "tls", options: { tlsHandshakeTimeout: 800 } },
    innocents: NOBODY,
    peer: "none",
    attack: (world) => handshakesCut(world, 800),
  },
];

async function surplus(world: World): Promise<string> {
  // One place is the innocent's.
  const inside = await connectMany(world.target, MAX_CONNS - 1);
  for (const peer of inside) await peer.send(HOLD);
  await until(() => world.descriptors() >= world.idleDescriptors + MAX_CONNS, 5000);
  let refused = 0;
  let otherwise = 0;
  const times = await again(world.count(20), world.seconds, async () => {
    const peer = await connectTo(world.target);
    await peer.answered(5000);
    if (peer.status === 503 && /^Retry-After: \d+\r$/m.test(peer.text)) refused++;
    else otherwise++;
    peer.leave();
  });
  const harmed = inside.filter((peer) => !peer.open).length;
  for (const peer of inside) peer.leave();
  const isServed = await newcomerServed(world);
  must(otherwise === 0, `${otherwise} of ${times} were not answered 503 with Retry-After`);
  must(harmed === 0, `${harmed} of those inside were cut`);
  must(isServed, "a newcomer is not served after the others have left");
  return `${refused} answered 503, ${inside.length} inside unharmed`;
}

async function fewDescriptors(world: World): Promise<string> {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, world.descriptors())), 5);
  const peers = await Promise.allSettled(
    Array.from({ length: DESCRIPTORS_MAX * 3 }, () => connectTo(world.target)),
  );
  const open = peers.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  for (const peer of open) void peer.send(HOLD);
  await sleep(Math.max(1000, world.seconds * 1000));
  clearInterval(timer);
  const inside = open.filter((peer) => peer.open).length;
  const refused = open.filter((peer) => peer.status === 503).length;
  for (const peer of open) peer.leave();
  const isServed = await newcomerServed(world);
  must(most < DESCRIPTORS_MAX, `${most} of ${DESCRIPTORS_MAX} descriptors were open`);
  must(inside > DESCRIPTORS_MAX / 4, `only ${inside} were let in`);
  must(isServed, "a newcomer is not served after the others have left");
  return `${open.length} came, ${inside} let in, ${refused} answered 503, at most ${most} descriptors`;
}

async function stalledDescriptors(world: World): Promise<string> {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, world.descriptors())), 5);
  const peers = await stalling(world, DESCRIPTORS_MAX * 2);
  await sleep(Math.max(1000, world.seconds * 1000));
  clearInterval(timer);
  const held = peers.filter((peer) => peer.open).length;
  for (const peer of peers) peer.leave();
  must(most < DESCRIPTORS_MAX, `${most} of ${DESCRIPTORS_MAX} descriptors were open`);
  return `${peers.length} stalled, ${held} of them held, at most ${most} descriptors`;
}

/** How long the kernel and the server take to see that the others have left. */
async function newcomerServed(world: World): Promise<boolean> {
  for (let i = 0; i < 50; i++) {
    const peer = await connectTo(world.target);
    await peer.send(GET);
    const status = await peer.answered(2000);
    peer.leave();
    if (status === 200) return true;
    await sleep(20);
  }
  return false;
}

function foreign(name: string, how: number): Check {
  return {
    name,
    bar: "the sockets of the same server are served on, no crash, no endless log",
    subject: { program: "foreign-listener", options: { how } },
    innocents: BOTH,
    peer: "none",
    attack: async (world) => {
      await sleep(Math.max(400, world.seconds * 1000));
      const lines = world.log().split("\n").length;
      must(!world.log().includes("accepting has died"), "the server says that accepting has died");
      must(world.log().includes("accepting has ended"), "nobody was told of the failure");
      must(lines < 20, `${lines} lines of log`);
      return `told in ${lines - 2} lines`;
    },
  };
}

/** The same with an end: shutdown, although closing that Listener fails too. */
function foreignEnd(): Check {
  return {
    name: "a foreign Listener that cannot be closed",
    bar: "the server is shut down in good order, no unhandled rejection",
    subject: { program: "foreign-listener", options: { how: 3 } },
    innocents: NOBODY,
    peer: "none",
    attack: async (world) => {
      const peers = await connectMany(world.target, 20);
      for (const peer of peers) await peer.send(GET);
      for (const peer of peers) await peer.answered();
      const log = await world.terminate();
      for (const peer of peers) peer.leave();
      must(log.includes("shut down"), `no good end:\n${log}`);
      return "shut down in good order";
    },
  };
}

async function stalling(world: World, count: number): Promise<Peer[]> {
  const peers = await connectMany(world.target, count);
  for (const [index, peer] of peers.entries()) if (index % 2 === 0) await peer.send(HALF_HELLO);
  return peers;
}

async function handshakesCut(world: World, timeoutMs: number): Promise<string> {
  const begun = performance.now();
  const peers = await stalling(world, world.count(100));
  // Measured at the peers: fresh innocents come and go at the server.
  await until(() => peers.every((peer) => !peer.open), timeoutMs + 3000);
  const left = peers.filter((peer) => peer.open).length;
  const ends = peers.map((peer) => (peer.endedAt ?? Infinity) - begun);
  for (const peer of peers) peer.leave();
  must(left === 0, `${left} of ${peers.length} were not cut`);
  const first = Math.round(Math.min(...ends));
  const last = Math.round(Math.max(...ends));
  must(first >= timeoutMs && last <= timeoutMs + 1000, `cut after ${first} to ${last} ms`);
  return `${peers.length} cut after ${first} to ${last} ms`;
}

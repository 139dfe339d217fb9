/**
 * Fairness: one who asks without end, and one who is answered without end, beside everybody else.
 *
 * Rule of this file: the greedy are few and fast; what is judged is how long the others wait.
 */
import { BOTH, type Check, must, type World } from "./check.ts";
import { connectMany, type Peer, sleep } from "./peer.ts";

/** On a machine that has nothing else to do. */
const PIPELINE_P99_MS_MAX = 50;
const GET = "GET /hello/you HTTP/1.1\r\nHost: a\r\n\r\n";
const POST = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789";

function pipelining(name: string, program: "demo" | "rig", request: string): Check {
  return {
    name,
    bar: `p99 at most ${PIPELINE_P99_MS_MAX} ms on an idle machine, where the run is not a short one`,
    subject: { program },
    innocents: BOTH,
    p99MsMax: PIPELINE_P99_MS_MAX,
    peer: "node-http",
    attack: (world) => pipeline(world, request),
  };
}

export const FAIRNESS_CHECKS: readonly Check[] = [
  pipelining("one connection that pipelines without end", "rig", GET),
  pipelining("one connection that pipelines without end, on the demo", "demo", GET),
  pipelining("one connection that pipelines bodies without end", "rig", POST),
  {
    name: "handlers that write small pieces without end",
    bar: "4 readers as fast as they can: the bars of all",
    subject: { program: "rig" },
    innocents: BOTH,
    peer: "node-http",
    attack: async (world) => {
      const peers = await connectMany(world.target, 4);
      for (const peer of peers) void peer.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
      await sleep(world.seconds * 1000);
      return enough(peers);
    },
  },
  {
    name: "pipelining without reading",
    bar: "the bars of all",
    subject: { program: "demo" },
    innocents: BOTH,
    peer: "node-http",
    attack: (world) => unread(world, GET),
  },
  {
    name: "pipelining large answers without reading",
    bar: "the bars of all",
    subject: { program: "rig" },
    innocents: BOTH,
    peer: "node-http",
    attack: (world) => unread(world, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"),
  },
];

async function pipeline(world: World, request: string): Promise<string> {
  const peers = await connectMany(world.target, 1);
  const many = request.repeat(500);
  const until = performance.now() + world.seconds * 1000;
  for (const peer of peers) {
    while (peer.open && performance.now() < until) {
      await peer.send(many);
      await new Promise(setImmediate);
    }
  }
  return enough(peers);
}

/** The greedy themselves are served too. */
function enough(peers: readonly Peer[]): string {
  const bytes = peers.reduce((sum, peer) => sum + peer.receivedBytes, 0);
  const isOpen = peers.every((peer) => peer.open);
  for (const peer of peers) peer.leave();
  must(bytes > 0 && isOpen, `the greedy were cut after ${bytes} bytes`);
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB answered`;
}

async function unread(world: World, request: string): Promise<string> {
  const peers = await connectMany(world.target, world.count(40));
  const many = request.repeat(500);
  for (const peer of peers) {
    peer.socket.pause();
    void keepSending(peer, many);
  }
  await sleep(world.seconds * 1000);
  const sent = peers.reduce((sum, peer) => sum + peer.sentBytes, 0);
  for (const peer of peers) peer.leave();
  return `${peers.length} have sent ${(sent / 1024 / 1024).toFixed(1)} MiB`;
}

/** Waits for room: what the server does not take, stays with the sender. */
async function keepSending(peer: Peer, many: string): Promise<void> {
  while (peer.open) {
    await peer.send(many);
    await new Promise(setImmediate);
  }
}

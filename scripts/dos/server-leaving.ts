/**
 * Clients that leave: abruptly at every stage, by half, or right after they have come.
 *
 * Rule of this file: a table of stages, each left by a reset, by a close, and by ending one side only. What is
 * judged is what is left over, and that nobody else notices.
 */
import { BOTH, type Check, must, type World } from "./check.ts";
import { again, connectMany, connectTo, type Peer, sleep, until } from "./peer.ts";

interface Stage {
  readonly name: string;
  readonly sent: string;
  /** Whether something must have come back before the client leaves. */
  readonly after: "sending" | "first-bytes";
}

const STAGES: readonly Stage[] = [
  { name: "before a byte", sent: "", after: "sending" },
  { name: "in the request line", sent: "GET /hel", after: "sending" },
  { name: "in a field", sent: "GET / HTTP/1.1\r\nHost: a\r\nX-Ha", after: "sending" },
  { name: "before the empty line", sent: "GET / HTTP/1.1\r\nHost: a\r\n", after: "sending" },
  { name: "after the head", sent: "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n", after: "sending" },
  {
    name: "in a body of known length",
    sent: "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
    after: "sending",
  },
  {
    name: "in a chunk",
    sent: "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
    after: "sending",
  },
  {
    name: "in a body that nobody reads",
    sent: "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
    after: "first-bytes",
  },
  {
    name: "in a large answer",
    sent: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n",
    after: "first-bytes",
  },
  {
    name: "in an endless answer",
    sent: "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n",
    after: "first-bytes",
  },
  {
    name: "before an answer that comes later",
    sent: "GET /later HTTP/1.1\r\nHost: a\r\n\r\n",
    after: "sending",
  },
  {
    name: "between pipelined requests",
    sent: "GET /hello/you HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50),
    after: "first-bytes",
  },
  { name: "after a refusal", sent: "GET / HTTP/9.9\r\n\r\n", after: "first-bytes" },
];

export const LEAVING_CHECKS: readonly Check[] = [
  {
    name: "abrupt disconnects at every stage",
    bar: `${STAGES.length} stages, by reset and by close: the bars of all`,
    subject: { program: "rig" },
    innocents: BOTH,
    peer: "node-http",
    attack: disconnects,
  },
  {
    name: "half-open peers at every stage",
    bar: "they end their side and stay: no descriptor left over after 3 s, but for answers that nobody takes",
    subject: { program: "rig" },
    innocents: BOTH,
    peer: "node-http",
    attack: halfOpen,
  },
  {
    name: "connection churn",
    bar: "each is answered 200",
    subject: { program: "demo" },
    innocents: BOTH,
    peer: "node-http",
    attack: churn,
  },
  {
    name: "connections that come and go without a word",
    bar: "the bars of all",
    subject: { program: "demo" },
    innocents: BOTH,
    peer: "node-http",
    attack: comeAndGo,
  },
];

async function disconnects(world: World): Promise<string> {
  const times = await again(world.count(50), world.seconds, async (round) => {
    const peer = await at(STAGES[round % STAGES.length], world);
    if ((Math.floor(round / STAGES.length) & 1) === 0) peer.reset();
    else peer.leave();
  });
  return `${times} disconnects`;
}

async function halfOpen(world: World): Promise<string> {
  // Those who end their side may still want their answer: a large one goes on for as long as it moves.
  const stages = STAGES.filter(({ name }) => !name.includes("large") && !name.includes("endless"));
  const each = world.count(10);
  const peers: Peer[] = [];
  for (const stage of stages) {
    for (let i = 0; i < each; i++) {
      const peer = await at(stage, world);
      peer.socket.end();
      peers.push(peer);
    }
  }
  const baseline = world.idleDescriptors + BOTH.length;
  const isOver = await until(() => world.descriptors() <= baseline, 3000);
  const left = world.descriptors() - baseline;
  for (const peer of peers) peer.leave();
  must(isOver, `${left} descriptors of ${peers.length} are still open`);
  return `${peers.length} half-open peers`;
}

async function churn(world: World): Promise<string> {
  let wrong = 0;
  const times = await again(world.count(40), world.seconds, async () => {
    const peer = await connectTo(world.target);
    await peer.send("GET /hello/you HTTP/1.1\r\nHost: a\r\n\r\n");
    if ((await peer.answered()) !== 200) wrong++;
    // A reset leaves no port in TIME_WAIT: the ports of this machine are finite too.
    peer.reset();
  });
  must(wrong === 0, `${wrong} of ${times} were not answered 200`);
  return `${times} connections`;
}

async function comeAndGo(world: World): Promise<string> {
  let times = 0;
  const end = performance.now() + world.seconds * 1000;
  while (performance.now() < end) {
    const peers = await connectMany(world.target, 50);
    times += peers.length;
    for (const peer of peers) peer.reset();
    await sleep(1);
  }
  return `${times} connections`;
}

async function at(stage: Stage | undefined, world: World): Promise<Peer> {
  const peer = await connectTo(world.target);
  if (stage === undefined) return peer;
  if (stage.sent !== "") await peer.send(stage.sent);
  if (stage.after === "first-bytes")
    await peer.until(() => peer.receivedBytes > 0 || !peer.open, 5000);
  return peer;
}

/**
 * Servers that leave or mislead: resets at every stage, connections that die between two requests, answers that
 * nobody asked for, circles of redirects, answers that come before the upload was read; and scripts that must end.
 *
 * Rule of this file: a call may fail, with a code; what it must not get is another one's answer.
 */
import type { ClientCheck, ScriptCheck } from "./client-check.ts";
import { answering, numbered, POISON, type Script, type Victim } from "./hostile.ts";
import { sleep } from "./peer.ts";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const LOST = ["connection-lost", "truncated-head", "truncated-body", "reset", "broken-pipe"];

/** So long a connection certainly lies idle. */
const IDLE_MS = 15;

const STAGES: readonly string[] = [
  "",
  "HT",
  "HTTP/1.1 200 O",
  "HTTP/1.1 200 OK\r\nContent-Le",
  "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
  "HTTP/1.1 103 Early Hints\r\n\r\n",
  HEAD,
  `${HEAD}half`,
  CHUNKED,
  `${CHUNKED}5`,
  `${CHUNKED}5\r\nhel`,
  `${CHUNKED}5\r\nhello\r\n`,
  `${CHUNKED}0\r\n`,
  `${CHUNKED}0\r\nX-T: x`,
];

export const LEAVING_CLIENT_CHECKS: readonly ClientCheck[] = [
  {
    name: "client: servers that leave at every stage",
    bar: `${STAGES.length} stages, by reset and by close: ${LOST.join(", ")}`,
    client: {},
    script: leaveAtStage,
    manner: "bytes",
    atATime: 32,
    calls: "again",
    codes: LOST,
    msMax: 2000,
    peer: "fetch",
  },
  {
    name: "client: servers that leave before a request can be read",
    bar: `connections reset when they stand: ${LOST.join(", ")}`,
    client: {},
    script: (victim) => victim.reset(),
    manner: "bytes",
    atATime: 16,
    calls: "again",
    codes: LOST,
    msMax: 2000,
    peer: "fetch",
  },
  {
    name: "client: connections that end when they are used again",
    bar: "each GET is answered: it is repeated",
    client: {},
    script: endsOnUse,
    manner: "bytes",
    atATime: 16,
    calls: "again",
    codes: ["ok 200"],
    peer: "fetch",
  },
  {
    name: "client: connections that end at any moment between two requests",
    bar: "each GET is answered",
    client: {},
    script: async (victim) => {
      const number = await victim.request();
      if (number === undefined) return;
      await victim.send(numbered(number));
      await sleep(Number(number) % 4);
      if (Number(number) % 2 === 0) victim.reset();
      else victim.socket.end();
    },
    manner: "bytes",
    // Ours reads the answer, then the end; a reset may overtake an answer, never one that was read.
    atATime: 16,
    calls: "again",
    codes: ["ok 200", "reset"],
    peer: "fetch",
  },
  {
    name: "client: an answer that nobody asked for, in the same packet",
    bar: "no call is given it",
    client: {},
    script: answering((number) => numbered(number) + POISON.repeat(3)),
    manner: "bytes",
    atATime: 16,
    calls: "again",
    codes: ["ok 200"],
    peer: "fetch",
  },
  {
    name: "client: answers that nobody asked for, on connections that lie idle",
    bar: "no call is given them",
    client: {},
    script: poisonLater,
    manner: "bytes",
    // Once the next request is on its way, whatever comes is its answer: that is the server's right. So one
    // at a time, with pauses.
    atATime: 1,
    pauseMs: 30,
    calls: "again",
    codes: ["ok 200"],
    peer: "fetch",
  },
  {
    name: "client: redirects in a circle",
    bar: "too-many-redirects",
    client: {},
    script: answering((number) => redirectTo(`/${number}`)),
    manner: "bytes",
    atATime: 16,
    calls: "again",
    codes: ["too-many-redirects"],
    peer: "fetch",
  },
  {
    name: "client: redirects in a circle, each with a body without end",
    bar: "too-many-redirects within 5 s; the bodies are not taken",
    client: {},
    script: async (victim) => {
      const number = await victim.request();
      if (number === undefined) return;
      await victim.send(`HTTP/1.1 302 Found\r\nLocation: /${number}\r\n\r\n`);
      await victim.floodWith("x".repeat(4096));
    },
    manner: "bytes",
    atATime: 8,
    calls: "again",
    codes: ["too-many-redirects"],
    msMax: 5000,
    peer: "fetch",
  },
  {
    name: "client: uploads of 64 MiB, refused at once and never read",
    bar: "each is answered 413, or its connection is seen to be lost",
    client: {},
    script: refuseUpload,
    manner: "bytes",
    upload: { octets: 67_108_864, as: "stream" },
    atATime: 8,
    calls: "again",
    codes: ["ok 413", ...LOST],
    msMax: 3000,
    peer: "fetch",
  },
  {
    name: "client: uploads of 8 MiB in one piece, and connections reset in the middle",
    bar: LOST.join(", "),
    client: {},
    script: async (victim) => {
      await victim.request();
      await victim.until(() => victim.receivedBytes > 500_000 || !victim.open);
      victim.reset();
    },
    manner: "bytes",
    upload: { octets: 8_388_608, as: "piece" },
    atATime: 8,
    calls: "again",
    codes: LOST,
    msMax: 3000,
    peer: "fetch",
  },
];

const silent: Script = async (victim) => {
  for (;;) {
    const number = await victim.request();
    if (number === undefined) return;
    await victim.send(`HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(100_000)}`);
  }
};

export const SCRIPT_CHECKS: readonly ScriptCheck[] = [
  {
    name: "client: a script that leaves its bodies unread ends",
    bar: "by itself, within 3 s",
    how: "leave",
    script: silent,
    msMax: 3000,
  },
  {
    name: "client: a script that cancels its bodies ends",
    bar: "by itself, within 3 s",
    how: "cancel",
    script: silent,
    msMax: 3000,
  },
  {
    name: "client: a script whose connections lie idle ends",
    bar: "by itself, within 3 s; the server closes none",
    how: "read",
    script: answering((number) => numbered(number)),
    msMax: 3000,
  },
];

async function leaveAtStage(victim: Victim): Promise<void> {
  const number = await victim.request();
  if (number === undefined) return;
  const stage = STAGES[Number(number) % STAGES.length] ?? "";
  await victim.send(stage);
  if (Number(number) % 3 > 0) await sleep(1);
  if (Math.floor(Number(number) / STAGES.length) % 2 === 0) victim.reset();
  else victim.socket.end();
}

/** The first request of a connection is answered; the second meets a connection that ends. */
async function endsOnUse(victim: Victim): Promise<void> {
  const first = await victim.request();
  if (first === undefined) return;
  await victim.send(numbered(first));
  const second = await victim.request();
  if (second === undefined) return;
  if (Number(second) % 2 === 0) victim.reset();
  else victim.socket.end();
}

async function poisonLater(victim: Victim): Promise<void> {
  for (;;) {
    const number = await victim.request();
    if (number === undefined) return;
    const answeredAt = performance.now();
    await victim.send(numbered(number));
    await sleep(Number(number) % 5);
    // Too late, it would meet the next request.
    if (performance.now() - answeredAt < IDLE_MS) await victim.send(POISON);
  }
}

async function refuseUpload(victim: Victim): Promise<void> {
  const number = await victim.request();
  if (number === undefined) return;
  await victim.send(
    `HTTP/1.1 413 Content Too Large\r\nX-Number: ${number}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  victim.socket.pause();
}

function redirectTo(path: string): string {
  return `HTTP/1.1 302 Found\r\nLocation: ${path}\r\nContent-Length: 0\r\n\r\n`;
}

/**
 * `npm run soak`: a server and a client, each a process of its own at default settings, under all kinds of traffic for
 * as long as it takes to see whether anything grows.
 *
 *   npm run soak -- [--minutes N] [--json FILE]        (10 minutes unless told otherwise)
 *
 * Rule of this file: one line each 10 s, a verdict at the end. Bars: after the first quarter the line through the memory
 * of each process rises by no more than 2 MiB a minute (a short run: 16 MiB in all); the p99 of innocents over the
 * whole run stays under 250 ms; nothing fails that should not; no descriptor is left over. It loads this machine
 * and no other.
 */
import { writeFileSync } from "node:fs";
import { argumentsOf } from "./arguments.ts";
import { BOTH, P99_MS_MAX, SETTLE_MS_MAX } from "./dos/check.ts";
import { percentile } from "./dos/latency.ts";
import { sleep } from "./dos/peer.ts";
import { descriptorsOf, residentMib } from "./dos/proc.ts";
import { machine } from "./dos/report.ts";
import { settle } from "./dos/run.ts";
import { endAll, startSubject, startWatcher, type Watcher } from "./dos/subject.ts";
import { ClientSide } from "./soak/client-side.ts";
import { ServerSide } from "./soak/server-side.ts";
import { grows, type Sample, type Trend, trendOf } from "./soak/trend.ts";

const WINDOW_MS = 10_000;
const LOOK_MS = 500;
const MINUTE_MS = 60_000;

/** One of the two processes, and what was seen of it. */
interface Side {
  readonly name: "server" | "client";
  readonly pid: number;
  readonly idle: number;
  readonly samples: Sample[];
  latencies: number[];
}

const { values } = argumentsOf(import.meta.url, {
  options: { minutes: { type: "string", default: "10" }, json: { type: "string" } },
});
const problems: string[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void endAll().then(() => process.exit(1)));
}

try {
  if (!/^\d+(\.\d+)?$/.test(values.minutes)) throw new Error("--minutes takes a number");
  await soak(Number(values.minutes));
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error));
} finally {
  await endAll();
}
for (const problem of problems) console.log(`FAIL  ${problem}`);
console.log(problems.length === 0 ? "everything stayed in its bounds" : "a bound was passed");
console.log(
  `${problems.length === 0 ? 1 : 0} passed, ${problems.length === 0 ? 0 : 1} failed, 0 skipped`,
);
process.exit(problems.length === 0 ? 0 : 1);

async function soak(minutes: number): Promise<void> {
  console.log(`${machine()}; ${minutes} minutes`);
  const subject = await startSubject({ program: "rig" }, "127.0.0.1", "barewire");
  const innocent = await startSubject({ program: "rig" }, "127.0.0.1", "barewire");
  const watcher = await startWatcher();
  const client = await ClientSide.start(innocent);
  const server = new ServerSide(subject);
  const { target, pid } = subject;
  // The first watch warms the server up.
  await watcher.begin({ target, pid, innocents: BOTH, warmth: "cold" });
  await watcher.end();
  await settle(pid, descriptorsOf(pid) - BOTH.length);
  const sides: [Side, Side] = [sideOf("server", pid), sideOf("client", client.client.pid)];
  const begun = performance.now();
  const looking = setInterval(() => look(sides, (performance.now() - begun) / MINUTE_MS), LOOK_MS);
  server.start();
  while (performance.now() - begun < minutes * MINUTE_MS) {
    const line = await window({ watcher, server, client, sides, subject });
    console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${line}`);
  }
  clearInterval(looking);
  await server.stop();
  for (const side of sides) await judge(side);
  for (const [why, times] of [...server.faults, ...client.faults]) {
    problems.push(`${why} (${times} times)`);
  }
  console.log(`${server.visits} visits, ${server.attacks} attacks, ${client.calls} calls`);
  if (values.json !== undefined) {
    const found = sides.map(({ name, samples }) => ({ name, samples, trend: trendOf(samples) }));
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine: machine(), minutes, found, problems })}\n`,
    );
  }
}

interface Run {
  readonly watcher: Watcher;
  readonly server: ServerSide;
  readonly client: ClientSide;
  readonly sides: readonly [Side, Side];
  readonly subject: {
    readonly alive: boolean;
    readonly target: Parameters<Watcher["begin"]>[0]["target"];
  };
}

/** Ten seconds; answers their line. */
async function window({ watcher, server, client, sides, subject }: Run): Promise<string> {
  const { target } = subject;
  const [{ pid }] = sides;
  await watcher.begin({ target, pid, innocents: BOTH, warmth: "warm", latencies: "each" });
  await client.begin();
  await sleep(WINDOW_MS);
  const open = sides.map(({ pid }) => descriptorsOf(pid));
  const [watched, report] = await Promise.all([watcher.end(), client.end()]);
  if (!subject.alive || !client.client.alive) throw new Error("a process has died");
  for (const [why, times] of watched.failures) {
    const fault = `server's innocent ${why}`;
    server.faults.set(fault, (server.faults.get(fault) ?? 0) + times);
  }
  const seen = [watched.latencies ?? [], report.latencies];
  const texts = sides.map((side, i) => {
    const latencies = seen[i] ?? [];
    side.latencies = side.latencies.concat(latencies);
    const p99 = percentile(latencies, 0.99).toFixed(0);
    const p50 = percentile(latencies, 0.5).toFixed(1);
    return `${side.name} ${residentMib(side.pid).toFixed(0)} MiB, ${open[i]} descriptors, p50 p99 ${p50} ${p99} ms`;
  });
  const done = `${server.visits} visits, ${server.attacks} attacks, ${client.calls} calls`;
  const faults = server.faults.size + client.faults.size;
  return `${texts.join("; ")}; ${done}${faults === 0 ? "" : `; ${faults} FAULTS`}`;
}

function sideOf(name: Side["name"], pid: number): Side {
  return { name, pid, idle: descriptorsOf(pid), samples: [], latencies: [] };
}

function look(sides: readonly Side[], minutes: number): void {
  for (const { pid, samples } of sides) samples.push({ minutes, mib: residentMib(pid) });
}

/** Prints what became of a side, and notes what passed a bound. */
async function judge(side: Side): Promise<void> {
  const { name, pid, idle, samples } = side;
  const settled = await settle(pid, idle);
  const open = descriptorsOf(pid);
  if (settled === undefined) {
    problems.push(`${name}: ${open - idle} descriptors left over after ${SETTLE_MS_MAX} ms`);
  }
  const trend = trendOf(samples);
  if (grows(trend)) problems.push(`${name}: memory grows, ${lineOf(trend)}`);
  const latencies = side.latencies.toSorted((a, b) => a - b);
  const [p50, p99, worst] = [0.5, 0.99, 1].map((part) => percentile(latencies, part));
  if ((p99 ?? 0) > P99_MS_MAX) problems.push(`${name}: p99 of innocents ${p99?.toFixed(0)} ms`);
  if (latencies.length === 0) problems.push(`${name}: no innocent was answered`);
  const times = [p50, p99, worst].map((ms) => ms?.toFixed(1)).join(" ");
  console.log(
    `${name}: ${lineOf(trend)}; ${latencies.length} innocents, p50 p99 worst ${times} ms; descriptors ${idle}, at the end ${open}`,
  );
}

function lineOf({ mibPerMinute, risesMib, meanMib, samples }: Trend): string {
  return `memory ${meanMib.toFixed(0)} MiB on average, slope ${mibPerMinute.toFixed(2)} MiB a minute, ${risesMib.toFixed(1)} MiB in ${samples} samples`;
}

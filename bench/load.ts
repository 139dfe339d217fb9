/**
 * The load of servers: as much as they take, by wrk or by our own program; or so light that latency means
 * something.
 *
 * Rule of this file: whoever loads, the octets are the same and sit on a core of their own. Only our own program
 * keeps a fixed rate: an answer that is late is counted from when it was due, not from when there was time to ask.
 */
import { createHash } from "node:crypto";
import { LOAD_CORE, type Program, ROOT, runOn, start } from "./kit.ts";
import { hasWrk, scratchFile } from "./peers.ts";
import type { LoadPlan } from "./programs/load.ts";

/** What is to be played, and where. */
export interface Target {
  readonly port: number;
  readonly writes: readonly string[];
  readonly depth: number;
  readonly connections: number;
  readonly security: "tls" | "none";
}

/** Requests a second while latency is measured: far from what any of them can do. */
const LIGHT_RATE = 2000;

/** Which load is to be had. */
export function chooseLoad(wanted: string | undefined): "wrk" | "own" {
  return wanted !== "own" && hasWrk() ? "wrk" : "own";
}

/** Plays for some seconds, as fast as answers come; answers how many have come. */
export function loadFor(target: Target, seconds: number, by: "wrk" | "own"): Promise<number> {
  return by === "wrk" ? wrkFor(target, seconds) : ownFor(target, seconds);
}

/** Plays LIGHT_RATE requests a second; latency in µs. Not for pipelined requests, of which none is ever light. */
export async function latency(
  target: Target,
  seconds: number,
): Promise<{ readonly p50: number; readonly p99: number } | undefined> {
  if (target.depth > 1) return undefined;
  const load = await startLoad(target, { rate: LIGHT_RATE });
  await load.ask("start");
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await load.ask("stop");
  const [p50, p99] = [await load.ask("p50"), await load.ask("p99")];
  await load.stop();
  return { p50, p99 };
}

/** Our own program, connected and waiting for "start". */
export function startLoad(target: Target, options: Partial<LoadPlan>): Promise<Program> {
  const { port, writes, depth, connections, security } = target;
  const plan: LoadPlan = {
    port,
    depth,
    connections,
    security,
    file: replayFile(writes),
    underWay: connections,
    rate: 0,
    ...options,
  };
  return start("load", [JSON.stringify(plan)], LOAD_CORE);
}

async function ownFor(target: Target, seconds: number): Promise<number> {
  const load = await startLoad(target, {});
  await load.ask("start");
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const count = await load.ask("stop");
  await load.stop();
  return count;
}

async function wrkFor(target: Target, seconds: number): Promise<number> {
  const scheme = target.security === "tls" ? "https" : "http";
  const url = `${scheme}://127.0.0.1:${target.port}/`;
  const flags = ["-t1", `-c${target.connections}`, `-d${seconds}s`, "-s", "bench/replay.lua"];
  const command = ["wrk", ...flags, url, "--", replayFile(target.writes)];
  const printed = await runOn(LOAD_CORE, command, (seconds + 15) * 1000);
  if (/Socket errors|Non-2xx/.test(printed)) throw new Error(`wrk saw errors:\n${printed}`);
  const requests = Number(/(\d+) requests in/.exec(printed)?.[1] ?? 0);
  if (requests === 0) throw new Error(`wrk in ${ROOT} did no requests:\n${printed}`);
  return requests;
}

/** The writes in a file, one behind the other with a NUL between them. */
function replayFile(writes: readonly string[]): string {
  const text = writes.join("\0");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return scratchFile(`replay-${hash}.txt`, text);
}

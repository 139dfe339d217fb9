/**
 * The watcher: a process of its own that uses a server as innocent clients do, and looks at its memory
 * and descriptors meanwhile.
 *
 * Rule of this file: it attacks nobody. It is told by messages what to watch (`WatchOrder`) and when to stop,
 * and answers each with one message.
 */
import { WARM_UP_REQUESTS } from "./check.ts";
import { Innocent, type Way } from "./innocent.ts";
import { percentile } from "./latency.ts";
import type { Target } from "./loopback.ts";
import { descriptorsOf, residentMib } from "./proc.ts";

export interface WatchOrder {
  readonly target: Target;
  readonly pid: number;
  readonly innocents: readonly Way[];
  /** A fresh server is asked some requests first. */
  readonly warmth: "cold" | "warm";
  /** "each": all latencies are told too. */
  readonly latencies?: "each";
}

/** What was seen; memory in MiB, latencies in ms. */
export interface Watched {
  readonly before: { readonly mib: number; readonly descriptors: number };
  readonly peak: { readonly mib: number; readonly descriptors: number };
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  readonly answers: number;
  readonly failures: readonly (readonly [why: string, times: number])[];
  /** Of all, sorted, when they were asked for. */
  readonly latencies?: readonly number[];
}

const LOOK_MS = 25;
const QUIET_MS = 150;

let current: { innocents: readonly Innocent[]; report: () => Watched } | undefined;

process.on("message", (message: WatchOrder | "stop") => {
  const done = message === "stop" ? stop() : begin(message);
  done.then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));

async function begin(order: WatchOrder): Promise<"watching"> {
  if (order.warmth === "cold") await warmUp(order.target);
  const before = look(order.pid);
  const peak = { ...before };
  const timer = setInterval(() => {
    const now = look(order.pid);
    peak.mib = Math.max(peak.mib, now.mib);
    peak.descriptors = Math.max(peak.descriptors, now.descriptors);
  }, LOOK_MS);
  const innocents = order.innocents.map((way) => new Innocent(order.target, way));
  for (const innocent of innocents) innocent.start();
  const report = (): Watched => {
    clearInterval(timer);
    const latencies = innocents.flatMap((one) => one.latencies).toSorted((a, b) => a - b);
    return {
      before,
      peak,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      worstMs: latencies.at(-1) ?? 0,
      answers: latencies.length,
      failures: innocents.flatMap((one) => [...one.failures]),
      ...(order.latencies === undefined ? {} : { latencies }),
    };
  };
  current = { innocents, report };
  return "watching";
}

async function stop(): Promise<Watched> {
  if (current === undefined) throw new Error("nothing is watched");
  const { innocents, report } = current;
  current = undefined;
  await Promise.all(innocents.map((innocent) => innocent.stop()));
  return report();
}

async function warmUp(target: Target): Promise<void> {
  const first = new Innocent(target, "kept");
  for (let i = 0; i < WARM_UP_REQUESTS; i++) await first.exchange();
  await first.stop();
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}

function look(pid: number): { mib: number; descriptors: number } {
  return { mib: residentMib(pid), descriptors: descriptorsOf(pid) };
}

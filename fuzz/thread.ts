/**
 * The thread that one target runs in, so that an endless loop, a full heap or a promise never kept can be
 * told of by somebody else.
 *
 * Rule of this file: it imports nothing of lib. Coverage starts first, then the target is imported.
 */
import { parentPort, workerData } from "node:worker_threads";
import { corpusOf, loadTarget, vectorsOf } from "./corpus.ts";
import { Coverage } from "./coverage.ts";
import { growthOf } from "./growth.ts";
import { clipped, fuzz, newTally } from "./harness.ts";
import { type Report, SHARED_HEAD_BYTES, type ThreadJob } from "./job.ts";

parentPort?.postMessage(await work(workerData as ThreadJob));

async function work(job: ThreadJob): Promise<Report> {
  const { name, seed, shared } = job;
  const coverage = new Coverage((url) => url.includes("/lib/"));
  coverage.start();
  const target = await loadTarget(name);
  const vectors = target.vectors === undefined ? [] : vectorsOf(target.vectors);
  const corpus = [...corpusOf(name), ...vectors.map(clipped)];
  const tally = newTally();
  const notRun = await target.prepare?.();
  if (notRun !== undefined) {
    return { tally, found: undefined, blocks: coverage.blocks, given: 0, notRun, cpuMs: 0 };
  }
  const counters = new Int32Array(shared, 0, 2);
  const room = new Uint8Array(shared, SHARED_HEAD_BYTES);
  const endAt = Date.now() + job.ms;
  const before = process.cpuUsage();
  const options = {
    seed,
    corpus,
    coverage,
    until: () =>
      tally.inputs >= job.executions || Date.now() >= endAt || cpuMsSince(before) >= job.cpuMs,
    onInput: (input: Uint8Array) => {
      counters[0] = counters[0]! + 1;
      counters[1] = Math.min(input.length, room.length);
      room.set(input.subarray(0, room.length));
    },
  };
  const search = job.mode === "search" ? fuzz : growthOf;
  const found = await search(target, tally, options);
  const cpuMs = cpuMsSince(before);
  return { tally, found, blocks: coverage.blocks, given: corpus.length, cpuMs };
}

/** Of the whole process, in which nothing else is at work: Node 20 cannot tell that of a thread. */
function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

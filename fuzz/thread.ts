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
import { type Job, type Report, SHARED_HEAD_BYTES } from "./job.ts";

parentPort?.postMessage(await work(workerData as Job));

async function work({ name, seed, ms, executions, mode, shared }: Job): Promise<Report> {
  const coverage = new Coverage((url) => url.includes("/lib/"));
  coverage.start();
  const target = await loadTarget(name);
  const vectors = target.vectors === undefined ? [] : vectorsOf(target.vectors);
  const corpus = [...corpusOf(name), ...vectors.map(clipped)];
  const tally = newTally();
  const counters = new Int32Array(shared, 0, 2);
  const room = new Uint8Array(shared, SHARED_HEAD_BYTES);
  const endAt = Date.now() + ms;
  const options = {
    seed,
    corpus,
    coverage,
    until: () => tally.inputs >= executions || Date.now() >= endAt,
    onInput: (input: Uint8Array) => {
      counters[0] = counters[0]! + 1;
      counters[1] = Math.min(input.length, room.length);
      room.set(input.subarray(0, room.length));
    },
  };
  const search = mode === "search" ? fuzz : growthOf;
  const found = await search(target, tally, options);
  return { tally, found, blocks: coverage.blocks, given: corpus.length };
}

/**
 * Workers: one program on several cores, as several processes that share an address.
 * Go: none (there one process uses all cores)
 *
 * Rule of this file: it tells the first process from a worker, and ties the first one to its signals; everything
 * else is in the folder beside it. node:cluster is loaded when it is called: most programs never do.
 *
 *   first process ── forks ──► worker 1 … n, each the same program from its beginning
 *    resolves when all            `run` is called, the promise stays as it is:
 *    are ready                    what is written behind the call is not reached
 */
import { availableParallelism } from "node:os";
import { WorkersError } from "./workers/errors.ts";
import { forkChild } from "./workers/fork.ts";
import { Group } from "./workers/group.ts";
import { workInside } from "./workers/inside.ts";
import { settingsFrom } from "./workers/limits.ts";
import { WORKER_MARK } from "./workers/messages.ts";
import { findSharing } from "./workers/share.ts";
import type { EndSignal, WorkerEvent, Workers, WorkersOptions } from "./workers/types.ts";

export { WORKERS_ERRORS, type WorkersCode, WorkersError } from "./workers/errors.ts";
export {
  WORKER_LIMITS,
  WORKER_TIMEOUTS,
  type WorkerLimitName,
  type WorkerLimits,
  type WorkerSettings,
  type WorkerTimeoutName,
  type WorkerTimeouts,
} from "./workers/limits.ts";
export type {
  EndSignal,
  Worker,
  WorkerEvent,
  WorkerServer,
  WorkerShare,
  WorkerStatus,
  Workers,
  WorkersEnd,
  WorkersOptions,
} from "./workers/types.ts";

const TROUBLE: ReadonlySet<WorkerEvent["kind"]> = new Set(["failed", "died", "killed", "warning"]);

let wasCalled = false;

/**
 * Runs a server in several processes that share its address, and keeps them running.
 *
 *   const group = await workers({
 *     addr: ":8080",
 *     run: (worker) => listenAndServe(worker.addr, handler),
 *   });
 *   console.log(`listening on ${group.url}`);
 *
 * The first process starts `count` workers, each the same program from its beginning, and serves nothing itself;
 * in them `run` is called. A worker that dies is started again, with growing pauses when it dies at its start.
 * In the first process it resolves when all workers are ready. In a worker it never does, so that code behind it
 * is the first process's alone, and code before it runs in all of them.
 *
 * Rejects with WorkersError, or with the IoError of `listen` when the address is taken or wrong.
 */
export async function workers(options: WorkersOptions): Promise<Workers> {
  const settings = settingsFrom(options);
  const count = countFrom(options.count, settings.maxWorkers);
  if (wasCalled) throw new WorkersError("workers-called-twice");
  wasCalled = true;
  const { default: cluster } = await import("node:cluster");
  if (cluster.isWorker) {
    if (process.env[WORKER_MARK] === undefined) throw new WorkersError("not-our-worker");
    return workInside(options.run);
  }
  const { signal, log = logTrouble } = options;
  const { target, share, warning } = await findSharing(options.addr ?? "", options.share);
  if (warning !== undefined) log({ kind: "warning", message: warning });
  const data = await options.data?.();
  signal?.throwIfAborted();
  const group = new Group(
    { count, share, target, data, settings, log },
    { fork: () => forkChild(cluster), after },
  );
  endBySignals(group, options.signals ?? ["SIGTERM", "SIGINT"]);
  const onAbort = (): void => group.abandon(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  void group.closed.then(() => signal?.removeEventListener("abort", onAbort));
  group.start();
  await group.ready;
  return group;
}

function countFrom(given: number | undefined, max: number): number {
  const count = given ?? Math.min(availableParallelism(), max);
  if (Number.isInteger(count) && count >= 1 && count <= max) return count;
  throw new WorkersError("bad-worker-count", String(count));
}

/** The first signal ends all in good order, the second at once; the process goes with the last of them. */
function endBySignals(group: Group, signals: readonly EndSignal[]): void {
  let isEnding = false;
  const onSignal = (): void => {
    if (isEnding) {
      void group.close();
      return;
    }
    isEnding = true;
    // What waits for `closed` goes on before the process ends.
    void group
      .shutdown()
      .then((end) => setImmediate(() => process.exit(end === "finished" ? 0 : 1)));
  };
  for (const signal of signals) process.on(signal, onSignal);
  void group.closed.then(() => {
    for (const signal of signals) process.off(signal, onSignal);
  });
}

function after(ms: number, fn: () => void): () => void {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
}

function logTrouble({ kind, message }: WorkerEvent): void {
  if (TROUBLE.has(kind)) console.error(message);
}

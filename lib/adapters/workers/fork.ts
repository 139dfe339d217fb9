/**
 * Workers as processes of node:cluster.
 *
 * Rule of this file: whatever Node does when a process cannot be started or spoken to, here it is an exit.
 */
import type { Cluster, Worker as ClusterWorker } from "node:cluster";
import { type FromWorker, WORKER_MARK, isOurs } from "./messages.ts";
import type { Child } from "./place.ts";

/** Starts this program once more, as a worker. */
export function forkChild(cluster: Cluster): Child {
  let worker: ClusterWorker;
  try {
    worker = cluster.fork({ [WORKER_MARK]: "1" });
  } catch (error) {
    return stillborn(error instanceof Error ? error.message : String(error));
  }
  let onExit: (how: number | string) => void = () => undefined;
  // Its channel breaks when it dies; only one that never lived has no exit.
  worker.on("error", (error) => {
    if (worker.process.pid === undefined) onExit(error.message);
  });
  worker.on("exit", (code: number | null, signal: string | null) => onExit(signal ?? code ?? 1));
  return {
    pid: worker.process.pid,
    send: (message) => {
      if (worker.isConnected()) worker.send({ ...message });
    },
    kill: () => void worker.process.kill("SIGKILL"),
    onMessage: (fn) => {
      worker.on("message", (message: unknown) => {
        if (isOurs(message)) fn(message as FromWorker);
      });
    },
    onExit: (fn) => {
      onExit = fn;
    },
  };
}

/** One that the system had no room for. */
function stillborn(why: string): Child {
  return {
    pid: undefined,
    send: () => undefined,
    kill: () => undefined,
    onMessage: () => undefined,
    onExit: (fn) => void setImmediate(fn, why),
  };
}

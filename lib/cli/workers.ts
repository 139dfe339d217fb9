/**
 * Several processes that share a port.
 *
 * Rule of this file: the first process starts the others and serves nothing; each of them runs the same command.
 */
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import type { Io } from "./io.ts";
import { untilStopped } from "./until-stopped.ts";

/** What a worker finds in its environment that its first process has made. */
const HANDED = "BAREWIRE_WORKER";

/** What the first process has handed to this worker; undefined in the first process. */
export function handedToWorker(env: Io["env"]): unknown {
  const text = env[HANDED];
  return cluster.isPrimary || text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** Starts workers and keeps as many alive, until the signal; `0` is one for each core. */
export async function superviseWorkers(
  count: number,
  handed: object,
  io: Io,
  onListening: (address: { address: string; port: number }) => void,
): Promise<void> {
  const env = { [HANDED]: JSON.stringify(handed) };
  const wanted = count === 0 ? availableParallelism() : count;
  cluster.once("listening", (_, { address, port }) => {
    onListening({ address: String(address), port: Number(port) });
  });
  let quickEnds = 0;
  let giveUp = (): void => {};
  const gaveUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const start = (): void => {
    const startedAt = performance.now();
    cluster.fork(env).once("exit", () => {
      if (io.signal.aborted) return;
      // A worker that cannot even start would be started for ever.
      quickEnds = performance.now() - startedAt < 1000 ? quickEnds + 1 : 0;
      if (quickEnds > wanted) giveUp();
      else start();
    });
  };
  for (let i = 0; i < wanted; i++) start();
  await Promise.race([untilStopped(io.signal), gaveUp]);
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGINT");
}

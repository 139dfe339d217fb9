/**
 * A worker, seen from inside: it runs what it was started for, and ends when it is told to.
 *
 * Rule of this file: the process ends here and nowhere else, with 0 after an end in good order and 1 after any
 * other. It never outlives the first process: node:cluster sees to that.
 */
import { type FromWorker, type StartMessage, isOurs, type ToWorker } from "./messages.ts";
import type { Worker, WorkerServer, WorkersOptions } from "./types.ts";

/** A terminal sends them to all processes of a program; they mean the same as the first process's word. */
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Does the work of a worker. Never resolves: what is written behind the call is for the first process. */
export function workInside(run: WorkersOptions["run"]): Promise<never> {
  const inside = new Inside(run);
  process.on("message", (message) => {
    if (isOurs(message)) inside.onMessage(message as ToWorker);
  });
  for (const signal of SIGNALS) process.on(signal, () => void inside.end());
  void say({ barewire: "hello" });
  return new Promise(() => undefined);
}

class Inside {
  readonly #run: WorkersOptions["run"];
  readonly #ending = new AbortController();
  #server: Promise<WorkerServer | void> | undefined = undefined;
  #shutdownTimeout = 0;

  constructor(run: WorkersOptions["run"]) {
    this.#run = run;
  }

  onMessage(message: ToWorker): void {
    if (message.barewire === "start") void this.#start(message);
    else if (message.barewire === "end") void this.end(message.timeoutMs);
  }

  /** Ends in good order; the process is gone afterwards. */
  async end(timeoutMs: number = this.#shutdownTimeout): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    const limit = AbortSignal.timeout(timeoutMs);
    limit.addEventListener("abort", () => process.exit(1), { once: true });
    process.exit(await this.#endServer(limit));
  }

  async #start(message: StartMessage): Promise<void> {
    if (this.#ending.signal.aborted) return;
    const { number, count, share, addr, data, shutdownTimeout } = message;
    this.#shutdownTimeout = shutdownTimeout;
    const { signal } = this.#ending;
    const worker: Worker = { number, count, share, addr, data, signal };
    try {
      this.#server = Promise.resolve(this.#run(worker));
      const server = await this.#server;
      await say({ barewire: "ready", addr: server?.addr, url: server?.url });
    } catch (error) {
      await say({ barewire: "failed", text: textOf(error) });
      process.exit(1);
    }
  }

  async #endServer(limit: AbortSignal): Promise<0 | 1> {
    try {
      const server = await this.#server;
      if (server?.shutdown === undefined) await server?.close?.();
      else await server.shutdown({ signal: limit });
      return 0;
    } catch {
      return 1;
    }
  }
}

/** Resolves when it is on its way; an error means that nobody is there, and then Node ends this process. */
function say(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve());
  });
}

/** An error of the library says all in its sentence; any other needs the place that it comes from. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? error.message : (error.stack ?? error.message);
}

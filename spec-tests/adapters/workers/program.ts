/**
 * The program of the process tests: workers as a user would write them, told by JSON what to be.
 *
 * Rule of this file: all that happens is one line of JSON on stdout, in the first process and in the workers:
 * a word and a value. The words of stdin are methods of the group.
 */
import type { Worker, WorkerServer, WorkersOptions } from "../../../lib/adapters/mod.ts";
import { listenAndServe, workers } from "../../../lib/adapters/mod.ts";
import { listen } from "../../../lib/net/mod.ts";

/** What the program is to be. */
export interface Plan {
  readonly way: keyof typeof WAYS;
  readonly options?: Partial<Omit<WorkersOptions, "run" | "data" | "log" | "signal">>;
  /** "aborted": by a signal that is aborted when the first worker is started. */
  readonly signal?: "aborted";
}

/** One write each, so that lines of several processes do not mix. */
function tell(word: string, value: unknown): void {
  process.stdout.write(`${JSON.stringify([word, value])}\n`);
}

const never = new Promise<never>(() => undefined);

const WAYS = {
  /**
   * Answers its number, or when it is told to end, or never. What it has answered is told at its end.
   */
  serve: async (worker: Worker): Promise<WorkerServer> => {
    let answered = 0;
    const told = new Promise((resolve) => worker.signal.addEventListener("abort", resolve));
    void told.then(() => tell("ending", worker.number));
    const server = await listenAndServe(worker.addr, async (w, r) => {
      if (r.path === "/at-the-end") {
        tell("begun", worker.number);
        await told;
      }
      if (r.path === "/never") {
        tell("begun", worker.number);
        await never;
      }
      answered++;
      await w.write(`${worker.number} ${process.pid} ${JSON.stringify(worker.data)}`);
    });
    return {
      addr: server.addr,
      url: server.url,
      shutdown: async (options) => {
        await server.shutdown(options);
        tell("answered", answered);
      },
    };
  },
  /** Answers how octets come and how many connections are counted. */
  listener: async (worker: Worker): Promise<WorkerServer> => {
    const listener = await listen(worker.addr);
    const count = async (): Promise<number> =>
      (listener as unknown as { connections(): Promise<number> }).connections();
    listener.accept({
      onFailure: (error) => tell("failure", error.message),
      onConn: (conn) => {
        conn.start({
          onBytes: (_, tenure) => {
            void count().then((open) => {
              conn.write(`${tenure} ${open}`);
              conn.close();
            });
            return "more";
          },
          onEnd: () => undefined,
          onError: () => undefined,
        });
      },
    });
    return {
      addr: listener.addr,
      shutdown: async () => {
        await listener.close();
        tell("left open", await count());
      },
    };
  },
  throws: (worker: Worker): Promise<never> =>
    Promise.reject(new TypeError(`no. ${worker.number} cannot`)),
  hangs: (): Promise<never> => never,
  /** Does not come to an end by itself. */
  computes: async (worker: Worker): Promise<WorkerServer> => {
    const server = await listenAndServe(worker.addr, () => undefined);
    worker.signal.addEventListener("abort", () => {
      for (;;) Math.random();
    });
    return server;
  },
  /** Which modules of Node's there are, after a request. */
  modules: async (worker: Worker): Promise<WorkerServer> =>
    listenAndServe(worker.addr, (w) => w.write(JSON.stringify(httpModules()))),
} as const;

function httpModules(): string[] {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] };
  return moduleLoadList.filter((name) => /\b_?https?\d?(_|\b)/.test(name));
}

/** Runs it: in the first process, and in each worker. */
export async function play(plan: Plan): Promise<void> {
  const controller = new AbortController();
  try {
    const group = await workers({
      addr: "127.0.0.1:0",
      count: 2,
      ...plan.options,
      data: () => {
        tell("data", "made");
        return { of: "the first process" };
      },
      signal: controller.signal,
      log: (event) => {
        tell(event.kind, event);
        if (plan.signal === "aborted") controller.abort(new Error("not today"));
      },
      run: WAYS[plan.way],
    });
    const { share, url, addr } = group;
    tell("up", { share, url, port: addr?.port, modules: httpModules(), list: group.list() });
    process.stdin.on("data", (octets) => {
      const [word, timeout] = octets.toString().trim().split(" ");
      if (word === "shutdown") void group.shutdown({ timeout: Number(timeout) });
      if (word === "close") void group.close();
    });
    tell("closed", await group.closed);
    process.stdin.destroy();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    tell("rejected", { code, message });
  }
}

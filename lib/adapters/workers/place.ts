/**
 * The place of one worker: a process is in it, or is about to be.
 *
 * Rule of this file: it knows when to start again, and how long to wait before; what goes for all workers is in
 * group.ts. Processes and time are given to it, so that tests need neither.
 *
 *   start ──► hello ──► ready ──► settled        dead when settled: started again at once
 *     ▲         └──────────┴── dead ── pause ──┐ each pause in a row twice as long
 *     └────────────────────────────────────────┘
 */
import type { Addr } from "../../bufio/mod.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { WorkerTimeouts } from "./limits.ts";
import type { WorkerEvent } from "./types.ts";

/** A process, as far as it is needed here. */
export interface Child {
  /** Undefined when the system had no place for it; `onExit` follows. */
  readonly pid: number | undefined;
  send(message: ToWorker): void;
  kill(): void;
  onMessage(fn: (message: FromWorker) => void): void;
  /** Called once: the exit code, or the name of the signal. */
  onExit(fn: (how: number | string) => void): void;
}

/** What places need of the world. */
export interface Surroundings {
  fork(): Child;
  /** Calls once, later; what is returned takes it back. Keeps the process alive. */
  after(ms: number, fn: () => void): () => void;
}

/** What a place asks and tells. */
export interface PlaceHost {
  readonly timeouts: WorkerTimeouts;
  /** The message that its worker begins with. */
  startMessage(place: Place): ToWorker;
  onReady(place: Place, addr: Addr | undefined, url: string | undefined): void;
  /** Its process is gone, `failures` starts in a row have failed; answers whether to start again. */
  onGone(place: Place, failures: number, lastWords: string): "again" | "stay";
  /** It is empty and stays so. */
  onEnded(place: Place, end: "finished" | "cut"): void;
  log(event: WorkerEvent): void;
}

type State = "empty" | "booting" | "starting" | "ready" | "ending";

export class Place {
  readonly number: number;
  readonly #host: PlaceHost;
  readonly #world: Surroundings;
  #child: Child | undefined = undefined;
  #state: State = "empty";
  #wasReady = false;
  #isSettled = false;
  #failures = 0;
  #endTimeoutMs = 0;
  /** What the worker said before it died. */
  #lastWords = "";
  #cancel: () => void = () => undefined;

  constructor(number: number, host: PlaceHost, world: Surroundings) {
    this.number = number;
    this.#host = host;
    this.#world = world;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get state(): State {
    return this.#state;
  }

  /** Whether its worker has been told where to listen, and lives. */
  get mayListen(): boolean {
    return this.#child !== undefined && this.#state !== "booting";
  }

  start(): void {
    if (this.#state !== "empty") return;
    this.#cancel();
    this.#state = "booting";
    this.#wasReady = false;
    this.#isSettled = false;
    this.#lastWords = "";
    const child = this.#world.fork();
    this.#child = child;
    child.onMessage((message) => this.#onMessage(message));
    child.onExit((how) => this.#onExit(how));
    const { startTimeout } = this.#host.timeouts;
    this.#cancel = this.#world.after(startTimeout, () => {
      this.fail(`was not ready within ${startTimeout} ms`);
    });
    this.#tell("started", "is started");
  }

  /** Ends a worker that is of no use, which counts as a failed start. */
  fail(why: string): void {
    this.#lastWords = why;
    this.#isSettled = false;
    this.#tell("failed", why);
    this.#child?.kill();
  }

  /** Has the worker end in good order, and kills it when it does not; starts no other. */
  end(timeoutMs: number): void {
    this.#cancel();
    const was = this.#state;
    this.#state = "ending";
    this.#endTimeoutMs = timeoutMs;
    if (this.#child === undefined) {
      this.#host.onEnded(this, "finished");
      return;
    }
    // One that has not said hello is told when it does.
    if (was !== "booting") this.#child.send({ barewire: "end", timeoutMs });
    this.#cancel = this.#world.after(timeoutMs + this.#host.timeouts.killTimeout, () => {
      this.#tell("killed", "did not end in time and is killed");
      this.#child?.kill();
    });
  }

  /** Ends it at once; starts no other. */
  kill(): void {
    this.#cancel();
    this.#state = "ending";
    if (this.#child === undefined) this.#host.onEnded(this, "finished");
    else this.#child.kill();
  }

  #onMessage(message: FromWorker): void {
    switch (message.barewire) {
      case "hello":
        if (this.#state === "booting") {
          this.#state = "starting";
          this.#child?.send(this.#host.startMessage(this));
        } else if (this.#state === "ending") {
          this.#child?.send({ barewire: "end", timeoutMs: this.#endTimeoutMs });
        }
        return;
      case "ready":
        this.#wasReady = true;
        if (this.#state === "starting") this.#onReady(message.addr, message.url);
        return;
      case "failed":
        this.#lastWords = message.text;
        this.#tell("failed", `failed to start: ${message.text}`);
    }
  }

  #onReady(addr: Addr | undefined, url: string | undefined): void {
    this.#state = "ready";
    this.#cancel();
    this.#cancel = this.#world.after(this.#host.timeouts.settleTimeout, () => {
      this.#isSettled = true;
      this.#failures = 0;
    });
    this.#tell("ready", "is ready");
    this.#host.onReady(this, addr, url);
  }

  #onExit(how: number | string): void {
    this.#cancel();
    const pid = this.pid;
    this.#child = undefined;
    if (this.#state === "ending") {
      this.#tell("ended", "has ended", pid);
      // One that was not ready had no answer to give.
      this.#host.onEnded(this, how !== 0 && this.#wasReady ? "cut" : "finished");
      return;
    }
    this.#state = "empty";
    if (!this.#isSettled) this.#failures++;
    const words = typeof how === "string" ? `by ${how}` : `with exit code ${how}`;
    const next = this.#host.onGone(this, this.#failures, this.#lastWords || `it ended ${words}`);
    if (next === "stay") return;
    const delay = this.#delay();
    const when = delay === 0 ? "at once" : `in ${delay} ms`;
    this.#tell("died", `ended ${words} and is started again ${when}`, pid);
    this.#cancel = this.#world.after(delay, () => this.start());
  }

  #delay(): number {
    const { restartDelay, maxRestartDelay } = this.#host.timeouts;
    if (this.#failures === 0) return 0;
    return Math.min(restartDelay * 2 ** (this.#failures - 1), maxRestartDelay);
  }

  #tell(kind: WorkerEvent["kind"], words: string, pid: number | undefined = this.pid): void {
    const message = `worker ${this.number} (pid ${pid ?? "none"}) ${words}`;
    this.#host.log({ kind, message, worker: this.number, pid });
  }
}

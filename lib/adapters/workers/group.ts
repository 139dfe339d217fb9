/**
 * All workers of a program, seen from the first process.
 *
 * Rule of this file: what goes for all of them: the port they agree on, when they are ready, when they end. The
 * life of one is place.ts.
 *
 * Port 0 means one port that is free, and the same for all. Where each worker has a socket of its own, the first
 * one looks for it alone and the others follow. Where they share a socket, Node gives every worker that asks for
 * 0 the same one as long as one of them lives; when all have died, the next ask for the port by its number.
 */
import type { Addr } from "../../bufio/mod.ts";
import type { ListenAddress, ListenTarget } from "../../net/mod.ts";
import { WorkersError } from "./errors.ts";
import { type WorkerLimits, type WorkerTimeouts, msFrom } from "./limits.ts";
import type { ToWorker } from "./messages.ts";
import { Place, type PlaceHost, type Surroundings } from "./place.ts";
import type { WorkerEvent, WorkerShare, WorkerStatus, Workers, WorkersEnd } from "./types.ts";

/** What a group is made of. */
export interface GroupPlan {
  readonly count: number;
  readonly share: WorkerShare;
  readonly target: ListenTarget;
  readonly data: unknown;
  readonly settings: WorkerLimits & WorkerTimeouts;
  readonly log: (event: WorkerEvent) => void;
}

/** All workers, and the host of their places. */
export class Group implements Workers, PlaceHost {
  /** Resolves when all workers have been ready; rejects when they cannot be started; stays open when they are ended before. */
  readonly ready: Promise<void>;
  readonly closed: Promise<WorkersEnd>;
  readonly #plan: GroupPlan;
  readonly #places: readonly Place[];
  /** Those in which there is or will be a worker. */
  readonly #left: Set<Place>;
  readonly #notReady: Set<Place>;
  #settleReady: () => void = () => undefined;
  #settleFailed: (error: unknown) => void = () => undefined;
  #settleClosed: (end: WorkersEnd) => void = () => undefined;
  #isEnding = false;
  #end: WorkersEnd = "finished";
  #addr: Addr | undefined = undefined;
  #url: string | undefined = undefined;
  /** The port that workers ask for. */
  #port: number;

  constructor(plan: GroupPlan, world: Surroundings) {
    this.#plan = plan;
    this.#port = plan.target.kind === "tcp" ? plan.target.port : 0;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = resolve;
      this.#settleFailed = reject;
    });
    // Whoever waits for `closed` alone need not hear of it twice.
    this.ready.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.#places = Array.from({ length: plan.count }, (_, i) => new Place(i + 1, this, world));
    this.#left = new Set(this.#places);
    this.#notReady = new Set(this.#places);
  }

  get addr(): Addr | undefined {
    return this.#addr;
  }

  get url(): string | undefined {
    return this.#url;
  }

  get share(): WorkerShare {
    return this.#plan.share;
  }

  get timeouts(): WorkerTimeouts {
    return this.#plan.settings;
  }

  list(): readonly WorkerStatus[] {
    return this.#places.map(({ number, pid, state }) => ({ number, pid, state }));
  }

  /** Starts them all; with a port to be found, the first one alone. */
  start(): void {
    for (const place of this.#findsPort ? this.#places.slice(0, 1) : this.#places) place.start();
  }

  shutdown(options: { readonly timeout?: number | undefined } = {}): Promise<WorkersEnd> {
    const { timeout = this.#plan.settings.shutdownTimeout } = options;
    this.#stop(msFrom(timeout, "shutdownTimeout"));
    return this.closed;
  }

  close(): Promise<WorkersEnd> {
    this.#isEnding = true;
    for (const place of this.#left) place.kill();
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** Ends all workers in good order; when they were not ready, `ready` rejects with the reason. */
  abandon(reason: unknown): void {
    this.#settleFailed(reason);
    this.#stop(this.#plan.settings.shutdownTimeout);
  }

  startMessage(place: Place): ToWorker {
    const { count, share, data, settings } = this.#plan;
    return {
      barewire: "start",
      number: place.number,
      count,
      share,
      addr: this.#address(),
      data,
      shutdownTimeout: settings.shutdownTimeout,
    };
  }

  onReady(place: Place, addr: Addr | undefined, url: string | undefined): void {
    const known = this.#addr?.port;
    if (this.#isAnyPort && known !== undefined && addr !== undefined && addr.port !== known) {
      place.fail(`listens on port ${addr.port}, and the others on ${known}`);
      return;
    }
    if (this.#findsPort) {
      if (addr === undefined) {
        this.abandon(new WorkersError("worker-port-unknown"));
        return;
      }
      this.#port = addr.port;
      for (const other of this.#places) if (other !== place) other.start();
    }
    this.#addr ??= addr;
    this.#url ??= url;
    this.#notReady.delete(place);
    if (this.#notReady.size === 0) this.#settleReady();
  }

  onGone(place: Place, failures: number, lastWords: string): "again" | "stay" {
    const { maxFailedStarts } = this.#plan.settings;
    if (this.#isAnyPort && !this.#places.some((other) => other.mayListen)) {
      this.#port = this.#addr?.port ?? this.#port;
    }
    if (this.#notReady.size === 0 || failures < maxFailedStarts) return "again";
    this.#left.delete(place);
    const times = failures === 1 ? "" : ` ${failures} times in a row`;
    const detail = `worker ${place.number} failed${times}: ${lastWords}`;
    this.abandon(new WorkersError("workers-not-started", detail));
    if (this.#left.size === 0) this.#settleClosed(this.#end);
    return "stay";
  }

  onEnded(place: Place, end: WorkersEnd): void {
    if (end === "cut") this.#end = "cut";
    if (this.#left.delete(place) && this.#left.size === 0) this.#settleClosed(this.#end);
  }

  log(event: WorkerEvent): void {
    this.#plan.log(event);
  }

  get #isAnyPort(): boolean {
    const { target } = this.#plan;
    return target.kind === "tcp" && target.port === 0;
  }

  get #findsPort(): boolean {
    return this.#isAnyPort && this.#plan.share === "reusePort" && this.#port === 0;
  }

  #stop(timeoutMs: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    for (const place of this.#left) place.end(timeoutMs);
  }

  #address(): ListenAddress {
    const { target, share } = this.#plan;
    if (target.kind === "unix") return { path: target.path, backlog: target.backlog };
    if (target.kind === "fd") return { fd: target.fd };
    const { host, backlog, ipv6Only } = target;
    // Beside other workers' sockets, and not one that node:cluster shares with them.
    const own = share === "reusePort" ? { reusePort: true, exclusive: true } : {};
    return { host, port: this.#port, backlog, ipv6Only, ...own };
  }
}

/**
 * What workers are told, what they give back, and what is told of them.
 *
 * Rule of this file: contracts. workers.ts takes them from users; the files of this folder keep them.
 */
import type { Addr } from "../../bufio/mod.ts";
import type { ListenAddress } from "../../net/mod.ts";
import type { WorkerSettings } from "./limits.ts";

/**
 * How the workers come by connections: "reusePort", each has a socket of its own at the same port and the kernel
 * deals connections out; "cluster", the first process shares its socket with them (node:cluster).
 */
export type WorkerShare = "cluster" | "reusePort";

/** What `run` gets in a worker. */
export interface Worker {
  /** 1 to `count`. The worker that is started for a dead one has the same number. */
  readonly number: number;
  readonly count: number;
  /** How connections are shared in this run. */
  readonly share: WorkerShare;
  /** Where to listen: the `addr` of the options, made ready to be shared. */
  readonly addr: ListenAddress;
  /** What `data` of the options has made, as JSON carries it. */
  readonly data: unknown;
  /** Aborted when this worker is to end: for loops and timers beside the server. */
  readonly signal: AbortSignal;
}

/** What `run` returns; a Server is one. */
export interface WorkerServer {
  /** Where it listens. */
  readonly addr?: Addr | undefined;
  /** The same for people. */
  readonly url?: string | undefined;
  /** Ends in good order; rejects when `signal` is aborted first, and `close` is called. */
  shutdown?(options: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Ends at once. */
  close?(): Promise<void> | void;
}

/** How the end was: "finished" when all answers were given; "cut" when a worker had to be stopped before. */
export type WorkersEnd = "finished" | "cut";

/** Something that the first process tells of a worker, with a sentence for people. */
export interface WorkerEvent {
  /**
   * "started", "ready", "ended" are the course of things; "failed" (what `run` threw, or its time was up), "died",
   * "killed" and "warning" are trouble.
   */
  readonly kind: "started" | "ready" | "ended" | "failed" | "died" | "killed" | "warning";
  readonly message: string;
  /** The worker's number; absent when it is about all of them. */
  readonly worker?: number | undefined;
  readonly pid?: number | undefined;
}

/** A signal that ends programs in good order. */
export type EndSignal = "SIGTERM" | "SIGINT";

/** What `workers` takes. All waits are in ms; see docs/limits.md and docs/timeouts.md. */
export interface WorkersOptions extends WorkerSettings {
  /** What a worker does: starts the server at `worker.addr`, and returns it. */
  readonly run: (worker: Worker) => Promise<WorkerServer | void> | WorkerServer | void;
  /** Where they listen, all at the same place. As for `listenAndServe`, but for ready Listeners. Default ":http". */
  readonly addr?: ListenAddress | undefined;
  /** How many. Default: one a core that this process may use. */
  readonly count?: number | undefined;
  /** Default: "reusePort" where Node and the system have it, else "cluster". */
  readonly share?: WorkerShare | undefined;
  /**
   * Makes what all workers get, those that are started later too: whatever JSON carries, a certificate that was
   * read or made for example. Called once, in the first process.
   */
  readonly data?: (() => unknown) | undefined;
  /**
   * Signals that end all workers in good order and then the process, with exit code 0, or with 1 when something was
   * cut; a second one ends them at once. Default both; `[]` leaves signals to you.
   */
  readonly signals?: readonly EndSignal[] | undefined;
  /** Aborted: the workers are shut down; when they are not ready yet, `workers` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told of everything. Default: trouble goes to console.error. */
  readonly log?: ((event: WorkerEvent) => void) | undefined;
}

/** One of the workers, as it is just now. */
export interface WorkerStatus {
  readonly number: number;
  /** Undefined when no process is there: it waits for its next start. */
  readonly pid: number | undefined;
  /** "empty" while it waits for its next start; "booting" until the program has come to `workers`. */
  readonly state: "empty" | "booting" | "starting" | "ready" | "ending";
}

/** The workers of this program, as the first process has them. */
export interface Workers {
  /** Where they listen, as the first that was ready has said; undefined when `run` returns nothing with an `addr`. */
  readonly addr: Addr | undefined;
  /** The same for people. */
  readonly url: string | undefined;
  /** How connections are shared. */
  readonly share: WorkerShare;
  /** Resolves when all workers have ended, for whatever reason. */
  readonly closed: Promise<WorkersEnd>;
  /** All of them, by their numbers. */
  list(): readonly WorkerStatus[];
  /**
   * Ends all workers in good order: they accept no more and give the answers that are under way. What is not done
   * within `timeout` ms (default `shutdownTimeout`) is cut. Resolves when all processes are gone.
   */
  shutdown(options?: { readonly timeout?: number | undefined }): Promise<WorkersEnd>;
  /** Ends all workers at once, answered or not. Resolves when all processes are gone. */
  close(): Promise<WorkersEnd>;
  /** The same as `shutdown`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * What the first process and a worker say to each other.
 *
 * Rule of this file: the worker speaks first, so that nothing is said before somebody listens. Every message has
 * the name `barewire`: users have messages of their own on the same channel.
 */
import type { Addr } from "../../bufio/mod.ts";
import type { ListenAddress } from "../../net/mod.ts";
import type { WorkerShare } from "./types.ts";

/** In the environment of a process that is a worker of ours. */
export const WORKER_MARK = "BAREWIRE_WORKER";

/** Begin, with all that a worker has to know. */
export interface StartMessage {
  readonly barewire: "start";
  readonly number: number;
  readonly count: number;
  readonly share: WorkerShare;
  readonly addr: ListenAddress;
  readonly data: unknown;
  /** How long an end in good order may take when a signal, and not the first process, asks for it. */
  readonly shutdownTimeout: number;
}

/** End in good order, in so many ms. */
export interface EndMessage {
  readonly barewire: "end";
  readonly timeoutMs: number;
}

export type ToWorker = StartMessage | EndMessage;

export type FromWorker =
  | { readonly barewire: "hello" }
  | {
      readonly barewire: "ready";
      readonly addr: Addr | undefined;
      readonly url: string | undefined;
    }
  | { readonly barewire: "failed"; readonly text: string };

/** Whether a message on the channel is one of ours. */
export function isOurs(message: unknown): message is { readonly barewire: string } {
  return typeof message === "object" && message !== null && "barewire" in message;
}

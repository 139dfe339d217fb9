/**
 * Waiting for one step of a socket's beginning: connected, or its TLS handshake done.
 * Go: net.Dialer.Timeout, Transport.TLSHandshakeTimeout
 *
 * Rule of this file: a step ends well by its event, or the socket is destroyed and the reason thrown: a
 * failure, a limit, or the signal's reason. No listener is left behind.
 */
import type { Socket } from "node:net";
import { IoError, type IoErrorCode } from "../bufio/mod.ts";
import { ioError } from "./io-errors.ts";

/** How long a step may take, and what to say when it fails. */
export interface Step {
  readonly event: "connect" | "secureConnect";
  /** ms; Infinity for no limit. */
  readonly afterMs: number;
  readonly late: IoErrorCode;
  /** The code of a failure that has none of its own. */
  readonly failed: IoErrorCode;
  /** Shown in front of what the system says. */
  readonly where: string;
  readonly signal?: AbortSignal | undefined;
}

/** Node's timers fire at once for more. */
const TIMER_MAX_MS = 0x7fff_ffff;

/** Waits for the event that ends a step well; else the socket is destroyed and the reason thrown. */
export function settled(socket: Socket, step: Step): Promise<void> {
  const { signal, event } = step;
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => {
      tidy();
      // What it still has to say about its end interests nobody.
      socket.on("error", () => {});
      socket.destroy();
      reject(reason);
    };
    const done = (): void => {
      tidy();
      resolve();
    };
    const onError = (error: Error): void => {
      // An aborted call rejects with the signal's reason, also when another error comes in the same turn.
      if (signal?.aborted === true) return fail(signal.reason);
      fail(ioError(error, step.failed, `${step.where}: ${error.message}`));
    };
    const onClose = (): void => onError(new Error("the connection ended"));
    const onAbort = (): void => fail(signal?.reason);
    const onLate = (): void =>
      fail(new IoError(step.late, { detail: `${step.where}, after ${step.afterMs} ms` }));
    const timer = step.afterMs <= TIMER_MAX_MS ? setTimeout(onLate, step.afterMs) : undefined;
    const tidy = (): void => {
      clearTimeout(timer);
      socket.off(event, done).off("error", onError).off("close", onClose);
      signal?.removeEventListener("abort", onAbort);
    };
    socket.once(event, done).once("error", onError).once("close", onClose);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

/**
 * The routes without an end: lines and events, one a second.
 * WHATWG HTML §9.2 (server-sent events)
 *
 * Rule of this file: an endless answer ends when its client leaves, and when the server is to stop.
 */
import type { Request, ResponseWriter } from "barewire";

/** Aborted when the demo is asked to stop: without it a graceful shutdown would wait for ever. */
export const stopping: AbortController = new AbortController();

const PERIOD_MS = 1000;

/** `/stream` */
export function stream(w: ResponseWriter, r: Request): Promise<void> {
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  return everySecond(w, r, (count) => `line ${count}\n`);
}

/** `/sse` */
export function sse(w: ResponseWriter, r: Request): Promise<void> {
  w.header.set("Content-Type", "text/event-stream");
  w.header.set("Cache-Control", "no-store");
  return everySecond(w, r, (count) => `id: ${count}\ndata: tick ${count}\n\n`);
}

/** Waits until the time is over or one of the signals says that waiting is pointless. */
export function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    for (const signal of signals) signal.addEventListener("abort", wake);
    if (signals.some((signal) => signal.aborted)) wake();
  });
}

async function everySecond(
  w: ResponseWriter,
  r: Request,
  text: (count: number) => string,
): Promise<void> {
  // A HEAD wants to know what GET would say first, not to wait for the rest.
  if (r.method === "HEAD") return;
  const signals = [r.signal, stopping.signal];
  for (let count = 1; !signals.some((signal) => signal.aborted); count++) {
    await w.write(text(count));
    await w.flush();
    await pause(PERIOD_MS, signals);
  }
}

/**
 * What the tests of both tunnels share.
 *
 * Rule of this file: one end of a pipe is the proxy's, played by a WireClient; time stands still.
 */
import type { Conn } from "../../../lib/bufio/mod.ts";
import { type PipeOptions, pipe } from "../../../lib/bufio/mod.ts";
import { TestClock, WireClient } from "../../../lib/testing/mod.ts";

export const TARGET = { host: "a.example", port: 443 } as const;

/** A Conn to a proxy, and the proxy. */
export interface Scene {
  readonly conn: Conn;
  readonly proxy: WireClient;
  readonly clock: TestClock;
}

export function scene(options: PipeOptions = {}): Scene {
  const [conn, far] = pipe(options);
  return { conn, proxy: new WireClient(far), clock: new TestClock() };
}

/** The ways in which octets may be cut on their way: whole, byte by byte, anywhere. */
export const CUTS: readonly { way: string; options: PipeOptions }[] = [
  { way: "whole", options: {} },
  { way: "byte by byte", options: { chop: 1 } },
  { way: "by three, out of a shared buffer", options: { chop: 3, tenure: "borrowed" } },
];

/** A signal that counts who listens to it. */
export function countedSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  let count = 0;
  const { signal } = controller;
  const [add, remove] = [
    signal.addEventListener.bind(signal),
    signal.removeEventListener.bind(signal),
  ];
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    count++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    count--;
    remove(...args);
  };
  return { controller, listeners: () => count };
}

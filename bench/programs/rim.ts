/**
 * How a bench program talks to the harness that started it: one figure when ready, one per
 * question.
 *
 * Rule of this file: nothing here runs while a measurement runs; the channel sleeps between
 * questions.
 */
import type { AddressInfo, Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What a program can be asked, by name; each answers with a figure. */
export type Answers = Readonly<Record<string, () => number | Promise<number>>>;

/** Says that the program is ready, with its port (0 for a client), then answers questions. */
export function ready(port: number, answers: Answers = {}): void {
  const table: Answers = { rss, ...answers };
  process.on("message", (question: string) => void reply(table[question]));
  // The harness is gone: so are we.
  process.on("disconnect", () => process.exit(0));
  process.send?.(port);
}

async function reply(answer: Answers[string] | undefined): Promise<void> {
  if (answer === undefined) throw new Error("nobody knows the answer to this question");
  process.send?.(await answer());
}

/** The port of a listening net.Server. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** What all programs answer: 13 bytes of text, and the fields that a server adds by itself. */
export const BODY = "Hello, world!";
export const CONTENT_TYPE = "text/plain; charset=utf-8";
export const CONSTANT_ANSWER: string =
  `HTTP/1.1 200 OK\r\nContent-Type: ${CONTENT_TYPE}\r\n` +
  `Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** Resident memory in bytes, after the garbage has been collected and finalizers have run. */
async function rss(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await sleep(100);
  }
  return process.memoryUsage.rss();
}

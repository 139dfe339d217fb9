/**
 * How a bench program talks to the harness that started it: one figure when ready, one per
 * question.
 *
 * Rule of this file: nothing here runs while a measurement runs; the channel sleeps between
 * questions.
 */
import { readFileSync } from "node:fs";
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
export const CONSTANT_ANSWER: string = constantAnswer(BODY, CONTENT_TYPE);

/** What a handler is to do; after "mux-" stands how many routes there are. */
export type HandlerKind = "hello" | "async" | "later" | "json" | "echo" | `mux-${number}`;

/** What is sent as JSON, made anew for every answer. */
export function jsonValue(): object {
  return { id: 4711, name: "Ada", tags: ["wire", "bytes"], active: true, ratio: 0.5 };
}

/** How much is posted. */
export const POST_BYTES = 1024;

/** What a server that parses nothing answers where a handler of this kind is asked for. */
export function constantAnswerOf(kind: string): string {
  if (kind === "json") return constantAnswer(JSON.stringify(jsonValue()), "application/json");
  if (kind === "echo") return constantAnswer("x".repeat(POST_BYTES), "application/octet-stream");
  return CONSTANT_ANSWER;
}

/** Route number i as programs have them: few words at the first place, many at the second. */
export function routePath(i: number): string {
  return `/area${i % 3}/item${String(i).padStart(5, "0")}/{id}`;
}

/** How many routes "mux-1000" has; 0 for the others. */
export function routesOf(kind: string): number {
  return Number(/^mux-(\d+)$/.exec(kind)?.[1] ?? 0);
}

/** The certificate for localhost that the examples have, which is for trying only. */
export function certificate(): { readonly cert: string; readonly key: string } {
  const read = (name: string): string =>
    readFileSync(new URL(`../../examples/tls/localhost-${name}.pem`, import.meta.url), "utf8");
  return { cert: read("cert"), key: read("key") };
}

function constantAnswer(body: string, type: string): string {
  return (
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n` +
    `Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** Resident memory in bytes, after the garbage has been collected and finalizers have run. */
async function rss(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await sleep(100);
  }
  return process.memoryUsage.rss();
}

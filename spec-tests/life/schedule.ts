/**
 * What the tests of life and death share: routes in every mood, clients that leave when they like, and a
 * reader of answers that shares no code with the server.
 *
 * Rule of this file: everything random comes from one seed, so that a failure can be had again.
 */
import * as assert from "uvu/assert";
import type { HandlerFunc } from "../../lib/server/mod.ts";
import type { Request } from "../../lib/message/mod.ts";

/** Numbers from 0 to 1, the same for the same seed (xorshift of 32 bits). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761) | 1;
    for (let i = 0; i < 8; i++) this.below(2);
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % count;
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)] as T;
  }
}

/** What a handler does; each answer begins with its request's number. */
export const MOODS: ReadonlyMap<string, HandlerFunc> = new Map(
  Object.entries<HandlerFunc>({
    quick: (w, r) => void w.write(numberOf(r)),
    later: async (w, r) => {
      await turns(5);
      await w.write(numberOf(r));
    },
    flushed: async (w, r) => {
      await w.write(numberOf(r));
      await w.flush();
      await turns(3);
      await w.write("rest");
    },
    long: async (w, r) => {
      await w.write(numberOf(r));
      for (let i = 0; i < 40; i++) await w.write("x".repeat(8_000));
    },
    reads: async (w, r) => {
      const body = await r.body.text();
      await w.write(`${numberOf(r)}${body.length}`);
    },
    early: (w, r) => void w.write(numberOf(r)),
    throws: () => {
      throw new Error("on purpose");
    },
    rejects: async () => {
      await turns(2);
      throw new Error("on purpose");
    },
    breaks: async (w, r) => {
      await w.write(numberOf(r));
      await w.flush();
      throw new Error("on purpose");
    },
    aborts: async (w, r) => {
      await w.write(numberOf(r));
      await turns(2);
      w.abort();
    },
    waits: (_, r) => new Promise((resolve) => r.signal.addEventListener("abort", () => resolve())),
    never: () => new Promise(() => undefined),
    hijacks: async (w) => {
      const { conn } = w.hijack();
      conn.start({ onBytes: () => "more", onEnd: () => conn.close(), onError: () => undefined });
      conn.write("hijacked");
      await turns(2);
      conn.close();
    },
    hijacksAndThrows: (w) => {
      w.hijack().conn.abort();
      throw new Error("on purpose");
    },
  }),
);

export const ALL_MOODS: readonly string[] = [...MOODS.keys()];

/** Routes by mood; `begun` hears the number of each request that a handler sees. */
export function moody(begun: (number: string) => void): HandlerFunc {
  return (w, r) => {
    begun(r.rawQuery);
    return MOODS.get(r.path.slice(1))?.(w, r);
  };
}

/** A request for a mood; sometimes with a body, sometimes with one that never comes whole. */
export function requestFor(mood: string, number: string, dice: Dice): string {
  const target = `/${mood}?${number}`;
  const kind = dice.below(8);
  const head = (fields: string): string => `POST ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
  if (kind === 0) return `${head("Content-Length: 20\r\n")}half`;
  if (kind === 1) return `${head("Transfer-Encoding: chunked\r\n")}5\r\nhello\r\n0\r\n\r\n`;
  if (kind === 2) return `${head("Content-Length: 5\r\n")}hello`;
  if (kind === 3) return `${head("Expect: 100-continue\r\nContent-Length: 5\r\n")}hello`;
  if (kind === 4) return `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
}

/** What a client has received, read answer by answer. */
export interface Answers {
  /** Whole answers that are not interim. */
  readonly whole: readonly { readonly status: number; readonly body: string }[];
  /** Has another one begun that is not whole? */
  readonly state: "clean" | "cut";
}

/** Reads answers off what has come: heads, then a length, chunks, or nothing. */
export function readAnswers(text: string): Answers {
  const whole: { status: number; body: string }[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf("\r\n\r\n", at);
    if (end < 0) return { whole, state: "cut" };
    const head = text.slice(at, end + 2);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    assert.ok(status >= 100, `no head of an answer: ${JSON.stringify(head.slice(0, 80))}`);
    at = end + 4;
    if (status < 200) continue;
    const length = /\r\nContent-Length: (\d+)\r\n/.exec(head)?.[1];
    const isChunked = head.includes("\r\nTransfer-Encoding: chunked\r\n");
    const body = isChunked ? chunksAt(text, at) : lengthAt(text, at, length);
    if (body === undefined) return { whole, state: "cut" };
    whole.push({ status, body: body.text });
    at = body.end;
  }
  return { whole, state: "clean" };
}

interface BodyAt {
  readonly text: string;
  readonly end: number;
}

/** A refusal has no length: it goes to the end. */
function lengthAt(text: string, at: number, length: string | undefined): BodyAt | undefined {
  const end = length === undefined ? text.length : at + Number(length);
  return end > text.length ? undefined : { text: text.slice(at, end), end };
}

function chunksAt(text: string, from: number): BodyAt | undefined {
  let body = "";
  for (let at = from; ; ) {
    const line = text.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const digits = text.slice(at, line);
    assert.match(digits, /^[0-9a-f]+$/, "no chunk where one should be");
    const size = Number.parseInt(digits, 16);
    if (size === 0) return text.length < line + 4 ? undefined : { text: body, end: line + 4 };
    at = line + 2 + size + 2;
    if (at > text.length) return undefined;
    body += text.slice(line + 2, line + 2 + size);
  }
}

/** A few turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}

/** So long may it take on a busy machine until the last of it is gone, ms. */
const ENDED_MS_MAX = 4000;

/** How many sockets the process has open. */
export function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCPSocket|TLS/.test(name)).length;
}

/** Waits until it holds; fails with `otherwise` when that takes too long. */
export async function until(holds: () => boolean, otherwise: string): Promise<void> {
  const late = performance.now() + ENDED_MS_MAX;
  while (!holds()) {
    assert.ok(performance.now() < late, otherwise);
    await turns(1);
  }
}

/** "#7#": the number of a request, as its answer shows it. */
function numberOf(r: Request): string {
  return `#${r.rawQuery}#`;
}

/** Runs `fn` and fails if a rejection or an exception of the process went unhandled meanwhile. */
export async function nothingUnhandled(fn: () => Promise<void>): Promise<void> {
  const seen: unknown[] = [];
  const take = (error: unknown): void => void seen.push(error);
  process.on("unhandledRejection", take);
  process.on("uncaughtException", take);
  try {
    await fn();
    await turns(3);
  } finally {
    process.off("unhandledRejection", take);
    process.off("uncaughtException", take);
  }
  assert.equal(seen, [], `unhandled: ${seen.map(String).join("; ")}`);
}

/**
 * How the tests of this room feed messages: a reader that has all, and readers behind a pipe that lends its
 * bytes, cut at every place, overwritten after each delivery. And where what is written ends up.
 *
 * Rule of this file: whoever gets a reader here gets it the way a connection would.
 */
import * as assert from "uvu/assert";
import { Reader, Writer, pipe, poisonBorrowedBytes } from "../../lib/bufio/mod.ts";
import { Body, type BodySource, Request, bodyFrom } from "../../lib/message/mod.ts";
import type { RequestParts } from "../../lib/message/mod.ts";
import { type Coded, bytes, everyCut, rejects, text } from "../kit.ts";
import { SpyConn } from "../bufio/spy-conn.ts";

// Whoever keeps a lent byte past its time reads 0xAA, also without the runner's mode.
poisonBorrowedBytes(true);

/** Runs `fn` with a reader of `input`: whole, cut in two at every place, and byte by byte. */
export async function everyWay(
  input: string,
  fn: (reader: Reader) => Promise<void>,
): Promise<void> {
  const octets = bytes(input);
  await naming("fed whole", () => fn(Reader.of(octets.slice())));
  const cuts = everyCut(octets);
  // Large inputs are cut at some places only.
  const step = Math.ceil(cuts.length / 400);
  for (const [at, cut] of cuts.entries()) {
    if (at % step === 0) await naming(`cut at ${at}`, () => fn(piped(cut)));
  }
  await naming("fed byte by byte", () => fn(piped([octets], 1)));
}

/** The same for an input that must be refused. */
export async function everyWayFails(
  input: string,
  fn: (reader: Reader) => Promise<unknown>,
  code: string,
  check: (error: Coded) => void = () => {},
): Promise<void> {
  await everyWay(input, async (reader) => check(await rejects(fn(reader), code)));
}

/** A reader behind a pipe that brings these pieces and then ends. */
export function piped(pieces: readonly Uint8Array[], chop = 65_536): Reader {
  const [near, far] = pipe({ tenure: "borrowed", chop });
  const reader = new Reader(near);
  near.start(reader);
  for (const piece of pieces) far.write(piece);
  far.closeWrite();
  return reader;
}

/** What `fn` writes, and in how many writes, also when it fails. */
export async function written(
  fn: (writer: Writer) => Promise<void> | void,
): Promise<{ text: string; writes: number; error: unknown }> {
  const conn = new SpyConn();
  let error: unknown;
  try {
    const writer = new Writer(conn);
    await fn(writer);
    assert.is(writer.buffered, 0, "everything is flushed");
  } catch (thrown) {
    error = thrown;
  }
  return { text: conn.written, writes: conn.writes.length, error };
}

/** A request with the usual parts. */
export function requestWith(parts: Partial<RequestParts> = {}): Request {
  return new Request({ method: "GET", target: "/", host: "a.example", ...parts });
}

/** A body of unknown length that comes in these pieces, one a turn. */
export function streamed(...pieces: readonly string[]): Body {
  return bodyFrom(slowly(pieces)).body;
}

async function* slowly(pieces: readonly string[]): AsyncIterableIterator<Uint8Array> {
  for (const piece of pieces) {
    await Promise.resolve();
    yield bytes(piece);
  }
}

/** A source that the test works by hand. */
export class HandSource implements BodySource {
  readonly steps: (Uint8Array | "end" | Error)[] = [];
  cancelled: unknown[] = [];
  #wake: (() => void) | undefined;

  /** Makes the next step possible: a piece, or a failure. */
  give(step: string | Error): void {
    this.#next(typeof step === "string" ? bytes(step) : step);
  }

  end(): void {
    this.#next("end");
  }

  pull(): Uint8Array | "need-more" | "end" {
    const step = this.steps.shift();
    if (step instanceof Error) throw step;
    return step ?? "need-more";
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  cancel(reason?: unknown): void {
    this.cancelled.push(reason);
  }

  #next(step: Uint8Array | "end" | Error): void {
    this.steps.push(step);
    this.#wake?.();
  }
}

/** All of a body as latin1 text. */
export async function contentOf(body: Body): Promise<string> {
  return text(await body.bytes());
}

async function naming(way: string, fn: () => Promise<void>): Promise<void> {
  try {
    await fn();
  } catch (error) {
    if (error instanceof Error) error.message = `${way}: ${error.message}`;
    throw error;
  }
}

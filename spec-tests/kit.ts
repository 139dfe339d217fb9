/**
 * What every test needs: tables, three ways to feed bytes, deadlines, and errors told by their code.
 *
 * Rule of this file: small tools without state, on top of uvu/assert. Nothing here knows HTTP. Importing it
 * also switches the 0xAA mode on when the runner asks for it (npm test -- --poison), so each test of
 * bufio, net, message and server imports it.
 */
import { inspect } from "node:util";
import * as assert from "uvu/assert";
import { poisonBorrowedBytes } from "../lib/bufio/mod.ts";

// In this mode whoever keeps borrowed bytes past their time reads 0xAA instead of getting away with it.
if (process.env["BAREWIRE_POISON"] === "1") poisonBorrowedBytes(true);

/** What `table` asks of a row: its name is a sentence about behaviour. */
export interface Row {
  readonly name: string;
  /** RFC section or Go function, shown beside the name. */
  readonly section?: string | undefined;
}

/** A suite of uvu, as far as `table` needs it. */
export type Suite = (name: string, test: () => Promise<void> | void) => void;

/** Registers one test for each row, named by the row. */
export function table<R extends Row>(
  suite: Suite,
  rows: readonly R[],
  fn: (row: R) => Promise<void> | void,
): void {
  if (rows.length === 0) throw new Error("a table without rows tests nothing");
  for (const row of rows) {
    suite(row.section === undefined ? row.name : `${row.name} (${row.section})`, () => fn(row));
  }
}

/** Latin-1 text as bytes: one byte per char, `\r\n` visible in the source. */
export function bytes(latin1: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(latin1.length);
  for (let i = 0; i < latin1.length; i++) {
    const char = latin1.charCodeAt(i);
    if (char > 0xff) throw new Error(`not a latin-1 char at ${i}: write its UTF-8 bytes as \\xNN`);
    out[i] = char;
  }
  return out;
}

/** Bytes as latin-1 text, the inverse of `bytes`. */
export function text(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("latin1");
}

/** Several arrays as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(pieces));
}

/** What a feed made of its pieces: a value, and the bytes it did not take. */
export interface Fed<T> {
  readonly value: T;
  readonly rest: Uint8Array;
}

/** Feeds the pieces one after the other to something fresh, and tells what came of it, or throws. */
export type Feed<T> = (pieces: readonly Uint8Array[]) => Fed<T> | Promise<Fed<T>>;

/** The bytes put behind the input in the third way. They must all come back as `rest`. */
export const LEFT_OVER = "GET /next HTTP/1.1\r\n";

/**
 * Feeds `input` whole, byte by byte, and with bytes left over: `check` sees the value each time, and nothing
 * but the bytes left over may remain. For inputs that end by themselves (heads, chunked bodies).
 */
export async function threeWays<T>(
  input: Uint8Array,
  feed: Feed<T>,
  check: (value: T) => void,
): Promise<void> {
  for (const { way, pieces, leftOver } of ways(input)) {
    const { value, rest } = await feed(pieces);
    naming(way, () => {
      check(value);
      assert.is(text(rest), leftOver, "bytes not taken");
    });
  }
}

/** The same three ways for an input that must be refused: each throws an error with this code. */
export async function threeWaysFail<T>(
  input: Uint8Array,
  feed: Feed<T>,
  code: string,
  check: (error: Coded) => void = () => {},
): Promise<void> {
  for (const { way, pieces } of ways(input)) {
    const error = await rejects(
      (async () => feed(pieces))(),
      code,
      `${way}: expected an error with code ${code}`,
    );
    naming(way, () => check(error));
  }
}

/** Each way of cutting the input in two, for inputs small enough to try them all. */
export function everyCut(input: Uint8Array): [Uint8Array, Uint8Array][] {
  return Array.from({ length: input.length + 1 }, (_, at) => [input.slice(0, at), input.slice(at)]);
}

interface Way {
  readonly way: string;
  readonly pieces: readonly Uint8Array[];
  readonly leftOver: string;
}

function ways(input: Uint8Array): Way[] {
  const single = Array.from(input, (byte) => Uint8Array.of(byte));
  return [
    { way: "fed whole", pieces: [input.slice()], leftOver: "" },
    { way: "fed byte by byte", pieces: single, leftOver: "" },
    {
      way: "fed with bytes left over",
      pieces: [joined([input, bytes(LEFT_OVER)])],
      leftOver: LEFT_OVER,
    },
  ];
}

/** Runs `fn`, putting the way in front of the message of whatever it throws. */
function naming(way: string, fn: () => void): void {
  try {
    fn();
  } catch (error) {
    if (error instanceof Error) error.message = `${way}: ${error.message}`;
    throw error;
  }
}

/**
 * Wraps a test that touches a connection, so that it fails instead of hanging: uvu has no limit of its own.
 * `test("a sentence", withDeadline(2000, async () => { … }))`
 */
export function withDeadline(ms: number, fn: () => Promise<void> | void): () => Promise<void> {
  // Made here, not at the deadline, so that its stack points at the test.
  const late = new Error(`still running after ${ms} ms`);
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(late), ms);
    });
    try {
      await Promise.race([fn(), limit]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** An error with a code, as every error of this library is. */
export interface Coded extends Error {
  readonly code: string;
}

/** Waits for the promise to reject with this code, and returns the error for further looks. */
export async function rejects(
  promise: Promise<unknown>,
  code: string,
  message: string = `expected a rejection with code ${code}`,
): Promise<Coded> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return coded(error, code, message);
  }
  assert.unreachable(`${message}, got a value: ${shown(value)}`);
  throw new Error("unreachable");
}

/** Expects `fn` to throw an error with this code at once, and returns the error for further looks. */
export function throwsCode(fn: () => unknown, code: string): Coded {
  let value: unknown;
  try {
    value = fn();
  } catch (error) {
    return coded(error, code, `expected a throw with code ${code}`);
  }
  assert.unreachable(`expected a throw with code ${code}, got a value: ${shown(value)}`);
  throw new Error("unreachable");
}

function coded(error: unknown, code: string, message: string): Coded {
  // Not one of ours, most likely a bug: its own stack says more than a failed comparison would.
  if (!(error instanceof Error) || !("code" in error)) throw error;
  assert.is(error.code, code, `${message}, got ${String(error.code)}: ${error.message}`);
  return error as Coded;
}

function shown(value: unknown): string {
  if (value instanceof Promise) return "a promise (await it, or use rejects)";
  return inspect(value, { depth: 2 });
}

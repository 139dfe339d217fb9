/**
 * Byte scripts: what is sent and what must come back, step by step, over any Conn.
 * Go: none (Expect, over net.Conn)
 *
 * Rule of this file: exact bytes and nothing else. A failure shows both sides, escaped, with the first
 * difference marked.
 */
import type { Conn } from "../bufio/mod.ts";
import { diffBytes, escapeBytes, firstDifference } from "./diff.ts";
import { TestingError } from "./errors.ts";
import { octets, WireClient } from "./wire-client.ts";

/** One step. Text is one octet per char. */
export type ScriptStep =
  /** Sends these bytes. */
  | { readonly send: string | Uint8Array }
  /** Exactly these bytes must come next. */
  | { readonly expect: string | Uint8Array }
  /**
   * The peer ends its side ("fin"), cuts the connection ("reset"), or does one of the two ("any"); nothing
   * else may come before that.
   */
  | { readonly ends: "fin" | "reset" | "any" }
  /** Ends our side ("fin"), both ("close"), or cuts the connection ("reset"). */
  | { readonly end: "fin" | "close" | "reset" }
  /** Nothing may have come that no `expect` has named; looked at when `after` has resolved. */
  | { readonly silent: () => Promise<void> | void }
  /** Anything between: moving a clock, changing the server. */
  | { readonly call: (client: WireClient) => Promise<void> | void };

export interface ScriptOptions {
  /** How long each `expect` and `ends` waits, in ms of real time. Default 5,000. */
  readonly deadlineMs?: number | undefined;
}

const DEADLINE_MS = 5_000;

/**
 * Runs the steps one after the other. Resolves with the client when all are done; the connection is left as
 * the script left it. Rejects with "bytes-differ", "bytes-missing" or "end-differs"; the message begins with
 * the number of the step, counted from 1.
 */
export async function runScript(
  conn: Conn,
  steps: readonly ScriptStep[],
  options: ScriptOptions = {},
): Promise<WireClient> {
  const client = new WireClient(conn);
  const ms = options.deadlineMs ?? DEADLINE_MS;
  for (const [index, step] of steps.entries()) {
    await runStep(client, step, ms, `step ${index + 1} of ${steps.length}`);
  }
  return client;
}

async function runStep(
  client: WireClient,
  step: ScriptStep,
  ms: number,
  where: string,
): Promise<void> {
  if ("send" in step) client.send(step.send);
  else if ("expect" in step) await expectBytes(client, bytesOf(step.expect), ms, where);
  else if ("ends" in step) await expectEnd(client, step.ends, ms, where);
  else if ("end" in step) endOurs(client, step.end);
  else if ("call" in step) await step.call(client);
  else {
    await step.silent();
    nothingMore(client, where);
  }
}

async function expectBytes(
  client: WireClient,
  expected: Uint8Array,
  ms: number,
  where: string,
): Promise<void> {
  const here = (): Uint8Array => client.unread.subarray(0, expected.length);
  const differs = (): boolean => {
    const at = firstDifference(here(), expected);
    return at !== undefined && at < here().length;
  };
  const settled = (): boolean =>
    here().length === expected.length || differs() || client.end !== "open";
  let late: unknown;
  try {
    await client.until(settled, ms);
  } catch (cause) {
    late = cause;
  }
  const actual = here();
  if (firstDifference(actual, expected) === undefined) {
    await client.read(expected.length, ms);
    return;
  }
  const why = late === undefined ? `the peer's side is ${client.end}` : `after ${ms} ms`;
  throw new TestingError(late === undefined ? "bytes-differ" : "bytes-missing", {
    evidence: `${where} (${why})\n${diffBytes(actual, expected)}`,
    cause: late,
  });
}

async function expectEnd(
  client: WireClient,
  kind: "fin" | "reset" | "any",
  ms: number,
  where: string,
): Promise<void> {
  try {
    await client.ended(ms);
  } catch (cause) {
    nothingMore(client, where);
    const evidence = `${where}: expected ${kind}, the peer's side is open`;
    throw new TestingError("end-differs", { evidence, cause });
  }
  nothingMore(client, where);
  const actual = client.end === "reset" ? "reset" : "fin";
  if (kind === "any" || kind === actual) return;
  throw new TestingError("end-differs", { evidence: `${where}: expected ${kind}, got ${actual}` });
}

function nothingMore(client: WireClient, where: string): void {
  const { unread } = client;
  if (unread.length === 0) return;
  const evidence = `${where}: nothing more was expected, "${escapeBytes(unread)}" came`;
  throw new TestingError("bytes-differ", { evidence });
}

function endOurs(client: WireClient, how: "fin" | "close" | "reset"): void {
  if (how === "fin") client.finish();
  else if (how === "close") client.close();
  else client.reset();
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? octets(data) : data;
}

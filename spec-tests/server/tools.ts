/**
 * What the tests of the server share: requests and answers as text, and servers in memory.
 *
 * Rule of this file: the order of fields in an answer stands here and nowhere else.
 */
import * as assert from "uvu/assert";
import type { Handler, ServerOptions } from "../../lib/server/mod.ts";
import {
  type PeerEnd,
  TestClock,
  TestServer,
  type WireClient,
  settle,
} from "../../lib/testing/mod.ts";
import { type Row, type Suite, table, withDeadline } from "../kit.ts";

export const DEADLINE_MS = 8_000;
/** What TestClock shows at its beginning. */
export const DATE = "Date: Tue, 01 Jan 2030 00:00:00 GMT\r\n";
export const TEXT = "text/plain; charset=utf-8";
export const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

/** The server in memory of a test. */
export type Memory = TestServer<unknown, TestClock>;

/** A GET of HTTP/1.1; further fields end with CRLF each. */
export function get(target = "/", fields = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

/** A POST of HTTP/1.1 with a body of known length. */
export function post(body: string, fields = "", target = "/"): string {
  const length = `Content-Length: ${body.length}\r\n`;
  return `POST ${target} HTTP/1.1\r\nHost: a\r\n${length}${fields}\r\n${body}`;
}

/** A GET of HTTP/1.0. */
export function old(fields = "", target = "/"): string {
  return `GET ${target} HTTP/1.0\r\n${fields}\r\n`;
}

/** So many times the letter x. */
export function x(count: number): string {
  return "x".repeat(count);
}

export interface AnswerParts {
  /** Default "200 OK". */
  readonly line?: string;
  readonly version?: 0 | 1;
  /** What the handler has set, each line with its CRLF. */
  readonly set?: string;
  /** The Content-Length that is added; "none" for no such line. Default: of the body. */
  readonly length?: number | "none";
  /** The Content-Type that is added. Default: text; "none" for no such line. */
  readonly type?: string;
  readonly date?: "none";
  readonly connection?: "close" | "keep-alive";
  readonly chunked?: "chunked";
}

/** An answer as it goes on the wire. */
export function answer(body: string, parts: AnswerParts = {}): string {
  const length = parts.length ?? (parts.chunked === undefined ? body.length : "none");
  const type = parts.type ?? (body === "" ? "none" : TEXT);
  return [
    `HTTP/1.${parts.version ?? 1} ${parts.line ?? "200 OK"}\r\n`,
    parts.set ?? "",
    parts.date === "none" ? "" : DATE,
    length === "none" ? "" : `Content-Length: ${length}\r\n`,
    type === "none" ? "" : `Content-Type: ${type}\r\n`,
    parts.connection === undefined ? "" : `Connection: ${parts.connection}\r\n`,
    parts.chunked === undefined ? "" : "Transfer-Encoding: chunked\r\n",
    `\r\n${body}`,
  ].join("");
}

/** One chunk. */
export function chunk(data: string): string {
  return `${data.length.toString(16)}\r\n${data}\r\n`;
}

/** The raw answer to a refused request. */
export function refusal(line: string, body: string = line, extra = ""): string {
  return `HTTP/1.1 ${line}\r\n${DATE}Content-Type: ${TEXT}\r\n${extra}Connection: close\r\n\r\n${body}`;
}

/** One exchange on a connection of its own. */
export interface Exchange<C = unknown> extends Row {
  readonly handler?: Handler<C>;
  readonly options?: ServerOptions<C>;
  readonly send: string;
  readonly expect: string;
  /** How the server's side stands afterwards. Default "open". */
  readonly end?: PeerEnd;
  /** What the error log must hold: a part of each line, in order. Default: nothing. */
  readonly log?: readonly string[];
  /** What hooks saw, or whatever else there is to look at. */
  readonly also?: (server: TestServer<C, TestClock>) => void;
}

/** Answers with what it was asked for; for tests that are about something else. */
export const echoTarget: Handler = (w, r) => {
  void w.write(r.target);
};

/** Each row: whole, and byte by byte; what comes back must be the same. */
export function exchanges<C>(suite: Suite, rows: readonly Exchange<C>[]): void {
  table(suite, rows, (row) => withDeadline(DEADLINE_MS, () => bothWays(row))());
}

async function bothWays<C>(row: Exchange<C>): Promise<void> {
  for (const chop of [undefined, 1]) {
    await using server = TestServer.inMemory<C>(row.handler ?? echoTarget, row.options);
    const client = await server.connect({ chop, tenure: "borrowed" });
    client.send(row.send);
    await quiet(client);
    const way = chop === undefined ? "whole" : "byte by byte";
    assert.is(client.text, row.expect, `answer, fed ${way}`);
    assert.is(client.end, row.end ?? "open", `end, fed ${way}`);
    assertLog(server.log, row.log ?? []);
    row.also?.(server);
    client.close();
  }
}

export function assertLog(lines: readonly string[], parts: readonly string[]): void {
  assert.is(lines.length, parts.length, `log lines: ${JSON.stringify(lines)}`);
  for (const [index, part] of parts.entries()) {
    assert.ok(lines[index]?.includes(part), `"${lines[index]}" does not say "${part}"`);
  }
}

/** Waits until nothing more comes: in memory that is a matter of turns, not of time. */
export async function quiet(client: WireClient): Promise<void> {
  for (let before = -1; before !== client.received.length; ) {
    before = client.received.length;
    await settle(4);
  }
}

/** A promise and its two ends, for handlers that wait for the test. */
export function gate<T = void>(): {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (error: unknown) => void;
} {
  let open: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

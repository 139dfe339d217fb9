/**
 * A Transport over pipes, its servers played by hand, on a clock that stands still.
 *
 * Rule of this file: no sockets and no real time. It counts what a call may leave behind: alarms, listeners,
 * connections, holds; `assertClean` wants none of them.
 */
import * as assert from "uvu/assert";
import { type Conn, type Dial, type PipeOptions, pipe } from "../../lib/bufio/mod.ts";
import type { ClientPlatform, RoundTripOptions } from "../../lib/client/contracts.ts";
import { ClientError } from "../../lib/client/errors.ts";
import type { TransportOptions } from "../../lib/client/options.ts";
import type { Trace } from "../../lib/client/trace.ts";
import { Transport } from "../../lib/client/transport.ts";
import type { BodyLike, Request, Response } from "../../lib/message/mod.ts";
import { newRequest } from "../../lib/message/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import type { HeaderInit } from "../../lib/wire/mod.ts";
import { CountedSignal } from "./fake-transport.ts";

export interface RigOptions extends TransportOptions {
  readonly pipe?: PipeOptions | undefined;
  readonly platform?: Partial<ClientPlatform> | undefined;
}

/** What a test asks for beside method and URL. */
export interface Ask {
  readonly method?: string;
  readonly url?: string;
  readonly body?: BodyLike;
  readonly header?: HeaderInit;
  readonly signal?: AbortSignal;
  readonly close?: boolean;
  readonly options?: RoundTripOptions;
}

export const URL_A = "http://a.test/";

export class Rig {
  readonly clock: TestClock = new TestClock();
  /** The servers' ends, in the order of the dials. */
  readonly servers: WireClient[] = [];
  /** The client's ends. */
  readonly conns: Conn[] = [];
  readonly dialled: string[] = [];
  readonly logged: string[] = [];
  readonly transport: Transport;
  /** How many hold the process. */
  held = 0;
  /** Runs before each dial; what it waits for, the dial waits for. */
  beforeDial:
    | ((count: number, signal: AbortSignal | undefined) => Promise<void> | void)
    | undefined;
  /** Is given each server as it comes. */
  onServer: ((server: WireClient) => void) | undefined;
  readonly #pipe: PipeOptions;

  constructor({ pipe: cut, platform, ...options }: RigOptions = {}) {
    this.#pipe = cut ?? {};
    const dial: Dial = async ({ host, port, signal }) => {
      this.dialled.push(`${host}:${port}`);
      await this.beforeDial?.(this.dialled.length, signal);
      const [near, far] = pipe(this.#pipe);
      this.conns.push(near);
      const server = new WireClient(far);
      this.servers.push(server);
      this.onServer?.(server);
      return near;
    };
    this.transport = new Transport(options, {
      clock: this.clock,
      dial,
      hold: (how) => (this.held += how === "busy" ? 1 : -1),
      log: (message) => this.logged.push(message),
      ...platform,
    });
  }

  request(ask: Ask = {}): Request {
    const { method = "GET", url = URL_A, body, header, signal, close } = ask;
    const made = newRequest(method, url, body, { header, signal });
    return close === true ? made.with({ close }) : made;
  }

  ask(ask: Ask = {}): Promise<Response> {
    return this.transport.roundTrip(this.request(ask), ask.options);
  }

  /** Asks, and waits until the whole request is at its server; a rejection is not lost meanwhile. */
  async asked(ask: Ask = {}): Promise<{ response: Promise<Response>; server: WireClient }> {
    const before = this.servers.map((server) => server.received.length);
    const response = this.ask(ask);
    response.catch(() => undefined);
    await settle();
    const at = this.servers.findIndex((server, i) => server.received.length > (before[i] ?? 0));
    const server = this.servers[at];
    if (server === undefined) throw new Error("no server was asked");
    return { response, server };
  }

  /** A whole exchange, its answer read. */
  async exchange(
    ask: Ask = {},
    answer: string = OK,
  ): Promise<{ text: string; server: WireClient }> {
    const { response, server } = await this.asked(ask);
    server.send(answer);
    const body = await (await response).body.text();
    await settle();
    return { text: body, server };
  }

  /** How many connections stand on the servers' side. */
  get open(): number {
    return this.servers.filter((server) => server.end === "open").length;
  }

  /** "idle/busy/dialing/waiting". */
  get stats(): string {
    const { idle, busy, dialing, waiting } = this.transport.stats();
    return `${idle}/${busy}/${dialing}/${waiting}`;
  }

  /** Nothing is left once what lies idle is closed. */
  async assertClean(): Promise<void> {
    await settle();
    assert.is(this.held, 0, "holds");
    this.transport.closeIdleConnections();
    await settle();
    assert.is(this.stats, "0/0/0/0", "stats");
    assert.is(this.clock.watched, 0, "alarms");
    assert.is(this.open, 0, "connections");
  }
}

/** An answer with a length. */
export function answer(content: string, fields = ""): string {
  return `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${content.length}\r\n\r\n${content}`;
}

export const OK: string = answer("ok");

/** A signal that counts its listeners, and how to end it. */
export function counted(): { signal: AbortSignal; source: CountedSignal } {
  const source = new CountedSignal();
  return { signal: source.signal, source };
}

/** Waits for a ClientError with this code; `facts` are what else it must say. */
export async function fails(
  promise: Promise<unknown>,
  code: string,
  facts: Partial<ClientError> = {},
): Promise<ClientError> {
  let error: unknown;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof ClientError)) {
    throw new Error(`a ClientError is wanted, got ${String(error)}`, { cause: error });
  }
  assert.is(error.code, code, error.message);
  for (const [name, value] of Object.entries(facts)) {
    assert.equal(error[name as keyof ClientError], value, name);
  }
  return error;
}

/** What a promise rejects with. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => new Error(`it resolved: ${String(value)}`),
    (reason: unknown) => reason,
  );
}

/** Hooks that write down their names. */
export function traceInto(seen: string[]): Trace {
  return {
    getConn: () => seen.push("getConn"),
    gotConn: () => seen.push("gotConn"),
    putIdleConn: () => seen.push("putIdleConn"),
    gotFirstResponseByte: () => seen.push("gotFirstResponseByte"),
    got100Continue: () => seen.push("got100Continue"),
    got1xxResponse: () => seen.push("got1xxResponse"),
    wroteHeaders: () => seen.push("wroteHeaders"),
    wait100Continue: () => seen.push("wait100Continue"),
    wroteRequest: () => seen.push("wroteRequest"),
    onRetry: () => seen.push("onRetry"),
  };
}

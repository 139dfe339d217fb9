/**
 * A client, and a server that means it harm: a script at the far end of a pipe.
 * DESIGN §3, RFC 9112 §11
 *
 * Rule of this file: time is moved by hand, a flood goes on for as long as anybody takes it, and everything that
 * a call could leave behind is counted: connections, alarms, listeners, holds on the process.
 */
import * as assert from "uvu/assert";
import { nodeDecoders } from "../../lib/adapters/mod.ts";
import { pipe } from "../../lib/bufio/mod.ts";
import {
  Client,
  type ClientOptions,
  Transport,
  type TransportOptions,
} from "../../lib/client/mod.ts";
import { type Response, newRequest } from "../../lib/message/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import { text } from "../kit.ts";
import { CountedSignal } from "./fake-transport.ts";

export const DEADLINE_MS: number = 20_000;
/** What a flood would send if nobody stopped it. */
export const FLOOD_BYTES: number = 64 * 1_048_576;
/** What may be on the way in the pipe, and in the reader, beyond what a limit lets in. */
export const UNDER_WAY_BYTES: number = 400_000;

/** A connection as the server has it. */
export class Peer extends WireClient {
  readonly host: string;
  /** From 1. */
  readonly number: number;
  sent = 0;

  constructor(conn: ConstructorParameters<typeof WireClient>[0], host: string, number: number) {
    super(conn);
    this.host = host;
    this.number = number;
  }

  /** Waits for the head of the next request; false when there is none. */
  async request(): Promise<boolean> {
    return this.readUntil("\r\n\r\n").then(
      () => true,
      () => false,
    );
  }

  answer(octets: string): void {
    this.sent += octets.length;
    this.send(octets);
  }

  /** Sends a piece again and again, at the pace at which it is taken, as long as the connection stands. */
  async flood(piece: string): Promise<void> {
    const block = piece.repeat(Math.max(1, Math.floor(16_384 / piece.length)));
    while (this.end === "open" && this.sent < FLOOD_BYTES) {
      this.answer(block);
      await this.conn.drained().catch(() => undefined);
      await settle(1);
    }
  }
}

export type Script = (peer: Peer) => void | Promise<void>;

/** A client, the server it talks to, and everything that could be left over. */
export class Rig {
  readonly clock: TestClock = new TestClock();
  readonly signal: CountedSignal = new CountedSignal();
  readonly peers: Peer[] = [];
  readonly logged: string[] = [];
  readonly transport: Transport;
  readonly client: Client;
  holds = 0;

  constructor(
    script: Script,
    transport: TransportOptions = {},
    client: Partial<ClientOptions> = {},
  ) {
    this.transport = new Transport(transport, {
      clock: this.clock,
      decoders: nodeDecoders,
      hold: (how) => (this.holds += how === "busy" ? 1 : -1),
      log: (message) => this.logged.push(message),
      dial: ({ host }) => {
        const [near, far] = pipe();
        const peer = new Peer(far, host, this.peers.length + 1);
        this.peers.push(peer);
        void script(peer);
        return Promise.resolve(near);
      },
    });
    this.client = new Client({ transport: this.transport, clock: this.clock, ...client });
  }

  get(url: string = "http://a.test/"): Promise<Response> {
    return this.client.do(newRequest("GET", url, undefined, { signal: this.signal.signal }));
  }

  async text(url?: string): Promise<string> {
    return text(await (await this.get(url)).body.bytes({ max: FLOOD_BYTES }));
  }

  /** Reads piece by piece, keeping nothing. */
  async count(url?: string): Promise<number> {
    let octets = 0;
    for await (const piece of (await this.get(url)).body) octets += piece.length;
    return octets;
  }

  get sent(): number {
    return Math.max(...this.peers.map((peer) => peer.sent));
  }

  /** Nothing of any call is left: not the connections either. */
  async nothingIsLeft(): Promise<void> {
    await settle(40);
    assert.equal(this.transport.stats(), { idle: 0, busy: 0, dialing: 0, waiting: 0 });
    assert.equal(this.peers.filter(({ end }) => end === "open").length, 0, "open connections");
    this.nothingWaits();
    assert.is(this.clock.watched, 0, "alarms");
  }

  nothingWaits(): void {
    assert.is(this.signal.listeners, 0, "listeners of the signal");
    assert.is(this.holds, 0, "holds on the process");
  }
}

/** Answers each request of a connection with the next of these; silent after the last. */
export function answering(...answers: readonly string[]): Script {
  return async (peer) => {
    for (const answer of answers) {
      if (!(await peer.request())) return;
      peer.answer(answer);
    }
  };
}

/** An answer, and then the same piece for ever. */
export function flooding(begin: string, piece: string): Script {
  return async (peer) => {
    if (!(await peer.request())) return;
    peer.answer(begin);
    await peer.flood(piece);
  };
}

export const OK: string = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
export const CHUNKED: string = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
export const EMPTY: string = "Content-Length: 0\r\n\r\n";

/** The error that a promise rejects with, whoever made it. */
export async function rejectedWith(promise: Promise<unknown>): Promise<Error> {
  const [{ status, ...rest }] = await Promise.allSettled([promise]);
  assert.is(status, "rejected");
  return (rest as { reason: Error }).reason;
}

/**
 * TestServer: a Server of one's own, in memory or on a free port of 127.0.0.1, with a client of octets.
 * Go: httptest.Server, httptest.NewTestServer
 *
 * Rule of this file: it starts, watches and ends a real Server; it changes nothing of what that does. All
 * that the server tells somebody (log, refusals, errors, states) is kept to be looked at.
 */
import type { Clock, Conn, PipeOptions } from "../bufio/mod.ts";
import { TimerClock, pipe } from "../bufio/mod.ts";
import { dial, listen } from "../net/mod.ts";
import type { ConnState, Handler, RefusalEvent, ServerOptions } from "../server/mod.ts";
import { Server } from "../server/mod.ts";
import { TestClock } from "./clock.ts";
import { settle } from "./settle.ts";
import { latin1, type PeerEnd, WireClient } from "./wire-client.ts";

export interface TestServerOptions<C = unknown> extends Omit<ServerOptions<C>, "handler"> {
  /** Default: a TestClock in memory, the real time on sockets. */
  readonly clock?: Clock | undefined;
}

/** What came back, and how the connection stood then. */
export interface Exchanged {
  readonly bytes: Uint8Array;
  /** The same, one char per octet. */
  readonly text: string;
  /** "open": the server would have taken another request. */
  readonly end: PeerEnd;
}

export interface ExchangeOptions {
  /** "fin" ends our side right after the input, as `nc -N` does. Default: when the server is idle or done. */
  readonly end?: "fin" | "when-idle" | undefined;
  /** How long to wait in ms of real time. Default 5,000. */
  readonly deadlineMs?: number | undefined;
}

const DEADLINE_MS = 5_000;

/** A Server in a test. `await using server = TestServer.inMemory(handler)` ends it at the end of the block. */
export class TestServer<C = unknown, K extends Clock = Clock> {
  readonly server: Server<C>;
  readonly clock: K;
  /** The log lines. */
  readonly log: string[] = [];
  readonly refusals: RefusalEvent[] = [];
  /** What handlers threw. */
  readonly errors: unknown[] = [];
  /** The states of all connections in the order in which they were told. */
  readonly states: ConnState[] = [];
  readonly #stateOf: Map<Conn, ConnState> = new Map();
  readonly #place: "memory" | "loopback";

  /** @internal Use `inMemory` or `listen`. */
  constructor(
    handler: Handler<C>,
    options: TestServerOptions<C>,
    clock: K,
    place: "memory" | "loopback",
  ) {
    this.clock = clock;
    this.#place = place;
    const platform = { clock, listen: () => listen("127.0.0.1:0") };
    this.server = new Server<C>(this.#watched(handler, options), platform);
  }

  /** A server without sockets: connections are pipes, and time stands still unless `clock` is moved. */
  static inMemory<C = unknown>(
    handler: Handler<C>,
    options: TestServerOptions<C> & { readonly clock?: TestClock | undefined } = {},
  ): TestServer<C, TestClock> {
    return new TestServer(handler, options, options.clock ?? new TestClock(), "memory");
  }

  /** A server on a free port of 127.0.0.1. Rejects with the listener's IoError. */
  static async listen<C = unknown>(
    handler: Handler<C>,
    options: TestServerOptions<C> = {},
  ): Promise<TestServer<C>> {
    const clock = options.clock ?? new TimerClock();
    const made = new TestServer<C>(handler, options, clock, "loopback");
    await made.server.listenAndServe("127.0.0.1:0");
    return made;
  }

  /** "http://127.0.0.1:PORT/"; undefined in memory. */
  get url(): string | undefined {
    return this.server.url;
  }

  /** A client's connection. `options` shape the pipe (latency, chopping) and are for servers in memory only. */
  async connect(options: PipeOptions = {}): Promise<WireClient> {
    return new WireClient(await this.dial(options));
  }

  /** The same as a bare Conn, which nobody has started: for scripts, readers and clients of one's own. */
  async dial(options: PipeOptions = {}): Promise<Conn> {
    if (this.#place === "memory") {
      const [ours, theirs] = pipe(options);
      this.server.serveConn(theirs);
      return ours;
    }
    return dial({ host: "127.0.0.1", port: this.server.addr?.port ?? 0 });
  }

  /**
   * Sends octets on a connection of their own and answers all that comes back until the server waits for
   * another request, or has ended. Rejects with "bytes-missing" when neither happens in time.
   */
  async exchange(input: string | Uint8Array, options: ExchangeOptions = {}): Promise<Exchanged> {
    const conn = await this.dial();
    const client = new WireClient(conn);
    const ms = options.deadlineMs ?? DEADLINE_MS;
    client.send(input);
    if (options.end === "fin") client.finish();
    await this.#answered(client, ms);
    const bytes = client.received;
    const exchanged: Exchanged = { bytes, text: latin1(bytes), end: client.end };
    if (client.end === "open") client.finish();
    client.close();
    return exchanged;
  }

  /** Ends server and connections at once. */
  close(): Promise<void> {
    return this.server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whether the connection at whose other end this one is waits for another request. */
  #isIdle(client: Conn): boolean {
    for (const [conn, state] of this.#stateOf) {
      if (isOtherEnd(conn, client)) return state === "idle";
    }
    return false;
  }

  async #answered(client: WireClient, ms: number): Promise<void> {
    let seen = -1;
    let quiet = 0;
    const timer = setTimeout(() => (quiet = Infinity), ms);
    try {
      while (quiet < QUIET_TURNS && client.end === "open") {
        await settle(1);
        const length = client.received.length;
        const sent = client.conn.queuedBytes === 0;
        const still = sent && length === seen && this.#isIdle(client.conn);
        seen = length;
        quiet = still ? quiet + 1 : quiet === Infinity ? quiet : 0;
      }
    } finally {
      clearTimeout(timer);
    }
    // Too late: let the client say so, with what has come.
    if (quiet === Infinity) await client.until(() => client.end !== "open", 0);
  }

  #watched(handler: Handler<C>, options: TestServerOptions<C>): ServerOptions<C> {
    return {
      ...options,
      handler,
      errorLog: (message, cause) => {
        this.log.push(message);
        options.errorLog?.(message, cause);
      },
      onRefusal: (event) => {
        this.refusals.push(event);
        options.onRefusal?.(event);
      },
      onError: (error, request) => {
        this.errors.push(error);
        options.onError?.(error, request);
      },
      connState: (conn, state) => {
        this.states.push(state);
        if (state === "closed" || state === "hijacked") this.#stateOf.delete(conn);
        else this.#stateOf.set(conn, state);
        options.connState?.(conn, state);
      },
    };
  }
}

/** Turns in which nothing happens before a connection counts as quiet: bytes may be on the loopback. */
const QUIET_TURNS = 4;

function isOtherEnd(server: Conn, client: Conn): boolean {
  const { remoteAddr } = server;
  // The ends of a pipe hold each other's very address; those of a socket have equal ones.
  if (remoteAddr === client.localAddr) return true;
  return remoteAddr?.network === "tcp" && remoteAddr.port === client.localAddr?.port;
}

/**
 * A client at the end of pipes, its server played by octets, and everything that must hold when its calls are over.
 *
 * Rule of this file: time stands still until nothing else happens, then it is moved until the call ends. Only
 * the first connection is the script's; later ones answer plainly, so that what a redirect leads to is seen.
 */
import { type Conn, pipe, poisonBorrowedBytes } from "../../lib/bufio/mod.ts";
import { Client, CookieJar, Transport, type TransportOptions } from "../../lib/client/mod.ts";
import type { Request, Response } from "../../lib/message/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import { type Step, WAIT_MS, play } from "./steps.ts";
import { codeOf, mustEqual } from "./text.ts";
import { mustHaveCaughtAll } from "./uncaught.ts";

// Whoever keeps a lent byte past its time reads 0xAA.
poisonBorrowedBytes(true);

/** Little, so that a body that nobody reads holds the server up soon. */
const HIGH_WATER_BYTES = 4_096;
/** Long enough for every timeout there is. */
const ALL_TIMEOUTS_MS = 1_000_000;
/** The longest that a timer takes: on a busy machine a connection may lie for seconds. */
const FOREVER_MS = 2_147_483_647;
const PLAIN = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain";

/** Small, so that they are met. */
const LIMITS: TransportOptions = {
  maxResponseHeaderBytes: 2_048,
  maxBodyBytes: 4_096,
  maxInterimResponses: 4,
};

/** A client, the servers' ends of its connections, and a clock. */
export class World {
  readonly clock: TestClock = new TestClock();
  readonly jar: CookieJar = new CookieJar({ now: () => this.clock.now() });
  readonly transport: Transport;
  readonly client: Client;
  readonly servers: WireClient[] = [];
  readonly interim: number[] = [];
  readonly retries: string[] = [];
  #held = 0;

  constructor(options: TransportOptions = {}) {
    const platform = {
      clock: this.clock,
      dial: async () => this.#dialled(),
      // What is under TLS is no concern here: the octets are as they would be above it.
      wrapTLS: async (conn: Conn) => conn,
      hold: (how: "busy" | "idle") => void (this.#held += how === "busy" ? 1 : -1),
      log: () => undefined,
    };
    const trace = {
      got1xxResponse: (status: number) => void this.interim.push(status),
      onRetry: (error: unknown) => void this.retries.push(codeOf(error)),
    };
    this.transport = new Transport({ ...LIMITS, trace, ...options }, platform);
    const { clock, jar, transport } = this;
    this.client = new Client({ transport, clock, jar });
  }

  /** Plays one step on the first connection. */
  async play(step: Step): Promise<void> {
    const [server] = this.servers;
    if (server !== undefined) await play(server, this.clock, step);
  }

  /** Moves time until the promise has settled. Throws when it never does. */
  async ended<T>(call: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => void (isOver = true);
    call.then(over, over);
    await settle(3);
    for (let turn = 0; turn < 12 && !isOver; turn++) {
      this.clock.advance(ALL_TIMEOUTS_MS);
      await settle(2);
    }
    if (!isOver) throw new Error("the call never ends");
    return call;
  }

  /** Nothing may be left when all calls are over: no connection, no call, no alarm, no hold, nothing thrown. */
  async mustBeClean(): Promise<void> {
    for (const server of this.servers) server.resume();
    await settle(2);
    // What a cancelled body still drains, and late writes, have their own times.
    this.clock.advance(WAIT_MS);
    await settle(2);
    mustEqual("holds left", this.#held, 0);
    this.transport.closeIdleConnections();
    await settle(3);
    const { idle, busy, dialing, waiting } = this.transport.stats();
    mustEqual("left in the pool", { idle, busy, dialing, waiting }, NOTHING);
    mustEqual("alarms left", this.clock.watched, 0);
    const open = this.servers.filter(({ end }) => end === "open").length;
    mustEqual("connections left", open, 0);
    mustHaveCaughtAll();
  }

  #dialled(): Conn {
    const [near, far] = pipe({ tenure: "borrowed", highWaterBytes: HIGH_WATER_BYTES });
    const server = new WireClient(far);
    if (this.servers.push(server) > 1) void answerPlainly(server);
    return near;
  }
}

const NOTHING = { idle: 0, busy: 0, dialing: 0, waiting: 0 };

/** Answers each request on the connection, until it ends. */
async function answerPlainly(server: WireClient): Promise<void> {
  let answered = 0;
  while (server.end === "open") {
    const isAsked = ({ text, end }: WireClient): boolean =>
      end !== "open" || headsIn(text) > answered;
    await server.until(isAsked, FOREVER_MS);
    if (server.end !== "open") return server.close();
    answered++;
    server.send(PLAIN);
  }
}

function headsIn(text: string): number {
  return text.split("\r\n\r\n").length - 1;
}

/** What a caller gets of a call: all that can be told of a response whose body was read, or the error's code. */
export async function outcomeOf(
  world: World,
  request: Request,
  read: (response: Response) => Promise<unknown> = ({ body }) => body.text(),
): Promise<unknown> {
  let head: unknown;
  try {
    const response = await world.client.do(request);
    const { status, statusText, header, close } = response;
    head = [status, statusText, [...header], close, response.request?.target];
    return [head, await read(response), [...response.trailer]];
  } catch (error) {
    return [head, codeOf(error)];
  }
}

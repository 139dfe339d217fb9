/**
 * Life and death of a client on sockets, plain and TLS: the same callers, servers that are as moody, and real time.
 *
 * Rule of this file: timeouts are short, so that each call has ended by itself within a second or two. At its end the
 * transport has no connection and no call, and this process no socket more than before.
 */
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer as createPlain, type Server, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Transport } from "../../lib/adapters/mod.ts";
import { withDeadline } from "../kit.ts";
import { Asker, assertNoFaults, ofSeed, replyTo, requestsIn } from "./asking.ts";
import { Dice, nothingUnhandled, sockets, turns, until } from "./schedule.ts";

const test = suite("life of a client on sockets");
const SEEDS = [1, 2, 3, 4, 5, 6];
const STEPS = 60;
const SHORT = {
  connectTimeout: 300,
  tlsHandshakeTimeout: 300,
  poolTimeout: 1000,
  expectContinueTimeout: 30,
  writeTimeout: 200,
  responseHeaderTimeout: 200,
  bodyIdleTimeout: 200,
  idleConnTimeout: 200,
  maxConnsPerHost: 6,
  maxIdleConnsPerHost: 4,
  errorLog: (): void => undefined,
};
const pem = (name: string): string =>
  readFileSync(`spec-tests/fixtures/localhost.${name}.pem`, "utf8");

for (const security of ["plain", "tls"] as const) {
  for (const seed of SEEDS) {
    test(
      `${security}: whatever happens in whatever order, nothing is left over (seed ${seed})`,
      withDeadline(15_000, () => ofSeed(seed, () => nothingUnhandled(() => live(security, seed)))),
    );
  }
}

async function live(security: "plain" | "tls", seed: number): Promise<void> {
  const dice = new Dice(seed);
  const before = sockets();
  const server = new MoodyServer(security, dice);
  const origin = await server.listen();
  const transport = new Transport({ ...SHORT, tls: { serverCertificate: "accept-any" } });
  const asker = new Asker(transport, dice);
  for (let i = 0; i < STEPS; i++) {
    act({ asker, transport, server, origin, dice });
    await turns(dice.below(10));
  }
  // A server that goes away for good, with calls under way.
  if (dice.below(2) === 0) server.vanish();
  if (dice.below(3) === 0) transport.close();
  await asker.end();
  transport.closeIdleConnections();
  const none = JSON.stringify({ idle: 0, busy: 0, dialing: 0, waiting: 0 });
  await until(() => {
    transport.closeIdleConnections();
    return JSON.stringify(transport.stats()) === none;
  }, "the transport has something left over");
  server.vanish();
  await until(() => sockets() <= before, "this process has sockets left over");
  assertNoFaults(asker);
  assert.ok(asker.answered > 0, "nobody was answered");
}

interface World {
  readonly asker: Asker;
  readonly transport: Transport;
  readonly server: MoodyServer;
  readonly origin: string;
  readonly dice: Dice;
}

function act({ asker, transport, server, origin, dice }: World): void {
  const what = dice.below(16);
  if (what < 10) asker.ask(origin);
  else if (what < 12) asker.abortOne();
  else if (what === 12) asker.cancelOne();
  else if (what === 13) transport.closeIdleConnections();
  else if (what === 14) server.dropOne();
}

/** A server on sockets that answers as the dice say: at once, later, before the body is here, or never. */
class MoodyServer {
  readonly #server: Server;
  readonly #dice: Dice;
  readonly #security: "plain" | "tls";
  readonly #open: Set<Socket> = new Set();

  constructor(security: "plain" | "tls", dice: Dice) {
    this.#security = security;
    this.#dice = dice;
    const serve = (socket: Socket): void => this.#serve(socket);
    this.#server =
      security === "plain"
        ? createPlain(serve)
        : createTls({ cert: pem("cert"), key: pem("key") }, serve);
    // Below TLS there are connections that never get as far as `serve`.
    this.#server.on("connection", (socket: Socket) => this.#remember(socket));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#security === "plain" ? "http" : "https"}://127.0.0.1:${port}`;
  }

  dropOne(): void {
    const open = [...this.#open];
    if (open.length > 0) this.#dice.of(open).destroy();
  }

  vanish(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #remember(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    socket.on("error", () => socket.destroy());
  }

  #serve(socket: Socket): void {
    this.#remember(socket);
    let text = "";
    let served = 0;
    const serve = async (): Promise<void> => {
      const request = requestsIn(text)[served];
      if (request === undefined || !socket.writable) return;
      served++;
      const { text: answer, after } = replyTo(request, this.#dice);
      await turns(this.#dice.below(5));
      if (!socket.writable) return;
      socket.write(answer, "latin1");
      if (after !== "keep") served = Infinity;
      if (after === "fin") socket.end();
      else if (after === "reset" && this.#security === "plain") socket.resetAndDestroy();
      else if (after === "reset") socket.destroy();
      else await serve();
    };
    socket.on("data", (octets: Buffer) => {
      text += octets.toString("latin1");
      if (this.#dice.below(30) > 0) void serve();
    });
  }
}

test.run();

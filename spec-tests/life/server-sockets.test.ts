/**
 * Life and death of a server on sockets, plain and TLS: the same moods, real time, and shutdowns under load.
 *
 * Rule of this file: timeouts are short, so that each schedule has ended by itself within a second. At its
 * end the server has no connection, and this process no socket more than before.
 */
import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Server } from "../../lib/adapters/mod.ts";
import type { ServerOptions } from "../../lib/server/mod.ts";
import { withDeadline } from "../kit.ts";
import {
  ALL_MOODS,
  Dice,
  moody,
  nothingUnhandled,
  readAnswers,
  requestFor,
  sockets,
  turns,
  until,
} from "./schedule.ts";

const test = suite("life of a server on sockets");
const SEEDS = [1, 2, 3, 4, 5, 6];
const CLIENTS = 12;
const SHUTDOWNS = 10;
const SHUTDOWN_REQUESTS = 100;
const SHORT: ServerOptions = {
  readHeaderTimeout: 200,
  idleTimeout: 200,
  readTimeout: 200,
  writeTimeout: 200,
  handlerTimeout: 300,
  drainTimeout: 200,
  lingerTimeout: 200,
  tlsHandshakeTimeout: 200,
  errorLog: () => undefined,
};
const pem = (name: string): string =>
  readFileSync(`spec-tests/fixtures/localhost.${name}.pem`, "utf8");

for (const security of ["plain", "tls"] as const) {
  for (const seed of SEEDS) {
    test(
      `${security}: whatever happens in whatever order, nothing is left over (seed ${seed})`,
      withDeadline(10_000, () => nothingUnhandled(() => live(security, seed))),
    );
  }
}

for (const security of ["plain", "tls"] as const) {
  test(
    `${security}: a graceful shutdown under load loses no answer, ${SHUTDOWNS} times`,
    withDeadline(30_000, async () => {
      for (let i = 0; i < SHUTDOWNS; i++) await nothingUnhandled(() => shutdownUnderLoad(security));
    }),
  );
}

async function live(security: "plain" | "tls", seed: number): Promise<void> {
  const dice = new Dice(seed);
  const before = sockets();
  const server = await started(
    security,
    moody(() => undefined),
  );
  const port = server.addr?.port ?? 0;
  const clients = Array.from({ length: CLIENTS }, () => open(security, port));
  let ending: Promise<void> | undefined;
  for (let i = 0; i < CLIENTS * 4; i++) {
    act(dice.of(clients), dice);
    await turns(dice.below(10));
    if (i === CLIENTS * 3 && dice.below(2) === 0) ending = server.shutdown();
  }
  const ends = [ending, dice.below(3) === 0 ? server.close() : undefined];
  await Promise.all([...ends, ...clients.map(({ closed }) => closed)]);
  await until(() => server.stats().conns.total === 0, "the server has connections left over");
  await server.shutdown();
  await until(() => sockets() <= before, "this process has sockets left over");
}

interface Client {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  text: string;
}

/** A client's part of a schedule: it asks, half-asks, ends, cuts, or waits. */
function act({ socket }: Client, dice: Dice): void {
  const what = dice.below(10);
  if (socket.destroyed || socket.writableEnded) return;
  if (what < 6) socket.write(requestFor(dice.of(ALL_MOODS), String(dice.below(1000)), dice));
  else if (what === 6) socket.write("GET /quick HTTP/1.1\r\nHo");
  else if (what === 7) socket.end();
  else if (what === 8) socket.destroy();
  else if (!(socket instanceof TLSSocket)) socket.resetAndDestroy();
}

/** Clients ask one after the other until they are cut off; what was begun, and what was answered, is counted. */
async function shutdownUnderLoad(security: "plain" | "tls"): Promise<void> {
  let begun = 0;
  const server = await started(security, async (w, r) => {
    begun++;
    await turns(begun % 3);
    await w.write(`#${r.rawQuery}#`);
  });
  const port = server.addr?.port ?? 0;
  const clients = Array.from({ length: 8 }, () => open(security, port));
  const request = "GET /?1 HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const { socket } of clients) {
    socket.on("data", () => socket.writable && socket.write(request));
    socket.write(request.repeat(2));
  }
  await until(() => begun >= SHUTDOWN_REQUESTS, "nobody asks");
  await server.shutdown();
  await Promise.all(clients.map(({ closed }) => closed));
  const read = clients.map(({ text }) => readAnswers(text));
  const whole = read.reduce((sum, one) => sum + one.whole.length, 0);
  assert.ok(
    read.every(({ state }) => state === "clean"),
    "no answer is cut in its middle",
  );
  assert.is(whole, begun, "each request that a handler has seen is answered");
}

async function started(
  security: "plain" | "tls",
  handler: NonNullable<ServerOptions["handler"]>,
): Promise<Server> {
  const server = new Server({ ...SHORT, handler });
  if (security === "plain") await server.listenAndServe("127.0.0.1:0");
  else await server.listenAndServeTLS("127.0.0.1:0", { cert: pem("cert"), key: pem("key") });
  return server;
}

function open(security: "plain" | "tls", port: number): Client {
  const where = { host: "127.0.0.1", port };
  const socket =
    security === "plain"
      ? connectPlain(where)
      : connectTls({ ...where, rejectUnauthorized: false });
  let closed = (): void => undefined;
  const client: Client = {
    socket,
    closed: new Promise<void>((resolve) => {
      closed = resolve;
    }),
    text: "",
  };
  socket.on("data", (bytes: Buffer) => (client.text += bytes.toString("latin1")));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => closed());
  return client;
}

test.run();

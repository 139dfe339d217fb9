/**
 * Node's HTTP parser as a peer: a node:http server and client over pipes in memory.
 *
 * Rule of this file: it tells what Node says, at Node's default settings. Only here does fuzzing meet node:http.
 */
import { type IncomingMessage, createServer, request } from "node:http";
import { Duplex } from "node:stream";
import type { Bounded, Peer, Reading } from "./peer.ts";

export const nodePeer: Peer = {
  name: "node:http",
  readRequests: (octets) => new ServerReading().of(octets),
  readResponse: (octets, method) => responseOf(octets, method),
};

/** Turns of the event loop after which nothing more comes of octets that are all there. */
const QUIET_TURNS = 6;

/** A connection on which these octets come, then the end; what is written to it is lost. */
function connectionOf(octets: Uint8Array): Duplex {
  return new Duplex({
    allowHalfOpen: true,
    read() {
      this.push(Buffer.from(octets));
      this.push(null);
    },
    write(_chunk, _encoding, done) {
      done();
    },
  });
}

class ServerReading {
  readonly #messages: (Bounded | undefined)[] = [];
  #end = "end";

  async of(octets: Uint8Array): Promise<Reading> {
    // That Host is there is a server's check; here boundaries are compared.
    const server = createServer({ requireHostHeader: false, keepAliveTimeout: 0 });
    server.on("request", (incoming, answer) => {
      this.#take(incoming, () => answer.end());
    });
    server.on("checkExpectation", (incoming, answer) => {
      this.#take(incoming, () => answer.end());
    });
    server.on("connect", ({ method, url }: IncomingMessage) => {
      this.#messages.push({ start: `${method} ${url}`, content: "" });
      this.#end = "last";
    });
    server.on("clientError", (error: NodeJS.ErrnoException) => {
      this.#end = error.code ?? error.message;
    });
    const connection = connectionOf(octets);
    server.emit("connection", connection);
    await quiet();
    connection.destroy();
    server.close();
    await quiet();
    const cut = this.#messages.indexOf(undefined);
    const complete = cut < 0 ? this.#messages : this.#messages.slice(0, cut);
    return { messages: complete as Bounded[], end: this.#end };
  }

  #take(incoming: IncomingMessage, done: () => void): void {
    const index = this.#messages.push(undefined) - 1;
    collect(incoming, (content) => {
      this.#messages[index] = { start: `${incoming.method} ${incoming.url}`, content };
      done();
    });
  }
}

async function responseOf(octets: Uint8Array, method: string): Promise<Reading> {
  const messages: Bounded[] = [];
  let end = "end";
  const connection = connectionOf(octets);
  const asked = request({
    method,
    path: "/",
    host: "a.example",
    createConnection: () => connection,
  });
  asked.on("response", (incoming) => {
    collect(incoming, (content) => messages.push({ start: `${incoming.statusCode}`, content }));
    incoming.on("error", (error: NodeJS.ErrnoException) => (end = error.code ?? error.message));
  });
  for (const event of ["upgrade", "connect"] as const) {
    asked.on(event, (incoming: IncomingMessage) => {
      messages.push({ start: `${incoming.statusCode}`, content: "" });
      end = "last";
    });
  }
  asked.on("error", (error: NodeJS.ErrnoException) => (end = error.code ?? error.message));
  asked.end();
  await quiet();
  connection.destroy();
  await quiet();
  return { messages, end };
}

/** The content of a message, once it is complete; never when it is cut short. */
function collect(incoming: IncomingMessage, done: (content: string) => void): void {
  let content = "";
  incoming.on("data", (chunk: Buffer) => (content += chunk.toString("latin1")));
  incoming.on("error", () => {});
  incoming.on("end", () => {
    if (incoming.complete) done(content);
  });
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < QUIET_TURNS; turn++) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

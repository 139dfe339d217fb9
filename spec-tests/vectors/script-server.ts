/**
 * A server made of octets: what it answers to each request is the test's affair.
 *
 * Rule of this file: it cuts requests by their Content-Length alone, notes them, and answers what it is told.
 * It knows connections by their number, from 1.
 */
import { type Server, type Socket, createServer } from "node:net";
import { octetsOf } from "./cuts.ts";

/** A request, as it came. */
export interface Seen {
  /** The number of its connection, from 1. */
  readonly connection: number;
  /** Its number on the connection, from 1. */
  readonly turn: number;
  readonly head: string;
  readonly method: string;
  /** Resolves to the content when it is here. */
  readonly body: Promise<string>;
  readonly socket: Socket;
  /** Sends octets, one char each. */
  send(latin1: string): void;
}

export interface ScriptServer {
  readonly port: number;
  readonly requests: readonly Seen[];
  /** How many connections there have been. */
  connections(): number;
  close(): Promise<void>;
}

/**
 * Listens on a free port of 127.0.0.1; `answer` is called when the head of a request is here, `greet` when a
 * connection is.
 */
export async function scriptServer(
  answer: (request: Seen) => void | Promise<void>,
  greet: (socket: Socket, connection: number) => void = () => undefined,
): Promise<ScriptServer> {
  const requests: Seen[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    const cutter = new Cutter(socket, ++count, (seen) => {
      requests.push(seen);
      void answer(seen);
    });
    socket.on("data", (octets: Buffer) => cutter.push(octets.toString("latin1")));
    // A client that has ended gets no further answer.
    socket.on("end", () => socket.end());
    greet(socket, count);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port is wanted");
  return {
    port: address.port,
    requests,
    connections: () => count,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

class Cutter {
  readonly #socket: Socket;
  readonly #connection: number;
  readonly #onRequest: (seen: Seen) => void;
  #text = "";
  #turn = 0;
  #length = -1;
  #resolveBody: (body: string) => void = () => undefined;

  constructor(socket: Socket, connection: number, onRequest: (seen: Seen) => void) {
    this.#socket = socket;
    this.#connection = connection;
    this.#onRequest = onRequest;
  }

  push(text: string): void {
    this.#text += text;
    while (this.#length >= 0 ? this.#cutBody() : this.#cutHead());
  }

  #cutHead(): boolean {
    const end = this.#text.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const head = this.#text.slice(0, end + 4);
    this.#text = this.#text.slice(end + 4);
    this.#length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
    const body = new Promise<string>((resolve) => {
      this.#resolveBody = resolve;
    });
    this.#onRequest({
      connection: this.#connection,
      turn: ++this.#turn,
      head,
      method: head.slice(0, head.indexOf(" ")),
      body,
      socket: this.#socket,
      send: (latin1) => this.#socket.write(octetsOf(latin1)),
    });
    return true;
  }

  #cutBody(): boolean {
    if (this.#text.length < this.#length) return false;
    this.#resolveBody(this.#text.slice(0, this.#length));
    this.#text = this.#text.slice(this.#length);
    this.#length = -1;
    return this.#text !== "";
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

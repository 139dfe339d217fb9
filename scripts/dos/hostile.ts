/**
 * Hostile servers: a listener whose connections each play a script.
 *
 * Rule of this file: raw sockets on a loopback address; of requests only the heads are looked at. Nothing here throws when
 * the client cuts: being cut is what is measured.
 */
import { createServer, type Server } from "node:net";
import { FOREIGN, NUMBER_FIELD } from "./client-order.ts";
import { mustBeLoopback } from "./loopback.ts";
import { Peer, sleep } from "./peer.ts";

/** A flood that nobody stops ends here. */
const FLOOD_BYTES_MAX = 32 * 1_048_576;
const BLOCK_CHARS = 4096;
/** A request may bring all the cookies that its jar holds for the server. */
const REQUEST_CHARS_MAX = 1_048_576;

/** A connection, as the hostile server has it. */
export class Victim extends Peer {
  /** How many heads of requests were taken. */
  requests = 0;

  /** Waits for a further request's head and answers its number; undefined when the client has gone. */
  async request(ms?: number): Promise<string | undefined> {
    const end = (): number => this.text.indexOf("\r\n\r\n");
    await this.until(() => end() >= 0 || !this.open, ms);
    if (end() < 0) return undefined;
    const head = this.text.slice(0, end());
    // What has been read is forgotten, so that a kept connection can go on for ever.
    this.text = this.text.slice(end() + 4);
    this.requests++;
    return /^[A-Z]+ [^ ]*?(\d+) HTTP/.exec(head)?.[1] ?? "";
  }

  /** Sends a piece again and again as long as the client takes it. */
  async floodWith(piece: string): Promise<void> {
    const times = Math.max(1, Math.floor(BLOCK_CHARS / piece.length));
    const block = piece.repeat(times);
    while (this.open && this.sentBytes < FLOOD_BYTES_MAX) {
      await this.send(block);
      await new Promise(setImmediate);
    }
  }

  /** One octet at a time. */
  async dripWith(text: string, everyMs: number): Promise<void> {
    for (let i = 0; this.open; i++) {
      await this.send(text[i % text.length] ?? "x");
      await sleep(everyMs);
    }
  }
}

export type Script = (victim: Victim, server: HostileServer) => Promise<unknown> | void;

export class HostileServer {
  readonly victims: Set<Victim> = new Set();
  readonly host: string;
  /** How many connections came. */
  came = 0;
  #goneBytes = 0;
  readonly #server: Server;

  private constructor(server: Server, host: string) {
    this.#server = server;
    this.host = host;
  }

  static async start(host: string, script: Script): Promise<HostileServer> {
    mustBeLoopback(host);
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    const server = new HostileServer(listener, host);
    listener.on("connection", (socket) => {
      const victim = new Victim(socket, REQUEST_CHARS_MAX);
      server.came++;
      server.victims.add(victim);
      socket.once("close", () => {
        server.victims.delete(victim);
        server.#goneBytes += takenOf(victim);
      });
      // Whoever ends its side is let go.
      socket.once("end", () => socket.end());
      void script(victim, server);
    });
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen({ host, port: 0, backlog: 1024 }, resolve);
    });
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("it does not listen");
    const host = this.host.includes(":") ? `[${this.host}]` : this.host;
    return `http://${host}:${address.port}/`;
  }

  /** Octets that the kernel has taken, of all connections. */
  get takenBytes(): number {
    return [...this.victims].reduce((sum, victim) => sum + takenOf(victim), this.#goneBytes);
  }

  async close(): Promise<void> {
    for (const victim of this.victims) victim.leave();
    await new Promise((resolve) => void this.#server.close(resolve));
  }
}

function takenOf({ socket }: Victim): number {
  return socket.bytesWritten - socket.writableLength;
}

/** Answers each request of a connection, as long as it comes. */
export function answering(
  answer: (number: string, victim: Victim) => string | Promise<string>,
): Script {
  return async (victim) => {
    for (;;) {
      const number = await victim.request();
      if (number === undefined) return;
      await victim.send(await answer(number, victim));
    }
  };
}

/** An answer with its request's number. */
export function numbered(number: string, content = "ok", fields = ""): string {
  const length = `Content-Length: ${content.length}\r\n`;
  return `HTTP/1.1 200 OK\r\n${NUMBER_FIELD}: ${number}\r\n${fields}${length}\r\n${content}`;
}

/** An answer that nobody asked for. */
export const POISON: string = numbered("0", FOREIGN);

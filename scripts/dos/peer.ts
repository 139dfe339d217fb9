/**
 * Peer: one connection of an attacker, as rude as it is told to be.
 *
 * Rule of this file: raw sockets, nothing is parsed but status lines. What comes is counted and dropped,
 * but for its first bytes. Nothing here throws when the server cuts: being cut is what is measured.
 */
import { connect, type Socket } from "node:net";
import { mustBeLoopback, type Target } from "./loopback.ts";

/** So much of what comes is kept to be looked at. */
const KEPT_CHARS = 4096;
const CONNECT_MS_MAX = 10_000;

export class Peer {
  readonly socket: Socket;
  /** The first bytes that came, one char per byte. */
  text = "";
  /** Bytes handed to the socket, and bytes that came. */
  sentBytes = 0;
  receivedBytes = 0;
  /** When the server ended its side, or the connection was gone; undefined while neither. */
  endedAt: number | undefined;
  #wake: (() => void)[] = [];

  /** @internal Use `connectTo`; `HostileServer` makes those of the other side. */
  constructor(socket: Socket, keptChars: number = KEPT_CHARS) {
    this.socket = socket;
    const ended = (): void => {
      this.endedAt ??= performance.now();
      this.#changed();
    };
    socket.on("data", (bytes: Buffer) => {
      this.receivedBytes += bytes.length;
      if (this.text.length < keptChars) this.text += bytes.toString("latin1", 0, keptChars);
      this.#changed();
    });
    socket.on("drain", () => this.#changed());
    socket.on("end", ended);
    socket.on("error", ended);
    socket.on("close", ended);
  }

  /** The status of the first final answer; 0 while none has come. */
  get status(): number {
    return Number(/^HTTP\/1\.\d ([2-5]\d\d)/m.exec(this.text)?.[1] ?? 0);
  }

  get open(): boolean {
    return this.endedAt === undefined && !this.socket.destroyed;
  }

  /** Sends; resolves when there is room for more, or there will be none. */
  async send(data: string | Uint8Array): Promise<void> {
    if (!this.open) return;
    this.sentBytes += data.length;
    const hasRoom =
      typeof data === "string" ? this.socket.write(data, "latin1") : this.socket.write(data);
    if (!hasRoom) await this.until(() => !this.socket.writableNeedDrain || !this.open);
  }

  /** Sends one piece again and again until the server answers or cuts, or `bytesMax` were sent; pauses in between. */
  async flood(piece: (index: number) => string, bytesMax: number, pauseMs: number): Promise<void> {
    for (let i = 0; this.open && this.status === 0 && this.sentBytes < bytesMax; i++) {
      await this.send(piece(i));
      // The answer can only be seen in another turn.
      await (pauseMs === 0 ? new Promise(setImmediate) : sleep(pauseMs));
    }
  }

  /** Resolves when `what` holds, looked at after each event, or after `ms`. */
  async until(what: () => boolean, ms = 30_000): Promise<boolean> {
    const late = performance.now() + ms;
    const timer = setTimeout(() => this.#changed(), ms + 1);
    while (!what() && performance.now() < late) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    clearTimeout(timer);
    return what();
  }

  /** Waits for the status line of an answer, or the end. */
  async answered(ms = 30_000): Promise<number> {
    await this.until(() => this.status > 0 || !this.open, ms);
    return this.status;
  }

  /** Cuts with a reset. */
  reset(): void {
    if (!this.socket.destroyed) this.socket.resetAndDestroy();
  }

  /** Goes away; unread bytes make it a reset. */
  leave(): void {
    this.socket.destroy();
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Connects; rejects when the server does not accept in time. */
export async function connectTo(target: Target): Promise<Peer> {
  mustBeLoopback(target.host);
  const socket = connect({
    host: target.host,
    port: target.port,
    allowHalfOpen: true,
    noDelay: true,
  });
  const peer = new Peer(socket);
  let connected = false;
  socket.once("connect", () => (connected = true));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("no connection in time")), CONNECT_MS_MAX);
    const settle = (fn: () => void): void => {
      clearTimeout(late);
      fn();
    };
    socket.once("connect", () => settle(resolve));
    socket.once("error", (error) => settle(() => (connected ? resolve() : reject(error))));
  });
  return peer;
}

/** Opens so many connections, some at a time. */
export async function connectMany(target: Target, count: number): Promise<Peer[]> {
  const peers: Peer[] = [];
  while (peers.length < count) {
    const batch = Math.min(50, count - peers.length);
    peers.push(...(await Promise.all(Array.from({ length: batch }, () => connectTo(target)))));
  }
  return peers;
}

/** So many at a time, again and again until the time is over; answers how often it was done. */
export async function again(
  atATime: number,
  seconds: number,
  attack: (round: number) => Promise<void>,
): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let rounds = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      await attack(rounds++);
      await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: atATime }, one));
  return rounds;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Waits until something holds, looking every 10 ms; answers whether it does. */
export async function until(holds: () => boolean, ms: number): Promise<boolean> {
  const late = performance.now() + ms;
  while (!holds() && performance.now() < late) await sleep(10);
  return holds();
}

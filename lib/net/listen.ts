/**
 * Listening on TCP, Unix sockets and inherited descriptors.
 * Go: net.Listen, net.FileListener, http.Server.ListenAndServe
 *
 * Rule of this file: from an address to a Listener that accepts; what an accepted socket becomes is given by
 * the caller (plain or TLS). Sockets come paused and half-open, with noDelay and TCP keep-alive.
 */
import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { type Addr, type Conn, IoError, type Listener } from "../bufio/mod.ts";
import { type ListenAddress, type ListenTarget, parseListenAddr } from "./address.ts";
import { ioError } from "./io-errors.ts";
import { acceptedConn } from "./socket-conn.ts";
import { tcpAddr } from "./socket-facts.ts";
import { removeStaleSocket } from "./stale-socket.ts";

export interface ListenOptionsPlain {
  /** TCP keep-alive probes begin after so many ms of silence. Default 15,000 (Go's). */
  readonly keepAliveMs?: number | undefined;
  /** What the empty address stands for. Default "http". */
  readonly service?: "http" | "https" | undefined;
}

const KEEP_ALIVE_MS = 15_000;
/** Connections that may wait for `accept` to be called, as many as the kernel's own queue. */
const WAITING_MAX = 511;

/**
 * Opens a Listener; a ready one is returned as it is. Rejects with IoError: "bad-address",
 * "address-in-use", "address-unavailable", "permission-denied", "not-supported", …
 */
export async function listen(
  addr: ListenAddress | Listener,
  options: ListenOptionsPlain = {},
): Promise<Listener> {
  if (isListener(addr)) return addr;
  return openListener(addr, options, (socket, unixPath, onConn) => {
    onConn(acceptedConn(socket, { unixPath }));
  });
}

/** Whether it is a ready Listener and no address. */
export function isListener(addr: ListenAddress | Listener): addr is Listener {
  return typeof addr === "object" && "accept" in addr;
}

/** Makes a Conn of an accepted socket, at once or later, or lets it go. */
export type Admit = (
  socket: Socket,
  unixPath: string | undefined,
  onConn: (conn: Conn) => void,
) => void;

/** A listening socket whose connections go through `admit`. */
export async function openListener(
  addr: ListenAddress,
  options: ListenOptionsPlain,
  admit: Admit,
): Promise<SocketListener> {
  const target = parseListenAddr(addr, options.service);
  if (target.kind === "unix") await removeStaleSocket(target.path);
  const server = createServer({
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: options.keepAliveMs ?? KEEP_ALIVE_MS,
  });
  const listener = new SocketListener(server, target, admit);
  await bind(server, target);
  return listener;
}

/** A Listener over a net.Server that listens. */
export class SocketListener implements Listener {
  readonly #server: Server;
  readonly #target: ListenTarget;
  #admit: Admit;
  readonly #waiting: Socket[] = [];
  #callbacks: Parameters<Listener["accept"]>[0] | undefined = undefined;
  #addr: Addr | undefined = undefined;
  #isClosed = false;

  constructor(server: Server, target: ListenTarget, admit: Admit) {
    this.#server = server;
    this.#target = target;
    this.#admit = admit;
    server.on("connection", (socket) => this.#onSocket(socket));
    server.on("error", (error) => this.#onError(error));
  }

  /** Where it listens; with port 0 the port that was found. */
  get addr(): Addr {
    const found = this.#server.address();
    if (typeof found === "string") this.#addr ??= { network: "unix", host: found, port: 0 };
    else if (found !== null) this.#addr ??= tcpAddr(found.address, found.port);
    // Before listening and after closing Node has forgotten it.
    return this.#addr ?? { network: "tcp", host: "", port: 0 };
  }

  accept(callbacks: Parameters<Listener["accept"]>[0]): void {
    if (this.#callbacks !== undefined) throw new Error("a Listener accepts once");
    this.#callbacks = callbacks;
    if (this.#isClosed) callbacks.onFailure(new IoError("listener-closed"));
    for (const socket of this.#waiting.splice(0)) this.#onSocket(socket);
  }

  /** Makes Conns of sockets in another way, from the first connection on. */
  admitBy(admit: Admit): void {
    if (this.#callbacks !== undefined) throw new Error("the Listener accepts already");
    this.#admit = admit;
  }

  close(): Promise<void> {
    // Asked for while Node still knows it: logs name the address after the end.
    void this.addr;
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#server.close();
      for (const socket of this.#waiting.splice(0)) socket.destroy();
    }
    // The descriptor is closed by now; a turn later libuv has let go of it too.
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  ref(): void {
    this.#server.ref();
  }
  unref(): void {
    this.#server.unref();
  }

  /** Connections that Node counts as open, for tests and measurements. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  }

  #onSocket(socket: Socket): void {
    const callbacks = this.#callbacks;
    if (this.#isClosed || (callbacks === undefined && this.#waiting.length >= WAITING_MAX)) {
      socket.destroy();
    } else if (callbacks === undefined) {
      this.#waiting.push(socket);
    } else {
      const unixPath = this.addr.network === "unix" ? this.addr.host : undefined;
      this.#admit(socket, unixPath, (conn) => callbacks.onConn(conn));
    }
  }

  // A failed accept leaves the server listening, and libuv tries again by itself.
  #onError(error: Error): void {
    if (this.#server.listening || this.#isClosed) return;
    this.#isClosed = true;
    const detail = describe(this.#target);
    this.#callbacks?.onFailure(new IoError("listener-closed", { detail, cause: error }));
  }
}

function bind(server: Server, target: ListenTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      server.off("listening", done);
      reject(listenError(error, target));
    };
    const done = (): void => {
      server.off("error", fail);
      resolve();
    };
    server.once("error", fail);
    server.once("listening", done);
    try {
      server.listen(nodeOptions(target));
    } catch (error) {
      fail(error);
    }
  });
}

function nodeOptions(target: ListenTarget): ListenOptions & { fd?: number; reusePort?: true } {
  if (target.kind === "fd") return { fd: target.fd };
  const backlog = target.backlog === undefined ? {} : { backlog: target.backlog };
  if (target.kind === "unix") return { path: target.path, ...backlog };
  if (target.reusePort === true && !knowsReusePort()) {
    throw new IoError("not-supported", { detail: "reusePort needs Node 22.12 or later" });
  }
  return {
    port: target.port,
    ...backlog,
    ...(target.host === undefined ? {} : { host: target.host }),
    ...(target.ipv6Only === true ? { ipv6Only: true, host: target.host ?? "::" } : {}),
    ...(target.exclusive === true ? { exclusive: true } : {}),
    ...(target.reusePort === true ? { reusePort: true } : {}),
  };
}

// Older versions ignore the option without a word, and then the second process cannot listen.
function knowsReusePort(): boolean {
  const match = /^(\d+)\.(\d+)/.exec(process.versions.node);
  const [major, minor] = [Number(match?.[1]), Number(match?.[2])];
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}

function listenError(cause: unknown, target: ListenTarget): IoError {
  const error = ioError(cause, "io-failed");
  const where = describe(target);
  if (error === cause) return error;
  if (error.code === "address-in-use") {
    const hint = `${where}; stop the program that listens there, or choose another (port 0: any free one)`;
    return new IoError("address-in-use", { detail: target.kind === "tcp" ? hint : where, cause });
  }
  return new IoError(error.code, { detail: `${where}: ${messageOf(cause)}`, cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe(target: ListenTarget): string {
  switch (target.kind) {
    case "tcp":
      return target.host?.includes(":")
        ? `[${target.host}]:${target.port}`
        : `${target.host ?? ""}:${target.port}`;
    case "unix":
      return target.path;
    case "fd":
      return `descriptor ${target.fd}`;
  }
}

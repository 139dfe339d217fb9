/**
 * Pairs of connected sockets as Conns, in every way that lib/net makes them.
 *
 * Rule of this file: port 0, paths in the system's temporary folder, and each pair cleans up after itself.
 */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { type Conn, HandedConn, type Listener, pipe, Reader } from "../../lib/bufio/mod.ts";
import {
  ConnDuplex,
  dial,
  dialTLS,
  listen,
  listenTLS,
  type ListenOptionsTls,
  SocketConn,
  type TlsListener,
  type TlsOptions,
  wrapTLS,
} from "../../lib/net/mod.ts";
import type { Pair } from "../bufio/conn-contract.ts";

/** A key pair of spec-tests/fixtures. */
export function keyPair(name: "localhost" | "other"): { cert: string; key: string } {
  const file = (kind: string): string =>
    readFileSync(new URL(`../fixtures/${name}.${kind}.pem`, import.meta.url), "utf8");
  return { cert: file("cert"), key: file("key") };
}

/** A connection accepted by the listener, and one dialled to it. */
export async function pairOver(listener: Listener, dialIt: () => Promise<Conn>): Promise<Pair> {
  const accepted = nextConn(listener);
  const [a, b] = await Promise.all([dialIt(), accepted]);
  return { a, b, dispose: () => listener.close() };
}

/** Starts accepting; resolves with the first connection. */
export function nextConn(listener: Listener): Promise<Conn> {
  return new Promise((resolve, reject) => {
    listener.accept({ onConn: resolve, onFailure: reject });
  });
}

export async function tcpPair(): Promise<Pair> {
  const listener = await listen("127.0.0.1:0");
  return pairOver(listener, () => dial({ host: "127.0.0.1", port: listener.addr.port }));
}

export async function unixPair(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), "barewire-"));
  const path = join(folder, "socket");
  const listener = await listen({ path });
  const pair = await pairOver(listener, () => dial({ path }));
  return {
    ...pair,
    async dispose() {
      await listener.close();
      await rm(folder, { recursive: true });
    },
  };
}

export function openTLS(options?: ListenOptionsTls, tls?: TlsOptions): Promise<TlsListener> {
  return listenTLS("127.0.0.1:0", tls ?? keyPair("localhost"), options);
}

export async function tlsPair(): Promise<Pair> {
  const listener = await openTLS();
  return pairOver(listener, () =>
    dialTLS({ host: "127.0.0.1", port: listener.addr.port }, { ca: keyPair("localhost").cert }),
  );
}

/** TLS through a pipe in memory: neither end knows a socket. */
export async function tlsOverPipe(): Promise<Pair> {
  const [left, right] = pipe();
  const below = new ConnDuplex(right);
  const served = new TLSSocket(below, {
    isServer: true,
    ...keyPair("localhost"),
  });
  served.allowHalfOpen = true;
  served.pause();
  const [a] = await Promise.all([
    wrapTLS(left, {
      serverName: "localhost",
      alpnProtocols: ["http/1.1"],
      tls: { ca: keyPair("localhost").cert },
      timeoutMs: 4000,
    }),
    new Promise((resolve) => served.once("secure", resolve)),
  ]);
  return { a, b: new SocketConn(served, { below }), dispose() {} };
}

/** TLS through a connection that was somebody else's before, as behind a tunnel. */
export async function tlsOverHanded(): Promise<Pair> {
  const listener = await openTLS();
  return pairOver(listener, async () => {
    const conn = await dial({ host: "127.0.0.1", port: listener.addr.port });
    conn.start(new Reader(conn));
    return wrapTLS(new HandedConn(conn), {
      serverName: "127.0.0.1",
      alpnProtocols: ["http/1.1"],
      tls: { ca: keyPair("localhost").cert },
      timeoutMs: 4000,
    });
  });
}

/** Two plain sockets of Node, paused and half-open. */
export async function socketPair(): Promise<{ ends: [Socket, Socket]; dispose: () => void }> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const ends = await Promise.all([
    new Promise<Socket>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      socket.pause();
      socket.once("connect", () => resolve(socket));
    }),
    new Promise<Socket>((resolve) => server.once("connection", resolve)),
  ]);
  return { ends, dispose: () => void server.close() };
}

/** SocketConns that read by 'data' events. */
export async function slowPair(): Promise<Pair> {
  const { ends, dispose } = await socketPair();
  return { a: new SocketConn(ends[0]), b: new SocketConn(ends[1]), dispose };
}

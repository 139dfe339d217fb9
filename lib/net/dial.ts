/**
 * Getting a connection: TCP, Unix sockets, and TLS over either.
 * Go: net.Dialer, tls.Client, http.Transport DialContext, DialTLSContext
 *
 * Rule of this file: one attempt with a limit for each step; who tries again, and when, is the client's
 * affair. Both address families are tried (RFC 8305, by Node). An aborted signal rejects with its reason.
 */
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { type Conn, Delivery, type DialTrace, IoError } from "../bufio/mod.ts";
import { FastReads } from "./fast-read.ts";
import { readLastWords } from "./last-words.ts";
import { settled } from "./settled.ts";
import { SocketConn } from "./socket-conn.ts";
import { watchDial } from "./watch-dial.ts";
import { type TlsClientOptions, wrapTLS } from "./wrap-tls.ts";

/** Where to: host and port, or the path of a Unix socket. */
export type DialTarget = (
  | { readonly host: string; readonly port: number }
  | { readonly path: string }
) & {
  readonly signal?: AbortSignal | undefined;
  /** ms for resolving and connecting together, in place of `connectTimeoutMs`; Infinity for no limit. */
  readonly timeoutMs?: number | undefined;
  readonly trace?: DialTrace | undefined;
};

export interface DialOptions {
  /** ms for resolving and connecting together. Default 30,000 (Go's). */
  readonly connectTimeoutMs?: number | undefined;
  /** TCP keep-alive probes begin after so many ms of silence. Default 30,000 (Go's). */
  readonly keepAliveMs?: number | undefined;
}

export interface DialTLSOptions extends DialOptions, TlsClientOptions {
  /** ms for the handshake, after connecting. Default 10,000 (Go's). */
  readonly handshakeTimeoutMs?: number | undefined;
  /** The name asked for and verified. Default: the host. */
  readonly serverName?: string | undefined;
  /** Protocols offered, preferred first. Default ["http/1.1"]. */
  readonly alpnProtocols?: readonly string[] | undefined;
}

const CONNECT_TIMEOUT_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/**
 * Connects. Rejects with IoError "connection-refused", "host-not-found", "host-unreachable",
 * "connect-timed-out", "bad-address", …, or with the signal's reason.
 */
export async function dial(target: DialTarget, options: DialOptions = {}): Promise<Conn> {
  target.signal?.throwIfAborted();
  const delivery = new Delivery();
  const reads = new FastReads(delivery);
  const socket = newSocket(target, options, reads);
  // Nothing is read before the Conn is started.
  socket.pause();
  const watch = target.trace === undefined ? undefined : watchDial(socket, target, target.trace);
  try {
    await settled(socket, {
      event: "connect",
      afterMs: target.timeoutMs ?? options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      late: "connect-timed-out",
      failed: "io-failed",
      where: "path" in target ? target.path : `${target.host} port ${target.port}`,
      signal: target.signal,
    });
  } catch (error) {
    watch?.end(error);
    throw error;
  }
  watch?.end(undefined);
  readLastWords(socket);
  const unixPath = "path" in target ? target.path : undefined;
  return new SocketConn(socket, { delivery, reads, unixPath });
}

const NO_OPTIONS: DialTLSOptions = Object.freeze({});

/**
 * Connects and does the TLS handshake. Rejects as `dial` and `wrapTLS` do.
 */
export async function dialTLS(
  target: DialTarget,
  options: DialTLSOptions = NO_OPTIONS,
): Promise<Conn> {
  const { trace } = target;
  const plain = await dial(target, options);
  trace?.tlsHandshakeStart?.();
  try {
    const conn = await wrapTLS(plain, {
      serverName: options.serverName ?? ("path" in target ? "localhost" : target.host),
      alpnProtocols: options.alpnProtocols ?? ["http/1.1"],
      tls: options,
      timeoutMs: options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
      signal: target.signal,
    });
    if (conn.tls !== undefined) trace?.tlsHandshakeDone?.(conn.tls);
    return conn;
  } catch (error) {
    trace?.tlsHandshakeDone?.({ error });
    throw error;
  }
}

function newSocket(target: DialTarget, options: DialOptions, reads: FastReads): Socket {
  const common = { allowHalfOpen: true, onread: reads.onread() };
  try {
    if ("path" in target) return connect({ path: target.path, ...common } as NetConnectOpts);
    return connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: options.keepAliveMs ?? KEEP_ALIVE_MS,
      autoSelectFamily: true,
      ...common,
    } as NetConnectOpts);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : undefined;
    throw new IoError("bad-address", { detail, cause });
  }
}

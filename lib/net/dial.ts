/**
 * Getting a connection: TCP, Unix sockets, and TLS over either.
 * Go: net.Dialer, tls.Client, http.Transport DialContext, DialTLSContext
 *
 * Rule of this file: one attempt with a limit for each step; who tries again, and when, is the client's
 * affair. Both address families are tried (RFC 8305, by Node). An aborted signal rejects with its reason.
 */
import { connect, isIP, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type Conn, Delivery, IoError, type IoErrorCode } from "../bufio/mod.ts";
import { type ContextOptions, type KeyPair, nodeContextOptions } from "./certificates.ts";
import { FastReads } from "./fast-read.ts";
import { ioError } from "./io-errors.ts";
import { SocketConn } from "./socket-conn.ts";

/** Where to: host and port, or the path of a Unix socket. */
export type DialTarget = (
  | { readonly host: string; readonly port: number }
  | { readonly path: string }
) & { readonly signal?: AbortSignal | undefined };

export interface DialOptions {
  /** ms for resolving and connecting together. Default 30,000 (Go's). */
  readonly connectTimeoutMs?: number | undefined;
  /** TCP keep-alive probes begin after so many ms of silence. Default 30,000 (Go's). */
  readonly keepAliveMs?: number | undefined;
}

export interface DialTLSOptions extends DialOptions, ContextOptions, Partial<KeyPair> {
  /** ms for the handshake, after connecting. Default 10,000 (Go's). */
  readonly handshakeTimeoutMs?: number | undefined;
  /** The name asked for and verified. Default: the host. */
  readonly serverName?: string | undefined;
  /** "verify" ends the handshake on a certificate that is not accepted. Default "verify". */
  readonly serverCertificate?: "verify" | "accept-any" | undefined;
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
  const delivery = new Delivery();
  const reads = new FastReads(delivery);
  const unixPath = "path" in target ? target.path : undefined;
  const socket = await openSocket(target, options, reads);
  return new SocketConn(socket, { delivery, reads, unixPath });
}

/**
 * Connects and does the TLS handshake. Rejects as `dial` does, and with "tls-failed",
 * "tls-handshake-timed-out" and "bad-certificate".
 */
export async function dialTLS(target: DialTarget, options: DialTLSOptions = {}): Promise<Conn> {
  const raw = await openSocket(target, options, undefined);
  const host = "path" in target ? "localhost" : target.host;
  const name = options.serverName ?? host;
  let socket: TLSSocket;
  try {
    socket = connectTls({
      ...nodeContextOptions(options, options),
      socket: raw,
      host: name,
      // Server names are names: RFC 6066 §3 forbids addresses there.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      rejectUnauthorized: options.serverCertificate !== "accept-any",
      ALPNProtocols: [...(options.alpnProtocols ?? ["http/1.1"])],
    });
  } catch (cause) {
    raw.destroy();
    throw new IoError("bad-certificate", { detail: String(cause), cause });
  }
  await settled(socket, "secureConnect", target.signal, {
    afterMs: options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
    late: "tls-handshake-timed-out",
    failed: "tls-failed",
    where: name,
  });
  return new SocketConn(socket, { unixPath: "path" in target ? target.path : undefined });
}

async function openSocket(
  target: DialTarget,
  options: DialOptions,
  reads: FastReads | undefined,
): Promise<Socket> {
  target.signal?.throwIfAborted();
  const socket = newSocket(target, options, reads);
  // Nothing is read before the Conn is started.
  socket.pause();
  await settled(socket, "connect", target.signal, {
    afterMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    late: "connect-timed-out",
    failed: "io-failed",
    where: "path" in target ? target.path : `${target.host} port ${target.port}`,
  });
  return socket;
}

function newSocket(target: DialTarget, options: DialOptions, reads: FastReads | undefined): Socket {
  const onread = reads === undefined ? {} : { onread: reads.onread };
  const common = { allowHalfOpen: true, ...onread };
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

/** How long a step may take, and what to say when it fails. */
interface Step {
  readonly afterMs: number;
  readonly late: IoErrorCode;
  readonly failed: IoErrorCode;
  readonly where: string;
}

/** Waits for the event that ends a step well; else the socket is destroyed and the reason thrown. */
function settled(
  socket: Socket,
  event: "connect" | "secureConnect",
  signal: AbortSignal | undefined,
  step: Step,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => {
      tidy();
      // What it still has to say about its end interests nobody.
      socket.on("error", () => {});
      socket.destroy();
      reject(reason);
    };
    const done = (): void => {
      tidy();
      resolve();
    };
    const onError = (error: Error): void => {
      // An aborted call rejects with the signal's reason, also when another error comes in the same turn.
      if (signal?.aborted === true) return fail(signal.reason);
      fail(ioError(error, step.failed, `${step.where}: ${error.message}`));
    };
    const onClose = (): void => onError(new Error("the connection ended"));
    const onAbort = (): void => fail(signal?.reason);
    const timer = setTimeout(() => {
      fail(new IoError(step.late, { detail: `${step.where}, after ${step.afterMs} ms` }));
    }, step.afterMs);
    const tidy = (): void => {
      clearTimeout(timer);
      socket.off(event, done).off("error", onError).off("close", onClose);
      signal?.removeEventListener("abort", onAbort);
    };
    socket.once(event, done).once("error", onError).once("close", onClose);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

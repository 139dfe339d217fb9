/**
 * Listening with TLS, on a port that also understands a client who forgot it.
 * RFC 8446 §4, RFC 7301 · Go: tls.Listen, http.Server.ServeTLS
 *
 * Rule of this file: from accepted sockets to Conns with a finished handshake. A failed handshake is told to
 * `onTlsError` and ends there: it neither throws nor reaches the server.
 *
 * The way of a connection:
 * 1. accepted by a net.Server; a timer starts, and the number of handshakes is limited;
 * 2. the first byte is looked at: not 22 (a TLS handshake record) → a plain Conn marked `plaintextOnTls`;
 * 3. else the byte is put back and the socket given to a tls.Server, which does the handshake;
 * 4. the handshake is done: the timer ends, the Conn goes to `onConn`.
 */
import type { Socket } from "node:net";
import type { Server as TlsServer, TLSSocket } from "node:tls";
import { type Addr, type Conn, IoError, type Listener } from "../bufio/mod.ts";
import type { ListenAddress } from "./address.ts";
import {
  CertificateStore,
  type ContextOptions,
  type KeyPair,
  nodeContextOptions,
} from "./certificates.ts";
import { ioError } from "./io-errors.ts";
import { isListener, type ListenOptionsPlain, openListener, SocketListener } from "./listen.ts";
import { SocketConn } from "./socket-conn.ts";
import { rawSocketOf, remoteAddrOf } from "./socket-facts.ts";

/** Who we are and whom we trust. `cert` and `key`, or `certificates`, must be there. */
export interface TlsOptions extends ContextOptions, Partial<KeyPair> {
  /** More key pairs, chosen by the server name the client asks for; the first of all is the default. */
  readonly certificates?: readonly KeyPair[] | undefined;
  /**
   * Client certificates: "none" does not ask; "request" asks and leaves the judgement (`authorized`) to the
   * handler; "require" ends handshakes without a valid one. Default "none".
   */
  readonly clientCertificates?: "none" | "request" | "require" | undefined;
  /** Protocols besides http/1.1, preferred first (the names of `tlsNextProto`). */
  readonly nextProtocols?: readonly string[] | undefined;
}

export interface ListenOptionsTls extends ListenOptionsPlain {
  /** ms for the first byte, and for the handshake as a whole. Default 10,000. */
  readonly tlsHandshakeTimeoutMs?: number | undefined;
  /** Handshakes going on at a time; a connection above that is closed. A function is asked each time. Default 1,000. */
  readonly handshakesMax?: number | (() => number) | undefined;
  /** Hears of each handshake that failed. */
  readonly onTlsError?: ((error: IoError, peer: Addr | undefined) => void) | undefined;
}

/** A Listener with TLS. */
export interface TlsListener extends Listener {
  /**
   * Takes other certificates from the next handshake on; connections and sessions live on. Throws IoError
   * "bad-certificate" and keeps the old ones when they are unusable.
   */
  setCertificates(certificates: readonly KeyPair[]): void;
  /** Connections whose handshake is not done. */
  readonly handshakes: number;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
const HANDSHAKES_MAX = 1_000;
/** The content type of a TLS record that begins a handshake (RFC 8446 §5.1). */
const HANDSHAKE_RECORD = 0x16;

/** Opens a TlsListener, or makes one of a Listener that `listen` has opened. Rejects as `listen` does, and with "bad-certificate". */
export async function listenTLS(
  addr: ListenAddress | Listener,
  tls: TlsOptions,
  options: ListenOptionsTls = {},
): Promise<TlsListener> {
  if (isListener(addr) && !(addr instanceof SocketListener)) {
    throw new IoError("not-supported", { detail: "TLS over a Listener that is not of sockets" });
  }
  const handshaker = new Handshaker(tls, options);
  if (addr instanceof SocketListener) {
    addr.admitBy(handshaker.admit);
    return new TlsSocketListener(addr, handshaker);
  }
  const listener = await openListener(addr, { service: "https", ...options }, handshaker.admit);
  return new TlsSocketListener(listener, handshaker);
}

class TlsSocketListener implements TlsListener {
  readonly #listener: SocketListener;
  readonly #handshaker: Handshaker;

  constructor(listener: SocketListener, handshaker: Handshaker) {
    this.#listener = listener;
    this.#handshaker = handshaker;
  }

  get addr(): Addr {
    return this.#listener.addr;
  }
  get security(): "tls" {
    return "tls";
  }
  get handshakes(): number {
    return this.#handshaker.count;
  }
  accept(callbacks: Parameters<Listener["accept"]>[0]): void {
    this.#listener.accept(callbacks);
  }
  /** Stops accepting and cuts unfinished handshakes: they are no connections yet. */
  close(): Promise<void> {
    this.#handshaker.cutAll();
    return this.#listener.close();
  }
  setCertificates(certificates: readonly KeyPair[]): void {
    this.#handshaker.setCertificates(certificates);
  }
  ref(): void {
    this.#listener.ref();
  }
  unref(): void {
    this.#listener.unref();
  }
}

/** A connection between accept and the end of its handshake. */
interface Handshake {
  readonly unixPath: string | undefined;
  readonly peer: Addr | undefined;
  readonly timer: NodeJS.Timeout;
  readonly onConn: (conn: Conn) => void;
}

class Handshaker {
  readonly admit: (
    socket: Socket,
    unixPath: string | undefined,
    onConn: (conn: Conn) => void,
  ) => void;
  readonly #tls: TlsOptions;
  readonly #store: CertificateStore;
  readonly #server: TlsServer;
  readonly #running: Map<Socket, Handshake> = new Map();
  readonly #timeoutMs: number;
  readonly #max: () => number;
  readonly #onTlsError: (error: IoError, peer: Addr | undefined) => void;

  constructor(tls: TlsOptions, options: ListenOptionsTls) {
    this.#tls = tls;
    this.#timeoutMs = options.tlsHandshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
    const max = options.handshakesMax ?? HANDSHAKES_MAX;
    this.#max = typeof max === "number" ? () => max : max;
    this.#onTlsError = options.onTlsError ?? (() => {});
    this.#store = new CertificateStore(keyPairs(tls), tls);
    this.#server = this.#openServer();
    this.admit = (socket, unixPath, onConn) => this.#begin(socket, unixPath, onConn);
  }

  get count(): number {
    return this.#running.size;
  }

  setCertificates(certificates: readonly KeyPair[]): void {
    this.#store.replace(certificates);
    this.#server.setSecureContext({
      ...nodeContextOptions(this.#store.first, this.#tls),
      sessionIdContext: "barewire",
    });
  }

  cutAll(): void {
    for (const socket of this.#running.keys()) socket.destroy();
  }

  #openServer(): TlsServer {
    const wanted = this.#tls.clientCertificates ?? "none";
    const server = process.getBuiltinModule("node:tls").createServer({
      ...nodeContextOptions(this.#store.first, this.#tls),
      sessionIdContext: "barewire",
      requestCert: wanted !== "none",
      rejectUnauthorized: wanted === "require",
      ALPNProtocols: [...(this.#tls.nextProtocols ?? []), "http/1.1"],
      SNICallback: (name, done) => done(null, this.#store.find(name)),
      handshakeTimeout: this.#timeoutMs,
    });
    server.on("secureConnection", (secured) => this.#secured(secured));
    server.on("tlsClientError", (error, failed) => {
      const raw = rawSocketOf(failed);
      // In this order: the TLS socket takes the one below with it when OpenSSL has returned.
      failed.destroy();
      if (raw !== undefined) this.#fail(raw, error);
    });
    return server;
  }

  #begin(socket: Socket, unixPath: string | undefined, onConn: (conn: Conn) => void): void {
    const peer = remoteAddrOf(socket, unixPath);
    if (this.#running.size >= this.#max()) {
      socket.destroy();
      this.#onTlsError(new IoError("too-many-handshakes"), peer);
      return;
    }
    const timer = setTimeout(() => {
      this.#fail(socket, new IoError("tls-handshake-timed-out"));
    }, this.#timeoutMs);
    this.#running.set(socket, { unixPath, peer, timer, onConn });
    socket.on("error", (error) => this.#fail(socket, error));
    socket.on("close", () => this.#fail(socket, new IoError("closed")));
    this.#lookAtFirstByte(socket);
  }

  #lookAtFirstByte(socket: Socket): void {
    const look = (): void => {
      const chunk = socket.read() as Uint8Array | null;
      if (chunk === null) return;
      socket.off("readable", look);
      socket.off("end", gone);
      socket.unshift(chunk);
      if (chunk[0] === HANDSHAKE_RECORD) {
        // Until the handshake is done, half a connection is none: the TLS socket inherits this.
        socket.allowHalfOpen = false;
        this.#server.emit("connection", socket);
      } else {
        this.#plaintext(socket);
      }
    };
    const gone = (): void => this.#fail(socket, new IoError("closed"));
    socket.on("readable", look);
    socket.on("end", gone);
  }

  #plaintext(socket: Socket): void {
    const handshake = this.#end(socket);
    if (handshake === undefined) return;
    const { unixPath } = handshake;
    handshake.onConn(new SocketConn(socket, { unixPath, plaintextOnTls: true }));
  }

  #secured(secured: TLSSocket): void {
    const raw = rawSocketOf(secured);
    const handshake = raw === undefined ? undefined : this.#end(raw);
    // Cut by our timer in this very turn.
    if (handshake === undefined) {
      secured.destroy();
      return;
    }
    secured.allowHalfOpen = true;
    handshake.onConn(new SocketConn(secured, { unixPath: handshake.unixPath }));
  }

  #fail(socket: Socket, cause: unknown): void {
    const handshake = this.#end(socket);
    if (handshake === undefined) return;
    socket.destroy();
    this.#onTlsError(ioError(cause, "tls-failed"), handshake.peer);
  }

  #end(socket: Socket): Handshake | undefined {
    const handshake = this.#running.get(socket);
    if (handshake === undefined) return undefined;
    this.#running.delete(socket);
    clearTimeout(handshake.timer);
    return handshake;
  }
}

function keyPairs(tls: TlsOptions): KeyPair[] {
  const { cert, key, passphrase } = tls;
  const first = cert === undefined || key === undefined ? [] : [{ cert, key, passphrase }];
  return [...first, ...(tls.certificates ?? [])];
}

/**
 * A Conn over a net.Socket or tls.TLSSocket.
 * Go: net.TCPConn, net.UnixConn, tls.Conn
 *
 * Rule of this file: translation between Node's events and the contract, nothing else. What arrives goes
 * through Delivery, what leaves through StreamOut, the fast way to read is in fast-read.ts.
 *
 * How it ends, always with exactly one onError (the last call) once the descriptor is being given back:
 * - "closed" after our close(), or when both sides have sent their FIN;
 * - "aborted" after our abort();
 * - a failure ("reset", "broken-pipe", "timed-out", …) as soon as Node reports it.
 * After close() nothing is delivered any more; a peer that still sends may get a reset, so linger before.
 */
import type { Socket } from "node:net";
import {
  type Addr,
  type Conn,
  type ConnSink,
  Delivery,
  IoError,
  type Latin1Codec,
  type Source,
  type Tenure,
  type TlsInfo,
} from "../bufio/mod.ts";
import type { ConnDuplex } from "./conn-duplex.ts";
import { FastReads, rewrap } from "./fast-read.ts";
import { ioError } from "./io-errors.ts";
import { nodeLatin1 } from "./latin1-codec.ts";
import {
  isTls,
  localAddrOf,
  rawSocketOf,
  remoteAddrOf,
  resetSocket,
  tlsInfoOf,
  unsentBytesOf,
  wasReset,
} from "./socket-facts.ts";
import { StreamOut, type StreamTraits } from "./stream-out.ts";

export interface SocketConnOptions {
  /** The Delivery that `reads` fills, when the socket was made for the fast way. */
  readonly delivery?: Delivery | undefined;
  readonly reads?: FastReads | undefined;
  /** The path of a Unix socket, which an accepted socket cannot tell. */
  readonly unixPath?: string | undefined;
  /** What listens to TLS found no TLS on this connection. */
  readonly plaintextOnTls?: boolean | undefined;
  /** What is under a TLS socket that has no socket below: it knows the addresses, and why it ended. */
  readonly below?: ConnDuplex | undefined;
}

/** A socket that a SocketConn has given up. */
export interface TakenSocket {
  readonly socket: Socket;
  readonly unixPath: string | undefined;
}

const CONN = Symbol("conn");

/** A socket that knows the Conn that speaks through it. */
type Owned = Socket & { [CONN]: SocketConn };

const PLAIN: StreamTraits<Socket> = {
  unsentBytes: unsentBytesOf,
  keeps: "arrays",
  finishes: "at-once",
};
const TLS: StreamTraits<Socket> = {
  unsentBytes: unsentBytesOf,
  keeps: "copies",
  finishes: "later",
};

/** How long a closed TLS connection waits for the peer's end. */
const TLS_LINGER_MS = 500;

/** The Conn of a socket that a server with `pauseOnConnect` has just accepted: fast where it can be. */
export function acceptedConn(socket: Socket, options: SocketConnOptions = {}): SocketConn {
  const delivery = new Delivery();
  const reads = new FastReads(delivery);
  const second = rewrap(socket, reads);
  if (second === undefined) return new SocketConn(socket, options);
  return new SocketConn(second, { ...options, delivery, reads });
}

/**
 * Speaks through a connected socket made with `allowHalfOpen: true` on which nobody reads. Such a socket must
 * not be used by anybody else.
 */
export class SocketConn implements Conn, Source {
  readonly remoteAddr: Addr | undefined;
  readonly tls: TlsInfo | undefined;
  readonly plaintextOnTls: boolean | undefined;
  readonly #socket: Socket;
  readonly #delivery: Delivery;
  readonly #reads: FastReads | undefined;
  readonly #out: StreamOut<Socket>;
  readonly #unixPath: string | undefined;
  readonly #below: ConnDuplex | undefined;
  #localAddr: Addr | undefined = undefined;
  #listens = false;
  /** Reads on to drop what comes. */
  #drops = false;
  #reason: "closed" | "aborted" = "closed";

  constructor(socket: Socket, options: SocketConnOptions = {}) {
    this.#socket = socket;
    this.#reads = options.reads;
    this.#delivery = options.delivery ?? new Delivery();
    this.#delivery.source = this;
    this.#out = new StreamOut(socket, isTls(socket) ? TLS : PLAIN);
    this.#unixPath = options.unixPath;
    this.#below = options.below;
    this.plaintextOnTls = options.plaintextOnTls;
    this.tls = isTls(socket) ? tlsInfoOf(socket) : undefined;
    // Now, because a closed socket has forgotten its peer, and then the log wants to know.
    this.remoteAddr = remoteAddrOf(socket, this.#unixPath) ?? options.below?.conn.remoteAddr;
    (socket as Owned)[CONN] = this;
    socket.on("end", onSocketEnd);
    socket.on("error", onSocketError);
    socket.on("close", onSocketClose);
  }

  /**
   * Gives the socket up, for TLS to be put over it: this Conn must not be used any more. Undefined, and
   * nothing has changed, when that is too late (started, written to, ended) or there is TLS already.
   */
  takeSocket(): TakenSocket | undefined {
    const socket = this.#socket;
    const untouched = !this.#delivery.isStarted && this.#out.takenBytes + this.queuedBytes === 0;
    if (!untouched || this.tls !== undefined || socket.destroyed || socket.writableEnded) {
      return undefined;
    }
    socket.off("end", onSocketEnd);
    socket.off("error", onSocketError);
    socket.off("close", onSocketClose);
    return { socket, unixPath: this.#unixPath };
  }

  /** Whether reads go the fast way, for tests and measurements. */
  get isFast(): boolean {
    return this.#reads !== undefined;
  }

  get latin1(): Latin1Codec {
    return nodeLatin1;
  }

  get localAddr(): Addr | undefined {
    this.#localAddr ??= localAddrOf(this.#socket, this.#unixPath) ?? this.#below?.conn.localAddr;
    return this.#localAddr;
  }

  start(sink: ConnSink): void {
    this.#delivery.start(sink);
  }
  handOver(sink: ConnSink): void {
    this.#delivery.handOver(sink);
  }
  resume(): void {
    this.#delivery.resume();
  }
  pause(): void {
    this.#delivery.pause();
  }
  stopReading(): void {
    this.#socket.pause();
  }

  startReading(): void {
    if (this.#reads === undefined && !this.#listens) {
      this.#listens = true;
      this.#socket.on("data", (chunk: Uint8Array) => {
        if (this.#delivery.bytes(chunk, "given") === "stop" && !this.#drops) this.#socket.pause();
      });
    }
    this.#socket.resume();
  }

  /** "borrowed" or "given" reads, where they go the fast way; by 'data' they are always given. */
  setTenure(tenure: Tenure): void {
    if (this.#reads !== undefined) this.#reads.tenure = tenure;
  }

  /** "taken" when the kernel has taken everything at once; never so on TLS. */
  write(data: Uint8Array | string): "taken" | "pending" {
    return this.#out.write(data);
  }

  get queuedBytes(): number {
    return this.#out.queuedBytes;
  }
  get takenBytes(): number {
    return this.#out.takenBytes;
  }
  drained(): Promise<void> {
    return this.#out.drained();
  }
  closeWrite(): void {
    this.#out.end();
  }

  close(): void {
    this.#delivery.silence();
    if (this.tls === undefined) {
      this.#socket.pause();
      this.#out.end(() => this.#socket.destroySoon());
    } else {
      this.#drops = true;
      this.#socket.resume();
      this.#out.end(() => this.#lingerTLS());
    }
  }

  abort(): void {
    if (this.#socket.destroyed) return;
    this.#reason = "aborted";
    this.#delivery.silence();
    this.#out.fail(new IoError("aborted"));
    resetSocket(this.#socket, rawSocketOf(this.#socket));
  }

  ref(): void {
    this.#socket.ref();
    this.#below?.conn.ref?.();
  }
  unref(): void {
    this.#socket.unref();
    this.#below?.conn.unref?.();
  }

  // A descriptor closed over unread bytes sends a reset, which overtakes what we sent last. On TLS there are
  // often some that nobody asked for (session tickets): they are read and dropped until the peer has ended,
  // and then Node closes by itself.
  #lingerTLS(): void {
    const timer = setTimeout(() => this.#socket.destroySoon(), TLS_LINGER_MS);
    timer.unref();
    this.#socket.once("close", () => clearTimeout(timer));
  }

  /** @internal */
  socketEnded(): void {
    if (!wasReset(this.#socket)) {
      this.#delivery.end();
      return;
    }
    this.#finish(new IoError("reset"));
    this.#socket.destroy();
  }

  /** @internal */
  socketFailed(error: Error): void {
    this.#finish(ioError(error, "io-failed"));
  }

  /** @internal */
  socketClosed(): void {
    this.#finish(this.#below?.failure ?? new IoError(this.#reason));
  }

  #finish(error: IoError): void {
    const last = this.#reason === "aborted" ? new IoError("aborted") : error;
    this.#out.fail(last);
    this.#delivery.finish(last);
  }
}

// One of each for all sockets, which Node calls with the socket as `this`: an idle connection is to be small.

function onSocketEnd(this: Owned): void {
  this[CONN].socketEnded();
}

function onSocketError(this: Owned, error: Error): void {
  this[CONN].socketFailed(error);
}

function onSocketClose(this: Owned): void {
  this[CONN].socketClosed();
}

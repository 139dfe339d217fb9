/**
 * A Conn over any Duplex: a tunnel, a multiplexed stream, another library's connection.
 * Go: net.Conn implemented by others
 *
 * Rule of this file: it knows the shape of a Duplex and nothing of sockets, and imports no part of Node.
 * It copies what it writes, because a stream may keep and pass on the arrays it was given.
 */
import {
  type Addr,
  type Conn,
  type ConnSink,
  Delivery,
  IoError,
  latin1Bytes,
  type Source,
  type TlsInfo,
} from "../bufio/mod.ts";
import { ioError } from "./io-errors.ts";
import { StreamOut, type StreamTraits, type WritableSide } from "./stream-out.ts";

/** As much of a Duplex as is used here; each Duplex of Node fits. */
export interface DuplexLike extends WritableSide {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close" | "finish", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
  readonly writableFinished?: boolean | undefined;
}

export interface DuplexConnOptions {
  readonly remoteAddr?: Addr | undefined;
  readonly localAddr?: Addr | undefined;
  readonly tls?: TlsInfo | undefined;
}

const DUPLEX: StreamTraits<DuplexLike> = { keeps: "copies", finishes: "later" };

/** Speaks through a Duplex made with `allowHalfOpen: true` (Node's default), in bytes, not objects. */
export class DuplexConn implements Conn, Source {
  readonly remoteAddr: Addr | undefined;
  readonly localAddr: Addr | undefined;
  readonly tls: TlsInfo | undefined;
  readonly #stream: DuplexLike;
  readonly #delivery: Delivery = new Delivery();
  readonly #out: StreamOut<DuplexLike>;
  #listens = false;
  #isFinished = false;
  #reason: "closed" | "aborted" = "closed";

  constructor(stream: DuplexLike, options: DuplexConnOptions = {}) {
    this.#stream = stream;
    this.#out = new StreamOut(stream, DUPLEX);
    this.#delivery.source = this;
    this.remoteAddr = options.remoteAddr;
    this.localAddr = options.localAddr;
    this.tls = options.tls;
    stream.on("end", () => this.#delivery.end());
    stream.on("finish", () => {
      this.#isFinished = true;
    });
    stream.on("error", (error) => this.#finish(ioError(error, "io-failed")));
    stream.on("close", () => this.#finish(new IoError(this.#reason)));
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
    this.#stream.pause();
  }

  startReading(): void {
    if (!this.#listens) {
      this.#listens = true;
      this.#stream.on("data", (chunk) => {
        if (chunk.length > 0 && this.#delivery.bytes(chunk, "given") === "stop") {
          this.#stream.pause();
        }
      });
    }
    this.#stream.resume();
  }

  write(data: Uint8Array | string): "taken" | "pending" {
    return this.#out.write(typeof data === "string" ? latin1Bytes(data) : data.slice());
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
    this.#stream.pause();
    this.#out.end(() => this.#destroyWhenFinished());
  }

  abort(): void {
    this.#reason = "aborted";
    this.#delivery.silence();
    this.#out.fail(new IoError("aborted"));
    this.#stream.destroy();
  }

  #destroyWhenFinished(): void {
    if (this.#isFinished || this.#stream.writableFinished === true) this.#stream.destroy();
    else this.#stream.on("finish", () => this.#stream.destroy());
  }

  #finish(error: IoError): void {
    const last = this.#reason === "aborted" ? new IoError("aborted") : error;
    this.#out.fail(last);
    this.#delivery.finish(last);
  }
}

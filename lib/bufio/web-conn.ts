/**
 * A Conn over a `{readable, writable}` pair of web streams: Workers sockets, WebTransport, tests.
 * Go: none
 *
 * Rule of this file: web streams only, by their shape. It asks for the next chunk only while the sink wants
 * more, and it copies what it writes, because a stream keeps the arrays it was given.
 */
import type { Addr, Conn, ConnSink, TlsInfo } from "./conn.ts";
import { Delivery, type Source } from "./delivery.ts";
import { Drain, rejected } from "./drain.ts";
import { IoError } from "./errors.ts";
import { latin1Bytes } from "./latin1.ts";

/** As much of a ReadableStream of bytes as is used here. */
export interface ReadableHalf {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<unknown>;
  };
}

/** As much of a WritableStream of bytes as is used here. */
export interface WritableHalf {
  getWriter(): {
    write(chunk: Uint8Array): Promise<unknown>;
    close(): Promise<unknown>;
    abort(reason?: unknown): Promise<unknown>;
  };
}

export interface WebConnOptions {
  readonly remoteAddr?: Addr | undefined;
  readonly localAddr?: Addr | undefined;
  readonly tls?: TlsInfo | undefined;
}

/** Speaks through a pair of web streams, locking both until the end. */
export class WebConn implements Conn, Source {
  readonly remoteAddr: Addr | undefined;
  readonly localAddr: Addr | undefined;
  readonly tls: TlsInfo | undefined;
  readonly #reader: ReturnType<ReadableHalf["getReader"]>;
  readonly #writer: ReturnType<WritableHalf["getWriter"]>;
  readonly #delivery: Delivery = new Delivery();
  #isAsking = false;
  #readSide: "open" | "ended" = "open";
  #writeSide: "open" | "ending" | "ended" = "open";
  #queuedBytes = 0;
  #acceptedBytes = 0;
  #failure: IoError | undefined = undefined;
  #drain: Drain | undefined = undefined;

  constructor(
    pair: { readonly readable: ReadableHalf; readonly writable: WritableHalf },
    options: WebConnOptions = {},
  ) {
    this.#reader = pair.readable.getReader();
    this.#writer = pair.writable.getWriter();
    this.#delivery.source = this;
    this.remoteAddr = options.remoteAddr;
    this.localAddr = options.localAddr;
    this.tls = options.tls;
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
  startReading(): void {
    if (this.#isAsking || this.#readSide !== "open") return;
    this.#isAsking = true;
    void this.#ask();
  }
  stopReading(): void {
    // The asking loop looks at the delivery after each chunk.
  }

  write(data: Uint8Array | string): "taken" | "pending" {
    if (this.#writeSide !== "open" || data.length === 0) return "taken";
    const bytes = typeof data === "string" ? latin1Bytes(data) : data.slice();
    // Counted apart: whoever gets the array may detach it.
    const { length } = bytes;
    this.#queuedBytes += length;
    this.#acceptedBytes += length;
    this.#writer.write(bytes).then(
      () => this.#wrote(length),
      (cause: unknown) => this.#fail(new IoError("broken-pipe", { cause })),
    );
    return "pending";
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get takenBytes(): number {
    return this.#acceptedBytes - this.#queuedBytes;
  }

  drained(): Promise<void> {
    const failure = this.#failure;
    if (failure !== undefined && failure.code !== "closed") return rejected(failure);
    if (this.#queuedBytes === 0) return Promise.resolve();
    this.#drain ??= new Drain();
    return this.#drain.promise;
  }

  closeWrite(): void {
    if (this.#writeSide !== "open") return;
    this.#writeSide = "ending";
    this.#writer.close().then(
      () => {
        this.#writeSide = "ended";
        this.#finishWhenBothEnded();
      },
      (cause: unknown) => this.#fail(new IoError("broken-pipe", { cause })),
    );
  }

  close(): void {
    this.closeWrite();
    this.#delivery.silence();
    this.#endReading(new IoError("closed"));
    this.#finishWhenBothEnded();
  }

  abort(): void {
    const failure = new IoError("aborted");
    this.#delivery.silence();
    this.#writeSide = "ended";
    this.#writer.abort(failure).catch(dontCare);
    this.#endReading(failure);
    queueMicrotask(() => this.#fail(failure));
  }

  #endReading(reason: IoError): void {
    if (this.#readSide === "ended") return;
    this.#readSide = "ended";
    this.#reader.cancel(reason).catch(dontCare);
  }

  async #ask(): Promise<void> {
    try {
      do {
        const { done, value } = await this.#reader.read();
        if (this.#readSide === "ended") break;
        if (done) {
          this.#readSide = "ended";
          this.#delivery.end();
          this.#finishWhenBothEnded();
          break;
        }
        if (value !== undefined && value.length > 0) this.#delivery.bytes(value, "given");
      } while (this.#delivery.isFlowing);
    } catch (cause) {
      if (this.#readSide === "open") this.#fail(new IoError("reset", { cause }));
    }
    this.#isAsking = false;
    // Resumed while the last chunk was being asked for.
    if (this.#delivery.isFlowing) this.startReading();
  }

  #wrote(length: number): void {
    if (this.#failure !== undefined) return;
    this.#queuedBytes -= length;
    if (this.#queuedBytes > 0) return;
    this.#drain?.resolve();
    this.#drain = undefined;
  }

  #finishWhenBothEnded(): void {
    if (this.#readSide === "ended" && this.#writeSide === "ended") {
      this.#fail(new IoError("closed"));
    }
  }

  #fail(failure: IoError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#acceptedBytes -= this.#queuedBytes;
    this.#queuedBytes = 0;
    this.#writeSide = "ended";
    this.#drain?.reject(failure);
    this.#drain = undefined;
    // The half that still works is let go too: both ways end together.
    if (failure.code !== "closed") this.#writer.abort(failure).catch(dontCare);
    this.#endReading(failure);
    this.#delivery.finish(failure);
  }
}

function dontCare(): void {
  // The failure that led here has been told; how the stream takes its end changes nothing.
}

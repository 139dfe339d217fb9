/**
 * A connection that has changed its owner: after an upgrade, through a tunnel, out of a hijack.
 * RFC 9110 §7.8, §9.3.6 · Go: http.Hijacker, transport.go readWriteCloserBody
 *
 * Rule of this file: the inner Conn was started long ago; this one starts again. It takes the inner one over
 * when it is made, and what its former owner had read too much comes first.
 */
import type { Addr, Conn, ConnSink, Latin1Codec, Tenure, TlsInfo } from "./conn.ts";
import { Delivery } from "./delivery.ts";

/** What the former owner knows. */
export interface HandedConnOptions {
  /** What it had read and not used: delivered first. The array is the new owner's. */
  readonly head?: Uint8Array | undefined;
  /** "ended": the peer had ended its side, and the former owner was told. Default "open". */
  readonly peer?: "open" | "ended" | undefined;
}

/** A started Conn made new: `start` may be called once more. */
export class HandedConn implements Conn {
  readonly #inner: Conn;
  readonly #delivery: Delivery = new Delivery();

  /** The former owner's sink hears nothing more from now on; what comes before `start` is held. */
  constructor(inner: Conn, { head, peer }: HandedConnOptions = {}) {
    this.#inner = inner;
    const delivery = this.#delivery;
    delivery.source = {
      startReading: () => inner.resume(),
      stopReading: () => inner.pause(),
      abort: () => inner.abort(),
    };
    inner.pause();
    if (head !== undefined && head.length > 0) delivery.bytes(head, "given");
    if (peer === "ended") delivery.end();
    inner.handOver({
      onBytes: (bytes, tenure) => delivery.bytes(bytes, tenure),
      onEnd: () => delivery.end(),
      onError: (error) => delivery.finish(error),
    });
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

  write(data: Uint8Array | string): "taken" | "pending" {
    return this.#inner.write(data);
  }

  drained(): Promise<void> {
    return this.#inner.drained();
  }

  get queuedBytes(): number {
    return this.#inner.queuedBytes;
  }

  get takenBytes(): number | undefined {
    return this.#inner.takenBytes;
  }

  closeWrite(): void {
    this.#inner.closeWrite();
  }

  close(): void {
    this.#delivery.silence();
    this.#inner.close();
  }

  abort(): void {
    this.#delivery.silence();
    this.#inner.abort();
  }

  setTenure(tenure: Tenure): void {
    this.#inner.setTenure?.(tenure);
  }

  ref(): void {
    this.#inner.ref?.();
  }

  unref(): void {
    this.#inner.unref?.();
  }

  get remoteAddr(): Addr | undefined {
    return this.#inner.remoteAddr;
  }

  get localAddr(): Addr | undefined {
    return this.#inner.localAddr;
  }

  get tls(): TlsInfo | undefined {
    return this.#inner.tls;
  }

  get latin1(): Latin1Codec | undefined {
    return this.#inner.latin1;
  }
}

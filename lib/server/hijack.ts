/**
 * A connection that has changed its owner: the Conn that `hijack` gives away.
 * RFC 9110 §7.8 · Go: http.Hijacker
 *
 * Rule of this file: the inner Conn was started long ago; this one starts again, by handing it over.
 */
import type { Addr, Conn, ConnSink, Latin1Codec, Tenure, TlsInfo } from "../bufio/mod.ts";

export class HijackedConn implements Conn {
  readonly #inner: Conn;
  /** The peer had ended its side before the connection was handed over. */
  readonly #ended: boolean;

  constructor(inner: Conn, peer: "open" | "ended") {
    this.#inner = inner;
    this.#ended = peer === "ended";
  }

  start(sink: ConnSink): void {
    this.#inner.handOver(sink);
    if (this.#ended) queueMicrotask(() => sink.onEnd());
    this.#inner.resume();
  }

  handOver(sink: ConnSink): void {
    this.#inner.handOver(sink);
  }

  resume(): void {
    this.#inner.resume();
  }

  pause(): void {
    this.#inner.pause();
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
    this.#inner.close();
  }

  abort(): void {
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

/**
 * A Conn that writes down what goes through it, both ways.
 *
 * Rule of this file: it changes nothing and loses nothing; what is kept is bounded, what is not kept is counted.
 */
import {
  type Addr,
  type Conn,
  type ConnSink,
  type Latin1Codec,
  type Tenure,
  type TlsInfo,
  latin1Bytes,
} from "../../bufio/mod.ts";

/** Octets kept of each direction of a connection. */
const KEPT_OCTETS = 1_048_576;

/** One direction. */
export class WireTrack {
  readonly #pieces: Uint8Array[] = [];
  #kept = 0;
  /** All octets, also those that are not kept. */
  count = 0;

  add(bytes: Uint8Array): void {
    this.count += bytes.length;
    const room = KEPT_OCTETS - this.#kept;
    if (room <= 0) return;
    const piece = bytes.slice(0, room);
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }

  /** The octets that were kept, in one piece. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}

/** What was said on one connection. */
export class WireRecord {
  readonly sent: WireTrack = new WireTrack();
  readonly received: WireTrack = new WireTrack();
  /** "muted": what goes through is the ciphertext of a connection that is recorded inside. */
  state: "recording" | "muted" = "recording";
}

export class RecordedConn implements Conn {
  readonly inner: Conn;
  readonly record: WireRecord;

  constructor(inner: Conn, record: WireRecord) {
    this.inner = inner;
    this.record = record;
  }

  start(sink: ConnSink): void {
    this.inner.start(this.#listening(sink));
  }
  handOver(sink: ConnSink): void {
    this.inner.handOver(this.#listening(sink));
  }
  resume(): void {
    this.inner.resume();
  }
  pause(): void {
    this.inner.pause();
  }
  write(data: Uint8Array | string): "taken" | "pending" {
    if (this.record.state === "recording") {
      this.record.sent.add(typeof data === "string" ? latin1Bytes(data) : data);
    }
    return this.inner.write(data);
  }
  drained(): Promise<void> {
    return this.inner.drained();
  }
  get queuedBytes(): number {
    return this.inner.queuedBytes;
  }
  get takenBytes(): number | undefined {
    return this.inner.takenBytes;
  }
  closeWrite(): void {
    this.inner.closeWrite();
  }
  close(): void {
    this.inner.close();
  }
  abort(): void {
    this.inner.abort();
  }
  setTenure(tenure: Tenure): void {
    this.inner.setTenure?.(tenure);
  }
  ref(): void {
    this.inner.ref?.();
  }
  unref(): void {
    this.inner.unref?.();
  }
  get remoteAddr(): Addr | undefined {
    return this.inner.remoteAddr;
  }
  get localAddr(): Addr | undefined {
    return this.inner.localAddr;
  }
  get tls(): TlsInfo | undefined {
    return this.inner.tls;
  }
  get plaintextOnTls(): boolean | undefined {
    return this.inner.plaintextOnTls;
  }
  get latin1(): Latin1Codec | undefined {
    return this.inner.latin1;
  }

  #listening(sink: ConnSink): ConnSink {
    const { record } = this;
    return {
      onBytes: (bytes, tenure) => {
        if (record.state === "recording") record.received.add(bytes);
        return sink.onBytes(bytes, tenure);
      },
      onEnd: () => sink.onEnd(),
      onError: (error) => sink.onError(error),
    };
  }
}

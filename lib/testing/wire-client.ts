/**
 * WireClient: the plainest client there is. It sends octets, keeps what comes, and waits when it is told to.
 * Go: net.Dial in a test
 *
 * Rule of this file: it knows nothing of HTTP, so that a test sees exactly what was on the wire.
 */
import type { Conn, ConnSink, IoError, Tenure } from "../bufio/mod.ts";
import { latin1Bytes } from "../bufio/mod.ts";
import { decodeLatin1 } from "../wire/mod.ts";
import { escapeBytes } from "./diff.ts";
import { TestingError } from "./errors.ts";

/** How the peer's side stands. */
export type PeerEnd = "open" | "ended" | "reset";

const DEADLINE_MS = 5_000;
const CLIPPED_BYTES = 400;

/** The client's end of a connection. Its waits have a deadline of their own: no test hangs. */
export class WireClient implements ConnSink {
  readonly conn: Conn;
  /** The deliveries, as they came: what one write of the peer brought, where the way does not cut it. */
  readonly pieces: Uint8Array[] = [];
  #end: PeerEnd = "open";
  #error: IoError | undefined;
  #reading: "more" | "stop" = "more";
  #used = 0;
  #wake: (() => void)[] = [];

  /** Starts to read from a Conn that nobody has started. */
  constructor(conn: Conn) {
    this.conn = conn;
    conn.start(this);
  }

  /** Everything that has come, as one array. */
  get received(): Uint8Array {
    return joined(this.pieces);
  }

  /** Everything that has come, one char per octet. */
  get text(): string {
    return latin1(this.received);
  }

  /** Whether the peer has ended its side, or has cut the connection. */
  get end(): PeerEnd {
    return this.#end;
  }

  /** Why the connection is gone, once it is. */
  get error(): IoError | undefined {
    return this.#error;
  }

  /** Sends text of one octet per char, or bytes. Throws RangeError for chars above U+00FF. */
  send(data: string | Uint8Array): void {
    this.conn.write(typeof data === "string" ? octets(data) : data);
  }

  /** Ends our side (FIN); what the peer still sends comes. */
  finish(): void {
    this.conn.closeWrite();
  }

  /** Ends both sides after what was sent has gone out. */
  close(): void {
    this.conn.close();
  }

  /** Cuts the connection (RST where there is one). */
  reset(): void {
    this.conn.abort();
  }

  /** Reads no further until `resume`: a client that does not take its answer. */
  pause(): void {
    this.#reading = "stop";
    this.conn.pause();
  }

  resume(): void {
    this.#reading = "more";
    this.conn.resume();
  }

  /** Resolves when `what` holds, looked at after each event. Rejects with "bytes-missing" after `ms`. */
  async until(what: (client: this) => boolean, ms: number = DEADLINE_MS): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#changed();
    }, ms);
    try {
      while (!what(this)) {
        if (late) throw new TestingError("bytes-missing", { evidence: this.#evidence(ms) });
        await new Promise<void>((resolve) => this.#wake.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for `count` further octets and answers them. Rejects with "bytes-missing". */
  async read(count: number, ms: number = DEADLINE_MS): Promise<Uint8Array> {
    const enough = (): boolean => this.received.length >= this.#used + count;
    await this.until(() => enough() || this.#end !== "open", ms);
    if (!enough()) throw new TestingError("bytes-missing", { evidence: this.#evidence(ms) });
    this.#used += count;
    return this.received.subarray(this.#used - count, this.#used);
  }

  /** Waits until `mark` has come, and answers what has not been read yet up to its end, as text. */
  async readUntil(mark: string, ms: number = DEADLINE_MS): Promise<string> {
    const find = (): number => this.text.indexOf(mark, this.#used);
    await this.until(() => find() >= 0 || this.#end !== "open", ms);
    const at = find();
    if (at < 0) throw new TestingError("bytes-missing", { evidence: this.#evidence(ms) });
    const read = this.text.slice(this.#used, at + mark.length);
    this.#used = at + mark.length;
    return read;
  }

  /** What has come and was not read by `read` or `readUntil`. */
  get unread(): Uint8Array {
    return this.received.subarray(this.#used);
  }

  /** Waits for the end of the peer's side, and answers what kind of end it is. */
  async ended(ms: number = DEADLINE_MS): Promise<PeerEnd> {
    await this.until(() => this.#end !== "open", ms);
    return this.#end;
  }

  onBytes(bytes: Uint8Array, tenure: Tenure): "more" | "stop" {
    this.pieces.push(tenure === "borrowed" ? bytes.slice() : bytes);
    this.#changed();
    return this.#reading;
  }

  onEnd(): void {
    if (this.#end === "open") this.#end = "ended";
    this.#changed();
  }

  onError(error: IoError): void {
    this.#error = error;
    // "closed" is told at the good end of every connection.
    if (this.#end === "open") this.#end = error.code === "closed" ? "ended" : "reset";
    this.#changed();
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #evidence(ms: number): string {
    const all = this.received;
    const clipped = all.length > CLIPPED_BYTES ? "…" : "";
    const shown = escapeBytes(all.subarray(Math.max(0, all.length - CLIPPED_BYTES)));
    return `after ${ms} ms the peer's side is ${this.#end}, ${all.length} bytes came: "${clipped}${shown}"`;
  }
}

/** One octet per char. Throws RangeError for what is none. */
export function octets(text: string): Uint8Array {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) throw new RangeError(`char ${i} is no octet: write \\xNN`);
  }
  return latin1Bytes(text);
}

/** One char per octet. */
export function latin1(bytes: Uint8Array): string {
  return decodeLatin1(bytes, 0, bytes.length);
}

/** Several arrays as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/**
 * The buffered writer: many small pieces, one write to the Conn a flush, errors that stick.
 * Go: bufio.Writer, net/http checkConnErrorWriter
 *
 * Rule of this file: it joins and flushes. Text that is all latin1 stays one string until the flush, because
 * the platform writes a string faster than we copy it; the first piece of bytes moves everything into a
 * buffer. It knows nothing of HTTP.
 */
import type { Conn } from "./conn.ts";
import type { IoError } from "./errors.ts";

/** The first size of a buffer. */
export const WRITE_BUFFER_BYTES = 4096;

/** So many bytes are worth a write of their own: with nothing waiting before them they are not copied. */
export const WRITE_ALONE_BYTES = 16_384;

/** What is joined at the most before it leaves: such a piece, with a head before it or a chunk's framing around it. */
export const WRITE_JOIN_BYTES: number = WRITE_ALONE_BYTES + 512;

const POOLED_BUFFERS = 64;
const pool: Uint8Array[] = [];

export class Writer {
  /** Why nothing can be sent any more; everything written after it is dropped. */
  error: IoError | undefined;
  /** All bytes ever written, also those still here. */
  total = 0;

  readonly #conn: Conn;
  /** Pending text, when there are no pending bytes. */
  #text = "";
  #buffer: Uint8Array | undefined;
  #used = 0;

  constructor(conn: Conn) {
    this.#conn = conn;
  }

  /** How many bytes wait for a flush. */
  get buffered(): number {
    return this.#used + this.#text.length;
  }

  /** Bytes handed to the Conn and not yet taken by the kernel. */
  get queuedBytes(): number {
    return this.#conn.queuedBytes;
  }

  /** Adds text of one byte per char; the caller has checked that no char is above U+00FF. */
  writeLatin1(text: string): void {
    this.total += text.length;
    if (this.#used === 0) {
      this.#text = this.#text === "" ? text : this.#text + text;
      if (this.#text.length >= WRITE_JOIN_BYTES) this.flush();
    } else if (this.#used + text.length <= WRITE_JOIN_BYTES) {
      this.#appendText(text);
    } else {
      this.flush();
      this.#text = text;
    }
  }

  /**
   * Adds bytes, copied when they are small; large ones leave at once, after what waits. "pending": the array
   * must not be touched until `drained()` resolves.
   */
  write(bytes: Uint8Array): "taken" | "pending" {
    this.total += bytes.length;
    const waiting = this.buffered;
    const joined = waiting + bytes.length;
    if (joined <= WRITE_JOIN_BYTES && (waiting > 0 || bytes.length < WRITE_ALONE_BYTES)) {
      this.#textToBuffer(joined);
      const buffer = this.#room(joined);
      buffer.set(bytes, this.#used);
      this.#used += bytes.length;
      return "taken";
    }
    this.flush();
    if (bytes.length < WRITE_ALONE_BYTES) {
      this.#room(bytes.length).set(bytes);
      this.#used = bytes.length;
      return "taken";
    }
    return this.error === undefined ? this.#conn.write(bytes) : "taken";
  }

  /** Hands everything to the Conn. */
  flush(): void {
    if (this.#used > 0) {
      const bytes = this.#buffer!.subarray(0, this.#used);
      this.#used = 0;
      // A buffer that the kernel has not taken yet is the Conn's now.
      const fate = this.error === undefined ? this.#conn.write(bytes) : "taken";
      if (fate === "pending") this.#buffer = undefined;
    } else if (this.#text !== "") {
      const text = this.#text;
      this.#text = "";
      if (this.error === undefined) this.#conn.write(text);
    }
  }

  /** Resolves when the kernel has taken all that was flushed; rejects with the connection's IoError. */
  drained(): Promise<void> {
    return this.error === undefined ? this.#conn.drained() : Promise.reject(this.error);
  }

  /** Nothing can be sent any more; what waits is dropped. The first reason is kept. */
  fail(error: IoError): void {
    this.error ??= error;
    this.#text = "";
    this.#used = 0;
    this.release();
  }

  /** Gives the buffer back while the connection is idle. */
  release(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || this.#used > 0) return;
    this.#buffer = undefined;
    if (buffer.length === WRITE_BUFFER_BYTES && pool.length < POOLED_BUFFERS) pool.push(buffer);
  }

  #room(needed: number): Uint8Array {
    const buffer = this.#buffer;
    if (buffer !== undefined && buffer.length >= needed) return buffer;
    const grown =
      needed <= WRITE_BUFFER_BYTES
        ? (pool.pop() ?? new Uint8Array(WRITE_BUFFER_BYTES))
        : new Uint8Array(WRITE_JOIN_BYTES);
    if (buffer !== undefined && this.#used > 0) grown.set(buffer.subarray(0, this.#used));
    this.#buffer = grown;
    return grown;
  }

  #textToBuffer(needed: number): void {
    const text = this.#text;
    if (text === "") return;
    this.#text = "";
    this.#room(needed);
    this.#appendText(text);
  }

  #appendText(text: string): void {
    const at = this.#used;
    const buffer = this.#room(at + text.length);
    for (let i = 0; i < text.length; i++) buffer[at + i] = text.charCodeAt(i);
    this.#used = at + text.length;
  }
}

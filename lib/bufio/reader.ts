/**
 * The buffered reader: what a Conn pushes, kept until somebody parses it.
 * Go: bufio.Reader, net/http connReader
 *
 * Rule of this file: it is the one sink of a Conn and the one place that takes ownership of borrowed bytes.
 * Looking and consuming are synchronous; only `more()` waits. It knows nothing of HTTP.
 *
 *   bytes   [ consumed | from … to unread | free ]
 *
 * While a listener's `onInput` runs, `bytes` may be the shared buffer of all connections. When the listener
 * has returned, what it left unread is copied into a buffer of our own: nobody else has to think about it.
 */
import type { Conn, ConnSink, Tenure } from "./conn.ts";
import { IoError } from "./errors.ts";
import { SPARE_STEP_BYTES, giveBack, isSpare, largeBuffer } from "./spare-buffers.ts";

/** Is told about everything that arrives, in the turn in which it arrives. No method may throw. */
export interface ReaderListener {
  /** So many bytes have come. */
  onInput(count: number): void;
  onEnd(): void;
  onError(error: IoError): void;
}

export interface ReaderOptions {
  readonly listener?: ReaderListener | undefined;
  /** Reading stops while so many bytes are unread and nobody waits for more. Default 65,536. */
  readonly readAheadBytes?: number | undefined;
}

export const READ_AHEAD_BYTES = 65_536;

interface Waiter {
  resolve(what: "more" | "end"): void;
  reject(error: Error): void;
  readonly onHere: (() => void) | undefined;
}

const EMPTY = new Uint8Array(0);
const FIRST_OWN_BYTES = 1024;

export class Reader implements ConnSink {
  /** The buffer that holds the unread bytes. Valid until the next await, and not to be written to. */
  bytes: Uint8Array = EMPTY;
  /** Where the unread bytes begin. */
  from = 0;
  /** Where they end. */
  to = 0;
  /** True when the peer has ended its side; unread bytes may still be here. */
  ended = false;
  /** Why nothing more will come, and nothing can be sent. */
  error: IoError | undefined;
  /** True while somebody needs more than is here: reading goes on beyond the read-ahead. */
  wanting = false;

  listener: ReaderListener | undefined;
  readonly #conn: Conn | undefined;
  readonly #readAheadBytes: number;
  /** Whose `bytes` are: the Conn's shared buffer, given to us, or a buffer of our own that we append to. */
  #owner: Tenure | "own" = "own";
  #stopped = false;
  #delivering = false;
  #tenure: Tenure = "borrowed";
  #waiter: Waiter | undefined;

  constructor(conn: Conn | undefined, options: ReaderOptions = {}) {
    this.#conn = conn;
    this.listener = options.listener;
    this.#readAheadBytes = options.readAheadBytes ?? READ_AHEAD_BYTES;
  }

  /** A reader of bytes that are all here already. Go: bufio.NewReader(bytes.NewReader(b)) */
  static of(bytes: Uint8Array): Reader {
    const reader = new Reader(undefined);
    reader.bytes = bytes;
    reader.to = bytes.length;
    reader.#owner = "given";
    reader.ended = true;
    return reader;
  }

  /** How many bytes are unread. Go: Buffered */
  get buffered(): number {
    return this.to - this.from;
  }

  /** Uses up the first `count` unread bytes; they are `bytes[from]` and on. Go: Discard */
  consume(count: number): void {
    this.from += count;
    if (this.from >= this.to) this.#clear();
    if (this.#stopped) this.#resumeWhenLow();
  }

  /**
   * Uses up the first `count` unread bytes and answers them as an array that belongs to the caller, without
   * a copy where the buffer can be given away.
   */
  take(count: number): Uint8Array {
    const end = this.from + count;
    const whole = end === this.to;
    const mayGive =
      this.#owner === "given" || (this.#owner === "own" && whole && !isSpare(this.bytes));
    // A small piece must not keep a large buffer alive.
    const gives = mayGive && count * 4 >= this.bytes.length;
    const taken = gives ? this.bytes.subarray(this.from, end) : this.bytes.slice(this.from, end);
    // From here on it is somebody else's.
    if (gives) this.#owner = "given";
    this.consume(count);
    return taken;
  }

  /**
   * Waits until more is unread than now. "end": the peer has ended its side and nothing more will come.
   * Rejects with the connection's IoError. One waiter at a time.
   *
   * `onHere` is called before, in the turn of the arrival: what it uses up is never copied. It must not throw.
   */
  more(onHere?: () => void): Promise<"more" | "end"> {
    if (this.error !== undefined) return Promise.reject(this.error);
    if (this.ended) return Promise.resolve("end");
    if (this.#waiter !== undefined) {
      return Promise.reject(new IoError("busy"));
    }
    this.want();
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject, onHere };
    });
  }

  /** Reads on beyond the read-ahead, until the next input has come. */
  want(): void {
    this.wanting = true;
    if (this.#stopped) {
      this.#stopped = false;
      this.#conn?.resume();
    }
  }

  /** "given" for a large body, whose bytes then come without a copy; "borrowed" between messages. */
  prefer(tenure: Tenure): void {
    if (this.#tenure === tenure) return;
    this.#tenure = tenure;
    this.#conn?.setTenure?.(tenure);
  }

  /** Ends a pending `more()` with an error, as a deadline does. The connection itself is left as it is. */
  interrupt(error: Error): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.reject(error);
  }

  /** Takes what is unread out, for whoever gets the connection next. */
  takeAll(): Uint8Array {
    return this.take(this.buffered);
  }

  onBytes(bytes: Uint8Array, tenure: Tenure): "more" | "stop" {
    if (this.from === this.to) {
      this.bytes = bytes;
      this.from = 0;
      this.to = bytes.length;
      this.#owner = tenure;
    } else {
      this.#append(bytes);
    }
    this.wanting = this.#waiter !== undefined;
    this.#delivering = true;
    this.listener?.onInput(bytes.length);
    this.#waiter?.onHere?.();
    this.#delivering = false;
    if (this.#owner === "borrowed") this.#takeOwnership();
    if (this.#waiter !== undefined) this.#wake("more");
    if (this.wanting || this.buffered < this.#readAheadBytes) {
      // A delivery that came behind a "stop" may have been used up within the call.
      if (this.#stopped) this.#resumeWhenLow();
      return "more";
    }
    this.#stopped = true;
    return "stop";
  }

  onEnd(): void {
    this.ended = true;
    this.listener?.onEnd();
    this.#wake("end");
  }

  onError(error: IoError): void {
    this.error ??= error;
    this.listener?.onError(error);
    this.interrupt(error);
  }

  /** Copies what the listener has left unread: after this, the shared buffer may be read into again. */
  #takeOwnership(): void {
    if (this.from === this.to) return this.#clear();
    const left = this.to - this.from;
    const own =
      left * 2 >= SPARE_STEP_BYTES
        ? largeBuffer(left)
        : new Uint8Array(Math.max(left, Math.min(FIRST_OWN_BYTES, left * 2)));
    own.set(this.bytes.subarray(this.from, this.to));
    this.bytes = own;
    this.from = 0;
    this.to = left;
    this.#owner = "own";
  }

  /** Adds behind what is unread. Octet by octet is what a hostile peer sends: that must cost little. */
  #append(bytes: Uint8Array): void {
    const { length } = bytes;
    if (this.#owner !== "own" || this.to + length > this.bytes.length) this.#makeRoom(length);
    const own = this.bytes;
    const at = this.to;
    this.to = at + length;
    // set() costs as much as copying ten octets does.
    if (length > 8) own.set(bytes, at);
    else for (let i = 0; i < length; i++) own[at + i] = bytes[i]!;
  }

  /** Moves what is unread to the front of a buffer of our own that has room behind it. */
  #makeRoom(length: number): void {
    const unread = this.to - this.from;
    const needed = unread + length;
    const fits = this.#owner === "own" && needed * 2 <= this.bytes.length;
    const room = fits ? this.bytes : this.#roomFor(needed);
    // Within one buffer set() copies as copyWithin() would.
    room.set(this.bytes.subarray(this.from, this.to));
    if (!fits && this.#owner === "own") giveBack(this.bytes);
    this.bytes = room;
    this.from = 0;
    this.to = unread;
    this.#owner = "own";
  }

  /** With room for more, unless reading stops here: much that nobody reads may lie on many connections. */
  #roomFor(needed: number): Uint8Array {
    if (needed >= this.#readAheadBytes && !this.wanting) return new Uint8Array(needed);
    if (needed * 2 >= SPARE_STEP_BYTES) return largeBuffer(needed + needed / 4);
    return new Uint8Array(Math.max(FIRST_OWN_BYTES, needed * 2));
  }

  #clear(): void {
    if (this.#owner === "own") giveBack(this.bytes);
    this.bytes = EMPTY;
    this.from = this.to = 0;
    this.#owner = "own";
  }

  #resumeWhenLow(): void {
    if (this.#delivering || this.buffered > this.#readAheadBytes / 2) return;
    this.#stopped = false;
    this.#conn?.resume();
  }

  #wake(what: "more" | "end"): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.resolve(what);
  }
}

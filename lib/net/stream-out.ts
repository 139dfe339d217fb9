/**
 * The writing half of a Conn over a Node stream: slices, back-pressure, and the end.
 * Go: net.conn Write, CloseWrite
 *
 * Rule of this file: a stream that copies what it is given (TLS, text on any stream), or that cannot tell how much
 * of a write has gone, never gets more than one slice of 1 MiB at a time: a copy costs its size, and a finished
 * write is then the only progress of a slow peer that can be seen. What is above that waits here.
 *
 *   write() ─► [ queue, in order ] ─► at most 1 MiB in the stream ─► kernel
 *              '---------------- queuedBytes ----------------'
 */
import { Drain, type IoError, rejected } from "../bufio/mod.ts";

/** As much of a Writable as is used here. */
export interface WritableSide {
  write(
    data: Uint8Array | string,
    encoding: "latin1",
    done?: (error?: Error | null) => void,
  ): boolean;
  end(): unknown;
  /** Bytes written and not yet finished; without it, our own count takes its place. */
  readonly writableLength?: number | undefined;
}

/** What is known of the streams of one kind. */
export interface StreamTraits<Stream> {
  /** How many bytes written to the stream have not gone out; undefined where that cannot be told. */
  unsentBytes?(stream: Stream): number | undefined;
  /** Does it keep a copy of an array that it cannot send at once, or the array itself? */
  readonly keeps: "copies" | "arrays";
  /** When is a write finished that the kernel takes at once: as soon as `write` returns, or in a later turn? */
  readonly finishes: "at-once" | "later";
}

/** At most this much in the stream at a time, where it has to be bounded. */
const SLICE_BYTES = 1_048_576;

/** Up to here a write is likely to be taken at once, and to be told of it would be a part of its cost. */
const QUIET_BYTES = 16_384;

export class StreamOut<Stream extends WritableSide> {
  readonly #stream: Stream;
  readonly #traits: StreamTraits<Stream>;
  #queue: (Uint8Array | string)[] | undefined = undefined;
  #queuedHereBytes = 0;
  #acceptedBytes = 0;
  /** What had been taken when somebody last asked: a stream that has failed can no longer tell. */
  #seenTakenBytes = 0;
  /** For streams without writableLength: writes not called back, and their bytes. */
  #writes = 0;
  #writesBytes = 0;
  #state: "open" | "ending" | "ended" | "dead" = "open";
  #atEnd: (() => void) | undefined = undefined;
  #failure: IoError | undefined = undefined;
  #drain: Drain | undefined = undefined;
  /** Made when it is needed: an idle connection that never had to wait is to be small. */
  #onWritten: (() => void) | undefined = undefined;

  constructor(stream: Stream, traits: StreamTraits<Stream>) {
    this.#stream = stream;
    this.#traits = traits;
  }

  /**
   * Queues bytes or latin1 text; "taken" when nothing is queued behind it. Empty, too late, or after a
   * failure: nothing happens.
   */
  write(data: Uint8Array | string): "taken" | "pending" {
    if (this.#state !== "open" || data.length === 0) return "taken";
    this.#acceptedBytes += data.length;
    if (this.#queue === undefined && this.#hasRoomFor(data)) {
      this.#pass(data);
    } else {
      this.#queue ??= [];
      this.#queue.push(data);
      this.#queuedHereBytes += data.length;
      this.#pump();
    }
    if (data.length > SLICE_BYTES) this.#look();
    return this.queuedBytes === 0 ? "taken" : "pending";
  }

  get queuedBytes(): number {
    return this.#state === "dead" ? 0 : this.#queuedHereBytes + this.#inStreamBytes();
  }

  get takenBytes(): number {
    return this.#look();
  }

  drained(): Promise<void> {
    const failure = this.#failure;
    if (failure !== undefined && failure.code !== "closed") return rejected(failure);
    if (this.queuedBytes === 0) return Promise.resolve();
    this.#drain ??= new Drain();
    return this.#drain.promise;
  }

  /** Ends the stream behind what is queued; `atEnd` runs then, also when it has ended already. */
  end(atEnd?: () => void): void {
    if (atEnd !== undefined) this.#atEnd = atEnd;
    if (this.#state === "open") this.#state = "ending";
    if (this.#queue === undefined) this.#endNow();
  }

  /** The connection is gone; what is queued never arrives. */
  fail(failure: IoError): void {
    if (this.#failure !== undefined) return;
    // Whatever was not taken by now never will be.
    this.#acceptedBytes = this.#look();
    this.#failure = failure;
    this.#state = "dead";
    this.#queue = undefined;
    this.#queuedHereBytes = 0;
    this.#drain?.reject(failure);
    this.#drain = undefined;
  }

  /** A method: a private getter costs a call into the runtime, 20 ns each time. */
  #inStreamBytes(): number {
    return this.#stream.writableLength ?? this.#writesBytes;
  }

  /** How much has been taken by now; never less than at the last look. */
  #look(): number {
    const queued = this.queuedBytes;
    const unsent = queued === 0 ? undefined : this.#traits.unsentBytes?.(this.#stream);
    const untaken =
      unsent === undefined ? queued : Math.min(queued, this.#queuedHereBytes + unsent);
    this.#seenTakenBytes = Math.max(this.#seenTakenBytes, this.#acceptedBytes - untaken);
    return this.#seenTakenBytes;
  }

  #hasRoomFor(data: Uint8Array | string): boolean {
    if (this.#inStreamBytes() + data.length <= SLICE_BYTES) return true;
    const isKept = typeof data !== "string" && this.#traits.keeps === "arrays";
    return isKept && this.#traits.unsentBytes?.(this.#stream) !== undefined;
  }

  #pass(data: Uint8Array | string): void {
    const isQuiet = this.#traits.finishes === "at-once" && data.length <= QUIET_BYTES;
    if (!isQuiet || this.#inStreamBytes() > 0) {
      this.#passAndAsk(data);
      return;
    }
    // A callback is a tick of Node's queue for each answer, also where there is nothing to wait for.
    this.#stream.write(data, "latin1");
    if (this.#inStreamBytes() > 0) this.#passAndAsk("");
  }

  /** Writes, and hears when it is finished. */
  #passAndAsk(data: Uint8Array | string): void {
    this.#writes += 1;
    this.#writesBytes += data.length;
    this.#onWritten ??= () => this.#written();
    this.#stream.write(data, "latin1", this.#onWritten);
  }

  // A failed write comes here too; the stream's 'error' tells about it, `fail` has been called by then or
  // will be.
  #written(): void {
    this.#writes -= 1;
    if (this.#writes === 0) this.#writesBytes = 0;
    if (this.#state === "dead") return;
    if (this.#queue !== undefined) this.#pump();
    if (this.#drain !== undefined && this.queuedBytes === 0) {
      this.#drain.resolve();
      this.#drain = undefined;
    }
  }

  #pump(): void {
    const queue = this.#queue;
    if (queue === undefined) return;
    let sent = 0;
    while (sent < queue.length) {
      const first = queue[sent];
      if (first === undefined) break;
      if (this.#hasRoomFor(first)) {
        sent += 1;
        this.#queuedHereBytes -= first.length;
        this.#pass(first);
      } else if (this.#inStreamBytes() === 0) {
        queue[sent] = rest(first);
        this.#queuedHereBytes -= SLICE_BYTES;
        this.#pass(slice(first));
      } else break;
    }
    queue.splice(0, sent);
    if (queue.length > 0) return;
    this.#queue = undefined;
    if (this.#state === "ending") this.#endNow();
  }

  #endNow(): void {
    if (this.#state === "ending") {
      this.#state = "ended";
      this.#stream.end();
    }
    this.#atEnd?.();
    this.#atEnd = undefined;
  }
}

function slice(data: Uint8Array | string): Uint8Array | string {
  return typeof data === "string" ? data.slice(0, SLICE_BYTES) : data.subarray(0, SLICE_BYTES);
}

function rest(data: Uint8Array | string): Uint8Array | string {
  return typeof data === "string" ? data.slice(SLICE_BYTES) : data.subarray(SLICE_BYTES);
}

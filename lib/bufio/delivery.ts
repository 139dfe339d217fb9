/**
 * The receiving half of a Conn: who gets what arrives, when it must wait, and what is told last.
 * Go: none (net.Conn is pulled, ours is fed)
 *
 * Rule of this file: it keeps the promises of ConnSink for every kind of Conn, so that none keeps them by
 * itself. It knows no socket: its owner starts and stops the reading and hands over what came.
 *
 * The order of a life:
 * 1. before `start`, and while paused, what arrives is held (the owner is told to stop);
 * 2. bytes, then at most one onEnd, in the order of arrival;
 * 3. exactly one onError, the last call: a failure, or "closed" or "aborted" when all is over. A failure
 *    overtakes held bytes, "closed" waits for them.
 * After our own close() or abort() only step 3 is left.
 */
import type { ConnSink, Tenure } from "./conn.ts";
import { IoError } from "./errors.ts";

/** What a Delivery asks of the Conn that owns it. */
export interface Source {
  /** Goes on reading. Harmless while reading. */
  startReading(): void;
  /** Reads no more for now. Harmless while stopped. */
  stopReading(): void;
  /** Ends both ways at once. */
  abort(): void;
}

export class Delivery {
  /** The Conn; set by it before anything can arrive. */
  source: Source | undefined = undefined;
  #sink: ConnSink | undefined = undefined;
  #held: Uint8Array[] | undefined = undefined;
  #paused = false;
  #flushing = false;
  #end: "none" | "waiting" | "told" = "none";
  #last: IoError | undefined = undefined;
  #life: "open" | "silenced" | "over" = "open";

  /** Conn.start, for its owner to pass on. */
  start(sink: ConnSink): void {
    if (this.#sink !== undefined) throw new Error("a Conn is started once; use handOver");
    this.#sink = sink;
    if (this.#isWaiting()) this.#flushSoon();
    else if (!this.#paused && this.#life === "open") this.source?.startReading();
  }

  /** Conn.handOver: from now on, also for what is held, `sink` is the receiver. */
  handOver(sink: ConnSink): void {
    if (this.#sink === undefined) throw new Error("a Conn is handed over after start");
    this.#sink = sink;
  }

  /** Conn.resume. What was held comes first, in a microtask; reading goes on behind it. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#sink === undefined || this.#life !== "open") return;
    if (this.#isWaiting()) this.#flushSoon();
    else this.source?.startReading();
  }

  /** Conn.pause. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    if (this.#sink !== undefined && this.#life === "open") this.source?.stopReading();
  }

  /** Whether somebody has called `start`. */
  get isStarted(): boolean {
    return this.#sink !== undefined;
  }

  /** Whether a delivery now would reach the sink. */
  get isFlowing(): boolean {
    return (
      this.#sink !== undefined && !this.#paused && this.#held === undefined && this.#life === "open"
    );
  }

  /**
   * Bytes have arrived. "stop": the owner stops reading until `startReading`. Bytes that cannot be
   * delivered now are held, copied if they are borrowed.
   */
  bytes(bytes: Uint8Array, tenure: Tenure): "more" | "stop" {
    if (this.#life !== "open") return "stop";
    if (this.isFlowing) return this.#call(bytes, tenure);
    this.#held ??= [];
    this.#held.push(tenure === "borrowed" ? bytes.slice() : bytes);
    return "stop";
  }

  /** The peer has ended its side. */
  end(): void {
    if (this.#life !== "open" || this.#end !== "none") return;
    if (!this.isFlowing) {
      this.#end = "waiting";
      return;
    }
    this.#end = "told";
    this.#guard((sink) => sink.onEnd());
  }

  /** Nothing will come any more. Only the first call counts. */
  finish(error: IoError): void {
    if (this.#life === "over" || this.#last !== undefined) return;
    const behindHeld = error.code === "closed" && this.#life === "open" && this.#isWaiting();
    if (this.#sink === undefined || behindHeld) {
      this.#last = error;
      return;
    }
    this.#tellLast(error);
  }

  /** Our own side has closed: nothing but the last call reaches the sink from now on. */
  silence(): void {
    if (this.#life !== "open") return;
    this.#life = "silenced";
    this.#held = undefined;
    this.#end = "told";
    if (this.#last !== undefined && this.#sink !== undefined) this.#flushSoon();
  }

  #isWaiting(): boolean {
    return this.#held !== undefined || this.#end === "waiting" || this.#last !== undefined;
  }

  #call(bytes: Uint8Array, tenure: Tenure): "more" | "stop" {
    const sink = this.#sink;
    let answer: "more" | "stop" = "stop";
    try {
      if (sink !== undefined) answer = sink.onBytes(bytes, tenure);
    } catch (cause) {
      this.#broken(cause);
      return "stop";
    }
    // A sink that handed the connection over in this very call has no say any more.
    if (answer === "stop" && this.#sink === sink) this.#paused = true;
    return this.#paused || this.#life !== "open" ? "stop" : "more";
  }

  #guard(fn: (sink: ConnSink) => void): void {
    try {
      if (this.#sink !== undefined) fn(this.#sink);
    } catch (cause) {
      this.#broken(cause);
    }
  }

  // Thrown on, it would end the process from inside a socket callback while reading goes on.
  #broken(cause: unknown): void {
    this.#tellLast(new IoError("sink-threw", { cause }));
    this.source?.abort();
  }

  #tellLast(error: IoError): void {
    if (this.#life === "over") return;
    this.#life = "over";
    this.#held = undefined;
    this.#last = undefined;
    this.#sink?.onError(error);
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#held !== undefined && !this.#paused && this.#life === "open") {
      const first = this.#held.shift();
      if (this.#held.length === 0) this.#held = undefined;
      if (first !== undefined) this.#call(first, "given");
    }
    const last = this.#last;
    if (last !== undefined && (last.code !== "closed" || this.#life !== "open")) {
      this.#tellLast(last);
      return;
    }
    if (this.#paused || this.#life !== "open") return;
    if (this.#end === "waiting") {
      this.#end = "told";
      this.#guard((sink) => sink.onEnd());
    }
    if (last !== undefined) this.#tellLast(last);
    else if (this.#life === "open") this.source?.startReading();
  }
}

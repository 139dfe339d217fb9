/**
 * Feeds: Conns whose peer misbehaves by a plan, for whoever reads from a Conn.
 * Go: testing/iotest OneByteReader, HalfReader, DataErrReader, TimeoutReader, ErrReader
 *
 * Rule of this file: it keeps the contract of Conn, however badly the bytes are cut. What is written to a
 * feed is kept and goes nowhere.
 */
import type { Addr, Conn, ConnSink, Source, Tenure } from "../bufio/mod.ts";
import { Delivery, IoError } from "../bufio/mod.ts";
import { octets } from "./wire-client.ts";

/** What the peer does next: it sends a piece, ends its side (FIN), cuts the connection, or falls silent. */
export type FeedStep = Uint8Array | "FIN" | "RESET" | "SILENCE";

export interface FeedOptions {
  /** "borrowed" overwrites each piece when the sink has returned, as a shared buffer does. Default "given". */
  readonly tenure?: Tenure | undefined;
}

/** A Conn that delivers one byte at a time, then the end. Go: iotest.OneByteReader */
export function oneByte(input: string | Uint8Array, options?: FeedOptions): FeedConn {
  const bytes = bytesOf(input);
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  return new FeedConn([...pieces, "FIN"], options);
}

/** A Conn that delivers half of what is left each time, then the end. Go: iotest.HalfReader */
export function halves(input: string | Uint8Array, options?: FeedOptions): FeedConn {
  const pieces: Uint8Array[] = [];
  let rest = bytesOf(input);
  while (rest.length > 0) {
    const half = Math.ceil(rest.length / 2);
    pieces.push(rest.slice(0, half));
    rest = rest.subarray(half);
  }
  return new FeedConn([...pieces, "FIN"], options);
}

/** A Conn that delivers everything and the end in the same turn. Go: iotest.DataErrReader */
export function dataWithEnd(input: string | Uint8Array, options?: FeedOptions): FeedConn {
  return new FeedConn([[bytesOf(input), "FIN"]], options);
}

/** A Conn that delivers the first `count` bytes (default: all), then nothing, for ever. */
export function stalls(
  input: string | Uint8Array,
  count: number = input.length,
  options?: FeedOptions,
): FeedConn {
  return new FeedConn([bytesOf(input).slice(0, count), "SILENCE"], options);
}

/** A Conn that delivers the first `count` bytes (default: all), then is reset. Go: iotest.ErrReader */
export function resets(
  input: string | Uint8Array,
  count: number = input.length,
  options?: FeedOptions,
): FeedConn {
  return new FeedConn([bytesOf(input).slice(0, count), "RESET"], options);
}

/**
 * A Conn that is fed by a plan, one step a microtask; the steps of an inner array come in one turn.
 */
export class FeedConn implements Conn, Source {
  readonly localAddr: Addr = { network: "pipe", host: "feed", port: 0 };
  readonly remoteAddr: Addr = { network: "pipe", host: "plan", port: 0 };
  readonly queuedBytes = 0;
  /** Everything that was written, one array for each write. */
  readonly written: Uint8Array[] = [];
  /** How our side was ended. */
  end: "open" | "write-closed" | "closed" | "aborted" = "open";
  readonly #steps: (FeedStep | readonly FeedStep[])[];
  readonly #tenure: Tenure;
  readonly #delivery: Delivery = new Delivery();
  #isPumping = false;
  #peer: "open" | "ended" = "open";

  constructor(steps: readonly (FeedStep | readonly FeedStep[])[], options: FeedOptions = {}) {
    this.#steps = [...steps];
    this.#tenure = options.tenure ?? "given";
    this.#delivery.source = this;
  }

  /** Steps that have not been taken; a reader that stops leaves some. */
  get stepsLeft(): number {
    return this.#steps.length;
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
    if (this.#isPumping) return;
    this.#isPumping = true;
    queueMicrotask(() => this.#pump());
  }

  stopReading(): void {
    // The pump looks at the delivery before each step.
  }

  write(data: Uint8Array | string): "taken" {
    if (this.end === "open")
      this.written.push(typeof data === "string" ? octets(data) : data.slice());
    return "taken";
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  closeWrite(): void {
    if (this.end === "open") this.end = "write-closed";
    if (this.#peer === "ended") this.#over("closed");
  }

  close(): void {
    if (this.end === "closed" || this.end === "aborted") return;
    this.end = "closed";
    this.#over("closed");
  }

  abort(): void {
    if (this.end === "closed" || this.end === "aborted") return;
    this.end = "aborted";
    this.#over("aborted");
  }

  #over(code: "closed" | "aborted"): void {
    this.#steps.length = 0;
    this.#delivery.silence();
    queueMicrotask(() => this.#delivery.finish(new IoError(code)));
  }

  #pump(): void {
    this.#isPumping = false;
    if (!this.#delivery.isFlowing) return;
    const step = this.#steps.shift();
    if (step === undefined) return;
    if (typeof step === "string" || step instanceof Uint8Array) this.#take(step);
    else for (const one of step) this.#take(one);
    this.startReading();
  }

  #take(step: FeedStep): void {
    if (step === "RESET") {
      this.#delivery.finish(new IoError("reset"));
    } else if (step === "FIN") {
      this.#peer = "ended";
      this.#delivery.end();
      if (this.end !== "open") this.#over("closed");
    } else if (step === "SILENCE") {
      // For good: whatever stands behind it never comes.
      this.#steps.length = 0;
    } else if (step.length > 0) {
      const piece = step.slice();
      this.#delivery.bytes(piece, this.#tenure);
      if (this.#tenure === "borrowed") piece.fill(POISON);
    }
  }
}

const POISON = 0xaa;

function bytesOf(input: string | Uint8Array): Uint8Array {
  return typeof input === "string" ? octets(input) : input;
}

/**
 * The body that comes from a connection: pieces cut out of a Reader by the message's framing.
 * RFC 9112 §6, §7.1 · Go: transfer.go body
 *
 * Rule of this file: it never reads past the end of its message, and it tells its watcher when it waits and
 * when it has ended, so that deadlines and 100-continue need no code here.
 */
import { IoError } from "../bufio/mod.ts";
import type { Reader } from "../bufio/mod.ts";
import { ChunkDecoder, WireError } from "../wire/mod.ts";
import type { FieldSection, Framing } from "../wire/mod.ts";
import type { BodySource } from "./body-source.ts";
import type { BodyWatcher, WireBodyOptions } from "./body-watcher.ts";

/** From here on a body is large: its octets are read into buffers that are given away. */
const LARGE_BODY_BYTES = 65_536;

/** Pieces are at most so large, so that one body does not hold the turn. */
const PIECE_BYTES = 262_144;

/** Chunks with less are gathered. */
const SMALL_PIECE_BYTES = 1024;

/** What becomes of a piece: it is the reader's for good, copied into this array, or dropped. */
type Use = "take" | "drop" | Uint8Array;

export class WireBodySource implements BodySource {
  readonly #reader: Reader;
  readonly #framing: Framing;
  #watcher: BodyWatcher | undefined;
  readonly #decoder: ChunkDecoder | undefined;
  /** Octets to come of a body with a length; octets that came of any other. */
  #count: number;
  #touched = false;
  #inTrailers = false;
  #done = false;
  #broken = false;
  #trailers: FieldSection | undefined;
  /** A fault that was found behind good octets, for the next pull. */
  #late: unknown;

  constructor(reader: Reader, framing: Framing, options: WireBodyOptions = {}) {
    this.#reader = reader;
    this.#framing = framing;
    this.#watcher = options.watcher;
    this.#count = framing.kind === "length" ? framing.length : 0;
    if (framing.kind === "chunked") this.#decoder = new ChunkDecoder(options);
  }

  /** Has the last octet of the message been used? */
  get done(): boolean {
    return this.#done;
  }

  /** The trailer fields, once the end of a chunked body has been used. */
  get trailers(): FieldSection | undefined {
    return this.#trailers;
  }

  /** Did the peer break the framing, or leave in the middle? Nothing after it can be trusted. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Octets of content that came. */
  get #received(): number {
    return this.#framing.kind === "length" ? this.#framing.length - this.#count : this.#count;
  }

  /** Octets still to come, where the framing tells. */
  get remaining(): number | undefined {
    if (this.#done) return 0;
    return this.#framing.kind === "length" ? this.#count : undefined;
  }

  pull(): Uint8Array | "need-more" | "end" {
    this.#touch();
    return this.#next("take", PIECE_BYTES);
  }

  readInto(into: Uint8Array): number | "need-more" | "end" {
    this.#touch();
    const copied = this.#next(into, into.length);
    return typeof copied === "string" ? copied : copied.length;
  }

  async wait(onHere?: () => void): Promise<void> {
    // Whoever copies what comes needs no buffers of its own for it.
    if (onHere === undefined) this.#preferBuffers();
    this.#watcher?.onBodyWait();
    try {
      await this.#reader.more(onHere);
    } finally {
      this.#watcher?.onBodyMoved();
    }
  }

  /** The watcher has moved on to other things; what is still pending here tells it nothing any more. */
  unwatch(): void {
    this.#watcher = undefined;
  }

  cancel(): void {
    // The rest is skipped, or the connection closed, by whoever owns the connection.
  }

  /** Uses up what is here without handing it out; answers the octets of body skipped, or the end. */
  skip(): number | "end" {
    let skipped = 0;
    for (;;) {
      const before = this.#reader.buffered;
      const piece = this.#next("drop", PIECE_BYTES);
      if (piece === "end") return "end";
      skipped += before - this.#reader.buffered;
      if (piece === "need-more") return skipped;
    }
  }

  #touch(): void {
    if (this.#touched) return;
    this.#touched = true;
    this.#watcher?.onBodyRead();
  }

  #next(what: Use, max: number): Uint8Array | "need-more" | "end" {
    if (this.#done) return "end";
    try {
      return this.#cutNext(what, max);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  #cutNext(what: Use, max: number): Uint8Array | "need-more" | "end" {
    switch (this.#framing.kind) {
      case "none":
        return this.#end(undefined);
      case "length":
        return this.#nextOfLength(what, max);
      case "chunked":
        return this.#nextOfChunks(what, max);
      case "until-close":
        return this.#nextUntilClose(what, max);
    }
  }

  #nextOfLength(what: Use, max: number): Uint8Array | "need-more" | "end" {
    if (this.#count === 0) return this.#end(undefined);
    const here = Math.min(this.#reader.buffered, this.#count, max);
    if (here === 0) return this.#missing();
    this.#count -= here;
    const piece = this.#cut(here, what);
    // Told with the last piece, not a read later: the connection may go on.
    if (this.#count === 0) this.#end(undefined);
    return piece;
  }

  #nextOfChunks(what: Use, max: number): Uint8Array | "need-more" | "end" {
    if (this.#late !== undefined) throw this.#late;
    const piece =
      typeof what === "string"
        ? this.#nextChunkData(what, this.#reader.to)
        : this.#copyChunkData(what, max);
    if (piece === "need-more") return this.#missing();
    if (what !== "take" || typeof piece === "string") return piece;
    return piece.length < SMALL_PIECE_BYTES && this.#reader.buffered > 0
      ? this.#gather(piece)
      : piece;
  }

  /** Small chunks that are here together are one piece: a peer that sends single octets would order an object for each. */
  #gather(first: Uint8Array): Uint8Array {
    const decoder = this.#decoder!;
    const reader = this.#reader;
    const gathered = new Uint8Array(first.length + reader.buffered);
    gathered.set(first);
    let length = first.length;
    try {
      while (reader.buffered > 0) {
        const step = decoder.step(reader.bytes, reader.from, reader.to);
        if (step === "data") {
          const { dataStart, dataEnd } = decoder;
          copyOctets(reader.bytes, dataStart, dataEnd, gathered, length);
          length += dataEnd - dataStart;
        }
        reader.consume(decoder.consumed);
        if (step === "end") this.#end(decoder.trailers);
        if (step !== "data") break;
      }
    } catch (error) {
      // What came before the fault is good.
      this.#late = error;
    }
    this.#count += length - first.length;
    return length * 2 >= gathered.length ? gathered.subarray(0, length) : gathered.slice(0, length);
  }

  /** Looks at `max` octets at a time, so that no more data than that can lie in them. */
  #copyChunkData(into: Uint8Array, max: number): Uint8Array | "need-more" | "end" {
    const reader = this.#reader;
    while (!this.#inTrailers) {
      const before = reader.buffered;
      const piece = this.#nextChunkData(into, Math.min(reader.to, reader.from + max));
      if (piece !== "need-more" || reader.buffered === 0) return piece;
      // Nothing was used: this is the trailer section, which is looked at whole.
      this.#inTrailers = reader.buffered === before;
    }
    return this.#nextChunkData(into, reader.to);
  }

  #nextChunkData(what: Use, to: number): Uint8Array | "need-more" | "end" {
    const decoder = this.#decoder!;
    const reader = this.#reader;
    const step = decoder.step(reader.bytes, reader.from, to);
    const consumed = decoder.consumed;
    if (step === "data") {
      const before = decoder.dataStart - reader.from;
      const length = decoder.dataEnd - decoder.dataStart;
      reader.consume(before);
      this.#count += length;
      const piece = this.#cut(length, what);
      reader.consume(consumed - before - length);
      return piece;
    }
    reader.consume(consumed);
    return step === "end" ? this.#end(decoder.trailers) : step;
  }

  #nextUntilClose(what: Use, max: number): Uint8Array | "need-more" | "end" {
    const here = Math.min(this.#reader.buffered, max);
    if (here > 0) {
      this.#count += here;
      return this.#cut(here, what);
    }
    if (this.#reader.error !== undefined) throw this.#reader.error;
    return this.#reader.ended ? this.#end(undefined) : "need-more";
  }

  #cut(length: number, what: Use): Uint8Array {
    const reader = this.#reader;
    if (what === "take") return reader.take(length);
    let piece: Uint8Array = DROPPED;
    if (what !== "drop") {
      what.set(reader.bytes.subarray(reader.from, reader.from + length));
      piece = what.subarray(0, length);
    }
    reader.consume(length);
    return piece;
  }

  #missing(): "need-more" {
    if (this.#reader.error !== undefined) throw this.#reader.error;
    if (this.#reader.ended) throw new WireError("truncated-body", { offset: this.#received });
    return "need-more";
  }

  #end(trailers: FieldSection | undefined): "end" {
    this.#done = true;
    this.#trailers = trailers;
    this.#reader.prefer("borrowed");
    this.#watcher?.onBodyEnd(trailers);
    return "end";
  }

  #preferBuffers(): void {
    if (this.#count > LARGE_BODY_BYTES) this.#reader.prefer("given");
  }
}

/** set() costs as much as copying ten octets does. */
function copyOctets(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): void {
  if (end - start > 8) into.set(from.subarray(start, end), at);
  else for (let i = start; i < end; i++) into[at + i - start] = from[i]!;
}

const DROPPED = new Uint8Array(0);

/** Is this the peer's going away, as opposed to its breaking the rules? */
export function isDisconnect(error: unknown): boolean {
  return (
    error instanceof IoError || (error instanceof WireError && error.code === "truncated-body")
  );
}

// Long because every way of reading shares one state; each is short.
/**
 * Body: the content of a message, pulled piece by piece by whoever reads it.
 * RFC 9110 §6.4 · Go: Request.Body, Response.Body
 *
 * Rule of this file: it turns one kind of source into every way of reading; where octets come from and where
 * they end is the source's affair. A piece that was handed out belongs to whoever received it.
 */
import { Header, isForbiddenTrailer, lowerAscii } from "../wire/mod.ts";
import type { FieldSection } from "../wire/mod.ts";
import { BodyPieces } from "./body-pieces.ts";
import type { BodyOptions, BodySource } from "./body-source.ts";
import { Collector, join } from "./collector.ts";
import { MessageError } from "./errors.ts";

export interface MaxOption {
  /** How many bytes to hold at the most; more rejects with "body-too-large" (413). Default 1 MiB. */
  readonly max?: number | undefined;
}

/** 1 MiB: a body that is wanted in one piece and larger than that is rarely meant. */
export const DEFAULT_MAX_BODY_BYTES = 1_048_576;

/** The content of a message. One reader at a time; what is read is gone. */
export class Body implements AsyncIterable<Uint8Array> {
  readonly #source: BodySource;
  readonly #length: number | undefined;
  readonly #maxBytes: number;
  #state: "open" | "ended" | "cancelled";
  #failure: unknown;
  #busy = false;
  /** What `read` did not have room for, or what was put back. */
  #rest: Uint8Array | undefined;
  #trailer: Header | undefined;
  #onDone: (() => void) | undefined;

  constructor(source: BodySource, options: BodyOptions = {}) {
    this.#source = source;
    this.#length = options.length;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BODY_BYTES;
    // A body that is known to be empty has no state: noBody is shared by all messages.
    this.#state = options.length === 0 ? "ended" : "open";
  }

  /** How many bytes there are in all; undefined when only the end will tell. */
  get length(): number | undefined {
    return this.#length;
  }

  /** Has everything been read? */
  get ended(): boolean {
    return this.#state === "ended" && this.#rest === undefined;
  }

  /**
   * The fields after the body; filled when the end has been read. Those that may not come there (framing,
   * routing, credentials, and the like) are left out. RFC 9110 §6.5
   */
  get trailer(): Header {
    // A body known to be empty is shared by all messages and can have no fields of its own.
    if (this.#length === 0) return new Header();
    return (this.#trailer ??= new Header());
  }

  /** The next piece; undefined at the end. Rejects as the source does, and then always. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = this.poll();
      if (piece !== "need-more") return piece;
      await this.ready();
    }
  }

  /** @internal The next piece if it is here already: for senders, who flush before they wait. */
  poll(): Uint8Array | "need-more" | undefined {
    const rest = this.#rest;
    if (rest === undefined) return this.#pull();
    this.#rest = undefined;
    return rest;
  }

  /** @internal Resolves when `poll` is worth another try. */
  ready(): Promise<void> {
    return this.#wait();
  }

  /** @internal Puts a piece back, to be the next one again. */
  unread(piece: Uint8Array): void {
    if (piece.length === 0) return;
    const rest = this.#rest;
    this.#rest = rest === undefined ? piece : join([piece, rest], piece.length + rest.length);
  }

  /**
   * Fills `into` from its start; answers how many bytes were put there, undefined at the end. The cheapest way
   * to read a large body: no array is made for what comes. Go: Body.Read
   */
  async read(into: Uint8Array): Promise<number | undefined> {
    let count = this.#copyTo(into);
    while (count === "need-more") {
      await this.#wait(() => {
        count = this.#copyTo(into);
      });
      if (count === "need-more") count = this.#copyTo(into);
    }
    return count;
  }

  /**
   * The whole rest in one array; "body-used" when its end has been read before. Rejects with "body-too-large" (413)
   * beyond `max`, and then cancels the body: whoever sees the error rarely has it at hand. Go: io.ReadAll
   */
  async bytes(options: MaxOption = {}): Promise<Uint8Array> {
    const max = options.max ?? this.#maxBytes;
    // An empty array would hide that somebody else has had it, and make bad JSON of it. As fetch, not as Go.
    const isSpent = this.ended && this.#length !== 0;
    if (isSpent || this.#state === "cancelled") throw new MessageError("body-used");
    if (this.#length !== undefined && this.#length > max && this.#state === "open")
      throw this.#tooLarge(max);
    // One piece is handed on as it is; what is here already is taken without a wait.
    let first: Uint8Array | undefined;
    let collector: Collector | undefined;
    let total = 0;
    for (let piece = this.poll(); piece !== undefined; piece = this.poll()) {
      if (piece === "need-more") {
        await this.ready();
        continue;
      }
      total += piece.length;
      if (total > max) throw this.#tooLarge(max);
      if (first === undefined) {
        first = piece;
        continue;
      }
      if (collector === undefined) {
        collector = new Collector();
        collector.append(first);
      }
      collector.append(piece);
    }
    return collector?.take() ?? first ?? new Uint8Array(0);
  }

  /** The whole rest as UTF-8 text; broken sequences become U+FFFD. */
  async text(options: MaxOption = {}): Promise<string> {
    return UTF_8.decode(await this.bytes(options));
  }

  /** The whole rest as JSON. Rejects with "bad-json" (400). */
  async json(options: MaxOption = {}): Promise<unknown> {
    const text = await this.text(options);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new MessageError("bad-json", { cause });
    }
  }

  /** The rest as a WHATWG stream of Uint8Array; it pulls only when its reader does. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const piece = await this.next();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
        cancel: (reason) => this.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /** Says that nobody will read the rest; reading it after this rejects with "body-used". Go: Body.Close */
  cancel(reason?: unknown): void {
    this.#rest = undefined;
    if (this.#state !== "open") return;
    this.#state = "cancelled";
    if (this.#failure === undefined) this.#source.cancel(reason);
    this.#done();
  }

  #tooLarge(max: number): MessageError {
    this.cancel();
    return new MessageError("body-too-large", { evidence: `${max} bytes` });
  }

  /** The pieces as they come. Leaving the loop early cancels the rest. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return new BodyPieces(this);
  }

  /** @internal Ends the body with an error: its connection or its handler is gone. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#failure ??= error;
    this.#done();
  }

  /**
   * @internal Calls `fn` once, when nothing more comes from the source: at its end (which a reader has to
   * reach), at a failure or a cancel; at once when that is past. Several may ask; none may throw.
   */
  onDone(fn: () => void): void {
    if (this.#state !== "open" || this.#failure !== undefined) {
      fn();
      return;
    }
    const before = this.#onDone;
    this.#onDone = before === undefined ? fn : () => (before(), fn());
  }

  /** Copies what is here, as much of it as there is room for. */
  #copyTo(into: Uint8Array): number | "need-more" | undefined {
    const first = this.#copyPiece(into, 0);
    if (first === undefined || first === "need-more") return first;
    let total = first;
    // What stops this is told to the next read: what was copied is good.
    try {
      while (total < into.length) {
        const count = this.#copyPiece(into, total);
        if (count === undefined || count === "need-more") break;
        total += count;
      }
    } catch (error) {
      this.#failure ??= error;
    }
    return total;
  }

  #copyPiece(into: Uint8Array, at: number): number | "need-more" | undefined {
    const room = into.length - at;
    if (this.#rest === undefined && this.#source.readInto !== undefined && room > 0) {
      return this.#step((source) => source.readInto!(at === 0 ? into : into.subarray(at)));
    }
    const piece = this.poll();
    if (piece === undefined || piece === "need-more") return piece;
    const count = Math.min(room, piece.length);
    into.set(count === piece.length ? piece : piece.subarray(0, count), at);
    if (count < piece.length) this.#rest = piece.subarray(count);
    return count;
  }

  #done(): void {
    const fn = this.#onDone;
    this.#onDone = undefined;
    fn?.();
  }

  #pull(): Uint8Array | "need-more" | undefined {
    return this.#step(pullFrom);
  }

  /** Asks the source for more, in one way or another. */
  #step<T>(ask: (source: BodySource) => T | "end"): T | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#busy) throw new MessageError("body-busy");
    if (this.#state === "ended") return undefined;
    if (this.#state === "cancelled") throw new MessageError("body-used");
    try {
      const piece = ask(this.#source);
      if (piece !== "end") return piece;
    } catch (error) {
      this.#failure = error;
      this.#done();
      throw error;
    }
    this.#state = "ended";
    this.#takeTrailers(this.#source.trailers);
    this.#done();
    return undefined;
  }

  #takeTrailers(fields: FieldSection | undefined): void {
    // Whoever watches the source may have filled them in already.
    if (fields === undefined || this.trailer.count > 0) return;
    for (const [name, value] of Header.from(fields)) {
      if (!isForbiddenTrailer(lowerAscii(name))) this.trailer.add(name, value);
    }
  }

  async #wait(onHere?: () => void): Promise<void> {
    this.#busy = true;
    try {
      await this.#source.wait(onHere === undefined ? undefined : () => this.#here(onHere));
    } catch (error) {
      // What the body was ended with from outside goes before what that did to its source.
      this.#failure ??= error;
      this.#done();
      throw this.#failure;
    } finally {
      this.#busy = false;
    }
  }

  /** In the turn of the arrival; what goes wrong here is kept, and thrown to whoever waits. */
  #here(onHere: () => void): void {
    this.#busy = false;
    try {
      onHere();
    } catch (error) {
      this.#failure ??= error;
    }
    this.#busy = true;
  }
}

function pullFrom(source: BodySource): Uint8Array | "need-more" | "end" {
  return source.pull();
}

const UTF_8 = new TextDecoder();

/** No body at all: for requests that must not have one, and for messages without content. Go: http.NoBody */
export const noBody: Body = new Body(
  {
    pull: () => "end",
    wait: () => Promise.resolve(),
    cancel: () => undefined,
  },
  { length: 0 },
);

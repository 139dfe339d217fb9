/**
 * From whatever a program calls a body to a Body that can be sent.
 * RFC 9110 §6.4 · Go: http.NewRequest's switch over the body's type
 *
 * Rule of this file: values are told apart by what they can do, never by whose class they are, so that those of
 * another realm or platform work too. Only what is in memory has a length and can be got again by itself.
 */
import { Body, noBody } from "./body.ts";
import type { BodySource } from "./body-source.ts";
import { MessageError } from "./errors.ts";
import { type BlobLike, type StreamLike, formOfEntries, isBlob } from "./outgoing-form.ts";

export type { BlobLike, StreamLike } from "./outgoing-form.ts";

/** Bytes in memory, text (sent as UTF-8), or a view of a buffer. */
export type BytesLike = string | Uint8Array | ArrayBuffer | ArrayBufferView;

/**
 * What can be given as a body. In memory (length known, can be sent again): text, bytes, URLSearchParams,
 * FormData, Blob. Once only: streams, iterables of bytes or text, a Body. A function is called for the body,
 * each time it is needed.
 */
export type BodyLike =
  | BytesLike
  | URLSearchParams
  | BlobLike
  | StreamLike
  | AsyncIterable<unknown>
  | Iterable<unknown>
  | Body
  | (() => BodyLike)
  | undefined;

/** A body ready to be sent. */
export interface OutgoingBody {
  readonly body: Body;
  /** How many bytes; undefined when only the end will tell. */
  readonly length: number | undefined;
  /** Gives the body again, from its start; undefined when it comes only once. */
  readonly getBody: (() => Body) | undefined;
  /** What the value itself says it is: forms and Blobs do. */
  readonly contentType: string | undefined;
}

/**
 * Makes a Body of a value. Bytes are not copied: leave them alone until the message has been sent. An empty
 * stream is still a body, undefined and noBody are none. A FormData is taken as it is now: what is added to it
 * later is not sent.
 *
 * Throws "unsupported-body"; a piece that is neither bytes nor text makes the reading of the body reject with
 * it, and a Blob that has changed its size makes the sending fail.
 */
export function bodyFrom(value: BodyLike): OutgoingBody {
  if (value === undefined || value === noBody) return ofBody(noBody);
  if (typeof value === "function") return again(value);
  const bytes = bytesOf(value);
  if (bytes !== undefined) return ofBytes(bytes, undefined);
  if (value instanceof Body) return ofBody(value);
  if (typeof value !== "object" || value === null) throw unsupported(value);
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (tag === "URLSearchParams") {
    return ofBytes(UTF_8.encode((value as URLSearchParams).toString()), FORM_TYPE);
  }
  if (tag === "FormData") return ofForm(value as Iterable<readonly [string, unknown]>);
  if (isBlob(value)) return ofBlob(value);
  return { body: ofStream(value), length: undefined, getBody: undefined, contentType: undefined };
}

const UTF_8 = new TextEncoder();

const FORM_TYPE = "application/x-www-form-urlencoded";

function ofBody(body: Body): OutgoingBody {
  return { body, length: body.length, getBody: undefined, contentType: undefined };
}

function again(make: () => BodyLike): OutgoingBody {
  const first = bodyFrom(make());
  return { ...first, getBody: () => bodyFrom(make()).body };
}

function ofBytes(bytes: Uint8Array, contentType: string | undefined): OutgoingBody {
  const { length } = bytes;
  const getBody = (): Body =>
    length === 0 ? noBody : new Body(new BytesSource(bytes), { length, maxBytes: length });
  return { body: getBody(), length, getBody, contentType };
}

function ofBlob(blob: BlobLike): OutgoingBody {
  const length = blob.size;
  const getBody = (): Body =>
    length === 0 ? noBody : new Body(sourceOf(blob.stream()), { length, maxBytes: length });
  const contentType = blob.type === "" ? undefined : blob.type;
  return { body: getBody(), length, getBody, contentType };
}

function ofForm(entries: Iterable<readonly [string, unknown]>): OutgoingBody {
  const form = formOfEntries(entries);
  if (form === undefined) throw unsupported(entries);
  const { length, contentType, pieces } = form;
  const getBody = (): Body =>
    new Body(new IteratorSource(piecesOf(pieces)), { length, maxBytes: length });
  return { body: getBody(), length, getBody, contentType };
}

async function* piecesOf(
  pieces: Iterable<Uint8Array | BlobLike>,
): AsyncGenerator<Uint8Array, void, void> {
  for (const piece of pieces) {
    if (isBlob(piece)) yield* new Body(sourceOf(piece.stream()));
    else yield piece;
  }
}

function ofStream(value: object): Body {
  return new Body(sourceOf(value));
}

function sourceOf(value: object): BodySource {
  if (Symbol.asyncIterator in value) {
    return new IteratorSource((value as AsyncIterable<unknown>)[Symbol.asyncIterator]());
  }
  if (Symbol.iterator in value) {
    return new IteratorSource((value as Iterable<unknown>)[Symbol.iterator]());
  }
  if (!("getReader" in value)) throw unsupported(value);
  return new IteratorSource(iteratorOf((value as StreamLike).getReader()));
}

/** Text and bytes of every kind as bytes; undefined for anything else. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return UTF_8.encode(value);
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  const isBuffer = Object.prototype.toString.call(value) === "[object ArrayBuffer]";
  return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined;
}

/** Bytes that are all here. */
class BytesSource implements BodySource {
  #bytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  pull(): Uint8Array | "end" {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    return bytes ?? "end";
  }

  wait(): Promise<void> {
    return Promise.resolve();
  }

  cancel(): void {
    this.#bytes = undefined;
  }
}

type Pieces = Pick<AsyncIterator<unknown>, "next" | "return"> | Iterator<unknown>;

/** Pieces that somebody else makes, asked for one at a time and only when the last one is gone. */
class IteratorSource implements BodySource {
  readonly #pieces: Pieces;
  #piece: Uint8Array | undefined;
  #done = false;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  pull(): Uint8Array | "need-more" | "end" {
    const piece = this.#piece;
    if (piece === undefined) return this.#done ? "end" : "need-more";
    this.#piece = undefined;
    return piece;
  }

  async wait(): Promise<void> {
    const step = await this.#pieces.next();
    if (step.done === true) {
      this.#done = true;
      return;
    }
    const bytes = bytesOf(step.value);
    if (bytes === undefined) {
      this.cancel();
      throw unsupported(step.value);
    }
    // An empty piece says nothing: in the chunked coding it would be the end.
    if (bytes.length > 0) this.#piece = bytes;
  }

  cancel(): void {
    this.#piece = undefined;
    this.#done = true;
    void this.#giveUp();
  }

  /** Nobody waits for what the maker of the pieces does when told to stop, nor hears how it failed. */
  async #giveUp(): Promise<void> {
    try {
      await this.#pieces.return?.();
    } catch {
      // The message is given up already, with a reason of its own.
    }
  }
}

/** A stream's reader as an iterator: not every platform can iterate streams. */
function iteratorOf(reader: ReturnType<StreamLike["getReader"]>): Pieces {
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done: true, value: undefined } : { done: false, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

function unsupported(value: unknown): MessageError {
  const kind = value === null ? "null" : typeof value;
  const name = kind === "object" ? Object.prototype.toString.call(value) : kind;
  return new MessageError("unsupported-body", { evidence: name });
}

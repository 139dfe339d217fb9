/**
 * Content codings undone: the contract of a platform's decoders, which codings to ask for and to undo, and the
 * Body that pulls through a decoder.
 * RFC 9110 §8.4, §12.5.3 · Go: transport.go gzipReader, requestedGzip
 *
 * Rule of this file: it moves octets and counts them; what they mean is the decoder's affair. Nothing is read
 * of the coded body before somebody wants decoded octets, and one decoded piece is held at the most.
 */
import { Body, MessageError } from "../../message/mod.ts";
import type { BodySource } from "../../message/mod.ts";
import { equalsIgnoringCase, lowerAscii, splitList } from "../../wire/mod.ts";
import { type DecodeCode, DecodeError, type DecodeFacts } from "./decode-errors.ts";
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from "./decode-limits.ts";

/** The content codings that a platform can undo. */
export interface ContentDecoders {
  /** As in Content-Encoding and in lower case, the best liked first: "gzip", "br", "deflate", "zstd". */
  readonly codings: readonly string[];
  /** A decoder for one body; `coding` is one of `codings`. */
  open(coding: string): ContentDecoder;
}

/** What a decoder says when it has no piece to give. */
export type DecoderStatus =
  /** All that was pushed is used: push more, or say that this was the end. */
  | "need-more"
  /** The data are complete. Said after `end()`, or before it when nothing may follow. */
  | "end"
  /** `end()` was called in the middle of the data. */
  | "truncated"
  /** The data are complete, but something else follows them. */
  | "junk";

/** One body being decoded. Calls come one after the other, but for `destroy`. */
export interface ContentDecoder {
  /** Takes octets, which are its own from now on: at the start, and whenever it has said "need-more". */
  push(octets: Uint8Array): void;
  /** There are no more octets. Said once, after "need-more". */
  end(): void;
  /**
   * The next decoded piece: never empty, 64 KiB at the most, the caller's for good. It decodes no further than
   * to that piece, or its bounded buffers. Rejects when the octets are no data of its coding.
   */
  next(): Promise<Uint8Array | DecoderStatus>;
  /** Nobody wants the rest: frees what it holds. May come at any time; a `next` that waits settles. */
  destroy(): void;
}

/** The value of the Accept-Encoding field that asks for these codings, preferred first; "" for none. */
export function acceptEncoding(asked: readonly string[]): string {
  return asked.join(", ");
}

/**
 * Which codings to undo of a response with these Content-Encoding values, in the order of undoing; undefined to
 * leave its content as it is. `asked` are those that were asked for by the transport itself, in lower case: what
 * callers ask for in a field of their own is theirs to undo.
 *
 * Where one coding was asked for, it must be the whole value, as Go has it. Where several were, a list of up to
 * `maxCodings` is undone if all of it was asked for, and "x-gzip" is gzip. RFC 9110 §8.4.1.3
 */
export function decodableCodings(
  values: readonly string[],
  asked: readonly string[],
  maxCodings: number = DEFAULT_DECODE_LIMITS.maxContentCodings,
): readonly string[] | undefined {
  const [only] = asked;
  if (only === undefined) return undefined;
  const value = values.join(", ");
  if (asked.length === 1) return equalsIgnoringCase(value, only) ? asked : undefined;
  const applied = splitList(value).map((coding) => withoutAlias(lowerAscii(coding)));
  if (applied.length === 0 || applied.length > maxCodings) return undefined;
  return applied.every((coding) => asked.includes(coding)) ? applied.reverse() : undefined;
}

function withoutAlias(coding: string): string {
  return coding === "x-gzip" ? "gzip" : coding;
}

export interface DecodeOptions {
  readonly limits?: Partial<DecodeLimits> | undefined;
  /** What `bytes`, `text` and `json` of the decoded body hold. Default 1 MiB. */
  readonly maxBytes?: number | undefined;
}

/**
 * The body with its codings undone; `codings` in the order of undoing, which is the reverse of
 * Content-Encoding. Its length is unknown; an empty body stays empty; fields after the coded body are in its
 * `trailer` at the end. Cancelling it cancels `body`, and a failure of either ends both.
 *
 * Reading rejects with a DecodeError, or as `body` does. Throws "unknown-content-coding".
 */
export function decodedBody(
  body: Body,
  codings: readonly string[],
  decoders: ContentDecoders,
  options: DecodeOptions = {},
): Body {
  const limits = { ...DEFAULT_DECODE_LIMITS, ...options.limits };
  const wire: Meter = { octets: 0 };
  return codings.reduce((inner, coding, stage) => {
    if (!decoders.codings.includes(coding)) throw new DecodeError("unknown-content-coding", coding);
    const source = new DecodingSource({
      inner,
      coding,
      open: () => decoders.open(coding),
      limits,
      wire,
      place: stage === 0 ? "on-the-wire" : "behind-another",
    });
    const outer = new Body(source, { maxBytes: options.maxBytes });
    source.onEnd = () => {
      for (const [name, value] of inner.trailer) outer.trailer.add(name, value);
    };
    return outer;
  }, body);
}

/** What came on the wire. One for all stages, so that three ratios of 100 do not make a million. */
interface Meter {
  octets: number;
}

interface DecodingParts {
  readonly inner: Body;
  readonly coding: string;
  readonly open: () => ContentDecoder;
  readonly limits: DecodeLimits;
  readonly wire: Meter;
  /** Only the first decoder of a chain sees what came on the wire, and counts it. */
  readonly place: "on-the-wire" | "behind-another";
}

class DecodingSource implements BodySource {
  readonly #parts: DecodingParts;
  /** Told when the last decoded octet has been handed out. */
  onEnd: () => void = () => undefined;
  #decoder: ContentDecoder | undefined;
  #piece: Uint8Array | undefined;
  /** Octets that came out. */
  #made = 0;
  /** Has the coded body ended? */
  #drained = false;
  #state: "open" | "ended" | "closed" = "open";

  constructor(parts: DecodingParts) {
    this.#parts = parts;
  }

  pull(): Uint8Array | "need-more" | "end" {
    const piece = this.#piece;
    this.#piece = undefined;
    if (piece !== undefined) return piece;
    if (this.#state !== "ended") return "need-more";
    this.onEnd();
    return "end";
  }

  async wait(): Promise<void> {
    try {
      this.#piece = await this.#next();
    } catch (error) {
      this.#close(error);
      throw error;
    }
    if (this.#piece !== undefined) return;
    this.#state = "ended";
    this.#decoder?.destroy();
  }

  cancel(reason?: unknown): void {
    this.#close(reason);
  }

  #close(reason: unknown): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#piece = undefined;
    this.#decoder?.destroy();
    this.#parts.inner.cancel(reason);
  }

  /** The next decoded piece; undefined at the end. */
  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const step = this.#decoder === undefined ? "need-more" : await this.#step(this.#decoder);
      this.#mustBeOpen();
      if (typeof step !== "string") return this.#counted(step);
      if (step === "truncated") throw this.#error("truncated-content-coding");
      if (step === "junk") throw this.#error("junk-after-content-coding");
      // After its end the decoder may not ask for more: it would be given the same nothing for ever.
      if (step === "need-more" && this.#drained) throw this.#error("truncated-content-coding");
      const octets = await this.#coded();
      if (step === "end") {
        if (octets === undefined) return undefined;
        throw this.#error("junk-after-content-coding");
      }
      if (octets !== undefined) (this.#decoder ??= this.#parts.open()).push(octets);
      else if (this.#decoder === undefined) return undefined;
      else this.#decoder.end();
    }
  }

  async #step(decoder: ContentDecoder): Promise<Uint8Array | DecoderStatus> {
    try {
      return await decoder.next();
    } catch (cause) {
      // Destroyed under way: then it was not the octets' fault.
      this.#mustBeOpen();
      throw this.#error("corrupt-content-coding", { cause });
    }
  }

  /** The next coded octets; undefined when all have come. */
  async #coded(): Promise<Uint8Array | undefined> {
    if (this.#drained) return undefined;
    const { inner, place, wire } = this.#parts;
    const octets = await inner.next();
    this.#mustBeOpen();
    if (octets === undefined) this.#drained = true;
    else if (place === "on-the-wire") wire.octets += octets.length;
    return octets;
  }

  #counted(piece: Uint8Array): Uint8Array {
    const { limits, wire } = this.#parts;
    this.#made += piece.length;
    const allowed = Math.max(limits.decodedRatioFloorBytes, wire.octets * limits.maxDecodedRatio);
    if (this.#made > limits.maxDecodedBytes) throw this.#tooMuch("decoded-body-too-large");
    if (this.#made > allowed) throw this.#tooMuch("decoded-ratio-too-high");
    return piece;
  }

  #tooMuch(code: DecodeCode): DecodeError {
    const evidence = `${this.#made} octets out of ${this.#parts.wire.octets}`;
    return this.#error(code, { evidence });
  }

  #mustBeOpen(): void {
    if (this.#state === "closed") throw new MessageError("body-used");
  }

  #error(code: DecodeCode, facts: DecodeFacts = {}): DecodeError {
    return new DecodeError(code, this.#parts.coding, facts);
  }
}

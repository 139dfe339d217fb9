/**
 * The body on its way out: counted, chunked, or sent as it is.
 * RFC 9112 §6, §7.1 · Go: transfer.go writeBody, http.chunkWriter
 *
 * Rule of this file: BodyWriter is synchronous and puts octets into a sink; when to flush and when to wait for
 * the peer is asked of the Writer by whoever writes. `writeBody` is the loop that does so for a Body.
 */
import type { Writer } from "../bufio/mod.ts";
import { CHUNK_SUFFIX, LAST_CHUNK, chunkPrefix, formatTrailers } from "../wire/mod.ts";
import type { Framing, Header } from "../wire/mod.ts";
import type { Body } from "./body.ts";
import { MessageError } from "./errors.ts";

/** What octets go into: a Writer, or whatever collects them. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
  /** Text of one octet per char. */
  writeLatin1(text: string): void;
}

/** Writes one body by its framing. Nothing leaves before the sink is flushed. */
export class BodyWriter {
  /** Octets of content written so far, without their framing. */
  written = 0;
  readonly framing: Framing;
  readonly #sink: ByteSink;
  #ended = false;

  constructor(sink: ByteSink, framing: Framing) {
    this.#sink = sink;
    this.framing = framing;
  }

  /**
   * Adds a piece. A large one (over 16 KiB) is not copied by a Writer: leave it alone until that has
   * drained.
   *
   * Throws "content-length-mismatch" when it would go beyond the length (nothing of the piece is written),
   * "body-not-allowed" when there is no body, "body-ended" after `end`.
   */
  write(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#count(piece.length);
    if (this.framing.kind !== "chunked") {
      this.#sink.write(piece);
      return;
    }
    this.#sink.writeLatin1(chunkPrefix(piece.length));
    this.#sink.write(piece);
    this.#sink.writeLatin1(CHUNK_SUFFIX);
  }

  /** Adds text as UTF-8, lone surrogates as U+FFFD. Throws as `write` does. */
  writeText(text: string): void {
    if (!isAscii(text)) {
      this.write(UTF_8.encode(text));
      return;
    }
    if (text.length === 0) return;
    this.#count(text.length);
    const chunked = this.framing.kind === "chunked";
    this.#sink.writeLatin1(chunked ? `${chunkPrefix(text.length)}${text}${CHUNK_SUFFIX}` : text);
  }

  /**
   * Ends the body; for chunked ones with the trailer fields, which no other framing can carry.
   *
   * Throws "content-length-mismatch" when something is missing, and what `formatTrailers` throws, before
   * anything is written.
   */
  end(trailer?: Header): void {
    if (this.#ended) throw new MessageError("body-ended");
    const { framing } = this;
    if (framing.kind === "length" && this.written < framing.length) {
      throw mismatch(this.written, framing.length);
    }
    if (framing.kind === "chunked") {
      this.#sink.writeLatin1(
        trailer === undefined ? LAST_CHUNK + CHUNK_SUFFIX : LAST_CHUNK + formatTrailers(trailer),
      );
    }
    this.#ended = true;
  }

  #count(length: number): void {
    if (this.#ended) throw new MessageError("body-ended");
    const { framing } = this;
    if (framing.kind === "none") throw new MessageError("body-not-allowed");
    const written = this.written + length;
    if (framing.kind === "length" && written > framing.length) {
      throw mismatch(written, framing.length);
    }
    this.written = written;
  }
}

/**
 * Sends a whole body and flushes: what waits in the writer leaves before each wait, so that a slow body does
 * not hold back the head. When sending fails, the body is cancelled.
 *
 * Rejects as the body or BodyWriter does, or with the connection's IoError. Part of the message may be out
 * then: the connection must be closed.
 */
export async function writeBody(
  writer: Writer,
  body: Body,
  framing: Framing,
  trailer?: Header,
): Promise<void> {
  const out = new BodyWriter(writer, framing);
  try {
    for (let piece = body.poll(); piece !== undefined; piece = body.poll()) {
      if (piece === "need-more") {
        writer.flush();
        await body.ready();
      } else {
        writePiece(out, piece);
        if (writer.queuedBytes > 0) await writer.drained();
      }
      if (writer.error !== undefined) throw writer.error;
    }
    out.end(trailer);
  } catch (error) {
    body.cancel(error);
    throw error;
  } finally {
    writer.flush();
  }
}

/** As Go does, what fits a declared length is sent before the surplus is complained of. */
function writePiece(out: BodyWriter, piece: Uint8Array): void {
  const { framing } = out;
  const room = framing.kind === "length" ? framing.length - out.written : piece.length;
  if (piece.length > room) out.write(piece.subarray(0, room));
  out.write(piece);
}

const UTF_8 = new TextEncoder();

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

/** Go: "http: ContentLength=4 with Body length 8" */
function mismatch(actual: number, declared: number): MessageError {
  const evidence = `${actual} bytes instead of ${declared}`;
  return new MessageError("content-length-mismatch", { evidence });
}

/**
 * The parts of a multipart body, one after the other, as they arrive.
 * RFC 7578, RFC 2046 §5.1 · Go: multipart.Reader, multipart.Part
 *
 * Rule of this file: it drives the parser of the semantics room over a Body and keeps nothing. What a form
 * makes of the parts is in form.ts.
 */
import {
  type ContentDisposition,
  type MultipartOptions,
  MultipartParser,
  SemanticsError,
  parseContentDisposition,
} from "../semantics/mod.ts";
import type { Header } from "../wire/mod.ts";
import { Body } from "./body.ts";
import { MessageError } from "./errors.ts";

/** One part: its header, and its content as long as no later part is asked for. */
export class MultipartPart {
  /** The fields of the part, in their order. */
  readonly header: Header;
  /** The name of the form's field; empty when the part does not say. Go: Part.FormName */
  readonly name: string;
  /**
   * The name of the file without any folders; undefined when the part is none. The sender chose it: it is
   * for show, not a path to write to. Go: Part.FileName
   */
  readonly filename: string | undefined;
  /** The Content-Type field as it came. */
  readonly contentType: string | undefined;
  /** The content. `bytes`, `text` and `json` stop at 1 MiB unless told otherwise. */
  readonly body: Body;

  constructor(header: Header, body: Body) {
    const disposition = dispositionOf(header);
    this.header = header;
    this.name = disposition?.name ?? "";
    this.filename = disposition?.filename;
    this.contentType = header.get("content-type");
    this.body = body;
  }
}

/**
 * Reads a multipart body part by part. Of each part read what you want; the rest of it is passed over when
 * the next one is asked for.
 */
export class MultipartReader implements AsyncIterable<MultipartPart> {
  readonly #body: Body;
  readonly #parser: MultipartParser;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** The header of a part that has begun and was not handed out. */
  #begun: Header | undefined;
  #part: MultipartPart | undefined;
  #failure: unknown;

  /** @throws {SemanticsError} `bad-boundary` */
  constructor(body: Body, boundary: string, limits: MultipartOptions = {}) {
    this.#body = body;
    this.#parser = new MultipartParser(boundary, limits);
  }

  /**
   * The next part; undefined after the last one. Rejects as the body does, with the parser's errors, with
   * `truncated-multipart`, and with `bad-content-disposition`. One call at a time. Go: Reader.NextPart
   */
  async next(): Promise<MultipartPart | undefined> {
    // A part that was not read to its end cannot be read any more: it must not look like one that was.
    this.#part?.body.fail(new MessageError("body-used"));
    this.#part = undefined;
    let header = this.#begun;
    this.#begun = undefined;
    while (header === undefined) {
      const step = this.#step();
      if (step === "end") return undefined;
      if (step === "need-more") await this.#body.ready();
      if (step === "part") header = this.#parser.header;
    }
    const body = new Body({
      pull: () => this.#pull(),
      wait: () => this.#body.ready(),
      cancel: () => undefined,
    });
    return (this.#part = new MultipartPart(header, body));
  }

  /** The parts in their order. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<MultipartPart> {
    for (let part = await this.next(); part !== undefined; part = await this.next()) yield part;
  }

  /** The next piece of the part in hand. */
  #pull(): Uint8Array | "need-more" | "end" {
    if (this.#begun !== undefined) return "end";
    const step = this.#step();
    if (step === "part") this.#begun = this.#parser.header;
    if (step === "part" || step === "end") return "end";
    if (step === "need-more") return "need-more";
    const { data } = this.#parser;
    // What it held back from earlier pieces lies in its own array.
    return data.buffer === this.#chunk.buffer ? data : data.slice();
  }

  #step(): "need-more" | "part" | "data" | "end" {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#tryStep();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #tryStep(): "need-more" | "part" | "data" | "end" {
    for (;;) {
      if (this.#parser.ended) return "end";
      if (this.#at === this.#chunk.length) {
        const chunk = this.#body.poll();
        if (chunk === "need-more") return "need-more";
        if (chunk === undefined) throw new SemanticsError("truncated-multipart");
        this.#chunk = chunk;
        this.#at = 0;
      }
      const step = this.#parser.step(this.#chunk, this.#at);
      this.#at += this.#parser.consumed;
      if (step !== "need-more") return step;
    }
  }
}

function dispositionOf(header: Header): ContentDisposition | undefined {
  const value = header.get("content-disposition");
  return value === undefined ? undefined : parseContentDisposition(value);
}

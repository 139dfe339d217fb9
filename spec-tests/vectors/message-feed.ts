/**
 * Octets in pieces through the wire room, message after message: head scan, target, framing, body, next.
 * RFC 9112 §2 to §7
 *
 * Rule of this file: it calls the functions a server or a client would call, in their order, and tells what
 * came of it. It judges nothing itself. What was used is overwritten, so that nothing can be kept by mistake.
 */
import {
  ChunkDecoder,
  FieldKind,
  HeadScan,
  WireError,
  checkTarget,
  keepsAlive,
  parseTrailerNames,
  requestFraming,
  responseFraming,
  scanRequestHead,
  scanResponseHead,
  upgradeTokens,
} from "../../lib/wire/mod.ts";
import type { FieldSection, Framing, RequestHead, ResponseHead } from "../../lib/wire/mod.ts";
import type { Json, OctetsInput, Outcome } from "./case.ts";
import { latin1Of } from "./cuts.ts";

/** Feeds the pieces and answers the outcome: error and status, messages, completeness, leftover. */
export function feedMessages(input: OctetsInput, pieces: readonly Uint8Array[]): Outcome {
  const feed = new MessageFeed(input);
  try {
    for (const piece of pieces) feed.push(piece);
    feed.finish();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { ...feed.outcome(), failed: true, error: error.code, status: error.status };
  }
  return { ...feed.outcome(), failed: false };
}

const USED = 0xaa;

/** A message as far as it came. */
interface Message {
  readonly start: { readonly [name: string]: Json };
  readonly headers: readonly (readonly [string, string])[];
  body: string;
  trailers: readonly (readonly [string, string])[];
}

class MessageFeed {
  readonly #input: OctetsInput;
  readonly #messages: Message[] = [];
  #unread: Uint8Array = new Uint8Array(0);
  #scan: HeadScan;
  #state: "head" | "body" | "stopped" = "head";
  #framing: Framing = { kind: "none" };
  #decoder: ChunkDecoder = new ChunkDecoder();
  #remaining = 0;
  /** What to do when the message that is being read is over. */
  #then: "next" | "stop" = "next";

  constructor(input: OctetsInput) {
    this.#input = input;
    this.#scan = new HeadScan(input.role);
  }

  push(piece: Uint8Array): void {
    const joined = new Uint8Array(this.#unread.length + piece.length);
    joined.set(this.#unread);
    joined.set(piece, this.#unread.length);
    this.#unread.fill(USED);
    this.#unread = joined;
    while (this.#step()) {
      // One head or one piece of a body at a time.
    }
  }

  /** No more octets; that ends the connection only if the input says so. */
  finish(): void {
    if (this.#input.ending === "open" || this.#isComplete()) return;
    throw new WireError(this.#state === "head" ? "truncated-head" : "truncated-body");
  }

  outcome(): Outcome {
    const messages = this.#messages.map(({ start, ...rest }) => ({ ...start, ...rest }));
    return {
      complete: this.#isComplete(),
      first: messages[0],
      messages,
      leftover: this.#state === "stopped" ? latin1Of(this.#unread) : "",
    };
  }

  #isComplete(): boolean {
    if (this.#state === "head") return !this.#scan.started && this.#messages.length > 0;
    return this.#state === "stopped" || this.#framing.kind === "until-close";
  }

  #step(): boolean {
    if (this.#state === "stopped") return false;
    return this.#state === "head" ? this.#readHead() : this.#readBody();
  }

  #readHead(): boolean {
    if (this.#input.role === "request") {
      const head = scanRequestHead(this.#unread, this.#scan);
      if (head === "need-more") return false;
      this.#use(head.byteLength);
      this.#beginRequest(head);
    } else {
      const head = scanResponseHead(this.#unread, this.#scan);
      if (head === "need-more") return false;
      this.#use(head.byteLength);
      this.#beginResponse(head);
    }
    return true;
  }

  #beginRequest(head: RequestHead): void {
    checkTarget(head.method, head.target);
    const framing = requestFraming(head);
    if (framing.kind === "chunked") parseTrailerNames(head.fields.values(FieldKind.trailer));
    const changesProtocol = head.method === "CONNECT" || upgradeTokens(head.fields).length > 0;
    const { method, target } = head;
    this.#begin(
      { method, target, version: `HTTP/1.${head.versionMinor}` },
      head.fields,
      framing,
      keepsAlive(head) && !changesProtocol ? "next" : "stop",
    );
  }

  #beginResponse(head: ResponseHead): void {
    const { framing, reuse } = responseFraming(head, this.#input.requestMethod);
    const { status, reason } = head;
    this.#begin(
      { version: `HTTP/1.${head.versionMinor}`, status, reason },
      head.fields,
      framing,
      reuse === "may-reuse" ? "next" : "stop",
    );
  }

  #begin(
    start: Message["start"],
    fields: FieldSection,
    framing: Framing,
    then: "next" | "stop",
  ): void {
    this.#messages.push({ start, headers: linesOf(fields), body: "", trailers: [] });
    this.#framing = framing;
    this.#then = then;
    this.#remaining = framing.kind === "length" ? framing.length : 0;
    if (framing.kind === "chunked") this.#decoder = new ChunkDecoder();
    this.#state = "body";
  }

  #readBody(): boolean {
    const { kind } = this.#framing;
    if (kind === "chunked") return this.#readChunks();
    const here = this.#unread.length;
    const count = kind === "until-close" ? here : Math.min(this.#remaining, here);
    this.#take(0, count);
    this.#remaining -= count;
    if (kind === "until-close" || this.#remaining > 0) return false;
    return this.#end();
  }

  #readChunks(): boolean {
    const decoder = this.#decoder;
    const step = decoder.step(this.#unread, 0, this.#unread.length);
    if (step === "data") this.#take(decoder.dataStart, decoder.dataEnd, decoder.consumed);
    else this.#use(decoder.consumed);
    if (step !== "end") return step === "data";
    if (decoder.trailers !== undefined) this.#messages.at(-1)!.trailers = linesOf(decoder.trailers);
    return this.#end();
  }

  #end(): boolean {
    this.#state = this.#then === "next" ? "head" : "stopped";
    return this.#state === "head";
  }

  #take(start: number, end: number, used = end): void {
    this.#messages.at(-1)!.body += latin1Of(this.#unread.subarray(start, end));
    this.#use(used);
  }

  #use(count: number): void {
    const rest = this.#unread.slice(count);
    this.#unread.fill(USED);
    this.#unread = rest;
  }
}

function linesOf(fields: FieldSection): (readonly [string, string])[] {
  return Array.from(
    { length: fields.count },
    (_, index) => [fields.nameAt(index), fields.valueAt(index)] as const,
  );
}

/**
 * A message, or a stream of them, explained octet by octet: what each is, where each message ends and why, and
 * what is wrong.
 * RFC 9112 §2.2, §6.3, §7.1, §9.3 · Go: none
 *
 * Rule of this file: the wire room reads and refuses, exactly as our server and client do; here its verdicts are
 * put beside the octets. Nothing is judged a second time.
 */
import {
  ChunkDecoder,
  type Framing,
  HeadScan,
  type Profile,
  REQUEST_LIMITS,
  type RequestHead,
  type ResponseHead,
  WireError,
  keepsAlive,
  requestFraming,
  responseFraming,
  scanRequestHead,
  scanResponseHead,
} from "../wire/mod.ts";
import { type Annotation, Labels } from "./annotation.ts";
import type { Examination, ExamineOptions, Fault, MessageCut } from "./examination.ts";
import { doubtOf, requestFramingNotes, responseFramingNotes } from "./framing-notes.ts";
import { labelChunks, octets } from "./label-chunks.ts";
import { emptyLineOctets, labelHead } from "./label-head.ts";
import { checkRequestHead, checkTrailerNames, isGuilty } from "./verdict.ts";

/** The annotations alone. */
export function explain(bytes: Uint8Array, options: ExamineOptions = {}): readonly Annotation[] {
  return examine(bytes, options).annotations;
}

/** Reads a stream to its end, to its first fault, or to the message after which nothing may follow. */
export function examine(bytes: Uint8Array, options: ExamineOptions = {}): Examination {
  const kind = options.kind ?? kindOf(bytes);
  const reading = new Reading(bytes, kind, options);
  return reading.run();
}

/** What begins with "HTTP/" is a response: no method holds a slash. */
export function kindOf(bytes: Uint8Array): "request" | "response" {
  const from = emptyLineOctets(bytes, 0, bytes.length, Infinity);
  const mark = [0x48, 0x54, 0x54, 0x50, 0x2f];
  return mark.every((octet, i) => bytes[from + i] === octet) ? "response" : "request";
}

/** What comes after a message. */
type Next = "message" | "nothing" | "tunnel";

class Reading {
  readonly #bytes: Uint8Array;
  readonly #kind: "request" | "response";
  readonly #profile: Profile;
  readonly #methods: readonly string[];
  readonly #labels: Labels = new Labels();
  readonly #messages: MessageCut[] = [];
  /** How many final responses there were. */
  #answered = 0;
  #fault: Fault | undefined;
  /** The index of the first annotation of the message being read. */
  #since = 0;

  constructor(bytes: Uint8Array, kind: "request" | "response", options: ExamineOptions) {
    this.#bytes = bytes;
    this.#kind = kind;
    this.#profile = options.profile ?? (kind === "request" ? "strict" : "go");
    this.#methods = options.requestMethods ?? [];
  }

  run(): Examination {
    const { length } = this.#bytes;
    let next: Next = "message";
    let at = 0;
    while (at < length && next === "message" && this.#fault === undefined) {
      this.#since = this.#labels.list.length;
      next = this.#message(at);
      at = this.#labels.end;
    }
    if (at < length) this.#rest(at, next);
    const fault = this.#fault;
    const truncated = fault?.code.startsWith("truncated-") === true;
    const state = fault === undefined ? "well-formed" : truncated ? "incomplete" : "malformed";
    const annotations = this.#labels.list;
    return { kind: this.#kind, state, messages: this.#messages, fault, annotations };
  }

  #rest(at: number, next: Next): void {
    const { length } = this.#bytes;
    const count = octets(length - at);
    if (next === "tunnel") {
      const text = `${count} of another protocol`;
      this.#labels.add(at, length, "tunnel", { text });
    } else if (this.#fault === undefined) {
      const text = `${count} behind the last message of the connection: never read`;
      this.#labels.add(at, length, "unread", { text, severity: "warning" });
    } else {
      const text = `${count} not read: the connection is closed after the fault`;
      this.#labels.add(at, length, "unread", { text, section: "9112 §9.6" });
    }
  }

  /** One message from `at` on: all of its octets are labelled when this returns. */
  #message(at: number): Next {
    const head = this.#head(at);
    if (head === undefined) return "nothing";
    const headEnd = at + head.byteLength;
    labelHead(this.#labels, this.#bytes, at, headEnd, this.#kind);
    try {
      if (head.kind === "request") return this.#request(head, at, headEnd);
      return this.#response(head, at, headEnd);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#blameHead(error, headEnd);
      return "nothing";
    }
  }

  #head(at: number): RequestHead | ResponseHead | undefined {
    const bytes = this.#bytes;
    const scan = new HeadScan(this.#kind, { profile: this.#profile });
    try {
      const read =
        this.#kind === "request"
          ? scanRequestHead(bytes, scan, at, bytes.length)
          : scanResponseHead(bytes, scan, at, bytes.length);
      if (read !== "need-more") return read;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      // Offsets count from the first line that is not empty.
      const max = this.#kind === "request" ? REQUEST_LIMITS.maxEmptyLines : 0;
      const skipped = emptyLineOctets(bytes, at, bytes.length, max);
      const offset = at + skipped + (error.offset ?? 0);
      labelHead(this.#labels, bytes, at, Math.min(offset, bytes.length), this.#kind);
      this.#faultAt(error, offset);
      return undefined;
    }
    labelHead(this.#labels, bytes, at, bytes.length, this.#kind);
    if (scan.started) this.#missing(new WireError("truncated-head"));
    return undefined;
  }

  #request(head: RequestHead, from: number, headEnd: number): Next {
    checkRequestHead(head);
    const framing = requestFraming(head, this.#profile);
    checkTrailerNames(head, framing);
    for (const note of requestFramingNotes(head, framing)) {
      this.#labels.mark(headEnd, "framing", note);
    }
    const title = `${head.method} ${head.target}`;
    this.#body(head, { from, headEnd, framing, title });
    if (head.method === "CONNECT") return "tunnel";
    return keepsAlive(head) ? "message" : "nothing";
  }

  #response(head: ResponseHead, from: number, headEnd: number): Next {
    const method = this.#methods[this.#answered] ?? "GET";
    const { framing, reuse } = responseFraming(head, method);
    checkTrailerNames(head, framing);
    for (const note of responseFramingNotes(head, method, framing)) {
      this.#labels.mark(headEnd, "framing", note);
    }
    if (head.status >= 200) this.#answered++;
    this.#body(head, { from, headEnd, framing, title: `${head.status}` });
    const opens = method === "CONNECT" && head.status >= 200 && head.status < 300;
    if (head.status === 101 || opens) return "tunnel";
    return reuse === "may-reuse" ? "message" : "nothing";
  }

  #body(
    head: RequestHead | ResponseHead,
    cut: Pick<MessageCut, "from" | "headEnd" | "title"> & { readonly framing: Framing },
  ): void {
    const { headEnd, framing } = cut;
    const { to, why } = this.#bodyEnd(framing, headEnd);
    const complete = why !== undefined;
    const number = this.#messages.length + 1;
    if (complete && this.#fault === undefined) {
      this.#labels.mark(to, "message-end", { text: `message ${number} ends here: ${why}` });
    }
    this.#messages.push({
      from: cut.from,
      headEnd,
      to,
      framing: framing.kind,
      title: cut.title,
      state: complete ? "complete" : "incomplete",
      doubt: doubtOf(head),
    });
    if (!complete && this.#fault === undefined) this.#missing(new WireError("truncated-body"));
  }

  /** Labels a body. `why` it ends where it does; undefined when it does not. */
  #bodyEnd(framing: Framing, from: number): { to: number; why: string | undefined } {
    const { length } = this.#bytes;
    switch (framing.kind) {
      case "none":
        return { to: from, why: "it has no body" };
      case "length": {
        const to = Math.min(from + framing.length, length);
        const complete = to - from === framing.length;
        const text = complete
          ? octets(framing.length)
          : `${to - from} of ${octets(framing.length)}`;
        this.#labels.add(from, to, "body", { text, section: "9112 §6.2" });
        const why = `${octets(framing.length)} after the head, as Content-Length says`;
        return { to, why: complete ? why : undefined };
      }
      case "until-close":
        this.#labels.add(from, length, "body", { text: octets(length - from) });
        return { to: length, why: "the connection has ended" };
      case "chunked":
        return this.#chunked(from);
      default:
        return framing satisfies never;
    }
  }

  #chunked(from: number): { to: number; why: string | undefined } {
    const bytes = this.#bytes;
    const decoder = new ChunkDecoder();
    let at = from;
    try {
      for (;;) {
        const step = decoder.step(bytes, at, bytes.length);
        at += decoder.consumed;
        if (step === "data") continue;
        const to = step === "end" ? at : bytes.length;
        labelChunks(this.#labels, bytes, from, to);
        return { to, why: step === "end" ? "the last chunk has come" : undefined };
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const offset = from + (error.offset ?? 0);
      labelChunks(this.#labels, bytes, from, Math.min(offset, bytes.length));
      this.#faultAt(error, offset);
      return { to: Math.min(offset, bytes.length), why: undefined };
    }
  }

  // --- faults ---------------------------------------------------------------------------------------

  #note(error: WireError, offset: number): string {
    const { code, section, status, message } = error;
    const text = message.replace(/ \(octet \d+\)$/, "");
    this.#fault = { code, offset, section, status, text, message: this.#messages.length };
    return `${code}: ${text}`;
  }

  /** The octet at which reading stopped. */
  #faultAt(error: WireError, offset: number): void {
    const { length } = this.#bytes;
    const note = {
      text: this.#note(error, offset),
      section: error.section,
      severity: "error",
    } as const;
    if (offset < length) this.#labels.add(offset, offset + 1, "fault", note);
    else this.#labels.mark(length, "fault", note);
  }

  /** Something should have followed the last octet. */
  #missing(error: WireError): void {
    const { length } = this.#bytes;
    const note = {
      text: this.#note(error, length),
      section: error.section,
      severity: "error",
    } as const;
    // The message itself is counted already when its body is what is missing.
    if (error.code === "truncated-body" && this.#fault !== undefined) {
      this.#fault = { ...this.#fault, message: this.#messages.length - 1 };
    }
    this.#labels.mark(length, "missing", note);
  }

  /** A head that is well written and may not be taken: the error is said of the field that it lies in. */
  #blameHead(error: WireError, headEnd: number): void {
    const fits = (one: Annotation): boolean => isGuilty(error.code, one);
    const first = this.#labels.list.slice(this.#since).find(fits);
    const note = {
      text: this.#note(error, first?.from ?? headEnd),
      section: error.section,
      severity: "error",
    } as const;
    if (!this.#labels.blame(this.#since, fits, note)) this.#labels.mark(headEnd, "fault", note);
  }
}

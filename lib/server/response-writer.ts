/**
 * ResponseWriter: what a handler answers with.
 * RFC 9110 §6, §15; RFC 9112 §6, §7 · Go: http.ResponseWriter, http.ResponseController
 *
 * Rule of this file: it owns one question, "has the head gone out?". Until it has, up to 2,048 bytes of body
 * are kept, so that a short answer gets a Content-Length; what the head says is decided in response-head.ts.
 *
 * The way of the bytes out, four hops:
 *   1 ResponseWriter   keeps the first 2 KiB, then cuts pieces
 *   2 (here)           counts them against the length, or frames them as chunks
 *   3 bufio.Writer     joins them with what else is answered in this turn, one flush
 *   4 Conn.write       the socket
 */
import type { Addr, Conn, TlsInfo } from "../bufio/mod.ts";
import { MessageError } from "../message/mod.ts";
import type { Exchange } from "../message/mod.ts";
import { allowsBody, detectContentTypeOfText } from "../semantics/mod.ts";
import {
  CHUNK_SUFFIX,
  Header,
  LAST_CHUNK,
  WireError,
  chunkPrefix,
  encodeLatin1,
  formatTrailers,
} from "../wire/mod.ts";
import { ServerError } from "./errors.ts";
import {
  type BodyPlan,
  type HeadFacts,
  bareHead,
  declaredLength,
  interimHead,
  plainHead,
  planHead,
} from "./response-head.ts";

/** What the writer needs of its connection. */
export interface ResponseConnection<C> {
  readonly remoteAddr: Addr | undefined;
  readonly localAddr: Addr | undefined;
  readonly tls: TlsInfo | undefined;
  readonly context: C;
  readonly server: object;
  /** "Date: …" with its CRLF. */
  dateLine(): string;
  /** Does the connection want to close after this answer? */
  fate(): "keep" | "close";
  /** Takes text of one byte per char, or bytes; bytes that it may not keep are answered with "pending". */
  send(data: string | Uint8Array): void;
  /** Hands what was sent to the socket. */
  flush(): void;
  /** The constant resolved promise, or one that waits for the client, or for a later turn. */
  ready(bytes: number): Promise<void>;
  /** An interim answer has gone out. */
  onInterim(status: number): void;
  /** The head has gone out: the handler's time is no longer counted. */
  onHeadSent(status: number): void;
  log(message: string, cause?: unknown): void;
  signal(): AbortSignal;
  setReadDeadline(at: number): void;
  setWriteDeadline(at: number): void;
  hijack(): { readonly conn: Conn; readonly head: Uint8Array };
  abort(): void;
}

/** What a response is made for. */
export interface ResponseFor {
  readonly method: string;
  readonly versionMinor: number;
  /** Did the request ask for keep-alive in so many words? */
  readonly askedToKeep: boolean;
}

/** What was sent so far. */
export interface Sent {
  /** The final status; 0 while none was chosen. */
  readonly status: number;
  /** Bytes of body that the handler wrote. */
  readonly bytes: number;
  /** Has the head gone out? */
  readonly head: "pending" | "sent";
}

/** So much of a body is kept to find its length. Go's bound. */
export const KEPT_BODY_BYTES = 2048;

const RESOLVED: Promise<void> = Promise.resolve();

export class ResponseWriter<C = unknown> implements Exchange<C> {
  readonly #connection: ResponseConnection<C>;
  readonly #for: ResponseFor;
  #header: Header | undefined;
  /** The fields as they were when writeHeader was called. */
  #snapshot: Header | undefined;
  #trailer: Header | undefined;
  #omitted: Set<string> | undefined;
  #status = 0;
  #reason: string | undefined;
  #state: "open" | "done" | "hijacked" = "open";
  /** The Content-Length that the handler declared. */
  #declared: number | undefined;
  /** How the body is delimited; undefined until the head has gone out. */
  #plan: BodyPlan | undefined;
  #fate: "keep" | "close" = "keep";
  /** Kept body: ASCII text while all of it is, else bytes. */
  #text = "";
  #bytes: Uint8Array | undefined;
  #kept = 0;
  #written = 0;
  /** Why nothing more can be written. */
  #failure: Error | undefined;

  constructor(connection: ResponseConnection<C>, request: ResponseFor) {
    this.#connection = connection;
    this.#for = request;
  }

  /** The fields of the answer; changes after the head has gone out have no effect. Go: Header() */
  get header(): Header {
    return (this.#header ??= new Header());
  }

  /**
   * The fields after the body. Set at least one before the head goes out, or a Trailer field: the answer is
   * chunked then. RFC 9110 §6.5
   */
  get trailer(): Header {
    return (this.#trailer ??= new Header());
  }

  /** What was sent so far. */
  get sent(): Sent {
    const head = this.#plan === undefined ? "pending" : "sent";
    return { status: this.#status, bytes: this.#written, head };
  }

  get remoteAddr(): Addr | undefined {
    return this.#connection.remoteAddr;
  }

  get localAddr(): Addr | undefined {
    return this.#connection.localAddr;
  }

  get tls(): TlsInfo | undefined {
    return this.#connection.tls;
  }

  get context(): C {
    return this.#connection.context;
  }

  get server(): object {
    return this.#connection.server;
  }

  get signal(): AbortSignal {
    return this.#connection.signal();
  }

  /**
   * Chooses the status; the fields are fixed with it. 100 to 199 (but 101) goes out at once and may repeat.
   * A second final status is ignored and logged. Throws "bad-status" or "bad-reason". Go: WriteHeader
   */
  writeHeader(status: number, options: { readonly reason?: string | undefined } = {}): void {
    if (this.#state !== "open") throw this.#closed();
    if (!Number.isInteger(status) || status < 100 || status > 999)
      throw new WireError("bad-status");
    if (this.#status !== 0) {
      this.#connection.log(`superfluous writeHeader(${status}) after ${this.#status}`);
      return;
    }
    if (status < 200 && status !== 101) {
      this.#interim(status, options.reason);
      return;
    }
    this.#status = status;
    this.#reason = options.reason;
    if (this.#header === undefined) return;
    this.#snapshot = this.#header.clone();
    if (!this.#header.has("transfer-encoding"))
      this.#declared = declaredLength(this.#header).length;
  }

  /**
   * Writes body: strings as UTF-8. Resolves when more may be written: at once while little is waiting, else
   * when the client has taken it. Rejects with "handler-done", "hijacked", "body-not-allowed",
   * "content-length-mismatch", or the connection's error; a promise nobody awaits is never reported as
   * unhandled. Go: Write
   */
  write(data: string | Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return this.#rejected(this.#failure);
    if (this.#state !== "open") return this.#rejected(this.#closed());
    if (this.#status === 0) this.writeHeader(200);
    if (data.length === 0) return RESOLVED;
    if (!allowsBody(this.#status)) return this.#rejected(new MessageError("body-not-allowed"));
    try {
      return typeof data === "string" ? this.#writeText(data) : this.#writeBytes(data);
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }

  /** Sends what was written so far, the head with it. Resolves as `write` does. Go: Flush */
  flush(): Promise<void> {
    if (this.#failure !== undefined) return this.#rejected(this.#failure);
    if (this.#state !== "open") return this.#rejected(this.#closed());
    if (this.#status === 0) this.writeHeader(200);
    this.#sendHead(undefined);
    this.#sendKept();
    this.#connection.flush();
    return this.#connection.ready(0);
  }

  /** Says that a field which is added by itself (Date, Content-Type, …) is not wanted. Go: a nil value */
  omit(name: string): void {
    (this.#omitted ??= new Set()).add(name.toLowerCase());
  }

  /**
   * Takes the connection over: `head` is what the client has sent and nobody has read, everything after it
   * comes from `conn`. What was written before goes out first. The server forgets the connection; shutdown
   * does not wait for it unless `server.waitFor` is told. Throws "hijacked" or "handler-done". Go: Hijack
   */
  hijack(): { readonly conn: Conn; readonly head: Uint8Array } {
    if (this.#state !== "open") throw this.#closed();
    if (this.#status !== 0 && this.#plan === undefined) this.#sendHijackHead();
    if (this.#plan !== undefined) this.#connection.flush();
    this.#state = "hijacked";
    return this.#connection.hijack();
  }

  /** Until when (ms since the epoch; Infinity for no end) the body may be read. Go: SetReadDeadline */
  setReadDeadline(at: number): void {
    this.#connection.setReadDeadline(at);
  }

  /** Until when (ms since the epoch; Infinity for no end) the answer may be written. Go: SetWriteDeadline */
  setWriteDeadline(at: number): void {
    this.#connection.setWriteDeadline(at);
  }

  /** Cuts the connection so that the client sees that the answer is not complete. Go: ErrAbortHandler */
  abort(): void {
    if (this.#state !== "open") return;
    this.#state = "done";
    this.#connection.abort();
  }

  /** @internal The handler has ended: completes the answer. Throws what its fields cannot be sent for. */
  finish(): "keep" | "close" | "over" {
    if (this.#state === "hijacked") return "over";
    if (this.#status === 0) this.writeHeader(200);
    if (this.#plan === undefined) this.#sendHead(this.#kept);
    this.#sendKept();
    this.#state = "done";
    this.#end();
    return this.#fate;
  }

  /** @internal Nothing of the answer has gone out yet: it is replaced by a bare status. */
  replace(status: number, body: string): void {
    this.#header = this.#snapshot = this.#trailer = this.#omitted = undefined;
    this.#text = "";
    this.#bytes = this.#failure = this.#reason = undefined;
    this.#kept = this.#written = this.#status = 0;
    this.#declared = undefined;
    this.header.set("Content-Type", "text/plain; charset=utf-8");
    this.header.set("X-Content-Type-Options", "nosniff");
    this.writeHeader(status);
    if (allowsBody(status)) this.#writeText(body);
  }

  /** @internal Why nothing more can be written. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** @internal The connection is of no use any more; writes reject with this. */
  fail(error: Error): void {
    this.#failure ??= error;
  }

  /** @internal Ends the writer without an answer. */
  discard(): void {
    if (this.#state === "open") this.#state = "done";
  }

  #writeText(text: string): Promise<void> {
    if (!isAscii(text)) return this.#writeBytes(UTF8.encode(text));
    if (!this.#count(text.length)) return this.#rejected(this.#failure!);
    if (this.#kept + text.length > KEPT_BODY_BYTES) return this.#writeOut(text);
    if (this.#bytes === undefined) this.#text = this.#kept === 0 ? text : this.#text + text;
    else this.#keep(encodeLatin1(text));
    this.#kept += text.length;
    return this.#plan === undefined ? RESOLVED : this.#connection.ready(text.length);
  }

  #writeBytes(bytes: Uint8Array): Promise<void> {
    if (!this.#count(bytes.length)) return this.#rejected(this.#failure!);
    if (this.#kept + bytes.length > KEPT_BODY_BYTES) return this.#writeOut(bytes);
    this.#keep(bytes);
    this.#kept += bytes.length;
    return this.#plan === undefined ? RESOLVED : this.#connection.ready(bytes.length);
  }

  /** Counts what the handler writes against the length it has declared. */
  #count(length: number): boolean {
    if (this.#declared !== undefined && this.#written + length > this.#declared) {
      this.#failure = new MessageError("content-length-mismatch");
      return false;
    }
    this.#written += length;
    return true;
  }

  /** Keeps a copy: the caller may use its array again when the promise has resolved. */
  #keep(bytes: Uint8Array): void {
    const room = (this.#bytes ??= new Uint8Array(KEPT_BODY_BYTES));
    if (this.#text !== "") {
      room.set(encodeLatin1(this.#text));
      this.#text = "";
    }
    room.set(bytes, this.#kept);
  }

  #writeOut(data: string | Uint8Array): Promise<void> {
    this.#sendHead(undefined, data);
    this.#sendKept();
    this.#sendPiece(data, data.length);
    return this.#connection.ready(data.length);
  }

  #sendKept(): void {
    const length = this.#kept;
    if (length === 0) return;
    const piece = this.#bytes === undefined ? this.#text : this.#bytes.subarray(0, length);
    this.#kept = 0;
    this.#text = "";
    this.#bytes = undefined;
    this.#sendPiece(piece, length);
  }

  #sendPiece(piece: string | Uint8Array, length: number): void {
    const kind = this.#plan?.kind;
    if (kind === "none" || kind === "discarded") return;
    if (kind !== "chunked") {
      this.#connection.send(piece);
    } else if (typeof piece === "string") {
      this.#connection.send(chunkPrefix(length) + piece + CHUNK_SUFFIX);
    } else {
      this.#connection.send(chunkPrefix(length));
      this.#connection.send(piece);
      this.#connection.send(CHUNK_SUFFIX);
    }
  }

  /** Sends the head unless it has gone out. `knownLength` is the whole body's, when the handler has ended. */
  #sendHead(knownLength: number | undefined, next?: string | Uint8Array): void {
    if (this.#plan !== undefined) return;
    const connection = this.#connection;
    const plain = this.#plainText(knownLength);
    if (plain !== undefined) {
      connection.send(plain);
      return;
    }
    const head = planHead(this.#facts(knownLength, next));
    if (head.complaint !== undefined) connection.log(head.complaint);
    this.#plan = head.body;
    this.#fate = head.fate;
    connection.send(head.text);
    connection.onHeadSent(this.#status);
  }

  #facts(knownLength: number | undefined, next: string | Uint8Array | undefined): HeadFacts {
    const trailers = this.#announceTrailers();
    return {
      method: this.#for.method,
      versionMinor: this.#for.versionMinor,
      status: this.#status,
      reason: this.#reason,
      header: this.#snapshot,
      omitted: this.#omitted,
      knownLength,
      sample: this.#sample(next),
      trailers,
      fate: this.#connection.fate(),
      askedToKeep: this.#for.askedToKeep,
      dateLine: this.#connection.dateLine(),
    };
  }

  /** The whole of a short plain answer as one string, body included: what most answers are. */
  #plainText(knownLength: number | undefined): string | undefined {
    const { method, versionMinor } = this.#for;
    if (knownLength === undefined || knownLength === 0 || this.#bytes !== undefined)
      return undefined;
    if (this.#omitted !== undefined || this.#trailer !== undefined || this.#reason !== undefined) {
      return undefined;
    }
    if (versionMinor === 0 || method === "HEAD" || method === "CONNECT") return undefined;
    if (this.#status < 200 || !allowsBody(this.#status)) return undefined;
    const type =
      this.#snapshot === undefined
        ? detectContentTypeOfText(this.#text)
        : this.#snapshot.only("Content-Type");
    const connection = this.#connection;
    if (type === undefined || connection.fate() === "close") return undefined;
    const text = plainHead(this.#status, connection.dateLine(), knownLength, type) + this.#text;
    this.#text = "";
    this.#kept = 0;
    this.#plan = SENT_WHOLE;
    connection.onHeadSent(this.#status);
    return text;
  }

  #announceTrailers(): "announced" | "none" {
    const names = this.#trailer === undefined ? [] : [...this.#trailer].map(([name]) => name);
    if (names.length > 0 && this.#snapshot?.has("trailer") !== true) {
      this.#snapshot ??= new Header();
      if (this.#for.versionMinor > 0 && !this.#snapshot.has("content-length")) {
        this.#snapshot.set("Trailer", names.join(", "));
      }
    }
    return names.length > 0 || this.#snapshot?.has("trailer") === true ? "announced" : "none";
  }

  /** The first of the body: what is kept, or what is about to be written. */
  #sample(next: string | Uint8Array | undefined): string | Uint8Array | undefined {
    if (this.#kept === 0) return next;
    return this.#bytes === undefined ? this.#text : this.#bytes.subarray(0, this.#kept);
  }

  /** RFC 9110 §15.2: an HTTP/1.0 client gets none. */
  #interim(status: number, reason: string | undefined): void {
    if (this.#for.versionMinor === 0) return;
    this.#connection.send(interimHead(status, reason, this.#header));
    this.#connection.flush();
    this.#connection.onInterim(status);
  }

  /** The octets after a hijack are the hijacker's: no length and no chunks are announced. */
  #sendHijackHead(): void {
    this.#plan = SENT_WHOLE;
    this.#connection.send(bareHead(this.#facts(undefined, undefined)));
  }

  #end(): void {
    const plan = this.#plan!;
    if (plan.kind === "chunked") {
      const trailers = this.#trailer === undefined ? "\r\n" : formatTrailers(this.#trailer);
      this.#connection.send(LAST_CHUNK + trailers);
    } else if (plan.kind === "length" && this.#written !== plan.length) {
      this.#connection.log(`the handler wrote ${this.#written} of ${plan.length} bytes`);
      this.#fate = "close";
    }
    if (this.#failure !== undefined) this.#fate = "close";
  }

  #closed(): ServerError {
    return new ServerError(this.#state === "hijacked" ? "hijacked" : "handler-done");
  }

  /** A rejection that is never reported as unhandled: a handler need not await every write. */
  #rejected(error: Error): Promise<void> {
    const promise = Promise.reject(error);
    promise.catch(() => undefined);
    return promise;
  }
}

/** Nothing more of the body is to come or to be counted. */
const SENT_WHOLE: BodyPlan = Object.freeze({ kind: "none" });

const UTF8 = new TextEncoder();

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

// Long because everything here is one thing for whoever holds it.
/**
 * ResponseWriter: what a handler answers with.
 * RFC 9110 §6, §15; RFC 9112 §6, §7 · Go: http.ResponseWriter, http.ResponseController
 *
 * Rule of this file: it owns one question, "has the head gone out?". Until it has, up to 2,048 bytes of body
 * are kept, so that a short answer gets a Content-Length. What the head says is in response-head.ts, plain-answer.ts
 * and announce-trailers.ts, how the body leaves in body-out.ts.
 *
 * The way of the bytes out, four hops:
 *   1 ResponseWriter   keeps the first 2 KiB, counts all of it against the length
 *   2 body-out.ts      frames them as chunks, where there is no length
 *   3 bufio.Writer     joins them with what else is answered in this turn, one flush
 *   4 Conn.write       the socket
 */
import type { Addr, Clock, Conn, TempStore, TlsInfo } from "../bufio/mod.ts";
import { rejected } from "../bufio/mod.ts";
import { MessageError } from "../message/mod.ts";
import type { Exchange } from "../message/mod.ts";
import { allowsBody } from "../semantics/mod.ts";
import { Header, WireError } from "../wire/mod.ts";
import { trailersOf, withTrailerField } from "./announce-trailers.ts";
import { KEPT_BODY_BYTES, pieceOf, sendLastChunk, sendPiece } from "./body-out.ts";
import { ServerError } from "./errors.ts";
import { plainAnswer } from "./plain-answer.ts";
import {
  type BodyPlan,
  type HeadFacts,
  bareHead,
  declaredLength,
  interimHead,
  planHead,
} from "./response-head.ts";
import type {
  AnswerSink,
  ResponseConnection,
  ResponseFor,
  Sent,
  WriteHeaderOptions,
} from "./response-connection.ts";

const RESOLVED: Promise<void> = Promise.resolve();

const NO_OPTIONS: WriteHeaderOptions = Object.freeze({});

export class ResponseWriter<C = unknown> implements Exchange<C> {
  readonly #connection: ResponseConnection<C>;
  readonly #for: ResponseFor;
  #header: Header | undefined;
  /** The fields as they were when writeHeader was called. */
  #snapshot: Header | undefined;
  /** The same where a Content-Type was all of them: no copy is made then. */
  #type: string | undefined;
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
  /** The kept body, one char per octet, also of bytes: a string leaves faster than an array is made. */
  #kept = "";
  #written = 0;
  /** What middleware has put between the handler and us. */
  #top: AnswerSink | undefined;
  /** Why nothing more can be written. */
  #failure: Error | undefined;
  #signal: AbortSignal | undefined;

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

  get tempStore(): TempStore | undefined {
    return this.#connection.tempStore;
  }

  /** Calls `fn` when the exchange is over, at once when it is. */
  onEnd(fn: () => void): void {
    if (this.#state === "done") fn();
    else this.#connection.onEnd(fn);
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      // The connection's next exchange is not ours: after the end there is nothing to ask it for.
      this.#signal =
        this.#state === "open"
          ? this.#connection.signal()
          : AbortSignal.abort(new ServerError("handler-done"));
    }
    return this.#signal;
  }

  /** @internal Time, for middleware that waits. */
  get clock(): Clock {
    return this.#connection.clock;
  }

  /**
   * Chooses the status; the fields are fixed with it. 100 to 199 (but 101) goes out at once and may repeat.
   * A second final status is ignored and logged. Throws "bad-status" or "bad-reason". Go: WriteHeader
   */
  writeHeader(status: number, options: WriteHeaderOptions = NO_OPTIONS): void {
    if (this.#top !== undefined) this.#top.writeHeader(status, options);
    else this.#writeHeader(status, options);
  }

  /**
   * Writes body: strings as UTF-8. Resolves when more may be written: at once while little is waiting, else
   * when the client has taken it. Rejects with "handler-done", "hijacked", "body-not-allowed",
   * "content-length-mismatch", or the connection's error; a promise nobody awaits is never reported as
   * unhandled. Go: Write
   */
  write(data: string | Uint8Array): Promise<void> {
    return this.#top === undefined ? this.#write(data) : this.#top.write(data);
  }

  /** Sends what was written so far, the head with it. Resolves as `write` does. Go: Flush */
  flush(): Promise<void> {
    return this.#top === undefined ? this.#flush() : this.#top.flush();
  }

  /**
   * Puts middleware between the handler and the answer: from now on writeHeader, write and flush go to the
   * sink that `make` gives. `below` is what stood there before, and may be called as long as the handler runs.
   */
  intercept(make: (below: AnswerSink) => AnswerSink): void {
    const below: AnswerSink = this.#top ?? {
      writeHeader: (status, options = {}) => this.#writeHeader(status, options),
      write: (data) => this.#write(data),
      flush: () => this.#flush(),
    };
    this.#top = make(below);
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
    if (this.#state !== "open") throw this.#closed();
    this.#connection.setReadDeadline(at);
  }

  /** Until when (ms since the epoch; Infinity for no end) the answer may be written. Go: SetWriteDeadline */
  setWriteDeadline(at: number): void {
    if (this.#state !== "open") throw this.#closed();
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
    if (this.#status === 0) this.#writeHeader(200, NO_OPTIONS);
    if (this.#plan === undefined) this.#sendHead(this.#kept.length);
    this.#sendKept();
    this.#state = "done";
    this.#end();
    return this.#fate;
  }

  /** @internal Nothing of the answer has gone out yet: it is replaced by a bare status. */
  replace(status: number, body: string): void {
    this.#header = this.#snapshot = this.#trailer = this.#omitted = this.#type = undefined;
    this.#failure = this.#reason = this.#declared = this.#top = undefined;
    this.#written = this.#status = 0;
    this.#kept = "";
    this.header.set("Content-Type", "text/plain; charset=utf-8");
    this.header.set("X-Content-Type-Options", "nosniff");
    this.#writeHeader(status, NO_OPTIONS);
    if (allowsBody(status)) void this.#writePiece(pieceOf(body));
  }

  /** @internal Was the connection taken over? */
  get hijacked(): boolean {
    return this.#state === "hijacked";
  }

  /** @internal Was the field declined with `omit`? `name` in lower case. */
  omits(name: string): boolean {
    return this.#omitted?.has(name) === true;
  }

  /** @internal Does only the end of the connection tell where the body ends? */
  get endsByClose(): boolean {
    return this.#plan?.kind === "until-close";
  }

  /** @internal Has nothing of the answer gone out? */
  get headIsPending(): boolean {
    return this.#plan === undefined;
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

  #writeHeader(status: number, { reason, header = this.#header }: WriteHeaderOptions): void {
    if (this.#state !== "open") throw this.#closed();
    if (!Number.isInteger(status) || status < 100 || status > 999) {
      throw new WireError("bad-status");
    }
    if (this.#status !== 0) {
      this.#connection.log(`superfluous writeHeader(${status}) after ${this.#status}`);
      return;
    }
    if (status < 200 && status !== 101) {
      this.#interim(status, reason, header);
      return;
    }
    this.#status = status;
    this.#reason = reason;
    if (header === undefined) return;
    this.#type = header.only("Content-Type");
    if (this.#type !== undefined) return;
    this.#snapshot = header.clone();
    if (!header.has("transfer-encoding")) this.#declared = declaredLength(header).length;
  }

  #write(data: string | Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return rejected(this.#failure);
    if (this.#state !== "open") return rejected(this.#closed());
    if (this.#status === 0) this.#writeHeader(200, NO_OPTIONS);
    if (data.length === 0) return RESOLVED;
    if (!allowsBody(this.#status)) return rejected(new MessageError("body-not-allowed"));
    try {
      return this.#writePiece(typeof data === "string" ? pieceOf(data) : data);
    } catch (error) {
      // What cannot be sent makes the handler fail when it ends, also when nobody awaits this promise.
      this.#failure = error as Error;
      return rejected(error as Error);
    }
  }

  #flush(): Promise<void> {
    if (this.#failure !== undefined) return rejected(this.#failure);
    if (this.#state !== "open") return rejected(this.#closed());
    if (this.#status === 0) this.#writeHeader(200, NO_OPTIONS);
    try {
      this.#sendHead(undefined);
    } catch (error) {
      this.#failure = error as Error;
      return rejected(error as Error);
    }
    this.#sendKept();
    this.#connection.flush();
    return this.#connection.ready(0);
  }

  /** ASCII text, or bytes: kept while it is little (a copy then), else sent. */
  #writePiece(piece: string | Uint8Array): Promise<void> {
    const { length } = piece;
    if (!this.#count(length)) return rejected(this.#failure!);
    const kept = this.#kept;
    if (kept.length + length > KEPT_BODY_BYTES) return this.#writeOut(piece, length);
    const text = typeof piece === "string" ? piece : this.#connection.latin1(piece);
    this.#kept = kept === "" ? text : kept + text;
    return this.#plan === undefined ? RESOLVED : this.#connection.ready(length);
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

  #writeOut(piece: string | Uint8Array, length: number): Promise<void> {
    this.#sendHead(undefined, piece);
    this.#sendKept();
    const fate = sendPiece(this.#connection, this.#plan?.kind, piece, length);
    return this.#connection.ready(length, fate);
  }

  #sendKept(): void {
    const kept = this.#kept;
    if (kept === "") return;
    this.#kept = "";
    sendPiece(this.#connection, this.#plan?.kind, kept, kept.length);
  }

  /** Sends the head unless it has gone out. `knownLength` is the whole body's, when the handler has ended. */
  #sendHead(knownLength: number | undefined, next?: string | Uint8Array): void {
    if (this.#plan !== undefined) return;
    const connection = this.#connection;
    if (knownLength !== undefined && this.#sendPlain()) return;
    const head = planHead(this.#facts(knownLength, next));
    if (head.complaint !== undefined) connection.log(head.complaint);
    this.#plan = head.body;
    this.#fate = head.fate;
    connection.send(head.text);
    connection.onHeadSent(this.#status);
  }

  #facts(knownLength: number | undefined, next: string | Uint8Array | undefined): HeadFacts {
    if (this.#type !== undefined) this.#snapshot ??= new Header([["Content-Type", this.#type]]);
    this.#snapshot = withTrailerField(this.#snapshot, this.#trailer, this.#for.versionMinor);
    return {
      method: this.#for.method,
      versionMinor: this.#for.versionMinor,
      status: this.#status,
      reason: this.#reason,
      header: this.#snapshot,
      omitted: this.#omitted,
      knownLength,
      sample: this.#kept === "" ? next : this.#kept,
      trailers: trailersOf(this.#snapshot, this.#trailer),
      fate: this.#connection.fate(),
      askedToKeep: this.#for.askedToKeep,
      dateLine: this.#connection.dateLine(),
    };
  }

  /** Sends a short plain answer in one piece, head and body; true when it was one. */
  #sendPlain(): boolean {
    const body = this.#kept;
    if (body === "" || this.#snapshot !== undefined || this.#omitted !== undefined) return false;
    if (this.#trailer !== undefined || this.#reason !== undefined) return false;
    const connection = this.#connection;
    const text = plainAnswer(connection, this.#for, this.#status, this.#type, body);
    if (text === undefined) return false;
    this.#kept = "";
    this.#plan = SENT_WHOLE;
    connection.onHeadSent(this.#status);
    connection.send(text);
    return true;
  }

  /** RFC 9110 §15.2: an HTTP/1.0 client gets none. */
  #interim(status: number, reason: string | undefined, header: Header | undefined): void {
    if (this.#for.versionMinor === 0) return;
    this.#connection.send(interimHead(status, reason, header));
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
      sendLastChunk(this.#connection, this.#trailer);
    } else if (plan.kind === "length" && this.#written !== plan.length) {
      this.#connection.log(`the handler wrote ${this.#written} of ${plan.length} bytes`);
      this.#fate = "close";
    }
    if (this.#failure !== undefined) this.#fate = "close";
  }

  #closed(): ServerError {
    return new ServerError(this.#state === "hijacked" ? "hijacked" : "handler-done");
  }
}

/** Nothing more of the body is to come or to be counted. */
const SENT_WHOLE: BodyPlan = Object.freeze({ kind: "none" });

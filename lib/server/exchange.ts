// Long because it answers to three: the response, the body and the connection; each part is short.
/**
 * One exchange seen from its connection: the deadlines, the signal, 100-continue, and when more may be written.
 * RFC 9110 §10.1.1, §15.2.1 · Go: http.ResponseController, expectContinueReader, connReader
 *
 * Rule of this file: it serves the ResponseWriter and the body of the request in hand, and tells the
 * connection only two things: when to look again, and that the exchange has failed. One object serves many
 * exchanges, one after the other; handlers never see it.
 */
import type { Addr, Clock, Conn, TempStore, TlsInfo } from "../bufio/mod.ts";
import type { Body, BodyWatcher, Request, WireBodySource } from "../message/mod.ts";
import { decodeLatin1 } from "../wire/mod.ts";
import { dateLine } from "./date-line.ts";
import { ServerError } from "./errors.ts";
import type { ExchangeOwner } from "./host.ts";
import type { ResponseConnection, ResponseFor } from "./response-connection.ts";
import type { ResponseWriter } from "./response-writer.ts";

/** What a write costs beside its bytes, in bytes: a handler may not loop for ever on tiny pieces. */
const WRITE_COST_BYTES = 64;
/** After so much output in a turn, `write` waits for a later one. */
const TURN_OUTPUT_BYTES = 262_144;

const RESOLVED: Promise<void> = Promise.resolve();

/** One that nobody uses: idle connections need none, and one that answers at once leaves it to the next. */
let spare: Exchange<unknown> | undefined;

export class Exchange<C> implements ResponseConnection<C>, ResponseFor, BodyWatcher {
  method = "GET";
  versionMinor = 1;
  askedToKeep = false;
  /** Will the connection be kept, as far as the request says? */
  keep = true;
  /** Does the client wait for 100 (Continue)? */
  expects: "nothing" | "continue" = "nothing";
  /** The handler has ended: what it has not read, nobody will. */
  ending = false;
  request: Request<C> | undefined;
  writer: ResponseWriter<C> | undefined;
  body: Body | undefined;
  source: WireBodySource | undefined;

  #owner: ExchangeOwner<C>;
  #controller: AbortController | undefined;
  /** Why nobody waits for the answer any more. */
  #gone: Error | undefined;
  /** Are the deadlines watched? Not while a handler runs in the turn of the read. */
  #watched = false;
  #handlerAt = Infinity;
  #bodyAt = Infinity;
  #readAt = Infinity;
  #writeAt = Infinity;
  #progressAt = Infinity;
  #progress = 0;
  #turnOutput = 0;
  #later: Promise<void> | undefined;
  /** What follows a handler's promise; made once, not for each. */
  #onKept: (() => void) | undefined;
  #onBroken: ((error: unknown) => void) | undefined;
  /** What is to be done when the exchange is over. */
  #ends: (() => void)[] | undefined;

  private constructor(owner: ExchangeOwner<C>) {
    this.#owner = owner;
  }

  /** An exchange for the requests of a connection, until it gives it back. */
  static borrow<C>(owner: ExchangeOwner<C>): Exchange<C> {
    const taken = spare as Exchange<C> | undefined;
    if (taken === undefined) return new Exchange<C>(owner);
    spare = undefined;
    taken.#owner = owner;
    return taken;
  }

  /** The connection is between two requests; nothing of the last one is left here. */
  giveBack(): void {
    spare = this as unknown as Exchange<unknown>;
  }

  /** The handler has returned a promise: from here on time matters. */
  follow(result: PromiseLike<void>): void {
    const owner = this.#owner;
    this.#watched = true;
    if (this.writer?.headIsPending === true) {
      this.#handlerAt = owner.enteredAt + owner.host.timeouts.handlerTimeout;
    }
    this.#arm();
    this.#onKept ??= () => this.#owner.onHandled();
    this.#onBroken ??= (error) => this.#owner.onHandlerFailed(error);
    // A foreign thenable may call back twice; a promise is what it was.
    Promise.resolve(result).then(this.#onKept, this.#onBroken);
  }

  /** The exchange is over: whoever still holds a piece of it is told so. */
  end(): void {
    if (this.#ends !== undefined) this.#runEnds(this.#ends);
    if (this.#controller !== undefined && this.#gone === undefined) {
      this.#controller.abort(HANDLER_DONE);
    }
    if (this.source !== undefined) {
      this.source.unwatch();
      this.body?.fail(HANDLER_DONE);
      this.#owner.reader.interrupt(HANDLER_DONE);
    }
    this.request = undefined;
    this.writer = undefined;
    this.body = undefined;
    this.source = undefined;
    this.#controller = undefined;
    this.#gone = undefined;
    this.ending = false;
    if (!this.#watched) return;
    this.#watched = false;
    this.#handlerAt = this.#bodyAt = this.#readAt = this.#writeAt = this.#progressAt = Infinity;
  }

  /** The peer is gone, or will send nothing more: whoever listens to the signal is told. */
  leave(reason: Error): void {
    this.#gone ??= reason;
    this.#controller?.abort(this.#gone);
  }

  /** Nothing can be read or written any more. */
  fail(error: Error): void {
    this.leave(error);
    this.writer?.fail(error);
    this.body?.fail(error);
  }

  /** Is so much of the body unread that reading it would not pay? */
  get restIsLarge(): boolean {
    const remaining = this.source?.remaining;
    return remaining !== undefined && remaining >= this.#owner.host.limits.maxDrainBytes;
  }

  /** A deadline of the exchange has passed. What it means for the connection is answered. */
  onDeadline(): "go-on" | "handler-timeout" | "write-timeout" {
    const now = this.#owner.host.clock.now();
    if (now >= this.#handlerAt) return "handler-timeout";
    if (now >= this.#writeAt) return "write-timeout";
    if (now >= this.#progressAt && !this.#moved()) return "write-timeout";
    if (now >= this.#bodyAt || now >= this.#readAt) this.#stopReading();
    this.#arm();
    return "go-on";
  }

  // --- for the body -----------------------------------------------------------------------------

  onBodyRead(): void {
    if (this.expects === "nothing") return;
    if (this.writer?.headIsPending === false) throw new ServerError("body-not-invited");
    this.expects = "nothing";
    this.#owner.writer.writeLatin1("HTTP/1.1 100 Continue\r\n\r\n");
    this.#owner.writer.flush();
  }

  onBodyWait(): void {
    const { host, writer } = this.#owner;
    // What was answered so far may be what the client waits for.
    writer.flush();
    this.#bodyAt = host.clock.now() + host.timeouts.readTimeout;
    this.#arm();
  }

  onBodyMoved(): void {
    this.#bodyAt = Infinity;
    this.#arm();
  }

  onBodyEnd(): void {
    this.#bodyAt = Infinity;
  }

  // --- for the ResponseWriter -------------------------------------------------------------------

  get remoteAddr(): Addr | undefined {
    return this.#owner.conn.remoteAddr;
  }

  get localAddr(): Addr | undefined {
    return this.#owner.conn.localAddr;
  }

  get tls(): TlsInfo | undefined {
    return this.#owner.conn.tls;
  }

  get context(): C {
    return this.#owner.context;
  }

  get server(): object {
    return this.#owner.host.server;
  }

  dateLine(): string {
    return dateLine(this.#watched ? this.#owner.host.clock.now() : this.#owner.enteredAt);
  }

  fate(): "keep" | "close" {
    // A client that still waits for 100 may or may not send its body: nobody could tell what comes next.
    if (!this.keep || this.expects === "continue" || this.#owner.host.closing) return "close";
    if (this.source?.broken === true) return "close";
    return this.ending && this.restIsLarge ? "close" : "keep";
  }

  get tempStore(): TempStore | undefined {
    return this.#owner.host.tempStore;
  }

  onEnd(fn: () => void): void {
    (this.#ends ??= []).push(fn);
  }

  get clock(): Clock {
    return this.#owner.host.clock;
  }

  send(data: string | Uint8Array): "taken" | "pending" {
    if (typeof data !== "string") return this.#owner.writer.write(data);
    this.#owner.writer.writeLatin1(data);
    return "taken";
  }

  latin1(bytes: Uint8Array): string {
    const codec = this.#owner.conn.latin1;
    const { length } = bytes;
    return codec === undefined ? decodeLatin1(bytes, 0, length) : codec.decode(bytes, 0, length);
  }

  flush(): void {
    this.#owner.writer.flush();
  }

  ready(bytes: number, fate: "taken" | "pending" = "taken"): Promise<void> {
    const { conn, host, writer } = this.#owner;
    if (writer.error !== undefined) return writer.drained();
    if (fate === "pending" || conn.queuedBytes > host.limits.maxQueuedBytes) return this.#taken();
    this.#turnOutput += bytes + WRITE_COST_BYTES;
    return this.#turnOutput > TURN_OUTPUT_BYTES ? this.#laterTurn() : RESOLVED;
  }

  onInterim(status: number): void {
    if (status === 100) this.expects = "nothing";
  }

  onHeadSent(): void {
    this.#handlerAt = Infinity;
    this.#arm();
  }

  log(message: string, cause?: unknown): void {
    this.#owner.host.log(message, cause);
  }

  signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#gone !== undefined) this.#controller.abort(this.#gone);
    }
    return this.#controller.signal;
  }

  setReadDeadline(at: number): void {
    this.#readAt = at;
    this.#watched = true;
    this.#arm();
  }

  setWriteDeadline(at: number): void {
    this.#writeAt = at;
    this.#watched = true;
    this.#arm();
  }

  hijack(): { readonly conn: Conn; readonly head: Uint8Array } {
    return this.#owner.hijack();
  }

  abort(): void {
    this.leave(new ServerError("response-aborted"));
    this.#owner.abort();
  }

  #runEnds(ends: readonly (() => void)[]): void {
    this.#ends = undefined;
    for (const fn of ends) fn();
  }

  #arm(): void {
    if (!this.#watched) return;
    this.#owner.deadlineAt = Math.min(
      this.#handlerAt,
      this.#bodyAt,
      this.#readAt,
      this.#writeAt,
      this.#progressAt,
    );
  }

  /** The body did not come in time: its read ends, and so will the connection. */
  #stopReading(): void {
    this.#bodyAt = this.#readAt = Infinity;
    this.keep = false;
    const error = new ServerError("body-timeout");
    this.body?.fail(error);
    this.#owner.reader.interrupt(error);
  }

  /** Has the client taken anything since we last looked? */
  #moved(): boolean {
    const { clock, timeouts } = this.#owner.host;
    const progress = progressOf(this.#owner.conn);
    if (progress === this.#progress) return false;
    this.#progress = progress;
    this.#progressAt = clock.now() + timeouts.writeTimeout;
    return true;
  }

  /** Waits until the client has taken what is queued. */
  #taken(): Promise<void> {
    const { conn, host, writer } = this.#owner;
    this.#progress = progressOf(conn);
    this.#progressAt = host.clock.now() + host.timeouts.writeTimeout;
    this.#watched = true;
    this.#arm();
    const response = this.writer;
    const onTaken = (): void => {
      // By then this may be the exchange of another request.
      if (this.writer !== response) return;
      this.#progressAt = Infinity;
      this.#arm();
    };
    const promise = writer.drained().then(onTaken, (error: unknown) => {
      // What ended the exchange is told, not what was done to the connection because of it.
      throw response?.failure ?? error;
    });
    promise.catch(ignore);
    return promise;
  }

  #laterTurn(): Promise<void> {
    return (this.#later ??= new Promise((resolve) => {
      this.#owner.writer.flush();
      this.#owner.host.clock.nextTurn(() => {
        this.#later = undefined;
        this.#turnOutput = 0;
        resolve();
      });
    }));
  }
}

/** A number that changes when the peer takes something. */
export function progressOf(conn: Conn): number {
  return conn.takenBytes ?? -conn.queuedBytes;
}

/** One for all: it says nothing of the single case, and making an Error costs as much as an answer. */
const HANDLER_DONE = new ServerError("handler-done");

function ignore(): void {
  // The failure of the connection is told to the writer and to the signal.
}

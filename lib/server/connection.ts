/**
 * One connection's loop: read a head, call the handler, finish the answer, again.
 * RFC 9112 §9 · Go: server.go conn.serve
 *
 * Rule of this file: it decides what comes next on the connection, and nothing about what an answer says.
 * Long because the phases share their fields; what can be told apart from them lies in the files beside it.
 *
 * The way of a request in, seven hops, all in the turn of the read callback:
 *   1 net                 the socket's chunk, borrowed
 *   2 bufio.Reader        onBytes: looks, keeps what is left over
 *   3 wire                scanRequestHead, requestFraming, checkTarget
 *   4 message             requestOf
 *   5 Connection          #serve: checks that are a server's, deadlines
 *   6 the handler         ServeMux or another; a promise only if it returns one
 *   7 Connection          #finish: completes the answer, drains, goes on; one flush for the whole turn
 */
import type { Addr, Alarm, Conn, IoError, ReaderListener, TlsInfo } from "../bufio/mod.ts";
import { Reader, Writer } from "../bufio/mod.ts";
import type { Body, BodyWatcher, Request, WireBodySource } from "../message/mod.ts";
import { openBody, openSource, requestOf } from "../message/mod.ts";
import {
  FieldKind,
  HeadScan,
  WireError,
  checkHost,
  checkTarget,
  expectation,
  keepsAlive,
  requestFraming,
  scanRequestHead,
} from "../wire/mod.ts";
import type { FieldSection, Framing, RequestHead } from "../wire/mod.ts";
import { dateLine } from "./date-line.ts";
import { ServerError } from "./errors.ts";
import { HijackedConn } from "./hijack.ts";
import type { ConnectionHost } from "./host.ts";
import { refusalFor } from "./refuse.ts";
import { ResponseWriter } from "./response-writer.ts";
import type { ResponseConnection, ResponseFor } from "./response-writer.ts";

/**
 * What the connection is doing, and so what its one deadline means:
 * reading (a head, or waiting for one) · handling (the handler's promise) · draining (an unread body) ·
 * waiting (the client takes too little) · yielding (others have their turn) · lingering (our side is
 * closed) · closing (both sides) · over (gone, or hijacked).
 */
type Phase =
  | "reading"
  | "handling"
  | "draining"
  | "waiting"
  | "yielding"
  | "lingering"
  | "closing"
  | "over";

/** After so much in a turn, other connections get theirs. */
const TURN_REQUESTS = 64;
const TURN_INPUT_BYTES = 262_144;
const TURN_OUTPUT_BYTES = 262_144;
const TURN_MS = 2;
/** The clock is looked at once in so many requests. */
const TURN_LOOK_REQUESTS = 8;
/** What one write costs beside its bytes, in bytes: a handler may not loop for ever on tiny pieces. */
const WRITE_COST_BYTES = 64;
const REFUSAL_EVIDENCE_BYTES = 1024;

const RESOLVED: Promise<void> = Promise.resolve();

export class Connection<C>
  implements Alarm, ReaderListener, BodyWatcher, ResponseConnection<C>, ResponseFor
{
  deadlineAt: number = Infinity;
  /** The value that connContext gave. */
  readonly context: C;
  readonly conn: Conn;
  // What the request in hand asked for; ResponseWriter reads it.
  method = "GET";
  versionMinor = 1;
  askedToKeep = false;

  readonly #host: ConnectionHost<C>;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #scan: HeadScan;
  #phase: Phase = "reading";
  /** Requests begun on this connection. */
  #requests = 0;
  /** Has a byte of the head been seen that is awaited now? */
  #headBegun = false;
  #turnRequests = 0;
  #turnInput = 0;
  #turnOutput = 0;
  #drained = 0;
  #lastHost: string | undefined;

  // The exchange in hand.
  #w: ResponseWriter<C> | undefined;
  #r: Request<C> | undefined;
  #body: Body | undefined;
  #source: WireBodySource | undefined;
  #keep = true;
  #continue: "none" | "wanted" | "sent" = "none";
  /** The handler has ended: what it has not read, nobody will. */
  #finishing = false;
  #controller: AbortController | undefined;
  #gone: Error | undefined;
  #handlerAt = Infinity;
  #bodyAt = Infinity;
  #readAt = Infinity;
  #progressAt = Infinity;
  #writeAt = Infinity;
  #takenBefore = 0;
  #later: Promise<void> | undefined;

  constructor(conn: Conn, host: ConnectionHost<C>, context: C) {
    this.conn = conn;
    this.context = context;
    this.#host = host;
    this.#reader = new Reader(conn, {
      listener: this,
      readAheadBytes: host.limits.readAheadBytes,
    });
    this.#writer = new Writer(conn);
    const codec = conn.latin1;
    const decode = codec === undefined ? undefined : codec.decode;
    this.#scan = new HeadScan("request", { ...host.reading, decode });
  }

  get server(): object {
    return this.#host.server;
  }

  get remoteAddr(): Addr | undefined {
    return this.conn.remoteAddr;
  }

  get localAddr(): Addr | undefined {
    return this.conn.localAddr;
  }

  get tls(): TlsInfo | undefined {
    return this.conn.tls;
  }

  /** Is it between requests, with nothing of the next one here? Such a one may be closed at any time. */
  get idle(): boolean {
    return this.#phase === "reading" && !this.#headBegun;
  }

  /** Begins to serve. */
  start(): void {
    const { clock, timeouts, shortestMs } = this.#host;
    this.deadlineAt = clock.now() + timeouts.readHeaderTimeout;
    clock.watch(this, shortestMs);
    this.#state("new");
    this.conn.start(this.#reader);
    if (this.conn.plaintextOnTls === true) this.refuse(new ServerError("plain-http-on-tls"));
  }

  /** Answers with the refusal for an error, and closes. */
  refuse(error: WireError | ServerError): void {
    const refusal = refusalFor(error, this.dateLine());
    const { bytes, from, to } = this.#reader;
    this.#writer.writeLatin1(refusal.text);
    this.#host.onRefusal({
      code: refusal.code,
      status: refusal.status,
      error,
      remoteAddr: this.remoteAddr,
      bytes: bytes.slice(from, Math.min(to, from + REFUSAL_EVIDENCE_BYTES)),
    });
    this.#linger();
  }

  /** Ends the connection at once; what is queued is dropped. */
  abort(): void {
    this.#phase = "closing";
    this.conn.abort();
  }

  /** Ends the connection when what is queued has gone out. */
  close(): void {
    this.#phase = "closing";
    this.#writer.flush();
    this.#awaitEnd();
    this.conn.close();
  }

  // --- what arrives -----------------------------------------------------------------------------

  onInput(): void {
    switch (this.#phase) {
      case "reading":
        this.#turnInput += this.#reader.buffered;
        this.#run();
        break;
      case "draining":
        if (this.#drain()) this.#run();
        break;
      case "lingering":
        this.#throwAway();
        break;
      default:
        // Read ahead: the Reader keeps it, up to its bound.
        break;
    }
  }

  onEnd(): void {
    switch (this.#phase) {
      case "reading":
        this.#run();
        break;
      case "draining":
        if (this.#drain()) this.#run();
        break;
      case "lingering":
        this.close();
        break;
      case "handling":
        this.#leave(new ServerError("half-closed"));
        break;
      default:
        break;
    }
  }

  onError(error: IoError): void {
    this.#writer.fail(error);
    this.#leave(error);
    this.#w?.fail(error);
    this.#body?.fail(error);
    if (this.#phase !== "over") this.#over("closed");
  }

  // --- the loop ---------------------------------------------------------------------------------

  #run(): void {
    const begunAt = this.#host.clock.now();
    this.#phase = "reading";
    try {
      for (let count = 1; this.#phase === "reading"; count++) {
        const head = scanRequestHead(
          this.#reader.bytes,
          this.#scan,
          this.#reader.from,
          this.#reader.to,
        );
        if (head === "need-more") {
          this.#awaitHead(begunAt);
          break;
        }
        this.#reader.consume(head.byteLength);
        if (!this.#serve(head)) break;
        if (this.#mustYield(count, begunAt)) break;
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.refuse(error);
    }
    this.#writer.flush();
  }

  /** Nothing to do until more comes. */
  #awaitHead(now: number): void {
    const { timeouts } = this.#host;
    const begun = this.#scan.started;
    if (this.#reader.ended) {
      if (begun) throw new WireError("truncated-head");
      this.close();
      return;
    }
    if (this.#host.closing && !begun) {
      this.close();
      return;
    }
    this.#reader.want();
    if (!begun) {
      if (this.#requests === 0) return;
      this.#writer.flush();
      this.#writer.release();
      this.#takenBefore = this.#progress();
      this.deadlineAt = now + timeouts.idleTimeout;
    } else if (!this.#headBegun) {
      this.#headBegun = true;
      this.#state("active");
      // The first head's time runs from the start of the connection.
      if (this.#requests > 0) this.deadlineAt = now + timeouts.readHeaderTimeout;
    }
  }

  /** True when the loop has to stop here, for the sake of others or of a client that does not read. */
  #mustYield(count: number, begunAt: number): boolean {
    if (this.#phase !== "reading") return true;
    if (this.#writer.queuedBytes > this.#host.limits.maxQueuedBytes) {
      this.#awaitClient();
      return true;
    }
    this.#turnRequests++;
    const over =
      this.#turnRequests >= TURN_REQUESTS ||
      this.#turnInput > TURN_INPUT_BYTES ||
      (count % TURN_LOOK_REQUESTS === 0 && this.#host.clock.now() - begunAt > TURN_MS);
    if (over) this.#yield();
    return over;
  }

  #yield(): void {
    this.#phase = "yielding";
    this.deadlineAt = Infinity;
    this.#host.clock.nextTurn(() => {
      this.#turnRequests = this.#turnInput = 0;
      if (this.#phase === "yielding") this.#run();
    });
  }

  /** The client takes its answers too slowly: no further request is begun before it has. */
  #awaitClient(): void {
    this.#phase = "waiting";
    this.#writer.flush();
    this.#takenBefore = this.#progress();
    this.deadlineAt = this.#host.clock.now() + this.#host.timeouts.writeTimeout;
    const goOn = (): void => {
      if (this.#phase === "waiting") this.#run();
    };
    this.#writer.drained().then(goOn, () => undefined);
  }

  /** One request; true when it is answered and the next may be read. Throws WireError to refuse. */
  #serve(head: RequestHead): boolean {
    const host = this.#host;
    this.#headBegun = false;
    const framing = requestFraming(head, host.reading.profile);
    checkTarget(head.method, head.target);
    this.#checkHost(head);
    const expected = expectation(head);
    this.#begin(head, framing, expected === "100-continue" ? "wanted" : "none");
    const { body, source } = this.#openBody(framing);
    const w = new ResponseWriter<C>(this, this);
    const r = requestOf(head, framing, body, this.#keep ? "keep" : "close", w);
    this.#w = w;
    this.#r = r;
    this.#body = body;
    this.#source = source;
    if (this.#reader.ended) this.#leave(new ServerError("half-closed"));
    return this.#call(w, r);
  }

  #begin(head: RequestHead, framing: Framing, expected: "wanted" | "none"): void {
    const { limits } = this.#host;
    this.#requests++;
    this.#phase = "handling";
    this.#gone = undefined;
    this.#controller = undefined;
    this.method = head.method;
    this.versionMinor = head.versionMinor;
    const kept = keepsAlive(head);
    this.askedToKeep = kept && head.versionMinor === 0;
    this.#keep = kept && this.#requests < limits.maxRequestsPerConn;
    this.#continue = framing.kind === "none" ? "none" : expected;
    if (framing.kind === "length" && framing.length === 0) this.#continue = "none";
    this.#state("active");
  }

  #openBody(framing: Framing): { body: Body; source: WireBodySource | undefined } {
    const reading = this.#host.reading;
    const source =
      framing.kind === "none"
        ? undefined
        : openSource(this.#reader, framing, {
            watcher: this,
            limits: reading.limits,
            decode: this.conn.latin1?.decode,
          });
    return { body: openBody(source, framing, reading), source };
  }

  /** RFC 9112 §3.2: HTTP/1.1 needs exactly one Host; a bad one is refused in every version. */
  #checkHost(head: RequestHead): void {
    const value = head.fields.value(FieldKind.host);
    if (value === undefined) {
      if (head.versionMinor > 0) throw new WireError("missing-host");
      return;
    }
    if (head.fields.repeats(FieldKind.host)) throw new WireError("duplicate-host");
    if (value === this.#lastHost) return;
    checkHost(value);
    this.#lastHost = value;
  }

  #call(w: ResponseWriter<C>, r: Request<C>): boolean {
    const host = this.#host;
    try {
      const general = r.target === "*" && r.method === "OPTIONS" && host.answersGeneralOptions;
      const result = general ? answerGeneralOptions(w) : host.handler(w, r);
      if (result === undefined) return this.#finish();
      this.#armHandling();
      this.#follow(result);
      return false;
    } catch (error) {
      this.#fail(error);
      return this.#finish();
    }
  }

  /** Goes on when the handler's promise settles. */
  #follow(result: PromiseLike<void>): void {
    result.then(this.#onHandlerDone, this.#onHandlerFailed);
  }

  readonly #onHandlerDone = (): void => {
    if (this.#finish()) this.#run();
    else this.#writer.flush();
  };

  readonly #onHandlerFailed = (error: unknown): void => {
    this.#fail(error);
    this.#onHandlerDone();
  };

  /** The handler threw or rejected. */
  #fail(error: unknown): void {
    const w = this.#w;
    if (w === undefined) return;
    this.#host.onHandlerError(error, this.#r!);
    if (this.#phase === "over") return;
    if (w.sent.head === "pending") {
      const status = statusOf(error);
      w.replace(
        status,
        status === 500 ? "Internal Server Error\n" : `${(error as Error).message}\n`,
      );
      return;
    }
    w.discard();
    this.#cut();
  }

  /** Ends the connection in a way that shows that the answer is not complete. */
  #cut(): void {
    this.#writer.flush();
    if (this.versionMinor === 0) this.abort();
    else this.close();
  }

  /** The handler has ended; true when the next request may be read. */
  #finish(): boolean {
    const w = this.#w;
    if (w === undefined) return false;
    if (this.#phase !== "handling") {
      this.#endExchange();
      return false;
    }
    this.#finishing = true;
    let fate: "keep" | "close" | "hijacked";
    try {
      fate = w.finish();
    } catch (error) {
      fate = this.#finishAgain(w, error);
    }
    const source = this.#source;
    this.#endExchange();
    if (fate === "hijacked" || this.#phase !== "handling") return false;
    if (fate === "close" || this.#restIsLarge(source)) {
      this.#lingerOrClose(source);
      return false;
    }
    if (source === undefined || source.done) return this.#next();
    this.#source = source;
    this.#drained = 0;
    this.deadlineAt = this.#host.clock.now() + this.#host.timeouts.drainTimeout;
    return this.#drain();
  }

  /** What the handler set cannot be sent: 500, or the connection is cut. */
  #finishAgain(w: ResponseWriter<C>, error: unknown): "keep" | "close" | "hijacked" {
    this.#fail(error);
    return this.#phase === "handling" ? w.finish() : "close";
  }

  #endExchange(): void {
    if (this.#controller !== undefined && this.#gone === undefined) {
      this.#controller.abort(new ServerError("handler-done"));
    }
    this.#body?.fail(new ServerError("handler-done"));
    this.#w = undefined;
    this.#r = undefined;
    this.#body = undefined;
    this.#source = undefined;
    this.#finishing = false;
    this.#handlerAt = this.#bodyAt = this.#readAt = this.#progressAt = this.#writeAt = Infinity;
  }

  #restIsLarge(source: WireBodySource | undefined): boolean {
    const remaining = source?.remaining;
    return remaining !== undefined && remaining >= this.#host.limits.maxDrainBytes;
  }

  #next(): boolean {
    this.#phase = "reading";
    this.#source = undefined;
    this.#state("idle");
    return true;
  }

  /** Reads and drops what the handler has not read; true when the next request may be read. */
  #drain(): boolean {
    this.#phase = "draining";
    const source = this.#source!;
    this.#writer.flush();
    try {
      const skipped = source.skip();
      if (skipped === "end") return this.#next();
      this.#drained += skipped;
    } catch {
      // The answer has gone out already; all that is left to say is goodbye.
      this.#linger();
      return false;
    }
    if (this.#drained > this.#host.limits.maxDrainBytes) this.#linger();
    else this.#reader.want();
    return false;
  }

  // --- the end ----------------------------------------------------------------------------------

  /** After the last answer: a client that is still sending would lose it to a reset. */
  #lingerOrClose(source: WireBodySource | undefined): void {
    const quiet = this.#reader.ended || this.#reader.error !== undefined;
    if (quiet && (source === undefined || source.done)) this.close();
    else this.#linger();
  }

  /** Closes our side, and reads on for a while so that the client can read the answer. RFC 9112 §9.6 */
  #linger(): void {
    if (this.#phase === "over" || this.#phase === "closing") return;
    this.#writer.flush();
    this.conn.closeWrite();
    this.#phase = "lingering";
    this.#drained = 0;
    this.#awaitEnd();
    if (this.#reader.ended) this.close();
    else this.#throwAway();
  }

  /** The client has lingerTimeout to go away, from when it has taken all that is queued. */
  #awaitEnd(): void {
    const { clock, timeouts } = this.#host;
    const linger = (): void => {
      this.deadlineAt = clock.now() + timeouts.lingerTimeout;
    };
    if (this.conn.queuedBytes === 0) return linger();
    this.#takenBefore = this.#progress();
    this.deadlineAt = clock.now() + timeouts.writeTimeout;
    this.#writer.drained().then(linger, () => undefined);
  }

  #throwAway(): void {
    this.#drained += this.#reader.buffered;
    this.#reader.consume(this.#reader.buffered);
    if (this.#drained > this.#host.limits.maxLingerBytes) this.close();
    else this.#reader.want();
  }

  #over(state: "closed" | "hijacked"): void {
    this.#phase = "over";
    this.#host.clock.unwatch(this);
    this.#writer.release();
    this.#host.forget(this);
    this.#state(state);
  }

  /** The peer is gone, or will send nothing more: whoever listens to the signal is told. */
  #leave(reason: Error): void {
    this.#gone ??= reason;
    this.#controller?.abort(this.#gone);
  }

  #state(state: "new" | "active" | "idle" | "closed" | "hijacked"): void {
    if (this.#host.watchesStates) this.#host.onState(this.conn, state);
  }

  // --- time -------------------------------------------------------------------------------------

  onDeadline(): void {
    if (this.#phase === "handling") return this.#onHandlingDeadline();
    if (this.#phase === "yielding") return;
    // A client that is still taking an answer is not idle.
    if (this.conn.queuedBytes > 0) return this.#onStalledOutput();
    if (this.#phase === "reading") {
      if (this.#scan.started) this.refuse(new ServerError("header-timeout"));
      else this.close();
    } else if (this.#phase === "draining") {
      this.#linger();
    } else {
      this.abort();
    }
  }

  #onHandlingDeadline(): void {
    const now = this.#host.clock.now();
    if (now >= this.#handlerAt) return this.#onHandlerTimeout();
    if (now >= this.#writeAt) return this.#giveUpWriting();
    if (now >= this.#progressAt) this.#onStalledOutput();
    if (now >= this.#bodyAt || now >= this.#readAt) {
      this.#bodyAt = this.#readAt = Infinity;
      this.#keep = false;
      const error = new ServerError("body-timeout");
      this.#body?.fail(error);
      this.#reader.interrupt(error);
    }
    this.#arm();
  }

  #onHandlerTimeout(): void {
    const w = this.#w!;
    const error = new ServerError("handler-timeout");
    this.#host.log(error.message);
    this.#leave(error);
    this.#keep = false;
    w.replace(503, "Service Unavailable\n");
    w.finish();
    w.fail(error);
    this.#body?.fail(error);
    this.#reader.interrupt(error);
    this.#endExchange();
    this.#linger();
  }

  /** Output has waited for its whole time: was some of it taken meanwhile? */
  #onStalledOutput(): void {
    const taken = this.#progress();
    if (taken === this.#takenBefore) return this.#giveUpWriting();
    this.#takenBefore = taken;
    const at = this.#host.clock.now() + this.#host.timeouts.writeTimeout;
    if (this.#phase === "handling") this.#progressAt = at;
    else this.deadlineAt = at;
  }

  /** A number that changes when the client takes something. */
  #progress(): number {
    return this.conn.takenBytes ?? -this.conn.queuedBytes;
  }

  #giveUpWriting(): void {
    const error = new ServerError("write-timeout");
    this.#w?.fail(error);
    this.#leave(error);
    this.abort();
  }

  #armHandling(): void {
    if (this.#w?.sent.head === "pending") {
      this.#handlerAt = this.#host.clock.now() + this.#host.timeouts.handlerTimeout;
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#phase !== "handling") return;
    this.deadlineAt = Math.min(
      this.#handlerAt,
      this.#bodyAt,
      this.#readAt,
      this.#progressAt,
      this.#writeAt,
    );
  }

  // --- for the body -----------------------------------------------------------------------------

  onBodyRead(): void {
    if (this.#continue !== "wanted") return;
    if (this.#w?.sent.head === "sent") throw new ServerError("body-not-invited");
    this.#continue = "sent";
    this.#writer.writeLatin1("HTTP/1.1 100 Continue\r\n\r\n");
    this.#writer.flush();
  }

  onBodyWait(): void {
    // What was answered so far may be what the client waits for.
    this.#writer.flush();
    this.#bodyAt = this.#host.clock.now() + this.#host.timeouts.readTimeout;
    this.#arm();
  }

  onBodyMoved(): void {
    this.#bodyAt = Infinity;
    this.#arm();
  }

  onBodyEnd(trailers: FieldSection | undefined): void {
    if (trailers === undefined || this.#body === undefined) return;
    for (let i = 0; i < trailers.count; i++) {
      this.#body.trailer.add(trailers.nameAt(i), trailers.valueAt(i));
    }
  }

  // --- for the ResponseWriter -------------------------------------------------------------------

  dateLine(): string {
    return dateLine(this.#host.clock.now());
  }

  fate(): "keep" | "close" {
    if (!this.#keep || this.#host.closing || this.#continue === "wanted") return "close";
    if (this.#source?.broken === true) return "close";
    return this.#finishing && this.#restIsLarge(this.#source) ? "close" : "keep";
  }

  send(data: string | Uint8Array): void {
    if (typeof data === "string") this.#writer.writeLatin1(data);
    else this.#writer.write(data);
  }

  flush(): void {
    this.#writer.flush();
  }

  ready(bytes: number): Promise<void> {
    if (this.#writer.error !== undefined) return this.#writer.drained();
    if (this.conn.queuedBytes > this.#host.limits.maxQueuedBytes) return this.#taken();
    this.#turnOutput += bytes + WRITE_COST_BYTES;
    return this.#turnOutput > TURN_OUTPUT_BYTES ? this.#laterTurn() : RESOLVED;
  }

  onInterim(status: number): void {
    if (status === 100 && this.#continue === "wanted") this.#continue = "sent";
  }

  onHeadSent(): void {
    this.#handlerAt = Infinity;
    this.#arm();
  }

  log(message: string, cause?: unknown): void {
    this.#host.log(message, cause);
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
    this.#arm();
  }

  setWriteDeadline(at: number): void {
    this.#writeAt = at;
    this.#arm();
  }

  hijack(): { readonly conn: Conn; readonly head: Uint8Array } {
    const { conn } = this;
    conn.pause();
    const head = this.#reader.takeAll();
    this.#reader.listener = undefined;
    this.#over("hijacked");
    return { conn: new HijackedConn(conn, this.#reader.ended ? "ended" : "open"), head };
  }

  #taken(): Promise<void> {
    this.#takenBefore = this.#progress();
    this.#progressAt = this.#host.clock.now() + this.#host.timeouts.writeTimeout;
    this.#arm();
    const done = (): void => {
      this.#progressAt = Infinity;
      this.#arm();
    };
    const promise = this.#writer.drained();
    promise.then(done, () => undefined);
    return promise;
  }

  #laterTurn(): Promise<void> {
    return (this.#later ??= new Promise((resolve) => {
      this.#writer.flush();
      this.#host.clock.nextTurn(() => {
        this.#later = undefined;
        this.#turnOutput = 0;
        resolve();
      });
    }));
  }
}

/** RFC 9110 §9.3.7: `OPTIONS *` asks about the server as a whole. */
function answerGeneralOptions<C>(w: ResponseWriter<C>): void {
  w.header.set("Content-Length", "0");
  w.writeHeader(200);
}

/** The status for what a handler threw: an error of ours that is the client's fault says which. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !("status" in error)) return 500;
  const { status } = error;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

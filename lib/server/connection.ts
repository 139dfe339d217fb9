// Long because the phases share their fields; what can be told apart from them lies in the files beside it.
/**
 * One connection's loop: read a head, call the handler, finish the answer, again.
 * RFC 9112 §9 · Go: server.go conn.serve
 *
 * Rule of this file: it decides what comes next on the connection, and nothing about what an answer says. How much
 * is done in a turn lies in turn.ts, what a head is asked in request-checks.ts, waiting for a slow client in
 * output-wait.ts, and the end in leaving.ts.
 *
 * The way of a request in, seven hops, all in the turn of the read callback:
 *   1 net                 the socket's chunk, borrowed
 *   2 bufio.Reader        onBytes: looks, keeps what is left over
 *   3 wire                scanRequestHead, requestFraming, checkTarget
 *   4 message             requestOf
 *   5 Connection          #serve: checks that are a server's; open-exchange.ts makes what the handler gets
 *   6 the handler         ServeMux or another; a promise only if it returns one
 *   7 Connection          #finish: completes the answer, drains, goes on; one flush for the whole turn
 */
import type { Addr, Alarm, Conn, IoError, ReaderListener } from "../bufio/mod.ts";
import { HandedConn, Reader, Writer } from "../bufio/mod.ts";
import type { Request } from "../message/mod.ts";
import { WireError, checkTarget, requestFraming, scanRequestHead } from "../wire/mod.ts";
import type { HeadScan, RequestHead } from "../wire/mod.ts";
import { dateLine } from "./date-line.ts";
import { ServerError, statusOf } from "./errors.ts";
import { evidenceOf } from "./evidence.ts";
import { Exchange, progressOf } from "./exchange.ts";
import type { ConnState, ConnectionHost } from "./host.ts";
import { Leaving, type LeavingOwner } from "./leaving.ts";
import { type OpeningOwner, openExchange } from "./open-exchange.ts";
import { awaitTaken, hasMoved, waitFrom } from "./output-wait.ts";
import { refusalFor } from "./refuse.ts";
import { answerGeneralOptions, asksAboutServer, checkScheme, hostOf } from "./request-checks.ts";
import type { ResponseWriter } from "./response-writer.ts";
import { TURN_PROMISE_REQUESTS, isTurnOver } from "./turn.ts";

/**
 * What the connection is doing, and so what its one deadline means:
 * reading (a head, or waiting for one) · handling (the handler's promise) · draining (an unread body) ·
 * waiting (the client takes too little) · yielding (others have their turn) · leaving (see leaving.ts) ·
 * over (gone, or hijacked).
 */
type Phase = "reading" | "handling" | "draining" | "waiting" | "yielding" | "leaving" | "over";

export class Connection<C> implements Alarm, ReaderListener, OpeningOwner<C>, LeavingOwner {
  deadlineAt: number = Infinity;
  /** When the loop was entered last; good enough for a Date while it runs. */
  enteredAt = 0;
  readonly conn: Conn;
  /** The value that connContext gave. */
  readonly context: C;
  readonly host: ConnectionHost<C>;
  readonly reader: Reader;
  readonly writer: Writer;
  /** Requests begun on this connection. */
  requests = 0;
  /** What the client had taken when the wait for it began; see output-wait.ts. */
  progress = 0;

  #phase: Phase = "reading";
  /** The scanner that has seen a part of a head; between heads the server's shared one is used. */
  #scan: HeadScan | undefined;
  #exchange: Exchange<C> | undefined;
  /** What was done since another connection got input, or since we gave way. */
  #turnRequests = 0;
  #turnInput = 0;
  /** Bytes of the body that were thrown away. */
  #dropped = 0;
  /** Between two requests: had the client taken everything when we looked last, or is it waited for? */
  #isTaken = true;
  /** Made when it ends. */
  #leaving: Leaving | undefined;
  /** The state that was told last. */
  #told: ConnState | undefined;

  constructor(conn: Conn, host: ConnectionHost<C>, context: C) {
    this.conn = conn;
    this.context = context;
    this.host = host;
    this.reader = new Reader(conn, { listener: this, readAheadBytes: host.limits.readAheadBytes });
    this.writer = new Writer(conn);
  }

  get remoteAddr(): Addr | undefined {
    return this.conn.remoteAddr;
  }

  /** Is it between requests, with nothing of the next one here? Such a one may be closed at any time. */
  get idle(): boolean {
    return this.#phase === "reading" && this.#scan?.started !== true;
  }

  /** Begins to serve. */
  start(): void {
    const { clock, timeouts, shortestMs } = this.host;
    this.deadlineAt = clock.now() + timeouts.readHeaderTimeout;
    clock.watch(this, shortestMs);
    this.#state("new");
    this.conn.start(this.reader);
    if (this.conn.plaintextOnTls === true) this.refuse(new ServerError("plain-http-on-tls"));
  }

  /** Answers with the refusal for an error, and closes. */
  refuse(error: WireError | ServerError, head?: RequestHead): void {
    const refusal = refusalFor(error, dateLine(this.host.clock.now()));
    if (error instanceof WireError) this.#state("active");
    this.writer.writeLatin1(refusal.text);
    this.host.onRefusal({
      code: refusal.code,
      status: refusal.status,
      error,
      remoteAddr: this.remoteAddr,
      bytes: evidenceOf(this.reader, head),
    });
    this.#linger();
  }

  /** Ends the connection at once; what is queued is dropped. */
  abort(): void {
    if (this.#phase === "over") return;
    // The whole answers of this turn are no part of what is cut: a peer that takes them still has them.
    this.writer.flush();
    this.#leave().abort();
  }

  /** Ends the connection when what is queued has gone out. */
  close(): void {
    if (this.#phase !== "over") this.#leave().close();
  }

  /** Gives the connection away. */
  hijack(): { readonly conn: Conn; readonly head: Uint8Array } {
    // The answers of this turn come before whatever the new owner writes.
    this.writer.flush();
    const conn = new HandedConn(this.conn, { peer: this.reader.ended ? "ended" : "open" });
    const head = this.reader.takeAll();
    this.reader.listener = undefined;
    this.#over("hijacked");
    return { conn, head };
  }

  // --- what arrives -----------------------------------------------------------------------------

  onInput(count: number): void {
    if (this.host.lastFed !== this) {
      this.host.lastFed = this;
      this.#turnRequests = this.#turnInput = 0;
    }
    this.#turnInput += count;
    if (this.#phase === "reading") {
      this.#run();
    } else if (this.#phase === "draining") {
      if (this.#drain()) this.#run();
    } else if (this.#phase === "leaving") {
      this.#leaving!.onInput();
    }
    // In every other phase the Reader keeps it, up to the read-ahead.
  }

  onEnd(): void {
    if (this.#phase === "reading") this.#run();
    else if (this.#phase === "draining") this.#linger();
    else if (this.#phase === "handling") this.#exchange?.leave(new ServerError("half-closed"));
    else if (this.#phase === "leaving") this.#leaving!.onEnd();
  }

  onError(error: IoError): void {
    this.writer.fail(error);
    this.#exchange?.fail(error);
    if (this.#phase !== "over") this.#over("closed");
  }

  // --- the loop ---------------------------------------------------------------------------------

  #run(): void {
    const { reader } = this;
    const now = this.host.clock.now();
    this.enteredAt = now;
    this.#phase = "reading";
    const shared = this.host.scan;
    shared.hold();
    let head: RequestHead | "need-more" = "need-more";
    try {
      while (this.#phase === "reading" && !this.#mustWait()) {
        const scan = this.#scan ?? this.host.scan;
        head = "need-more";
        head = scanRequestHead(reader.bytes, scan, reader.from, reader.to);
        if (head === "need-more") {
          this.#awaitHead(scan, now);
          break;
        }
        this.#scan = undefined;
        reader.consume(head.byteLength);
        if (!this.#serve(head)) break;
      }
    } catch (error) {
      // A scan that failed half-way is of no use to the next connection.
      if (this.#scan === undefined) this.host.scan = this.host.newScan();
      if (!(error instanceof WireError)) throw error;
      this.refuse(error, head === "need-more" ? undefined : head);
    } finally {
      shared.letGo();
    }
    this.writer.flush();
  }

  /** Nothing to do until more comes. */
  #awaitHead(scan: HeadScan, now: number): void {
    const { timeouts } = this.host;
    const begun = scan.begun;
    if (begun && this.#scan === undefined) {
      // From here on the scanner knows a part of our head: the others get a new one.
      this.#scan = scan;
      this.host.scan = this.host.newScan();
      if (this.requests > 0) this.deadlineAt = now + timeouts.readHeaderTimeout;
    }
    if (scan.started) this.#state("active");
    if (this.reader.ended) {
      if (scan.started) throw new WireError("truncated-head");
      this.close();
      return;
    }
    if (!begun) {
      if (this.requests > 0) this.#rest(now);
      if (this.host.closing && this.requests > 0) this.close();
    }
    this.reader.want();
  }

  /** Between two requests: whatever can be given back is. */
  #rest(now: number): void {
    this.writer.flush();
    this.writer.release();
    this.#exchange?.giveBack();
    this.#exchange = undefined;
    // What is on its way (on TLS always) will nearly always be gone when the clock looks: only then is it waited for.
    this.#isTaken = this.conn.queuedBytes === 0;
    if (!this.#isTaken) this.progress = progressOf(this.conn);
    this.deadlineAt = this.#isTaken ? now + this.host.timeouts.idleTimeout : now;
  }

  /** The time between two requests begins when the client has taken the last answer. */
  #beginIdle(): void {
    this.#isTaken = true;
    waitFrom(this, this.host.clock.now(), this.host.timeouts.idleTimeout, this.#sameRest());
  }

  /** Is it still the same rest? A head that has begun meanwhile has a time of its own. */
  #sameRest(): () => boolean {
    const { requests } = this;
    return () =>
      this.#phase === "reading" && this.requests === requests && this.#scan?.started !== true;
  }

  /** Is the next request to wait, for the sake of others or of a client that does not read? */
  #mustWait(): boolean {
    if (this.reader.buffered === 0) return false;
    if (this.conn.queuedBytes > this.host.limits.maxQueuedBytes) {
      this.#awaitClient();
      return true;
    }
    const count = this.#turnRequests;
    if (count === 0) return false;
    const over = isTurnOver(count, this.#turnInput, this.enteredAt, this.host.clock);
    if (over) this.#yield();
    return over;
  }

  #yield(): void {
    this.#phase = "yielding";
    this.deadlineAt = Infinity;
    this.host.clock.nextTurn(() => {
      this.#turnRequests = this.#turnInput = 0;
      if (this.#phase === "yielding") this.#run();
    });
  }

  /** The client takes its answers too slowly: no further request is begun before it has. */
  #awaitClient(): void {
    this.#phase = "waiting";
    this.writer.flush();
    awaitTaken(this, this.host.clock.now(), () => {
      if (this.#phase === "waiting") this.#run();
    });
  }

  /** One request; true when it is answered and the next may be read. Throws WireError to refuse. */
  #serve(head: RequestHead): boolean {
    const framing = requestFraming(head, this.host.reading.profile);
    checkTarget(head.method, head.target);
    checkScheme(head.target, this.conn, this.host);
    const host = hostOf(head, this.host.lastHost);
    this.host.lastHost = host;
    const exchange = (this.#exchange ??= Exchange.borrow<C>(this));
    const r = openExchange(exchange, this, head, framing, host);
    this.requests++;
    this.#turnRequests++;
    this.#phase = "handling";
    this.#state("active");
    if (this.reader.ended) exchange.leave(new ServerError("half-closed"));
    return this.#call(r, exchange);
  }

  #call(r: Request<C>, exchange: Exchange<C>): boolean {
    const { host } = this;
    const w = exchange.writer!;
    try {
      const general = asksAboutServer(r) && host.answersGeneralOptions;
      const result = general ? answerGeneralOptions(w) : host.handler(w, r);
      if (result === undefined) return this.#finish();
      // What the handler does before it settles is done in this turn too, and nobody counts it.
      this.#turnRequests += TURN_PROMISE_REQUESTS;
      exchange.follow(result);
      return false;
    } catch (error) {
      this.#fail(error);
      return this.#finish();
    }
  }

  onHandled(): void {
    if (this.#finish()) this.#run();
    else this.writer.flush();
  }

  onHandlerFailed(error: unknown): void {
    this.#fail(error);
    this.onHandled();
  }

  /** The handler threw or rejected: 500 when nothing of its answer is out, else the connection is cut. */
  #fail(error: unknown): void {
    const request = this.#exchange?.request;
    const w = this.#exchange?.writer;
    if (request === undefined || w === undefined) return;
    this.host.onHandlerError(error, request);
    if (this.#phase !== "handling") return;
    if (w.headIsPending) {
      const status = statusOf(error);
      w.replace(status, status < 500 ? `${(error as Error).message}\n` : "Internal Server Error\n");
      return;
    }
    w.discard();
    // Without a length or chunks only a reset shows that the answer is not complete.
    if (w.endsByClose) this.abort();
    else this.close();
  }

  /** The handler has ended; true when the next request may be read. */
  #finish(): boolean {
    const exchange = this.#exchange;
    const w = exchange?.writer;
    if (exchange === undefined || w === undefined) return false;
    exchange.ending = true;
    const fate = this.#phase === "handling" ? this.#complete(w) : "over";
    const { source } = exchange;
    const restIsLarge = source !== undefined && exchange.restIsLarge;
    exchange.end();
    if (fate === "over" || this.#phase !== "handling") return false;
    if (fate === "close" || restIsLarge) {
      this.#leave().afterAnswer(source);
      return false;
    }
    if (source === undefined || source.done) return this.#next();
    exchange.source = source;
    this.#dropped = 0;
    this.deadlineAt = this.host.clock.now() + this.host.timeouts.drainTimeout;
    return this.#drain();
  }

  /** Completes the answer; one that cannot be sent becomes a 500, or the end of the connection. */
  #complete(w: ResponseWriter<C>): "keep" | "close" | "over" {
    try {
      return w.finish();
    } catch (error) {
      this.#fail(error);
    }
    return this.#phase === "handling" ? w.finish() : "over";
  }

  #next(): boolean {
    this.#exchange!.source = undefined;
    this.#phase = "reading";
    this.#state("idle");
    return true;
  }

  /** Reads and drops what the handler has not read; true when the next request may be read. */
  #drain(): boolean {
    this.#phase = "draining";
    this.writer.flush();
    try {
      const skipped = this.#exchange!.source!.skip();
      if (skipped === "end") return this.#next();
      this.#dropped += skipped;
    } catch {
      // The answer has gone out already; all that is left to say is goodbye.
      this.#linger();
      return false;
    }
    if (this.#dropped > this.host.limits.maxDrainBytes) this.#linger();
    else this.reader.want();
    return false;
  }

  // --- the end ----------------------------------------------------------------------------------

  /** Our side is closed; what still comes is read for a while and thrown away. */
  #linger(): void {
    if (this.#phase !== "over") this.#leave().linger();
  }

  #leave(): Leaving {
    this.#phase = "leaving";
    return (this.#leaving ??= new Leaving(this));
  }

  #over(state: "closed" | "hijacked"): void {
    this.#phase = "over";
    this.host.clock.unwatch(this);
    this.writer.release();
    this.host.forget(this);
    this.#state(state);
  }

  #state(state: ConnState): void {
    if (!this.host.watchesStates || state === this.#told) return;
    this.#told = state;
    this.host.onState(this.conn, state);
  }

  // --- time -------------------------------------------------------------------------------------

  onDeadline(): void {
    if (this.#phase === "handling") {
      const meaning = this.#exchange!.onDeadline();
      if (meaning === "handler-timeout") this.#giveUpHandler();
      else if (meaning === "write-timeout") this.#giveUpWriting();
      return;
    }
    if (!this.#isTaken && this.idle) {
      this.#beginIdle();
    } else if (this.conn.queuedBytes > 0) {
      // A client that is still taking an answer is not idle.
      if (!hasMoved(this)) this.#giveUpWriting();
    } else if (this.#phase === "draining") {
      this.#linger();
    } else if (this.#phase !== "reading") {
      if (this.#leaving?.onDeadline() !== "go-on") this.#over("closed");
    } else if (this.#scan?.started === true) {
      this.refuse(new ServerError("header-timeout"));
    } else {
      // Not abort: a reset would throw away what the kernel still has to deliver.
      this.close();
    }
  }

  #giveUpHandler(): void {
    const exchange = this.#exchange!;
    const w = exchange.writer!;
    const error = new ServerError("handler-timeout");
    this.host.log(error.message);
    exchange.leave(error);
    exchange.keep = false;
    w.replace(503, "Service Unavailable\n");
    w.finish();
    exchange.fail(error);
    this.reader.interrupt(error);
    exchange.end();
    this.#linger();
  }

  #giveUpWriting(): void {
    this.#exchange?.fail(new ServerError("write-timeout"));
    this.abort();
  }
}

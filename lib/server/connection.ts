// Long because the phases share their fields; what can be told apart from them lies in the files beside it.
/**
 * One connection's loop: read a head, call the handler, finish the answer, again.
 * RFC 9112 §9 · Go: server.go conn.serve
 *
 * Rule of this file: it decides what comes next on the connection, and nothing about what an answer says.
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
import type { Addr, Alarm, Conn, IoError, ReaderListener } from "../bufio/mod.ts";
import { HandedConn, Reader, Writer } from "../bufio/mod.ts";
import type { Request, WireBodySource } from "../message/mod.ts";
import { openBody, openSource, requestOf } from "../message/mod.ts";
import {
  FieldKind,
  HeadScan,
  WireError,
  checkHost,
  checkTarget,
  encodeLatin1,
  expectation,
  keepsAlive,
  requestFraming,
  scanRequestHead,
} from "../wire/mod.ts";
import type { Framing, RequestHead } from "../wire/mod.ts";
import { dateLine } from "./date-line.ts";
import { ServerError, statusOf } from "./errors.ts";
import { Exchange, progressOf } from "./exchange.ts";
import type { ConnState, ConnectionHost, ExchangeOwner } from "./host.ts";
import { refusalFor } from "./refuse.ts";
import { ResponseWriter } from "./response-writer.ts";

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

/** After so much, other connections get their turn. */
const TURN_REQUESTS = 64;
const TURN_INPUT_BYTES = 262_144;
const TURN_MS = 2;
/** For how many requests one whose handler returns a promise counts. */
const TURN_PROMISE_REQUESTS = 3;
/** The clock is looked at once in so many requests. */
const TURN_LOOK_REQUESTS = 8;
/** So much of a refused message is shown to onRefusal. */
const REFUSAL_EVIDENCE_BYTES = 1024;

const SLASH = 0x2f;
const HTTPS = "https://";

export class Connection<C> implements Alarm, ReaderListener, ExchangeOwner<C> {
  deadlineAt: number = Infinity;
  /** When the loop was entered last; good enough for a Date while it runs. */
  enteredAt = 0;
  readonly conn: Conn;
  /** The value that connContext gave. */
  readonly context: C;
  readonly host: ConnectionHost<C>;
  readonly reader: Reader;
  readonly writer: Writer;

  #phase: Phase = "reading";
  /** The scanner that has seen a part of a head; between heads the server's shared one is used. */
  #scan: HeadScan | undefined;
  #exchange: Exchange<C> | undefined;
  /** Requests begun on this connection. */
  #requests = 0;
  /** What was done since another connection got input, or since we gave way. */
  #turnRequests = 0;
  #turnInput = 0;
  /** Bytes of body or of anything that were thrown away in this phase. */
  #dropped = 0;
  #progress = 0;
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
      bytes: this.#evidence(head),
    });
    this.#linger();
  }

  /** The first bytes of a refused message, as a copy. */
  #evidence(head: RequestHead | undefined): Uint8Array {
    if (head !== undefined) return encodeLatin1(head.fields.text.slice(0, REFUSAL_EVIDENCE_BYTES));
    const { bytes, from, to } = this.reader;
    return bytes.slice(from, Math.min(to, from + REFUSAL_EVIDENCE_BYTES));
  }

  /** Ends the connection at once; what is queued is dropped. */
  abort(): void {
    if (this.#phase === "over") return;
    this.#phase = "closing";
    this.conn.abort();
  }

  /** Ends the connection when what is queued has gone out. */
  close(): void {
    if (this.#phase === "over") return;
    this.#phase = "closing";
    this.writer.flush();
    this.#waitFrom(this.host.clock.now(), this.host.timeouts.lingerTimeout);
    this.conn.close();
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
    } else if (this.#phase === "lingering") {
      this.#throwAway();
    }
    // In every other phase the Reader keeps it, up to the read-ahead.
  }

  onEnd(): void {
    if (this.#phase === "reading") this.#run();
    else if (this.#phase === "draining") this.#linger();
    else if (this.#phase === "lingering") this.close();
    else if (this.#phase === "handling") this.#exchange?.leave(new ServerError("half-closed"));
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
      if (this.#requests > 0) this.deadlineAt = now + timeouts.readHeaderTimeout;
    }
    if (scan.started) this.#state("active");
    if (this.reader.ended) {
      if (scan.started) throw new WireError("truncated-head");
      this.close();
      return;
    }
    if (!begun) {
      if (this.#requests > 0) this.#rest(now);
      if (this.host.closing && this.#requests > 0) this.close();
    }
    this.reader.want();
  }

  /** Between two requests: whatever can be given back is. */
  #rest(now: number): void {
    this.writer.flush();
    this.writer.release();
    this.#exchange?.giveBack();
    this.#exchange = undefined;
    this.#waitFrom(now, this.host.timeouts.idleTimeout);
  }

  /** The wait of `ms` begins when the client has taken all that is queued. */
  #waitFrom(now: number, ms: number): void {
    if (this.conn.queuedBytes === 0) {
      this.deadlineAt = now + ms;
      return;
    }
    const { clock, timeouts } = this.host;
    const phase = this.#phase;
    const requests = this.#requests;
    const begin = (): void => {
      // A head that has begun meanwhile has a time of its own.
      const same = this.#phase === phase && this.#requests === requests;
      if (same && this.#scan?.started !== true) this.deadlineAt = clock.now() + ms;
    };
    this.#progress = progressOf(this.conn);
    this.deadlineAt = now + timeouts.writeTimeout;
    this.writer.drained().then(begin, ignore);
  }

  /** Is the next request to wait, for the sake of others or of a client that does not read? */
  #mustWait(): boolean {
    const count = this.#turnRequests;
    if (count === 0 || this.reader.buffered === 0) return false;
    if (this.conn.queuedBytes > this.host.limits.maxQueuedBytes) {
      this.#awaitClient();
      return true;
    }
    const over =
      count >= TURN_REQUESTS ||
      this.#turnInput > TURN_INPUT_BYTES ||
      (count % TURN_LOOK_REQUESTS === 0 && this.host.clock.now() - this.enteredAt > TURN_MS);
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
    const { clock, timeouts } = this.host;
    this.#phase = "waiting";
    this.writer.flush();
    this.#progress = progressOf(this.conn);
    this.deadlineAt = clock.now() + timeouts.writeTimeout;
    const goOn = (): void => {
      if (this.#phase === "waiting") this.#run();
    };
    this.writer.drained().then(goOn, ignore);
  }

  /** One request; true when it is answered and the next may be read. Throws WireError to refuse. */
  #serve(head: RequestHead): boolean {
    const { reading } = this.host;
    const framing = requestFraming(head, reading.profile);
    checkTarget(head.method, head.target);
    if (head.target.charCodeAt(0) !== SLASH) this.#checkScheme(head.target);
    const host = this.#checkHost(head);
    const exchange = this.#begin(head, framing);
    const source = this.#openSource(framing, exchange);
    const body = openBody(source, framing, reading);
    const w = new ResponseWriter<C>(exchange, exchange);
    const r = requestOf(head, framing, {
      host,
      body,
      fate: exchange.keep ? "keep" : "close",
      exchange: w,
    });
    exchange.writer = w;
    exchange.body = body;
    exchange.source = source;
    this.#requests++;
    this.#turnRequests++;
    this.#phase = "handling";
    this.#state("active");
    if (this.reader.ended) exchange.leave(new ServerError("half-closed"));
    return this.#call(w, r, exchange);
  }

  /** RFC 9110 §7.4: an https resource is not answered for over a connection that anybody may have made. */
  #checkScheme(target: string): void {
    const isHttps = target.slice(0, HTTPS.length).toLowerCase() === HTTPS;
    if (isHttps && this.conn.tls === undefined && !this.host.takesHttpsOverPlain) {
      throw new WireError("https-over-plain");
    }
  }

  #begin(head: RequestHead, framing: Framing): Exchange<C> {
    const exchange = (this.#exchange ??= Exchange.borrow<C>(this));
    const expected = expectation(head);
    const hasBody = framing.kind === "chunked" || (framing.kind === "length" && framing.length > 0);
    const kept = keepsAlive(head);
    exchange.expects = hasBody && expected === "100-continue" ? "continue" : "nothing";
    exchange.method = head.method;
    exchange.versionMinor = head.versionMinor;
    exchange.askedToKeep = kept && head.versionMinor === 0;
    exchange.keep = kept && this.#requests + 1 < this.host.limits.maxRequestsPerConn;
    return exchange;
  }

  #openSource(framing: Framing, watcher: Exchange<C>): WireBodySource | undefined {
    if (framing.kind === "none") return undefined;
    const { limits } = this.host.reading;
    return openSource(this.reader, framing, { watcher, limits, decode: this.conn.latin1?.decode });
  }

  /** RFC 9112 §3.2: HTTP/1.1 needs exactly one Host; a bad one is refused in every version. */
  #checkHost(head: RequestHead): string {
    const { host } = head;
    if (head.fields.repeats(FieldKind.host)) throw new WireError("duplicate-host");
    if (host === undefined) {
      if (head.versionMinor > 0) throw new WireError("missing-host");
      return "";
    }
    // One that recurs is the same string, and comparing costs nothing.
    if (host !== this.host.lastHost) checkHost(host);
    this.host.lastHost = host;
    return host;
  }

  #call(w: ResponseWriter<C>, r: Request<C>, exchange: Exchange<C>): boolean {
    const { host } = this;
    try {
      const general = r.target === "*" && r.method === "OPTIONS" && host.answersGeneralOptions;
      const result = general ? answerGeneralOptions(w) : host.handler(w, r);
      if (result === undefined) return this.#finish(r);
      exchange.watch();
      // What the handler does before it settles is done in this turn too, and nobody counts it.
      this.#turnRequests += TURN_PROMISE_REQUESTS;
      this.#follow(result, r);
      return false;
    } catch (error) {
      this.#fail(error, r);
      return this.#finish(r);
    }
  }

  /** Goes on when the handler's promise settles. */
  #follow(result: PromiseLike<void>, r: Request<C>): void {
    const goOn = (): void => {
      if (this.#finish(r)) this.#run();
      else this.writer.flush();
    };
    result.then(goOn, (error: unknown) => {
      this.#fail(error, r);
      goOn();
    });
  }

  /** The handler threw or rejected: 500 when nothing of its answer is out, else the connection is cut. */
  #fail(error: unknown, r: Request<C>): void {
    const w = this.#exchange?.writer;
    if (w === undefined) return;
    this.host.onHandlerError(error, r);
    if (this.#phase !== "handling") return;
    if (w.sent.head === "pending") {
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
  #finish(r: Request<C>): boolean {
    const exchange = this.#exchange;
    const w = exchange?.writer;
    if (exchange === undefined || w === undefined) return false;
    exchange.ending = true;
    const fate = this.#phase === "handling" ? this.#complete(w, r) : "over";
    const { source } = exchange;
    const restIsLarge = source !== undefined && exchange.restIsLarge;
    exchange.end();
    if (fate === "over" || this.#phase !== "handling") return false;
    if (fate === "close" || restIsLarge) {
      this.#lingerOrClose(source);
      return false;
    }
    if (source === undefined || source.done) return this.#next();
    exchange.source = source;
    this.#dropped = 0;
    this.deadlineAt = this.host.clock.now() + this.host.timeouts.drainTimeout;
    return this.#drain();
  }

  /** Completes the answer; one that cannot be sent becomes a 500, or the end of the connection. */
  #complete(w: ResponseWriter<C>, r: Request<C>): "keep" | "close" | "over" {
    try {
      return w.finish();
    } catch (error) {
      this.#fail(error, r);
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

  /** After the last answer: a client that is still sending would lose it to a reset. */
  #lingerOrClose(source: WireBodySource | undefined): void {
    const quiet = this.reader.ended || this.reader.error !== undefined;
    if (quiet && (source === undefined || source.done)) this.close();
    else this.#linger();
  }

  /** Closes our side, and reads on for a while so that the client can read the answer. RFC 9112 §9.6 */
  #linger(): void {
    if (this.#phase === "over" || this.#phase === "closing") return;
    this.#phase = "lingering";
    this.writer.flush();
    this.conn.closeWrite();
    this.#dropped = 0;
    this.#waitFrom(this.host.clock.now(), this.host.timeouts.lingerTimeout);
    if (this.reader.ended) this.close();
    else this.#throwAway();
  }

  #throwAway(): void {
    this.#dropped += this.reader.buffered;
    this.reader.consume(this.reader.buffered);
    if (this.#dropped > this.host.limits.maxLingerBytes) this.close();
    else this.reader.want();
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
    // A client that is still taking an answer is not idle.
    if (this.conn.queuedBytes > 0) return this.#onStalledOutput();
    if (this.#phase === "reading" && this.#scan?.started === true) {
      this.refuse(new ServerError("header-timeout"));
    } else if (this.#phase === "draining") {
      this.#linger();
    } else if (this.#phase === "reading" || this.#phase === "lingering") {
      // Not abort: a reset would throw away what the kernel still has to deliver.
      this.close();
    } else {
      // Closed, and all that was queued is taken: the rest is the pipe's own affair.
      this.#over("closed");
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

  /** Output has waited for its whole time: was some of it taken meanwhile? */
  #onStalledOutput(): void {
    const progress = progressOf(this.conn);
    if (progress === this.#progress) return this.#giveUpWriting();
    this.#progress = progress;
    this.deadlineAt = this.host.clock.now() + this.host.timeouts.writeTimeout;
  }

  #giveUpWriting(): void {
    this.#exchange?.fail(new ServerError("write-timeout"));
    this.abort();
  }
}

/** RFC 9110 §9.3.7: `OPTIONS *` asks about the server as a whole. */
function answerGeneralOptions<C>(w: ResponseWriter<C>): void {
  w.header.set("Content-Length", "0");
  w.writeHeader(200);
}

function ignore(): void {
  // The failure of the connection is told through onError.
}

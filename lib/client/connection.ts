/**
 * One connection of a client: requests out, responses in, and when it is fit for the next.
 * RFC 9112 §9 · Go: transport.go persistConn
 *
 * Rule of this file: one state at a time. It never chooses a request and never opens anything: its owner (the
 * pool) hands it calls and hears when it is free or gone.
 *
 *   idle ── start(call) ──► busy ── response and request over ──► idle, or over
 *                            │ body cancelled ──► draining ──► idle, or over
 *                            │ response over, request not ──► late-write ──► idle, or over
 *                            └ 101, CONNECT ──► handed (the caller's from there)
 *
 * The way of a response, in: socket chunk → Reader → onInput → head scan → responseOf → Call.answer; what has
 * come of the body with the head is taken at once, the rest when the caller reads.
 *
 * Long because the states of one connection share their fields, and calls between files cost on the main path.
 */
import {
  type Alarm,
  type Clock,
  type Conn,
  HandedConn,
  type IoError,
  Reader,
  Writer,
} from "../bufio/mod.ts";
import type {
  BodyWatcher,
  ResponseParts,
  WireBodyOptions,
  WireBodySource,
} from "../message/mod.ts";
import { Body, MessageError, noBody, openSource, responseOf, writeBody } from "../message/mod.ts";
import type { Framing, ResponseFraming, ResponseHead } from "../wire/mod.ts";
import {
  FieldKind,
  HeadScan,
  Header,
  WireError,
  connectionOptions,
  responseFraming,
  scanResponseHead,
} from "../wire/mod.ts";
import type { Call } from "./call.ts";
import {
  CLIENT_ERRORS,
  ClientError,
  type ClientErrorCode,
  type ClientPhase,
  withoutPassword,
} from "./errors.ts";
import { keepAliveMs } from "./keep-alive.ts";
import type { TransportSettings } from "./options.ts";
import { type BodyOwner, ReceivedBody, ResponseTooLarge } from "./received-body.ts";
import type { Attempt } from "./retry.ts";
import type { DialTimings } from "./timings.ts";
import type { ContentDecoders } from "./decode.ts";
import { decoded } from "./decoded-response.ts";

/** Whoever keeps connections. */
export interface ConnectionOwner {
  readonly clock: Clock;
  readonly settings: TransportSettings;
  readonly decoders: ContentDecoders | undefined;
  readonly log: ((message: string) => void) | undefined;
  /** It can take a request again. Answers whether it is kept; if not, it is to close. */
  onFree(connection: Connection): boolean;
  /** It is over, or its caller's now. Called once. */
  onGone(connection: Connection): void;
  /** A call got no response because the connection failed; `attempt` says how far it had come. */
  onLost(call: Call, error: ClientError, attempt: Attempt): void;
}

type State = "idle" | "busy" | "draining" | "late-write" | "handed" | "over";

/** What the alarm is set for. */
type Wait =
  | "nothing"
  | "idle"
  | "continue"
  | "send"
  | "head"
  | "body"
  | "behind"
  | "drain"
  | "late-write";

/** How the request of the current call stands. */
type Writing = "held" | "writing" | "written" | "failed";

export class Connection implements Alarm, BodyWatcher, BodyOwner {
  deadlineAt: number = Infinity;
  readonly conn: Conn;
  readonly key: string;
  readonly bornAt: number;
  /** Since when it lies idle. */
  idleAt = 0;
  /** How many requests it has carried. */
  served = 0;
  /** What making it took, for the first call. */
  dial: DialTimings | undefined;
  readonly #owner: ConnectionOwner;
  readonly #reader: Reader;
  readonly #writer: Writer;
  #state: State = "idle";
  #waits: Wait = "nothing";
  #finestMs = Infinity;
  #call: Call | undefined;
  /** Calls whose requests are written behind that of the current one. */
  #behind: Call[] | undefined;
  #scan: HeadScan;
  /** How bodies are read. */
  readonly #reading: WireBodyOptions;
  #body: ReceivedBody | undefined;
  #source: WireBodySource | undefined;
  #writing: Writing = "written";
  /** Does the connection end with the current response? */
  #ends = false;
  #isReading = false;
  #receivedAny = false;
  #interims = 0;
  #interimBytes = 0;
  /** What the server allows it to be idle, by its Keep-Alive field. */
  #keepMs = Infinity;
  #writtenBefore = 0;
  #receivedBytes = 0;
  #progress = 0;
  #drained = 0;

  constructor(conn: Conn, key: string, owner: ConnectionOwner) {
    this.conn = conn;
    this.key = key;
    this.#owner = owner;
    this.bornAt = owner.clock.now();
    this.#writer = new Writer(conn);
    this.#reader = new Reader(conn, { listener: this });
    const { wire } = owner.settings;
    this.#reading = { watcher: this, limits: wire, decode: conn.latin1?.decode };
    this.#scan = this.#newScan(owner.settings.wire.maxHeaderBytes);
    conn.unref?.();
    this.#watch(owner.settings.shortestMs);
    // Whoever dialled it may be served already: then it lies idle without ever having been used.
    this.idleAt = this.bornAt;
    this.#waitFor("idle", owner.settings.timeouts.idleConnTimeout, this.bornAt);
    conn.start(this.#reader);
  }

  get isOver(): boolean {
    return this.#state === "over" || this.#state === "handed";
  }

  get isIdle(): boolean {
    return this.#state === "idle";
  }

  /** "host:port" of the peer, or its path. */
  get address(): string | undefined {
    const addr = this.conn.remoteAddr;
    if (addr === undefined) return undefined;
    return addr.network === "tcp" ? `${addr.host}:${addr.port}` : addr.host;
  }

  // --- requests out -----------------------------------------------------------------------------

  /** Sends a request and reads its response. Only when idle. */
  start(call: Call, now: number): void {
    this.#begin(call, now);
    // A hook may have ended the call, and the connection with it.
    if (this.isOver) return;
    this.#state = "busy";
    this.#send(call, now);
  }

  /**
   * Sends a request behind others whose responses are still to come; false when it cannot be. RFC 9112 §9.3.2:
   * only once the server has shown that it keeps connections, and only what can be repeated without harm.
   */
  startBehind(call: Call, depth: number, now: number): boolean {
    const waiting = (this.#behind?.length ?? 0) + 1;
    const current = this.#call;
    if (this.#state !== "busy" || current === undefined || waiting >= depth) return false;
    if (this.served < 2 || this.#writing !== "written" || this.#ends) return false;
    if (!mayPipeline(call) || !mayPipeline(current)) return false;
    (this.#behind ??= []).push(call);
    this.#take(call, now);
    this.#writer.writeLatin1(call.head.text);
    this.#writer.flush();
    call.timings.sentAt = now;
    call.settings.trace?.wroteHeaders?.();
    call.settings.trace?.wroteRequest?.(undefined);
    if (this.#waits === "nothing") this.#waitForReader();
    return true;
  }

  #begin(call: Call, now: number): void {
    this.#call = call;
    this.#ends = false;
    this.#receivedAny = false;
    this.#receivedBytes = 0;
    this.#interims = 0;
    this.#interimBytes = 0;
    this.#isReading = true;
    this.#take(call, now);
  }

  /** The call is this connection's now. */
  #take(call: Call, now: number): void {
    call.holder = this;
    call.state = "sent";
    if (call.timings.connectedAt === 0) call.timings.connectedAt = now;
    if (this.served === 0) call.timings.dial = this.dial;
    const { trace } = call.settings;
    trace?.gotConn?.({
      remoteAddr: this.conn.remoteAddr,
      localAddr: this.conn.localAddr,
      tls: this.conn.tls,
      reused: this.served > 0,
      idleMs: this.#state === "idle" ? Math.max(0, now - this.idleAt) : 0,
    });
    this.served++;
  }

  #send(call: Call, now: number): void {
    this.#writtenBefore = this.#leftBytes;
    this.#writer.writeLatin1(call.head.text);
    if (call.head.framing.kind === "none") {
      this.#writer.flush();
      this.#sent(call, now);
      return;
    }
    const { expectContinueTimeout } = call.settings;
    if (expectContinueTimeout > 0 && expectsContinue(call)) {
      this.#writing = "held";
      this.#writer.flush();
      call.settings.trace?.wroteHeaders?.();
      call.settings.trace?.wait100Continue?.();
      this.#waitFor("continue", expectContinueTimeout, now);
      return;
    }
    void this.#sendBody(call);
  }

  async #sendBody(call: Call): Promise<void> {
    if (this.#writing !== "held") call.settings.trace?.wroteHeaders?.();
    this.#writing = "writing";
    this.#progress = -1;
    this.#waitFor("send", this.#owner.settings.timeouts.writeTimeout, this.#owner.clock.now());
    const { framing, trailer } = call.head;
    // Those of this attempt: a later one has others, which are not to be read here.
    const { body, bodyReady } = call;
    try {
      if (bodyReady !== undefined) {
        this.#writer.flush();
        await bodyReady;
      }
      await writeBody(this.#writer, body, framing, trailer);
      if (this.conn.queuedBytes > 0) await this.#writer.drained();
    } catch (error) {
      this.#sendFailed(call, error);
      return;
    }
    if (this.#call === call && !this.isOver) this.#sent(call, this.#owner.clock.now());
  }

  /** The last octet of the request is out. */
  #sent(call: Call, now: number): void {
    this.#writing = "written";
    call.timings.sentAt = now;
    const { trace } = call.settings;
    if (call.head.framing.kind === "none") trace?.wroteHeaders?.();
    trace?.wroteRequest?.(undefined);
    if (this.#state === "late-write") this.#next(now);
    else if (this.#isReading) this.#waitFor("head", call.settings.responseHeaderTimeout, now);
  }

  /** The body could not be sent: its source failed, or the connection (which is then told by itself). */
  #sendFailed(call: Call, cause: unknown): void {
    if (this.#call !== call || this.isOver) return;
    this.#writing = "failed";
    call.settings.trace?.wroteRequest?.(cause);
    // A response that has come wins; the connection is of no use after it.
    if (!this.#isReading) {
      this.#ends = true;
      if (this.#state === "late-write") this.#abandon();
      return;
    }
    if (this.#writer.error !== undefined) return;
    const error = ClientError.from(cause, "request-body-failed", this.#facts(call, "send"));
    this.#abandon();
    call.fail(error);
  }

  // --- what arrives -----------------------------------------------------------------------------

  onInput(count: number): void {
    this.#receivedBytes += count;
    if (this.#state === "busy") {
      if (this.#isReading) this.#readHeads();
    } else if (this.#state === "draining") {
      this.#drain(this.#call!);
    } else if (this.#state === "idle" || this.#state === "late-write") {
      this.#unsolicited();
    }
  }

  onEnd(): void {
    if (this.#state === "busy") {
      if (this.#isReading) this.#ended();
    } else if (this.#state === "draining") {
      this.#drain(this.#call!);
    } else if (this.#state === "late-write") {
      this.#abandon();
    } else if (this.#state === "idle") {
      this.#shut();
    }
  }

  onError(error: IoError): void {
    this.#writer.fail(error);
    if (!this.isOver) this.#lost(error);
  }

  /** The server has ended before the head was complete. */
  #ended(): void {
    if (this.#receivedAny) this.#lost(new WireError("truncated-head"));
    else this.#lost(undefined);
  }

  #readHeads(): void {
    const reader = this.#reader;
    const call = this.#call!;
    const now = this.#owner.clock.now();
    if (!this.#receivedAny) {
      this.#receivedAny = true;
      call.timings.firstByteAt = now;
      call.settings.trace?.gotFirstResponseByte?.();
    }
    try {
      while (this.#isReading && this.#call === call && !this.isOver) {
        const head = scanResponseHead(reader.bytes, this.#scan, reader.from, reader.to);
        if (head === "need-more") {
          if (reader.ended) throw new WireError("truncated-head");
          reader.want();
          return;
        }
        reader.consume(head.byteLength);
        // 000 to 099 are of no class. What stands above 599 is a 5xx to whoever looks at it. RFC 9110 §15
        if (head.status < 100) throw new WireError("bad-status-line");
        if (head.status >= 200 || head.status === 101) this.#final(call, head, now);
        else this.#interim(call, head);
      }
    } catch (error) {
      this.#lost(error);
    }
  }

  /** A 1xx response: told to the hook, counted, and forgotten. */
  #interim(call: Call, head: ResponseHead): void {
    const { trace } = call.settings;
    const { limits } = this.#owner.settings;
    if (trace?.got1xxResponse !== undefined) {
      try {
        trace.got1xxResponse(head.status, Header.from(head.fields));
      } catch (cause) {
        throw ClientError.of("hook-threw", { ...this.#facts(call, "head"), cause });
      }
    } else {
      this.#interims++;
      this.#interimBytes += head.byteLength;
      if (this.#interims > limits.maxInterimResponses) {
        throw this.#error(call, "too-many-interim-responses", "head");
      }
      this.#scan = this.#newScan(limits.maxResponseHeaderBytes - this.#interimBytes);
    }
    if (head.status !== 100) return;
    trace?.got100Continue?.();
    if (this.#writing === "held") void this.#sendBody(call);
  }

  /** The final response's head is here. */
  #final(call: Call, head: ResponseHead, now: number): void {
    this.#isReading = false;
    if (this.#interimBytes > 0)
      this.#scan = this.#newScan(this.#owner.settings.wire.maxHeaderBytes);
    const { method, header } = call.request;
    if (head.status === 101 && !header.has("upgrade")) {
      throw this.#error(call, "unasked-upgrade", "head");
    }
    const tunnel = isTunnel(head, method);
    const ruled = responseFraming(head, method);
    if (ruled.reuse === "close-after" || call.closes || method === "CONNECT") this.#ends = true;
    this.#keepMs = head.fields.has(FieldKind.keepAlive) ? keepAliveMs(head.fields) : Infinity;
    this.#settleHeld(call);
    this.#waitForReader();
    const body = this.#openBody(call, tunnel ? UNTIL_CLOSE : ruled.framing);
    // What a 101 leads to is no message of this connection, and does not end with one.
    const shown: ResponseFraming = head.status === 101 ? { ...ruled, reuse: "may-reuse" } : ruled;
    const response = responseOf(
      head,
      shown,
      body,
      this.#surroundings(call, tunnel ? "tunnel" : "message"),
    );
    const { decoders } = this.#owner;
    const encoded = !tunnel && call.asked.length > 0 && head.fields.has(FieldKind.contentEncoding);
    const answer =
      encoded && decoders !== undefined
        ? decoded(response, call.asked, decoders, this.#owner.settings.decoding)
        : response;
    call.answer(answer);
    // In the same turn: whoever awaits the response and asks again finds the connection free.
    if (this.#source === undefined || this.#source.done) this.#over(call, now);
  }

  /** What the caller gets beside the head. */
  #surroundings(call: Call, kind: "tunnel" | "message"): Partial<ResponseParts> {
    return {
      request: call.request,
      tls: this.conn.tls,
      timings: call.timings,
      reused: this.served > 1,
      hijack: kind === "message" ? undefined : () => this.#handOver(call),
    };
  }

  #openBody(call: Call, framing: Framing): Body {
    const { settings } = this.#owner;
    const source = openSource(this.#reader, framing, this.#reading);
    this.#source = source;
    this.#body = undefined;
    if (source === undefined) return noBody;
    const { maxPrefetchBytes, maxBodyBytes } = settings.limits;
    const { maxResponseBytes } = call.settings;
    const body = new ReceivedBody(source, { owner: this, call, maxBytes: maxResponseBytes });
    this.#body = body;
    const length = framing.kind === "length" ? framing.length : undefined;
    const mayBeHere =
      length === undefined || length <= Math.min(maxPrefetchBytes, this.#reader.buffered);
    if (mayBeHere && framing.kind !== "until-close") body.prefetch(maxPrefetchBytes);
    return new Body(body, { length, maxBytes: maxBodyBytes });
  }

  /**
   * A final response has come while the body waited for 100: as Go, the body is sent if the connection is to be
   * kept, and left out if not.
   */
  #settleHeld(call: Call): void {
    if (this.#writing !== "held") return;
    if (this.#ends) {
      this.#writing = "failed";
      call.body.cancel();
    } else {
      void this.#sendBody(call);
    }
  }

  // --- the body (BodyWatcher, BodyOwner) --------------------------------------------------------

  onBodyRead(): void {
    // Whether anybody reads it matters to a server only.
  }

  onBodyWait(): void {
    const call = this.#call;
    if (call === undefined) return;
    call.hold();
    if (this.#waits !== "send") {
      this.#waitFor("body", call.settings.bodyIdleTimeout, this.#owner.clock.now());
    }
  }

  onBodyMoved(): void {
    this.#call?.unhold();
    if (this.#waits === "body") this.#waitForReader();
  }

  onBodyEnd(): void {
    const call = this.#call;
    if (call === undefined) return;
    // While the head is being dealt with, the end is seen there.
    if (call.state === "answered") this.#over(call, this.#owner.clock.now());
  }

  onBodyFailed(call: Call, cause: unknown): unknown {
    const error =
      call.aborted?.reason ??
      (cause instanceof ResponseTooLarge
        ? this.#error(call, "response-too-large", "body")
        : ClientError.from(cause, "connection-lost", this.#facts(call, "body")));
    // What was wrong may have come with the last octet: then the connection is another call's already.
    if (this.#call === call) {
      this.#abandon();
      call.end(this.#owner.clock.now());
    }
    return error;
  }

  onBodyCancelled(call: Call): void {
    if (this.#call !== call || this.isOver) return;
    const { limits, timeouts } = this.#owner.settings;
    const now = this.#owner.clock.now();
    call.end(now);
    const left = this.#source?.remaining;
    if (
      this.#ends ||
      this.#behind !== undefined ||
      (left !== undefined && left > limits.maxDrainBytes)
    ) {
      this.#abandon();
      return;
    }
    this.#state = "draining";
    this.#drained = 0;
    this.#source?.unwatch();
    // A read that still waits must not be there when the next response comes.
    this.#reader.interrupt(new MessageError("body-used"));
    this.#waitFor("drain", timeouts.drainTimeout, now);
    this.#drain(call);
  }

  /** Reads on without keeping anything, for the sake of the connection. */
  #drain(call: Call): void {
    try {
      const skipped = this.#source!.skip();
      if (skipped === "end") {
        this.#over(call, this.#owner.clock.now());
        return;
      }
      this.#drained += skipped;
      if (this.#drained > this.#owner.settings.limits.maxDrainBytes) this.#abandon();
      else this.#reader.want();
    } catch {
      // Nobody waits for what was wrong with it.
      this.#abandon();
    }
  }

  // --- the end of an exchange -------------------------------------------------------------------

  /** The response has been read to its end. */
  #over(call: Call, now: number): void {
    call.end(now);
    this.#source = undefined;
    this.#body = undefined;
    if (this.isOver) return;
    if (this.#writing === "written") {
      this.#next(now);
      return;
    }
    if (this.#writing === "failed" || this.#ends) {
      this.#abandon();
      return;
    }
    const { lateWriteTimeout } = this.#owner.settings.timeouts;
    this.#state = "late-write";
    this.#waitFor("late-write", lateWriteTimeout, now);
  }

  /** Request and response are over: on to the one behind, to the pool, or away. */
  #next(now: number): void {
    const reader = this.#reader;
    const trace = this.#call?.settings.trace;
    this.#call = undefined;
    const next = this.#ends ? undefined : this.#behind?.shift();
    if (next !== undefined) {
      if (this.#behind?.length === 0) this.#behind = undefined;
      // An answer that nobody wants any more is not waited for.
      if (next.state === "over") this.#abandon();
      else this.#beginBehind(next, now);
      return;
    }
    const { maxConnAge } = this.#owner.settings.timeouts;
    const stale = now - this.bornAt > maxConnAge || this.#keepMs <= 0;
    // A 408 that comes right behind is a server's goodbye, anything else an answer to nobody.
    if (reader.buffered > 0) {
      trace?.putIdleConn?.({ closed: "more came than was asked for" });
      if (this.#ends) this.#abandon();
      else this.#unsolicited();
      return;
    }
    if (this.#ends || stale || reader.ended) {
      trace?.putIdleConn?.({ closed: stale ? "its time is over" : "its last message is over" });
      this.#shut();
      return;
    }
    this.#state = "idle";
    this.idleAt = now;
    this.#writer.release();
    const { shortestMs } = this.#owner.settings;
    if (this.#finestMs < shortestMs) this.#watch(shortestMs);
    this.#waitFor(
      "idle",
      Math.min(this.#owner.settings.timeouts.idleConnTimeout, this.#keepMs),
      now,
    );
    const kept = this.#owner.onFree(this);
    trace?.putIdleConn?.(kept ? "kept" : { closed: "idle connections are not kept" });
    if (!kept) this.#shut();
  }

  #beginBehind(call: Call, now: number): void {
    this.#state = "busy";
    this.#call = call;
    this.#ends = false;
    this.#interims = this.#interimBytes = 0;
    this.#receivedBytes = 0;
    this.#receivedAny = false;
    this.#isReading = true;
    this.#waitFor("head", call.settings.responseHeaderTimeout, now);
    if (this.#reader.buffered > 0) this.#readHeads();
    else if (this.#reader.ended) this.#ended();
  }

  /** Gives the raw connection to the caller of a 101 or of CONNECT. */
  #handOver(call: Call): { readonly conn: Conn; readonly head: Uint8Array } {
    if (this.#state !== "busy" || this.#call !== call) throw new MessageError("not-upgraded");
    this.conn.pause();
    const head = this.#reader.takeAll();
    const peer = this.#reader.ended ? "ended" : "open";
    this.#reader.listener = undefined;
    // Whoever reads the body after this would wait for ever.
    const used = new MessageError("body-used");
    this.#body?.fail(used);
    this.#reader.interrupt(used);
    this.#leave("handed");
    this.#stopSending();
    call.end(this.#owner.clock.now());
    this.conn.ref?.();
    return { conn: new HandedConn(this.conn, { peer }), head };
  }

  // --- failures ---------------------------------------------------------------------------------

  /** Bytes that nobody asked for. */
  #unsolicited(): void {
    const { bytes, from, to } = this.#reader;
    if (!says408(bytes, from, to)) {
      const where = this.address ?? withoutPassword(this.key);
      this.#owner.log?.(`unsolicited bytes on an idle connection to ${where}`);
    }
    this.#abandon();
  }

  /** The connection failed (undefined: the server ended it) before the response's head, or with its body open. */
  #lost(cause: unknown): void {
    const call = this.#call;
    const behind = this.#takeBehind();
    const receivedAny = this.#receivedAny;
    const error = call === undefined ? undefined : this.#lostError(call, cause);
    const attempt = call === undefined ? undefined : this.#attempt(receivedAny, cause);
    this.#abandon();
    if (call !== undefined && error !== undefined && attempt !== undefined) {
      // With the head out already, what has come of the body is read first; its reader hears of it then.
      if (call.state === "answered") call.end(this.#owner.clock.now());
      else this.#owner.onLost(call, error, attempt);
    }
    this.#loseBehind(behind);
  }

  #takeBehind(): readonly Call[] {
    const behind = this.#behind;
    this.#behind = undefined;
    return behind ?? NO_CALLS;
  }

  /** What was written behind others is not answered here. */
  #loseBehind(behind: readonly Call[]): void {
    for (const later of behind) {
      const none = this.#error(later, "no-more-answers", "wait");
      this.#owner.onLost(later, none, {
        connection: "reused",
        written: "something",
        received: "nothing",
      });
    }
  }

  #lostError(call: Call, cause: unknown): ClientError {
    if (cause instanceof ClientError) return cause;
    const phase = this.#isReading ? (this.#receivedAny ? "head" : "wait") : "body";
    if (cause === undefined) return this.#error(call, "connection-lost", phase);
    return ClientError.from(cause, "connection-lost", this.#facts(call, phase));
  }

  /** How far the current call had come; what broke the rules counts as an answer. */
  #attempt(receivedAny: boolean, cause: unknown): Attempt {
    const ruled = cause instanceof WireError || cause instanceof ClientError;
    return {
      connection: this.served > 1 ? "reused" : "fresh",
      written: this.#leftBytes > this.#writtenBefore ? "something" : "nothing",
      received: receivedAny || ruled ? "something" : "nothing",
    };
  }

  /** The caller has given up: the connection goes with the call. */
  onCallAborted(call: Call, reason: unknown): void {
    // One that waits behind others leaves them alone; the connection ends when its turn comes.
    if (this.isOver || call !== this.#call) return;
    this.#body?.fail(reason);
    this.#abandon();
    this.#reader.interrupt(
      reason instanceof Error ? reason : new Error("aborted", { cause: reason }),
    );
  }

  onDeadline(): void {
    const call = this.#call;
    const { settings, clock } = this.#owner;
    switch (this.#waits) {
      case "idle":
        return this.#shut();
      case "continue":
        if (call !== undefined) void this.#sendBody(call);
        return;
      case "send":
        return this.#lookAtProgress(settings.timeouts.writeTimeout, clock.now());
      case "head":
        return this.#timedOut("response-header-timed-out", "wait");
      case "body":
        return this.#timedOut("body-timed-out", "body");
      case "behind":
        this.#ends = true;
        return this.#loseBehind(this.#takeBehind());
      case "drain":
      case "late-write":
        return this.#abandon();
      case "nothing":
        return undefined;
    }
  }

  /** Has the server taken anything since the last look? A source that makes nothing is not its fault. */
  #lookAtProgress(ms: number, now: number): void {
    const taken = this.conn.takenBytes ?? this.#writer.total - this.conn.queuedBytes;
    if (this.conn.queuedBytes === 0 || taken !== this.#progress) {
      this.#progress = taken;
      this.#waitFor("send", ms, now);
      return;
    }
    this.#timedOut("send-timed-out", "send");
  }

  #timedOut(code: ClientErrorCode, phase: ClientPhase): void {
    const call = this.#call;
    if (call === undefined) return;
    const error = this.#error(call, code, phase);
    this.#body?.fail(error);
    this.#abandon();
    this.#reader.interrupt(error);
    call.fail(error);
  }

  // --- helpers ----------------------------------------------------------------------------------

  /** Closes an idle connection. */
  close(): void {
    if (!this.isOver) this.#shut();
  }

  /** Ends everything at once, for `Transport.close`. */
  destroy(reason: (call: Call) => ClientError): void {
    if (this.isOver) return;
    const calls = [this.#call, ...(this.#behind ?? [])];
    const body = this.#body;
    this.#behind = undefined;
    this.#abandon();
    for (const call of calls) {
      if (call === undefined) continue;
      const error = reason(call);
      if (call === calls[0]) {
        body?.fail(error);
        this.#reader.interrupt(error);
      }
      call.fail(error);
    }
  }

  /** Nothing is open on it: both sides end in order. */
  #shut(): void {
    this.#leave("over");
    this.conn.close();
  }

  /** Something is: it is cut. */
  #abandon(): void {
    if (this.isOver) return;
    this.#leave("over");
    this.conn.abort();
    this.#stopSending();
  }

  /** What is left of the request is not sent: the connection is gone, or another's. */
  #stopSending(): void {
    if (this.#writing !== "writing" && this.#writing !== "held") return;
    this.#writing = "failed";
    this.#call?.body.cancel();
  }

  #leave(state: "over" | "handed"): void {
    if (this.isOver) return;
    this.#state = state;
    this.deadlineAt = Infinity;
    this.#owner.clock.unwatch(this);
    this.#writer.release();
    this.#owner.onGone(this);
    this.#loseBehind(this.#takeBehind());
  }

  #waitFor(what: Wait, ms: number, now: number): void {
    // A hook that was called just before may have ended it: nobody would take the alarm away again.
    if (this.isOver) return;
    this.#waits = what;
    this.deadlineAt = now + ms;
    if (ms < this.#finestMs) this.#watch(ms);
  }

  /** The caller may leave a body unread for ever, but not those waiting whose answers come behind it. */
  #waitForReader(): void {
    const next = this.#behind?.[0];
    if (next === undefined) this.#waitFor("nothing", Infinity, 0);
    else this.#waitFor("behind", next.settings.responseHeaderTimeout, this.#owner.clock.now());
  }

  /** The clock looks as often as the shortest wait since the connection was idle needs it. */
  #watch(finestMs: number): void {
    this.#finestMs = finestMs;
    this.#owner.clock.watch(this, finestMs);
  }

  #newScan(maxHeaderBytes: number): HeadScan {
    const { wire, decode } = this.#owner.settings;
    const limits = { ...wire, maxHeaderBytes };
    return new HeadScan("response", { limits, decode: decode ?? this.conn.latin1?.decode });
  }

  /**
   * Octets that the server may have. Over TLS what was handed over counts as gone: the Conn is told a turn later,
   * and a request taken for unwritten would be sent twice.
   */
  get #leftBytes(): number {
    const taken = this.conn.tls === undefined ? this.conn.takenBytes : undefined;
    return taken ?? this.#writer.total - this.#writer.buffered;
  }

  #facts(call: Call, phase: ClientPhase): ConstructorParameters<typeof ClientError>[2] {
    return {
      ...call.facts(phase),
      address: this.address,
      reused: this.served > 1,
      bytesSent: Math.max(0, this.#leftBytes - this.#writtenBefore),
      bytesReceived: this.#receivedBytes,
    };
  }

  #error(call: Call, code: ClientErrorCode, phase: ClientPhase): ClientError {
    return new ClientError(code, CLIENT_ERRORS[code].text, this.#facts(call, phase));
  }
}

const NO_CALLS: readonly Call[] = Object.freeze([]);
const UNTIL_CLOSE: Framing = Object.freeze({ kind: "until-close" });

/** Does the connection become the caller's? RFC 9110 §7.8, §9.3.6 */
function isTunnel(head: ResponseHead, method: string): boolean {
  if (method === "CONNECT") return head.status >= 200 && head.status < 300;
  if (head.status !== 101 || !head.fields.has(FieldKind.upgrade)) return false;
  return connectionOptions(head.fields).includes("upgrade");
}

function expectsContinue(call: Call): boolean {
  const { header } = call.request;
  const expect = header.get("expect");
  return expect !== undefined && expect.toLowerCase() === "100-continue";
}

/** A request that may be sent before others are answered. */
function mayPipeline(call: Call): boolean {
  const { method, header } = call.request;
  const safe = method === "GET" || method === "HEAD" || method === "OPTIONS";
  return safe && call.head.framing.kind === "none" && !call.closes && !header.has("upgrade");
}

/** Is it the 408 with which some servers end an idle connection? Go: is408Message */
export function says408(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < PREFIX_408.length) return false;
  for (let i = 0; i < PREFIX_408.length; i++) {
    const expected = PREFIX_408.charCodeAt(i);
    const actual = bytes[from + i]!;
    const isDigit = actual >= 0x30 && actual <= 0x39;
    if (expected === 0x64 ? !isDigit : actual !== expected) return false;
  }
  return true;
}

/** "d" stands for a digit. */
const PREFIX_408 = "HTTP/1.d 408";

// Long because it tells all of an exchange, in order; what can be told apart from it lies in the files beside it.
/**
 * One exchange after the other on a connection: a request goes out, its response comes in and is read to its end.
 * RFC 9110 §6, §9.3.6, §15.2, RFC 9112 §9.3 · Go: transport.go persistConn.readLoop, bodyEOFSignal
 *
 * Rule of this file: it is told in the order in which it happens, and knows one call at a time. One object serves
 * all exchanges of its connection, to which it leaves what comes before and after: idle times, the calls behind,
 * and what becomes of those that fail.
 *
 *   none ── begin, send ──► head ── final head ──► body ── last octet ──► none
 *                                                   │ cancelled ──► draining ──► none
 *                                                   └ over, but not the request ──► late-write ──► none
 *
 * The way of a response, in: socket chunk → Reader → onInput → head scan → responseOf → Call.answer; what has
 * come of the body with the head is taken at once, the rest when the caller reads.
 */
import type { Conn, Reader, Writer } from "../../bufio/mod.ts";
import type { BodyWatcher, ResponseParts } from "../../message/mod.ts";
import { responseOf } from "../../message/mod.ts";
import type { Framing, ResponseFraming, ResponseHead } from "../../wire/mod.ts";
import { FieldKind, WireError, responseFraming } from "../../wire/mod.ts";
import type { Call } from "../call.ts";
import type { ConnectionDeadline, Wait } from "./connection-deadline.ts";
import type { ConnectionTally } from "./connection-tally.ts";
import { decoded } from "../decode/mod.ts";
import { ClientError, type ClientErrorCode, type ClientPhase } from "../errors.ts";
import type { ConnectionHost, ConnectionParts, ExchangeOwner } from "./exchange-contracts.ts";
import { isFinal, isTunnel, mayPipeline } from "./exchange-rules.ts";
import { IncomingBody } from "./incoming-body.ts";
import { keepAliveMs } from "./keep-alive.ts";
import { type BodyOwner, ResponseTooLarge } from "./received-body.ts";
import { RequestSender, type SenderOwner } from "./request-sender.ts";
import { ResponseHeads } from "./response-heads.ts";

type Phase = "none" | "head" | "body" | "draining" | "late-write";

export class ClientExchange implements BodyWatcher, BodyOwner, SenderOwner {
  call: Call | undefined;
  phase: Phase = "none";
  /** Does the connection end with the current response? */
  ends = false;
  /** What the server allows the connection to be idle, by its Keep-Alive field. */
  keepMs: number = Infinity;
  readonly sender: RequestSender;
  readonly #conn: Conn;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #deadline: ConnectionDeadline;
  readonly #tally: ConnectionTally;
  readonly #host: ConnectionHost;
  readonly #owner: ExchangeOwner;
  readonly #heads: ResponseHeads;
  readonly #body: IncomingBody;

  constructor(parts: ConnectionParts, owner: ExchangeOwner) {
    this.#conn = parts.conn;
    this.#reader = parts.reader;
    this.#writer = parts.writer;
    this.#deadline = parts.deadline;
    this.#tally = parts.tally;
    this.#host = parts.host;
    this.#owner = owner;
    this.sender = new RequestSender(parts, this);
    this.#heads = new ResponseHeads(parts);
    this.#body = new IncomingBody(parts, this);
  }

  /** May another request be written behind the current one, by what is known of both? */
  get canBeFollowed(): boolean {
    const isUnderWay = this.phase === "head" || this.phase === "body";
    if (!isUnderWay || this.ends || this.sender.state !== "written") return false;
    return this.call !== undefined && mayPipeline(this.call);
  }

  // --- the request ------------------------------------------------------------------------------

  /** A call is the current one from now on. */
  begin(call: Call): void {
    this.call = call;
    this.phase = "head";
    this.ends = false;
    this.#heads.begin();
    this.#tally.beginResponse(this.#reader.buffered);
  }

  send(call: Call, now: number): void {
    this.sender.send(call, now);
  }

  onSent(call: Call, now: number): void {
    if (this.phase === "late-write") this.#owner.onOver(now);
    else if (this.phase === "head") this.#awaitHead(call, now);
  }

  onSendFailed(call: Call, cause: unknown): void {
    // A response that has come wins; the connection is of no use after it.
    if (this.phase !== "head") {
      this.ends = true;
      if (this.phase === "late-write") this.#owner.abandon();
      return;
    }
    if (this.#writer.error !== undefined) return;
    const facts = this.#tally.facts(call, "send");
    const error = ClientError.from(cause, "request-body-failed", facts);
    this.#owner.abandon();
    call.fail(error);
  }

  /** Its request was sent while others waited for their answers: what has come of its own is looked at. */
  goOnBehind(call: Call, now: number): void {
    this.#awaitHead(call, now);
    if (this.#reader.buffered > 0) this.#readHeads(call);
    else if (this.#reader.ended) this.onEnd();
  }

  #awaitHead(call: Call, now: number): void {
    this.#deadline.set("head", call.settings.responseHeaderTimeout, now);
  }

  // --- what arrives -----------------------------------------------------------------------------

  onInput(count: number): void {
    this.#tally.received += count;
    const { call, phase } = this;
    if (call === undefined || phase === "body") return;
    if (phase === "head") this.#readHeads(call);
    else if (phase === "draining") this.#drain(call);
    else if (phase === "late-write") this.#owner.onUnsolicited();
  }

  onEnd(): void {
    const { call, phase } = this;
    if (call === undefined) return;
    // Before the head is complete.
    if (phase === "head")
      this.#owner.onLost(this.#tally.receivedAny ? new WireError("truncated-head") : undefined);
    else if (phase === "draining") this.#drain(call);
    else if (phase === "late-write") this.#owner.abandon();
  }

  #readHeads(call: Call): void {
    const now = this.#host.clock.now();
    const { trace } = call.settings;
    if (!this.#tally.receivedAny) {
      this.#tally.receivedAny = true;
      call.timings.firstByteAt = now;
      trace?.gotFirstResponseByte?.();
    }
    try {
      // A hook may end the call, and the connection with it.
      while (this.phase === "head" && this.call === call) {
        const head = this.#heads.next();
        if (head === "need-more") return;
        if (isFinal(head)) {
          this.#final(call, head, now);
          return;
        }
        this.#heads.pass(call, head);
        if (head.status === 100) {
          trace?.got100Continue?.();
          this.sender.goOn();
        }
      }
    } catch (error) {
      this.#owner.onLost(error);
    }
  }

  /** The final response's head is here. */
  #final(call: Call, head: ResponseHead, now: number): void {
    this.phase = "body";
    const { method, header } = call.request;
    if (head.status === 101 && !header.has("upgrade")) {
      throw this.#tally.error(call, "unasked-upgrade", "head");
    }
    const tunnel = isTunnel(head, method);
    const ruled = responseFraming(head, method);
    if (ruled.reuse === "close-after" || call.closes || method === "CONNECT") this.ends = true;
    this.keepMs = head.fields.has(FieldKind.keepAlive) ? keepAliveMs(head.fields) : Infinity;
    // A body that still waits for 100: as Go, it is sent if the connection is to be kept, and left out if not.
    if (this.sender.state === "held") {
      if (this.ends) this.sender.stop();
      else this.sender.goOn();
    }
    this.waitForReader();
    const body = this.#body.open(call, tunnel ? UNTIL_CLOSE : ruled.framing);
    // What a 101 leads to is no message of this connection, and does not end with one.
    const shown: ResponseFraming = head.status === 101 ? { ...ruled, reuse: "may-reuse" } : ruled;
    const surroundings = this.#surroundings(call, tunnel ? "tunnel" : "message");
    const response = responseOf(head, shown, body, surroundings);
    const { decoders, settings } = this.#host;
    const encoded = !tunnel && call.asked.length > 0 && head.fields.has(FieldKind.contentEncoding);
    const answer =
      encoded && decoders !== undefined
        ? decoded(response, call.asked, decoders, settings.decoding)
        : response;
    call.answer(answer);
    // In the same turn: whoever awaits the response and asks again finds the connection free.
    if (this.#body.isOver) this.#over(call, now);
  }

  /** What the caller gets beside the head. */
  #surroundings(call: Call, kind: "tunnel" | "message"): Partial<ResponseParts> {
    return {
      request: call.request,
      tls: this.#conn.tls,
      timings: call.timings,
      reused: this.#tally.served > 1,
      hijack: kind === "message" ? undefined : () => this.#owner.handOver(call),
    };
  }

  // --- the body (BodyWatcher, BodyOwner) --------------------------------------------------------

  onBodyRead(): void {
    // Whether anybody reads it matters to a server only.
  }

  onBodyWait(): void {
    const { call } = this;
    if (call === undefined) return;
    call.hold();
    if (this.#deadline.what !== "send") {
      this.#deadline.set("body", call.settings.bodyIdleTimeout, this.#host.clock.now());
    }
  }

  onBodyMoved(): void {
    this.call?.unhold();
    if (this.#deadline.what === "body") this.waitForReader();
  }

  onBodyEnd(): void {
    const { call } = this;
    // While the head is being dealt with, the end is seen there.
    if (call?.state === "answered") this.#over(call, this.#host.clock.now());
  }

  onBodyFailed(call: Call, cause: unknown): unknown {
    const error =
      call.aborted?.reason ??
      (cause instanceof ResponseTooLarge
        ? this.#tally.error(call, "response-too-large", "body")
        : ClientError.from(cause, "connection-lost", this.#tally.facts(call, "body")));
    // What was wrong may have come with the last octet: then the connection is another call's already.
    if (this.call === call) {
      this.#owner.abandon();
      call.end(this.#host.clock.now());
    }
    return error;
  }

  onBodyCancelled(call: Call): void {
    if (this.call !== call || this.phase === "none") return;
    const now = this.#host.clock.now();
    call.end(now);
    if (this.ends || this.#owner.nextBehind !== undefined || !this.#body.isWorthDraining) {
      this.#owner.abandon();
      return;
    }
    this.phase = "draining";
    this.#body.unread();
    this.#deadline.set("drain", this.#host.settings.timeouts.drainTimeout, now);
    this.#drain(call);
  }

  /** Reads on without keeping anything, for the sake of the connection. */
  #drain(call: Call): void {
    try {
      const drained = this.#body.drain();
      if (drained === "end") this.#over(call, this.#host.clock.now());
      else if (drained === "too-much") this.#owner.abandon();
    } catch {
      // Nobody waits for what was wrong with it.
      this.#owner.abandon();
    }
  }

  /** The caller may leave a body unread for ever, but not those waiting whose answers come behind it. */
  waitForReader(): void {
    const next = this.#owner.nextBehind;
    if (next === undefined) this.#deadline.clear();
    else this.#deadline.set("behind", next.settings.responseHeaderTimeout, this.#host.clock.now());
  }

  // --- the end ----------------------------------------------------------------------------------

  /** The response has been read to its end. */
  #over(call: Call, now: number): void {
    call.end(now);
    this.#body.clear();
    if (this.phase === "none") return;
    if (this.sender.state === "written") {
      this.#owner.onOver(now);
    } else if (this.sender.state === "failed" || this.ends) {
      this.#owner.abandon();
    } else {
      this.phase = "late-write";
      this.#deadline.set("late-write", this.#host.settings.timeouts.lateWriteTimeout, now);
    }
  }

  /** Nobody's exchange is under way until another begins. */
  clear(): void {
    this.call = undefined;
    this.phase = "none";
  }

  onTimeUp(what: Wait): void {
    switch (what) {
      case "continue":
        return this.sender.goOn();
      case "send":
        if (!this.sender.isMoving(this.#host.clock.now())) this.#timedOut("send-timed-out", "send");
        return;
      case "head":
        return this.#timedOut("response-header-timed-out", "wait");
      case "body":
        return this.#timedOut("body-timed-out", "body");
      case "drain":
      case "late-write":
        return this.#owner.abandon();
      default:
        return undefined;
    }
  }

  #timedOut(code: ClientErrorCode, phase: ClientPhase): void {
    const { call } = this;
    if (call === undefined) return;
    const error = this.#tally.error(call, code, phase);
    this.breakOff(error);
    call.fail(error);
  }

  /** Ends it with the connection. Whoever reads the body hears this reason, and not what comes of it. */
  breakOff(reason: unknown): void {
    this.#body.fail(reason);
    this.#owner.abandon();
    this.#reader.interrupt(
      reason instanceof Error ? reason : new Error("aborted", { cause: reason }),
    );
  }

  /** The connection becomes the caller's, and what is left of its body with it. */
  giveUpBody(): void {
    this.#body.giveUp();
  }

  /** What the call hears when the connection fails under it. */
  lostError(call: Call, cause: unknown): ClientError {
    if (cause instanceof ClientError) return cause;
    const phase = this.phase === "head" ? (this.#tally.receivedAny ? "head" : "wait") : "body";
    if (cause === undefined) return this.#tally.error(call, "connection-lost", phase);
    return ClientError.from(cause, "connection-lost", this.#tally.facts(call, phase));
  }
}

const UNTIL_CLOSE: Framing = Object.freeze({ kind: "until-close" });

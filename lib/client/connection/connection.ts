// Long because the states of one connection share their fields; what can be told apart lies in the files beside it.
/**
 * One connection of a client: when it is idle, whom it serves, who waits behind, and how it ends.
 * RFC 9112 §9 · Go: transport.go persistConn
 *
 * Rule of this file: it never chooses a request and never opens anything: its owner (the pool) hands it calls and
 * hears when it is free or gone. What happens between is told in exchange.ts.
 *
 *   idle ── start(call) ──► busy ── request and response over ──► idle, the next behind, or over
 *                            └ 101, CONNECT ──► handed (the caller's from there)
 */
import { type Conn, HandedConn, type IoError, Reader, Writer } from "../../bufio/mod.ts";
import type { ReaderListener } from "../../bufio/mod.ts";
import { MessageError } from "../../message/mod.ts";
import type { Call, CallHolder } from "../call.ts";
import { ConnectionDeadline, type DeadlineOwner, type Wait } from "./connection-deadline.ts";
import { ConnectionTally } from "./connection-tally.ts";
import { type ClientError, withoutPassword } from "../errors.ts";
import type { ConnectionHost, ExchangeOwner } from "./exchange-contracts.ts";
import { mayPipeline, says408 } from "./exchange-rules.ts";
import { ClientExchange } from "./exchange.ts";
import type { Attempt } from "../retry.ts";
import type { DialTimings } from "../timings.ts";

/** Whoever keeps connections. */
export interface ConnectionOwner extends ConnectionHost {
  readonly log: ((message: string) => void) | undefined;
  /** It can take a request again. Answers whether it is kept; if not, it is to close. */
  onFree(connection: Connection): boolean;
  /** It is over, or its caller's now. Called once. */
  onGone(connection: Connection): void;
  /** A call got no response because the connection failed; `attempt` says how far it had come. */
  onLost(call: Call, error: ClientError, attempt: Attempt): void;
}

type State = "idle" | "busy" | "handed" | "over";

export class Connection implements CallHolder, DeadlineOwner, ExchangeOwner, ReaderListener {
  readonly conn: Conn;
  readonly key: string;
  readonly bornAt: number;
  /** Since when it lies idle. */
  idleAt = 0;
  /** What making it took, for the first call. */
  dial: DialTimings | undefined;
  readonly #owner: ConnectionOwner;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #deadline: ConnectionDeadline;
  readonly #tally: ConnectionTally;
  readonly #exchange: ClientExchange;
  #state: State = "idle";
  /** Calls whose requests are written behind that of the current one. */
  #behind: Call[] | undefined;

  constructor(conn: Conn, key: string, owner: ConnectionOwner) {
    const { clock, settings } = owner;
    this.conn = conn;
    this.key = key;
    this.#owner = owner;
    this.bornAt = clock.now();
    this.#writer = new Writer(conn);
    this.#reader = new Reader(conn, { listener: this });
    this.#deadline = new ConnectionDeadline(clock, settings.shortestMs, this);
    this.#tally = new ConnectionTally(conn, this.#writer);
    const parts = {
      conn,
      reader: this.#reader,
      writer: this.#writer,
      deadline: this.#deadline,
      tally: this.#tally,
      host: owner,
    };
    this.#exchange = new ClientExchange(parts, this);
    conn.unref?.();
    // Whoever dialled it may be served already: then it lies idle without ever having been used.
    this.idleAt = this.bornAt;
    this.#deadline.set("idle", settings.timeouts.idleConnTimeout, this.bornAt);
    conn.start(this.#reader);
  }

  get isOver(): boolean {
    return this.#state === "over" || this.#state === "handed";
  }

  get isIdle(): boolean {
    return this.#state === "idle";
  }

  /** Until when it may lie idle, or wait for whatever it waits for. */
  get deadlineAt(): number {
    return this.#deadline.deadlineAt;
  }

  get nextBehind(): Call | undefined {
    return this.#behind?.[0];
  }

  // --- calls ------------------------------------------------------------------------------------

  /** Sends a request and reads its response. Only when idle. */
  start(call: Call, now: number): void {
    this.#exchange.begin(call);
    this.#take(call, now);
    // A hook may have ended the call, and the connection with it.
    if (this.isOver) return;
    this.#state = "busy";
    this.#exchange.send(call, now);
  }

  /**
   * Sends a request behind others whose responses are still to come; false when it cannot be. RFC 9112 §9.3.2:
   * only once the server has shown that it keeps connections, and only what can be repeated without harm.
   */
  startBehind(call: Call, depth: number, now: number): boolean {
    const waiting = (this.#behind?.length ?? 0) + 1;
    if (this.#state !== "busy" || waiting >= depth || this.#tally.served < 2) return false;
    if (!mayPipeline(call) || !this.#exchange.canBeFollowed) return false;
    (this.#behind ??= []).push(call);
    this.#take(call, now);
    this.#exchange.sender.sendBehind(call, now);
    if (this.#deadline.what === "nothing") this.#exchange.waitForReader();
    return true;
  }

  /** The call is this connection's now. */
  #take(call: Call, now: number): void {
    const { served } = this.#tally;
    call.holder = this;
    call.state = "sent";
    if (call.timings.connectedAt === 0) call.timings.connectedAt = now;
    if (served === 0) call.timings.dial = this.dial;
    const { trace } = call.settings;
    trace?.gotConn?.({
      remoteAddr: this.conn.remoteAddr,
      localAddr: this.conn.localAddr,
      tls: this.conn.tls,
      reused: served > 0,
      idleMs: this.#state === "idle" ? Math.max(0, now - this.idleAt) : 0,
    });
    this.#tally.served++;
  }

  /** Request and response are over: on to the one behind, to the pool, or away. */
  onOver(now: number): void {
    const exchange = this.#exchange;
    const { ends } = exchange;
    const trace = exchange.call?.settings.trace;
    exchange.clear();
    const next = ends ? undefined : this.#behind?.shift();
    if (next !== undefined) {
      this.#goOnWith(next, now);
      return;
    }
    const { maxConnAge } = this.#owner.settings.timeouts;
    const stale = now - this.bornAt > maxConnAge || exchange.keepMs <= 0;
    // A 408 that comes right behind is a server's goodbye, anything else an answer to nobody.
    if (this.#reader.buffered > 0) {
      trace?.putIdleConn?.({ closed: "more came than was asked for" });
      if (ends) this.abandon();
      else this.onUnsolicited();
      return;
    }
    if (ends || stale || this.#reader.ended) {
      trace?.putIdleConn?.({ closed: stale ? "its time is over" : "its last message is over" });
      this.#shut();
      return;
    }
    this.#rest(now);
    const kept = this.#owner.onFree(this);
    trace?.putIdleConn?.(kept ? "kept" : { closed: "idle connections are not kept" });
    if (!kept) this.#shut();
  }

  /** The next response is that to a call which was written behind. */
  #goOnWith(call: Call, now: number): void {
    if (this.#behind?.length === 0) this.#behind = undefined;
    // An answer that nobody wants any more is not waited for.
    if (call.state === "over") {
      this.abandon();
      return;
    }
    this.#exchange.begin(call);
    this.#exchange.goOnBehind(call, now);
  }

  #rest(now: number): void {
    const { idleConnTimeout } = this.#owner.settings.timeouts;
    this.#state = "idle";
    this.idleAt = now;
    this.#writer.release();
    this.#deadline.relax();
    this.#deadline.set("idle", Math.min(idleConnTimeout, this.#exchange.keepMs), now);
  }

  handOver(call: Call): { readonly conn: Conn; readonly head: Uint8Array } {
    const exchange = this.#exchange;
    if (this.isOver || exchange.call !== call || exchange.phase !== "body") {
      throw new MessageError("not-upgraded");
    }
    this.conn.pause();
    const head = this.#reader.takeAll();
    const peer = this.#reader.ended ? "ended" : "open";
    this.#reader.listener = undefined;
    exchange.giveUpBody();
    this.#leave("handed");
    exchange.sender.stop();
    call.end(this.#owner.clock.now());
    this.conn.ref?.();
    return { conn: new HandedConn(this.conn, { peer }), head };
  }

  // --- what happens to it -----------------------------------------------------------------------

  onInput(count: number): void {
    if (this.#state === "busy") this.#exchange.onInput(count);
    else if (this.#state === "idle") this.onUnsolicited();
  }

  onEnd(): void {
    if (this.#state === "busy") this.#exchange.onEnd();
    else if (this.#state === "idle") this.#shut();
  }

  onError(error: IoError): void {
    this.#writer.fail(error);
    if (!this.isOver) this.onLost(error);
  }

  onTimeUp(what: Wait): void {
    if (what === "idle") {
      this.#shut();
    } else if (what === "behind") {
      this.#exchange.ends = true;
      this.#loseBehind(this.#takeBehind());
    } else {
      this.#exchange.onTimeUp(what);
    }
  }

  /** The caller has given up: the connection goes with the call. */
  onCallAborted(call: Call, reason: unknown): void {
    // One that waits behind others leaves them alone; the connection ends when its turn comes.
    if (!this.isOver && call === this.#exchange.call) this.#exchange.breakOff(reason);
  }

  onUnsolicited(): void {
    const { bytes, from, to } = this.#reader;
    if (!says408(bytes, from, to)) {
      const where = this.#tally.address ?? withoutPassword(this.key);
      this.#owner.log?.(`unsolicited bytes on an idle connection to ${where}`);
    }
    this.abandon();
  }

  onLost(cause: unknown): void {
    const { call } = this.#exchange;
    const behind = this.#takeBehind();
    if (call === undefined) {
      this.abandon();
    } else {
      const error = this.#exchange.lostError(call, cause);
      const attempt = this.#tally.attempt(call, cause);
      this.abandon();
      // With the head out already, what has come of the body is read first; its reader hears of it then.
      if (call.state === "answered") call.end(this.#owner.clock.now());
      else this.#owner.onLost(call, error, attempt);
    }
    this.#loseBehind(behind);
  }

  // --- its end ----------------------------------------------------------------------------------

  /** Closes an idle connection. */
  close(): void {
    if (!this.isOver) this.#shut();
  }

  /** Ends everything at once, for `Transport.close`. */
  destroy(reason: (call: Call) => ClientError): void {
    if (this.isOver) return;
    const { call } = this.#exchange;
    const behind = this.#takeBehind();
    if (call === undefined) {
      this.abandon();
    } else {
      const error = reason(call);
      this.#exchange.breakOff(error);
      call.fail(error);
    }
    for (const later of behind) later.fail(reason(later));
  }

  /** Nothing is open on it: both sides end in order. */
  #shut(): void {
    this.#leave("over");
    this.conn.close();
  }

  /** Something is: it is cut. */
  abandon(): void {
    if (this.isOver) return;
    this.#leave("over");
    this.conn.abort();
    this.#exchange.sender.stop();
  }

  #leave(state: "over" | "handed"): void {
    if (this.isOver) return;
    this.#state = state;
    this.#exchange.phase = "none";
    this.#deadline.end();
    this.#writer.release();
    this.#owner.onGone(this);
    this.#loseBehind(this.#takeBehind());
  }

  #takeBehind(): readonly Call[] {
    const behind = this.#behind;
    this.#behind = undefined;
    return behind ?? NO_CALLS;
  }

  /** What was written behind others is not answered here. */
  #loseBehind(behind: readonly Call[]): void {
    for (const later of behind) {
      const { error, attempt } = this.#tally.unanswered(later);
      this.#owner.onLost(later, error, attempt);
    }
  }
}

const NO_CALLS: readonly Call[] = Object.freeze([]);

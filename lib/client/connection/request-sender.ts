/**
 * Requests on their way out: the head, the wait for 100, the body, and whether the server takes it.
 * RFC 9110 §10.1.1, RFC 9112 §9.3.2 · Go: transport.go writeLoop, transfer.go transferWriter
 *
 * Rule of this file: one body at a time, and no promise where there is none. What comes back is not its affair;
 * whoever owns it tells it to go on or to stop.
 */
import type { Clock, Conn, Writer } from "../../bufio/mod.ts";
import { writeBody } from "../../message/mod.ts";
import type { Call } from "../call.ts";
import type { ConnectionDeadline } from "./connection-deadline.ts";
import type { ConnectionTally } from "./connection-tally.ts";
import type { ConnectionParts } from "./exchange-contracts.ts";
import { expectsContinue } from "./exchange-rules.ts";

export interface SenderOwner {
  /** The last octet of the request is out. */
  onSent(call: Call, now: number): void;
  /** The body could not be sent: its source failed, or the connection (which is then told by itself). */
  onSendFailed(call: Call, cause: unknown): void;
}

export class RequestSender {
  /** How the last request stands: "held" while its body waits for 100. */
  state: "held" | "writing" | "written" | "failed" = "written";
  readonly #conn: Conn;
  readonly #writer: Writer;
  readonly #deadline: ConnectionDeadline;
  readonly #tally: ConnectionTally;
  readonly #clock: Clock;
  readonly #writeTimeoutMs: number;
  readonly #owner: SenderOwner;
  /** Whose body is held or written. */
  #call: Call | undefined;
  #progress = 0;
  /** Are requests written that leave at the end of this turn? */
  #gathering = false;

  constructor(parts: ConnectionParts, owner: SenderOwner) {
    this.#conn = parts.conn;
    this.#writer = parts.writer;
    this.#deadline = parts.deadline;
    this.#tally = parts.tally;
    this.#clock = parts.host.clock;
    this.#writeTimeoutMs = parts.host.settings.timeouts.writeTimeout;
    this.#owner = owner;
  }

  /** Sends a request; its owner hears when it is out. */
  send(call: Call, now: number): void {
    if (call.head.framing.kind === "none") {
      this.#writeHead(call);
      this.#writer.flush();
      this.#tellSent(call, now);
      this.#owner.onSent(call, now);
      return;
    }
    this.#call = call;
    this.#writeHead(call);
    const { expectContinueTimeout } = call.settings;
    if (expectContinueTimeout > 0 && expectsContinue(call)) {
      this.state = "held";
      this.#writer.flush();
      call.settings.trace?.wroteHeaders?.();
      call.settings.trace?.wait100Continue?.();
      this.#deadline.set("continue", expectContinueTimeout, now);
      return;
    }
    void this.#sendBody(call);
  }

  /** Sends a request that has no body behind others; those that are asked for in one go leave in one write. */
  sendBehind(call: Call, now: number): void {
    this.#writeHead(call);
    if (!this.#gathering) {
      this.#gathering = true;
      queueMicrotask(() => this.#sendGathered());
    }
    this.#tellSent(call, now);
  }

  #sendGathered(): void {
    if (this.#gathering) this.#writer.flush();
    this.#gathering = false;
  }

  #tellSent(call: Call, now: number): void {
    call.timings.sentAt = now;
    const { trace } = call.settings;
    trace?.wroteHeaders?.();
    trace?.wroteRequest?.(undefined);
  }

  /** A body that was held is sent: 100 has come, or has been waited for long enough. */
  goOn(): void {
    if (this.state === "held" && this.#call !== undefined) void this.#sendBody(this.#call);
  }

  /** What is left of the request is not sent: the connection is gone, or another's. */
  stop(): void {
    this.#gathering = false;
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    this.state = "failed";
    call.body.cancel();
  }

  /** Has the server taken anything since the last look? A source that makes nothing is not its fault. */
  isMoving(now: number): boolean {
    const taken = this.#conn.takenBytes ?? this.#writer.total - this.#conn.queuedBytes;
    if (this.#conn.queuedBytes > 0 && taken === this.#progress) return false;
    this.#progress = taken;
    this.#deadline.set("send", this.#writeTimeoutMs, now);
    return true;
  }

  #writeHead(call: Call): void {
    this.#tally.beginRequest(call);
    this.#writer.writeLatin1(call.head.text);
  }

  async #sendBody(call: Call): Promise<void> {
    const { trace } = call.settings;
    if (this.state !== "held") trace?.wroteHeaders?.();
    this.state = "writing";
    this.#progress = -1;
    this.#deadline.set("send", this.#writeTimeoutMs, this.#clock.now());
    const { framing, trailer } = call.head;
    // Those of this attempt: a later one has others, which are not to be read here.
    const { body, bodyReady } = call;
    try {
      if (bodyReady !== undefined) {
        this.#writer.flush();
        await bodyReady;
      }
      await writeBody(this.#writer, body, framing, trailer);
      if (this.#conn.queuedBytes > 0) await this.#writer.drained();
    } catch (cause) {
      if (this.#call !== call) return;
      this.#call = undefined;
      this.state = "failed";
      trace?.wroteRequest?.(cause);
      this.#owner.onSendFailed(call, cause);
      return;
    }
    if (this.#call !== call) return;
    this.#call = undefined;
    this.state = "written";
    const now = this.#clock.now();
    call.timings.sentAt = now;
    trace?.wroteRequest?.(undefined);
    this.#owner.onSent(call, now);
  }
}

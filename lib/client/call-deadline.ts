/**
 * One deadline for a whole call: connecting, redirects, head and body.
 * Go: client.go deadline, setRequestCancel, cancelTimerBody
 *
 * Rule of this file: one controller, one alarm, one listener to the caller's signal, all gone when the call is
 * over; made only for calls that have a timeout.
 */
import type { Alarm, Clock } from "../bufio/mod.ts";
import type { Body, Request } from "../message/mod.ts";
import { ClientError } from "./errors.ts";

export class CallDeadline implements Alarm {
  deadlineAt: number;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #controller: AbortController = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #onOuter: () => void;
  /** The hop that is under way, for the error. */
  #request: Request;
  #body: Body | undefined;
  #isOver = false;

  constructor(clock: Clock, timeoutMs: number, request: Request) {
    this.deadlineAt = clock.now() + timeoutMs;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#request = request;
    this.#outer = request.exchange?.signal;
    this.#onOuter = () => this.#end(this.#outer?.reason);
    this.#outer?.addEventListener("abort", this.#onOuter, { once: true });
    clock.watch(this, timeoutMs);
    if (this.#outer?.aborted === true) this.#onOuter();
  }

  /** Aborts at the deadline, with a ClientError "client-timed-out", and with the caller's signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A further request of the same call is sent. */
  goOn(request: Request): void {
    this.#request = request;
  }

  /** The head of the final response is here; the deadline holds until its body is over. */
  awaitBody(body: Body): void {
    this.#body = body;
    body.onDone(() => this.dispose());
  }

  /**
   * What is here is no message but a connection that is to become the caller's: no time holds any more, and the
   * signal until it is hijacked, as in Go.
   */
  awaitHijack(body: Body): void {
    this.#clock.unwatch(this);
    this.awaitBody(body);
  }

  onDeadline(): void {
    const { method, target } = this.#request;
    const phase = this.#body === undefined ? "head" : "body";
    const detail = `${this.#timeoutMs} ms, while waiting for the ${phase}`;
    this.#end(ClientError.of("client-timed-out", { phase, method, url: target, detail }));
  }

  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#clock.unwatch(this);
    this.#outer?.removeEventListener("abort", this.#onOuter);
  }

  /** The body is told first, so that its reader hears this reason and not what comes of it. */
  #end(reason: unknown): void {
    this.dispose();
    this.#body?.fail(reason);
    this.#controller.abort(reason);
  }
}

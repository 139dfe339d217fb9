/**
 * One request on its way to its response, over as many connections as that takes.
 * Go: transport.go transportRequest, wantConn, requestAndChan
 *
 * Rule of this file: it is settled once. Whoever has it at the moment (the pool, a connection, nobody) is its
 * holder, and is told when its caller gives up. It owns the signal's listener and the hold on the process.
 */
import type { OutgoingHead, Request, Response } from "../message/mod.ts";
import { type Body, noBody, saysClose } from "../message/mod.ts";
import { ClientError, type ClientErrorCode, type ClientPhase } from "./errors.ts";
import type { CallSettings } from "./options.ts";
import type { Route } from "./route.ts";
import { CallTimings } from "./timings.ts";

/** Who can be told that nobody wants the response any more. */
export interface CallHolder {
  /** The call is settled already; what serves it alone is to be given up. */
  onCallAborted(call: Call, reason: unknown): void;
}

/** What a Call is made of. */
export interface CallParts {
  readonly request: Request;
  readonly head: OutgoingHead;
  readonly route: Route;
  readonly settings: CallSettings;
  readonly now: number;
  /** The content codings that the transport asked for by itself. */
  readonly asked: readonly string[];
  readonly hold: ((how: "busy" | "idle") => void) | undefined;
}

/** Where a call stands. */
export type CallState = "waiting" | "sent" | "answered" | "over";

export class Call {
  readonly request: Request;
  readonly head: OutgoingHead;
  readonly route: Route;
  readonly settings: CallSettings;
  readonly timings: CallTimings;
  readonly asked: readonly string[];
  readonly promise: Promise<Response>;
  state: CallState = "waiting";
  /** The body to be sent: on a second attempt it is got again. */
  body: Body;
  /** Resolves when the first piece of a slow body is known; undefined when nobody waits for that. */
  bodyReady: Promise<void> | undefined = undefined;
  holder: CallHolder | undefined = undefined;
  /** How many octets were written on its connection before its request. */
  sentFrom = 0;
  /** The instant until which it waits in the pool. */
  waitsUntil: number = Infinity;
  readonly #hold: ((how: "busy" | "idle") => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;
  #held = false;
  #resolve!: (response: Response) => void;
  #reject!: (reason: unknown) => void;

  constructor(parts: CallParts) {
    this.request = parts.request;
    this.head = parts.head;
    this.route = parts.route;
    this.settings = parts.settings;
    this.asked = parts.asked;
    this.body = firstBody(parts.request);
    this.timings = new CallTimings(parts.now);
    this.#hold = parts.hold;
    this.#signal = parts.request.exchange?.signal;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.hold();
    if (this.#signal !== undefined) this.#listen(this.#signal);
  }

  /** The reason of the caller's signal, once it has aborted: it wins over every other error. */
  get aborted(): { readonly reason: unknown } | undefined {
    return this.#signal?.aborted === true ? this.#signal : undefined;
  }

  /** Has the request asked for the end of its connection? RFC 9112 §9.6: none may follow it there. */
  get closes(): boolean {
    const { close, header } = this.request;
    return close || (header.count > 0 && saysClose(header));
  }

  /** Keeps the process alive while somebody waits for octets. */
  hold(): void {
    if (this.#held || this.state === "over") return;
    this.#held = true;
    this.#hold?.("busy");
  }

  unhold(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#hold?.("idle");
  }

  /** The response's head is here; its body may still come. */
  answer(response: Response): void {
    // A body that failed as it came has ended the call before.
    if (this.state !== "over") this.state = "answered";
    this.unhold();
    this.#resolve(response);
  }

  /** The response has come to its end, or its body is given up. */
  end(now: number): void {
    if (this.state === "over") return;
    this.state = "over";
    this.timings.endedAt = now;
    this.#letGo();
  }

  /** No response will come. */
  fail(error: unknown): void {
    if (this.state === "over") return;
    const answered = this.state === "answered";
    this.state = "over";
    this.#letGo();
    if (answered) return;
    this.body.cancel(error);
    this.#reject(this.aborted === undefined ? error : this.aborted.reason);
  }

  /** Gets the body again for another attempt. Throws what `getBody` throws. */
  rewind(): void {
    this.state = "waiting";
    this.holder = undefined;
    const { body, getBody } = this.request;
    if (body === noBody || getBody === undefined) return;
    this.body.cancel();
    this.body = getBody();
    this.bodyReady = undefined;
  }

  /** An error of this room about this call. */
  error(
    code: ClientErrorCode,
    phase: ClientPhase,
    more: { readonly detail?: string; readonly cause?: unknown } = {},
  ): ClientError {
    return ClientError.of(code, { ...this.facts(phase), ...more });
  }

  /** What is known of it, for errors. */
  facts(phase: ClientPhase): { phase: ClientPhase; method: string; url: string } {
    return { phase, method: this.request.method, url: this.request.target };
  }

  #listen(signal: AbortSignal): void {
    // A hook may have aborted it since it was looked at.
    if (signal.aborted) return this.#abort(signal.reason);
    this.#onAbort = () => this.#abort(signal.reason);
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  #abort(reason: unknown): void {
    if (this.state === "over") return;
    const { holder } = this;
    this.fail(reason);
    holder?.onCallAborted(this, reason);
  }

  #letGo(): void {
    this.unhold();
    this.holder = undefined;
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#onAbort = undefined;
  }
}

/** The request's body; got again where the request was sent before. */
function firstBody({ body, getBody }: Request): Body {
  return body.ended && body !== noBody && getBody !== undefined ? getBody() : body;
}

/**
 * timeoutHandler: the whole answer in time, or 503.
 * RFC 9110 §15.6.4 · Go: server.go TimeoutHandler
 *
 * Rule of this file: until the handler has ended nothing of its answer leaves. Then either all of it goes
 * out, or, when time was over before, nothing of it ever does.
 */
import type { Alarm } from "../../bufio/mod.ts";
import { rejected } from "../../bufio/mod.ts";
import type { Request } from "../../message/mod.ts";
import type { Header } from "../../wire/mod.ts";
import { ServerError } from "../errors.ts";
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import type { AnswerSink, WriteHeaderOptions } from "../response-connection.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { HandlerError } from "./errors.ts";

export interface TimeoutHandlerOptions {
  /** The body of the 503. Default: a short page that says "Timeout", as Go's. */
  readonly message?: string | undefined;
  /** How much of an answer is kept; a write beyond it rejects with "answer-too-large". Default 8 MiB. */
  readonly maxBytes?: number | undefined;
  /** Hears what the handler throws after its time, which nobody else does. It may not throw. */
  readonly onLateError?: ((error: unknown, r: Request) => void) | undefined;
}

/**
 * Gives a handler `ms` to complete its answer. Else the client gets 503 and the message, the signal of the
 * handler's request aborts with "handler-timeout", and so do its later writes. The answer is kept in memory
 * till then: `flush` sends nothing, and the connection should not be hijacked inside. Interim answers go out
 * at once. The handler sees the fields that were set outside; on a timeout only those are sent.
 *
 * A handler that never awaits cannot be interrupted. Throws "bad-helper-option" when `ms` is not above 0.
 * Go: http.TimeoutHandler
 *
 *   mux.handle("/report", timeoutHandler(report, 5_000, { message: "Try again later.\n" }));
 */
export function timeoutHandler<C = unknown>(
  handler: Handler<C>,
  ms: number,
  options: TimeoutHandlerOptions = {},
): HandlerFunc<C> {
  if (!(ms > 0)) throw new HandlerError("bad-helper-option", `ms is ${ms}; it must be above 0`);
  const serve = handlerFunc(handler);
  return (w, r) => {
    const call = new TimedCall<C>(w, r, options);
    const result = serve(w, call.request);
    return result === undefined ? call.complete() : call.race(result, ms);
  };
}

const TIMEOUT_PAGE =
  "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>";
const MAX_BYTES = 8_388_608;
const DONE: Promise<void> = Promise.resolve();

/** One call of the handler: the sink that keeps its answer, and the alarm. */
class TimedCall<C> implements AnswerSink {
  /** What the handler gets. */
  readonly request: Request<C>;
  readonly #writer: ResponseWriter<C>;
  readonly #options: TimeoutHandlerOptions;
  readonly #controller = new AbortController();
  /** The fields that were there before the handler. */
  readonly #outer: Header;
  #below!: AnswerSink;
  #state: "running" | "completed" | "late" = "running";
  #chosen: { readonly status: number; readonly options: WriteHeaderOptions } | undefined;
  #later: number[] = [];
  #pieces: (string | Uint8Array)[] = [];
  #bytes = 0;

  constructor(w: ResponseWriter<C>, r: Request<C>, options: TimeoutHandlerOptions) {
    this.#writer = w;
    this.#options = options;
    this.#outer = w.header.clone();
    this.request = r.with({ exchange: exchangeWith(r, this.#controller) });
    w.intercept((below) => {
      this.#below = below;
      return this;
    });
  }

  writeHeader(status: number, options: WriteHeaderOptions = {}): void {
    if (this.#state === "late") throw lateError();
    const isFinal = status >= 200 || status === 101;
    if (this.#state === "completed" || !isFinal || !(status <= 999)) {
      this.#below.writeHeader(status, options);
    } else if (this.#chosen === undefined) {
      const header = (options.header ?? this.#writer.header).clone();
      this.#chosen = { status, options: { ...options, header } };
    } else {
      this.#later.push(status);
    }
  }

  write(data: string | Uint8Array): Promise<void> {
    if (this.#state === "completed") return this.#below.write(data);
    if (this.#state === "late") return rejected(lateError());
    if (this.#chosen === undefined) this.writeHeader(200);
    const max = this.#options.maxBytes ?? MAX_BYTES;
    // A string counts by its chars here; what it takes on the wire is at the most three times as much.
    if (this.#bytes + data.length > max) {
      return rejected(new HandlerError("answer-too-large", `more than ${max} bytes`));
    }
    this.#bytes += data.length;
    this.#pieces.push(typeof data === "string" ? data : data.slice());
    return DONE;
  }

  flush(): Promise<void> {
    if (this.#state === "completed") return this.#below.flush();
    return this.#state === "late" ? rejected(lateError()) : DONE;
  }

  /** Waits for the handler or for the end of its time, whichever comes first. */
  race(result: Promise<void>, ms: number): Promise<void> {
    const { clock } = this.#writer;
    return new Promise((resolve, reject) => {
      const alarm: Alarm = {
        deadlineAt: clock.now() + ms,
        onDeadline: () => {
          clock.unwatch(alarm);
          resolve(this.#giveUp(ms));
        },
      };
      clock.watch(alarm, ms);
      const ended = (settle: () => void): void => {
        clock.unwatch(alarm);
        if (this.#state === "running") settle();
      };
      result.then(
        () => ended(() => resolve(this.#completeLater())),
        (error: unknown) => {
          if (this.#state === "late") this.#options.onLateError?.(error, this.request);
          ended(() => reject(error));
        },
      );
    });
  }

  /** As `complete`, and what it throws is a rejection. */
  async #completeLater(): Promise<void> {
    await this.complete();
  }

  /** The handler has ended in time. */
  complete(): void | Promise<void> {
    this.#state = "completed";
    if (this.#chosen === undefined) return undefined;
    const { status, options } = this.#chosen;
    this.#below.writeHeader(status, options);
    for (const superfluous of this.#later) this.#below.writeHeader(superfluous);
    return this.#send(this.#pieces);
  }

  #giveUp(ms: number): Promise<void> {
    this.#state = "late";
    this.#pieces = [];
    this.#controller.abort(lateError(`${ms} ms were given`));
    try {
      this.#below.writeHeader(503, { header: this.#outer });
    } catch (error) {
      // Hijacked, or the connection is gone: there is nobody to be told.
      return rejected(error as Error).catch(() => undefined);
    }
    return this.#send([this.#options.message ?? TIMEOUT_PAGE]);
  }

  async #send(pieces: readonly (string | Uint8Array)[]): Promise<void> {
    for (const piece of pieces) await this.#below.write(piece);
  }
}

/** The request's exchange with a signal that also aborts when time is over. */
function exchangeWith<C>(
  r: Request<C>,
  controller: AbortController,
): NonNullable<Parameters<Request<C>["with"]>[0]["exchange"]> {
  const { remoteAddr, localAddr, tls, context, server } = r;
  let linked: AbortSignal | undefined;
  return {
    remoteAddr,
    localAddr,
    tls,
    context,
    server,
    get signal() {
      if (linked === undefined) {
        const outer = r.signal;
        linked = controller.signal;
        if (outer.aborted) controller.abort(outer.reason);
        else outer.addEventListener("abort", () => controller.abort(outer.reason), { once: true });
      }
      return linked;
    },
  };
}

function lateError(evidence = "the time of timeoutHandler is over"): ServerError {
  return new ServerError("handler-timeout", { evidence });
}

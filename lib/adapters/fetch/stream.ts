/**
 * A Body as the stream that the body of a platform's Response is: of bytes, and erring with TypeErrors.
 * WHATWG Fetch §2.2.4, Streams §4.7 · Go: none
 *
 * Rule of this file: nothing is read before somebody reads the stream, one piece for one pull. An abort errs the
 * stream at once, whoever reads it.
 */
import type { Body } from "../../message/mod.ts";
import { FetchError } from "./errors.ts";

/** The body as a byte stream; readers with `mode: "byob"` may come. */
export function byteStream(
  body: Body,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const source = new Source(body, signal);
  return new ReadableStream({
    type: "bytes",
    start: (controller) => source.start(controller),
    pull: (controller) => source.pull(controller),
    cancel: (reason) => source.cancel(reason),
  });
}

/** What reading a body rejects with: the reason of its signal, else "body-terminated". */
export function bodyError(cause: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted === true ? signal.reason : new FetchError("body-terminated", { cause });
}

const forgotten = new FinalizationRegistry<Body>((body) => body.cancel());

/**
 * Cancels the body when `holder` is gone: an unread body keeps its connection, and programs that look only at the
 * status are many. The body must not hold the holder.
 */
export function whenForgotten(holder: object, body: Body): void {
  forgotten.register(holder, body, holder);
}

/** Somebody else sees to the body. */
export function isRemembered(holder: object): void {
  forgotten.unregister(holder);
}

class Source {
  readonly #body: Body;
  readonly #signal: AbortSignal | undefined;
  /** Weak, since a long-lived signal would keep the stream, and so its connection, for ever. */
  #controller: WeakRef<ReadableByteStreamController> | undefined;
  readonly #onAbort = (): void => this.#abort();

  constructor(body: Body, signal: AbortSignal | undefined) {
    this.#body = body;
    this.#signal = signal;
  }

  start(controller: ReadableByteStreamController): void {
    const signal = this.#signal;
    if (signal === undefined) return;
    this.#controller = new WeakRef(controller);
    if (signal.aborted) this.#abort();
    else {
      signal.addEventListener("abort", this.#onAbort, { once: true });
      // Also one that nobody reads any more is cancelled, and a long-lived signal must not keep it.
      this.#body.onDone(() => this.#forgetSignal());
    }
  }

  async pull(controller: ReadableByteStreamController): Promise<void> {
    let piece: Uint8Array | undefined;
    try {
      piece = await this.#body.next();
    } catch (cause) {
      this.#forgetSignal();
      controller.error(bodyError(cause, this.#signal));
      return;
    }
    if (this.#signal?.aborted === true) return;
    if (piece !== undefined) {
      controller.enqueue(owned(piece));
      return;
    }
    this.#forgetSignal();
    controller.close();
    // A reader with a buffer of its own waits for it.
    controller.byobRequest?.respond(0);
  }

  cancel(reason: unknown): void {
    this.#forgetSignal();
    this.#body.cancel(reason);
  }

  #abort(): void {
    this.#controller?.deref()?.error(this.#signal?.reason);
    this.#body.cancel(this.#signal?.reason);
  }

  #forgetSignal(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}

/** A stream of bytes takes the whole buffer of what it is given; others may have a part of it. */
function owned(piece: Uint8Array): Uint8Array {
  return piece.byteLength === piece.buffer.byteLength ? piece : new Uint8Array(piece);
}

/**
 * The loop over a body, piece by piece.
 *
 * Rule of this file: it asks the body and keeps nothing. An async generator would make three promises more for each
 * piece.
 */

/** As much of a body as is asked. */
interface Pulled {
  poll(): Uint8Array | "need-more" | undefined;
  ready(): Promise<void>;
  cancel(): void;
}

/** What `for await` asks of a body; leaving the loop early cancels the rest. */
export class BodyPieces implements AsyncIterableIterator<Uint8Array> {
  /** Undefined when the loop was left. */
  #body: Pulled | undefined;

  constructor(body: Pulled) {
    this.#body = body;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const body = this.#body;
    if (body === undefined) return { done: true, value: undefined };
    try {
      for (;;) {
        const value = body.poll();
        if (value === undefined) return { done: true, value };
        if (value !== "need-more") return { done: false, value };
        await body.ready();
      }
    } catch (error) {
      body.cancel();
      throw error;
    }
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#body?.cancel();
    this.#body = undefined;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

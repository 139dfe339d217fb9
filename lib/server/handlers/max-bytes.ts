/**
 * maxBytes: a body that ends with an error where it becomes too large.
 * RFC 9110 §15.5.14 · Go: request.go MaxBytesReader, server.go MaxBytesHandler
 *
 * Rule of this file: it counts. What was allowed is handed out before the error, and the error stays. The
 * handler's answer to such a client closes the connection, for the rest is not worth reading.
 */
import { Body, MessageError } from "../../message/mod.ts";
import type { BodySource, Request } from "../../message/mod.ts";
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";

/**
 * A body that gives `max` bytes of another and then rejects with "body-too-large" (413), which is also what
 * the client gets when the handler lets it through. `bytes`, `text` and `json` of it hold up to `max`. A
 * negative `max` counts as 0. Go: http.MaxBytesReader
 *
 *   const body = maxBytesReader(w, r.body, 10_000_000);
 *   const upload = await body.bytes();
 */
export function maxBytesReader(w: ResponseWriter, body: Body, max: number): Body {
  const limit = Math.max(0, max);
  const { length } = body;
  if (length === 0) return body;
  return new Body(new LimitedSource(w, body, limit), {
    length: length !== undefined && length <= limit ? length : undefined,
    maxBytes: limit,
  });
}

/** Serves requests by the handler with their bodies limited so. Go: http.MaxBytesHandler */
export function maxBytesHandler<C = unknown>(handler: Handler<C>, max: number): HandlerFunc<C> {
  const serve = handlerFunc(handler);
  return (w, r) => serve(w, limited(w, r, max));
}

function limited<C>(w: ResponseWriter<C>, r: Request<C>, max: number): Request<C> {
  return r.body.length === 0 ? r : r.with({ body: maxBytesReader(w, r.body, max) });
}

class LimitedSource implements BodySource {
  readonly #writer: ResponseWriter;
  readonly #body: Body;
  readonly #max: number;
  #left: number;

  constructor(writer: ResponseWriter, body: Body, max: number) {
    this.#writer = writer;
    this.#body = body;
    this.#max = max;
    this.#left = max;
  }

  pull(): Uint8Array | "need-more" | "end" {
    const piece = this.#body.poll();
    if (piece === undefined) return "end";
    if (piece === "need-more") return piece;
    if (piece.length <= this.#left) {
      this.#left -= piece.length;
      return piece;
    }
    if (this.#left === 0) throw this.#tooLarge();
    const allowed = piece.subarray(0, this.#left);
    this.#body.unread(piece.subarray(this.#left));
    this.#left = 0;
    return allowed;
  }

  wait(): Promise<void> {
    return this.#body.ready();
  }

  cancel(reason?: unknown): void {
    this.#body.cancel(reason);
  }

  #tooLarge(): MessageError {
    if (this.#writer.sent.head === "pending") this.#writer.header.set("Connection", "close");
    return new MessageError("body-too-large", { evidence: `${this.#max} bytes` });
  }
}

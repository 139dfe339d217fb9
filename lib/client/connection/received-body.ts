/**
 * The body of a response: what its connection cuts out of the wire, counted, and told of in the client's errors.
 * Go: transport.go bodyEOFSignal
 *
 * Rule of this file: it stands between the Body that the caller holds and the connection. What has come whole
 * with the head is in `pieces`, and the connection is free already.
 */
import { type BodySource, MessageError, type WireBodySource } from "../../message/mod.ts";
import type { FieldSection } from "../../wire/mod.ts";
import type { Call } from "../call.ts";

/** What a body needs of its connection, which may serve another call by then. */
export interface BodyOwner {
  /** The error that the reader of the body gets for this one; the connection is given up. */
  onBodyFailed(call: Call, error: unknown): unknown;
  onBodyCancelled(call: Call): void;
}

export interface ReceivedBodyParts {
  readonly owner: BodyOwner;
  /** Whose response it belongs to. */
  readonly call: Call;
  /** Octets of content at the most. */
  readonly maxBytes: number;
}

export class ReceivedBody implements BodySource {
  readonly #wire: WireBodySource;
  readonly #owner: BodyOwner;
  readonly #call: Call;
  readonly #maxBytes: number;
  #pieces: Uint8Array[] | undefined;
  #received = 0;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;

  constructor(wire: WireBodySource, { owner, call, maxBytes }: ReceivedBodyParts) {
    this.#wire = wire;
    this.#owner = owner;
    this.#call = call;
    this.#maxBytes = maxBytes;
  }

  /** Takes what is here; true when that is all there is. What breaks is told to whoever reads. */
  prefetch(maxBytes: number): boolean {
    let taken = 0;
    const pieces: Uint8Array[] = [];
    this.#pieces = pieces;
    try {
      while (taken <= maxBytes) {
        const piece = this.#count(this.#wire.pull());
        if (piece === "end") return (this.#ended = true);
        if (piece === "need-more") return false;
        pieces.push(piece);
        taken += piece.length;
        if (this.#wire.done) return (this.#ended = true);
      }
    } catch (error) {
      this.#fail(error);
    }
    return false;
  }

  get trailers(): FieldSection | undefined {
    return this.#wire.trailers;
  }

  pull(): Uint8Array | "need-more" | "end" {
    return this.#pieces?.shift() ?? this.#next(pullFrom);
  }

  readInto(into: Uint8Array): number | "need-more" | "end" {
    const piece = this.#pieces?.shift();
    if (piece === undefined) return this.#next((wire) => wire.readInto(into));
    const count = Math.min(into.length, piece.length);
    into.set(piece.subarray(0, count));
    if (count < piece.length) this.#pieces?.unshift(piece.subarray(count));
    return count;
  }

  #next<T extends Uint8Array | number>(
    ask: (wire: WireBodySource) => T | "need-more" | "end",
  ): T | "need-more" | "end" {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended) return "end";
    try {
      return this.#count(ask(this.#wire));
    } catch (error) {
      throw this.#fail(error);
    }
  }

  wait(onHere?: () => void): Promise<void> {
    if (this.#failure !== undefined) return Promise.resolve();
    return this.#wire.wait(onHere).catch((error: unknown) => {
      throw this.#fail(error);
    });
  }

  cancel(): void {
    this.#pieces = undefined;
    // A body whose last octet has been cut needs nothing more of its connection.
    const over = this.#ended || this.#wire.done || this.#failure !== undefined;
    // A read that waits ends with this, and is nothing that the connection did wrong.
    this.#failure ??= { error: new MessageError("body-used") };
    if (!over) this.#owner.onBodyCancelled(this.#call);
  }

  /** Nothing more will come, for this reason. What is here already can still be read. */
  fail(error: unknown): void {
    if (!this.#ended) this.#failure ??= { error };
  }

  #fail(cause: unknown): unknown {
    this.#failure ??= { error: this.#owner.onBodyFailed(this.#call, cause) };
    return this.#failure.error;
  }

  #count<T extends Uint8Array | number>(step: T | "need-more" | "end"): T | "need-more" | "end" {
    if (typeof step === "string") return step;
    this.#received += typeof step === "number" ? step : step.length;
    if (this.#received > this.#maxBytes) throw new ResponseTooLarge();
    return step;
  }
}

function pullFrom(wire: WireBodySource): Uint8Array | "need-more" | "end" {
  return wire.pull();
}

/** More content than allowed; the connection makes a ClientError of it. */
export class ResponseTooLarge extends Error {}

/**
 * What a Body is made from: something that has the bytes, and what is known of it.
 * RFC 9110 §6.4 · Go: io.ReadCloser
 *
 * Rule of this file: types only.
 */
import type { FieldSection } from "../wire/mod.ts";

/** Where a body comes from: looked at synchronously, waited for only when nothing is here. */
export interface BodySource {
  /** The next piece (never empty, the caller's for good), or nothing yet, or the end. Throws coded errors. */
  pull(): Uint8Array | "need-more" | "end";
  /**
   * The same copied to the front of an array with room: how many bytes were. For sources that would have to
   * make an array for a piece.
   */
  readInto?(into: Uint8Array): number | "need-more" | "end";
  /**
   * Resolves when `pull` is worth another try. Rejects when it never will be. A source with `readInto` calls
   * `onHere` before that, in the turn in which something comes: what is read then is copied once.
   */
  wait(onHere?: () => void): Promise<void>;
  /** Nobody will read the rest. Called at most once, never after the end. */
  cancel(reason?: unknown): void;
  /** The fields that came after the content; looked at once, when `pull` has said "end". */
  readonly trailers?: FieldSection | undefined;
}

export interface BodyOptions {
  /** How many bytes there are in all, where it is known. */
  readonly length?: number | undefined;
  /** What `bytes`, `text` and `json` hold unless told otherwise. Default 1 MiB. */
  readonly maxBytes?: number | undefined;
}

/**
 * The beginning of an answer's body, kept until it is known how the answer is framed.
 * Go: response.w, the 2,048-byte buffer
 *
 * Rule of this file: ASCII text stays one string, because a string leaves fastest; the first bytes turn all
 * of it into bytes. What is added is copied: the caller may use its array again.
 */
import { encodeLatin1 } from "../wire/mod.ts";

/** So much of a body is kept to find its length. Go's bound. */
export const KEPT_BODY_BYTES = 2048;

export class KeptBody {
  /** How many bytes are kept. */
  length = 0;
  #text = "";
  #bytes: Uint8Array | undefined;

  /** Adds ASCII text or bytes; the caller has seen to it that there is room. */
  add(piece: string | Uint8Array): void {
    if (typeof piece === "string" && this.#bytes === undefined) {
      this.#text = this.length === 0 ? piece : this.#text + piece;
    } else {
      this.#room().set(typeof piece === "string" ? encodeLatin1(piece) : piece, this.length);
    }
    this.length += piece.length;
  }

  /** What is kept. */
  peek(): string | Uint8Array {
    return this.#bytes === undefined ? this.#text : this.#bytes.subarray(0, this.length);
  }

  #room(): Uint8Array {
    if (this.#bytes === undefined) {
      this.#bytes = new Uint8Array(KEPT_BODY_BYTES);
      this.#bytes.set(encodeLatin1(this.#text));
      this.#text = "";
    }
    return this.#bytes;
  }
}

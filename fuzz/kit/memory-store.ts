/**
 * A place for uploads that is in memory, and knows what has not been removed.
 *
 * Rule of this file: it keeps the contract of TempStore; a file that is used after its removal throws.
 */
import type { TempFile, TempStore } from "../../lib/bufio/mod.ts";
import { joined } from "../bytes.ts";

export class MemoryStore implements TempStore {
  /** Files that are there. */
  left = 0;

  create(): Promise<TempFile> {
    this.left++;
    return Promise.resolve(new MemoryFile(() => this.left--));
  }
}

class MemoryFile implements TempFile {
  readonly path: string = "memory";
  readonly #removed: () => void;
  #octets: Uint8Array | undefined = new Uint8Array();

  constructor(removed: () => void) {
    this.#removed = removed;
  }

  async write(octets: Uint8Array): Promise<void> {
    this.#octets = joined(this.#here(), octets);
  }

  async finish(): Promise<void> {
    this.#here();
  }

  async readAt(into: Uint8Array, position: number): Promise<number> {
    const part = this.#here().subarray(position, position + into.length);
    into.set(part);
    return part.length;
  }

  async remove(): Promise<void> {
    if (this.#octets !== undefined) this.#removed();
    this.#octets = undefined;
  }

  #here(): Uint8Array {
    if (this.#octets === undefined) throw new Error("the temporary file is removed");
    return this.#octets;
  }
}

/**
 * A TempStore in memory, for tests: it counts what is open and what is left, and fails when told to.
 *
 * Rule of this file: it keeps the contract to the letter, so that who breaks it is seen.
 */
import type { TempFile, TempStore } from "../../lib/bufio/mod.ts";

export class MemoryTempStore implements TempStore {
  readonly files: Set<MemoryTempFile> = new Set();
  made = 0;
  /** What the next call of this name rejects with. */
  failing: "create" | "write" | "finish" | "readAt" | "remove" | undefined;
  /** Called before a file is made; for tests that end the handler just then. */
  beforeCreate: () => void = () => {};

  create(): Promise<MemoryTempFile> {
    this.beforeCreate();
    if (this.failing === "create") return Promise.reject(new Error("the disk says no"));
    const file = new MemoryTempFile(this, ++this.made);
    this.files.add(file);
    return Promise.resolve(file);
  }
}

class MemoryTempFile implements TempFile {
  readonly path: string;
  readonly #store: MemoryTempStore;
  #octets: number[] = [];
  #state: "writing" | "written" | "removed" = "writing";

  constructor(store: MemoryTempStore, number: number) {
    this.#store = store;
    this.path = `memory:${number}`;
  }

  async write(octets: Uint8Array): Promise<void> {
    await this.#check("write", "writing");
    // Taken late: who changes the array before this call has resolved is seen.
    for (const octet of octets) this.#octets.push(octet);
  }

  async finish(): Promise<void> {
    await this.#check("finish", "writing");
    this.#state = "written";
  }

  async readAt(into: Uint8Array, position: number): Promise<number> {
    await this.#check("readAt", "written");
    const piece = this.#octets.slice(position, position + into.length);
    into.set(piece);
    return piece.length;
  }

  async remove(): Promise<void> {
    if (this.#store.failing === "remove") throw new Error("the disk says no");
    this.#state = "removed";
    this.#octets = [];
    this.#store.files.delete(this);
  }

  async #check(name: MemoryTempStore["failing"], state: string): Promise<void> {
    await Promise.resolve();
    if (this.#store.failing === name) throw new Error("the disk says no");
    if (this.#state !== state) throw new Error(`${name} of a file that is ${this.#state}`);
  }
}

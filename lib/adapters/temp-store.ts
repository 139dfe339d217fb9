/**
 * Temporary files over node:fs.
 * Go: os.CreateTemp
 *
 * Rule of this file: a file is made so that it was not there before and only its owner may read it; its
 * name is random, never a peer's word. A descriptor is held while something is written or read, not longer.
 */
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TempFile, TempStore } from "../bufio/mod.ts";

export interface TempStoreOptions {
  /** The folder that holds the files; it must exist. Default: the system's folder for temporary files. */
  readonly directory?: string | undefined;
}

/** Makes temporary files named `barewire-…` with mode 0600. Errors are those of node:fs. */
export function nodeTempStore(options: TempStoreOptions = {}): TempStore {
  return {
    create: async () => {
      const path = join(options.directory ?? tmpdir(), `barewire-${crypto.randomUUID()}`);
      // "wx": fails where something is already, a planted link too.
      return new NodeTempFile(path, await open(path, "wx", 0o600));
    },
  };
}

class NodeTempFile implements TempFile {
  readonly path: string;
  #writing: FileHandle | undefined;

  constructor(path: string, writing: FileHandle) {
    this.path = path;
    this.#writing = writing;
  }

  async write(octets: Uint8Array): Promise<void> {
    if (this.#writing === undefined) throw new Error("the temporary file is finished");
    await this.#writing.writeFile(octets);
  }

  async finish(): Promise<void> {
    const writing = this.#writing;
    this.#writing = undefined;
    await writing?.close();
  }

  async readAt(into: Uint8Array, position: number): Promise<number> {
    const reading = await open(this.path, "r");
    try {
      let total = 0;
      while (total < into.length) {
        const at = position + total;
        const { bytesRead } = await reading.read(into, total, into.length - total, at);
        if (bytesRead === 0) break;
        total += bytesRead;
      }
      return total;
    } finally {
      await reading.close();
    }
  }

  async remove(): Promise<void> {
    try {
      await this.finish();
    } finally {
      await rm(this.path, { force: true });
    }
  }
}

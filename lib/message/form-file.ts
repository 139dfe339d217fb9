/**
 * The files of a form: in memory while there is room, in temporary files beyond it.
 * RFC 7578 §4.3 · Go: multipart.FileHeader, multipart.Form.RemoveAll
 *
 * Rule of this file: one budget for all files of a form, and one list of what must be removed. Whoever adds a
 * file after the removal gets it removed at once.
 */
import { IoError, type TempFile, type TempStore } from "../bufio/mod.ts";
import type { Header } from "../wire/mod.ts";
import { Body } from "./body.ts";
import type { BodySource } from "./body-source.ts";
import { Collector } from "./collector.ts";
import { MessageError } from "./errors.ts";
import type { MultipartPart } from "./multipart-reader.ts";
import { bodyFrom } from "./outgoing-body.ts";

/** A file that came with a form. Go: multipart.FileHeader */
export class FormFile {
  /** The name of the form's field. */
  readonly name: string;
  /** The name of the file without any folders. The sender chose it: for show, not a path to write to. */
  readonly filename: string;
  /** The Content-Type that the sender gave it; to know better, look at its first 512 bytes. */
  readonly contentType: string | undefined;
  /** All fields of its part. */
  readonly header: Header;
  /** In bytes. */
  readonly size: number;
  readonly #content: Uint8Array | TempFile;

  constructor(part: MultipartPart, size: number, content: Uint8Array | TempFile) {
    this.name = part.name;
    this.filename = part.filename ?? "";
    this.contentType = part.contentType;
    this.header = part.header;
    this.size = size;
    this.#content = content;
  }

  /**
   * Where the temporary file is; undefined for one in memory. It is removed after the handler: move it
   * (same file system) or copy it before.
   */
  get path(): string | undefined {
    return this.#content instanceof Uint8Array ? undefined : this.#content.path;
  }

  /**
   * The content from its beginning, any number of times. `bytes`, `text` and `json` of one that is in a
   * temporary file stop at 1 MiB unless told otherwise. Go: FileHeader.Open
   */
  open(): Body {
    if (this.#content instanceof Uint8Array) return bodyFrom(this.#content).body;
    return new Body(new TempFileSource(this.#content, this.size), { length: this.size });
  }
}

/** How much the files of a form may take. */
export interface UploadLimits {
  readonly maxFormMemoryBytes: number;
  readonly maxUploadBytes: number;
}

/** Takes the files of one form, and removes them. */
export class Uploads {
  readonly #limits: UploadLimits;
  readonly #store: TempStore | undefined;
  readonly #files: TempFile[] = [];
  #memoryBytes = 0;
  #storedBytes = 0;
  #removed = false;

  constructor(limits: UploadLimits, store: TempStore | undefined) {
    this.#limits = limits;
    this.#store = store;
  }

  /** Reads the part to its end. Rejects with "body-too-large" and "upload-not-stored". */
  async take(part: MultipartPart): Promise<FormFile> {
    const held = new Collector();
    let size = 0;
    let file: TempFile | undefined;
    for (let piece = await part.body.next(); piece; piece = await part.body.next()) {
      size += piece.length;
      if (file === undefined && this.#memoryBytes + size <= this.#limits.maxFormMemoryBytes) {
        held.append(piece);
        continue;
      }
      if (file === undefined) {
        file = await this.#create();
        await this.#write(file, held.take());
      }
      await this.#write(file, piece);
    }
    if (file === undefined) {
      this.#memoryBytes += size;
      return new FormFile(part, size, held.take());
    }
    await stored(file.finish());
    return new FormFile(part, size, file);
  }

  /** Removes the temporary files, and those that are still to come. Repeated calls are harmless. */
  async removeAll(): Promise<void> {
    this.#removed = true;
    const removals = await Promise.allSettled(this.#files.map((file) => file.remove()));
    const failed = removals.find((removal) => removal.status === "rejected");
    if (failed !== undefined) throw new MessageError("upload-not-stored", { cause: failed.reason });
  }

  async #create(): Promise<TempFile> {
    if (this.#store === undefined) {
      const evidence = `${this.#limits.maxFormMemoryBytes} bytes in memory, and there is no TempStore`;
      throw new MessageError("body-too-large", { evidence });
    }
    const file = await stored(this.#store.create());
    this.#files.push(file);
    return file;
  }

  async #write(file: TempFile, octets: Uint8Array): Promise<void> {
    // The handler may have ended while the file was made.
    if (this.#removed) {
      await file.remove();
      throw new MessageError("body-used");
    }
    this.#storedBytes += octets.length;
    if (this.#storedBytes > this.#limits.maxUploadBytes) {
      const evidence = `${this.#limits.maxUploadBytes} bytes of files`;
      throw new MessageError("body-too-large", { evidence });
    }
    await stored(file.write(octets));
  }
}

/** What the disk says, in our words. */
async function stored<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new MessageError("upload-not-stored", { cause });
  }
}

const READ_BYTES = 65_536;

/** A temporary file as the source of a body. */
class TempFileSource implements BodySource {
  readonly #file: TempFile;
  readonly #size: number;
  #at = 0;
  #piece: Uint8Array | undefined;

  constructor(file: TempFile, size: number) {
    this.#file = file;
    this.#size = size;
  }

  pull(): Uint8Array | "need-more" | "end" {
    const piece = this.#piece;
    if (piece === undefined) return this.#at === this.#size ? "end" : "need-more";
    this.#piece = undefined;
    return piece;
  }

  async wait(): Promise<void> {
    const into = new Uint8Array(Math.min(READ_BYTES, this.#size - this.#at));
    const count = await stored(this.#file.readAt(into, this.#at));
    if (count === 0) throw new IoError("unexpected-eof");
    this.#at += count;
    this.#piece = into.subarray(0, count);
  }

  cancel(): void {
    this.#piece = undefined;
  }
}

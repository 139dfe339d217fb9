/**
 * gzip and Brotli by node:zlib, and `compress` with them.
 * RFC 1952, RFC 7932 · Go: compress/gzip
 *
 * Rule of this file: a zlib stream becomes a Compressor; what is compressed, and when, is decided in
 * lib/server/handlers. node:zlib is loaded by the first who wants to compress, not by an import.
 */
import type { BrotliCompress, Gzip } from "node:zlib";
import { ServerError, compress as compressWith } from "../server/mod.ts";
import type { CompressOptions, Compression, Compressor, Middleware } from "../server/mod.ts";

/** gzip; `level` 1 (fast) to 9 (small), default 6. */
export function gzipCompression(level: number = 6): Compression {
  const { constants, createGzip } = process.getBuiltinModule("node:zlib");
  return {
    coding: "gzip",
    create: () => new ZlibCompressor(createGzip({ level }), constants.Z_SYNC_FLUSH),
  };
}

/** Brotli; `quality` 0 (fast) to 11 (small and very slow), default 4: about as fast as gzip, and smaller. */
export function brotliCompression(quality: number = 4): Compression {
  const { constants, createBrotliCompress } = process.getBuiltinModule("node:zlib");
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  return {
    coding: "br",
    create: () =>
      new ZlibCompressor(createBrotliCompress({ params }), constants.BROTLI_OPERATION_FLUSH),
  };
}

/**
 * Middleware that compresses answers with Brotli or gzip of node:zlib: see `compress` of `barewire/server`.
 *
 *   await listenAndServe(":8080", compress()(mux));
 */
export function compress<C = unknown>(options: Partial<CompressOptions> = {}): Middleware<C> {
  const compressions = options.compressions ?? [brotliCompression(), gzipCompression()];
  return compressWith<C>({ ...options, compressions });
}

class ZlibCompressor implements Compressor {
  readonly #stream: Gzip | BrotliCompress;
  readonly #flushKind: number;
  #pieces: Buffer[] = [];
  #failure: Error | undefined;
  /** Who waits now: it hears of a failure. */
  #reject: ((error: Error) => void) | undefined;

  constructor(stream: Gzip | BrotliCompress, flushKind: number) {
    this.#stream = stream;
    this.#flushKind = flushKind;
    stream.on("data", (piece: Buffer) => this.#pieces.push(piece));
    stream.on("error", (error: Error) => {
      this.#failure ??= error;
      this.#reject?.(error);
    });
  }

  write(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#after((done) => this.#stream.write(bytes, done));
  }

  flush(): Promise<Uint8Array> {
    return this.#after((done) => this.#stream.flush(this.#flushKind, done));
  }

  end(): Promise<Uint8Array> {
    return this.#after((done) => {
      this.#stream.once("end", done);
      this.#stream.end();
    });
  }

  close(): void {
    // A destroyed stream calls nobody back.
    this.#failure ??= new ServerError("handler-done");
    this.#reject?.(this.#failure);
    this.#stream.destroy();
  }

  /** What has come out when `start` says that it is done. */
  #after(start: (done: () => void) => void): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#reject = reject;
      start(() => {
        // Each read() emits "data"; what the stream still holds would come a turn later.
        while (this.#stream.read() !== null);
        const pieces = this.#pieces;
        this.#pieces = [];
        resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
      });
    });
  }
}

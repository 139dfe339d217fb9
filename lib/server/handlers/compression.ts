/**
 * The contract of a compressor, and what an answer that may be compressed has to know.
 * RFC 9110 §8.4.1 · Go: io.WriteCloser with Flush, as gzip.Writer
 *
 * Rule of this file: types only; node:zlib's compressors are in lib/adapters.
 */

/** One body being compressed. Calls come one after the other; what they give is the caller's for good. */
export interface Compressor {
  /** Takes bytes; gives what has come out since the last call, often nothing. */
  write(bytes: Uint8Array): Promise<Uint8Array>;
  /** Gives everything that can be decompressed to all that was written. */
  flush(): Promise<Uint8Array>;
  /** Gives the rest. The last call, unless there is `close`. */
  end(): Promise<Uint8Array>;
  /** Nobody wants the rest: frees what it holds. Harmless after `end`. */
  close(): void;
}

/** A content coding, and what makes it. */
export interface Compression {
  /** As in Content-Encoding: "gzip", "br". */
  readonly coding: string;
  create(): Compressor;
}

/** What is the same for all answers of one `compress`. */
export interface CompressPolicy {
  readonly minBytes: number;
  readonly types: (contentType: string) => boolean;
  /** How many more may be compressed now. */
  readonly places: { free: number };
}

/** The same for one answer. */
export interface CompressPlan extends CompressPolicy {
  /** Undefined: the client wants the content as it is. */
  readonly compression: Compression | undefined;
}

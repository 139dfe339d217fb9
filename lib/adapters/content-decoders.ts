/**
 * gzip, Brotli, deflate and, where Node has it, Zstandard of node:zlib, as decoders for a client.
 * RFC 1950, RFC 1951, RFC 1952, RFC 7932, RFC 8878, RFC 9659 · Go: compress/gzip, compress/zlib
 *
 * Rule of this file: a zlib stream becomes a ContentDecoder; what is decoded, and how much of it, is decided
 * in lib/client. node:zlib is loaded with the first body that needs it, not by an import.
 */
import type { Transform } from "node:stream";
import type { ContentDecoder, ContentDecoders, DecoderStatus } from "../client/mod.ts";
import { GzipDecoder, type Inflater } from "./gzip-members.ts";

/**
 * The decoders of node:zlib: "gzip" (all members), "br", "deflate" (as RFC 9110 has it, in the zlib format;
 * raw, as some servers have it, too), and "zstd" from Node 22.15 on. A body that is being decoded holds 64 KiB
 * of decoded octets, a few buffers of the same size, and the coding's window: 32 KiB, for Brotli up to 16 MiB,
 * for Zstandard up to 8 MiB.
 */
export const nodeDecoders: ContentDecoders = {
  // Told by the version, so that nothing need be loaded to know what to ask for.
  codings:
    process.versions["zstd"] === undefined
      ? ["gzip", "br", "deflate"]
      : ["gzip", "br", "deflate", "zstd"],
  open: (coding) => new LateDecoder(coding),
};

type Zlib = typeof import("node:zlib");

/** What @types/node of the oldest Node that we support does not know yet. */
interface ZlibWithZstd {
  readonly createZstdDecompress?: (options: object) => ZlibStream;
}

/** What all streams of node:zlib have in common. */
type ZlibStream = Transform & { readonly bytesWritten: number };

let loaded: Zlib | undefined;

/** Pieces are at most so large. With Node's 16 KiB, a body of some length takes twice the time. */
const PIECE_BYTES = 65_536;

/** RFC 9659: 8 MiB, as a power of two; an encoder for HTTP may not ask for more. */
const ZSTD_WINDOW_LOG = 23;

const NOTHING = new Uint8Array(0);

/** Becomes the decoder of its coding when the first octets are here. */
class LateDecoder implements ContentDecoder {
  readonly #coding: string;
  #first: Uint8Array = NOTHING;
  #decoder: ContentDecoder | undefined;
  #state: "open" | "ended" | "destroyed" = "open";

  constructor(coding: string) {
    this.#coding = coding;
  }

  push(octets: Uint8Array): void {
    if (this.#decoder === undefined) this.#first = octets;
    else this.#decoder.push(octets);
  }

  end(): void {
    this.#state = "ended";
    this.#decoder?.end();
  }

  async next(): Promise<Uint8Array | DecoderStatus> {
    if (this.#decoder !== undefined) return this.#decoder.next();
    const [first] = this.#first;
    if (first === undefined) return this.#state === "open" ? "need-more" : "truncated";
    loaded ??= await import("node:zlib");
    if (this.#state === "destroyed") return "end";
    this.#decoder = decoderFor(loaded, this.#coding, first);
    this.#decoder.push(this.#first);
    this.#first = NOTHING;
    return this.#decoder.next();
  }

  destroy(): void {
    this.#state = "destroyed";
    this.#decoder?.destroy();
  }
}

/** `first` is the first octet of the body. */
function decoderFor(zlib: Zlib, coding: string, first: number): ContentDecoder {
  const options = { chunkSize: PIECE_BYTES };
  const raw = (): ZlibDecoder => new ZlibDecoder(zlib.createInflateRaw(options));
  switch (coding) {
    case "gzip":
      return new GzipDecoder({ inflater: raw, crc32: zlib.crc32 });
    case "br":
      return new ZlibDecoder(zlib.createBrotliDecompress(options));
    case "deflate":
      // The zlib format names its method in the low half; deflate as such never begins so.
      return (first & 0x0f) === 8 ? new ZlibDecoder(zlib.createInflate(options)) : raw();
    case "zstd":
      return new ZlibDecoder(zstd(zlib));
    default:
      throw new Error(`no decoder for ${coding}`);
  }
}

function zstd(zlib: Zlib): ZlibStream {
  const { createZstdDecompress } = zlib as ZlibWithZstd;
  if (createZstdDecompress === undefined) throw new Error("this node:zlib has no Zstandard");
  const constants = zlib.constants as Readonly<Record<string, number>>;
  const windowLogMax = constants["ZSTD_d_windowLogMax"];
  const params = windowLogMax === undefined ? {} : { [windowLogMax]: ZSTD_WINDOW_LOG };
  return createZstdDecompress({ chunkSize: PIECE_BYTES, params });
}

/** A zlib stream that is read piece by piece: it goes on only when what it has made was taken. */
class ZlibDecoder implements Inflater {
  readonly #stream: ZlibStream;
  /** Octets that it was given. */
  #given = 0;
  /** Are octets that it was given still being used? */
  #busy = false;
  #finishing = false;
  #ended = false;
  #destroyed = false;
  #failure: { readonly error: unknown } | undefined;
  #unused: Uint8Array | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    stream.on("readable", () => this.#wake());
    stream.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
    stream.on("error", (error: Error) => {
      this.#failure = { error };
      this.#wake();
    });
  }

  get unused(): Uint8Array {
    return this.#unused ?? NOTHING;
  }

  push(octets: Uint8Array): void {
    this.#given += octets.length;
    this.#busy = true;
    this.#stream.write(octets, () => {
      this.#busy = false;
      // There was room for more output, and yet it wanted no more of the input.
      const left = this.#given - this.#stream.bytesWritten;
      if (left > 0) this.#unused ??= octets.subarray(octets.length - left);
      this.#wake();
    });
  }

  end(): void {
    this.#finishing = true;
    this.#busy = true;
    this.#stream.end();
  }

  async next(): Promise<Uint8Array | DecoderStatus> {
    while (!this.#destroyed) {
      // Also when there is nothing: that is how a stream is told to go on, and to end.
      const ready = Math.min(this.#stream.readableLength, PIECE_BYTES);
      const piece = this.#stream.read(ready) as Uint8Array | null;
      if (piece !== null) return piece;
      if (this.#failure !== undefined) {
        // All octets were good, and then it wanted more of them.
        if (this.#finishing) return "truncated";
        throw this.#failure.error;
      }
      if (this.#unused !== undefined) return "junk";
      if (this.#ended) return "end";
      if (!this.#busy) return "need-more";
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return "end";
  }

  destroy(): void {
    this.#destroyed = true;
    this.#stream.destroy();
    this.#wake();
  }
}

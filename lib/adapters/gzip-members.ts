/**
 * gzip: members one after the other, each a header, deflated data and a checksum.
 * RFC 1952 · Go: compress/gzip Reader (multistream)
 *
 * Rule of this file: it knows where a member begins and ends, so that a stop in the middle and junk behind are
 * told apart to the octet; node:zlib takes a stray octet for a truncated member, and zeros for nothing. What
 * is deflated is inflated by somebody else.
 */
import type { ContentDecoder, DecoderStatus } from "../client/mod.ts";

/** Undoes deflate without any header, and knows what it did not use. */
export interface Inflater extends ContentDecoder {
  /** What follows the end of the data, once `next` has said "junk". */
  readonly unused: Uint8Array;
}

export interface GzipParts {
  readonly inflater: () => Inflater;
  /** The checksum of what `before` is the checksum of, and then these octets. */
  readonly crc32: (octets: Uint8Array, before?: number) => number;
}

export class GzipDecoder implements ContentDecoder {
  readonly #parts: GzipParts;
  /** Of a header or checksum what is here, and what follows it. */
  #input: Uint8Array = NOTHING;
  #ended = false;
  /** Members that are complete. */
  #members = 0;
  /** What comes next, when no data are being inflated. */
  #frame: "header" | "checksum" = "header";
  #inflater: Inflater | undefined;
  /** Of the data of this member so far. */
  #crc = 0;
  #size = 0;

  constructor(parts: GzipParts) {
    this.#parts = parts;
  }

  push(octets: Uint8Array): void {
    if (this.#inflater !== undefined) this.#inflater.push(octets);
    else this.#input = this.#input.length === 0 ? octets : Buffer.concat([this.#input, octets]);
  }

  end(): void {
    this.#ended = true;
  }

  async next(): Promise<Uint8Array | DecoderStatus> {
    for (;;) {
      const inflater = this.#inflater;
      const step = inflater === undefined ? this.#readFrame() : await this.#inflate(inflater);
      if (step !== "go-on") return step;
    }
  }

  destroy(): void {
    this.#inflater?.destroy();
  }

  async #inflate(inflater: Inflater): Promise<Uint8Array | DecoderStatus | "go-on"> {
    const step = await inflater.next();
    if (step === "need-more" && this.#ended) return "truncated";
    if (step === "junk") {
      // For deflate it is junk, here it is the checksum.
      this.#input = inflater.unused;
      inflater.destroy();
      this.#inflater = undefined;
      this.#frame = "checksum";
      return "go-on";
    }
    if (typeof step !== "string") {
      this.#crc = this.#parts.crc32(step, this.#crc);
      this.#size += step.length;
    }
    return step;
  }

  #readFrame(): DecoderStatus | "go-on" {
    const used =
      this.#frame === "header"
        ? headerEnd(this.#input, this.#parts.crc32)
        : checksumEnd(this.#input, this.#crc, this.#size);
    if (used === "need-more") {
      if (!this.#ended) return "need-more";
      return this.#input.length === 0 && this.#frame === "header" && this.#members > 0
        ? "end"
        : "truncated";
    }
    if (used === "bad") {
      // Behind a whole member it is not a bad header, but none.
      if (this.#frame === "header" && this.#members > 0) return "junk";
      throw new Error(`bad gzip ${this.#frame}`);
    }
    this.#input = this.#input.subarray(used);
    if (this.#frame === "checksum") {
      this.#members++;
      this.#frame = "header";
    } else {
      this.#beginData();
    }
    return "go-on";
  }

  #beginData(): void {
    this.#crc = 0;
    this.#size = 0;
    this.#inflater = this.#parts.inflater();
    if (this.#input.length > 0) this.#inflater.push(this.#input);
    this.#input = NOTHING;
  }
}

const NOTHING = new Uint8Array(0);

/** Longer headers are refused: what they hold is of no use here, and a name could go on for ever. */
const MAX_HEADER_BYTES = 65_536;

/** Two octets that say gzip, and the method deflate. */
const START: readonly number[] = [0x1f, 0x8b, 8];
const FIXED_BYTES = 10;
const HAS_HEADER_CRC = 0x02;
const HAS_EXTRA = 0x04;
const HAS_NAME = 0x08;
const HAS_COMMENT = 0x10;
const RESERVED = 0xe0;

/** Where the header that begins these octets ends. RFC 1952 §2.3 */
function headerEnd(octets: Uint8Array, crc32: GzipParts["crc32"]): number | "need-more" | "bad" {
  const wrong = START.some((octet, at) => at < octets.length && octets[at] !== octet);
  const flags = octets[START.length] ?? 0;
  if (wrong || (flags & RESERVED) !== 0) return "bad";
  let end = FIXED_BYTES;
  if ((flags & HAS_EXTRA) !== 0) end += 2 + uint16(octets, end);
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    // Each ends with a zero, which may not be here yet.
    if ((flags & flag) !== 0) end = octets.indexOf(0, end) + 1 || Infinity;
  }
  const checked = end;
  if ((flags & HAS_HEADER_CRC) !== 0) end += 2;
  if (Math.min(end, octets.length) > MAX_HEADER_BYTES) return "bad";
  if (end > octets.length) return "need-more";
  if (end === checked) return end;
  return uint16(octets, checked) === (crc32(octets.subarray(0, checked)) & 0xffff) ? end : "bad";
}

const CHECKSUM_BYTES = 8;

/** The checksum of the data, and their length modulo 2^32. RFC 1952 §2.3.1 */
function checksumEnd(octets: Uint8Array, crc: number, size: number): number | "need-more" | "bad" {
  if (octets.length < CHECKSUM_BYTES) return "need-more";
  const view = new DataView(octets.buffer, octets.byteOffset, CHECKSUM_BYTES);
  const right = view.getUint32(0, true) === crc && view.getUint32(4, true) === size % 0x1_0000_0000;
  return right ? CHECKSUM_BYTES : "bad";
}

/** Low octet first; octets that are not here count as 0, and the end is then beyond what is here. */
function uint16(octets: Uint8Array, at: number): number {
  return (octets[at] ?? 0) + (octets[at + 1] ?? 0) * 256;
}

/**
 * The chunked coding: octets in, pieces of data out, and the words that frame what is sent.
 * RFC 9112 §7.1, RFC 9110 §6.5 · Go: internal/chunked.go, transfer.go fixTrailer, httpguts.ValidTrailerHeader
 *
 * Rule of this file: CRLF and nothing else ends a line, in every profile; data is never copied, only pointed
 * at.
 *
 *   1a;ext=1\r\n    size line: digits, extensions that are read and dropped
 *   ...26 octets... data
 *   \r\n
 *   0\r\n           last chunk
 *   Sum: 4f\r\n     trailer section
 *   \r\n
 */
import { CR, FIELD_VALUE, HEX_VALUE, HTAB, LF, SP, isToken, lowerAscii } from "./ascii.ts";
import { WireError } from "./errors.ts";
import type { WireCode } from "./errors.ts";
import type { FieldSection } from "./field-section.ts";
import { HeadScan, scanTrailers } from "./head.ts";
import type { HeadScanOptions } from "./head.ts";
import { formatField } from "./header.ts";
import type { Header } from "./header.ts";
import { REQUEST_LIMITS } from "./limits.ts";
import type { WireLimits } from "./limits.ts";
import { splitList } from "./tokens.ts";

/** Limits (default REQUEST_LIMITS), decoder, and the profile that trailer fields are read with ("strict"). */
export type ChunkDecoderOptions = Pick<HeadScanOptions, "limits" | "decode" | "profile">;

/** Comes before the data of a chunk; the size is above 0. `chunkPrefix(26)` is "1a\r\n". */
export function chunkPrefix(size: number): string {
  return `${size.toString(16)}\r\n`;
}

/** Comes after the data of a chunk. */
export const CHUNK_SUFFIX = "\r\n";

/** Comes after the last chunk with data; then `formatTrailers`, or just CRLF. */
export const LAST_CHUNK = "0\r\n";

/**
 * The trailer section with the CRLF that ends it, so that `LAST_CHUNK + formatTrailers(header)` ends a body.
 * Throws "forbidden-trailer", "bad-field-name" or "bad-field-value". Go: Header.Write after the last chunk
 */
export function formatTrailers(header: Header): string {
  let text = "";
  for (const [name, value] of header) {
    if (isForbiddenTrailer(lowerAscii(name))) {
      throw new WireError("forbidden-trailer", { evidence: name });
    }
    text += formatField(name, value);
  }
  return `${text}\r\n`;
}

/**
 * May a field of this name (in lower case) not come after the content? Those are the fields that framing,
 * routing, authentication, conditions and the handling of the content are decided by. RFC 9110 §6.5.1
 */
export function isForbiddenTrailer(lowerName: string): boolean {
  return FORBIDDEN_TRAILERS.has(lowerName) || lowerName.startsWith("if-");
}

/**
 * The names that Trailer fields announce, each once, as they were spelled; what is no token is dropped.
 * Throws "forbidden-trailer" for Transfer-Encoding, Content-Length and Trailer, as Go does: others merely
 * never count. RFC 9110 §6.6.2 · Go: fixTrailer
 */
export function parseTrailerNames(values: readonly string[]): string[] {
  const names = new Map<string, string>();
  for (const name of values.flatMap(splitList)) {
    const lower = lowerAscii(name);
    if (FRAMING_NAMES.has(lower)) throw new WireError("forbidden-trailer", { evidence: name });
    if (isToken(name) && !names.has(lower)) names.set(lower, name);
  }
  return [...names.values()];
}

/** What the decoder expects next. */
const State = {
  size: 0,
  /** Blanks after the size: only an extension may follow. */
  sizeBlank: 1,
  extension: 2,
  lineFeed: 3,
  data: 4,
  dataReturn: 5,
  dataFeed: 6,
  trailerStart: 7,
  endFeed: 8,
  trailers: 9,
  done: 10,
} as const;
type State = (typeof State)[keyof typeof State];

/** In Go's rule each chunk may bring this many octets of framing, and twice its data. */
const FREE_FRAMING_BYTES = 16;

/**
 * Decodes one chunked body, fed in any pieces. Offsets of errors count from the first octet of the body.
 * Go: internal.NewChunkedReader with the trailer reader of transfer.go
 */
export class ChunkDecoder {
  /** How many octets the last step has used. The caller drops them; those left over it offers again. */
  consumed = 0;
  /** Where the data lies that the last step found, as offsets into its bytes. */
  dataStart = 0;
  dataEnd = 0;
  /** The trailer fields, once the end has been seen; undefined when there were none. */
  trailers: FieldSection | undefined = undefined;

  readonly #options: ChunkDecoderOptions;
  readonly #limits: WireLimits;
  #state: State = State.size;
  /** Octets used by all steps before this one. */
  #total = 0;
  #size = 0;
  #digits = 0;
  #lineBytes = 0;
  #excess = 0;
  #trailerScan: HeadScan | undefined;

  constructor(options: ChunkDecoderOptions = {}) {
    this.#options = options;
    this.#limits = options.limits ?? REQUEST_LIMITS;
  }

  /**
   * Goes on from `from`. "data": a piece lies at `dataStart`. "need-more": everything up to `to` was looked
   * at; a trailer section is used only when it is complete, so octets may be left over. "end": the body is
   * over, what is left over belongs to the next message. Throws WireError; the decoder is of no use then.
   */
  step(bytes: Uint8Array, from: number, to: number): "data" | "need-more" | "end" {
    let i = from;
    while (i < to && this.#state < State.trailers) {
      if (this.#state === State.data) {
        this.dataStart = i;
        this.dataEnd = Math.min(to, i + this.#size);
        this.#size -= this.dataEnd - i;
        if (this.#size === 0) this.#state = State.dataReturn;
        this.#use(this.dataEnd - from);
        return "data";
      }
      if (this.#octet(bytes[i]!, i - from)) i++;
    }
    const done = this.#state === State.trailers && this.#readTrailers(bytes, i, to, i - from);
    if (!done) this.#use(i - from);
    return this.#state === State.done ? "end" : "need-more";
  }

  /** One octet outside the data; false when the trailer scanner is to see it first. */
  #octet(octet: number, at: number): boolean {
    switch (this.#state) {
      case State.size:
        this.#sizeOctet(octet, at);
        return true;
      case State.sizeBlank:
        if (octet === 0x3b) this.#state = State.extension;
        else if (octet !== SP && octet !== HTAB) this.#fail("bad-chunk-size", at);
        this.#countLine(at);
        return true;
      case State.extension:
        if (octet === CR) this.#state = State.lineFeed;
        else if (octet === LF) this.#fail("bad-chunk-end", at);
        else if (FIELD_VALUE[octet] !== 1) this.#fail("bad-chunk-extension", at);
        else this.#countLine(at);
        return true;
      case State.lineFeed:
        if (octet !== LF) this.#fail("bad-chunk-end", at);
        this.#endLine(at);
        return true;
      case State.dataReturn:
        if (octet !== CR) this.#fail("bad-chunk-end", at);
        this.#state = State.dataFeed;
        return true;
      case State.dataFeed:
        if (octet !== LF) this.#fail("bad-chunk-end", at);
        this.#state = State.size;
        return true;
      case State.trailerStart:
        return this.#trailerStart(octet, at);
      default:
        if (octet !== LF) this.#fail("bare-cr", at);
        this.#state = State.done;
        return true;
    }
  }

  #sizeOctet(octet: number, at: number): void {
    const value = HEX_VALUE[octet]!;
    if (value < 16) {
      this.#size = this.#size * 16 + value;
      const tooLarge = this.#size > Number.MAX_SAFE_INTEGER;
      if (++this.#digits > this.#limits.maxChunkSizeDigits || tooLarge) {
        this.#fail("chunk-size-too-large", at);
      }
      this.#countLine(at);
      return;
    }
    if (this.#digits === 0) this.#fail("bad-chunk-size", at);
    if (octet === CR) this.#state = State.lineFeed;
    else if (octet === LF) this.#fail("bad-chunk-end", at);
    else if (octet === 0x3b) this.#state = State.extension;
    else if (octet === SP || octet === HTAB) this.#state = State.sizeBlank;
    else this.#fail("bad-chunk-size", at);
    if (octet !== CR) this.#countLine(at);
  }

  #countLine(at: number): void {
    if (++this.#lineBytes > this.#limits.maxChunkLineBytes) this.#fail("chunk-line-too-long", at);
  }

  /** The size line is complete: what it costs is weighed against what it brings. */
  #endLine(at: number): void {
    const cost = this.#lineBytes + 2 - FREE_FRAMING_BYTES - 2 * this.#size;
    this.#excess = Math.max(0, this.#excess + cost);
    if (this.#excess > this.#limits.maxChunkExcessBytes) this.#fail("chunk-overhead", at);
    this.#lineBytes = this.#digits = 0;
    this.#state = this.#size === 0 ? State.trailerStart : State.data;
  }

  #trailerStart(octet: number, at: number): boolean {
    if (octet === LF) this.#fail("bare-lf", at);
    this.#state = octet === CR ? State.endFeed : State.trailers;
    if (octet === CR) return true;
    const offset = this.#total + at;
    this.#trailerScan = new HeadScan("trailers", { ...this.#options, offset });
    return false;
  }

  /** True when the section is complete; until then it stays where it is. */
  #readTrailers(bytes: Uint8Array, from: number, to: number, before: number): boolean {
    const read = scanTrailers(bytes, this.#trailerScan!, from, to);
    if (read === "need-more") return false;
    this.trailers = read.fields;
    this.#state = State.done;
    this.#use(before + read.byteLength);
    return true;
  }

  #use(count: number): void {
    this.consumed = count;
    this.#total += count;
  }

  #fail(code: WireCode, at: number): never {
    throw new WireError(code, { offset: this.#total + at });
  }
}

const FRAMING_NAMES: ReadonlySet<string> = new Set([
  "content-length",
  "trailer",
  "transfer-encoding",
]);

const FORBIDDEN_TRAILERS: ReadonlySet<string> = new Set([
  ...FRAMING_NAMES,
  "authorization",
  "cache-control",
  "connection",
  "content-encoding",
  "content-range",
  "content-type",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "max-forwards",
  "pragma",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "range",
  "realm",
  "set-cookie",
  "te",
  "upgrade",
  "www-authenticate",
]);

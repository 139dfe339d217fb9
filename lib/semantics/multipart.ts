/**
 * The multipart format: octets in, headers of parts and pieces of their content out.
 * RFC 2046 §5.1, RFC 7578 · Go: mime/multipart Reader
 *
 * Rule of this file: CRLF and nothing else ends a line; content is never copied, only pointed at; a look
 * at each octet is enough, however they are cut. What is kept of the parts is decided above.
 *
 *   what comes before, thrown away
 *   \r\n--boundary \t\r\n               delimiter; the very first may stand at the beginning
 *   Content-Disposition: …\r\n
 *   \r\n
 *   ...octets...                        no Content-Transfer-Encoding is undone: RFC 7578 §4.7 ended them
 *   \r\n--boundary--                    the end; what follows belongs to nobody
 */
import {
  CR,
  HTAB,
  Header,
  HeadScan,
  LF,
  REQUEST_LIMITS,
  SP,
  WireError,
  allIn,
  charClass,
  encodeLatin1,
  scanTrailers,
} from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status: number;
}

export const MULTIPART_LIMITS = {
  /**
   * Each part becomes an object and may become a file, however short it is. Go's bound; a form has dozens.
   */
  maxParts: { default: 1_000, unit: "parts", status: 413 },
  /**
   * The header of a part is held until it is complete; browsers send under 1 KiB. What stands before the
   * first part may be as long.
   */
  maxPartHeaderBytes: { default: 16_384, unit: "bytes", status: 413 },
  /** A part has two or three lines; looking one up walks them all. */
  maxPartHeaderLines: { default: 100, unit: "field lines", status: 413 },
} as const;

/** One number for each limit of a multipart body; see MULTIPART_LIMITS. */
export type MultipartLimits = { readonly [name in keyof typeof MULTIPART_LIMITS]: number };

/** Limits that differ from the defaults. */
export type MultipartOptions = {
  readonly [name in keyof MultipartLimits]?: number | undefined;
};

/** Is it a boundary: 1 to 70 of the allowed characters, the last not a blank? RFC 2046 §5.1.1 */
export function isBoundary(text: string): boolean {
  return text.length >= 1 && text.length <= 70 && allIn(BOUNDARY, text) && !text.endsWith(" ");
}

/** What the parser expects next. */
const State = {
  content: 0,
  delimiterEnd: 1,
  padding: 2,
  lineFeed: 3,
  header: 4,
  hyphen: 5,
  done: 6,
};

/**
 * Takes one multipart body apart, fed in any pieces.
 *
 *     for (let from = 0; from < bytes.length; from += parser.consumed) {
 *       const step = parser.step(bytes, from);
 *       if (step === "need-more" || step === "end") break;
 *       …
 *     }
 *
 * Go: multipart.NewReader
 */
export class MultipartParser {
  /** How many octets the last step has used, counted from its `from`. */
  consumed = 0;
  /** What the last step has found, after "data": never empty, a view that is not to be changed. */
  data: Uint8Array = new Uint8Array(0);
  /** The header of the part that begins, after "part". */
  header: Header = new Header();

  readonly #limits: MultipartLimits;
  readonly #scan: HeadScan;
  /** CR LF "--" boundary: CR stands at its beginning and nowhere else. */
  readonly #delimiter: Uint8Array;
  #state: number = State.content;
  /** How many octets of the delimiter have come. */
  #matched = CRLF_BYTES;
  /** How many of them were none of the content: at the beginning, and after a header. */
  #given = CRLF_BYTES;
  #parts = 0;
  #preambleBytes = 0;
  /** The beginning of a header that came in several pieces. */
  #held: Uint8Array | undefined;
  #heldBytes = 0;

  /** @throws {SemanticsError} `bad-boundary` */
  constructor(boundary: string, limits: MultipartOptions = {}) {
    if (!isBoundary(boundary)) throw new SemanticsError("bad-boundary");
    // An undefined limit would be none at all: every comparison with it is false.
    const all: MultipartLimits = {
      maxParts: limits.maxParts ?? LIMITS.maxParts.default,
      maxPartHeaderBytes: limits.maxPartHeaderBytes ?? LIMITS.maxPartHeaderBytes.default,
      maxPartHeaderLines: limits.maxPartHeaderLines ?? LIMITS.maxPartHeaderLines.default,
    };
    this.#limits = all;
    this.#delimiter = encodeLatin1(`\r\n--${boundary}`);
    this.#scan = new HeadScan("trailers", {
      limits: {
        ...REQUEST_LIMITS,
        maxTrailerBytes: all.maxPartHeaderBytes,
        maxTrailerValueCount: all.maxPartHeaderLines,
      },
    });
  }

  /** Has the last delimiter come? A body that ends before it is truncated. */
  get ended(): boolean {
    return this.#state === State.done;
  }

  /**
   * Goes on from `from`. "part": a part begins, see `header`; the one before is over. "data": a piece of
   * the part's content, see `data`. "need-more": everything was used. "end": the last part is over, and so
   * it stays.
   *
   * @throws {SemanticsError} `bad-boundary-line`, `part-header-too-large`, `too-many-parts`
   * @throws {WireError} when a part's header breaks the grammar of fields; the parser is of no use then
   */
  step(bytes: Uint8Array, from = 0): "need-more" | "part" | "data" | "end" {
    let at = from;
    while (at < bytes.length && this.#state !== State.done) {
      if (this.#state === State.content) {
        at = this.#content(bytes, at);
        if (this.data.length > 0) return this.#answer("data", at - from);
      } else if (this.#state === State.header) {
        const end = this.#header(bytes, at);
        if (end === undefined) return this.#answer("need-more", bytes.length - from);
        this.#state = State.content;
        // A part without content may end with the empty line after its header: it is the delimiter's CRLF.
        this.#matched = this.#given = CRLF_BYTES;
        return this.#answer("part", end - from);
      } else {
        this.#delimiterEnd(bytes[at]!);
        at++;
      }
    }
    return this.#answer(this.#state === State.done ? "end" : "need-more", at - from);
  }

  #answer<T>(step: T, consumed: number): T {
    this.consumed = consumed;
    return step;
  }

  /** Content up to a delimiter or the end of the octets; what was found of it is in `data`. */
  #content(bytes: Uint8Array, from: number): number {
    const held = this.#matched;
    let end = from;
    let at = this.#match(bytes, from);
    if (held > 0 && this.#matched === 0) {
      // What was held back was content after all; the octets here are looked at once more, from the first.
      this.#found(this.#delimiter.subarray(this.#given, held));
      this.#given = 0;
      if (this.data.length > 0) return from;
    }
    while (at < bytes.length && this.#state === State.content) {
      const cr = bytes.indexOf(CR, at);
      end = cr < 0 ? bytes.length : cr;
      at = cr < 0 ? end : this.#match(bytes, cr);
    }
    this.#found(bytes.subarray(from, end));
    return at;
  }

  /** Compares with the delimiter as far as both go; answers where it stopped. */
  #match(bytes: Uint8Array, from: number): number {
    const delimiter = this.#delimiter;
    let at = from;
    while (at < bytes.length && bytes[at] === delimiter[this.#matched]) {
      at++;
      if (++this.#matched < delimiter.length) continue;
      this.#state = State.delimiterEnd;
      return at;
    }
    if (at < bytes.length) this.#matched = 0;
    return at;
  }

  /** Content of the part in hand; before the first part it is only counted. */
  #found(octets: Uint8Array): void {
    if (this.#parts > 0) {
      this.data = octets;
      return;
    }
    this.#preambleBytes += octets.length;
    if (this.#preambleBytes > this.#limits.maxPartHeaderBytes) {
      throw new SemanticsError("part-header-too-large");
    }
  }

  /** One octet after a delimiter: blanks and CRLF, or two hyphens. */
  #delimiterEnd(octet: number): void {
    this.data = NOTHING;
    this.#matched = 0;
    const state = this.#state;
    if (state === State.hyphen && octet === HYPHEN) {
      this.#state = State.done;
    } else if (state === State.delimiterEnd && octet === HYPHEN) {
      this.#state = State.hyphen;
    } else if (state === State.lineFeed && octet === LF) {
      if (++this.#parts > this.#limits.maxParts) throw new SemanticsError("too-many-parts");
      this.#state = State.header;
    } else if (state <= State.padding && octet === CR) {
      this.#state = State.lineFeed;
    } else if (state <= State.padding && (octet === SP || octet === HTAB)) {
      this.#state = State.padding;
    } else {
      throw new SemanticsError("bad-boundary-line");
    }
  }

  /** The header of a part: where it ends, or undefined when it has not come whole. */
  #header(bytes: Uint8Array, from: number): number | undefined {
    const before = this.#heldBytes;
    const whole = before === 0 ? bytes.subarray(from) : this.#hold(bytes.subarray(from));
    const read = this.#scanned(whole);
    if (read === "need-more") {
      if (before === 0) this.#hold(whole);
      return undefined;
    }
    this.header = Header.from(read.fields);
    this.#heldBytes = 0;
    return from + read.byteLength - before;
  }

  #scanned(octets: Uint8Array): ReturnType<typeof scanTrailers> {
    try {
      return scanTrailers(octets, this.#scan);
    } catch (error) {
      const isLimit = error instanceof WireError && error.code === "trailer-too-large";
      throw isLimit ? new SemanticsError("part-header-too-large") : error;
    }
  }

  /** Appends to what is held, one octet more than allowed at the most: the scan sees then that it is. */
  #hold(octets: Uint8Array): Uint8Array {
    const held = (this.#held ??= new Uint8Array(this.#limits.maxPartHeaderBytes + 1));
    const taken = octets.subarray(0, held.length - this.#heldBytes);
    held.set(taken, this.#heldBytes);
    this.#heldBytes += taken.length;
    return held.subarray(0, this.#heldBytes);
  }
}

const BOUNDARY: Uint8Array = charClass(/[0-9A-Za-z'()+_,\-./:=? ]/);
const HYPHEN = 0x2d;
const CRLF_BYTES = 2;
const NOTHING = new Uint8Array(0);

const LIMITS: Readonly<Record<keyof MultipartLimits, LimitEntry>> = MULTIPART_LIMITS;

// Long because the states of one scan share their fields, and calls between files cost on the main path.
/**
 * The resumable head scanner: octets in, a head with offsets out, no octet looked at twice.
 * RFC 9112 §2.2, §3, §4, §5 · Go: request.go readRequest, response.go ReadResponse, textproto.ReadMIMEHeader
 *
 * Rule of this file: grammar and limits only. What a field means for framing is framing.ts, whether Host is
 * there is the server's affair. The octets are never kept: a head holds one decoded string and offsets into
 * it, so the buffer may be overwritten as soon as a scan has returned.
 *
 *   GET /a HTTP/1.1\r\n        method · target · version
 *   Host: a.example\r\n        [nameStart nameEnd valueStart valueEnd kind], five numbers a field line
 *   \r\n                       the end: everything before is decoded at once
 */
import { COLON, CR, FIELD_VALUE, HTAB, LF, SP, TARGET, TOKEN, decodeLatin1 } from "./ascii.ts";
import { WireError } from "./errors.ts";
import type { WireCode } from "./errors.ts";
import {
  FOLDED,
  FieldKind,
  FieldSection,
  OFFSETS_PER_FIELD,
  REPEATED_SHIFT,
  fieldKind,
  kindBits,
} from "./field-section.ts";
import {
  MINOR_AT,
  VERSION_TAIL_BYTES,
  commonMethod,
  isVersionTail,
  skipNameWords,
  skipPlainWords,
} from "./head-octets.ts";
import { knownHost, rememberHost } from "./known-hosts.ts";
import { REQUEST_LIMITS, RESPONSE_LIMITS } from "./limits.ts";
import type { WireLimits } from "./limits.ts";

/**
 * How heads are read. "strict" refuses what peers read differently; "go" takes what Go's net/http takes:
 * bare LF at line ends and folded values. Responses are read as "go" by default, since a user agent must
 * unfold; in them it also takes further spaces in the status line, and a blank before a field's colon.
 */
export type Profile = "strict" | "go";

/** Turns octets into one char each; a platform's own is faster than ours. */
export type DecodeLatin1 = (bytes: Uint8Array, start: number, end: number) => string;

export interface HeadScanOptions {
  /** Default: REQUEST_LIMITS, or RESPONSE_LIMITS for responses. */
  readonly limits?: WireLimits | undefined;
  /** Default: "strict" for requests and their trailers, "go" for responses. */
  readonly profile?: Profile | undefined;
  /** Default: a portable decoder. */
  readonly decode?: DecodeLatin1 | undefined;
  /** Added to the offsets of errors, for a part that is not the first of its message. Default: 0. */
  readonly offset?: number | undefined;
}

/** The head of a request, as it came. */
export interface RequestHead {
  readonly kind: "request";
  /** Octets used, empty lines before the request line included. */
  readonly byteLength: number;
  readonly method: string;
  readonly target: string;
  /** The n of HTTP/1.n. */
  readonly versionMinor: number;
  /** The value of the first Host field; one that recurs is the same string each time. */
  readonly host: string | undefined;
  readonly fields: FieldSection;
}

/** The head of a response, as it came. */
export interface ResponseHead {
  readonly kind: "response";
  readonly byteLength: number;
  readonly versionMinor: number;
  readonly status: number;
  /** What follows the status and its space; may be empty. */
  readonly reason: string;
  readonly fields: FieldSection;
}

/**
 * Reads a request head from `from` to `to`. "need-more" when the octets end before it does: call again with
 * the same `scan` and the same octets (wherever they lie by then) plus more.
 *
 * Throws WireError with offset, status and section. Go: readRequest.
 */
export function scanRequestHead(
  bytes: Uint8Array,
  scan: HeadScan = new HeadScan("request"),
  from = 0,
  to: number = bytes.length,
): RequestHead | "need-more" {
  return scan.run(bytes, from, to) ? scan.takeRequest(bytes, from, to) : "need-more";
}

/** As scanRequestHead, for a response. Go: ReadResponse. */
export function scanResponseHead(
  bytes: Uint8Array,
  scan: HeadScan = new HeadScan("response"),
  from = 0,
  to: number = bytes.length,
): ResponseHead | "need-more" {
  return scan.run(bytes, from, to) ? scan.takeResponse(bytes, from, to) : "need-more";
}

/** As scanRequestHead, for a trailer section: field lines and the empty line. RFC 9112 §7.1.2 */
export function scanTrailers(
  bytes: Uint8Array,
  scan: HeadScan,
  from = 0,
  to: number = bytes.length,
): { readonly byteLength: number; readonly fields: FieldSection } | "need-more" {
  return scan.run(bytes, from, to) ? scan.takeTrailers(bytes, from, to) : "need-more";
}

/** What the scanner expects next. */
const State = {
  emptyLine: 0,
  emptyLineFeed: 1,
  method: 2,
  target: 3,
  requestVersion: 4,
  responseVersion: 5,
  status: 6,
  reason: 7,
  startLineFeed: 8,
  lineStart: 9,
  name: 10,
  nameBlank: 11,
  blank: 12,
  value: 13,
  valueFeed: 14,
  endFeed: 15,
  done: 16,
} as const;
type State = (typeof State)[keyof typeof State];

const VERSION_CHARS = 8;

/** Where the reason begins in a line that keeps to the grammar: after "HTTP/1.1 200 ". */
const REASON_START = 13;

/** The octets of "HTTP/d.d", 0 where a digit stands. */
const VERSION_OCTETS: readonly number[] = [0x48, 0x54, 0x54, 0x50, 0x2f, 0, 0x2e, 0];

/**
 * Where a scan stands. One per connection and direction: after a head was taken it is ready for the next.
 * All offsets count from the start of the message's first line.
 */
export class HeadScan {
  readonly #part: "request" | "response" | "trailers";
  readonly #limits: WireLimits;
  readonly #maxBytes: number;
  readonly #maxLines: number;
  readonly #profile: Profile;
  readonly #decode: DecodeLatin1 | undefined;
  readonly #offset: number;

  #state: State;
  /** Octets of empty lines before the message. */
  #skipped = 0;
  #emptyLines = 0;
  /** How far the scan has come. */
  #at = 0;
  #methodEnd = 0;
  /** The method, where it is a common one. */
  #method: string | undefined;
  #targetEnd = 0;
  #versionMinor = 0;
  #status = 0;
  /** Where the word that is being read begins: version, status, reason. */
  #wordStart = 0;
  #reasonEnd = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #valueStart = 0;
  #folded = 0;
  /** All octets or'ed: tells whether one was above 0x7F. */
  #seen = 0;
  /** One bit for each kind of field that came. */
  #kinds = 0;
  /** Five numbers a line; reused from head to head, copied when a head is complete. */
  #offsets: number[] = [];
  #offsetCount = 0;
  /** The Host value, where it is one that we have as a string. */
  #host: string | undefined;
  /** The octets that came last, their buffer by words, and where in it they begin: asking for those costs. */
  #wordsBytes: Uint8Array | undefined;
  #wordsBuffer: ArrayBufferLike | undefined;
  #words: DataView | undefined;
  #wordsOffset = 0;
  /** May heads be decoded together? And those that were. */
  #holding = false;
  #window = "";
  #windowBytes: Uint8Array | undefined;
  #windowStart = 0;

  constructor(part: "request" | "response" | "trailers", options: HeadScanOptions = {}) {
    const limits = options.limits ?? (part === "response" ? RESPONSE_LIMITS : REQUEST_LIMITS);
    this.#part = part;
    this.#limits = limits;
    this.#maxBytes = part === "trailers" ? limits.maxTrailerBytes : limits.maxHeaderBytes;
    this.#maxLines = part === "trailers" ? limits.maxTrailerValueCount : limits.maxHeaderValueCount;
    this.#profile = options.profile ?? (part === "response" ? "go" : "strict");
    this.#decode = options.decode;
    this.#offset = options.offset ?? 0;
    this.#state = firstState(part);
  }

  /** Has an octet of a message come, empty lines not counted? */
  get started(): boolean {
    return this.#at > 0;
  }

  /** Has any octet come, also of empty lines before the message? */
  get begun(): boolean {
    return this.#at > 0 || this.#skipped > 0;
  }

  /** From here to `letGo` the octets do not change: heads that lie one behind the other are decoded together. */
  hold(): void {
    this.#holding = true;
  }

  /** The octets may be overwritten again. */
  letGo(): void {
    this.#holding = false;
    this.#window = "";
    this.#windowBytes = undefined;
  }

  /** Goes on with the scan; true when the head is complete. Throws WireError. */
  run(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#state <= State.emptyLineFeed) this.#skipEmptyLines(bytes, from, to);
    const base = from + this.#skipped;
    const limit = base + this.#maxBytes;
    const end = to > limit ? limit : to;
    if (this.#state < State.lineStart) {
      if (this.#part === "request") {
        if (this.#at > 0 || !this.#wholeRequestLine(bytes, base, end)) {
          this.#requestLine(bytes, base, end);
        }
      } else this.#statusLine(bytes, base, end);
    }
    if (this.#state === State.lineStart && this.#wholeLines(bytes, base, end)) return true;
    if (this.#state >= State.lineStart && this.#fieldLines(bytes, base, end)) return true;
    if (to > limit) this.#fail(this.#part === "trailers" ? "trailer-too-large" : "head-too-large");
    return false;
  }

  takeRequest(bytes: Uint8Array, from: number, to: number): RequestHead {
    const fields = this.#takeFields(bytes, from, to);
    const head: RequestHead = {
      kind: "request",
      byteLength: this.#skipped + this.#at,
      method: this.#method ?? fields.slice(0, this.#methodEnd),
      target: fields.slice(this.#methodEnd + 1, this.#targetEnd),
      versionMinor: this.#versionMinor,
      host: this.#host ?? hostOf(fields),
      fields,
    };
    this.#reset();
    return head;
  }

  takeResponse(bytes: Uint8Array, from: number, to: number): ResponseHead {
    const fields = this.#takeFields(bytes, from, to);
    const head: ResponseHead = {
      kind: "response",
      byteLength: this.#skipped + this.#at,
      versionMinor: this.#versionMinor,
      status: this.#status,
      reason: fields.slice(this.#wordStart, this.#reasonEnd),
      fields,
    };
    this.#reset();
    return head;
  }

  takeTrailers(
    bytes: Uint8Array,
    from: number,
    to: number,
  ): { byteLength: number; fields: FieldSection } {
    const fields = this.#takeFields(bytes, from, to);
    const taken = { byteLength: this.#at, fields };
    this.#reset();
    return taken;
  }

  #takeFields(bytes: Uint8Array, from: number, to: number): FieldSection {
    const start = from + this.#skipped;
    const text = this.#text(bytes, start, start + this.#at, to);
    return new FieldSection(text, this.#offsets.slice(0, this.#offsetCount), this.#kinds);
  }

  #text(bytes: Uint8Array, start: number, end: number, to: number): string {
    const decode = this.#decode;
    if (decode === undefined) {
      return this.#seen > 0x7f
        ? decodeLatin1(bytes, start, end)
        : ASCII.decode(bytes.subarray(start, end));
    }
    if (bytes === this.#windowBytes && end - this.#windowStart <= this.#window.length) {
      return this.#window.slice(start - this.#windowStart, end - this.#windowStart);
    }
    const more = this.#holding && end < to && end - start < WINDOW_BYTES;
    // Behind a head with content comes the content.
    if (!more || (this.#kinds & CONTENT_BITS) !== 0) return decode(bytes, start, end);
    this.#windowBytes = bytes;
    this.#windowStart = start;
    this.#window = decode(bytes, start, Math.min(to, start + WINDOW_BYTES));
    return this.#window.slice(0, end - start);
  }

  #reset(): void {
    this.#state = firstState(this.#part);
    this.#skipped = this.#emptyLines = this.#at = this.#wordStart = 0;
    this.#seen = this.#kinds = this.#offsetCount = 0;
    this.#method = this.#host = undefined;
  }

  #fail(code: WireCode, evidence?: string): never {
    const offset = this.#offset + this.#at;
    throw new WireError(code, evidence === undefined ? { offset } : { offset, evidence });
  }

  // --- the fast lane: what is here whole and is as nearly all of it is ------------------------------

  /** A request line with nothing odd in it. False: it is left to the states below, untouched. */
  #wholeRequestLine(bytes: Uint8Array, base: number, to: number): boolean {
    let i = base;
    while (i < to && TOKEN[bytes[i]!] === 1) i++;
    const methodEnd = i;
    if (i === base || bytes[i] !== SP) return false;
    let seen = 0;
    i++;
    while (i < to && TARGET[bytes[i]!] === 1) seen |= bytes[i++]!;
    const length = i - methodEnd - 1;
    if (length === 0 || length > this.#limits.maxTargetBytes) return false;
    if (to - i < VERSION_TAIL_BYTES || !isVersionTail(bytes, i)) return false;
    const minor = bytes[i + MINOR_AT]! - 0x30;
    if (minor < 0 || minor > 9) return false;
    this.#methodEnd = methodEnd - base;
    this.#method = commonMethod(bytes, base, methodEnd);
    this.#targetEnd = i - base;
    this.#versionMinor = minor;
    this.#seen = seen;
    this.#at = i - base + VERSION_TAIL_BYTES;
    this.#state = State.lineStart;
    return true;
  }

  /** Field lines that are whole and not folded, up to the first that is not; true when the head ends with them. */
  #wholeLines(bytes: Uint8Array, base: number, to: number): boolean {
    const offsets = this.#offsets;
    const most = this.#maxLines * OFFSETS_PER_FIELD;
    // Names of our own for what the loops look at: a variable of the module is loaded anew for each octet.
    const token = TOKEN;
    const fieldValue = FIELD_VALUE;
    const words = to - base > WORDS_FROM_BYTES ? this.#wordsOf(bytes) : undefined;
    const offset = this.#wordsOffset;
    let count = this.#offsetCount;
    let start = base + this.#at;
    let seen = this.#seen;
    let kinds = this.#kinds;
    while (count < most) {
      let i = words === undefined ? start : skipNameWords(words, start, to, offset);
      while (i < to && token[bytes[i]!] === 1) i++;
      if (i === start || i === to || bytes[i] !== COLON) break;
      const nameEnd = i++;
      while (i < to && isBlankOctet(bytes[i]!)) i++;
      const valueStart = i;
      if (words !== undefined) i = skipPlainWords(words, i, to, offset);
      while (i < to && fieldValue[bytes[i]!] === 1) seen |= bytes[i++]!;
      if (i + 1 >= to || bytes[i] !== CR || bytes[i + 1] !== LF) break;
      const next = i + 2;
      while (i > valueStart && isBlankOctet(bytes[i - 1]!)) i--;
      const kind = fieldKind(bytes, start, nameEnd - start);
      const bit = 1 << kind;
      if (kind === FieldKind.host && (kinds & bit) === 0)
        this.#host = knownHost(bytes, valueStart, i);
      kinds |= bit | ((kinds & bit) << REPEATED_SHIFT);
      offsets[count] = start - base;
      offsets[count + 1] = nameEnd - base;
      offsets[count + 2] = valueStart - base;
      offsets[count + 3] = i - base;
      offsets[count + 4] = kind;
      count += OFFSETS_PER_FIELD;
      start = next;
    }
    this.#offsetCount = count;
    this.#kinds = kinds;
    this.#seen = seen;
    const ends = start + 1 < to && bytes[start] === CR && bytes[start + 1] === LF;
    this.#at = (ends ? start + 2 : start) - base;
    if (ends) this.#state = State.done;
    return ends;
  }

  #wordsOf(bytes: Uint8Array): DataView | undefined {
    if (bytes !== this.#wordsBytes) {
      const { buffer } = bytes;
      this.#wordsBytes = bytes;
      this.#wordsOffset = bytes.byteOffset;
      if (buffer !== this.#wordsBuffer) this.#words = new DataView(buffer);
      this.#wordsBuffer = buffer;
    }
    return this.#words;
  }

  // --- octet by octet ---------------------------------------------------------------------------------

  /** RFC 9112 §2.2: a server ignores an empty line or two before the request line. */
  #skipEmptyLines(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from + this.#skipped; i < to; i++) {
      const octet = bytes[i]!;
      if (this.#state === State.emptyLineFeed) {
        if (octet !== LF) this.#fail("bare-cr");
        this.#state = State.emptyLine;
      } else if (octet === CR) {
        this.#state = State.emptyLineFeed;
      } else if (octet !== LF) {
        this.#state = State.method;
        return;
      } else if (this.#profile === "strict") {
        this.#fail("bare-lf");
      }
      this.#skipped++;
      if (octet === LF && ++this.#emptyLines > this.#limits.maxEmptyLines) {
        this.#fail("too-many-empty-lines");
      }
    }
  }

  #requestLine(bytes: Uint8Array, base: number, to: number): void {
    let i = base + this.#at;
    if (this.#state === State.method) {
      while (i < to && TOKEN[bytes[i]!] === 1) i++;
      this.#at = i - base;
      if (i === to) return;
      if (bytes[i] !== SP) this.#fail(isLineEnd(bytes[i]!) ? "bad-request-line" : "bad-method");
      if (i === base) this.#fail("bad-request-line");
      this.#methodEnd = i - base;
      this.#method = commonMethod(bytes, base, i);
      this.#state = State.target;
      i++;
    }
    if (this.#state === State.target) {
      let seen = this.#seen;
      while (i < to && TARGET[bytes[i]!] === 1) seen |= bytes[i++]!;
      this.#seen = seen;
      this.#at = i - base;
      const length = this.#at - this.#methodEnd - 1;
      if (length > this.#limits.maxTargetBytes) this.#targetTooLong();
      if (i === to) return;
      if (bytes[i] !== SP) this.#fail(isLineEnd(bytes[i]!) ? "bad-request-line" : "bad-target");
      if (length === 0) this.#fail("bad-request-line");
      this.#targetEnd = this.#at;
      this.#wordStart = this.#at + 1;
      this.#state = State.requestVersion;
      i++;
    }
    if (this.#state === State.requestVersion) {
      i = this.#version(bytes, i, base, to);
      if (i === to) return;
      i = this.#lineEnd(bytes, i, base, State.startLineFeed, "bad-version");
    }
    if (this.#state === State.startLineFeed && i < to) this.#lineFeed(bytes[i]!, i, base);
  }

  #targetTooLong(): never {
    // The first octet too many, however many came at once.
    this.#at = this.#methodEnd + 1 + this.#limits.maxTargetBytes;
    this.#fail("target-too-long");
  }

  #statusLine(bytes: Uint8Array, base: number, to: number): void {
    let i = base + this.#at;
    if (this.#state === State.responseVersion) {
      i = this.#version(bytes, i, base, to);
      if (i === to) return;
      if (bytes[i] !== SP) this.#fail("bad-status-line");
      this.#status = 0;
      this.#wordStart = VERSION_CHARS + 1;
      this.#state = State.status;
      i++;
    }
    if (this.#state === State.status) {
      // Go passes over further spaces, and some servers send them.
      if (this.#profile === "go" && i === base + this.#wordStart) {
        while (i < to && bytes[i] === SP) i++;
        this.#wordStart = i - base;
      }
      const end = base + this.#wordStart + 3;
      while (i < to && i < end && bytes[i]! >= 0x30 && bytes[i]! <= 0x39) {
        this.#status = this.#status * 10 + bytes[i++]! - 0x30;
      }
      this.#at = i - base;
      if (i === to) return;
      // RFC 9110 §15 has a client take a status outside 100 to 599 for a 5xx, not for no response at all.
      const tooLow = this.#status < 100 && this.#profile === "strict";
      if (i < end || tooLow) this.#fail("bad-status-line");
      this.#wordStart = this.#reasonEnd = this.#at;
      if (bytes[i] === SP) this.#wordStart = this.#reasonEnd = ++i - base;
      else if (!isLineEnd(bytes[i]!)) this.#fail("bad-status-line");
      this.#state = State.reason;
    }
    if (this.#state === State.reason) {
      // A line with further spaces before the status is read by words, as RFC 9112 §4 allows: no space is part
      // of the reason then, which it is in a line that keeps to the grammar.
      if (this.#wordStart > REASON_START && i === base + this.#wordStart) {
        while (i < to && bytes[i] === SP) i++;
        this.#wordStart = i - base;
      }
      let seen = this.#seen;
      while (i < to && FIELD_VALUE[bytes[i]!] === 1) seen |= bytes[i++]!;
      this.#seen = seen;
      this.#at = this.#reasonEnd = i - base;
      if (i === to) return;
      i = this.#lineEnd(bytes, i, base, State.startLineFeed, "bad-status-line");
    }
    if (this.#state === State.startLineFeed && i < to) this.#lineFeed(bytes[i]!, i, base);
  }

  /**
   * "HTTP/" DIGIT "." DIGIT, each octet checked as it comes, so that another protocol is known for what it is
   * at once. Answers the next position. RFC 9112 §2.3
   */
  #version(bytes: Uint8Array, from: number, base: number, to: number): number {
    const start = base + this.#wordStart;
    const end = Math.min(to, start + VERSION_CHARS);
    let i = from;
    while (i < end && isVersionOctet(bytes[i]!, i - start)) i++;
    this.#at = i - base;
    if (i < end) this.#fail(this.#part === "request" ? "bad-version" : "bad-status-line");
    if (i < start + VERSION_CHARS) return i;
    const major = bytes[start + 5]! - 0x30;
    this.#versionMinor = bytes[start + 7]! - 0x30;
    if (major !== 1) {
      this.#fail("unsupported-version", `HTTP/${major}.${this.#versionMinor}`);
    }
    return i;
  }

  /** The end of a line begins at `i`: CR, or LF where the profile takes it. Answers the next position. */
  #lineEnd(bytes: Uint8Array, i: number, base: number, feed: State, otherwise: WireCode): number {
    const octet = bytes[i]!;
    if (octet === CR) this.#state = feed;
    else if (octet !== LF) this.#fail(otherwise);
    else if (this.#profile === "strict") this.#fail("bare-lf");
    else this.#state = State.lineStart;
    this.#at = i + 1 - base;
    return i + 1;
  }

  #lineFeed(octet: number, i: number, base: number): void {
    if (octet !== LF) this.#fail("bare-cr");
    this.#state = State.lineStart;
    this.#at = i + 1 - base;
  }

  /** Field lines up to the empty line; true when that was seen. The busiest loop of the library. */
  // Long because its states share local variables: split up it costs a fifth more per head.
  #fieldLines(bytes: Uint8Array, base: number, to: number): boolean {
    let i = base + this.#at;
    let seen = this.#seen;
    while (i < to) {
      const octet = bytes[i]!;
      switch (this.#state) {
        case State.lineStart:
          if (TOKEN[octet] === 1) {
            this.#nameStart = i - base;
            this.#folded = 0;
            this.#state = State.name;
            if (this.#offsetCount >= this.#maxLines * OFFSETS_PER_FIELD) this.#tooMany(i - base);
          } else if (octet === CR) {
            this.#state = State.endFeed;
          } else {
            this.#at = i - base;
            this.#seen = seen;
            if (this.#oddLineStart(octet)) return true;
          }
          i++;
          break;
        case State.name:
          while (i < to && TOKEN[bytes[i]!] === 1) i++;
          if (i === to) break;
          this.#nameEnd = i - base;
          if (bytes[i] === COLON) this.#state = State.blank;
          else this.#oddNameEnd(bytes[i]!, i - base);
          i++;
          break;
        case State.nameBlank:
          while (i < to && (bytes[i] === SP || bytes[i] === HTAB)) i++;
          if (i === to) break;
          this.#lateColon(bytes, base, i++);
          break;
        case State.blank:
          while (i < to && (bytes[i] === SP || bytes[i] === HTAB)) i++;
          this.#valueStart = i - base;
          if (i < to) this.#state = State.value;
          break;
        case State.value:
          while (i < to && FIELD_VALUE[bytes[i]!] === 1) seen |= bytes[i++]!;
          if (i === to) break;
          this.#at = i - base;
          if (bytes[i] === CR) this.#state = State.valueFeed;
          else if (bytes[i] !== LF) this.#fail("bad-field-value");
          else if (this.#profile === "strict") this.#fail("bare-lf");
          else this.#endField(bytes, base, i);
          i++;
          break;
        case State.valueFeed:
          this.#at = i - base;
          if (octet !== LF) this.#fail("bare-cr");
          this.#endField(bytes, base, i - 1);
          i++;
          break;
        default:
          this.#at = i - base;
          if (octet !== LF) this.#fail("bare-cr");
          this.#at++;
          this.#seen = seen;
          this.#state = State.done;
          return true;
      }
    }
    this.#at = i - base;
    this.#seen = seen;
    return false;
  }

  /** A line that begins with neither a name nor CR; true when it is the empty line of the "go" profile. */
  #oddLineStart(octet: number): boolean {
    if (octet === LF) {
      if (this.#profile === "strict") this.#fail("bare-lf");
      this.#at++;
      this.#state = State.done;
      return true;
    }
    if (octet !== SP && octet !== HTAB) {
      this.#fail("bad-field-name");
    }
    if (this.#offsetCount === 0) this.#fail("space-before-first-field");
    if (this.#profile === "strict") this.#fail("obs-fold");
    this.#reopenField();
    return false;
  }

  /** obs-fold: the last field goes on. Its value is cut out with the fold in it, and unfolded when read. */
  #reopenField(): void {
    this.#offsetCount -= OFFSETS_PER_FIELD;
    this.#nameStart = this.#offsets[this.#offsetCount]!;
    this.#nameEnd = this.#offsets[this.#offsetCount + 1]!;
    this.#valueStart = this.#offsets[this.#offsetCount + 2]!;
    this.#folded = FOLDED;
    // It may be Host, and then it is another one than its first line said.
    this.#host = undefined;
    this.#state = State.value;
  }

  /** Notes a field whose value ends before `end`, blanks there not counted. */
  #endField(bytes: Uint8Array, base: number, end: number): void {
    let valueEnd = end;
    const valueStart = base + this.#valueStart;
    while (valueEnd > valueStart && isBlankOctet(bytes[valueEnd - 1]!)) valueEnd--;
    const kind = fieldKind(bytes, base + this.#nameStart, this.#nameEnd - this.#nameStart);
    const offsets = this.#offsets;
    const at = this.#offsetCount;
    offsets[at] = this.#nameStart;
    offsets[at + 1] = this.#nameEnd;
    offsets[at + 2] = this.#valueStart;
    offsets[at + 3] = valueEnd - base;
    offsets[at + 4] = kind | this.#folded;
    this.#offsetCount = at + OFFSETS_PER_FIELD;
    const bit = 1 << kind;
    // A folded line ends more than once, and is not repeated by that.
    if (this.#folded === 0) this.#kinds |= bit | ((this.#kinds & bit) << REPEATED_SHIFT);
    this.#state = State.lineStart;
  }

  /** A name ends in something else than the colon: a blank is passed over in responses, all else refused. */
  #oddNameEnd(octet: number, at: number): void {
    this.#at = at;
    if (octet !== SP && octet !== HTAB) {
      this.#fail(isLineEnd(octet) ? "missing-colon" : "bad-field-name");
    }
    if (this.#part !== "response" || this.#profile === "strict") this.#fail("space-before-colon");
    this.#state = State.nameBlank;
  }

  /**
   * What comes after the blanks after a name. They are dropped, as RFC 9112 §5.1 asks of proxies: with them it
   * would be another field. What tells where the body ends is refused instead, since readers differ in it.
   */
  #lateColon(bytes: Uint8Array, base: number, i: number): void {
    this.#at = i - base;
    const octet = bytes[i]!;
    if (octet !== COLON) this.#fail(isLineEnd(octet) ? "missing-colon" : "bad-field-name");
    const kind = fieldKind(bytes, base + this.#nameStart, this.#nameEnd - this.#nameStart);
    if (kind === FieldKind.contentLength || kind === FieldKind.transferEncoding) {
      this.#fail("space-before-colon");
    }
    this.#state = State.blank;
  }

  #tooMany(at: number): never {
    this.#at = at;
    this.#fail(this.#part === "trailers" ? "trailer-too-large" : "too-many-fields");
  }
}

/** Only ASCII goes in, so this is exact; a TextDecoder called "latin1" would be windows-1252. */
const ASCII = new TextDecoder("utf-8");

/** The Host value as the string that we have of it, or will have. */
function hostOf(fields: FieldSection): string | undefined {
  const value = fields.value(FieldKind.host);
  return value === undefined ? undefined : rememberHost(value);
}

/** Up to so many octets heads are decoded together; a slice of them keeps no more than that alive. */
const WINDOW_BYTES = 2048;

const CONTENT_BITS: number = kindBits(FieldKind.contentLength, FieldKind.transferEncoding);

/** From so many octets on it pays to look at a buffer by words. */
const WORDS_FROM_BYTES = 256;

function firstState(part: "request" | "response" | "trailers"): State {
  if (part === "request") return State.emptyLine;
  return part === "response" ? State.responseVersion : State.lineStart;
}

function isVersionOctet(octet: number, index: number): boolean {
  const wanted = VERSION_OCTETS[index]!;
  // Asked in this order, for NUL is an octet that may come, and no digit.
  return wanted === 0 ? octet >= 0x30 && octet <= 0x39 : octet === wanted;
}

function isLineEnd(octet: number): boolean {
  return octet === CR || octet === LF;
}

function isBlankOctet(octet: number): boolean {
  return octet === SP || octet === HTAB;
}

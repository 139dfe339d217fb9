/**
 * The fields of one head or trailer section: the decoded text, and offsets into it.
 * RFC 9110 §5, RFC 9112 §5 · Go: textproto.MIMEHeader as it comes from the reader
 *
 * Rule of this file: it cuts strings out of a text that the scanner has checked; it checks nothing itself.
 * The fields that decide framing and reuse are known by a number, so that asking for them costs no search.
 */
import { LF, standsAt, trimOws } from "./ascii.ts";

/** The fields that are asked for with every message, here or in the rooms above; 0 is every other. */
export const FieldKind = {
  other: 0,
  host: 1,
  contentLength: 2,
  transferEncoding: 3,
  connection: 4,
  expect: 5,
  trailer: 6,
  upgrade: 7,
  keepAlive: 8,
  contentEncoding: 9,
} as const;
export type FieldKind = (typeof FieldKind)[keyof typeof FieldKind];

/** nameStart, nameEnd, valueStart, valueEnd, kind. */
export const OFFSETS_PER_FIELD = 5;

/** Added to the kind of a field whose value holds a fold. */
export const FOLDED = 0x100;

const KIND_MASK = 0xff;

/** So far above the bit of a kind stands the bit that says that it came more than once. */
export const REPEATED_SHIFT = 16;

/** A slice keeps the whole text alive: above this many chars it is copied instead. */
const SLICE_TEXT_CHARS = 4096;

export class FieldSection {
  /** The section as it came, one char per octet, start line and last CRLF included. */
  readonly text: string;
  readonly #offsets: readonly number[];
  readonly #kinds: number;

  constructor(text: string, offsets: readonly number[], kinds: number) {
    this.text = text;
    this.#offsets = offsets;
    this.#kinds = kinds;
  }

  /** How many field lines there are. */
  get count(): number {
    return this.#offsets.length / OFFSETS_PER_FIELD;
  }

  /** Is there a line of this kind? */
  has(kind: FieldKind): boolean {
    return (this.#kinds & (1 << kind)) !== 0;
  }

  /** Is there more than one line of this kind? */
  repeats(kind: FieldKind): boolean {
    return (this.#kinds & (1 << (kind + REPEATED_SHIFT))) !== 0;
  }

  /** Is there no other kind of line than "other", Host, and these? */
  hasNone(kinds: number): boolean {
    return (this.#kinds & kinds) === 0;
  }

  nameAt(index: number): string {
    const at = index * OFFSETS_PER_FIELD;
    return this.slice(this.#offsets[at]!, this.#offsets[at + 1]!);
  }

  /** The value without blanks at its ends, folds read as one space. */
  valueAt(index: number): string {
    const at = index * OFFSETS_PER_FIELD;
    const value = this.slice(this.#offsets[at + 2]!, this.#offsets[at + 3]!);
    return this.#offsets[at + 4]! >= FOLDED ? unfold(value) : value;
  }

  /** The next line from `from` on with this name and of none of the kinds in `omitted`; -1 when there is none. */
  find(name: string, from: number, omitted: number): number {
    const offsets = this.#offsets;
    for (let at = from * OFFSETS_PER_FIELD; at < offsets.length; at += OFFSETS_PER_FIELD) {
      const start = offsets[at]!;
      if (offsets[at + 1]! - start !== name.length) continue;
      const index = at / OFFSETS_PER_FIELD;
      if ((omitted & (1 << this.kindAt(index))) !== 0) continue;
      if (standsAt(this.text, start, name)) return index;
    }
    return -1;
  }

  kindAt(index: number): FieldKind {
    return (this.#offsets[index * OFFSETS_PER_FIELD + 4]! & KIND_MASK) as FieldKind;
  }

  /** All values of a kind, in the order they came. */
  values(kind: FieldKind): string[] {
    const values: string[] = [];
    if (!this.has(kind)) return values;
    for (let index = 0; index < this.count; index++) {
      if (this.kindAt(index) === kind) values.push(this.valueAt(index));
    }
    return values;
  }

  /** The first value of a kind. */
  value(kind: FieldKind): string | undefined {
    const count = this.has(kind) ? this.count : 0;
    for (let index = 0; index < count; index++) {
      if (this.kindAt(index) === kind) return this.valueAt(index);
    }
    return undefined;
  }

  /** A piece of the text that does not keep a large text alive. */
  slice(start: number, end: number): string {
    const piece = this.text.slice(start, end);
    return this.text.length > SLICE_TEXT_CHARS ? flatCopy(piece) : piece;
  }
}

/** The bits for `hasNone`. */
export function kindBits(...kinds: readonly FieldKind[]): number {
  return kinds.reduce<number>((bits, kind) => bits | (1 << kind), 0);
}

/** The same string with memory of its own: what is joined is copied, what is sliced is not. */
export function flatCopy(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join("");
}

/** Which of the known fields is named by these octets? Letter case does not count. */
export function fieldKind(bytes: Uint8Array, start: number, length: number): FieldKind {
  if (length > LONGEST_NAME) return FieldKind.other;
  const kind = KIND_BY_LOOKS[looksOf(length, bytes[start]!)]! as FieldKind;
  return kind === FieldKind.other || matches(bytes, start, NAME_BY_KIND[kind]!)
    ? kind
    : FieldKind.other;
}

/** In lower case, each at the place of its kind. */
const NAME_BY_KIND: readonly string[] = [
  "",
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "expect",
  "trailer",
  "upgrade",
  "keep-alive",
  "content-encoding",
];

const LONGEST_NAME = Math.max(...NAME_BY_KIND.map((name) => name.length));

/** Length and first letter tell the known names apart: nearly every other name is ruled out by one look. */
const KIND_BY_LOOKS: Uint8Array = kindByLooks();

function looksOf(length: number, first: number): number {
  return (length << 5) | (first & 0x1f);
}

function kindByLooks(): Uint8Array {
  const kinds = new Uint8Array((LONGEST_NAME + 1) << 5);
  for (const [kind, name] of NAME_BY_KIND.entries()) {
    if (kind !== FieldKind.other) kinds[looksOf(name.length, name.charCodeAt(0))] = kind;
  }
  return kinds;
}

function matches(bytes: Uint8Array, start: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) {
    // Or'ing 0x20 folds letters; "-" has that bit already and no token character folds onto it but CR,
    // which no name holds.
    if ((bytes[start + i]! | 0x20) !== lower.charCodeAt(i)) return false;
  }
  return true;
}

/** One space for each run of line ends and the blanks around them: a line of blanks alone adds none. */
function unfold(value: string): string {
  return value
    .split(String.fromCharCode(LF))
    .map((line) => trimOws(line.endsWith("\r") ? line.slice(0, -1) : line))
    .filter((line) => line !== "")
    .join(" ");
}

/**
 * Header: the fields of a message, in wire order, spelled as the sender spelled them, found without case.
 * RFC 9110 §5.1, §5.3 · Go: http.Header
 *
 * Rule of this file: a multimap. Nothing is checked when a field is set; formatField is the one place that
 * checks names and values, just before they become octets.
 */
import { TOKEN, allIn, equalsIgnoringCase, isFieldValue, isToken } from "./ascii.ts";
import { WireError } from "./errors.ts";
import { kindBits } from "./field-section.ts";
import type { FieldKind, FieldSection } from "./field-section.ts";

/** The lines of all headers without fields; never written to. */
const NONE: string[] = [];

/** What a Header can be made from. */
export type HeaderInit =
  | Header
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[]>>;

/** Ordered fields. Unlike Go's map it keeps the order and the sender's spelling. */
export class Header implements Iterable<readonly [name: string, value: string]> {
  /** What came from the wire, until somebody wants all of it or changes it: questions are answered from there. */
  #section: FieldSection | undefined;
  #omitted = 0;
  /** Names and values in turns: name, value, name, value, … */
  #lines: string[] = NONE;
  /** Others use the same array: whoever changes it first makes its own. */
  #shared = true;

  constructor(init?: HeaderInit) {
    if (init === undefined) return;
    if (Symbol.iterator in init) {
      for (const [name, value] of init as Iterable<readonly [string, string]>)
        this.add(name, value);
      return;
    }
    for (const [name, value] of Object.entries(
      init as Record<string, string | readonly string[]>,
    )) {
      for (const one of typeof value === "string" ? [value] : value) this.add(name, one);
    }
  }

  /**
   * The fields of a scanned head; only those that somebody asks for are cut out of it. `omit` names kinds that live elsewhere
   * in the message, as Host does in `request.host`.
   */
  static from(section: FieldSection, omit: readonly FieldKind[] = []): Header {
    const header = new Header();
    if (section.count === 0) return header;
    header.#section = section;
    header.#omitted = kindBits(...omit);
    return header;
  }

  /** @internal The same with the omitted kinds as bits; the main path makes no array. */
  static fromBits(section: FieldSection, omitted: number): Header {
    const header = new Header();
    header.#section = section;
    header.#omitted = omitted;
    return header;
  }

  /** How many field lines there are. */
  get count(): number {
    this.#open();
    return this.#lines.length / 2;
  }

  /** The first value; undefined when there is none. Go: Header.Get */
  get(name: string): string | undefined {
    const section = this.#section;
    if (section !== undefined) {
      const line = section.find(name, 0, this.#omitted);
      return line < 0 ? undefined : section.valueAt(line);
    }
    const index = this.#find(name, 0);
    return index < 0 ? undefined : this.#lines[index + 1];
  }

  /** All values in wire order, a new array. Go: Header.Values */
  values(name: string): string[] {
    const found: string[] = [];
    const section = this.#section;
    if (section !== undefined) {
      const omitted = this.#omitted;
      for (let i = section.find(name, 0, omitted); i >= 0; i = section.find(name, i + 1, omitted)) {
        found.push(section.valueAt(i));
      }
      return found;
    }
    for (let i = this.#find(name, 0); i >= 0; i = this.#find(name, i + 2)) {
      found.push(this.#lines[i + 1]!);
    }
    return found;
  }

  /** @internal The value of the one field there is, if it is spelled just so. */
  only(name: string): string | undefined {
    this.#open();
    return this.#lines.length === 2 && this.#lines[0] === name ? this.#lines[1] : undefined;
  }

  has(name: string): boolean {
    const section = this.#section;
    return section === undefined
      ? this.#find(name, 0) >= 0
      : section.find(name, 0, this.#omitted) >= 0;
  }

  /** Makes this the only field of that name, in the place and spelling of the first one. Go: Header.Set */
  set(name: string, value: string): void {
    this.#open();
    const first = this.#find(name, 0);
    if (first < 0) {
      this.#append(name, value);
      return;
    }
    this.#own();
    this.#lines[first + 1] = value;
    this.#deleteFrom(name, first + 2);
  }

  /** Appends a field line. Go: Header.Add */
  add(name: string, value: string): void {
    this.#open();
    this.#append(name, value);
  }

  /** Removes all fields of that name. Go: Header.Del */
  delete(name: string): void {
    this.#open();
    this.#own();
    this.#deleteFrom(name, 0);
  }

  /** A copy; what is changed in one does not show in the other. Go: Header.Clone */
  clone(): Header {
    this.#open();
    const copy = new Header();
    copy.#lines = this.#lines;
    copy.#shared = this.#shared = true;
    return copy;
  }

  /** The field lines in wire order. */
  *[Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    this.#open();
    for (let i = 0; i < this.#lines.length; i += 2) yield [this.#lines[i]!, this.#lines[i + 1]!];
  }

  /**
   * The field lines as they go on the wire, each ending in CRLF, without those that `omit` names. Throws "bad-field-name" or "bad-field-value". Go: Header.WriteSubset, which drops and mends instead.
   */
  format(omit: readonly string[] = NOTHING): string {
    this.#open();
    let text = "";
    for (let i = 0; i < this.#lines.length; i += 2) {
      const name = this.#lines[i]!;
      if (isIn(omit, name)) continue;
      text += formatField(name, this.#lines[i + 1]!);
    }
    return text;
  }

  #open(): void {
    const section = this.#section;
    if (section === undefined) return;
    this.#section = undefined;
    this.#own();
    for (let i = 0; i < section.count; i++) {
      if ((this.#omitted & (1 << section.kindAt(i))) !== 0) continue;
      this.#lines.push(section.nameAt(i), section.valueAt(i));
    }
  }

  #append(name: string, value: string): void {
    if (this.#lines.length === 0) {
      // Most answers have one field or two: no room is made for more.
      this.#lines = [name, value];
      this.#shared = false;
      return;
    }
    this.#own();
    this.#lines.push(name, value);
  }

  /** Before a change. */
  #own(): void {
    if (!this.#shared) return;
    this.#shared = false;
    this.#lines = this.#lines.slice();
  }

  /** Where in `#lines` the name stands next; -1 when it does not. */
  #find(name: string, from: number): number {
    for (let i = from; i < this.#lines.length; i += 2) {
      if (equalsIgnoringCase(this.#lines[i]!, name)) return i;
    }
    return -1;
  }

  #deleteFrom(name: string, from: number): void {
    for (let i = this.#find(name, from); i >= 0; i = this.#find(name, i)) {
      this.#lines.splice(i, 2);
    }
  }
}

const NOTHING: readonly string[] = [];

function isIn(names: readonly string[], name: string): boolean {
  for (let i = 0; i < names.length; i++) {
    if (equalsIgnoringCase(names[i]!, name)) return true;
  }
  return false;
}

/**
 * One field line with its CRLF: the one place where names and values are checked before they are sent.
 * Throws "bad-field-name" or "bad-field-value"; the value itself is never shown.
 */
export function formatField(name: string, value: string): string {
  if (!isToken(name)) throw new WireError("bad-field-name", { evidence: name });
  if (!isFieldValue(value)) throw new WireError("bad-field-value", { evidence: name });
  return `${name}: ${value}\r\n`;
}

/**
 * The spelling Go gives a field name: "content-TYPE" becomes "Content-Type". A name that is no token comes
 * back unchanged. Go: http.CanonicalHeaderKey
 */
export function canonicalHeaderKey(name: string): string {
  if (!allIn(TOKEN, name)) return name;
  return name
    .split("-")
    .map((word) => (word === "" ? "" : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()))
    .join("-");
}

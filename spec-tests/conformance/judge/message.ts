/**
 * What requests and responses have in common, for the references: fields, lists, and characters.
 * RFC 9112 §5; RFC 9110 §5.5, §5.6
 *
 * Rule of this file: grammar as regular expressions, written from the RFC and from nothing else.
 */

/** Asks whether a fault is switched on. */
export type Is<F extends string> = (fault: F) => boolean;

export interface Field {
  readonly name: string;
  readonly value: string;
}

export const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
export const QUOTED: string =
  '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"';
export const FIELD_LINE: RegExp = new RegExp(`^(${TOKEN}):[ \\t]*(.*?)[ \\t]*$`, "s");
/** Octets that a value may hold. */
export const FIELD_TEXT: RegExp = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The fields of a message, in order. */
export class Fields {
  readonly list: readonly Field[];
  readonly #fold: (name: string) => string;

  /** `fold` makes names comparable: lower case, but for a fault. */
  constructor(list: readonly Field[], fold: (name: string) => string = lowerCase) {
    this.list = list;
    this.#fold = fold;
  }

  all(name: string): string[] {
    const wanted = this.#fold(name);
    return this.list.filter((field) => this.#fold(field.name) === wanted).map((f) => f.value);
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  /** All lines of this name as one, or undefined. */
  get(name: string): string | undefined {
    return this.has(name) ? this.all(name).join(", ") : undefined;
  }

  /** The members of a list, as they stand; empty ones are left out. */
  members(name: string): string[] {
    return membersOf(this.get(name) ?? "");
  }

  /** Whether a list has this word, whatever its case. */
  lists(name: string, word: string): boolean {
    return this.members(name).some((member) => member.toLowerCase() === word);
  }
}

export function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** The members of a comma-separated list; commas in quotes part nothing. */
export function membersOf(value: string): string[] {
  const pieces = value.match(new RegExp(`(?:${QUOTED}|[^,])+`, "g")) ?? [];
  return pieces.map(trimBlanks).filter((member) => member !== "");
}

/** SP and HTAB, and no other blank. */
export function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}

/** A number of these digits, or undefined when it is larger than what can be counted. */
export function countOf(digits: string, base: 10 | 16): number | undefined {
  const short = digits.replace(/^0+(?=.)/, "");
  if (short.length > (base === 10 ? 15 : 13)) return undefined;
  let count = 0;
  for (const digit of short.toLowerCase()) {
    count = count * base + "0123456789abcdef".indexOf(digit);
  }
  return count;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** RFC 9110 §5.6.7: the form that is sent. */
export function dateText(ms: number): string {
  const two = (number: number): string => `${number}`.padStart(2, "0");
  const at = new Date(ms);
  const day = `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]}`;
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
  return `${day} ${at.getUTCFullYear()} ${time} GMT`;
}

const IMF = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const RFC850 = /^[A-Z][a-z]+day, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/** The three forms that are read. */
export function dateOf(text: string): number | undefined {
  const imf = IMF.exec(text);
  if (imf !== null) return dateFrom(imf[1], imf[2], imf[3], imf.slice(4));
  const old = RFC850.exec(text);
  if (old !== null) {
    // A date that seems to be more than 50 years ahead is of the last century.
    const century = Math.floor(new Date().getUTCFullYear() / 100) * 100;
    const year = century + Number(old[3]);
    const near = year > new Date().getUTCFullYear() + 50 ? year - 100 : year;
    return dateFrom(old[1], old[2], `${near}`, old.slice(4));
  }
  const c = ASCTIME.exec(text);
  return c === null ? undefined : dateFrom(c[2]?.trim(), c[1], c[6], c.slice(3, 6));
}

function dateFrom(
  day: string | undefined,
  month: string | undefined,
  year: string | undefined,
  clock: readonly string[],
): number | undefined {
  const [hour, minute, second] = clock.map(Number);
  const index = MONTHS.indexOf(month ?? "");
  if (index < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60)
    return undefined;
  const ms = Date.UTC(Number(year), index, Number(day), hour, minute, second);
  return new Date(ms).getUTCDate() === Number(day) || Number(second) === 60 ? ms : undefined;
}

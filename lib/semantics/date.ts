/**
 * HTTP dates: one format out, three formats in.
 * RFC 9110 §5.6.7 · Go: header.go ParseTime, TimeFormat
 *
 * Rule of this file: text and milliseconds since 1970 (UTC). The clock is the caller's.
 *
 *   Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate, the one we write
 *   Sunday, 06-Nov-94 08:49:37 GMT    RFC 850, obsolete
 *   Sun Nov  6 08:49:37 1994          asctime, obsolete
 *
 * Stricter than Go: letters keep the case given, a second has no fraction. Wider: the leap second of
 * the grammar is read. As in Go, the day's name must be one of the seven but need not fit the date,
 * which says all by itself.
 */
import { SP } from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";

/** What `parseDate` must know beside the text. */
export interface ParseDateOptions {
  /** The present in milliseconds since 1970: it decides the century of a year of two digits. */
  readonly nowMs: number;
}

/**
 * Writes an instant as IMF-fixdate, fractions of a second cut off: "Sun, 06 Nov 1994 08:49:37 GMT".
 *
 * @throws {SemanticsError} `unrepresentable-date` when it is not a number in the years 0000 to 9999
 */
export function formatDate(ms: number): string {
  if (!(ms >= FIRST_MS && ms <= LAST_MS)) throw new SemanticsError("unrepresentable-date");
  // The language defines this text to the letter (ECMA-262, Date.prototype.toUTCString).
  return new Date(ms).toUTCString();
}

/**
 * Reads a date in any of the three formats: milliseconds since 1970, or undefined when it is none
 * of them or names no day of the calendar. A second 60 is read only in 23:59:60 and is the first of
 * the next day. A two-digit year is the latest one that is not more than 50 years ahead of `nowMs`.
 */
export function parseDate(text: string, options: ParseDateOptions): number | undefined {
  if (text.length === IMF_SHAPE.length) return parseImfFixdate(text);
  if (text.length === ASCTIME_SHAPE.length) return parseAsctime(text);
  return parseRfc850(text, options.nowMs);
}

const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;

/** In a shape `0` is a digit, `_` a digit or a space, `a` any char (a name, looked up later). */
const IMF_SHAPE = "aaa, 00 aaa 0000 00:00:00 GMT";
const ASCTIME_SHAPE = "aaa aaa _0 00:00:00 0000";
const RFC850_SHAPE = ", 00-aaa-00 00:00:00 GMT";

const DAYS_LONG = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAYS = DAYS_LONG.map((day) => day.slice(0, 3));
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A date as it was written; nothing says yet that the calendar has it. */
interface Written {
  readonly year: number;
  /** 0 to 11, or -1 when the name is not a month's. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function parseImfFixdate(text: string): number | undefined {
  if (!hasShape(text, IMF_SHAPE) || !DAYS.includes(text.slice(0, 3))) return undefined;
  return instantOf({
    year: digits(text, 12, 4),
    month: MONTHS.indexOf(text.slice(8, 11)),
    day: digits(text, 5, 2),
    ...timeOfDay(text, 17),
  });
}

function parseAsctime(text: string): number | undefined {
  if (!hasShape(text, ASCTIME_SHAPE) || !DAYS.includes(text.slice(0, 3))) return undefined;
  return instantOf({
    year: digits(text, 20, 4),
    month: MONTHS.indexOf(text.slice(4, 7)),
    day: text.charCodeAt(8) === SP ? digits(text, 9, 1) : digits(text, 8, 2),
    ...timeOfDay(text, 11),
  });
}

function parseRfc850(text: string, nowMs: number): number | undefined {
  const comma = text.indexOf(",");
  const rest = text.slice(Math.max(comma, 0));
  if (!DAYS_LONG.includes(text.slice(0, comma)) || !hasShape(rest, RFC850_SHAPE)) return undefined;
  const written = {
    month: MONTHS.indexOf(rest.slice(5, 8)),
    day: digits(rest, 2, 2),
    ...timeOfDay(rest, 12),
  };
  const horizon = new Date(nowMs);
  const horizonYear = horizon.getUTCFullYear() + 50;
  const year = horizonYear - ((horizonYear - digits(rest, 9, 2)) % 100);
  // Only in the horizon's own year can the date still lie beyond it.
  const tooFar = toMs({ year, ...written }) > horizon.setUTCFullYear(horizonYear);
  return instantOf({ year: tooFar ? year - 100 : year, ...written });
}

function timeOfDay(text: string, at: number): { hour: number; minute: number; second: number } {
  return {
    hour: digits(text, at, 2),
    minute: digits(text, at + 3, 2),
    second: digits(text, at + 6, 2),
  };
}

function instantOf(written: Written): number | undefined {
  return isOnCalendar(written) && isOnClock(written) ? toMs(written) : undefined;
}

function isOnCalendar({ year, month, day }: Written): boolean {
  return month >= 0 && day >= 1 && day <= daysIn(month, year);
}

function isOnClock({ hour, minute, second }: Written): boolean {
  // Leap seconds are put in at the end of a UTC day, nowhere else.
  if (second === 60) return hour === 23 && minute === 59;
  return hour <= 23 && minute <= 59 && second <= 59;
}

function daysIn(month: number, year: number): number {
  if (month === 1) return isLeap(year) ? 29 : 28;
  // April, June, September, November.
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function toMs({ year, month, day, hour, minute, second }: Written): number {
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  const midnight = new Date(0).setUTCFullYear(year, month, day);
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000;
}

function hasShape(text: string, shape: string): boolean {
  if (text.length !== shape.length) return false;
  for (let i = 0; i < shape.length; i++) {
    if (!fits(text.charCodeAt(i), shape.charAt(i))) return false;
  }
  return true;
}

function fits(char: number, place: string): boolean {
  switch (place) {
    case "a":
      return true;
    case "0":
      return isDigit(char);
    case "_":
      return isDigit(char) || char === SP;
    default:
      return char === place.charCodeAt(0);
  }
}

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39;
}

/** The number in places that `hasShape` has found to be digits. */
function digits(text: string, at: number, count: number): number {
  let number = 0;
  for (let i = at; i < at + count; i++) number = number * 10 + (text.charCodeAt(i) - 0x30);
  return number;
}

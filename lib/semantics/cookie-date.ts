/**
 * The dates of cookies, which servers have written in every way.
 * RFC 6265 §5.1.1 · Go: cookie.go, two layouts of time.Parse
 *
 * Rule of this file: the user agent's algorithm, step by step. The text is cut at delimiters, and each word
 * is the first of time, day, month, year that is still missing and that it can be; everything else, the
 * day of the week and the zone too, is passed over. HTTP's own dates are in date.ts.
 */
import { lowerAscii } from "../wire/mod.ts";

/** Milliseconds since 1970; undefined when a part is missing or the calendar has no such day. */
export function parseCookieDate(text: string): number | undefined {
  let time: readonly number[] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const word of wordsOf(text)) {
    if (time === undefined && (time = timeOf(word)) !== undefined) continue;
    if (day === undefined && (day = numberOf(word, 1, 2)) !== undefined) continue;
    if (month === undefined && (month = monthOf(word)) !== undefined) continue;
    if (year === undefined) year = yearOf(word);
  }
  if (time === undefined || day === undefined) return undefined;
  if (month === undefined || year === undefined) return undefined;
  const [hour, minute, second] = time as readonly [number, number, number];
  if (year < FIRST_YEAR || hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Date.UTC(year, month, day, hour, minute, second);
  // The 31st of a shorter month, and the 0th, are days of another one.
  return new Date(ms).getUTCDate() === day ? ms : undefined;
}

/** The first year a cookie may name: that of the calendar's first whole cycle. RFC 6265 §5.1.1 */
const FIRST_YEAR = 1601;

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

function wordsOf(text: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !isDelimiter(text.charCodeAt(i))) continue;
    if (i > start) words.push(text.slice(start, i));
    start = i + 1;
  }
  return words;
}

/** HTAB, and every printable ASCII char but digits, letters and ":". */
function isDelimiter(char: number): boolean {
  if (char === 0x09 || (char >= 0x20 && char <= 0x2f)) return true;
  if (char >= 0x3b && char <= 0x40) return true;
  return (char >= 0x5b && char <= 0x60) || (char >= 0x7b && char <= 0x7e);
}

/** Hour, minute and second of `8:49:37`, one or two digits each. */
function timeOf(word: string): readonly number[] | undefined {
  const fields: number[] = [];
  let at = 0;
  while (fields.length < 3) {
    const count = digitsAt(word, at);
    if (count < 1 || count > 2) return undefined;
    fields.push(valueAt(word, at, count));
    at += count + 1;
    if (fields.length < 3 && word.charAt(at - 1) !== ":") return undefined;
  }
  return fields;
}

/** The number that the word begins with, if it has so many digits. */
function numberOf(word: string, min: number, max: number): number | undefined {
  const count = digitsAt(word, 0);
  return count >= min && count <= max ? valueAt(word, 0, count) : undefined;
}

function monthOf(word: string): number | undefined {
  const month = MONTHS.indexOf(lowerAscii(word.slice(0, 3)));
  return month < 0 ? undefined : month;
}

/** Two digits are a year from 1970 to 2069. */
function yearOf(word: string): number | undefined {
  const year = numberOf(word, 2, 4);
  if (year === undefined || year > 99) return year;
  return year >= 70 ? year + 1900 : year + 2000;
}

/** How many digits stand there. */
function digitsAt(word: string, at: number): number {
  let end = at;
  while (isDigit(word.charCodeAt(end))) end++;
  return end - at;
}

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39;
}

/** The number in places that are digits, four at the most. */
function valueAt(word: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 10 + (word.charCodeAt(i) - 0x30);
  return value;
}

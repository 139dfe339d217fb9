/**
 * Dates as HTTP writes them, for cases to send and for the judge to read.
 * RFC 9110 §5.6.7
 *
 * Rule of this file: the judge's own, shared with nobody; it reads IMF-fixdate only, and a date whose weekday
 * is wrong is none.
 */

const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** An instant in one of the three forms. */
export function httpDate(ms: number, form: "imf" | "rfc850" | "asctime" = "imf"): string {
  const date = new Date(ms);
  const two = (value: number): string => `${value}`.padStart(2, "0");
  const day = DAYS[date.getUTCDay()] ?? "";
  const month = MONTHS[date.getUTCMonth()] ?? "";
  const year = `${date.getUTCFullYear()}`.padStart(4, "0");
  const ofMonth = date.getUTCDate();
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  if (form === "rfc850") return `${day}, ${two(ofMonth)}-${month}-${year.slice(2)} ${time} GMT`;
  const short = day.slice(0, 3);
  if (form === "asctime") return `${short} ${month} ${`${ofMonth}`.padStart(2)} ${time} ${year}`;
  return `${short}, ${two(ofMonth)} ${month} ${year} ${time} GMT`;
}

/** The instant of an IMF-fixdate, or undefined when it is none. */
export function readImfDate(text: string): number | undefined {
  const form = /^[A-Z][a-z]{2}, \d\d ([A-Z][a-z]{2}) \d{4} (\d\d):(\d\d):(\d\d) GMT$/.exec(text);
  const month = form === null ? -1 : MONTHS.indexOf(form[1] ?? "");
  if (form === null || month < 0) return undefined;
  // Written out in the one fixed form there is, so the number is read by position and checked by writing it.
  const ms = Date.UTC(at(text, 12, 4), month, at(text, 5, 2), at(text, 17, 2), at(text, 20, 2));
  const instant = ms + at(text, 23, 2) * 1000;
  // A leap second is written as 60 and comes back as the next minute.
  const second = at(text, 23, 2) === 60 ? instant - 1000 : instant;
  const again = httpDate(second);
  const expected = at(text, 23, 2) === 60 ? text.replace(":60 GMT", ":59 GMT") : text;
  return again === expected ? instant : undefined;
}

function at(text: string, start: number, length: number): number {
  let value = 0;
  for (let i = start; i < start + length; i++) value = value * 10 + (text.charCodeAt(i) - 48);
  return value;
}

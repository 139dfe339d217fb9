/**
 * HTTP dates are written in one format and read in three, by the letter.
 *
 * Rule of this file: the present is 21 November 2026, 12:00:00 GMT, unless a row says otherwise.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatDate, parseDate } from "../../lib/semantics/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("semantics: date");

const NOW = "2026-11-21T12:00:00Z";

interface ReadRow {
  readonly name: string;
  readonly section?: string;
  readonly input: string;
  /** ISO 8601, or undefined when the text is no date. */
  readonly expect: string | undefined;
  readonly now?: string;
}

function reads({ input, expect, now = NOW }: ReadRow): void {
  const expected = expect === undefined ? undefined : Date.parse(expect);
  assert.is(parseDate(input, { nowMs: Date.parse(now) }), expected);
}

const RFC_EXAMPLE = "1994-11-06T08:49:37Z";

const FORMATS: ReadRow[] = [
  { name: "IMF-fixdate", input: "Sun, 06 Nov 1994 08:49:37 GMT", expect: RFC_EXAMPLE },
  { name: "RFC 850", input: "Sunday, 06-Nov-94 08:49:37 GMT", expect: RFC_EXAMPLE },
  { name: "asctime", input: "Sun Nov  6 08:49:37 1994", expect: RFC_EXAMPLE },
  {
    name: "asctime with a day of two digits",
    input: "Wed Nov 16 08:49:37 1994",
    expect: "1994-11-16T08:49:37Z",
  },
  {
    name: "the shortest day name of RFC 850",
    input: "Friday, 01-Jan-27 00:00:00 GMT",
    expect: "2027-01-01T00:00:00Z",
  },
  {
    name: "the longest day name of RFC 850",
    input: "Wednesday, 16-Nov-94 08:49:37 GMT",
    expect: "1994-11-16T08:49:37Z",
  },
];
table(
  test,
  FORMATS.map((row) => ({ ...row, name: `${row.name} is read`, section: "9110 §5.6.7" })),
  reads,
);

test("a date with anything before it, behind it or missing from it is none", () => {
  for (const { name, input } of FORMATS) {
    for (let end = 0; end < input.length; end++) {
      reads({ name, input: input.slice(0, end), expect: undefined });
      reads({ name, input: input.slice(end + 1), expect: undefined });
    }
    for (const more of [" ", "x", "0", "\0"]) {
      reads({ name, input: input + more, expect: undefined });
      reads({ name, input: more + input, expect: undefined });
    }
  }
});

test("a date with any char replaced by another of a wrong kind is none", () => {
  for (const { name, input } of FORMATS) {
    for (let at = 0; at < input.length; at++) {
      for (const wrong of ["/", "~", "\u0660", "\0"]) {
        const broken = input.slice(0, at) + wrong + input.slice(at + 1);
        reads({ name, input: broken, expect: undefined });
      }
    }
  }
});

table(
  test,
  [
    { name: "the empty string is no date", input: "", expect: undefined },
    { name: "a word is no date", input: "invalid", expect: undefined },
    { name: "a minus one is no date", input: "-1", expect: undefined },
    { name: "ISO 8601 is no date", input: "1994-11-06T08:49:37.000Z.....", expect: undefined },
    {
      name: "day names keep their case",
      input: "sun, 06 Nov 1994 08:49:37 GMT",
      expect: undefined,
    },
    {
      name: "month names keep their case",
      input: "Sun, 06 NOV 1994 08:49:37 GMT",
      expect: undefined,
    },
    { name: "GMT keeps its case", input: "Sun, 06 Nov 1994 08:49:37 gmt", expect: undefined },
    { name: "no other zone is known", input: "Sun, 06 Nov 1994 08:49:37 UTC", expect: undefined },
    { name: "an unknown day name", input: "Sum, 06 Nov 1994 08:49:37 GMT", expect: undefined },
    { name: "an unknown month", input: "Sun, 06 Now 1994 08:49:37 GMT", expect: undefined },
    { name: "an unknown asctime day name", input: "Sum Nov  6 08:49:37 1994", expect: undefined },
    { name: "an unknown asctime month", input: "Sun Now  6 08:49:37 1994", expect: undefined },
    {
      name: "a short day name in RFC 850",
      input: "Sun, 06-Nov-94 08:49:37 GMT",
      expect: undefined,
    },
    {
      name: "an unknown RFC 850 month",
      input: "Sunday, 06-Now-94 08:49:37 GMT",
      expect: undefined,
    },
    { name: "no day name before the comma", input: ", 06-Nov-94 08:49:37 GMT", expect: undefined },
    { name: "a sign is no digit", input: "Sun, +6 Nov 1994 08:49:37 GMT", expect: undefined },
    { name: "a blank for a digit", input: "Sun,  6 Nov 1994 08:49:37 GMT", expect: undefined },
    { name: "hour 23 is the last", input: "Sun, 06 Nov 1994 24:00:00 GMT", expect: undefined },
    { name: "minute 59 is the last", input: "Sun, 06 Nov 1994 08:60:00 GMT", expect: undefined },
    { name: "second 60 in mid-day", input: "Sun, 06 Nov 1994 08:49:60 GMT", expect: undefined },
    {
      name: "second 60 before the hour",
      input: "Sun, 06 Nov 1994 23:49:60 GMT",
      expect: undefined,
    },
    { name: "second 61", input: "Sat, 31 Dec 2016 23:59:61 GMT", expect: undefined },
    {
      name: "a leap second is the next second",
      input: "Sat, 31 Dec 2016 23:59:60 GMT",
      expect: "2017-01-01T00:00:00Z",
    },
    { name: "day 0", input: "Sun, 00 Nov 1994 08:49:37 GMT", expect: undefined },
    { name: "asctime day 0", input: "Sun Nov  0 08:49:37 1994", expect: undefined },
    { name: "32 January", input: "Sun, 32 Jan 1994 08:49:37 GMT", expect: undefined },
    { name: "31 April", input: "Sun, 31 Apr 1994 08:49:37 GMT", expect: undefined },
    { name: "31 June", input: "Sun, 31 Jun 1994 08:49:37 GMT", expect: undefined },
    { name: "31 September", input: "Sun, 31 Sep 1994 08:49:37 GMT", expect: undefined },
    { name: "31 November", input: "Sun, 31 Nov 1994 08:49:37 GMT", expect: undefined },
    { name: "29 February 1994", input: "Sun, 29 Feb 1994 08:49:37 GMT", expect: undefined },
    { name: "29 February 1900", input: "Sun, 29 Feb 1900 08:49:37 GMT", expect: undefined },
    {
      name: "29 February of a leap year",
      input: "Thu, 29 Feb 1996 08:49:37 GMT",
      expect: "1996-02-29T08:49:37Z",
    },
    {
      name: "29 February 2000",
      input: "Tue, 29 Feb 2000 08:49:37 GMT",
      expect: "2000-02-29T08:49:37Z",
    },
    {
      name: "the day's name need not fit the date",
      section: "Go",
      input: "Mon, 06 Nov 1994 08:49:37 GMT",
      expect: RFC_EXAMPLE,
    },
    {
      name: "year 0 is year 0, not 1900",
      input: "Sat, 01 Jan 0000 00:00:00 GMT",
      expect: "0000-01-01T00:00:00Z",
    },
    {
      name: "year 9999 is the last",
      input: "Fri, 31 Dec 9999 23:59:59 GMT",
      expect: "9999-12-31T23:59:59Z",
    },
  ],
  reads,
);

table(
  test,
  [
    {
      name: "a year of two digits is one to come when it is near",
      input: "Saturday, 01-Jan-28 00:00:00 GMT",
      expect: "2028-01-01T00:00:00Z",
    },
    {
      name: "exactly 50 years ahead is not more than 50 years",
      input: "Saturday, 21-Nov-76 12:00:00 GMT",
      expect: "2076-11-21T12:00:00Z",
    },
    {
      name: "a second more than 50 years ahead is in the past",
      input: "Sunday, 21-Nov-76 12:00:01 GMT",
      expect: "1976-11-21T12:00:01Z",
    },
    {
      name: "51 years ahead is in the past",
      input: "Tuesday, 01-Jan-77 00:00:00 GMT",
      expect: "1977-01-01T00:00:00Z",
    },
    {
      name: "near the end of a century 10 is the next century's",
      input: "Monday, 01-Jan-10 00:00:00 GMT",
      now: "2090-06-01T00:00:00Z",
      expect: "2110-01-01T00:00:00Z",
    },
    {
      name: "at the end of 1999 00 is 2000",
      input: "Saturday, 01-Jan-00 00:00:00 GMT",
      now: "1999-12-31T23:59:59Z",
      expect: "2000-01-01T00:00:00Z",
    },
    {
      name: "29 February 00 is that of 2000, not one that 2100 lacks",
      input: "Tuesday, 29-Feb-00 00:00:00 GMT",
      now: "2050-01-10T00:00:00Z",
      expect: "2000-02-29T00:00:00Z",
    },
    {
      name: "30 February is no day in any century",
      input: "Tuesday, 30-Feb-00 00:00:00 GMT",
      expect: undefined,
    },
  ].map((row) => ({ ...row, section: "9110 §5.6.7" })),
  reads,
);

table(
  test,
  [
    { name: "the RFC's example is written", input: RFC_EXAMPLE, expect: FORMATS[0]?.input },
    {
      name: "days and years have leading zeros",
      input: "0987-01-02T03:04:05Z",
      expect: "Tue, 02 Jan 0987 03:04:05 GMT",
    },
    {
      name: "fractions of a second are cut off",
      input: "1970-01-01T00:00:00.999Z",
      expect: "Thu, 01 Jan 1970 00:00:00 GMT",
    },
    {
      name: "fractions are cut off downwards before 1970 too",
      input: "1969-12-31T23:59:59.999Z",
      expect: "Wed, 31 Dec 1969 23:59:59 GMT",
    },
  ],
  ({ input, expect }) => assert.is(formatDate(Date.parse(input)), expect),
);

table(
  test,
  [
    { name: "NaN cannot be written", input: Number.NaN },
    { name: "infinity cannot be written", input: Infinity },
    { name: "the year 10000 cannot be written", input: Date.parse("9999-12-31T23:59:59.999Z") + 1 },
    { name: "the year -1 cannot be written", input: Date.parse("0000-01-01T00:00:00Z") - 1 },
  ],
  ({ input }) => {
    throwsCode(() => formatDate(input), "unrepresentable-date");
  },
);

test("what is written is read back, over all years", () => {
  const first = Date.parse("0000-01-01T00:00:00Z");
  const last = Date.parse("9999-12-31T23:59:59Z");
  const stepMs = 86_399_000 * 367;
  for (let ms = first; ms <= last; ms += stepMs) {
    assert.is(parseDate(formatDate(ms), { nowMs: 0 }), ms, formatDate(ms));
  }
  assert.is(parseDate(formatDate(last), { nowMs: 0 }), last);
});

test.run();

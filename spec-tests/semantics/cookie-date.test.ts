/**
 * The dates of cookies are read by the user agent's algorithm.
 *
 * Rule of this file: rows are the texts that servers send; what is read is told as an ISO date.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseCookieDate } from "../../lib/semantics/cookie-date.ts";
import { table } from "../kit.ts";

const test = suite("semantics: cookie date");

table(
  test,
  [
    { name: "an HTTP date", input: "Sun, 06 Nov 1994 08:49:37 GMT", expect: "1994-11-06T08:49:37" },
    {
      name: "hyphens",
      section: "Go",
      input: "Wed, 23-Nov-2011 01:05:03 GMT",
      expect: "2011-11-23T01:05:03",
    },
    {
      name: "two digits from 70",
      input: "Wed, 23-Nov-70 01:05:03 GMT",
      expect: "1970-11-23T01:05:03",
    },
    {
      name: "two digits to 69",
      input: "Wed, 23-Nov-69 01:05:03 GMT",
      expect: "2069-11-23T01:05:03",
    },
    {
      name: "another zone is passed over",
      input: "1 Jan 2026 00:00:00 +0100",
      expect: "2026-01-01T00:00:00",
    },
    { name: "asctime", input: "Sun Nov  6 08:49:37 1994", expect: "1994-11-06T08:49:37" },
    { name: "any order", input: "nov 1994 8:9:7 6", expect: "1994-11-06T08:09:07" },
    { name: "single digits", input: "6 nov 1994 8:9:7", expect: "1994-11-06T08:09:07" },
    {
      name: "months by three letters",
      input: "6 NOVember 1994 08:49:37",
      expect: "1994-11-06T08:49:37",
    },
    {
      name: "letters after digits",
      input: "6th Nov 1994th 08:49:37.5",
      expect: "1994-11-06T08:49:37",
    },
    {
      name: "a second day is passed over",
      input: "6 7x Nov 1994 08:49:37",
      expect: "1994-11-06T08:49:37",
    },
    {
      name: "a second time and month are passed over",
      input: "6 Nov Dec 1994 08:49:37 1:1:1",
      expect: "1994-11-06T08:49:37",
    },
    { name: "a leap day", input: "29 Feb 2024 00:00:00", expect: "2024-02-29T00:00:00" },
    { name: "the first year", input: "1 Jan 1601 00:00:00", expect: "1601-01-01T00:00:00" },
    { name: "an earlier year", input: "1 Jan 1600 00:00:00", expect: undefined },
    { name: "a day that the month has not", input: "30 Feb 2024 00:00:00", expect: undefined },
    { name: "day 0", input: "0 Jan 2024 00:00:00", expect: undefined },
    { name: "hour 24", input: "1 Jan 2024 24:00:00", expect: undefined },
    { name: "minute 60", input: "1 Jan 2024 00:60:00", expect: undefined },
    { name: "second 60", input: "1 Jan 2024 00:00:60", expect: undefined },
    { name: "no time", input: "1 Jan 2024", expect: undefined },
    { name: "a time of two parts", input: "1 Jan 2024 00:00", expect: undefined },
    { name: "a time of long parts", input: "1 Jan 2024 000:00:00", expect: undefined },
    { name: "no day", input: "Jan 2024 00:00:00", expect: undefined },
    { name: "no month", input: "1 2024 00:00:00", expect: undefined },
    { name: "no year", input: "1 Jan 00:00:00", expect: undefined },
    { name: "a year of five digits", input: "1 Jan 20240 00:00:00", expect: undefined },
    { name: "a year of three digits", input: "1 Jan 202 00:00:00", expect: undefined },
    { name: "other delimiters", input: "1/Jan[2024]\t00:00:00{x}@", expect: "2024-01-01T00:00:00" },
    { name: "nothing", input: "", expect: undefined },
  ],
  ({ input, expect }) => {
    const ms = parseCookieDate(input);
    assert.is(ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 19), expect);
  },
);

test.run();

/**
 * Texts of cases: what is in braces, repetition, escapes; and the dates that they are filled in with.
 *
 * Rule of this file: tables.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Text } from "../../../lib/conformance/mod.ts";
import {
  type Blanks,
  escapeText,
  fill,
  httpDate,
  latin1Text,
  readImfDate,
} from "../../../lib/conformance/judge/mod.ts";
import { type Row, table } from "../../kit.ts";

const test = suite("texts of cases");

const NOW = Date.UTC(1994, 10, 6, 8, 49, 37);
const BLANKS: Blanks = {
  host: "h:1",
  base: "http://h:1",
  path: "/p",
  nowMs: NOW,
  field: (name) => (name === "etag" ? '"t"' : undefined),
};

interface Filled extends Row {
  readonly text: Text;
  readonly filled: string | undefined;
}

const FILLED: readonly Filled[] = [
  { name: "host, base and path", text: "{host} {base}{path}", filled: "h:1 http://h:1/p" },
  { name: "the other name of a server that has none", text: "{other}", filled: undefined },
  { name: "a field of the last message", text: "{field:etag}", filled: '"t"' },
  { name: "a field that was not sent", text: "a{field:last-modified}", filled: undefined },
  {
    name: "dates before and after now",
    text: "{date:0}|{date:-37}",
    filled: "Sun, 06 Nov 1994 08:49:37 GMT|Sun, 06 Nov 1994 08:49:00 GMT",
  },
  {
    name: "the old forms of dates",
    text: "{date-850:0}|{date-asctime:86400}",
    filled: "Sunday, 06-Nov-94 08:49:37 GMT|Mon Nov  7 08:49:37 1994",
  },
  { name: "other braces", text: '{"a":{}} {hosts} {date}', filled: '{"a":{}} {hosts} {date}' },
  {
    name: "parts and repetition",
    text: ["a", { repeat: "{path}-", times: 3 }, "z"],
    filled: "a/p-/p-/p-z",
  },
  {
    name: "repetition of a field that was not sent",
    text: [{ repeat: "{field:x}", times: 2 }],
    filled: undefined,
  },
];

table(test, FILLED, ({ text, filled }) => assert.is(fill(text, BLANKS), filled));

test("escapes leave nothing that a terminal obeys, and cut what is long", () => {
  assert.is(escapeText("a\r\n\t\x1b[0m\\\x7f\xff"), "a\\r\\n\\t\\x1b[0m\\\\\\x7f\\xff");
  assert.is(escapeText("x".repeat(10), 4), "xxxx… (10 octets)");
});

test("bytes become one char each, also many of them", () => {
  const all = Uint8Array.from({ length: 20_000 }, (_, i) => i & 0xff);
  const text = latin1Text(all);
  assert.is(text.length, 20_000);
  assert.is(text.charCodeAt(19_999), 19_999 & 0xff);
});

interface ReadDate extends Row {
  readonly text: string;
  readonly ms: number | undefined;
}

const DATES: readonly ReadDate[] = [
  { name: "an IMF-fixdate", text: httpDate(NOW), ms: NOW },
  { name: "the wrong weekday", text: "Mon, 06 Nov 1994 08:49:37 GMT", ms: undefined },
  { name: "a day that there is not", text: "Thu, 31 Feb 1994 08:49:37 GMT", ms: undefined },
  { name: "another zone", text: "Sun, 06 Nov 1994 08:49:37 UTC", ms: undefined },
  { name: "a blank too many", text: "Sun,  06 Nov 1994 08:49:37 GMT", ms: undefined },
  { name: "the form of RFC 850", text: httpDate(NOW, "rfc850"), ms: undefined },
  { name: "the form of asctime", text: httpDate(NOW, "asctime"), ms: undefined },
  { name: "a leap second", text: "Sat, 31 Dec 2016 23:59:60 GMT", ms: Date.UTC(2017, 0, 1) },
];

table(test, DATES, ({ text, ms }) => assert.is(readImfDate(text), ms));

test.run();

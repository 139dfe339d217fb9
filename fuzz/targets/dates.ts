/**
 * Fuzz target: HTTP dates in their three formats.
 * RFC 9110 §5.6.7
 *
 * Rule of this file: what was read is written, and read as the same again; JavaScript's own reader
 * agrees.
 */
import { formatDate, parseDate } from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

const NOW = { nowMs: 1_893_456_000_000 };

export const target: Target = {
  feed: "whole",
  seeds: [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Thu, 29 Feb 2024 23:59:60 GMT",
  ],
  words: [
    "Sun",
    "Monday",
    "Jan",
    "Feb",
    "29",
    "31",
    "60",
    "0000",
    "9999",
    "2000",
    ", ",
    " GMT",
    "-",
  ],
  run(pieces) {
    const text = textOf(pieces);
    const ms = parseDate(text, NOW);
    if (ms === undefined) return "no date";
    const written = formatDate(ms);
    mustEqual("again", parseDate(written, NOW), ms);
    // There, years before 100 are years of this century.
    if (!/ 00\d\d /.test(written)) mustEqual("Date", Date.parse(written), ms);
    return written;
  },
};

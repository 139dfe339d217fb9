/**
 * Fuzz target: the dates of cookies, read by the user agent's algorithm.
 * RFC 6265 §5.1.1
 *
 * Rule of this file: a date that was read is one that can be written, and is read as the same again.
 */
import { formatDate, parseDate, parseSetCookie } from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

const NOW_MS = 1_893_456_000_000;

export const target: Target = {
  feed: "whole",
  seeds: [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "1 jan 1601 0:0:0",
    "31-dec-69 23:59:59x",
  ],
  words: ["Jan", "feb", "1601", "1600", "9999", "69", "70", "23:59:60", ":", "29", "-", "GMT"],
  vectors: { files: /cookie/, keys: ["expires", "rawExpires", "RawExpires"] },
  run(pieces) {
    const text = textOf(pieces);
    const { expires } = parseSetCookie(`a=b; expires=${text}`);
    if (expires === undefined) return "no date";
    mustEqual("whole seconds", expires % 1000, 0);
    const written = formatDate(expires);
    mustEqual("as a date", parseDate(written, { nowMs: NOW_MS }), expires);
    mustEqual("as a cookie's", parseSetCookie(`a=b; expires=${written}`).expires, expires);
    return written;
  },
};

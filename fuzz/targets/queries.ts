/**
 * Fuzz target: queries and urlencoded forms.
 * WHATWG URL §5.1
 *
 * Rule of this file: without an error URLSearchParams reads the same; what was read is written and read again.
 */
import { parseQuery, pathUnescape } from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  feed: "whole",
  seeds: ["a=1&b=%20+c&&d", "a;b=1&%zz=2&x=%C3%A9", "=&=%00&a=b=c", "%e2%82&%ff=\xe9"],
  words: ["&", "=", "+", "%", "%2B", "%26", "%C3%A9", "%ff", ";", "&&"],
  vectors: {
    files: /^go-request-misc|^go-routing/,
    keys: ["query", "rawQuery", "path", "escapedPath"],
  },
  run(pieces) {
    const text = textOf(pieces);
    const { values, error } = parseQuery(text);
    mustEqual("again", [...parseQuery(values.toString()).values], [...values]);
    // Chars beyond ASCII are octets here and code points there.
    if (error === undefined && !/[^\0-\x7f]/.test(text) && !text.startsWith("?")) {
      mustEqual("URLSearchParams", [...values], [...new URLSearchParams(text)]);
    }
    const few = parseQuery(text, { maxQueryPairs: 2 });
    mustEqual("few", few.error?.code === "too-many-query-pairs" ? few.values.size : 0, 0);
    return JSON.stringify([[...values], error?.code, pathUnescape(text)]);
  },
};

/**
 * Fuzz target: the Range field, for representations of several lengths.
 *
 * Rule of this file: no octet outside the representation is ever told.
 */
import { formatContentRange, parseRange } from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  seeds: [
    "bytes=0-4",
    "bytes=5-, -3 ,0-0",
    "Bytes=,,9007199254740993-99999999999999999999",
    "items=1-2",
  ],
  words: ["bytes=", "-", ",", " \t", "0-", "-1", "9007199254740991"],
  run(pieces) {
    const text = textOf(pieces);
    const told = [0, 1, 10, 2 ** 40].map((length) => {
      const ranges = parseRange(text, length);
      for (const { start, length: count } of ranges) {
        mustEqual("inside", start >= 0 && count > 0 && start + count <= length, true);
        mustEqual("again", parseRange(`bytes=${start}-${start + count - 1}`, length), [
          { start, length: count },
        ]);
      }
      return ranges.map((range) => formatContentRange(range, length));
    });
    return JSON.stringify(told);
  },
};

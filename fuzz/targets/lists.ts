/**
 * Fuzz target: what field values are made of: lists, tokens, parameters, quoted strings, weights.
 * RFC 9110 §5.6, §12.4.2
 *
 * Rule of this file: text that is quoted is unquoted as it was; elements joined are split as they were.
 */
import { parseWeight } from "../../lib/semantics/mod.ts";
import {
  hasToken,
  isToken,
  parseParameters,
  quote,
  splitList,
  unquote,
} from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  feed: "whole",
  seeds: ['a, "b,\\"c" ,, d', ';a=b; c="d;"', "q=0.5", "gzip;q=1.0, *;q=0", '"unclosed, b'],
  words: [",", '"', "\\", ";", "=", "q=", "q=1.000", "q=0.001", "\t", "close"],
  run(pieces) {
    const text = textOf(pieces);
    const elements = splitList(text);
    mustEqual("again", splitList(elements.join(",")), elements);
    for (const element of elements) {
      if (isToken(element)) mustEqual("found", hasToken(text, element), true);
    }
    const weight = parseWeight(text);
    mustEqual("weight", weight === undefined || (weight >= 0 && weight <= 1000), true);
    mustEqual("quoted", unquote(quote(text)), text);
    return JSON.stringify([elements, weight, [...parseParameters(text)]]);
  },
};

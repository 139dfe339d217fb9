/**
 * Fuzz target: media types with their parameters.
 *
 * Rule of this file: what was read is written, and read as the same again.
 */
import { formatMediaType, parseMediaType } from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  seeds: [
    "text/html; charset=utf-8",
    'A/b ;; x="a\\"b\\\\" ;y=z; X="a\\"b\\\\"',
    "multipart/form-data; boundary=b",
  ],
  words: ["; ", "=", '"', "\\", "/", "a=b", '; c=""'],
  run(pieces) {
    const read = parseMediaType(textOf(pieces));
    const written = formatMediaType(read);
    const again = parseMediaType(written);
    mustEqual("again", [again.type, [...again.parameters]], [read.type, [...read.parameters]]);
    return written;
  },
};

/**
 * Fuzz target: Basic credentials.
 * RFC 7617
 *
 * Rule of this file: what was read can be written, and is read as the same again.
 */
import { formatBasic, parseBasic } from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  feed: "whole",
  seeds: ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "basic Og==", "Basic w6k6", "Bearer x"],
  words: ["Basic ", "=", "==", "Og", "/", "+", "-", " "],
  vectors: { files: /^go-request-misc/, keys: ["header"] },
  run(pieces) {
    const read = parseBasic(textOf(pieces));
    if (read === undefined) return "none";
    mustEqual("again", parseBasic(formatBasic(read)), read);
    return JSON.stringify(read);
  },
};

/**
 * Fuzz target: the type of content, told by its first octets.
 *
 * Rule of this file: octets beyond the first 512 make no difference, and the answer is a media type.
 */
import {
  SNIFF_BYTES,
  detectContentType,
  detectContentTypeOfLatin1,
  parseMediaType,
} from "../../lib/semantics/mod.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  feed: "whole",
  seeds: [
    "<!DOCTYPE HTML>",
    "\xff\xd8\xff",
    "GIF89a",
    "\0\0\0\x18ftypmp42",
    "%PDF-",
    " \n<script >",
  ],
  words: [
    "<",
    ">",
    "\xef\xbb\xbf",
    "PK\x03\x04",
    "\x89PNG\r\n\x1a\n",
    "RIFF",
    "WEBPVP",
    "ftyp",
    "\0",
  ],
  vectors: { files: /^go-sniff/, keys: ["data"] },
  run(pieces) {
    const all = joined(...pieces);
    const type = detectContentType(all);
    mustEqual("a type", parseMediaType(type).type.includes("/"), true);
    if (all.length >= SNIFF_BYTES) {
      mustEqual("the rest", detectContentType(all.subarray(0, SNIFF_BYTES)), type);
    }
    mustEqual("the type of the same as text", detectContentTypeOfLatin1(textOf(pieces)), type);
    return type;
  },
};

/**
 * Fuzz target: Content-Disposition, and what a file may be called.
 * RFC 6266
 *
 * Rule of this file: a file's name has no step of a path in it, and can be written and read again.
 */
import {
  baseName,
  formatContentDisposition,
  parseContentDisposition,
} from "../../lib/semantics/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  feed: "whole",
  seeds: [
    'form-data; name="a"; filename="C:\\x\\"y.txt"',
    "attachment; filename*=UTF-8''%e2%82%ac; filename=x",
    "inline; filename*=iso-8859-1'en'%A3; name*=utf-8''..%2f",
  ],
  words: [
    "; ",
    "filename=",
    "filename*=",
    "UTF-8''",
    "%2e",
    "..",
    "/",
    "\\",
    '"',
    "name",
    "C:",
    "%00",
  ],
  run(pieces) {
    const { type, parameters, name, filename } = parseContentDisposition(textOf(pieces));
    if (filename !== undefined) {
      mustEqual("no path", /[/\\\p{Cc}]|^\.\.?$/u.test(filename), false);
      mustEqual("base of base", baseName(filename), filename);
      const again = parseContentDisposition(formatContentDisposition({ type, filename }));
      mustEqual("again", [again.type, again.filename], [type, filename]);
    }
    return JSON.stringify([type, [...parameters], name, filename]);
  },
};

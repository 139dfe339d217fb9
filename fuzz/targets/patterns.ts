/**
 * Fuzz target: patterns of the mux, parsed, registered, and asked for a path.
 *
 * Rule of this file: the text is a pattern a line; what can be parsed can be registered, or conflicts.
 */
import { ServeMux, conflicts, parsePattern, relationOf } from "../../lib/server/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  seeds: [
    "GET /items/{id}\n/items/\n/items/{rest...}\nPOST a.example/x/{$}",
    "/{a}/b\n/a/{b}\n/%61/b\nHEAD /\nGET /\n/",
    "CONNECT /a//b\n/\xc3\xa9/{x}\n/{$}",
  ],
  words: ["/{x}", "{$}", "{y...}", "GET ", "\n/", "a.example", "%2F", "%"],
  run(pieces) {
    const lines = textOf(pieces).split("\n").slice(0, 12);
    const mux = new ServeMux();
    const patterns = lines.map(parsePattern);
    for (const one of patterns) {
      for (const other of patterns) {
        mustEqual("symmetry", conflicts(one, other), conflicts(other, one));
      }
      mustEqual("itself", relationOf(one, one), "equivalent");
    }
    for (const line of lines) mux.handle(line, () => undefined);
    return JSON.stringify([patterns, mux.toString()]);
  },
};

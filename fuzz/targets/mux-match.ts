/**
 * Fuzz target: a mux of patterns that do not conflict, asked for a path.
 *
 * Rule of this file: the first line of an input is a request target, each further one a pattern. Whoever wins
 * does so whatever the order of registration.
 */
import { Request } from "../../lib/message/mod.ts";
import { MuxError, ServeMux } from "../../lib/server/mod.ts";
import { checkTarget } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

const METHODS = ["GET", "HEAD", "POST"];

export const target: Target = {
  feed: "whole",
  seeds: [
    "/items/7\nGET /items/{id}\n/items/\n/items/{rest...}\nPOST a.example/items/{$}",
    "/a//b/../%2F?x\n/{a}/b\n/a/{b...}\n/%61/b\n/\nGET /",
    "http://a.example/x/\na.example/x/{$}\n/x/{y...}\nHEAD /x/",
  ],
  words: ["/{x}", "{$}", "{y...}", "GET ", "HEAD ", "\n/", "a.example", "%2F", "%61", "..", "//"],
  vectors: { files: /^go-(?:routing|pattern)/, keys: ["pattern", "path", "patterns"] },
  run(pieces) {
    const [asked = "", ...lines] = textOf(pieces).split("\n").slice(0, 16);
    checkTarget("GET", asked);
    const accepted = registered(lines).lines;
    const [forth, back] = [accepted, accepted.toReversed()].map((some) => registered(some).mux);
    const told = METHODS.map((method) => {
      const answers = [forth, back].map((mux) => {
        const request = new Request({ method, target: asked, host: "a.example", versionMinor: 1 });
        const pattern = mux!.handler(request).pattern;
        return [pattern, request.pattern];
      });
      mustEqual("order", answers[0], answers[1]);
      return answers[0];
    });
    return JSON.stringify(told);
  },
};

/** A mux of those lines that are patterns and conflict with none before them. */
function registered(lines: readonly string[]): { mux: ServeMux; lines: string[] } {
  const mux = new ServeMux();
  const accepted = lines.filter((line) => {
    try {
      mux.handle(line, () => undefined);
      return true;
    } catch (error) {
      if (error instanceof MuxError) return false;
      throw error;
    }
  });
  return { mux, lines: accepted };
}

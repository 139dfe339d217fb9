/**
 * Fuzz target: entity tags and the five preconditions.
 * RFC 9110 §8.8.3, §13.1
 *
 * Rule of this file: the first line of an input is our entity tag, each further one a field of the request.
 */
import {
  evaluatePreconditions,
  formatETag,
  listHoldsETag,
  matchesETag,
  parseETag,
  scanETag,
} from "../../lib/semantics/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

const MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

export const target: Target = {
  feed: "whole",
  seeds: [
    '"a"\nIf-Match:"b", W/"a", "a"\nRange:bytes=0-1',
    `W/"x"\nIf-None-Match:*\nIf-Modified-Since:${MODIFIED}`,
    `"\xe9"\nIf-Range:${MODIFIED}\nRange:x\nIf-Unmodified-Since:Sun, 06 Nov 1994 08:49:36 GMT`,
  ],
  words: [
    "If-Match:",
    "If-None-Match:",
    "If-Range:",
    "If-Modified-Since:",
    "Range:",
    'W/"',
    '"a"',
    ", ",
  ],
  vectors: { files: /^go-fileserver/, keys: ["If-None-Match", "If-Match", "If-Range", "setETag"] },
  run(pieces) {
    const [etag = "", ...lines] = textOf(pieces).split("\n");
    const header = new Header(lines.map((line): [string, string] => nameAndRest(line)));
    const tag = parseETag(etag);
    if (tag !== undefined) {
      mustEqual("again", formatETag(tag), etag);
      mustEqual("weakly itself", matchesETag(etag, etag, "weak"), true);
      mustEqual("strongly itself", matchesETag(etag, etag, "strong"), tag.strength === "strong");
      mustEqual("in a list", listHoldsETag(`"other", ${etag}`, etag, "weak"), true);
    }
    const current = { etag: tag && etag, lastModifiedMs: 784_111_777_000 };
    const verdicts = ["GET", "HEAD", "PUT", "OPTIONS"].map((method) =>
      evaluatePreconditions({ method, header }, current, { nowMs: 784_111_778_000 }),
    );
    mustEqual("304 is for reading", verdicts.indexOf("not-modified", 2), -1);
    return JSON.stringify([tag, verdicts, scanETag(etag)]);
  },
};

function nameAndRest(line: string): [string, string] {
  const colon = line.indexOf(":");
  return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
}

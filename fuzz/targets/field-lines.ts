/**
 * Fuzz target: a section of field lines, as trailers come, and the Header that is made of it.
 *
 * Rule of this file: the fields that were read can be written, and are read as the same again.
 */
import * as wire from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { feedScan } from "../kit/feed.ts";
import { mustEqual } from "../kit/text.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

const read = (pieces: readonly Uint8Array[], profile: wire.Profile) =>
  feedScan(pieces, wire.scanTrailers, new wire.HeadScan("trailers", { profile }));

export const target: Target = {
  seeds: [
    "A: b\r\nC:d \r\nA:\t\r\n\r\nrest",
    "X: a\r\n  b\r\n\tc\r\nset-cookie: \xe9\r\n\r\n",
    "\r\n",
  ],
  words: MESSAGE_WORDS,
  vectors: { files: /^parser-/, keys: ["raw"] },
  run(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const section = read(pieces, length % 2 === 0 ? "go" : "strict");
    if (section === "need-more") return section;
    const fields = [...wire.Header.from(section.fields)];
    const written = `${fields.map(([name, value]) => wire.formatField(name, value)).join("")}\r\n`;
    const again = read([wire.encodeLatin1(written)], "strict");
    if (again === "need-more") throw new Error("what was written has no end");
    mustEqual("again", [...wire.Header.from(again.fields)], fields);
    const header = new wire.Header(fields);
    for (const [name] of fields) {
      const values = fields.filter(([other]) => wire.equalsIgnoringCase(name, other));
      mustEqual(
        "values",
        header.values(name),
        values.map(([, value]) => value),
      );
      mustEqual("canonical", wire.canonicalHeaderKey(name).length, name.length);
    }
    return JSON.stringify([section.byteLength, fields]);
  },
};

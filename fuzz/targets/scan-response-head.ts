/**
 * Fuzz target: the response head scanner and the framing of what it finds.
 *
 * Rule of this file: what comes of a head is written out whole, so that no cut can change a detail of it.
 */
import * as wire from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { feedScan, pictureOf } from "../kit/feed.ts";
import { mustEqual } from "../kit/text.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

export const target: Target = {
  seeds: [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\n\r\nhello",
    "HTTP/1.0  404 Not Found\r\nFolded: a\r\n  b\r\n\tc\r\nConnection: Keep-Alive\n\n",
    "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\nConnection: close\r\n\r\n0\r\n\r\n",
  ],
  words: MESSAGE_WORDS,
  vectors: {
    files: /^(?:attacks-responses|go-readresponse|goclient-readresponse|parser-)/,
    keys: ["raw"],
  },
  run(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const profile = length % 3 === 0 ? "strict" : "go";
    const scan = new wire.HeadScan("response", { profile });
    const head = feedScan(pieces, wire.scanResponseHead, scan);
    if (head === "need-more") return head;
    mustEqual("a digit", /^\d$/.test(`${head.versionMinor}`), true);
    const framings = ["GET", "HEAD", "CONNECT"].map((method) => wire.responseFraming(head, method));
    return JSON.stringify([pictureOf(head), framings]);
  },
};

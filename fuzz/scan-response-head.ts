/**
 * Fuzz target: the response head scanner and the framing of what it finds.
 *
 * Rule of this file: what comes of a head is written out whole, so that no cut can change a detail of it.
 */
import * as wire from "../lib/wire/mod.ts";
import type { Target } from "./harness.ts";
import { feedScan, pictureOf } from "./kit/feed.ts";

export const target: Target = {
  seeds: [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\n\r\nhello",
    "HTTP/1.0  404 Not Found\nFolded: a\n  b\r\n\tc\nConnection: Keep-Alive\n\n",
    "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\nConnection: close\r\n\r\n0\r\n\r\n",
  ],
  words: [
    "\r\n",
    "\n ",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "HTTP/1.1 ",
    "304",
  ],
  run(pieces) {
    const head = feedScan(pieces, wire.scanResponseHead, new wire.HeadScan("response"));
    if (head === "need-more") return head;
    const framings = ["GET", "HEAD", "CONNECT"].map((method) => wire.responseFraming(head, method));
    return JSON.stringify([pictureOf(head), framings]);
  },
};

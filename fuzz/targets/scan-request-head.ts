/**
 * Fuzz target: the request head scanner, and everything the wire room reads off a head.
 *
 * Rule of this file: what comes of a head is written out whole, so that no cut can change a detail of it.
 * Limits are tried too: half of the inputs, as their length has it, are read with small ones.
 */
import * as wire from "../../lib/wire/mod.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { feedScan, pictureOf } from "../kit/feed.ts";
import { mustEqual } from "../kit/text.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

const SMALL = {
  ...wire.REQUEST_LIMITS,
  maxHeaderBytes: 120,
  maxTargetBytes: 20,
  maxHeaderValueCount: 3,
};

export const target: Target = {
  seeds: [
    "GET /a?b=%20 HTTP/1.1\r\nHost: a.example:80\r\nAccept: */*\r\n\r\n",
    "\r\nPOST http://u@[::1]:8/x HTTP/1.0\r\nContent-Length: 5\r\nConnection: keep-alive, x\r\n\r\nhello",
    "PUT / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nUpgrade: a/1, b\r\n\r\n",
    "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: upgrade, close\r\nTrailer: X\r\n\r\n",
  ],
  words: MESSAGE_WORDS,
  vectors: {
    files: /^(?:attacks-requests|go-readrequest|go-server|parser-)/,
    keys: ["raw", "send"],
  },
  run(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const profile = length % 3 === 0 ? "go" : "strict";
    const limits = length % 2 === 0 ? SMALL : wire.REQUEST_LIMITS;
    const scan = new wire.HeadScan("request", { profile, limits });
    const head = feedScan(pieces, wire.scanRequestHead, scan);
    if (head === "need-more") return head;
    mustEqual("a digit", /^\d$/.test(`${head.versionMinor}`), true);
    if (profile === "strict") {
      const line = wire.decodeLatin1(joined(...pieces), 0, head.byteLength).trimStart();
      const again = `${head.method} ${head.target} HTTP/1.${head.versionMinor}\r\n`;
      mustEqual("line", line.slice(0, again.length), again);
    }
    const target = wire.parseTarget(head.method, head.target);
    wire.checkTarget(head.method, head.target);
    const hosts = head.fields.values(wire.FieldKind.host).map(wire.parseHost);
    const asked = [
      wire.requestFraming(head, profile),
      wire.keepsAlive(head),
      wire.expectation(head),
    ];
    const trailers = wire.parseTrailerNames(head.fields.values(wire.FieldKind.trailer));
    return JSON.stringify([pictureOf(head), target, hosts, asked, trailers]);
  },
};

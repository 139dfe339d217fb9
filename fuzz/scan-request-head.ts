/**
 * Fuzz target: the request head scanner, and everything the wire room reads off a head.
 *
 * Rule of this file: what comes of a head is written out whole, so that no cut can change a detail of it.
 */
import * as wire from "../lib/wire/mod.ts";
import type { Target } from "./harness.ts";
import { feedScan, pictureOf } from "./kit/feed.ts";

export const target: Target = {
  seeds: [
    "GET /a?b=%20 HTTP/1.1\r\nHost: a.example:80\r\nAccept: */*\r\n\r\n",
    "\r\nPOST http://u@[::1]:8/x HTTP/1.0\r\nContent-Length: 5\r\nConnection: keep-alive, x\r\n\r\nhello",
    "PUT / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nUpgrade: a/1, b\r\n\r\n",
    "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: upgrade, close\r\nTrailer: X\r\n\r\n",
  ],
  words: [
    "\r\n",
    "Host: ",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "HTTP/1.1",
    "%",
  ],
  run(pieces) {
    const head = feedScan(pieces, wire.scanRequestHead, new wire.HeadScan("request"));
    if (head === "need-more") return head;
    const target = wire.parseTarget(head.method, head.target);
    wire.checkTarget(head.method, head.target);
    const hosts = head.fields.values(wire.FieldKind.host).map(wire.parseHost);
    const asked = [wire.requestFraming(head), wire.keepsAlive(head), wire.expectation(head)];
    const trailers = wire.parseTrailerNames(head.fields.values(wire.FieldKind.trailer));
    return JSON.stringify([pictureOf(head), target, hosts, asked, trailers]);
  },
};

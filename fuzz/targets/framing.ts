/**
 * Fuzz target: how the end of a body is found, from field lines alone.
 * RFC 9112 §6.3
 *
 * Rule of this file: what is read strictly is read just so by the lenient profile; a length is a safe integer.
 */
import * as wire from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

const LINES = ["POST / HTTP/1.1\r\n", "POST / HTTP/1.0\r\n"];
const STATUSES = ["100", "101", "200", "204", "304", "404"];

export const target: Target = {
  feed: "whole",
  seeds: [
    "Content-Length: 5\r\nConnection: close\r\n",
    "Transfer-Encoding: chunked\r\nContent-Length: 3\r\nConnection: keep-alive, x\r\n",
    "Transfer-Encoding: gzip\r\nTransfer-Encoding: Chunked\r\n",
    "Content-Length: 5\r\nContent-Length: 5\r\nUpgrade: a\r\n",
  ],
  words: [
    "Content-Length: ",
    "Transfer-Encoding: ",
    "Connection: ",
    "chunked",
    "close",
    "keep-alive",
    ",",
    "\r\n",
    "\t",
    "gzip",
    ";q=1",
    "Content-Length: 5, 5\r\n",
    "9007199254740991",
  ],
  run(pieces) {
    const lines = `${textOf(pieces)}\r\n`;
    return JSON.stringify([...LINES.map((line) => ofRequest(line + lines)), ofResponses(lines)]);
  },
};

function ofRequest(text: string): unknown {
  const bytes = wire.encodeLatin1(text);
  const head = wire.scanRequestHead(bytes, new wire.HeadScan("request"), 0, bytes.length);
  if (head === "need-more") return head;
  const strict = codeOr(() => wire.requestFraming(head));
  const lenient = codeOr(() => wire.requestFraming(head, "go"));
  if (typeof strict === "object") mustEqual("profiles", lenient, strict);
  for (const framing of [strict, lenient]) mustEqual("safe", isSafe(framing), true);
  return [strict, lenient, wire.keepsAlive(head), wire.connectionOptions(head.fields)];
}

function ofResponses(lines: string): unknown {
  return STATUSES.flatMap((status) =>
    ["GET", "HEAD", "CONNECT"].map((method) => {
      const bytes = wire.encodeLatin1(`HTTP/1.1 ${status} x\r\n${lines}`);
      const head = wire.scanResponseHead(bytes, new wire.HeadScan("response"), 0, bytes.length);
      return head === "need-more" ? head : codeOr(() => wire.responseFraming(head, method));
    }),
  );
}

function codeOr<T>(fn: () => T): T | string {
  try {
    return fn();
  } catch (error) {
    if (error instanceof wire.WireError) return error.code;
    throw error;
  }
}

function isSafe(framing: wire.Framing | string): boolean {
  if (typeof framing === "string" || framing.kind !== "length") return true;
  return Number.isSafeInteger(framing.length) && framing.length >= 0;
}

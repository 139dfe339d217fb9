/**
 * Fuzz target: content codings undone, members of gzip one after the other among them.
 * RFC 1950, RFC 1951, RFC 1952, RFC 7932 · RFC 9110 §8.4.1
 *
 * Rule of this file: the first octet chooses the coding. What we decode, Node's own functions decode to the same
 * octets; what those take besides is junk behind the data, which we refuse.
 */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { nodeDecoders } from "../../lib/adapters/mod.ts";
import { decodedBody } from "../../lib/client/mod.ts";
import { bodyFrom } from "../../lib/message/mod.ts";
import { decodeLatin1 } from "../../lib/wire/mod.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { codeOf, mustEqual } from "../kit/text.ts";

/** "hello", and an empty text, by zlib. */
const GZIP = "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcbH\xcd\xc9\xc9\x07\0\x86\xa6\x106\x05\0\0\0";
const EMPTY = "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
const DEFLATE = "\xcbH\xcd\xc9\xc9\x07\0";
const ZLIB = "x\x9c\xcbH\xcd\xc9\xc9\x07\0\x06,\x02\x15";
const BROTLI = "\x0b\x02\x80hello\x03";
/** Of a header with everything in it: extra field, name, comment. */
const NAMED = "\x1f\x8b\x08\x1c\0\0\0\0\0\x03\x02\0abname\0comment\0\x03\0\0\0\0\0\0\0\0\0";
const LIMITS = { maxDecodedBytes: 20_000, decodedRatioFloorBytes: 2_000 };

export const target: Target = {
  seeds: [GZIP, GZIP + GZIP + EMPTY, NAMED + GZIP, `${GZIP}\0\0`, DEFLATE, ZLIB, BROTLI],
  words: [GZIP, EMPTY, NAMED, DEFLATE, "\x1f\x8b\x08", "\0\0\0\0", "\x03\0", "\x02", "\xff\xff"],
  async run(pieces) {
    const octets = joined(...pieces);
    const coding = codingOf(octets);
    const { body } = bodyFrom(pieces.map((piece) => piece.slice()));
    const limits = { limits: LIMITS, maxBytes: LIMITS.maxDecodedBytes };
    const decoded = decodedBody(body, [coding], nodeDecoders, limits);
    try {
      const content = await decoded.bytes();
      if (octets.length > 0) {
        const theirs = byNode(coding, octets);
        mustEqual("the same octets", Buffer.compare(Buffer.from(content), theirs), 0);
      }
      return `${coding} ${decodeLatin1(content, 0, content.length)}`;
    } catch (error) {
      return `${coding} ${codeOf(error)}`;
    }
  },
};

function codingOf([first = 0]: Uint8Array): string {
  if (first === 0x1f) return "gzip";
  return first % 2 === 0 || first === 0x0b ? "br" : "deflate";
}

/** Throws where Node refuses what we have decoded. */
function byNode(coding: string, octets: Uint8Array): Buffer {
  if (coding === "gzip") return gunzipSync(octets);
  if (coding === "br") return brotliDecompressSync(octets);
  return (octets[0]! & 0x0f) === 8 ? inflateSync(octets) : inflateRawSync(octets);
}

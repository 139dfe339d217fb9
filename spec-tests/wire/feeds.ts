/**
 * How the tests of this room feed bytes: to head scans, which want everything so far each time, and to the
 * chunk decoder, which gives back what it did not use.
 *
 * Rule of this file: fresh memory for every call, overwritten afterwards, so that nothing borrowed survives.
 */
import * as assert from "uvu/assert";
import {
  ChunkDecoder,
  HeadScan,
  Header,
  scanRequestHead,
  scanResponseHead,
  scanTrailers,
} from "../../lib/wire/mod.ts";
import type {
  ChunkDecoderOptions,
  FieldSection,
  HeadScanOptions,
  RequestHead,
  ResponseHead,
} from "../../lib/wire/mod.ts";
import { bytes, joined } from "../kit.ts";
import type { Feed } from "../kit.ts";

/** The fields of a request that is nothing but these lines. */
export function fieldsOf(...lines: string[]): FieldSection {
  return request("GET / HTTP/1.1", ...lines).fields;
}

/** A request head from its lines, which must be good. */
export function request(startLine: string, ...lines: string[]): RequestHead {
  const head = scanRequestHead(bytes([startLine, ...lines, "", ""].join("\r\n")));
  if (head === "need-more") throw new Error("not a whole head");
  return head;
}

/** A response head from its lines, which must be good. */
export function response(startLine: string, ...lines: string[]): ResponseHead {
  const head = scanResponseHead(bytes([startLine, ...lines, "", ""].join("\r\n")));
  if (head === "need-more") throw new Error("not a whole head");
  return head;
}

export function requestFeed(options: HeadScanOptions = {}): Feed<RequestHead> {
  return (pieces) => fed(pieces, new HeadScan("request", options), scanRequestHead);
}

export function responseFeed(options: HeadScanOptions = {}): Feed<ResponseHead> {
  return (pieces) => fed(pieces, new HeadScan("response", options), scanResponseHead);
}

export function trailerFeed(options: HeadScanOptions = {}): Feed<{ fields: FieldSection }> {
  return (pieces) => fed(pieces, new HeadScan("trailers", options), scanTrailers);
}

/** Name and value of every field line. */
export function pairs(fields: FieldSection): [string, string][] {
  return [...Header.from(fields)].map(([name, value]) => [name, value]);
}

export interface Decoded {
  readonly data: string;
  readonly trailers: [string, string][] | undefined;
}

export function chunkFeed(options?: ChunkDecoderOptions): Feed<Decoded> {
  return (pieces) => {
    const decoder = new ChunkDecoder(options);
    let data = "";
    let held: Uint8Array = new Uint8Array(0);
    let over = false;
    for (const piece of pieces) {
      held = joined([held, piece]);
      while (!over) {
        const step = decoder.step(held, 0, held.length);
        if (step === "data") {
          assert.ok(decoder.dataEnd > decoder.dataStart, "a piece of data is never empty");
          data += String.fromCharCode(...held.subarray(decoder.dataStart, decoder.dataEnd));
        }
        held = held.slice(decoder.consumed);
        over = step === "end";
        if (step === "need-more") break;
      }
    }
    assert.ok(over, "the body did not end");
    const { trailers } = decoder;
    return { value: { data, trailers: trailers && pairs(trailers) }, rest: held };
  };
}

type Scanner<H> = (bytes: Uint8Array, scan: HeadScan, from: number, to: number) => H | "need-more";

function fed<H extends { byteLength: number }>(
  pieces: readonly Uint8Array[],
  scan: HeadScan,
  scanner: Scanner<H>,
): { value: H; rest: Uint8Array } {
  let held: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    held = joined([held, piece]);
    // Somewhere in the middle of a larger buffer, as in a Reader.
    const buffer = joined([bytes("xyz"), held, bytes("!")]);
    const head = scanner(buffer, scan, 3, 3 + held.length);
    buffer.fill(0xaa);
    if (head !== "need-more") return { value: head, rest: held.slice(head.byteLength) };
  }
  throw new Error("the scan did not end");
}

/**
 * Properties of the wire: what is written is read back whole, wherever it is cut on its way.
 * RFC 9112 §2.1, §7.1
 *
 * Rule of this file: the octets of the next message follow, and must be left over. The reader gets copies,
 * so that what it keeps of a piece cannot be what comes after it.
 */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  CHUNK_SUFFIX,
  ChunkDecoder,
  HeadScan,
  Header,
  LAST_CHUNK,
  chunkPrefix,
  formatRequestLine,
  formatStatusLine,
  formatTrailers,
  scanRequestHead,
  scanResponseHead,
} from "../../lib/wire/mod.ts";
import { LEFT_OVER, bytes, joined, text } from "../kit.ts";
import { cuts, fieldLines, fieldValue, holds, piecesOf, textOf, token } from "./check.ts";

const test = suite("properties: wire");

const chunk = fc.record({
  data: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  extension: fc.constantFrom("", "", ";a", ' ; a = "b;\\""', ";a=b;c"),
  capitals: fc.boolean(),
  zeros: fc.constantFrom("", "0", "000"),
});

test("chunks and trailers are decoded as they were, whatever the cuts", () => {
  holds(
    fc.property(fc.array(chunk, { maxLength: 8 }), fieldLines, cuts, (chunks, fields, at) => {
      const framed = chunks.map(({ data, extension, capitals, zeros }) => {
        const prefix = chunkPrefix(data.length).replace("\r\n", "");
        const line = `${zeros}${capitals ? prefix.toUpperCase() : prefix}${extension}\r\n`;
        return joined([bytes(line), data, bytes(CHUNK_SUFFIX)]);
      });
      const ending = bytes(LAST_CHUNK + formatTrailers(new Header(fields)));
      const octets = joined([...framed, ending, bytes(LEFT_OVER)]);
      const { data, trailers, rest } = decoded(piecesOf(octets, at));
      assert.is(text(data), text(joined(chunks.map((one) => one.data))));
      assert.equal(trailers, fields);
      assert.is(text(rest), LEFT_OVER);
    }),
    1_000,
  );
});

test("the head of a request is read as it was written, whatever the cuts", () => {
  const target = textOf("abz09-._~%4!$&'()*+,;=:@/?").map(
    (rest) => `/${rest.replaceAll("%", "%41")}`,
  );
  holds(
    fc.property(token, target, fieldLines, cuts, (name, path, fields, at) => {
      // CONNECT wants an authority, which has a property of its own in the tables.
      const method = name === "CONNECT" ? "GET" : name;
      const head = formatRequestLine(method, path) + new Header(fields).format() + "\r\n";
      const scan = new HeadScan("request");
      const read = fed(head, at, (all) => scanRequestHead(all, scan, 0, all.length));
      assert.equal([read.method, read.target, read.versionMinor], [method, path, 1]);
      assert.equal([...Header.from(read.fields)], fields);
      assert.is(read.byteLength, head.length);
    }),
    1_000,
  );
});

test("the head of a response is read as it was written, whatever the cuts", () => {
  const status = fc.integer({ min: 100, max: 599 });
  const minor = fc.constantFrom(0, 1);
  holds(
    fc.property(
      minor,
      status,
      fieldValue,
      fieldLines,
      cuts,
      (version, code, reason, fields, at) => {
        const head = formatStatusLine(version, code, reason) + new Header(fields).format() + "\r\n";
        const scan = new HeadScan("response");
        const read = fed(head, at, (all) => scanResponseHead(all, scan, 0, all.length));
        assert.equal([read.versionMinor, read.status, read.reason], [version, code, reason]);
        assert.equal([...Header.from(read.fields)], fields);
        assert.is(read.byteLength, head.length);
      },
    ),
    1_000,
  );
});

/** Feeds a head and what follows it; the scan must not be content before the head is complete. */
function fed<H extends { readonly byteLength: number }>(
  head: string,
  at: readonly number[],
  scan: (all: Uint8Array) => H | "need-more",
): H {
  let all: Uint8Array = new Uint8Array(0);
  for (const piece of piecesOf(bytes(head + LEFT_OVER), at)) {
    all = joined([all, piece]);
    const found = scan(all);
    assert.is(found === "need-more", all.length < head.length);
    if (found !== "need-more") return found;
  }
  throw new Error("the head was never complete");
}

function decoded(pieces: readonly Uint8Array[]): {
  data: Uint8Array;
  trailers: (readonly [string, string])[];
  rest: Uint8Array;
} {
  const decoder = new ChunkDecoder();
  const data: Uint8Array[] = [];
  let held: Uint8Array = new Uint8Array(0);
  let ended = false;
  for (const piece of pieces) {
    held = joined([held, piece]);
    while (!ended) {
      const step = decoder.step(held, 0, held.length);
      if (step === "data") data.push(held.slice(decoder.dataStart, decoder.dataEnd));
      held = held.slice(decoder.consumed);
      if (step === "need-more") break;
      ended = step === "end";
    }
  }
  assert.ok(ended, "the end was seen");
  const { trailers } = decoder;
  return {
    data: joined(data),
    trailers: trailers === undefined ? [] : [...Header.from(trailers)],
    rest: held,
  };
}

test.run();

/** The chunked coding, read and written. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  CHUNK_SUFFIX,
  ChunkDecoder,
  Header,
  LAST_CHUNK,
  REQUEST_LIMITS,
  WireError,
  chunkPrefix,
  formatTrailers,
  isForbiddenTrailer,
  parseTrailerNames,
} from "../../lib/wire/mod.ts";
import type { Profile, WireLimits } from "../../lib/wire/mod.ts";
import { bytes, everyCut, table, text, threeWays, threeWaysFail, throwsCode } from "../kit.ts";
import { chunkFeed } from "./feeds.ts";
import type { Decoded } from "./feeds.ts";

const test = suite("wire/chunked");

interface GoodRow {
  name: string;
  section?: string;
  limits?: Partial<WireLimits>;
  profile?: Profile;
  input: string;
  expect: string | Decoded;
}

const GOOD: readonly GoodRow[] = [
  {
    name: "chunks are joined",
    section: "§7.1",
    input: "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n",
    expect: "hello!",
  },
  { name: "the empty body is a last chunk", input: "0\r\n\r\n", expect: "" },
  {
    name: "digits are hexadecimal in both cases",
    input: `aA\r\n${"x".repeat(170)}\r\n0\r\n\r\n`,
    expect: "x".repeat(170),
  },
  {
    name: "16 digits are taken",
    input: "0000000000000001\r\nx\r\n0000000000000000\r\n\r\n",
    expect: "x",
  },
  {
    name: "data may look like framing",
    input: "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n",
    expect: "\r\n0\r\n\r\n",
  },
  {
    name: "extensions are dropped",
    section: "§7.1.1",
    input: '1;a;b=c;d="e;f"\r\nx\r\n0;last\r\n\r\n',
    expect: "x",
  },
  {
    name: "blanks may stand before an extension",
    input: "1 \t; a = b\r\nx\r\n0\r\n\r\n",
    expect: "x",
  },
  {
    name: "an empty extension is dropped",
    section: "Go",
    input: "1;\r\nx\r\n0;\r\n\r\n",
    expect: "x",
  },
  { name: "CRLF ends the line inside quotes too", input: '1;a="\r\nx\r\n0\r\n\r\n', expect: "x" },
  { name: "obs-text may stand in an extension", input: "1;\xe9\r\nx\r\n0\r\n\r\n", expect: "x" },
  {
    name: "trailers come at the end",
    section: "§7.1.2",
    input: "1\r\nx\r\n0\r\nSum: 4f\r\nB:\r\n\r\n",
    expect: {
      data: "x",
      trailers: [
        ["Sum", "4f"],
        ["B", ""],
      ],
    },
  },
  {
    name: "with profile go trailers may be folded",
    profile: "go",
    input: "0\r\nA: b\r\n c\r\n\r\n",
    expect: { data: "", trailers: [["A", "b c"]] },
  },
  {
    name: "a line as long as the limit is taken",
    limits: { maxChunkLineBytes: 4 },
    input: "1;ab\r\nx\r\n0\r\n\r\n",
    expect: "x",
  },
  {
    name: "an excess as large as the limit is taken",
    limits: { maxChunkExcessBytes: 84 },
    input: `1;${"e".repeat(98)}\r\nx\r\n0\r\n\r\n`,
    expect: "x",
  },
  {
    name: "data pays for framing, a byte at a time",
    section: "Go: chunkedReader",
    limits: { maxChunkExcessBytes: 0 },
    input: `${"1\r\nx\r\n".repeat(5000)}0\r\n\r\n`,
    expect: "x".repeat(5000),
  },
];

table(test, GOOD, ({ input, limits, profile, expect }) => {
  const wanted = typeof expect === "string" ? { data: expect, trailers: undefined } : expect;
  const feed = chunkFeed({ limits: { ...REQUEST_LIMITS, ...limits }, profile });
  return threeWays(bytes(input), feed, (value) => assert.equal(value, wanted));
});

interface BadRow {
  name: string;
  section?: string;
  limits?: Partial<WireLimits>;
  profile?: Profile;
  input: string;
  expect: string;
  at: number;
}

const BAD: readonly BadRow[] = [
  {
    name: "an empty size is refused",
    section: "§7.1",
    input: "\r\n",
    expect: "bad-chunk-size",
    at: 0,
  },
  {
    name: "a size of nothing but an extension is refused",
    input: ";a\r\n",
    expect: "bad-chunk-size",
    at: 0,
  },
  { name: "0x is refused", input: "0x5\r\n", expect: "bad-chunk-size", at: 1 },
  { name: "a sign is refused", input: "-1\r\n", expect: "bad-chunk-size", at: 0 },
  { name: "an underscore is refused", input: "1_0\r\n", expect: "bad-chunk-size", at: 1 },
  { name: "a blank before the size is refused", input: " 5\r\n", expect: "bad-chunk-size", at: 0 },
  {
    name: "a blank at the end of the line is refused",
    input: "5 \r\n",
    expect: "bad-chunk-size",
    at: 2,
  },
  { name: "a second number is refused", input: "5 5\r\n", expect: "bad-chunk-size", at: 2 },
  { name: "NUL after the size is refused", input: "5\0\r\n", expect: "bad-chunk-size", at: 1 },
  {
    name: "17 digits are refused",
    section: "Go: parseHexUint",
    input: "00000000000000001\r\n",
    expect: "chunk-size-too-large",
    at: 16,
  },
  { name: "2^53 is refused", input: "20000000000000\r\n", expect: "chunk-size-too-large", at: 13 },
  {
    name: "a bare LF after the size is refused",
    input: "1\nx\r\n0\r\n\r\n",
    expect: "bad-chunk-end",
    at: 1,
  },
  {
    name: "a CR without LF after the size is refused",
    input: "1\rx",
    expect: "bad-chunk-end",
    at: 2,
  },
  { name: "CR CR LF after the size is refused", input: "1\r\r\nx", expect: "bad-chunk-end", at: 2 },
  { name: "a bare LF in an extension is refused", input: "1;a\nx", expect: "bad-chunk-end", at: 3 },
  {
    name: "a bare CR in an extension is refused",
    input: "1;a\rb\r\n",
    expect: "bad-chunk-end",
    at: 4,
  },
  {
    name: "NUL in an extension is refused",
    input: "1;\0\r\n",
    expect: "bad-chunk-extension",
    at: 2,
  },
  {
    name: "DEL in an extension is refused",
    input: "1;a\x7f\r\n",
    expect: "bad-chunk-extension",
    at: 3,
  },
  {
    name: "data without CRLF behind it is refused",
    input: "1\r\nxy",
    expect: "bad-chunk-end",
    at: 4,
  },
  {
    name: "data with LF behind it is refused",
    input: "1\r\nx\n0\r\n\r\n",
    expect: "bad-chunk-end",
    at: 4,
  },
  {
    name: "data with CR and something behind it is refused",
    input: "1\r\nx\r0",
    expect: "bad-chunk-end",
    at: 5,
  },
  { name: "a bare LF after the last chunk is refused", input: "0\r\n\n", expect: "bare-lf", at: 3 },
  {
    name: "a bare LF after the last chunk is refused in profile go too",
    profile: "go",
    input: "0\r\n\n",
    expect: "bare-lf",
    at: 3,
  },
  {
    name: "a bare CR after the last chunk is refused",
    input: "0\r\n\rx",
    expect: "bare-cr",
    at: 4,
  },
  {
    name: "a trailer without a colon is refused",
    input: "0\r\nXY\r\n\r\n",
    expect: "missing-colon",
    at: 5,
  },
  {
    name: "a folded trailer is refused",
    input: "0\r\nA: b\r\n c\r\n\r\n",
    expect: "obs-fold",
    at: 9,
  },
  {
    name: "a bare LF in the trailers is refused",
    input: "1\r\nx\r\n0\r\nA: b\n\r\n",
    expect: "bare-lf",
    at: 13,
  },
  {
    name: "trailers have a limit",
    limits: { maxTrailerBytes: 5 },
    input: "0\r\nA: b\r\n\r\n",
    expect: "trailer-too-large",
    at: 8,
  },
  {
    name: "trailer lines have a limit",
    limits: { maxTrailerValueCount: 1 },
    input: "0\r\nA:\r\nB:\r\n\r\n",
    expect: "trailer-too-large",
    at: 7,
  },
  {
    name: "the digits have a limit",
    limits: { maxChunkSizeDigits: 1 },
    input: "10\r\n",
    expect: "chunk-size-too-large",
    at: 1,
  },
  {
    name: "the line has a limit",
    limits: { maxChunkLineBytes: 4 },
    input: "1;abc\r\n",
    expect: "chunk-line-too-long",
    at: 4,
  },
  {
    name: "blanks count for the line",
    limits: { maxChunkLineBytes: 2 },
    input: "1  ;\r\n",
    expect: "chunk-line-too-long",
    at: 2,
  },
  {
    name: "framing that outweighs the data is refused",
    section: "Go: chunkedReader",
    limits: { maxChunkExcessBytes: 83 },
    input: `1;${"e".repeat(98)}\r\nx\r\n`,
    expect: "chunk-overhead",
    at: 101,
  },
];

table(test, BAD, ({ input, limits, profile, expect, at }) => {
  const feed = chunkFeed({ limits: { ...REQUEST_LIMITS, ...limits }, profile });
  return threeWaysFail(bytes(input), feed, expect, (error) =>
    assert.is((error as unknown as WireError).offset, at, "offset"),
  );
});

test("the limits hold by default: Go's rule against bodies that are nearly all extensions", async () => {
  const chunk = `1;${"e".repeat(198)}\r\nx\r\n`;
  // Each chunk adds 200 + 2 - 16 - 2.
  const fits = Math.floor(16_384 / 184);
  const decode = (chunks: number) => chunkFeed()([bytes(`${chunk.repeat(chunks)}0\r\n\r\n`)]);
  await decode(fits);
  throwsCode(() => decode(fits + 1), "chunk-overhead");
  throwsCode(() => chunkFeed()([bytes(`1;${"e".repeat(4095)}\r\n`)]), "chunk-line-too-long");
});

test("2^53 - 1 is the largest size", () => {
  const decoder = new ChunkDecoder();
  const input = bytes("1fffffffffffff\r\nab");
  assert.is(decoder.step(input, 0, input.length), "data");
  assert.is(text(input.slice(decoder.dataStart, decoder.dataEnd)), "ab");
});

test("cut in two anywhere, the body is the same", async () => {
  const input = bytes("5;a=b\r\nhello\r\n3\r\nabc\r\n0\r\nSum: 4f\r\n\r\nGET");
  for (const pieces of everyCut(input)) {
    const { value, rest } = await chunkFeed()(pieces);
    assert.equal(value, { data: "helloabc", trailers: [["Sum", "4f"]] });
    assert.is(text(rest), "GET");
  }
});

test("data is pointed at, a piece for each chunk and each feed", () => {
  const decoder = new ChunkDecoder();
  const input = bytes("??3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\nNEXT");
  assert.is(decoder.step(input, 2, 7), "data");
  assert.equal([decoder.dataStart, decoder.dataEnd, decoder.consumed], [5, 7, 5]);
  assert.is(decoder.step(input, 7, 7), "need-more");
  assert.is(decoder.consumed, 0);
  assert.is(decoder.step(input, 7, input.length), "data");
  assert.equal([decoder.dataStart, decoder.dataEnd, decoder.consumed], [7, 8, 1]);
  assert.is(decoder.step(input, 8, input.length), "data");
  assert.equal([decoder.dataStart, decoder.dataEnd, decoder.consumed], [13, 17, 9]);
  assert.is(decoder.step(input, 17, input.length), "end");
  assert.is(decoder.consumed, 7);
  assert.is(decoder.trailers, undefined);
});

test("after the end nothing more is used", () => {
  for (const body of ["0\r\n\r\n", "0\r\nA: b\r\n\r\n"]) {
    const decoder = new ChunkDecoder();
    const input = bytes(`${body}5\r\n`);
    assert.is(decoder.step(input, 0, input.length), "end");
    assert.is(decoder.consumed, body.length);
    assert.is(decoder.step(input, body.length, input.length), "end");
    assert.is(decoder.consumed, 0);
  }
});

test("trailers stay where they are until they are complete", () => {
  const decoder = new ChunkDecoder();
  const input = bytes("0\r\nA: b\r\n\r\n");
  assert.is(decoder.step(input, 0, 8), "need-more");
  assert.is(decoder.consumed, 3);
  assert.is(decoder.step(input, 3, 10), "need-more");
  assert.is(decoder.consumed, 0);
  assert.is(decoder.step(input, 3, 11), "end");
  assert.is(decoder.consumed, 8);
});

test("fed byte by byte, 200 KiB of framing cost about what they cost at once", () => {
  const input = bytes(`${"1;abcdefgh\r\nx\r\n".repeat(12_000)}0\r\n${"A: b\r\n".repeat(99)}\r\n`);
  const whole = best(() => run(input, input.length));
  const single = best(() => run(input, 1));
  assert.ok(single < whole * 10 + 20, `whole ${whole} ms, byte by byte ${single} ms`);
});

test("what is written is what Go writes, and is read again", async () => {
  assert.is(chunkPrefix(26), "1a\r\n");
  let body = "";
  for (const piece of ["foo", "bar".repeat(10)])
    body += chunkPrefix(piece.length) + piece + CHUNK_SUFFIX;
  assert.is(body, `3\r\nfoo\r\n1e\r\n${"bar".repeat(10)}\r\n`);
  const trailers = formatTrailers(
    new Header([
      ["Sum", "4f"],
      ["X", ""],
    ]),
  );
  assert.is(trailers, "Sum: 4f\r\nX: \r\n\r\n");
  assert.is(formatTrailers(new Header()), "\r\n");
  const { value } = await chunkFeed()([bytes(body + LAST_CHUNK + trailers)]);
  assert.equal(value, {
    data: `foo${"bar".repeat(10)}`,
    trailers: [
      ["Sum", "4f"],
      ["X", ""],
    ],
  });
});

table<{ name: string; input: [string, string]; expect: string }>(
  test,
  [
    {
      name: "a trailer for framing is not sent",
      input: ["Content-Length", "1"],
      expect: "forbidden-trailer",
    },
    {
      name: "a trailer for authentication is not sent",
      input: ["AUTHORIZATION", "x"],
      expect: "forbidden-trailer",
    },
    {
      name: "a condition is not sent as a trailer",
      input: ["If-Match", "x"],
      expect: "forbidden-trailer",
    },
    { name: "a trailer's name is a token", input: ["a b", "x"], expect: "bad-field-name" },
    { name: "a trailer's value has no CRLF", input: ["a", "x\r\nb: c"], expect: "bad-field-value" },
  ],
  ({ input, expect }) => void throwsCode(() => formatTrailers(new Header([input])), expect),
);

test("most fields may be trailers", () => {
  for (const name of ["etag", "x-checksum", "grpc-status", "server-timing"]) {
    assert.not(isForbiddenTrailer(name), name);
  }
  for (const name of ["host", "te", "set-cookie", "if-none-match"])
    assert.ok(isForbiddenTrailer(name));
});

test("announced trailers are the names of all lines, each once", () => {
  assert.equal(parseTrailerNames(["Sum, B", "sum,, a b, C"]), ["Sum", "B", "C"]);
  assert.equal(parseTrailerNames([]), []);
  for (const name of ["Transfer-Encoding", "content-length", "TRAILER"]) {
    throwsCode(() => parseTrailerNames(["A", `B, ${name}`]), "forbidden-trailer");
  }
});

/** Feeds in steps of so many octets, trailers offered again as they must be. */
function run(input: Uint8Array, stepBytes: number): void {
  const decoder = new ChunkDecoder();
  let from = 0;
  for (let to = stepBytes; to <= input.length; to += stepBytes) {
    for (;;) {
      const step = decoder.step(input, from, to);
      from += decoder.consumed;
      if (step === "need-more") break;
      if (step === "end") return;
    }
  }
  throw new Error("the body did not end");
}

/** The shortest of a few runs, in ms. */
function best(fn: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    fn();
    return performance.now() - started;
  });
  return Math.min(...times);
}

test.run();

/**
 * The decoders of node:zlib behind a Body: what others compressed comes out, bombs and broken data do not.
 *
 * Rule of this file: node:zlib's own compressors make the data; the frame of gzip is also made by hand.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nodeDecoders } from "../../lib/adapters/content-decoders.ts";
import { decodedBody } from "../../lib/client/decode/decode.ts";
import type { ContentDecoder } from "../../lib/client/decode/decode.ts";
import { Body, bodyFrom } from "../../lib/message/mod.ts";
import { bytes, everyCut, joined, rejects, table, text, withDeadline } from "../kit.ts";
import { HandSource } from "../message/feeds.ts";

const test = suite("content decoders");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(20_000, fn));

const { createZstdDecompress, zstdCompressSync } = zlib as {
  createZstdDecompress?: unknown;
  zstdCompressSync?: (data: Uint8Array) => Uint8Array;
};

const WORDS = "the quick brown fox jumps over the lazy dog, twice or more often. ".repeat(3);

interface Coding {
  readonly name: string;
  readonly coding: string;
  readonly make: (data: Uint8Array) => Uint8Array;
  /** What node:zlib calls broken from its first octets on. */
  readonly garbage: string;
}

const FAST = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 } };

const CODINGS: readonly Coding[] = [
  { name: "gzip", coding: "gzip", make: (data) => zlib.gzipSync(data), garbage: "hello" },
  {
    name: "Brotli",
    coding: "br",
    make: (data) => zlib.brotliCompressSync(data, FAST),
    garbage: "\xff\xff\xff\xff\xff",
  },
  {
    name: "deflate as it should be",
    coding: "deflate",
    make: (data) => zlib.deflateSync(data),
    garbage: "hello",
  },
  {
    name: "deflate without a header",
    coding: "deflate",
    make: (data) => zlib.deflateRawSync(data),
    garbage: "\xff\xff",
  },
];

/** A body of these pieces, decoded. */
function open(coding: string, ...pieces: readonly Uint8Array[]): Body {
  return decodedBody(bodyFrom(pieces).body, [coding], nodeDecoders);
}

/** All that can be read, and the code of what ended it. */
async function outcome(body: Body): Promise<{ content: string; code: string | undefined }> {
  let content = "";
  try {
    for await (const piece of body) content += text(piece);
  } catch (error) {
    return { content, code: (error as { code?: string }).code };
  }
  return { content, code: undefined };
}

/** Octets that do not compress, the same in every run. */
function noise(length: number): Uint8Array {
  const out = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    out[i] = state >>> 16;
  }
  return out;
}

/** A thousand such octets again and again. */
function repeated(length: number): Uint8Array {
  const line = noise(1000);
  return Uint8Array.from({ length }, (_, i) => line[i % 1000] ?? 0);
}

const whole = (content: string): { content: string; code: undefined } => ({
  content,
  code: undefined,
});

for (const { name, coding, make, garbage } of CODINGS) {
  const coded = make(bytes(WORDS));

  it(`${name}: the content is the same whole, byte by byte, and cut anywhere`, async () => {
    assert.equal(await outcome(open(coding, coded)), whole(WORDS));
    const single = Array.from(coded, (octet) => Uint8Array.of(octet));
    assert.equal(await outcome(open(coding, ...single)), whole(WORDS));
    for (const cut of everyCut(coded))
      assert.equal(await outcome(open(coding, ...cut)), whole(WORDS));
  });

  it(`${name}: cut off at any place but the first it is truncated, in one piece or two`, async () => {
    assert.equal(await outcome(open(coding)), whole(""));
    for (let at = 1; at < coded.length; at++) {
      const short = coded.subarray(0, at);
      for (const pieces of [[short], [short.subarray(0, at - 1), short.subarray(at - 1)]]) {
        const { content, code } = await outcome(open(coding, ...pieces));
        assert.is(code, "truncated-content-coding", `cut at ${at}`);
        assert.ok(WORDS.startsWith(content));
      }
    }
  });

  it(`${name}: junk behind it is told as that, after the whole content`, async () => {
    for (const junk of ["\0", "\n", "junk and more"]) {
      for (const pieces of [[joined([coded, bytes(junk)])], [coded, bytes(junk)]]) {
        assert.equal(
          await outcome(open(coding, ...pieces)),
          { content: WORDS, code: "junk-after-content-coding" },
          JSON.stringify(junk),
        );
      }
    }
  });

  it(`${name}: what is no such data is corrupt`, async () => {
    const want = { content: "", code: "corrupt-content-coding" };
    assert.equal(await outcome(open(coding, bytes(garbage))), want);
  });

  it(`${name}: with any one octet changed it ends, by itself or with a code`, async () => {
    const codes = new Set<string | undefined>();
    for (let at = 0; at < coded.length; at++) {
      const bad = coded.slice();
      bad[at] = (bad[at] ?? 0) ^ 0x55;
      codes.add((await outcome(open(coding, bad))).code);
    }
    for (const code of codes) assert.match(code ?? "-content-coding", /-content-coding$/);
  });

  it(`${name}: what compresses to nothing is nothing`, async () => {
    assert.equal(await outcome(open(coding, make(new Uint8Array(0)))), whole(""));
  });

  for (const { what, data, step } of [
    { what: "three megabytes that do not compress", data: noise(3_000_000), step: Infinity },
    { what: "a megabyte that does, in odd pieces,", data: repeated(1_000_000), step: 2500 },
  ]) {
    it(`${name}: ${what} come out in pieces of 64 KiB at most`, async () => {
      const compressed = make(data);
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < compressed.length; at += step) {
        pieces.push(compressed.subarray(at, at + step));
      }
      const out: Uint8Array[] = [];
      for await (const piece of open(coding, ...pieces)) {
        assert.ok(piece.length <= 65_536, `${piece.length}`);
        out.push(piece);
        // A slow reader: what is made in the meantime is cut too.
        for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go));
      }
      assert.ok(Buffer.compare(joined(out), data) === 0);
    });
  }

  it(`${name}: 100 MiB of zeros are refused after 1 MiB`, async () => {
    const bomb = make(new Uint8Array(104_857_600));
    assert.ok(bomb.length < 110_000);
    let total = 0;
    const body = open(coding, bomb.subarray(0, 10_000), bomb.subarray(10_000));
    const reading = (async () => {
      for await (const { length } of body) total += length;
    })();
    await rejects(reading, "decoded-ratio-too-high");
    assert.ok(total <= 1_048_576 + 100 * bomb.length && total > 100_000, `${total}`);
  });
}

it("10 MiB of zeros in gzip are refused at the ratio", async () => {
  const bomb = zlib.gzipSync(new Uint8Array(10_485_760));
  const body = open("gzip", bomb);
  await rejects(body.bytes({ max: Infinity }), "decoded-ratio-too-high");
});

it("a bomb is decoded no further than it is read: a few pieces, whatever it would become", async () => {
  const bomb = zlib.gzipSync(new Uint8Array(104_857_600));
  const decoder = nodeDecoders.open("gzip");
  decoder.push(bomb);
  const before = process.memoryUsage();
  assert.is(((await decoder.next()) as Uint8Array).length, 65_536);
  // Whatever it would do by itself it does in these turns.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  const after = process.memoryUsage();
  assert.ok(
    after.external + after.arrayBuffers - before.external - before.arrayBuffers < 2_000_000,
  );
  decoder.destroy();
  assert.ok((await decoder.next()) === "end");
});

it("a list is undone from its end", async () => {
  const twice = zlib.gzipSync(zlib.brotliCompressSync(bytes(WORDS)));
  const body = decodedBody(bodyFrom(twice).body, ["gzip", "br"], nodeDecoders);
  assert.is(await body.text(), WORDS);
});

it("a bomb in a bomb is refused by what came on the wire", async () => {
  const nested = zlib.gzipSync(zlib.gzipSync(new Uint8Array(104_857_600)));
  assert.ok(nested.length < 2_000);
  const body = decodedBody(bodyFrom(nested).body, ["gzip", "gzip"], nodeDecoders);
  await rejects(body.bytes({ max: Infinity }), "decoded-ratio-too-high");
});

/** A gzip member with these flags and fields behind its first ten octets. */
function member(content: string, flags: number = 0, fields: string = ""): Uint8Array {
  const data = bytes(content);
  const tail = new DataView(new ArrayBuffer(8));
  tail.setUint32(0, zlib.crc32(data), true);
  tail.setUint32(4, data.length, true);
  const head = joined([Uint8Array.of(0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3), bytes(fields)]);
  return joined([head, zlib.deflateRawSync(data), new Uint8Array(tail.buffer)]);
}

/** The same with the checksum of its header, plus `off`. */
function checkedMember(flags: number, fields: string, off: number): Uint8Array {
  const head = joined([Uint8Array.of(0x1f, 0x8b, 8, flags | 2, 1, 2, 3, 4, 0, 3), bytes(fields)]);
  const crc = (zlib.crc32(head) & 0xffff) ^ off;
  return member("abc", flags | 2, `${fields}${String.fromCharCode(crc & 0xff, crc >> 8)}`);
}

const CORRUPT = "corrupt-content-coding";
const broken = (at: number): Uint8Array => {
  const octets = member("abc").slice();
  octets.set([0xfe], at < 0 ? octets.length + at : at);
  return octets;
};

table(
  test,
  [
    { name: "gzip: a plain member", input: [member("abc")], content: "abc" },
    { name: "gzip: a name", input: [member("abc", 8, "file.txt\0")], content: "abc" },
    { name: "gzip: a comment", input: [member("abc", 16, "hello\0")], content: "abc" },
    { name: "gzip: an extra field", input: [member("abc", 4, "\x02\0xy")], content: "abc" },
    {
      name: "gzip: a long one",
      input: [member("abc", 4, `\0\x02${"x".repeat(512)}`)],
      content: "abc",
    },
    { name: "gzip: the text flag", input: [member("abc", 1)], content: "abc" },
    { name: "gzip: all of them", input: [checkedMember(29, "\x01\0xn\0c\0", 0)], content: "abc" },
    { name: "gzip: a wrong header checksum", input: [checkedMember(8, "n\0", 1)], code: CORRUPT },
    { name: "gzip: a reserved flag", input: [member("abc", 32)], code: CORRUPT },
    { name: "gzip: another method", input: [broken(2)], code: CORRUPT },
    { name: "gzip: a wrong checksum", input: [broken(-8)], content: "abc", code: CORRUPT },
    { name: "gzip: a wrong length", input: [broken(-1)], content: "abc", code: CORRUPT },
    {
      name: "gzip: a name that does not end",
      input: [member("", 8, "x".repeat(65_536)).subarray(0, 65_546)],
      code: CORRUPT,
    },
    {
      name: "gzip: a header of 64 KiB and an octet",
      input: [member("abc", 8, `${"x".repeat(65_526)}\0`)],
      code: CORRUPT,
    },
    {
      name: "gzip: a header of 64 KiB",
      input: [member("abc", 8, `${"x".repeat(65_525)}\0`)],
      content: "abc",
    },
    {
      name: "gzip: members one after the other",
      input: [member("ab"), member(""), member("c", 8, "n\0"), member("d")],
      content: "abcd",
    },
    {
      name: "gzip: a second member that breaks off in its header",
      input: [member("ab"), member("cd").subarray(0, 1)],
      content: "ab",
      code: "truncated-content-coding",
    },
    {
      name: "gzip: padding with zeros",
      input: [member("ab"), new Uint8Array(512)],
      content: "ab",
      code: "junk-after-content-coding",
    },
    {
      name: "gzip: a second member with a wrong checksum",
      input: [member("ab"), broken(-8)],
      content: "ababc",
      code: CORRUPT,
    },
  ] as readonly { name: string; input: Uint8Array[]; content?: string; code?: string }[],
  async ({ input, content = "", code }) => {
    const octets = joined(input);
    const step = Math.ceil(octets.length / 100);
    for (let at = 0; at < octets.length; at += step) {
      const cut = [octets.subarray(0, at), octets.subarray(at)];
      assert.equal(await outcome(open("gzip", ...cut)), { content, code }, `cut at ${at}`);
    }
    assert.equal(await outcome(open("gzip", ...input)), { content, code });
  },
);

it("many small members are read in their order", async () => {
  const members = Array.from({ length: 300 }, (_, i) => member(`${i},`));
  const { content, code } = await outcome(open("gzip", joined(members)));
  assert.is(code, undefined);
  assert.is(content, Array.from({ length: 300 }, (_, i) => `${i},`).join(""));
});

it("what was flushed can be read before the rest has come", async () => {
  for (const [coding, stream, kind] of [
    ["gzip", zlib.createGzip(), zlib.constants.Z_SYNC_FLUSH],
    ["br", zlib.createBrotliCompress(), zlib.constants.BROTLI_OPERATION_FLUSH],
  ] as const) {
    const source = new HandSource();
    const body = decodedBody(new Body(source), [coding], nodeDecoders);
    for (const word of ["one", "two"]) {
      stream.write(word);
      await new Promise<void>((resolve) => stream.flush(kind, () => resolve()));
      source.give(text(stream.read() as Uint8Array));
      assert.is(text((await body.next())!), word, coding);
    }
    body.cancel();
  }
});

it("destroyed at any moment, a decoder settles and stays silent", async () => {
  const data = zlib.gzipSync(noise(300_000));
  const moments: ((decoder: ContentDecoder) => Promise<unknown>)[] = [
    () => Promise.resolve(),
    (decoder) => Promise.resolve(decoder.push(data)),
    (decoder) => (decoder.push(data), decoder.next()),
  ];
  for (const moment of moments) {
    const decoder = nodeDecoders.open("gzip");
    await moment(decoder);
    const waiting = decoder.next();
    decoder.destroy();
    await waiting;
    decoder.destroy();
  }
});

it("importing the decoders does not load node:zlib, decoding does", async () => {
  const door = fileURLToPath(new URL("../../lib/adapters/content-decoders.ts", import.meta.url));
  const program = `
    const { nodeDecoders } = await import(${JSON.stringify(door)});
    const isLoaded = () => process.moduleLoadList.includes("NativeModule zlib");
    const before = [nodeDecoders.codings.length > 0, isLoaded()];
    const decoder = nodeDecoders.open("gzip");
    decoder.push(Uint8Array.of(0x1f));
    console.log(JSON.stringify([...before, await decoder.next(), isLoaded()]));
  `;
  const hook = fileURLToPath(new URL("../../scripts/ts-hook.mjs", import.meta.url));
  const flags = ["--import", hook, "--input-type=module", "-e", program];
  const answer = execFileSync(process.execPath, flags, { encoding: "utf8" });
  assert.equal(JSON.parse(answer), [true, false, "need-more", true]);
});

it("Zstandard is offered exactly where node:zlib has it", async () => {
  assert.is(nodeDecoders.codings.includes("zstd"), createZstdDecompress !== undefined);
  assert.equal(nodeDecoders.codings.slice(0, 3), ["gzip", "br", "deflate"]);
  if (zstdCompressSync === undefined) {
    // This Node has none: whoever asks all the same hears of it.
    const decoder = nodeDecoders.open("zstd");
    decoder.push(bytes("x"));
    await assertRejects(decoder.next());
    return;
  }
  const coded = zstdCompressSync(bytes(WORDS));
  assert.equal(await outcome(open("zstd", coded)), whole(WORDS));
  const cutOff = await outcome(open("zstd", coded.subarray(0, -1)));
  assert.is(cutOff.code, "truncated-content-coding");
});

async function assertRejects(promise: Promise<unknown>): Promise<void> {
  const failed = await promise.then(
    () => false,
    () => true,
  );
  assert.ok(failed);
}

test.run();

/**
 * Decoding: a Body behind a decoder reads as a Body, asks for no more than is wanted, and stops in time.
 *
 * Rule of this file: the decoder is a toy in memory, so that every step of it can be watched.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader } from "../../../lib/bufio/mod.ts";
import { DecodeError } from "../../../lib/client/decode/decode-errors.ts";
import {
  acceptEncoding,
  decodableCodings,
  decodedBody,
} from "../../../lib/client/decode/decode.ts";
import type {
  ContentDecoder,
  ContentDecoders,
  DecoderStatus,
} from "../../../lib/client/decode/decode.ts";
import { Body, noBody, readResponse } from "../../../lib/message/mod.ts";
import { bytes, everyCut, rejects, table, text, throwsCode, withDeadline } from "../../kit.ts";
import { HandSource, contentOf, streamed } from "../../message/feeds.ts";

/** Runs of an octet: "3a2b." is "aaabb". "!" is corrupt; nothing may follow ".". */
class Toy implements ContentDecoder {
  pushed: string[] = [];
  ended = false;
  destroyed = 0;
  #input = "";
  #complete = false;
  #wake: (() => void) | undefined;

  push(octets: Uint8Array): void {
    assert.ok(octets.length > 0, "no empty piece is pushed");
    assert.is(this.#input.length < 2, true, "pushed only when all is used");
    this.pushed.push(text(octets));
    this.#input += text(octets);
  }

  end(): void {
    assert.is(this.ended, false, "the end is said once");
    this.ended = true;
  }

  async next(): Promise<Uint8Array | DecoderStatus> {
    await Promise.resolve();
    if (this.#input.startsWith("?")) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.destroyed > 0) return "end";
    if (this.#input.startsWith("!")) throw new Error("no toy data");
    if (!this.#complete && this.#input.startsWith(".")) {
      this.#complete = true;
      this.#input = this.#input.slice(1);
    }
    if (this.#complete) return this.#input !== "" ? "junk" : this.ended ? "end" : "need-more";
    if (this.#input.length < 2) return this.ended ? "truncated" : "need-more";
    const piece = bytes(this.#input.charAt(1).repeat(this.#input.charCodeAt(0) - 0x30));
    this.#input = this.#input.slice(2);
    return piece;
  }

  destroy(): void {
    this.destroyed++;
    this.#wake?.();
  }
}

/** Decoders that remember what they opened. */
class Toys implements ContentDecoders {
  readonly codings: readonly string[] = ["toy", "best"];
  readonly opened: Toy[] = [];

  open(coding: string): Toy {
    assert.ok(this.codings.includes(coding));
    const toy = new Toy();
    this.opened.push(toy);
    return toy;
  }
}

const CODED = "3a2b1c.";
const PLAIN = "aaabbc";

const read = suite("decodedBody");
const it = (name: string, fn: () => Promise<void> | void): void =>
  read(name, withDeadline(10_000, fn));

it("the content is the same whole, byte by byte, and cut anywhere", async () => {
  const octets = bytes(CODED);
  const cuts: (readonly Uint8Array[])[] = everyCut(octets);
  for (const pieces of [[octets], [...octets].map((octet) => Uint8Array.of(octet)), ...cuts]) {
    const toys = new Toys();
    const body = decodedBody(streamed(...pieces.map(text)), ["toy"], toys);
    assert.is(body.length, undefined);
    assert.is(await contentOf(body), PLAIN);
    assert.is(body.ended, true);
    assert.is(await body.next(), undefined, "the end stays the end");
    assert.is(toys.opened.length, 1);
    assert.ok((toys.opened[0]?.destroyed ?? 0) > 0, "what the decoder holds is freed");
  }
});

it("truncated at any place but the first it fails with a code of its own, after what is right", async () => {
  for (let at = 1; at < CODED.length; at++) {
    const body = decodedBody(streamed(CODED.slice(0, at)), ["toy"], new Toys());
    let content = "";
    const reading = (async () => {
      for await (const piece of body) content += text(piece);
    })();
    const error = await rejects(reading, "truncated-content-coding", `cut at ${at}`);
    assert.instance(error, DecodeError);
    assert.is(content, PLAIN.slice(0, [0, 0, 3, 3, 5, 5, 6][at]));
  }
});

it("an empty body stays empty and opens no decoder", async () => {
  const toys = new Toys();
  for (const empty of [noBody, streamed(), streamed("")]) {
    const body = decodedBody(empty, ["toy"], toys);
    assert.is(await body.next(), undefined);
    assert.is(body.ended, true);
  }
  assert.is(toys.opened.length, 0);
});

table(
  read,
  [
    { name: "junk in the same piece", pieces: ["1a.x"], code: "junk-after-content-coding" },
    { name: "junk in a later piece", pieces: ["1a.", "x"], code: "junk-after-content-coding" },
    { name: "corrupt from the start", pieces: ["!"], code: "corrupt-content-coding" },
    { name: "corrupt in the middle", pieces: ["1a", "!x"], code: "corrupt-content-coding" },
  ],
  async ({ pieces, code }) => {
    const toys = new Toys();
    const source = new HandSource();
    for (const piece of pieces) source.give(piece);
    const body = decodedBody(new Body(source), ["toy"], toys);
    const error = await rejects(body.text(), code);
    assert.match(error.message, /: toy$/, "the message names the coding, and shows no content");
    assert.is((error as DecodeError).coding, "toy");
    assert.is(error.cause instanceof Error, code === "corrupt-content-coding");
    assert.is(toys.opened[0]?.destroyed, 1);
    assert.is(source.cancelled.length, 1, "the coded body is given up");
    await rejects(body.next(), code, "failed once, failed always");
  },
);

it("nothing is pulled before somebody reads, and no more than the next piece needs", async () => {
  const toys = new Toys();
  const source = new HandSource();
  source.give("1a1b");
  source.give("1c.");
  source.end();
  const body = decodedBody(new Body(source), ["toy"], toys);
  await new Promise((resolve) => setImmediate(resolve));
  assert.is(source.steps.length, 3);
  assert.is(toys.opened.length, 0);
  assert.is(text((await body.next())!), "a");
  assert.is(text((await body.next())!), "b");
  assert.is(source.steps.length, 2, "the second piece is not needed yet");
  assert.is(text((await body.next())!), "c");
  assert.is(source.steps.length, 1);
  assert.is(await body.next(), undefined);
  assert.equal(toys.opened[0]?.pushed, ["1a1b", "1c."]);
});

it("a second read while one waits rejects with body-busy, and the first goes on", async () => {
  const source = new HandSource();
  const body = decodedBody(new Body(source), ["toy"], new Toys());
  const first = body.next();
  await rejects(body.next(), "body-busy");
  source.give("1a.");
  assert.is(text((await first)!), "a");
});

it("cancelled unread it cancels the coded body with the reason, and opens nothing", async () => {
  const toys = new Toys();
  const source = new HandSource();
  const body = decodedBody(new Body(source), ["toy"], toys);
  body.cancel("enough");
  body.cancel("again");
  assert.equal(source.cancelled, ["enough"]);
  await rejects(body.next(), "body-used");
  assert.is(toys.opened.length, 0);
});

it("cancelled while it waits for octets, the read rejects with body-used", async () => {
  const source = new HandSource();
  const body = decodedBody(new Body(source), ["toy"], new Toys());
  const reading = body.next();
  body.cancel("enough");
  assert.equal(source.cancelled, ["enough"]);
  source.give("1a.");
  await rejects(reading, "body-used");
});

it("cancelled while the decoder works, the read rejects with body-used", async () => {
  const toys = new Toys();
  const source = new HandSource();
  source.give("?");
  const body = decodedBody(new Body(source), ["toy"], toys);
  const reading = body.next();
  await new Promise((resolve) => setImmediate(resolve));
  body.cancel();
  assert.is(toys.opened[0]?.destroyed, 1);
  await rejects(reading, "body-used");
});

it("leaving a loop early frees the decoder and cancels the coded body", async () => {
  const toys = new Toys();
  const source = new HandSource();
  source.give("1a1b1c");
  const pieces = decodedBody(new Body(source), ["toy"], toys)[Symbol.asyncIterator]();
  assert.is(text((await pieces.next()).value as Uint8Array), "a");
  await pieces.return?.();
  assert.is(toys.opened[0]?.destroyed, 1);
  assert.is(source.cancelled.length, 1);
});

it("a failure of the coded body comes through as it is, and frees the decoder", async () => {
  const toys = new Toys();
  const source = new HandSource();
  const lost = Object.assign(new Error("lost"), { code: "connection-lost" });
  source.give("1a");
  source.give(lost);
  const body = decodedBody(new Body(source), ["toy"], toys);
  assert.is(text((await body.next())!), "a");
  assert.is(await rejects(body.next(), "connection-lost"), lost);
  assert.is(toys.opened[0]?.destroyed, 1);
  assert.is(source.cancelled.length, 0, "a failed source is not cancelled");
});

it("the fields after the coded body are in the trailer at the end, those that may not come left out", async () => {
  const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const reader = Reader.of(
    bytes(`${head}4\r\n1a1b\r\n1\r\n.\r\n0\r\nX-Sum: 12\r\nHost: evil\r\n\r\n`),
  );
  const response = await readResponse(reader);
  if (response === undefined) throw new Error("there is a response");
  const body = decodedBody(response.body, ["toy"], new Toys());
  const { trailer } = body;
  assert.is(await contentOf(body), "ab");
  assert.is(body.trailer, trailer);
  assert.equal([...trailer], [["X-Sum", "12"]]);
  assert.equal([...response.trailer], [["X-Sum", "12"]]);
});

it("several codings are undone one through the other, with one cancel for all", async () => {
  const toys = new Toys();
  const twice = "111a1..";
  const body = decodedBody(streamed(...twice), ["best", "toy"], toys);
  assert.is(await contentOf(body), "a");
  assert.is(toys.opened.length, 2);
  const source = new HandSource();
  const cancelled = decodedBody(new Body(source), ["best", "toy"], toys);
  cancelled.cancel("enough");
  assert.equal(source.cancelled, ["enough"]);
});

it("a coding that the platform has not is refused at once", () => {
  throwsCode(() => decodedBody(noBody, ["toy", "gzip"], new Toys()), "unknown-content-coding");
});

it("bytes() holds what it is told to", async () => {
  const body = decodedBody(streamed(CODED), ["toy"], new Toys(), { maxBytes: 5 });
  await rejects(body.bytes(), "body-too-large");
});

/** A decoder that answers what it is told. */
function scripted(...steps: (Uint8Array | DecoderStatus)[]): ContentDecoders {
  const next = (): Promise<Uint8Array | DecoderStatus> =>
    Promise.resolve(steps.length > 1 ? steps.shift()! : steps[0]!);
  const nothing = (): void => undefined;
  return { codings: ["x"], open: () => ({ push: nothing, end: nothing, next, destroy: nothing }) };
}

it("a decoder may know its end by itself: what follows is junk, nothing is the end", async () => {
  const good = decodedBody(streamed("x"), ["x"], scripted(bytes("a"), "end"));
  assert.is(await contentOf(good), "a");
  const bad = decodedBody(streamed("x", "y"), ["x"], scripted(bytes("a"), "end"));
  await rejects(bad.text(), "junk-after-content-coding");
});

it("a decoder that asks for more after the end is not asked for ever", async () => {
  const body = decodedBody(streamed("x"), ["x"], scripted("need-more"));
  await rejects(body.text(), "truncated-content-coding");
});
read.run();

const limit = suite("decodedBody, limits");

const NONE = { maxDecodedBytes: Infinity, maxDecodedRatio: Infinity, decodedRatioFloorBytes: 0 };

table(
  limit,
  [
    { name: "as many octets as allowed", coded: "9a1b.", limits: { maxDecodedBytes: 10 } },
    {
      name: "one octet more than allowed",
      coded: "9a1b1c.",
      limits: { maxDecodedBytes: 10 },
      code: "decoded-body-too-large",
    },
    { name: "exactly the ratio", coded: "8a2b.", limits: { maxDecodedRatio: 2 } },
    {
      name: "an octet above the ratio",
      coded: "9a2b.",
      limits: { maxDecodedRatio: 2 },
      code: "decoded-ratio-too-high",
    },
    {
      name: "far above the ratio, below its floor",
      coded: "9a9b.",
      limits: { maxDecodedRatio: 1, decodedRatioFloorBytes: 18 },
    },
    {
      name: "above ratio and floor",
      coded: "9a9b1c.",
      limits: { maxDecodedRatio: 1, decodedRatioFloorBytes: 18 },
      code: "decoded-ratio-too-high",
    },
  ],
  async ({ coded, limits, code }) => {
    const source = new HandSource();
    source.give(coded);
    source.end();
    const body = decodedBody(new Body(source), ["toy"], new Toys(), {
      limits: { ...NONE, ...limits },
    });
    if (code === undefined) return void (await body.bytes());
    const error = await rejects(body.bytes(), code);
    assert.match(error.message, /: toy, \d+ octets out of \d+$/);
    assert.is(source.cancelled.length, 1);
  },
);

limit(
  "the ratio of a chain is that of its last octets to the first, not one for each stage",
  async () => {
    // 18 octets out of 5, and of each pair of those 9 more.
    const inner = "9999.";
    const limits = { ...NONE, maxDecodedRatio: 5 };
    const one = decodedBody(streamed(inner), ["toy"], new Toys(), { limits });
    assert.is((await one.bytes()).length, 18);
    const two = decodedBody(streamed(inner), ["toy", "toy"], new Toys(), { limits });
    await rejects(two.bytes(), "decoded-ratio-too-high");
  },
);

limit("by default a megabyte may come out of nothing, and the next octet may not", async () => {
  const mebibyte = new Uint8Array(1_048_576);
  const good = decodedBody(streamed("x"), ["x"], scripted(mebibyte, "end"));
  assert.is((await good.bytes()).length, mebibyte.length);
  const bomb = decodedBody(streamed("x"), ["x"], scripted(mebibyte, bytes("a"), "end"));
  await rejects(bomb.bytes({ max: Infinity }), "decoded-ratio-too-high");
});

limit("by default a gibibyte is the most, whatever came in", async () => {
  const piece = new Uint8Array(67_108_864);
  const octets = new Uint8Array(20_000_000);
  const source = new HandSource();
  source.steps.push(octets);
  const body = decodedBody(new Body(source), ["x"], scripted(piece));
  let total = 0;
  const reading = (async () => {
    for await (const { length } of body) total += length;
  })();
  await rejects(reading, "decoded-body-too-large");
  assert.is(total, 1_073_741_824);
});
limit.run();

const negotiate = suite("content codings");

negotiate("Accept-Encoding lists what is asked for, and nothing else", () => {
  assert.is(acceptEncoding([]), "");
  assert.is(acceptEncoding(["gzip"]), "gzip");
  assert.is(acceptEncoding(["br", "gzip"]), "br, gzip");
});

const GZIP = ["gzip"];
const MORE = ["br", "gzip", "deflate"];

table(
  negotiate,
  [
    { name: "what was asked for is decoded", came: ["gzip"], asked: GZIP, undo: ["gzip"] },
    { name: "in any case", came: ["GZip"], asked: GZIP, undo: ["gzip"] },
    { name: "nothing asked for, nothing decoded", came: ["gzip"], asked: [] },
    { name: "one asked for: no alias", came: ["x-gzip"], asked: GZIP },
    { name: "one asked for: no other", came: ["deflate"], asked: GZIP },
    { name: "one asked for: no list", came: ["gzip, gzip"], asked: GZIP },
    { name: "one asked for: no list over two lines", came: ["gzip", "br"], asked: GZIP },
    { name: "one asked for: not even an empty element", came: ["gzip,"], asked: GZIP },
    { name: "no value is no coding", came: [""], asked: GZIP },
    { name: "several asked for: one of them", came: ["Br"], asked: MORE, undo: ["br"] },
    { name: "several asked for: the alias", came: ["X-GZIP"], asked: MORE, undo: ["gzip"] },
    { name: "a list in reverse", came: ["deflate, gzip"], asked: MORE, undo: ["gzip", "deflate"] },
    {
      name: "a list over lines",
      came: ["deflate", "gzip"],
      asked: MORE,
      undo: ["gzip", "deflate"],
    },
    { name: "blanks and empty elements", came: [" , gzip ,"], asked: MORE, undo: ["gzip"] },
    { name: "as many as allowed", came: ["br,br,br"], asked: MORE, undo: ["br", "br", "br"] },
    { name: "one more than allowed", came: ["br,br,br,br"], asked: MORE },
    { name: "an element nobody asked for", came: ["gzip, zstd"], asked: MORE },
    { name: "identity, which nobody may send", came: ["identity"], asked: MORE },
    { name: "no element at all", came: [","], asked: MORE },
    { name: "no name of ours is a key", came: ["__proto__"], asked: MORE },
  ] as readonly { name: string; came: string[]; asked: string[]; undo?: string[] }[],
  ({ came, asked, undo }) => assert.equal(decodableCodings(came, asked), undo),
);

negotiate("the number of codings is a limit", () => {
  assert.is(decodableCodings(["br, gzip"], MORE, 1), undefined);
  assert.equal(decodableCodings(["br, gzip"], MORE, 2), ["gzip", "br"]);
});
negotiate.run();

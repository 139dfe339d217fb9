// Whatever a program calls a body becomes one; only what is in memory has a length and can be got again.
import { Readable } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BodyLike, bodyFrom, noBody } from "../../lib/message/mod.ts";
import { bytes, rejects, table, throwsCode } from "../kit.ts";
import { contentOf, streamed } from "./feeds.ts";

const memory = suite("bodyFrom, in memory");

table(
  memory,
  [
    { name: "text as UTF-8", value: "hé\ud800", expect: "h\xc3\xa9\xef\xbf\xbd" },
    { name: "bytes", value: bytes("ab\xff"), expect: "ab\xff" },
    { name: "a part of a buffer", value: bytes("xabx").subarray(1, 3), expect: "ab" },
    { name: "an ArrayBuffer", value: bytes("ab").buffer, expect: "ab" },
    { name: "another view", value: new DataView(bytes("xab").buffer, 1), expect: "ab" },
    { name: "a Node buffer", value: Buffer.from("ab"), expect: "ab" },
    {
      name: "a form",
      value: new URLSearchParams({ a: "b c", d: "é" }),
      expect: "a=b+c&d=%C3%A9",
      type: "application/x-www-form-urlencoded",
    },
    {
      name: "a Blob with its type",
      value: new Blob(["ab", "c"], { type: "x/y" }),
      expect: "abc",
      type: "x/y",
    },
    { name: "a Blob without one", value: new Blob(["ab"]), expect: "ab" },
    { name: "what a function gives", value: () => "ab", expect: "ab" },
  ] as { name: string; value: BodyLike; expect: string; type?: string }[],
  async ({ value, expect, type }) => {
    const out = bodyFrom(value);
    assert.is(out.length, expect.length);
    assert.is(out.body.length, expect.length);
    assert.is(out.contentType, type);
    assert.is(await contentOf(out.body), expect);
    assert.is(await contentOf(out.getBody!()), expect, "again");
    assert.is(await contentOf(out.getBody!()), expect, "and again");
  },
);

memory("what is empty is no body", () => {
  for (const value of [
    undefined,
    noBody,
    "",
    new Uint8Array(0),
    new URLSearchParams(),
    new Blob([]),
    () => "",
  ]) {
    const out = bodyFrom(value);
    assert.is(out.body, noBody);
    assert.is(out.length, 0);
  }
});

memory("more than 1 MiB can be read back without saying so", async () => {
  assert.is((await bodyFrom("x".repeat(2_000_000)).body.bytes()).length, 2_000_000);
});

memory("bytes are not copied", async () => {
  const piece = bytes("abc");
  assert.is(await bodyFrom(piece).body.next(), piece);
});
memory.run();

const stream = suite("bodyFrom, streams");

function webStream(...pieces: unknown[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

table(
  stream,
  [
    {
      name: "a Node stream",
      value: () => Readable.from([Buffer.from("ab"), "é"], { objectMode: true }),
    },
    { name: "a web stream", value: () => webStream(bytes("ab"), "é") },
    {
      name: "a web stream that cannot be iterated",
      value: () => ({ getReader: () => webStream(bytes("ab"), "é").getReader() }),
    },
    { name: "an array", value: () => ["ab", "", bytes("\xc3\xa9")] },
    {
      name: "a generator",
      value: () =>
        (function* () {
          yield "ab";
          yield new Uint8Array(0);
          yield "é";
        })(),
    },
    {
      name: "an async generator",
      value: () =>
        (async function* () {
          yield bytes("ab").buffer;
          yield "é";
        })(),
    },
    { name: "a Body", value: () => streamed("ab", "\xc3\xa9") },
  ] as { name: string; value: () => BodyLike }[],
  async ({ value }) => {
    const out = bodyFrom(value());
    assert.is(out.length, undefined);
    assert.is(out.getBody, undefined, "comes only once");
    assert.is(await contentOf(out.body), "ab\xc3\xa9");
    const again = bodyFrom(value);
    assert.is(await contentOf(again.body), "ab\xc3\xa9");
    assert.is(await contentOf(again.getBody!()), "ab\xc3\xa9", "a function gives it again");
  },
);

stream("an empty piece is never handed out: it would look like an end", async () => {
  const sizes: number[] = [];
  for await (const piece of bodyFrom(["", "a", new Uint8Array(0)]).body) sizes.push(piece.length);
  assert.equal(sizes, [1]);
});

stream("pieces are asked for one at a time, and not ahead", async () => {
  let asked = 0;
  const pieces = (function* () {
    for (;;) yield String(asked++);
  })();
  const { body } = bodyFrom(pieces);
  assert.is(asked, 0);
  await body.next();
  assert.is(asked, 1);
});

stream("cancelling tells whoever makes the pieces, however that fails", async () => {
  let told = 0;
  const pieces = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: "a" }),
      return: () => {
        told += 1;
        return Promise.reject(new Error("unheard"));
      },
    }),
  };
  const { body } = bodyFrom(pieces as AsyncIterable<string>);
  await body.next();
  body.cancel();
  assert.is(told, 1);
  await rejects(body.next(), "body-used");
});

stream("cancelling reaches a web stream", async () => {
  let reason: unknown = "none";
  const source = new ReadableStream({ cancel: (why) => void (reason = why) });
  bodyFrom({ getReader: () => source.getReader() }).body.cancel();
  await Promise.resolve();
  assert.is(reason, undefined);
});
stream.run();

const bad = suite("bodyFrom refuses");

table(
  bad,
  [
    { name: "a number", value: 7 },
    { name: "null", value: null },
    { name: "a plain object", value: { a: 1 } },
    { name: "a promise", value: () => Promise.resolve("a") },
    { name: "FormData, so far", value: new FormData() },
  ],
  ({ value }) => {
    throwsCode(() => bodyFrom(value as BodyLike), "unsupported-body");
  },
);

bad("a piece that is neither bytes nor text, and tells the maker", async () => {
  let ended = false;
  const pieces = (function* () {
    try {
      yield "ok";
      yield 7;
    } finally {
      ended = true;
    }
  })();
  const { body } = bodyFrom(pieces);
  await rejects(body.bytes(), "unsupported-body");
  assert.is(ended, true);
});
bad.run();

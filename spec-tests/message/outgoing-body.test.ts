// Whatever a program calls a body becomes one; only what is in memory has a length and can be got again.
import { Readable } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BodyLike, Request, bodyFrom, noBody } from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
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

const form = suite("bodyFrom, FormData");

/** The entries with the boundary written as B; made twice from what `getBody` gives, as for a redirect. */
async function framed(value: BodyLike): Promise<string> {
  const out = bodyFrom(value);
  const boundary = /^multipart\/form-data; boundary=(----barewire-form-[0-9a-f]{32})$/.exec(
    out.contentType ?? "",
  )?.[1];
  assert.ok(boundary, out.contentType);
  const first = await contentOf(out.body);
  assert.is(out.length, first.length, "the length is known before");
  assert.is(out.body.length, first.length);
  assert.is(await contentOf(out.getBody!()), first, "it can be sent again");
  return first.replaceAll(boundary, "B");
}

function formOf(...entries: [string, string | Blob, string?][]): FormData {
  const data = new FormData();
  for (const [name, value, filename] of entries) {
    if (typeof value === "string") data.append(name, value);
    else if (filename === undefined) data.append(name, value);
    else data.append(name, value, filename);
  }
  return data;
}

table(
  form,
  [
    { name: "without entries is one boundary", value: formOf(), expect: "--B--\r\n" },
    {
      name: "texts are UTF-8, their line ends CRLF",
      section: "HTML §4.10.21.8",
      value: formOf(["a", "h\u00e9\nx\ry\r\nz"], ["b", ""]),
      expect:
        '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nh\xc3\xa9\r\nx\r\ny\r\nz\r\n' +
        '--B\r\nContent-Disposition: form-data; name="b"\r\n\r\n\r\n--B--\r\n',
    },
    {
      name: "names and filenames are escaped as browsers do",
      section: "HTML §4.10.21.8",
      value: formOf(['q"\n', new Blob(["1"], { type: "x/y" }), 'f"\r\n\u00e9\\']),
      expect:
        '--B\r\nContent-Disposition: form-data; name="q%22%0D%0A"; filename="f%22%0D%0A\xc3\xa9\\"\r\n' +
        "Content-Type: x/y\r\n\r\n1\r\n--B--\r\n",
    },
    {
      name: "files keep their octets, between texts and side by side",
      value: formOf(["f", new Blob([bytes("\r\n\xff")])], ["g", new Blob([]), "empty"], ["a", "b"]),
      expect:
        '--B\r\nContent-Disposition: form-data; name="f"; filename="blob"\r\n' +
        "Content-Type: application/octet-stream\r\n\r\n\r\n\xff\r\n" +
        '--B\r\nContent-Disposition: form-data; name="g"; filename="empty"\r\n' +
        "Content-Type: application/octet-stream\r\n\r\n\r\n" +
        '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--B--\r\n',
    },
  ] as { name: string; section?: string; value: FormData; expect: string }[],
  async ({ value, expect }) => {
    assert.is(await framed(value), expect);
  },
);

form("what comes out is read back by our own parser", async () => {
  const value = formOf(["a", "1"], ["f", new Blob(["22"], { type: "text/x" }), "n.txt"]);
  const out = bodyFrom(value);
  const header = new Header({ "Content-Type": out.contentType! });
  const r = new Request({ method: "POST", target: "/", host: "a", header, body: out.body });
  const { files } = await r.parseMultipartForm();
  assert.is(r.form.get("a"), "1");
  assert.is(files.get("f")?.[0]?.filename, "n.txt");
  assert.is(files.get("f")?.[0]?.size, 2);
});

form("no two forms have the same boundary", () => {
  const types = [bodyFrom(formOf()).contentType, bodyFrom(formOf()).contentType];
  assert.is.not(types[0], types[1]);
});

form("a platform without good random octets gets others", async () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, "crypto")!;
  Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
  try {
    assert.is(await framed(formOf()), "--B--\r\n");
  } finally {
    Object.defineProperty(globalThis, "crypto", real);
  }
});

form("what is added later is not sent", async () => {
  const value = formOf(["a", "1"]);
  const out = bodyFrom(value);
  value.append("b", "2");
  assert.is((await out.body.bytes()).length, out.length);
  assert.is((await out.getBody!().bytes()).length, out.length);
});
form.run();

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
    {
      name: "a form with something else than text and files",
      value: Object.assign([["a", 7]], { [Symbol.toStringTag]: "FormData" }),
    },
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

// Requests are read by syntax and framing, whatever way they come; their bodies end where they end.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader } from "../../lib/bufio/mod.ts";
import { type ReadOptions, type Request, noBody, readRequest } from "../../lib/message/mod.ts";
import { REQUEST_LIMITS } from "../../lib/wire/mod.ts";
import { bytes, rejects, table, text } from "../kit.ts";
import { contentOf, everyWay, everyWayFails, piped } from "./feeds.ts";

const NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

async function read(reader: Reader, options?: ReadOptions): Promise<Request> {
  const request = await readRequest(reader, options);
  assert.ok(request !== undefined, "there is a request");
  return request;
}

const good = suite("readRequest takes");

interface Expected {
  readonly method?: string;
  readonly target?: string;
  readonly path?: string;
  readonly rawQuery?: string;
  readonly host?: string;
  readonly proto?: string;
  readonly close?: boolean;
  readonly contentLength?: number | undefined;
  readonly transferEncoding?: readonly string[];
  readonly body?: string;
  readonly header?: readonly (readonly [string, string])[];
  readonly trailer?: readonly (readonly [string, string])[];
}

const rows: { name: string; section?: string; input: string; expect: Expected }[] = [
  {
    name: "a plain GET",
    input: "GET /a%20b?q=1&r HTTP/1.1\r\nHost: a.example:80\r\nX-Y: z\r\n\r\n",
    expect: {
      method: "GET",
      target: "/a%20b?q=1&r",
      path: "/a b",
      rawQuery: "q=1&r",
      host: "a.example:80",
      proto: "HTTP/1.1",
      close: false,
      contentLength: 0,
      body: "",
      header: [["X-Y", "z"]],
    },
  },
  {
    name: "a body with a length, and keeps the field",
    section: "9112 §6.2",
    input: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    expect: {
      contentLength: 5,
      body: "hello",
      transferEncoding: [],
      header: [["Content-Length", "5"]],
    },
  },
  {
    name: "a chunked body with extensions and trailers, and takes the framing fields away",
    section: "9112 §7.1",
    input:
      "POST / HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n3;x=y\r\nabc\r\n0004\r\ndefg\r\n0\r\nX-Sum: 7\r\nx-late: 8\r\n\r\n",
    expect: {
      contentLength: undefined,
      body: "abcdefg",
      transferEncoding: ["chunked"],
      header: [["A", "b"]],
      trailer: [
        ["X-Sum", "7"],
        ["x-late", "8"],
      ],
    },
  },
  {
    name: "a trailer section without the fields that may not come there",
    section: "9110 §6.5.1",
    input:
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\nAuthorization: Basic x\r\nX: 1\r\n\r\n",
    expect: { body: "", trailer: [["X", "1"]] },
  },
  {
    name: "an absolute target, whose authority wins over Host",
    section: "9112 §3.2.2",
    input: "GET http://b.example/x?y HTTP/1.1\r\nHost: a.example\r\n\r\n",
    expect: { target: "http://b.example/x?y", host: "b.example", path: "/x", rawQuery: "y" },
  },
  {
    name: "CONNECT with its authority as host",
    section: "9112 §3.2.3",
    input: "CONNECT a:443 HTTP/1.1\r\n\r\n",
    expect: { method: "CONNECT", host: "a:443", path: "" },
  },
  {
    name: "OPTIONS *",
    section: "9112 §3.2.4",
    input: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    expect: { target: "*", path: "" },
  },
  {
    name: "HTTP/1.0 without Host, to be closed",
    input: "GET / HTTP/1.0\r\n\r\n",
    expect: { proto: "HTTP/1.0", host: "", close: true },
  },
  {
    name: "HTTP/1.0 that wants to stay",
    input: "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
    expect: { close: false },
  },
  {
    name: "a request that wants to close",
    input: "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n",
    expect: { close: true, header: [["Connection", "x, close"]] },
  },
  {
    name: "a target that is no path but //",
    input: "GET //user@host/x HTTP/1.1\r\nHost: test\r\n\r\n",
    expect: { host: "test", path: "//user@host/x" },
  },
];

table(good, rows, async ({ input, expect }) => {
  await everyWay(input + NEXT, async (reader) => {
    const request = await read(reader);
    const { body, header, trailer, ...values } = expect;
    for (const [name, value] of Object.entries(values)) {
      assert.equal(request[name as keyof Request], value, name);
    }
    if (header !== undefined) assert.equal([...request.header], header, "header");
    assert.is(await contentOf(request.body), body ?? "", "body");
    if (trailer !== undefined) assert.equal([...request.trailer], trailer, "trailer");
    assert.is((await read(reader)).target, "/next", "the next request is whole");
    assert.is(await readRequest(reader), undefined, "and then comes the end");
  });
});

good("a request without a body has noBody", async () => {
  assert.is((await read(Reader.of(bytes(NEXT)))).body, noBody);
});

good("nothing at all is no request", async () => {
  assert.is(await readRequest(Reader.of(bytes(""))), undefined);
  assert.is(await readRequest(piped([bytes("\r\n")])), undefined, "an empty line is nothing");
});

good("pieces of a body belong to the receiver, also when they were lent", async () => {
  const body = "0123456789".repeat(3000);
  const input = bytes(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const request = await read(piped([input], 700));
  const pieces: Uint8Array[] = [];
  for await (const piece of request.body) pieces.push(piece);
  assert.ok(pieces.length > 10, "it came in pieces");
  assert.is(pieces.map(text).join(""), body);
});

good(
  "a chunk that comes in parts is handed on in parts, never in wholes that have to wait",
  async () => {
    const reader = piped([
      bytes("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
      bytes("ff\r\nabc"),
    ]);
    const request = await read(reader);
    assert.is(text((await request.body.next())!), "abc");
  },
);

good("with profile go, bare LF, folds and equal lengths", async () => {
  const input = "POST / HTTP/1.1\nHost: a\nX: a\n b\nContent-Length: 2\nContent-Length: 2\n\nok";
  const request = await read(Reader.of(bytes(input)), { profile: "go" });
  assert.is(request.header.get("x"), "a b");
  assert.equal(request.header.values("content-length"), ["2"]);
  assert.is(await contentOf(request.body), "ok");
});

good("with profile go, chunked beside a length, which is removed", async () => {
  const input =
    "POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  const request = await read(Reader.of(bytes(input)), { profile: "go" });
  assert.is(request.header.has("content-length"), false);
  assert.is(request.close, true);
});
good.run();

const bad = suite("readRequest refuses");

const refused: { name: string; section?: string; input: string; code: string }[] = [
  {
    name: "a head that stops in the middle",
    input: "GET / HTTP/1.1\r\nHost",
    code: "truncated-head",
  },
  {
    name: "two Host lines",
    section: "9112 §3.2",
    input: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    code: "duplicate-host",
  },
  {
    name: "a target with a broken escape",
    input: "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
    code: "bad-target",
  },
  {
    name: "chunked beside a length",
    section: "9112 §6.1",
    input: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    code: "transfer-encoding-with-content-length",
  },
  {
    name: "an announced trailer that decides framing",
    input:
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n",
    code: "forbidden-trailer",
  },
  { name: "HTTP/2", input: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", code: "unsupported-version" },
];

table(bad, refused, ({ input, code }) => everyWayFails(input, readRequest, code));

const brokenBodies: { name: string; input: string; code: string }[] = [
  {
    name: "a body that is too short",
    input: "Content-Length: 5\r\n\r\nhell",
    code: "truncated-body",
  },
  {
    name: "a chunked body that stops in its data",
    input: "Transfer-Encoding: chunked\r\n\r\n5\r\nhell",
    code: "truncated-body",
  },
  {
    name: "a chunked body without its last chunk",
    input: "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
    code: "truncated-body",
  },
  {
    name: "a chunked body without the end of its trailers",
    input: "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n",
    code: "truncated-body",
  },
  {
    name: "a chunk size that is none",
    input: "Transfer-Encoding: chunked\r\n\r\nx\r\n",
    code: "bad-chunk-size",
  },
  {
    name: "bare LF between chunks",
    input: "Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
    code: "bad-chunk-end",
  },
];

table(bad, brokenBodies, async ({ input, code }) => {
  const readAll = async (reader: Reader): Promise<string> => contentOf((await read(reader)).body);
  await everyWayFails(`POST / HTTP/1.1\r\nHost: a\r\n${input}`, readAll, code);
});

bad("heads beyond the limits given", async () => {
  const limits = { ...REQUEST_LIMITS, maxHeaderBytes: 30 };
  const input = "GET / HTTP/1.1\r\nHost: a.example.org\r\n\r\n";
  await rejects(readRequest(Reader.of(bytes(input)), { limits }), "head-too-large");
});

bad("bodies beyond maxBodyBytes, where the whole is asked for", async () => {
  const input =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const request = await read(Reader.of(bytes(input)), { maxBodyBytes: 2 });
  await rejects(request.body.bytes(), "body-too-large");
});

bad("a connection that breaks off, with its own error", async () => {
  const reader = piped([bytes("GET / HT")]);
  const reading = readRequest(reader);
  await rejects(reading, "truncated-head");
});
bad.run();

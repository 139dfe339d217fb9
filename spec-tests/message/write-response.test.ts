// Responses go out in Go's order, checked as a whole before the first octet; unknown lengths end with the connection.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader, Writer } from "../../lib/bufio/mod.ts";
import {
  Body,
  Response,
  type ResponseParts,
  bodyFrom,
  readResponse,
  writeResponse,
} from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { SpyConn } from "../bufio/spy-conn.ts";
import { bytes, rejects, table } from "../kit.ts";
import { HandSource, requestWith, streamed, written } from "./feeds.ts";

const HEAD = requestWith({ method: "HEAD" });

const good = suite("writeResponse sends");

const rows: { name: string; section?: string; parts: () => ResponseParts; expect: string }[] = [
  {
    name: "nothing but a status, with its empty length",
    parts: () => ({ status: 200 }),
    expect: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "a reason of its own",
    parts: () => ({ status: 299, statusText: "So so" }),
    expect: "HTTP/1.1 299 So so\r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "a status that nobody knows, with an empty reason",
    parts: () => ({ status: 799 }),
    expect: "HTTP/1.1 799 \r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "a body in memory with its length, in the caller's order",
    parts: () => ({
      status: 200,
      body: bodyFrom("abc").body,
      header: new Header([
        ["Zeta", "1"],
        ["content-length", "9"],
        ["Alpha", "2"],
      ]),
    }),
    expect: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nZeta: 1\r\nAlpha: 2\r\n\r\nabc",
  },
  {
    name: "an unknown length until the end of the connection, and says so",
    parts: () => ({ status: 200, body: streamed("ab", "c") }),
    expect: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc",
  },
  {
    name: "the same on HTTP/1.0, where it goes without saying",
    parts: () => ({ status: 200, versionMinor: 0, body: streamed("abc") }),
    expect: "HTTP/1.0 200 OK\r\n\r\nabc",
  },
  {
    name: "chunked where it is asked for, with trailers",
    parts: () => ({
      status: 200,
      body: streamed("ab", "c"),
      transferEncoding: ["chunked"],
      trailer: new Header({ X: "1" }),
    }),
    expect:
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX: 1\r\n\r\n",
  },
  {
    name: "never chunked on HTTP/1.0",
    section: "9112 §6.1",
    parts: () => ({
      status: 200,
      versionMinor: 0,
      body: streamed("abc"),
      transferEncoding: ["chunked"],
    }),
    expect: "HTTP/1.0 200 OK\r\n\r\nabc",
  },
  {
    name: "close, once",
    parts: () => ({ status: 200, close: true, header: new Header({ Connection: "close" }) }),
    expect: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
  },
  {
    name: "204 without any framing",
    section: "9110 §8.6",
    parts: () => ({
      status: 204,
      transferEncoding: ["chunked"],
      header: new Header({ "Content-Length": "0" }),
    }),
    expect: "HTTP/1.1 204 No Content\r\n\r\n",
  },
  {
    name: "100 without any framing",
    parts: () => ({ status: 100 }),
    expect: "HTTP/1.1 100 Continue\r\n\r\n",
  },
  {
    name: "304 with the length that GET would have got",
    parts: () => ({ status: 304, contentLength: 7 }),
    expect: "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
  },
  {
    name: "304 without a length",
    parts: () => ({ status: 304, contentLength: 0 }),
    expect: "HTTP/1.1 304 Not Modified\r\n\r\n",
  },
  {
    name: "the answer to HEAD with a length and no body",
    parts: () => ({ status: 200, request: HEAD, contentLength: 7, body: streamed("unsent") }),
    expect: "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n",
  },
  {
    name: "the answer to HEAD, chunked",
    parts: () => ({ status: 200, request: HEAD, transferEncoding: ["chunked"] }),
    expect: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
  },
  {
    name: "the answer to HEAD of unknown length",
    parts: () => ({ status: 200, request: HEAD }),
    expect: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
  },
  {
    name: "the answer to HEAD, 204",
    parts: () => ({ status: 204, request: HEAD, contentLength: 5 }),
    expect: "HTTP/1.1 204 No Content\r\n\r\n",
  },
  {
    name: "the answer to CONNECT",
    section: "9110 §9.3.6",
    parts: () => ({ status: 200, request: requestWith({ method: "CONNECT", target: "a:1" }) }),
    expect: "HTTP/1.1 200 OK\r\n\r\n",
  },
  {
    name: "a version above 1.1 as 1.1",
    section: "9112 §2.3",
    parts: () => ({ status: 200, versionMinor: 3 }),
    expect: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  },
];

table(good, rows, async ({ parts, expect }) => {
  const out = await written((writer) => writeResponse(writer, new Response(parts())));
  assert.is(out.error, undefined);
  assert.is(out.text, expect);
});

good("what was read, as it was read", async () => {
  for (const input of [
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nB: 1\r\nA: 2\r\n\r\nabc",
    "HTTP/1.0 404 Nope\r\nConnection: close\r\nX: \xe9\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nX: y\r\n\r\n",
  ]) {
    const response = (await readResponse(Reader.of(bytes(input))))!;
    assert.is((await written((writer) => writeResponse(writer, response))).text, input);
  }
});

good("head and body in memory in one write", async () => {
  const out = await written((writer) =>
    writeResponse(writer, new Response({ status: 200, body: bodyFrom("x").body })),
  );
  assert.is(out.writes, 1);
});

good("without reading the body that HEAD leaves out", async () => {
  const source = new HandSource();
  await written((writer) =>
    writeResponse(writer, new Response({ status: 200, request: HEAD, body: new Body(source) })),
  );
  assert.is(source.cancelled.length, 1);
});
good.run();

const bad = suite("writeResponse refuses before the first octet");

table(
  bad,
  [
    { name: "a status below 100", parts: { status: 7 }, code: "bad-status" },
    { name: "a status that is no number", parts: { status: Number.NaN }, code: "bad-status" },
    {
      name: "a reason with a line end",
      parts: { status: 200, statusText: "a\r\nb" },
      code: "bad-reason",
    },
    {
      name: "a value with a line end",
      parts: { status: 200, header: new Header({ A: "b\nc" }) },
      code: "bad-field-value",
    },
    {
      name: "a field name with a blank",
      parts: { status: 200, header: new Header([["a b", "c"]]) },
      code: "bad-field-name",
    },
    {
      name: "a trailer name with a line end",
      parts: { status: 200, transferEncoding: ["chunked"], trailer: new Header([["A\r\nB", "c"]]) },
      code: "bad-field-name",
    },
    {
      name: "204 with a body",
      parts: { status: 204, body: bodyFrom("a").body },
      code: "body-not-allowed",
    },
    {
      name: "304 with a stream",
      parts: { status: 304, body: streamed("a") },
      code: "body-not-allowed",
    },
    {
      name: "a length that is not the body's",
      parts: { status: 200, contentLength: 2, body: bodyFrom("abc").body },
      code: "content-length-mismatch",
    },
    {
      name: "another transfer coding",
      parts: { status: 200, transferEncoding: ["gzip"] },
      code: "framing-unsafe",
    },
  ],
  async ({ parts, code }) => {
    const conn = new SpyConn();
    const writer = new Writer(conn);
    await rejects(writeResponse(writer, new Response(parts)), code);
    writer.flush();
    assert.is(conn.written, "");
  },
);

bad("a stream that is too short is told after what it had", async () => {
  const out = await written((writer) =>
    writeResponse(writer, new Response({ status: 200, contentLength: 5, body: streamed("abc") })),
  );
  assert.is((out.error as { code: string }).code, "content-length-mismatch");
  assert.match(out.text, /\r\n\r\nabc$/);
});
bad.run();

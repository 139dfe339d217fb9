// Requests go out in Go's order, checked as a whole before the first octet, with a body as long as they say.
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { IoError, Reader, Writer, pipe } from "../../lib/bufio/mod.ts";
import {
  Body,
  DEFAULT_USER_AGENT,
  type RequestParts,
  type WriteRequestOptions,
  bodyFrom,
  noBody,
  readRequest,
  requestHead,
  writeRequest,
} from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { SpyConn } from "../bufio/spy-conn.ts";
import { bytes, rejects, table, withDeadline } from "../kit.ts";
import { HandSource, contentOf, requestWith, streamed, written } from "./feeds.ts";

const good = suite("writeRequest sends");

type Parts = Partial<RequestParts>;

const rows: {
  name: string;
  section?: string;
  parts: () => Parts;
  options?: WriteRequestOptions;
  expect: string;
}[] = [
  {
    name: "a GET with the default agent",
    parts: () => ({}),
    expect: `GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: ${DEFAULT_USER_AGENT}\r\n\r\n`,
  },
  {
    name: "the agent of the program",
    parts: () => ({}),
    options: { userAgent: "x" },
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\n\r\n",
  },
  {
    name: "the agent of the request, in its place",
    parts: () => ({
      header: new Header([
        ["A", "1"],
        ["user-agent", "y"],
      ]),
    }),
    options: { userAgent: "x" },
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: y\r\nA: 1\r\n\r\n",
  },
  {
    name: "no agent when the field is empty",
    parts: () => ({ header: new Header({ "User-Agent": "" }) }),
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
  },
  {
    name: "the caller's order and spelling, without what is made here",
    parts: () => ({
      header: new Header([
        ["zeta", "1"],
        ["HOST", "no"],
        ["Alpha", "2"],
        ["content-length", "99"],
        ["Transfer-Encoding", "gzip"],
        ["Trailer", "X"],
        ["zeta", "3"],
      ]),
    }),
    options: { userAgent: "" },
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\nzeta: 1\r\nAlpha: 2\r\nzeta: 3\r\n\r\n",
  },
  {
    name: "a body in memory with its length",
    parts: () => ({ method: "POST", body: bodyFrom("héllo").body }),
    options: { userAgent: "" },
    expect: "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 6\r\n\r\nh\xc3\xa9llo",
  },
  {
    name: "an empty body of a method that usually has one",
    parts: () => ({ method: "PUT" }),
    options: { userAgent: "" },
    expect: "PUT / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n\r\n",
  },
  {
    name: "no length for an empty body of any other method",
    parts: () => ({ method: "DELETE", contentLength: 0 }),
    options: { userAgent: "" },
    expect: "DELETE / HTTP/1.1\r\nHost: a.example\r\n\r\n",
  },
  {
    name: "a stream chunked, without empty chunks",
    parts: () => ({ method: "POST", body: streamed("ab", "", "cde") }),
    options: { userAgent: "" },
    expect:
      "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n",
  },
  {
    name: "a stream whose length is known as it is",
    parts: () => ({ method: "POST", body: streamed("ab", "c"), contentLength: 3 }),
    options: { userAgent: "" },
    expect: "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc",
  },
  {
    name: "chunked where it is asked for",
    parts: () => ({
      method: "POST",
      body: bodyFrom("abc").body,
      transferEncoding: ["chunked"],
      contentLength: 3,
    }),
    options: { userAgent: "" },
    expect:
      "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  },
  {
    name: "nothing chunked where there is no body",
    parts: () => ({ transferEncoding: ["chunked"] }),
    options: { userAgent: "" },
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
  },
  {
    name: "trailers, announced",
    section: "9110 §6.6.2",
    parts: () => ({
      method: "POST",
      body: streamed("a"),
      trailer: new Header([
        ["X", "1"],
        ["Y", "2"],
        ["x", "3"],
      ]),
    }),
    options: { userAgent: "" },
    expect:
      "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\nTrailer: X, Y\r\n\r\n1\r\na\r\n0\r\nX: 1\r\nY: 2\r\nx: 3\r\n\r\n",
  },
  {
    name: "no trailers where the framing cannot carry them",
    parts: () => ({ method: "POST", body: bodyFrom("a").body, trailer: new Header({ X: "1" }) }),
    options: { userAgent: "" },
    expect: "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n\r\na",
  },
  {
    name: "close, once",
    parts: () => ({ close: true, header: new Header({ Connection: "x, Close" }) }),
    options: { userAgent: "" },
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: x, Close\r\n\r\n",
  },
  {
    name: "close beside other options",
    parts: () => ({ close: true, header: new Header({ Connection: "x" }) }),
    options: { userAgent: "" },
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nConnection: x\r\n\r\n",
  },
  {
    name: "an empty Host where there is none",
    section: "9112 §3.2",
    parts: () => ({ host: "" }),
    options: { userAgent: "" },
    expect: "GET / HTTP/1.1\r\nHost: \r\n\r\n",
  },
  {
    name: "no zone of an address",
    section: "6874 §1",
    parts: () => ({ host: "[fe80::1%25en0]:80" }),
    options: { userAgent: "" },
    expect: "GET / HTTP/1.1\r\nHost: [fe80::1]:80\r\n\r\n",
  },
  {
    name: "a request that came as HTTP/1.0 as HTTP/1.1",
    parts: () => ({ versionMinor: 0 }),
    options: { userAgent: "" },
    expect: "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
  },
];

table(good, rows, async ({ parts, options, expect }) => {
  const out = await written((writer) => writeRequest(writer, requestWith(parts()), options));
  assert.is(out.error, undefined);
  assert.is(out.text, expect);
  assert.is(
    requestHead(requestWith(parts()), options).text,
    expect.slice(0, expect.indexOf("\r\n\r\n") + 4),
  );
});

good("head and body in memory in one write", async () => {
  const out = await written((writer) =>
    writeRequest(writer, requestWith({ method: "POST", body: bodyFrom("x").body })),
  );
  assert.is(out.writes, 1);
});

good(
  "the head of a slow body at once, and each piece as it comes",
  withDeadline(1000, async () => {
    const source = new HandSource();
    const conn = new SpyConn();
    const request = requestWith({ method: "POST", body: new Body(source) });
    const sending = writeRequest(new Writer(conn), request, { userAgent: "" });
    assert.match(conn.written, /chunked\r\n\r\n$/);
    source.give("abc");
    await Promise.resolve();
    await Promise.resolve();
    assert.match(conn.written, /\r\n\r\n3\r\nabc\r\n$/);
    request.trailer.set("X-Late", "1");
    source.end();
    await sending;
    assert.match(conn.written, /abc\r\n0\r\nX-Late: 1\r\n\r\n$/);
  }),
);

good("what readRequest understands", async () => {
  const [near, far] = pipe();
  const reader = new Reader(far);
  far.start(reader);
  const request = requestWith({
    method: "POST",
    target: "/p?q",
    body: streamed("ab", "c"),
    trailer: new Header({ X: "1" }),
  });
  await writeRequest(new Writer(near), request);
  const read = (await readRequest(reader))!;
  assert.equal([read.method, read.target, read.host], ["POST", "/p?q", "a.example"]);
  assert.is(await contentOf(read.body), "abc");
  assert.is(read.trailer.get("x"), "1");
});
good.run();

const target = suite("writeRequest and its target");

table(
  target,
  [
    { name: "origin form stays", target: "/x?y", origin: "/x?y", absolute: "/x?y" },
    {
      name: "absolute form is cut for servers",
      target: "http://a.example/x?y",
      origin: "/x?y",
      absolute: "http://a.example/x?y",
    },
    {
      name: "an empty path is the root",
      target: "http://a.example?y",
      origin: "/?y",
      absolute: "http://a.example/?y",
    },
    {
      name: "user information is never sent",
      target: "http://u:p@a.example/",
      origin: "/",
      absolute: "http://a.example/",
    },
    {
      name: "target and Host name the same host",
      target: "http://b.example/",
      origin: "/",
      absolute: "http://a.example/",
    },
    { name: "the server itself", method: "OPTIONS", target: "*", origin: "*", absolute: "*" },
    {
      name: "the server itself, by its URL",
      method: "OPTIONS",
      target: "http://a.example",
      origin: "*",
      absolute: "http://a.example",
    },
    {
      name: "the root is not the server",
      method: "OPTIONS",
      target: "http://a.example/",
      origin: "/",
      absolute: "http://a.example/",
    },
    {
      name: "a tunnel",
      method: "CONNECT",
      target: "b.example:443",
      origin: "b.example:443",
      absolute: "b.example:443",
    },
  ],
  ({ method = "GET", target: given, origin, absolute }) => {
    const request = requestWith({ method, target: given });
    const line = (form: "origin" | "absolute" | "as-is"): string | undefined =>
      requestHead(request, { form }).text.split("\r\n")[0];
    assert.is(line("origin"), `${method} ${origin} HTTP/1.1`);
    assert.is(line("absolute"), `${method} ${absolute} HTTP/1.1`);
    assert.is(line("as-is"), `${method} ${given} HTTP/1.1`);
  },
);
target("Host comes from the target where the request names none", () => {
  const request = requestWith({ target: "http://u@b.example:81/x", host: "" });
  assert.match(requestHead(request).text, /^GET \/x HTTP\/1.1\r\nHost: b.example:81\r\n/);
});

target("the default agent tells the version of the package", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  assert.is(DEFAULT_USER_AGENT, `barewire/${version.split(".").slice(0, 2).join(".")}`);
});
target.run();

const bad = suite("writeRequest refuses before the first octet");

table(
  bad,
  [
    { name: "a method that is no token", parts: { method: "G ET" }, code: "bad-method" },
    { name: "a target with a blank", parts: { target: "/ HTTP/1.1\r\nX: y" }, code: "bad-target" },
    { name: "a target above U+00FF", parts: { target: "/\u0100" }, code: "bad-target" },
    { name: "a host with a line end", parts: { host: "a\r\nX: y" }, code: "bad-host" },
    {
      name: "a field name with a colon",
      parts: { header: new Header([["A: b\r\nC", "d"]]) },
      code: "bad-field-name",
    },
    {
      name: "a value with a line end",
      parts: { header: new Header({ A: "b\r\nC: d" }) },
      code: "bad-field-value",
    },
    {
      name: "a value above U+00FF",
      parts: { header: new Header({ A: "\u0100" }) },
      code: "bad-field-value",
    },
    {
      name: "an agent with a line end",
      parts: { header: new Header({ "User-Agent": "a\nb" }) },
      code: "bad-field-value",
    },
    {
      name: "a trailer name that is none",
      parts: { method: "POST", body: streamed("a"), trailer: new Header([["", "x"]]) },
      code: "bad-field-name",
    },
    {
      name: "a trailer value with a line end",
      parts: {
        method: "POST",
        body: streamed("a"),
        trailer: new Header([
          ["X", "ok"],
          ["X", "a\r\nb"],
        ]),
      },
      code: "bad-field-value",
    },
    {
      name: "a trailer that decides framing",
      parts: {
        method: "POST",
        body: streamed("a"),
        trailer: new Header({ "Content-Length": "1" }),
      },
      code: "forbidden-trailer",
    },
    {
      name: "a length without a body",
      parts: { method: "POST", contentLength: 5, body: noBody },
      code: "content-length-mismatch",
    },
    {
      name: "a length that is not the body's",
      parts: { method: "POST", contentLength: 4, body: bodyFrom("12345678").body },
      code: "content-length-mismatch",
    },
    {
      name: "a length that is no number of octets",
      parts: { method: "POST", contentLength: -1, body: streamed("a") },
      code: "content-length-mismatch",
    },
    {
      name: "another transfer coding",
      parts: { method: "POST", body: streamed("a"), transferEncoding: ["gzip", "chunked"] },
      code: "framing-unsafe",
    },
    {
      name: "identity, which frames nothing",
      parts: { method: "POST", body: streamed("a"), transferEncoding: ["identity"] },
      code: "framing-unsafe",
    },
    {
      name: "TRACE with a body",
      section: "9110 §9.3.8",
      parts: { method: "TRACE", body: streamed("a") },
      code: "body-not-allowed",
    },
    {
      name: "CONNECT with a body",
      section: "9110 §9.3.6",
      parts: { method: "CONNECT", target: "a:1", body: bodyFrom("a").body },
      code: "body-not-allowed",
    },
    {
      name: "CONNECT without a port",
      section: "9112 §3.2.3",
      parts: { method: "CONNECT", target: "a" },
      code: "bad-target",
    },
  ],
  async ({ parts, code }) => {
    const conn = new SpyConn();
    const writer = new Writer(conn);
    await rejects(writeRequest(writer, requestWith(parts)), code);
    writer.flush();
    assert.is(conn.written, "");
  },
);
bad.run();

const late = suite("writeRequest that fails on the way");

late("a stream that is too short has sent what it had, and not an end", async () => {
  const out = await written((writer) =>
    writeRequest(writer, requestWith({ method: "POST", body: streamed("hel"), contentLength: 5 })),
  );
  assert.is((out.error as { code: string }).code, "content-length-mismatch");
  assert.match(out.text, /\r\n\r\nhel$/);
});

late("a stream that is too long is cut at the length, and cancelled", async () => {
  const source = new HandSource();
  source.give("hel");
  source.give("lo world");
  const out = await written((writer) =>
    writeRequest(writer, requestWith({ method: "POST", body: new Body(source), contentLength: 5 })),
  );
  assert.is((out.error as { code: string }).code, "content-length-mismatch");
  assert.match(out.text, /\r\n\r\nhello$/);
  assert.is(source.cancelled.length, 1);
});

late("an error of the body comes through, and the chunks have no end", async () => {
  const source = new HandSource();
  source.give("x");
  source.give(new Error("disk"));
  const out = await written((writer) =>
    writeRequest(writer, requestWith({ method: "POST", body: new Body(source) })),
  );
  assert.is((out.error as Error).message, "disk");
  assert.match(out.text, /\r\n\r\n1\r\nx\r\n$/);
});

late("a connection that fails rejects with its error, and the body is cancelled", async () => {
  const source = new HandSource();
  const conn = new SpyConn();
  const writer = new Writer(conn);
  const sending = writeRequest(writer, requestWith({ method: "POST", body: new Body(source) }));
  writer.fail(new IoError("reset"));
  source.give("x");
  await rejects(sending, "reset");
  assert.is(source.cancelled.length, 1);
});

late(
  "a peer that does not read is waited for",
  withDeadline(1000, async () => {
    const conn = new SpyConn();
    let drained = (): void => {};
    conn.drain = () => new Promise((resolve) => (drained = resolve));
    const source = new HandSource();
    source.give("x".repeat(20_000));
    source.end();
    conn.queuedBytes = 1;
    const sending = writeRequest(
      new Writer(conn),
      requestWith({ method: "POST", body: new Body(source) }),
    );
    await Promise.resolve();
    assert.is(source.steps.length, 1, "the end was not asked for yet");
    drained();
    await sending;
    assert.is(source.steps.length, 0);
  }),
);

late("octets above ASCII in a value go out as they are", async () => {
  const out = await written((writer) =>
    writeRequest(writer, requestWith({ header: new Header({ A: "\xe9" }) })),
  );
  assert.is(bytes(out.text).includes(0xe9), true);
});
late.run();

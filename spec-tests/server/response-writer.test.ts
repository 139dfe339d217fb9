/**
 * ResponseWriter: what goes on the wire for what a handler does.
 *
 * Rule of this file: exact octets, whole and byte by byte; errors by their code.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler, ResponseWriter } from "../../lib/server/mod.ts";
import { TestServer, latin1, settle } from "../../lib/testing/mod.ts";
import { rejects, throwsCode, withDeadline } from "../kit.ts";
import {
  DATE,
  DEADLINE_MS,
  type Exchange,
  TEXT,
  answer,
  chunk,
  echoTarget,
  exchanges,
  gate,
  get,
  post,
  quiet,
  refusal,
} from "./tools.ts";

const test = suite("ResponseWriter");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(DEADLINE_MS, fn));

const x = (count: number): string => "x".repeat(count);
const old = (fields = "", target = "/"): string => `GET ${target} HTTP/1.0\r\n${fields}\r\n`;
const head = (target = "/"): string => `HEAD ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const BINARY = "application/octet-stream";

// --- length or chunks -----------------------------------------------------------------------------

const lengths: readonly Exchange[] = [
  {
    name: "nothing written: Content-Length: 0, no type",
    handler: () => undefined,
    send: get(),
    expect: answer(""),
  },
  {
    name: "2,048 bytes get a Content-Length",
    section: "Go: bufferBeforeChunkingSize",
    handler: (w) => void w.write(x(2048)),
    send: get() + get(),
    expect: answer(x(2048)) + answer(x(2048)),
  },
  {
    name: "2,049 bytes are chunked",
    handler: (w) => void w.write(x(2049)),
    send: get() + get(),
    expect: answer(`${chunk(x(2049))}0\r\n\r\n`, { chunked: "chunked" }).repeat(2),
  },
  {
    name: "2,048 bytes in many writes too, strings and bytes mixed",
    handler: async (w) => {
      for (let i = 0; i < 1024; i++) await w.write(i % 2 === 0 ? "xx" : Uint8Array.of(120, 120));
    },
    send: get(),
    expect: answer(x(2048)),
  },
  {
    name: "one byte more makes chunks: what was kept, then the rest",
    handler: async (w) => {
      await w.write(x(2048));
      await w.write("y");
    },
    send: get(),
    expect: answer(`${chunk(x(2048))}${chunk("y")}0\r\n\r\n`, { chunked: "chunked" }),
  },
  {
    name: "a flush sends the head and what was kept",
    handler: async (w) => {
      await w.write("abc");
      await w.flush();
      await w.write("def");
    },
    send: get(),
    expect: answer(`${chunk("abc")}${chunk("def")}0\r\n\r\n`, { chunked: "chunked" }),
  },
  {
    name: "a flush before any body sends the head; there is nothing to sniff",
    handler: async (w) => {
      await w.flush();
      await w.write("abc");
    },
    send: get(),
    expect: answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked", type: "none" }),
  },
  {
    name: "an empty write makes no chunk: it would end the body",
    section: "RFC 9112 §7.1",
    handler: async (w) => {
      await w.flush();
      await w.write("");
      await w.write(new Uint8Array(0));
      await w.flush();
      await w.write("abc");
    },
    send: get() + get("/2"),
    expect: answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked", type: "none" }).repeat(2),
  },
  {
    name: "the handler's Content-Length is sent as it is",
    handler: async (w) => {
      w.header.set("Content-Length", "3000");
      await w.write(x(1500));
      await w.flush();
      await w.write(x(1500));
    },
    send: get() + get(),
    expect: answer(x(3000), { set: "Content-Length: 3000\r\n", length: "none" }).repeat(2),
  },
  {
    name: "1.0 gets no chunks: the end of the connection delimits",
    section: "RFC 9112 §6.3",
    handler: (w) => void w.write(x(2049)),
    send: old(),
    expect: answer(x(2049), { version: 0, length: "none" }),
    end: "ended",
  },
  {
    name: "Transfer-Encoding: identity is until-close",
    section: "Go: identity",
    handler: async (w) => {
      w.header.set("Transfer-Encoding", "identity");
      await w.write("abc");
    },
    send: get(),
    expect: answer("abc", { length: "none", type: "none", connection: "close" }),
    end: "ended",
  },
  {
    name: "Transfer-Encoding: chunked is chunked once",
    handler: async (w) => {
      w.header.set("Transfer-Encoding", "chunked");
      await w.write("abc");
    },
    send: get() + get(),
    expect: answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked", type: "none" }).repeat(2),
  },
  {
    name: "chunked and Content-Length together: never both, and the log says so",
    section: "RFC 9112 §6.2",
    handler: async (w) => {
      w.header.set("Transfer-Encoding", "chunked");
      w.header.set("Content-Length", "3");
      await w.write("abc");
    },
    send: get(),
    expect: answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked", type: "none" }),
    log: ["Transfer-Encoding and Content-Length"],
  },
  {
    name: "a Transfer-Encoding that we do not speak is not sent, and the log says so",
    handler: async (w) => {
      w.header.set("Transfer-Encoding", "gzip");
      await w.write("abc");
    },
    send: get(),
    expect: answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked", type: "none" }),
    log: ["Transfer-Encoding"],
  },
];
exchanges(test, lengths);

// --- too much, too little -------------------------------------------------------------------------

const mismatches: readonly Exchange[] = [
  {
    name: "too little: logged, and the connection closed",
    handler: (w) => {
      w.header.set("Content-Length", "5");
      void w.write("abc");
    },
    send: get() + get(),
    expect: answer("abc", { set: "Content-Length: 5\r\n", length: "none" }),
    end: "ended",
    log: ["3 of 5"],
  },
  {
    name: "too much: the write that goes beyond rejects, nothing of it is sent",
    section: "Go: ErrContentLength",
    handler: async (w) => {
      w.header.set("Content-Length", "5");
      await w.write("abc");
      await rejects(w.write("def"), "content-length-mismatch");
    },
    send: get() + get(),
    expect: answer("abc", { set: "Content-Length: 5\r\n", length: "none" }),
    end: "ended",
    log: ["3 of 5"],
  },
  {
    name: "too much after all that was declared: the answer is whole, the connection closed",
    handler: async (w) => {
      w.header.set("Content-Length", "3");
      await w.write("abc");
      await rejects(w.write("d"), "content-length-mismatch");
    },
    send: get() + get(),
    expect: answer("abc", { set: "Content-Length: 3\r\n", length: "none" }),
    end: "ended",
  },
  ...["-1", "0x3", "3, 3", "", "1e1", "99999999999999999999"].map(
    (value): Exchange => ({
      name: `Content-Length ${JSON.stringify(value)} is no number: not sent, logged`,
      handler: (w) => {
        w.header.set("Content-Length", value);
        void w.write("abc");
      },
      send: get(),
      expect: answer("abc"),
      log: ["Content-Length"],
    }),
  ),
  {
    name: "a bad Content-Length does not leave a large body without its end",
    handler: async (w) => {
      w.header.set("Content-Length", "many");
      await w.write(x(3000));
    },
    send: get() + get(),
    expect: answer(`${chunk(x(3000))}0\r\n\r\n`, { chunked: "chunked" }).repeat(2),
    log: ["Content-Length", "Content-Length"],
  },
  {
    name: "two Content-Lengths that differ are not sent: they would desynchronise the peer",
    section: "RFC 9110 §8.6",
    handler: (w) => {
      w.header.add("Content-Length", "3");
      w.header.add("Content-Length", "5");
      void w.write("abc");
    },
    send: get() + get("/2", "Connection: close\r\n"),
    expect: answer("abc") + answer("abc", { connection: "close" }),
    end: "ended",
    log: ["Content-Length", "Content-Length"],
  },
  {
    name: "an omitted Content-Length does not leave the body without its end",
    handler: (w) => {
      w.omit("Content-Length");
      void w.write("abc");
    },
    send: get() + get(),
    expect: answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked" }).repeat(2),
  },
  {
    name: "close in a second Connection line counts",
    section: "RFC 9110 §5.3",
    handler: (w) => {
      w.header.add("Connection", "x");
      w.header.add("Connection", "close");
      void w.write("abc");
    },
    send: get() + get(),
    expect: answer("abc", { set: "Connection: x\r\nConnection: close\r\n" }),
    end: "ended",
  },
];
exchanges(test, mismatches);

// --- statuses -------------------------------------------------------------------------------------

const status =
  (code: number, body = "", more: (w: ResponseWriter) => void = () => undefined): Handler =>
  async (w) => {
    more(w);
    w.writeHeader(code);
    if (body !== "") await w.write(body).catch(() => undefined);
  };

const statuses: readonly Exchange[] = [
  {
    name: "an unknown status says its number",
    section: "Go: writeStatusLine",
    handler: status(299),
    send: get(),
    expect: answer("", { line: "299 status code 299" }),
  },
  {
    name: "a reason of one's own",
    handler: (w) => w.writeHeader(404, { reason: "No Such \xe9" }),
    send: get(),
    expect: answer("", { line: "404 No Such \xe9" }),
  },
  {
    name: "204: no body, no length, no type",
    section: "RFC 9110 §15.3.5, §8.6",
    handler: status(204, "", (w) => w.header.set("Content-Length", "3")),
    send: get() + get(),
    expect: answer("", { line: "204 No Content", length: "none" }).repeat(2),
  },
  {
    name: "304: no body, and no type of its own",
    section: "RFC 9110 §15.4.5",
    handler: status(304, "", (w) => w.header.set("ETag", '"x"')),
    send: get() + get(),
    expect: answer("", { line: "304 Not Modified", set: 'ETag: "x"\r\n', length: "none" }).repeat(2),
  },
  {
    name: "205 is an empty body with a length",
    section: "RFC 9110 §15.3.6",
    handler: status(205),
    send: get(),
    expect: answer("", { line: "205 Reset Content" }),
  },
  {
    name: "interim answers go out at once, may repeat, and keep the fields for the final one",
    section: "RFC 9110 §15.2",
    handler: async (w) => {
      w.header.set("Link", "</a>");
      w.header.set("Content-Length", "1");
      w.writeHeader(103);
      w.writeHeader(103);
      w.header.set("Link", "</b>");
      await w.write("x");
    },
    send: get(),
    expect:
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(2) +
      answer("x", { set: "Link: </b>\r\nContent-Length: 1\r\n", length: "none" }),
  },
  {
    name: "1.0 gets no interim answers",
    section: "RFC 9110 §15.2",
    handler: async (w) => {
      w.writeHeader(103);
      await w.write("x");
    },
    send: old(),
    expect: answer("x", { version: 0 }),
    end: "ended",
  },
  {
    name: "101 is final: no body, no framing, Connection as the handler set it",
    section: "RFC 9110 §15.2.2",
    handler: async (w) => {
      w.header.set("Connection", "Upgrade");
      w.header.set("Upgrade", "x");
      w.writeHeader(101);
    },
    send: get(),
    expect: answer("", {
      line: "101 Switching Protocols",
      set: "Connection: Upgrade\r\nUpgrade: x\r\n",
      length: "none",
    }),
  },
  {
    name: "a second final status is ignored and logged",
    handler: async (w) => {
      w.writeHeader(201);
      w.writeHeader(500);
      await w.write("x");
    },
    send: get(),
    expect: answer("x", { line: "201 Created" }),
    log: ["superfluous writeHeader(500) after 201"],
  },
  {
    name: "after a write too",
    handler: async (w) => {
      await w.write("x");
      w.writeHeader(500);
    },
    send: get(),
    expect: answer("x"),
    log: ["superfluous writeHeader(500) after 200"],
  },
  {
    name: "fields set after writeHeader are not sent",
    section: "Go: Header",
    handler: async (w) => {
      w.header.set("A", "1");
      w.writeHeader(200);
      w.header.set("A", "2");
      w.header.set("B", "3");
      await w.write("x");
    },
    send: get(),
    expect: answer("x", { set: "A: 1\r\n" }),
  },
  {
    name: "a 2xx to CONNECT: no framing, and the connection ends",
    section: "RFC 9110 §9.3.6",
    handler: (w) => w.writeHeader(200),
    send: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    expect: answer("", { length: "none" }),
    end: "ended",
  },
  {
    name: "a CONNECT that is refused gets an ordinary answer and the end",
    handler: async (w) => {
      w.writeHeader(403);
      await w.write("no");
    },
    send: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    expect: answer("no", { line: "403 Forbidden", connection: "close" }),
    end: "ended",
  },
];
exchanges(test, statuses);

it("a write where no body is allowed rejects with body-not-allowed (Go: ErrBodyNotAllowed)", async () => {
  for (const code of [204, 304, 101]) {
    await using server = TestServer.inMemory(async (w) => {
      w.writeHeader(code);
      await rejects(w.write("x"), "body-not-allowed");
      await rejects(w.write(Uint8Array.of(1)), "body-not-allowed");
      await w.write("");
    });
    const { text } = await server.exchange(get());
    assert.equal(server.errors, [], `${code}`);
    assert.match(text, /\r\n\r\n$/);
  }
});

it("a status that is none, and a reason that could break the head, are refused", async () => {
  await using server = TestServer.inMemory((w) => {
    for (const code of [0, 99, 1000, 200.5, NaN, -200]) {
      throwsCode(() => w.writeHeader(code), "bad-status");
    }
    assert.is(w.sent.status, 0);
  });
  await server.exchange(get());
  assert.equal(server.errors, []);
  for (const reason of ["a\r\nb", "a\nb", "\u0100", "\0"]) {
    await using bad = TestServer.inMemory((w) => w.writeHeader(200, { reason }));
    const { text } = await bad.exchange(get());
    assert.match(text, /^HTTP\/1\.1 500 Internal Server Error\r\n/, JSON.stringify(reason));
  }
});

// --- HEAD -----------------------------------------------------------------------------------------

const heads: readonly Exchange[] = [
  {
    name: "HEAD: the head of GET without its body; a small body gives its length",
    section: "RFC 9110 §9.3.2",
    handler: (w) => void w.write("abc"),
    send: head() + head(),
    expect: answer("", { length: 3, type: TEXT }).repeat(2),
  },
  {
    name: "HEAD with nothing written tells no length",
    section: "Go: cw.writeHeader",
    handler: () => undefined,
    send: head() + get(),
    expect: answer("", { length: "none" }) + answer(""),
  },
  {
    name: "HEAD keeps the handler's Content-Length",
    handler: (w) => w.header.set("Content-Length", "12345"),
    send: head() + head(),
    expect: answer("", { set: "Content-Length: 12345\r\n", length: "none" }).repeat(2),
  },
  {
    name: "HEAD with a large body tells no length, and sends nothing of it",
    handler: async (w) => {
      for (let i = 0; i < 10; i++) await w.write(x(1000));
    },
    send: head() + head(),
    expect: answer("", { length: "none", type: TEXT }).repeat(2),
  },
];
exchanges(test, heads);

// --- what is added --------------------------------------------------------------------------------

const added: readonly Exchange[] = [
  {
    name: "the type is sniffed from the first bytes",
    section: "WHATWG mimesniff",
    handler: (w) => void w.write("<!DOCTYPE html><p>"),
    send: get(),
    expect: answer("<!DOCTYPE html><p>", { type: "text/html; charset=utf-8" }),
  },
  {
    name: "bytes are sniffed too",
    handler: (w) => void w.write(Uint8Array.of(0, 1, 2)),
    send: get(),
    expect: answer("\0\x01\x02", { type: BINARY }),
  },
  {
    name: "a type of the handler's own is kept",
    handler: (w) => {
      w.header.set("content-type", "x/y");
      void w.write("abc");
    },
    send: get(),
    expect: answer("abc", { set: "content-type: x/y\r\n", type: "none" }),
  },
  {
    name: "with a Content-Encoding nothing is sniffed",
    handler: (w) => {
      w.header.set("Content-Encoding", "gzip");
      void w.write("abc");
    },
    send: get(),
    expect: answer("abc", { set: "Content-Encoding: gzip\r\n", type: "none" }),
  },
  {
    name: "omit() suppresses what would be added",
    handler: (w) => {
      w.omit("Date");
      w.omit("Content-Type");
      void w.write("abc");
    },
    send: get(),
    expect: answer("abc", { date: "none", type: "none" }),
  },
  {
    name: "a Date of the handler's own is kept",
    section: "RFC 9110 §6.6.1",
    handler: (w) => {
      w.header.set("Date", "Mon, 02 Jan 2006 15:04:05 GMT");
      void w.write("x");
    },
    send: get(),
    expect: answer("x", { set: "Date: Mon, 02 Jan 2006 15:04:05 GMT\r\n", date: "none" }),
  },
  {
    name: "fields keep the handler's order and spelling, also repeated ones",
    handler: (w) => {
      w.header.add("x-b", "2");
      w.header.add("X-A", "1");
      w.header.add("X-B", "3");
      void w.write("x");
    },
    send: get(),
    expect: answer("x", { set: "x-b: 2\r\nX-A: 1\r\nX-B: 3\r\n" }),
  },
];
exchanges(test, added);

it("the Date moves with the clock, once a second", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  for (const [ms, second] of [
    [0, "00"],
    [999, "00"],
    [1, "01"],
  ] as const) {
    server.clock.advance(ms);
    client.send(get());
    assert.match(await client.readUntil("\r\n\r\n/"), `Date: Tue, 01 Jan 2030 00:00:${second} GMT`);
  }
});

// --- trailers -------------------------------------------------------------------------------------

const TRAILED = "Trailer: X-Sum\r\n";

const trailers: readonly Exchange[] = [
  {
    name: "trailers set before the head are announced and sent, and make chunks",
    section: "RFC 9110 §6.5",
    handler: async (w) => {
      w.trailer.set("X-Sum", "?");
      await w.write("abc");
      w.trailer.set("X-Sum", "42");
    },
    send: get() + get(),
    expect: answer(`${chunk("abc")}0\r\nX-Sum: 42\r\n\r\n`, {
      set: TRAILED,
      chunked: "chunked",
    }).repeat(2),
  },
  {
    name: "trailers announced by a Trailer field",
    handler: async (w) => {
      w.header.set("Trailer", "X-Sum");
      await w.write("abc");
      w.trailer.set("X-Sum", "42");
    },
    send: get(),
    expect: answer(`${chunk("abc")}0\r\nX-Sum: 42\r\n\r\n`, { set: TRAILED, chunked: "chunked" }),
  },
  {
    name: "1.0 gets no trailers",
    section: "RFC 9112 §7.1.2",
    handler: async (w) => {
      w.trailer.set("X-Sum", "42");
      await w.write("abc");
    },
    send: old(),
    expect: answer("abc", { version: 0, length: "none" }),
    end: "ended",
  },
  {
    name: "HEAD gets none either, but hears of them",
    handler: async (w) => {
      w.trailer.set("X-Sum", "42");
      await w.write("abc");
    },
    send: head() + get("/2"),
    expect:
      answer("", { set: TRAILED, length: "none", type: TEXT }) +
      answer(`${chunk("abc")}0\r\nX-Sum: 42\r\n\r\n`, { set: TRAILED, chunked: "chunked" }),
  },
  {
    name: "the trailers of a request are there when its body has been read",
    handler: async (w, r) => {
      const before = r.trailer.get("x-sum") ?? "none";
      await r.body.text();
      await w.write(`${before} ${r.trailer.get("x-sum")} ${[...r.trailer].length}`);
    },
    send: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n${chunk("abc")}0\r\nX-Sum: 7\r\n\r\n`,
    expect: answer("none 7 1"),
  },
  {
    name: "forbidden trailers of a request are left out",
    section: "RFC 9110 §6.5.1",
    handler: async (w, r) => {
      await r.body.text();
      await w.write([...r.trailer].map(([name]) => name).join());
    },
    send: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: b\r\nContent-Length: 5\r\nX-Ok: 1\r\n\r\n${get("/2")}`,
    expect: answer("X-Ok") + answer("", {}),
  },
];
exchanges(test, trailers);

// --- what may not go out --------------------------------------------------------------------------

const INTERNAL = answer("Internal Server Error\n", {
  line: "500 Internal Server Error",
  set: `Content-Type: ${TEXT}\r\nX-Content-Type-Options: nosniff\r\n`,
  type: "none",
});

const unsafe: readonly Exchange[] = (
  [
    ["a CRLF in a value", (w) => w.header.set("A", "b\r\nSet-Cookie: c")],
    ["a bare LF in a value", (w) => w.header.set("A", "b\nc")],
    ["a bare CR in a value", (w) => w.header.set("A", "b\rc")],
    ["a NUL in a value", (w) => w.header.set("A", "b\0c")],
    ["a char above U+00FF in a value", (w) => w.header.set("A", "\u010d")],
    ["a lone surrogate in a value", (w) => w.header.set("A", "\ud800")],
    ["a space in a name", (w) => w.header.set("A B", "c")],
    ["a colon in a name", (w) => w.header.set("A:", "c")],
    ["an empty name", (w) => w.header.set("", "c")],
    ["a CRLF in an added value", (w) => w.header.add("A", "b\r\n\r\n<script>")],
  ] as readonly (readonly [string, (w: ResponseWriter) => void])[]
).map(([what, set]) => ({
  name: `${what} is refused: 500, nothing of it on the wire`,
  section: "DESIGN §2.4",
  handler: async (w: ResponseWriter) => {
    set(w);
    await w.write("secret");
  },
  send: get() + get(),
  expect: INTERNAL + INTERNAL,
  also: (server: { errors: unknown[] }) => assert.is(server.errors.length, 2, "onError is told"),
}));
exchanges(test, unsafe);

const sendings: readonly (readonly [string, (w: ResponseWriter) => Promise<void> | void])[] = [
  ["a large write", (w) => w.write(x(5000))],
  ["a flush", (w) => w.flush()],
  ["an interim answer", (w) => w.writeHeader(103)],
];
exchanges(
  test,
  sendings.map(([what, send]) => ({
    name: `${what} with a bad field fails in the handler, and the answer is 500`,
    handler: async (w: ResponseWriter): Promise<void> => {
      w.header.set("A", "b\r\nc");
      await send(w);
    },
    send: get() + get(),
    expect: INTERNAL + INTERNAL,
  })),
);

it("write and flush reject, they do not throw", async () => {
  await using server = TestServer.inMemory(async (w) => {
    w.header.set("A", "b\r\nc");
    await rejects(w.flush(), "bad-field-value");
    await rejects(w.write(x(5000)), "bad-field-value");
  });
  const { text } = await server.exchange(get());
  assert.match(text, /^HTTP\/1\.1 500 /);
  assert.equal(server.errors.map((error) => (error as { code: string }).code), ["bad-field-value"]);
});

it("a bad trailer cuts the answer instead of going out", async () => {
  for (const set of [
    (w: ResponseWriter) => w.trailer.set("A", "b\r\nc"),
    (w: ResponseWriter) => w.trailer.set("Content-Length", "3"),
  ]) {
    await using server = TestServer.inMemory(async (w) => {
      w.trailer.set("X", "1");
      await w.flush();
      await w.write("abc");
      set(w);
    });
    const { text, end } = await server.exchange(get());
    assert.not.match(text, "b\r\nc");
    assert.not.match(text, "Content-Length");
    assert.not.match(text, "0\r\n\r\n", "it does not look complete");
    assert.is.not(end, "open");
  }
});

// --- strings and bytes ----------------------------------------------------------------------------

const strings: readonly Exchange[] = [
  {
    name: "strings are UTF-8, their length counted in bytes",
    handler: (w) => void w.write("h\u00e9 \u20ac \u{1f600}"),
    send: get() + get(),
    expect: answer("h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80").repeat(2),
  },
  {
    name: "lone surrogates become U+FFFD",
    handler: (w) => void w.write("a\ud800b\udc00c"),
    send: get(),
    expect: answer("a\xef\xbf\xbdb\xef\xbf\xbdc"),
  },
  {
    name: "a declared length counts the bytes of UTF-8",
    handler: (w) => {
      w.header.set("Content-Length", "3");
      void w.write("\u20ac");
    },
    send: get(),
    expect: answer("\xe2\x82\xac", { set: "Content-Length: 3\r\n", length: "none" }),
  },
  {
    name: "text and bytes keep their order in one answer",
    handler: async (w) => {
      await w.write("a");
      await w.write("\u00e9");
      await w.write(Uint8Array.of(98));
      await w.write("c");
    },
    send: get(),
    expect: answer("a\xc3\xa9bc"),
  },
  {
    name: "in chunks too",
    handler: async (w) => {
      await w.flush();
      await w.write("a");
      await w.flush();
      await w.write("\u00e9");
      await w.write(x(3000));
    },
    send: get(),
    expect: answer(`${chunk("a")}${chunk("\xc3\xa9")}${chunk(x(3000))}0\r\n\r\n`, {
      chunked: "chunked",
      type: "none",
    }),
  },
];
exchanges(test, strings);

it("an array may be used again when its write has resolved", async () => {
  for (const size of [3, 2000, 3000, 20_000, 100_000]) {
    await using server = TestServer.inMemory(async (w) => {
      const piece = new Uint8Array(size);
      for (const byte of [97, 98, 99, 100]) {
        piece.fill(byte);
        await w.write(piece);
      }
      piece.fill(122);
    });
    for (const chop of [undefined, 700]) {
      const client = await server.connect({ chop, highWaterBytes: 5_000 });
      client.send(get("/", "Connection: close\r\n"));
      await client.ended();
      const letters = client.text.slice(client.text.indexOf("\r\n\r\n"));
      for (const byte of "abcd") {
        assert.is(letters.split(byte).length - 1 >= size, true, `${byte} of ${size}`);
      }
      assert.not.match(letters, "z");
    }
  }
});

// --- promises -------------------------------------------------------------------------------------

it("write answers one constant promise while little waits", async () => {
  const promises: Promise<void>[] = [];
  await using server = TestServer.inMemory((w) => {
    for (let i = 0; i < 10; i++) promises.push(w.write("x"));
  });
  await server.exchange(get());
  assert.is(new Set(promises).size, 1);
});

it("a handler that writes small pieces without end lets others have their turn (DESIGN, API)", async () => {
  let writes = 0;
  let stop = false;
  await using server = TestServer.inMemory(async (w) => {
    while (!stop) {
      await w.write("x");
      writes++;
    }
  });
  const { TestClock } = await import("../../lib/testing/mod.ts");
  const clock = new TestClock({ turns: "manual" });
  await using turned = TestServer.inMemory(
    async (w) => {
      while (!stop) {
        await w.write("x");
        writes++;
      }
    },
    { clock },
  );
  const client = await turned.connect();
  client.send(get());
  await settle();
  assert.ok(writes > 0 && writes < 300_000, `${writes} writes in a turn`);
  const before = writes;
  clock.turn();
  await settle();
  assert.ok(writes > before, "it goes on in the next turn");
  stop = true;
  clock.turn();
  await quiet(client);
  assert.ok(client.text.endsWith("0\r\n\r\n"));
  void server;
});

it("a write nobody awaits never ends the process", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  try {
    let late: ResponseWriter | undefined;
    await using server = TestServer.inMemory(async (w, r) => {
      late = w;
      w.header.set("Content-Length", "1");
      void w.write("ab");
      void w.write("ab");
      const gone = new Promise((resolve) => r.signal.addEventListener("abort", resolve));
      void w.flush();
      await gone;
      void w.write("x");
      void w.flush();
    });
    const client = await server.connect();
    client.send(get());
    await settle();
    client.reset();
    await settle();
    void late?.write("x");
    void late?.flush();
    await settle(4);
  } finally {
    process.off("unhandledRejection", listen);
  }
  assert.equal(unhandled, []);
});

it("the same for a write that waits when the client goes", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  try {
    const later = gate();
    await using server = TestServer.inMemory(async (w) => {
      for (let i = 0; i < 20; i++) void w.write(new Uint8Array(50_000));
      await later.promise;
    });
    const client = await server.connect();
    client.pause();
    client.send(get());
    await settle();
    client.reset();
    await settle(4);
    later.open();
    await settle(4);
  } finally {
    process.off("unhandledRejection", listen);
  }
  assert.equal(unhandled, []);
});

// --- after the handler ----------------------------------------------------------------------------

it("a call after the handler has ended is refused with handler-done", async () => {
  const kept: ResponseWriter[] = [];
  await using server = TestServer.inMemory((w, r) => {
    kept.push(w);
    void w.write(r.target);
  });
  const client = await server.connect();
  client.send(get("/1"));
  await quiet(client);
  const [w] = kept;
  assert.ok(w);
  await rejects(w.write("late"), "handler-done");
  await rejects(w.flush(), "handler-done");
  throwsCode(() => w.writeHeader(500), "handler-done");
  throwsCode(() => w.hijack(), "handler-done");
  w.abort();
  client.send(get("/2"));
  await quiet(client);
  assert.is(client.text, answer("/1") + answer("/2"), "the next answer is untouched");
  assert.is(client.end, "open", "and a late abort() does not end the connection");
});

it("deadlines set after the handler has ended do not reach the next request", async () => {
  const kept: ResponseWriter[] = [];
  const later = gate();
  await using server = TestServer.inMemory(async (w, r) => {
    kept.push(w);
    if (r.target === "/2") await later.promise;
    await w.write(r.target);
  });
  const client = await server.connect();
  client.send(get("/1") + get("/2"));
  await quiet(client);
  const attempt = (fn: () => void): void => {
    try {
      fn();
    } catch (error) {
      assert.is((error as { code: string }).code, "handler-done");
    }
  };
  attempt(() => kept[0]?.setWriteDeadline(server.clock.now() + 5));
  attempt(() => kept[0]?.setReadDeadline(server.clock.now() + 5));
  server.clock.advance(10);
  await settle();
  later.open();
  await quiet(client);
  assert.is(client.text, answer("/1") + answer("/2"));
  assert.is(client.end, "open");
});

it("the body of a request is refused after the handler with handler-done", async () => {
  const late = gate<() => Promise<unknown>>();
  await using server = TestServer.inMemory((w, r) => {
    late.open(() => r.body.text());
    void w.write("x");
  });
  await server.exchange(post("abc") + get());
  await rejects((await late.promise)(), "handler-done");
});

// --- abort, duplex, sent --------------------------------------------------------------------------

it("abort() cuts the connection: before the head the client gets nothing", async () => {
  for (const flush of [false, true]) {
    await using server = TestServer.inMemory(async (w) => {
      await w.write("abc");
      if (flush) await w.flush();
      w.abort();
      await rejects(w.write("def"), flush ? "handler-done" : "handler-done").catch(() => undefined);
    });
    const { text, end } = await server.exchange(get());
    assert.is(end, "reset");
    assert.not.match(text, "0\r\n\r\n");
    if (!flush) assert.is(text, "");
    await settle();
    assert.is(server.states.at(-1), "closed");
    assert.equal(server.log, [], "as Go's ErrAbortHandler it is not logged");
  }
});

it("full duplex is the default: the body is read while the answer is written", async () => {
  await using server = TestServer.inMemory(async (w, r) => {
    await w.flush();
    for await (const piece of r.body) {
      await w.write(piece);
      await w.flush();
    }
  });
  const client = await server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  await client.readUntil("\r\n\r\n");
  for (const word of ["one", "two", "three"]) {
    client.send(chunk(word));
    assert.is(await client.readUntil(`${word}\r\n`), chunk(word));
  }
  client.send("0\r\n\r\n");
  assert.is(await client.readUntil("0\r\n\r\n"), "0\r\n\r\n");
  client.send(post("", "Transfer-Encoding: chunked\r\n").replace("Content-Length: 0\r\n", ""));
  client.send("0\r\n\r\n");
  assert.match(await client.readUntil("0\r\n\r\n"), /^HTTP\/1\.1 200 OK/);
});

it("what was flushed arrives before the handler ends, in one write each", async () => {
  const later = gate();
  await using server = TestServer.inMemory(async (w) => {
    await w.write("abc");
    await w.flush();
    await later.promise;
  });
  const client = await server.connect();
  client.send(get());
  await quiet(client);
  assert.is(client.text, answer(chunk("abc"), { chunked: "chunked" }));
  assert.is(client.pieces.length, 1);
  later.open();
  await quiet(client);
  assert.is(latin1(client.pieces[1] ?? new Uint8Array(0)), "0\r\n\r\n");
});

it("sent tells status, bytes and head", async () => {
  const seen: unknown[] = [];
  await using server = TestServer.inMemory(async (w) => {
    seen.push(w.sent);
    w.writeHeader(201);
    seen.push(w.sent);
    await w.write("\u20ac");
    seen.push(w.sent);
    await w.flush();
    seen.push(w.sent);
  });
  await server.exchange(get());
  assert.equal(seen, [
    { status: 0, bytes: 0, head: "pending" },
    { status: 201, bytes: 0, head: "pending" },
    { status: 201, bytes: 3, head: "pending" },
    { status: 201, bytes: 3, head: "sent" },
  ]);
});

it("the request line and the Date of a refusal do not come from the answer before", async () => {
  await using server = TestServer.inMemory((w) => {
    w.header.set("X-Secret", "1");
    void w.write("x");
  });
  const { text } = await server.exchange(`${get()}BAD\r\n\r\n`);
  assert.is(text, answer("x", { set: "X-Secret: 1\r\n" }) + refusal("400 Bad Request"));
  assert.match(text, DATE);
});

test.run();

/**
 * The head of an answer: status, length or chunks, and what is added.
 *
 * Rule of this file: exact octets, whole and byte by byte.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler, ResponseWriter } from "../../lib/server/mod.ts";
import { TestServer } from "../../lib/testing/mod.ts";
import { rejects, throwsCode, withDeadline } from "../kit.ts";
import {
  DEADLINE_MS,
  type Exchange,
  TEXT,
  answer,
  chunk,
  echoTarget,
  exchanges,
  get,
  old,
  x,
} from "./tools.ts";

const test = suite("response head");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));
const head = (target = "/"): string => `HEAD ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const BINARY = "application/octet-stream";

// --- length or chunks ----------------------------------------------------------------------------

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

// --- too much, too little ------------------------------------------------------------------------

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
      name: `Content-Length ${JSON.stringify(value)} is no number: logged, and chunks tell the end`,
      section: "Go: cw.writeHeader",
      handler: (w) => {
        w.header.set("Content-Length", value);
        void w.write("abc");
      },
      send: get(),
      expect: answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked" }),
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
    expect:
      answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked" }) +
      answer(`${chunk("abc")}0\r\n\r\n`, { chunked: "chunked", connection: "close" }),
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

// --- statuses ------------------------------------------------------------------------------------

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
    name: "204 with a length that was set twice: none",
    handler: status(204, "", (w) => {
      w.header.add("Content-Length", "3");
      w.header.add("Content-Length", "3");
    }),
    send: get(),
    expect: answer("", { line: "204 No Content", length: "none" }),
  },
  {
    name: "304: no body, and no type of its own",
    section: "RFC 9110 §15.4.5",
    handler: status(304, "", (w) => w.header.set("ETag", '"x"')),
    send: get() + get(),
    expect: answer("", { line: "304 Not Modified", set: 'ETag: "x"\r\n', length: "none" }).repeat(
      2,
    ),
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
    name: "101 is final: no body, no framing, Connection as the handler set it, and no request after it",
    section: "RFC 9110 §15.2.2",
    handler: async (w) => {
      w.header.set("Connection", "Upgrade");
      w.header.set("Upgrade", "x");
      w.writeHeader(101);
    },
    send: get() + get(),
    expect: answer("", {
      line: "101 Switching Protocols",
      set: "Connection: Upgrade\r\nUpgrade: x\r\n",
      length: "none",
    }),
    end: "ended",
  },
  {
    name: "a Content-Length that is set twice is said once",
    section: "RFC 9110 §8.6",
    handler: async (w) => {
      w.header.add("content-length", "1");
      w.header.add("Content-Length", "1");
      await w.write("x");
    },
    send: get(),
    expect: answer("x"),
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

// --- HEAD ----------------------------------------------------------------------------------------

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

// --- what is added -------------------------------------------------------------------------------

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

test.run();

/**
 * Properties of whole messages: one that is valid, in whatever form, is read as what it says; several behind each
 * other end where they were made to end; and what we write is read back.
 * RFC 9112 §2.1, §6, §7.1, §9.3
 *
 * Rule of this file: a generator makes what a message says and one of the many ways to say it; the reader gets the
 * octets through a pipe, cut anywhere.
 */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader, Writer, pipe } from "../../lib/bufio/mod.ts";
import {
  type Body,
  Request,
  Response,
  bodyFrom,
  readRequest,
  readResponse,
  writeRequest,
  writeResponse,
} from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { bytes, joined, text } from "../kit.ts";
import { SEED, cuts, fieldLines, fieldValue, piecesOf, textOf, token } from "./check.ts";

const test = suite("properties: messages");

type Fields = readonly (readonly [name: string, value: string])[];

/** What a message says, its first line apart. */
interface Said {
  readonly fields: Fields;
  readonly content: string;
  readonly trailer: Fields;
}

/** A message, and the octets that say it. */
interface Made extends Said {
  readonly start: string;
  readonly octets: Uint8Array;
}

const blanks = fc.constantFrom("", "", " ", "\t", " \t ");
const content = fc.uint8Array({ maxLength: 60 }).map(text);
const target = textOf("ab09-._~!$&'()*+,;=:@/?", { maxLength: 20 }).map((rest) => `/${rest}`);
const host = fc.constantFrom("a", "a.example", "a.example:80", "[::1]:8080", "192.0.2.1");

/** Field lines with blanks around their values, which say nothing. */
function linesOf(fields: Fields): fc.Arbitrary<string> {
  return fc
    .tuple(...fields.map(() => fc.tuple(blanks, blanks)))
    .map((around) =>
      fields
        .map(([name, value], i) => `${name}:${around[i]![0]}${value}${around[i]![1]}\r\n`)
        .join(""),
    );
}

/** Letters of a name may be large or small. */
function anyCase(name: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((large) => Array.from(name, (c, i) => (large[i] ? c.toUpperCase() : c)).join(""));
}

/** The field that tells the end of the content, and the content as it is framed. */
interface Framed {
  readonly field: string;
  readonly octets: Uint8Array;
  readonly trailer: Fields;
}

function withLength(data: string): fc.Arbitrary<Framed> {
  return fc
    .record({ name: anyCase("content-length"), zeros: fc.constantFrom("", "0", "000"), blanks })
    .map(({ name, zeros, blanks: around }) => ({
      field: `${name}:${around}${zeros}${data.length}${around}\r\n`,
      octets: bytes(data),
      trailer: [],
    }));
}

const chunkForm = fc.record({
  size: fc.integer({ min: 1, max: 20 }),
  zeros: fc.constantFrom("", "0", "0000"),
  capitals: fc.boolean(),
  extension: fc.constantFrom("", "", ";a", " ; a=b", ';a="\\";";b', "\t;\ta\t=\tb"),
});

function chunked(data: string): fc.Arbitrary<Framed> {
  return fc
    .record({
      name: anyCase("transfer-encoding"),
      coding: anyCase("chunked"),
      forms: fc.array(chunkForm, { minLength: 1, maxLength: 6 }),
      last: fc.constantFrom("0", "000", "0;end"),
      trailer: fieldLines,
    })
    .chain(({ name, coding, forms, last, trailer }) =>
      linesOf(trailer).map((lines) => {
        let [octets, at] = ["", 0];
        for (let i = 0; at < data.length; i++) {
          const { size, zeros, capitals, extension } = forms[i % forms.length]!;
          const chunk = data.slice(at, at + size);
          const hex = chunk.length.toString(16);
          octets += `${zeros}${capitals ? hex.toUpperCase() : hex}${extension}\r\n${chunk}\r\n`;
          at += size;
        }
        const ending = `${last}\r\n${lines}\r\n`;
        return { field: `${name}: ${coding}\r\n`, octets: bytes(octets + ending), trailer };
      }),
    );
}

const nothing: Framed = { field: "", octets: new Uint8Array(), trailer: [] };

/** `data` in one of the ways to frame it that both sides have. */
function framed(data: string): fc.Arbitrary<Framed> {
  const ways = [withLength(data), chunked(data)];
  return data === "" ? fc.oneof(fc.constant(nothing), ...ways) : fc.oneof(...ways);
}

/** A message behind this first line; `own` are field lines that it must have. */
function messageOf(start: string, line: string, own: string, data: string): fc.Arbitrary<Made> {
  return fc
    .tuple(fieldLines, framed(data), fc.boolean())
    .chain(([fields, { field, octets, trailer }, isFirst]) =>
      linesOf(fields).map((lines) => {
        const all = isFirst ? field + own + lines : own + lines + field;
        const head = bytes(`${line}\r\n${all}\r\n`);
        return { start, fields, content: data, trailer, octets: joined([head, octets]) };
      }),
    );
}

const request: fc.Arbitrary<Made> = fc
  .tuple(token, target, host, content, anyCase("host"))
  .chain(([name, path, authority, data, hostName]) => {
    // CONNECT asks for a tunnel, which nothing follows.
    const method = name === "CONNECT" ? "GET" : name;
    const line = `${method} ${path} HTTP/1.1`;
    return messageOf(`${method} ${path} ${authority}`, line, `${hostName}: ${authority}\r\n`, data);
  });

const finalStatus = fc.integer({ min: 200, max: 599 });

const response: fc.Arbitrary<Made> = fc
  .tuple(finalStatus, fieldValue, content, fc.integer({ min: 0, max: 2 }))
  .chain(([status, reason, data, interims]) => {
    const bare = status === 204 || status === 304;
    const line = `HTTP/1.1 ${status} ${reason}`;
    const message = bare
      ? withoutContent(`${status} ${reason}`, line)
      : // Without a length its content would go on to the end of the connection.
        messageOf(`${status} ${reason}`, line, "", data).filter(({ octets }) => isFramed(octets));
    const before = bytes("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(interims));
    return message.map((made) => ({ ...made, octets: joined([before, made.octets]) }));
  });

/** Its fields may tell the length of what it does not have. */
function withoutContent(start: string, line: string): fc.Arbitrary<Made> {
  return fc.tuple(fieldLines, fc.constantFrom("", "Content-Length: 7\r\n")).map(
    ([fields, length]): Made => ({
      start,
      fields,
      content: "",
      trailer: [],
      octets: bytes(`${line}\r\n${new Header(fields).format()}${length}\r\n`),
    }),
  );
}

function isFramed(octets: Uint8Array): boolean {
  return /\n(?:content-length|transfer-encoding):/i.test(text(octets));
}

test("requests behind each other are read as they were made, whatever the cuts", () =>
  holdsAsync(
    fc.asyncProperty(fc.array(request, { maxLength: 5 }), cuts, async (made, at) => {
      const reader = readerOf(piecesOf(joined(made.map(({ octets }) => octets)), at));
      for (const one of made) {
        const read = await readRequest(reader);
        assert.ok(read, "there is one more");
        const { method, target: path, host: authority } = read;
        assert.is(`${method} ${path} ${authority}`, one.start);
        await assertSays(read, one);
      }
      assert.is(await readRequest(reader), undefined, "and no more than were made");
    }),
  ));

test("responses behind each other are read as they were made, interim ones passed over", () =>
  holdsAsync(
    fc.asyncProperty(fc.array(response, { maxLength: 5 }), cuts, async (made, at) => {
      const reader = readerOf(piecesOf(joined(made.map(({ octets }) => octets)), at));
      for (const one of made) {
        let read = await readResponse(reader);
        while (read !== undefined && read.status < 200) read = await readResponse(reader);
        assert.ok(read, "there is one more");
        assert.is(`${read.status} ${read.statusText}`, one.start);
        await assertSays(read, one);
      }
      assert.is(await readResponse(reader), undefined, "and no more than were made");
    }),
  ));

test("an answer that nothing frames goes on to the end of its connection", () =>
  holdsAsync(
    fc.asyncProperty(response, fieldLines, content, cuts, async (before, fields, data, at) => {
      const head = bytes(`HTTP/1.1 200 OK\r\n${new Header(fields).format()}\r\n`);
      const reader = readerOf(piecesOf(joined([before.octets, head, bytes(data)]), at));
      let read = await readResponse(reader);
      while (read !== undefined && read.status < 200) read = await readResponse(reader);
      assert.ok(read);
      await assertSays(read, before);
      const last = await readResponse(reader);
      assert.ok(last?.close);
      await assertSays(last, { fields, content: data, trailer: [] });
    }),
  ));

test("cut short anywhere, a message is never taken for a whole one", () =>
  holdsAsync(
    fc.asyncProperty(request, fc.double({ min: 0, max: 1, noNaN: true }), async (made, part) => {
      const length = Math.floor(part * (made.octets.length - 1));
      const reader = readerOf([made.octets.slice(0, length)]);
      let outcome = "whole";
      try {
        const read = await readRequest(reader);
        if (read === undefined) outcome = "nothing";
        else await read.body.bytes();
      } catch (error) {
        outcome = String((error as { code?: unknown }).code);
      }
      const wanted = length === 0 ? ["nothing"] : ["truncated-head", "truncated-body"];
      assert.ok(wanted.includes(outcome), `${outcome} at ${length} of ${made.octets.length}`);
    }),
  ));

interface Parts extends Said {
  readonly knownLength: boolean;
}

const parts: fc.Arbitrary<Parts> = fc
  .record({ fields: fieldLines, content, trailer: fieldLines, knownLength: fc.boolean() })
  // Fields after the content need chunks.
  .map((said) => (said.knownLength ? { ...said, trailer: [] } : said));

test("requests that are written are read back", () =>
  holdsAsync(
    fc.asyncProperty(token, target, host, parts, cuts, async (name, path, authority, said, at) => {
      const method = ["CONNECT", "TRACE"].includes(name) ? "POST" : name;
      const header = new Header(said.fields);
      const request = new Request({
        method,
        target: path,
        host: authority,
        header,
        trailer: new Header(said.trailer),
        ...sentBody(said),
      });
      const octets = await written((writer) => writeRequest(writer, request, { userAgent: "" }));
      const read = await readRequest(readerOf(piecesOf(octets, at)));
      assert.ok(read);
      assert.equal([read.method, read.target, read.host], [method, path, authority]);
      await assertSays(read, said);
    }),
  ));

test("responses that are written are read back", () =>
  holdsAsync(
    fc.asyncProperty(finalStatus, fieldValue, parts, cuts, async (given, reason, said, at) => {
      const status = given === 204 || given === 304 ? 200 : given;
      const response = new Response({
        status,
        statusText: reason,
        header: new Header(said.fields),
        trailer: new Header(said.trailer),
        ...sentBody(said),
      });
      const octets = await written((writer) => writeResponse(writer, response));
      const read = await readResponse(readerOf(piecesOf(octets, at)));
      assert.ok(read);
      assert.equal([read.status, read.statusText], [status, reason]);
      await assertSays(read, said);
    }),
  ));

interface Sent {
  readonly body: Body;
  readonly contentLength: number | undefined;
  readonly transferEncoding?: readonly string[];
}

function sentBody({ content: data, knownLength }: Parts): Sent {
  if (knownLength) return { body: bodyFrom(bytes(data)).body, contentLength: data.length };
  const { body } = bodyFrom([bytes(data)]);
  return { body, contentLength: undefined, transferEncoding: ["chunked"] };
}

/** Names that mean nothing to a reader begin with an x. */
async function assertSays(read: Request | Response, said: Said): Promise<void> {
  const own = [...read.header].filter(([name]) => name.startsWith("x"));
  assert.equal(own, said.fields);
  assert.is(text(await read.body.bytes()), said.content);
  assert.equal([...read.trailer], said.trailer);
}

/** Lent octets, as a socket's fast path has them; overwritten as soon as they were lent. */
function readerOf(pieces: readonly Uint8Array[]): Reader {
  const [near, far] = pipe({ tenure: "borrowed" });
  const reader = new Reader(near);
  near.start(reader);
  for (const piece of pieces) far.write(piece);
  far.closeWrite();
  return reader;
}

async function written(write: (writer: Writer) => Promise<void>): Promise<Uint8Array> {
  const [near, far] = pipe();
  const reader = new Reader(near);
  near.start(reader);
  await write(new Writer(far));
  far.closeWrite();
  while ((await reader.more()) !== "end");
  return reader.bytes.slice(reader.from, reader.to);
}

async function holdsAsync<T>(property: fc.IAsyncProperty<T>): Promise<void> {
  await fc.assert(property, { seed: SEED, numRuns: 400 });
}

test.run();

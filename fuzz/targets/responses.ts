/**
 * Fuzz target: responses with their bodies, as many as a connection brings.
 * RFC 9112
 *
 * Rule of this file: each one that was read can be written, or is refused with a code, and is read as the same
 * again. How many octets there are chooses the method that is answered.
 */
import { Reader, Writer, pipe } from "../../lib/bufio/mod.ts";
import { Response, bodyFrom, writeResponse } from "../../lib/message/mod.ts";
import type { Target } from "../harness.ts";
import { readerOf } from "../kit/feed.ts";
import { type Whole, readResponses, textOfContent } from "../kit/messages.ts";
import { codeOf, mustEqual } from "../kit/text.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

const METHODS = ["GET", "GET", "HEAD", "CONNECT"];

export const target: Target = {
  seeds: [
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\nHTTP/1.0 200 OK\r\n\r\nrest",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\nHTTP/1.1 204 x\r\n\r\n",
  ],
  words: MESSAGE_WORDS,
  vectors: {
    files: /^(?:attacks-responses|go-readresponse|goclient-|parser-)/,
    keys: ["raw", "wire"],
  },
  async run(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const method = METHODS[length % METHODS.length]!;
    const { messages, end } = await readResponses(readerOf(pieces), [method]);
    for (const whole of messages) await mustSurvive(whole, method);
    return JSON.stringify([messages.map(pictureOf), end]);
  },
};

function pictureOf({ message, content }: Whole<Response>): unknown {
  const { status, statusText, versionMinor, header, trailer, close } = message;
  const head = [status, statusText, versionMinor, [...header], close];
  return [head, textOfContent(content), [...trailer]];
}

async function mustSurvive({ message, content }: Whole<Response>, method: string): Promise<void> {
  // An answer with a tunnel or another protocol behind it is not written by itself.
  if (method !== "GET" || message.status === 101) return;
  // A body whose end is not known beforehand, where it was one.
  const { body } = bodyFrom(message.contentLength === undefined ? [content] : content);
  const [near, far] = pipe();
  const reader = new Reader(near);
  near.start(reader);
  try {
    const { status, statusText, versionMinor, header, trailer } = message;
    const { transferEncoding, contentLength, close } = message;
    const parts = { status, statusText, versionMinor, header, trailer, close };
    await writeResponse(
      new Writer(far),
      new Response({ ...parts, transferEncoding, contentLength, body }),
    );
  } catch (error) {
    codeOf(error);
    return;
  }
  far.closeWrite();
  const [again] = (await readResponses(reader, [method])).messages;
  if (again === undefined) throw new Error("what was written is no response");
  mustEqual("again", contentOf(again), contentOf({ message, content }));
}

function contentOf({ message, content }: Whole<Response>): unknown {
  const { status, statusText, header, trailer } = message;
  const fields = [...header].filter(
    ([name]) => !/^(?:connection|content-length|trailer)$/i.test(name),
  );
  return [status, statusText, fields, textOfContent(content), [...trailer]];
}

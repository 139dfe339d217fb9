/**
 * Fuzz target: requests with their bodies, as many as a connection brings.
 * RFC 9112
 *
 * Rule of this file: each one that was read can be written, or is refused with a code, and is read as the same
 * again.
 */
import { Reader, Writer, pipe } from "../../lib/bufio/mod.ts";
import { Request, bodyFrom, writeRequest } from "../../lib/message/mod.ts";
import type { Target } from "../harness.ts";
import { readerOf } from "../kit/feed.ts";
import { type Whole, readRequests, textOfContent } from "../kit/messages.ts";
import { codeOf, mustEqual } from "../kit/text.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

export const target: Target = {
  seeds: [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /c HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n\0\0",
  ],
  words: MESSAGE_WORDS,
  vectors: {
    files: /^(?:attacks-requests|go-readrequest|go-server|parser-)/,
    keys: ["raw", "send"],
  },
  async run(pieces) {
    const { messages, end } = await readRequests(readerOf(pieces));
    for (const whole of messages) await mustSurvive(whole);
    return JSON.stringify([messages.map(pictureOf), end]);
  },
};

function pictureOf({ message, content }: Whole<Request>): unknown {
  const { method, target: asked, host, versionMinor, header, trailer, close } = message;
  const head = [method, asked, host, versionMinor, [...header], close];
  return [head, textOfContent(content), [...trailer]];
}

/** Written out and read again: what a handler sees is the same, but for what a writer says in its own words. */
async function mustSurvive({ message, content }: Whole<Request>): Promise<void> {
  const { method, target: asked, host, header, trailer, transferEncoding, contentLength } = message;
  // A body whose end is not known beforehand, where it was one.
  const { body } = bodyFrom(message.contentLength === undefined ? [content] : content);
  const parts = { method, target: asked, host, header, trailer, transferEncoding, contentLength };
  const [near, far] = pipe();
  const reader = new Reader(near);
  near.start(reader);
  try {
    const copy = new Request({ ...parts, body });
    await writeRequest(new Writer(far), copy, { form: "as-is", userAgent: "" });
  } catch (error) {
    codeOf(error);
    return;
  }
  far.closeWrite();
  const [again] = (await readRequests(reader)).messages;
  if (again === undefined) throw new Error("what was written is no request");
  mustEqual("again", contentOf(again), contentOf({ message, content }));
}

function contentOf({ message, content }: Whole<Request>): unknown {
  const { method, target: asked, host, header, trailer } = message;
  const fields = [...header].filter(
    ([name]) => !/^(?:connection|content-length|trailer|user-agent)$/i.test(name),
  );
  // A zone belongs to one machine and is not sent.
  const named = host.replace(/^(\[[^\]%]*)%[^\]]*/, "$1");
  return [method, asked, named, fields, textOfContent(content), [...trailer]];
}

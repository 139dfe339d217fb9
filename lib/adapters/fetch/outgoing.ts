/**
 * The `body` of a fetch as a body that can be sent.
 * WHATWG Fetch §5.2 (extract a body), §5.4 (Request's body) · Go: none
 *
 * Rule of this file: kinds of bodies and their types as the standard has them; moving octets is the message
 * room's affair. Bytes are copied, as the standard says: the caller may go on using its array.
 */
import { Readable } from "node:stream";
import { type BodyLike, type OutgoingBody, type StreamLike, bodyFrom } from "../../message/mod.ts";
import { FetchError } from "./errors.ts";

const TEXT_TYPE = "text/plain;charset=UTF-8";
const FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8";

/** Throws "bad-fetch-body". `duplex` is what the caller said of it. */
export function outgoingFrom(value: unknown, duplex: unknown): OutgoingBody {
  if (typeof value === "string") return typed(value, TEXT_TYPE);
  const bytes = copyOf(value);
  if (bytes !== undefined) return bodyFrom(bytes);
  if (typeof value !== "object" || value === null) return typed(usvString(value), TEXT_TYPE);
  const tag = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (tag === "URLSearchParams") return typed((value as URLSearchParams).toString(), FORM_TYPE);
  if (tag === "FormData" || tag === "Blob" || tag === "File") return bodyFrom(value as BodyLike);
  if (!("getReader" in value) && !(Symbol.asyncIterator in value)) {
    return typed(usvString(value), TEXT_TYPE);
  }
  if (duplex === undefined) {
    throw new FetchError("bad-fetch-body", { detail: 'a stream wants duplex: "half"' });
  }
  mustBeFresh(value);
  return bodyFrom(value as BodyLike);
}

/** What the standard makes of whatever is no body: its text, be it "[object Object]". Fetch §BodyInit, Web IDL */
function usvString(value: unknown): string {
  return String(value);
}

/** Throws "bad-fetch-body" for a stream that somebody has begun to read, or may read meanwhile. */
function mustBeFresh(stream: object): void {
  const isLocked = "locked" in stream && stream.locked === true;
  if (isLocked || Readable.isDisturbed(stream as NodeJS.ReadableStream)) {
    throw new FetchError("bad-fetch-body", { detail: "the stream is locked or has been read" });
  }
}

function typed(text: string, contentType: string): OutgoingBody {
  return { ...bodyFrom(text), contentType };
}

function copyOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  const isBuffer = Object.prototype.toString.call(value) === "[object ArrayBuffer]";
  return isBuffer ? new Uint8Array(value as ArrayBuffer).slice() : undefined;
}

/** What is read ahead of a Request's body: enough for what is usually given as text or bytes. */
const READ_AHEAD_BYTES = 1_048_576;

/**
 * The body of a platform's Request, which is a stream whatever it was made of. One that is all there at once, as
 * text and bytes are, becomes bytes again: it is sent with its length, and again where a redirect wants that.
 */
export async function outgoingOfStream(stream: ReadableStream<Uint8Array>): Promise<OutgoingBody> {
  mustBeFresh(stream);
  const reader = stream.getReader();
  const later = new Promise<"later">((resolve) => setImmediate(resolve, "later"));
  const pieces: Uint8Array[] = [];
  let count = 0;
  for (;;) {
    const reading = reader.read();
    const step = await Promise.race([reading, later]);
    if (step === "later") return bodyFrom(rest(reader, pieces, reading));
    if (step.done) return bodyFrom(Buffer.concat(pieces));
    pieces.push(step.value);
    count += step.value.length;
    if (count > READ_AHEAD_BYTES) return bodyFrom(rest(reader, pieces));
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** What was read ahead, then the rest. No generator: one that never began would not hear of a cancel. */
function rest(
  reader: Reader,
  pieces: readonly Uint8Array[],
  pending?: ReturnType<Reader["read"]>,
): StreamLike {
  const ahead = pieces.map((value) => Promise.resolve({ done: false, value }));
  const begun = pending === undefined ? ahead : [...ahead, pending];
  return {
    getReader: () => ({
      read: () => begun.shift() ?? reader.read(),
      cancel: (reason) => reader.cancel(reason),
    }),
  };
}

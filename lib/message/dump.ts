/**
 * Messages as they look on the wire, for logs and for looking at them.
 * RFC 9112 §2 · Go: httputil.DumpRequest, DumpRequestOut, DumpResponse
 *
 * Rule of this file: a dump changes nothing. The body is read into memory and put back, so that it can still be
 * read; credentials and cookies are shown as they are.
 */
import { encodeLatin1, formatField } from "../wire/mod.ts";
import type { Framing, Header } from "../wire/mod.ts";
import { BodyWriter, type ByteSink } from "./body-writer.ts";
import { type Body, DEFAULT_MAX_BODY_BYTES } from "./body.ts";
import { join } from "./collector.ts";
import { MessageError } from "./errors.ts";
import type { Request } from "./request.ts";
import type { Response } from "./response.ts";
import {
  type WriteRequestOptions,
  asksForChunked,
  requestHead,
  saysClose,
} from "./write-request.ts";
import { responseHead } from "./write-response.ts";

export interface DumpOptions {
  /** "omit" dumps the head alone and does not touch the body. Default "include". */
  readonly body?: "include" | "omit" | undefined;
  /** How many bytes of body to hold at the most; more rejects with "body-too-large". Default 1 MiB. */
  readonly max?: number | undefined;
}

export interface DumpRequestOptions extends DumpOptions, WriteRequestOptions {
  /**
   * "received" shows the request as a server got it; "sent" as `writeRequest` would send it, User-Agent and
   * length included. Default "received".
   */
  readonly view?: "received" | "sent" | undefined;
}

/**
 * A request as octets. Chunks are not those that came: the whole body is one.
 *
 * Rejects with "body-too-large", as the body does, and for the view "sent" as `writeRequest` does. What was
 * read of the body by then is put back. Go: httputil.DumpRequest, DumpRequestOut
 */
export async function dumpRequest(
  request: Request,
  options: DumpRequestOptions = {},
): Promise<Uint8Array> {
  if (options.view === "sent") {
    const { text, framing, trailer } = requestHead(request, options);
    return dump(text, request.body, framing, trailer, options);
  }
  const chunked = asksForChunked(request.transferEncoding);
  const framing: Framing = { kind: chunked ? "chunked" : "until-close" };
  return dump(receivedHead(request, chunked), request.body, framing, request.trailer, options);
}

/**
 * A response as the octets that `writeResponse` would send.
 *
 * Rejects with "body-too-large", as the body does, and as `writeResponse` does. What was read of the body by
 * then is put back. Go: httputil.DumpResponse
 */
export async function dumpResponse(
  response: Response,
  options: DumpOptions = {},
): Promise<Uint8Array> {
  const { text, framing, trailer } = responseHead(response);
  return dump(text, response.body, framing, trailer, options);
}

/** What was taken apart when the request was read is put together again. */
function receivedHead(request: Request, chunked: boolean): string {
  const { header } = request;
  let text = `${request.method} ${request.target} ${request.proto}\r\n`;
  if (!hasAuthority(request.target)) text += formatField("Host", request.host);
  if (chunked) text += "Transfer-Encoding: chunked\r\n";
  if (request.close && request.versionMinor > 0 && !saysClose(header)) {
    text += "Connection: close\r\n";
  }
  return `${text}${header.format(TAKEN_APART)}\r\n`;
}

const TAKEN_APART: readonly string[] = ["host", "transfer-encoding", "trailer"];

/** Go leaves Host out where the target itself names the host. */
function hasAuthority(target: string): boolean {
  return !target.startsWith("/") && target.includes("://");
}

async function dump(
  head: string,
  body: Body,
  framing: Framing,
  trailer: Header | undefined,
  options: DumpOptions,
): Promise<Uint8Array> {
  const sink = new Collector();
  sink.writeLatin1(head);
  if (options.body === "omit" || framing.kind === "none") return sink.bytes();
  const content = await peek(body, options.max ?? DEFAULT_MAX_BODY_BYTES);
  const out = new BodyWriter(sink, framing);
  out.write(content);
  out.end(trailer);
  return sink.bytes();
}

/** Everything that is left of a body, which has it still: not to be changed. */
async function peek(body: Body, max: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  try {
    for (let piece = await body.next(); piece !== undefined; piece = await body.next()) {
      pieces.push(piece);
      total += piece.length;
      if (total > max) throw new MessageError("body-too-large", { evidence: `${max} bytes` });
    }
    return join(pieces, total);
  } finally {
    body.unread(join(pieces, total));
  }
}

class Collector implements ByteSink {
  readonly #pieces: Uint8Array[] = [];
  #total = 0;

  write(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#total += bytes.length;
  }

  writeLatin1(text: string): void {
    this.write(encodeLatin1(text));
  }

  bytes(): Uint8Array {
    return join(this.#pieces, this.#total);
  }
}

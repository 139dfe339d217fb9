/**
 * A Response as the octets that give it: for proxies, caches, dumps and tests, not the server's own path.
 * RFC 9112 §4, §6 · Go: response.go Write
 *
 * Rule of this file: the whole head is made and checked as one string before the first octet goes out. Its
 * order is Go's: status line, what this message needs of Connection, framing and Trailer, then the caller's
 * fields in the caller's order.
 */
import type { Writer } from "../bufio/mod.ts";
import { allowsBody } from "../semantics/mod.ts";
import { formatStatusLine } from "../wire/mod.ts";
import type { Framing } from "../wire/mod.ts";
import { writeBody } from "./body-writer.ts";
import { noBody } from "./body.ts";
import { MessageError } from "./errors.ts";
import type { Response } from "./response.ts";
import {
  type OutgoingHead,
  asksForChunked,
  formatFraming,
  formatTrailerNames,
  lengthOf,
  saysClose,
} from "./write-request.ts";

/**
 * Sends a response and flushes it. HTTP/1.0 if it came as that, else HTTP/1.1. A body of unknown length that
 * is not chunked ends with the connection, and says so. The body of an answer to HEAD is left out.
 *
 * Rejects, before anything is written, with WireError for strings that must not go on the wire and with
 * MessageError "body-not-allowed", "content-length-mismatch" or "framing-unsafe"; later as `writeBody` does.
 * Go: Response.Write
 */
export async function writeResponse(writer: Writer, response: Response): Promise<void> {
  const head = responseHead(response);
  const { body } = response;
  writer.writeLatin1(head.text);
  if (head.framing.kind === "none") body.cancel();
  await writeBody(writer, head.framing.kind === "none" ? noBody : body, head.framing, head.trailer);
}

/** The head of a response, made and checked as `writeResponse` does, for those who send the body apart. */
export function responseHead(response: Response): OutgoingHead {
  const { header, status } = response;
  const versionMinor = response.versionMinor === 0 ? 0 : 1;
  const chunked = asksForChunked(response.transferEncoding) && versionMinor > 0;
  const bodiless = isBodiless(response);
  const framing = bodiless ? NONE : framingOf(response, chunked);
  // What is said of a body that is not sent, where it may be said at all.
  const told = bodiless ? toldFraming(response, chunked) : framing;
  let text = formatStatusLine(versionMinor, status, response.statusText);
  const untilClose = versionMinor > 0 && told.kind === "until-close";
  if ((response.close || untilClose) && !saysClose(header)) text += "Connection: close\r\n";
  text += formatFraming(told);
  const trailer = framing.kind === "chunked" ? response.trailer : undefined;
  if (trailer !== undefined) text += formatTrailerNames(trailer);
  return { text: `${text}${header.format(WRITTEN_APART)}\r\n`, framing, trailer };
}

/** Fields that are written from the message's own values, never from its header. Go: respExcludeHeader */
const WRITTEN_APART: readonly string[] = ["content-length", "transfer-encoding", "trailer"];

const NONE: Framing = Object.freeze({ kind: "none" });
const CHUNKED: Framing = Object.freeze({ kind: "chunked" });
const UNTIL_CLOSE: Framing = Object.freeze({ kind: "until-close" });

/** RFC 9112 §6.3, the first two steps. Throws "body-not-allowed" when there is a body nevertheless. */
function isBodiless(response: Response): boolean {
  const { status, body, request } = response;
  if (request?.method === "HEAD") return true;
  const tunnel = request?.method === "CONNECT" && response.ok;
  if (allowsBody(status) && !tunnel) return false;
  if (body.length !== 0)
    throw new MessageError("body-not-allowed", { evidence: `status ${status}` });
  return true;
}

function framingOf(response: Response, chunked: boolean): Framing {
  if (chunked) return CHUNKED;
  const length = lengthOf(response);
  return length === undefined ? UNTIL_CLOSE : { kind: "length", length };
}

/** RFC 9110 §8.6, RFC 9112 §6.1: answers to HEAD and 304 may tell what GET would have got; 1xx and 204 never. */
function toldFraming(response: Response, chunked: boolean): Framing {
  const { status, contentLength } = response;
  if (status === 304 && contentLength !== undefined && contentLength > 0) {
    return { kind: "length", length: contentLength };
  }
  if (!allowsBody(status) || response.request?.method !== "HEAD") return NONE;
  if (chunked) return CHUNKED;
  if (contentLength === undefined) return UNTIL_CLOSE;
  return { kind: "length", length: contentLength };
}

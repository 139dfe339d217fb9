/**
 * Response: one response, on the side that receives it or on its way to be written.
 * RFC 9110 §15 · Go: http.Response
 *
 * Rule of this file: values and views of them, made when asked for. How a response is read or written is
 * read-response.ts and write-response.ts.
 */
import type { Conn, TlsInfo } from "../bufio/mod.ts";
import { type Cookie, parseSetCookies, parseURL, reasonPhrase } from "../semantics/mod.ts";
import { Header } from "../wire/mod.ts";
import type { FieldSection } from "../wire/mod.ts";
import { type Body, noBody } from "./body.ts";
import { MessageError } from "./errors.ts";
import { type PriorResponse, type Request, headerOf } from "./request.ts";
import { schemeOf } from "./request-target.ts";

/** How long the steps of an exchange took, in ms; undefined for one that did not take place or is not over. */
export interface ResponseTimings {
  /** When the request was handed in, in ms since the epoch. */
  readonly startedAt: number;
  /** Until there was a connection for it: resolving, connecting and waiting for a free one included. */
  readonly wait: number | undefined;
  /** Resolving the name, where a connection was made for this request. */
  readonly dns: number | undefined;
  /** Connecting, without resolving and TLS. */
  readonly connect: number | undefined;
  /** The TLS handshake. */
  readonly tls: number | undefined;
  /** From having a connection to the first octet of the response. */
  readonly firstByte: number | undefined;
  /** From there to the end of the body; undefined until it has been read. */
  readonly download: number | undefined;
  /** From the start to the end of the body. */
  readonly total: number | undefined;
}

/** The parts a response is made of. */
export interface ResponseParts {
  readonly status: number;
  /** The reason phrase. Default: the usual one of the status. */
  readonly statusText?: string | undefined;
  /** The n of HTTP/1.n. Default 1. */
  readonly versionMinor?: number | undefined;
  /** Default: made from `section`, or empty. */
  readonly header?: Header | undefined;
  /** The fields as they came from the wire, and the kinds (as bits) that live elsewhere in the response. */
  readonly section?: FieldSection | undefined;
  readonly sectionOmit?: number | undefined;
  readonly body?: Body | undefined;
  readonly contentLength?: number | undefined;
  readonly transferEncoding?: readonly string[] | undefined;
  readonly trailer?: Header | undefined;
  readonly close?: boolean | undefined;
  readonly uncompressed?: boolean | undefined;
  readonly request?: Request | undefined;
  readonly tls?: TlsInfo | undefined;
  readonly timings?: ResponseTimings | undefined;
  readonly reused?: boolean | undefined;
  /** Gives the connection away, where the response leaves one. */
  readonly hijack?: (() => HandedOver) | undefined;
}

/** A connection that is the caller's from here on, and what had come on it already. */
export interface HandedOver {
  readonly conn: Conn;
  readonly head: Uint8Array;
}

const NO_CODINGS: readonly string[] = Object.freeze([]);

/** One response. */
export class Response implements PriorResponse {
  /** 200 and the like; three digits, also those that no RFC knows. */
  readonly status: number;
  /** The reason phrase, possibly empty. Go: the second half of Response.Status */
  readonly statusText: string;
  /** "HTTP/1.1" or "HTTP/1.0", or HTTP/1.n as it came. */
  readonly proto: string;
  /** The n of HTTP/1.n. */
  readonly versionMinor: number;
  /** The content; noBody when there is none. */
  readonly body: Body;
  /**
   * How many bytes of content, undefined when only the end will tell. For the answer to HEAD it is what
   * GET would have got, while the body is empty.
   */
  readonly contentLength: number | undefined;
  /** The transfer codings, outermost last: empty or ["chunked"]. */
  readonly transferEncoding: readonly string[];
  /** Is the connection of no use after this response? */
  readonly close: boolean;
  /** Was the content decompressed on the way, so that its length and coding fields were removed? */
  readonly uncompressed: boolean;
  /** The request that it answers. */
  readonly request: Request | undefined;
  /** What TLS told about the connection; undefined without TLS. */
  readonly tls: TlsInfo | undefined;
  /** When what happened; undefined for a response that no client got. */
  readonly timings: ResponseTimings | undefined;
  /** Did it come over a connection that had been used before? */
  readonly reused: boolean;

  readonly #section: FieldSection | undefined;
  readonly #sectionOmit: number;
  readonly #hijack: (() => HandedOver) | undefined;
  #header: Header | undefined;
  #trailer: Header | undefined;

  constructor(parts: ResponseParts) {
    const minor = parts.versionMinor ?? 1;
    this.status = parts.status;
    this.statusText = parts.statusText ?? reasonPhrase(parts.status);
    this.versionMinor = minor;
    this.proto = minor === 1 ? "HTTP/1.1" : `HTTP/1.${minor}`;
    this.body = parts.body ?? noBody;
    this.contentLength = parts.contentLength;
    this.transferEncoding = parts.transferEncoding ?? NO_CODINGS;
    this.close = parts.close ?? false;
    this.uncompressed = parts.uncompressed ?? false;
    this.request = parts.request;
    this.tls = parts.tls;
    this.timings = parts.timings;
    this.reused = parts.reused ?? false;
    this.#section = parts.section;
    this.#sectionOmit = parts.sectionOmit ?? 0;
    this.#hijack = parts.hijack;
    this.#header = parts.header;
    this.#trailer = parts.trailer;
  }

  /** Is the status in the 200s? */
  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /**
   * The fields in wire order, without Transfer-Encoding, without Trailer and Content-Length where chunked
   * decides, and without a Connection that says no more than `close` does. Go: Response.Header
   */
  get header(): Header {
    return (this.#header ??= headerOf(this.#section, this.#sectionOmit));
  }

  /** The fields after the body; filled when the body has been read to its end. */
  get trailer(): Header {
    return (this.#trailer ??= this.body.trailer);
  }

  /** The head exactly as it came, one char per octet; empty for a response that was not read. */
  get rawHead(): string {
    return this.#section?.text ?? "";
  }

  /**
   * What the Set-Cookie fields say, those left out that are no cookie; none at all when there are more than
   * 3,000. Go: Response.Cookies
   */
  cookies(): Cookie[] {
    return parseSetCookies(this.header.values("set-cookie"));
  }

  /**
   * The URL of the Location field, resolved against that of the request; undefined without the field.
   * Octets above 0x7F are taken for UTF-8. Throws "bad-location". RFC 9110 §10.2.2 · Go: Response.Location
   */
  location(): URL | undefined {
    const value = this.header.get("location");
    if (value === undefined) return undefined;
    const reference = value.replace(/[\x80-\xff]/g, percentEncoded);
    const url = parseURL(reference, baseOf(this.request));
    if (url === undefined) throw new MessageError("bad-location");
    return url;
  }

  /**
   * Takes over the connection after a 101 response with Upgrade or a 2xx response to CONNECT, once, and before
   * the body (which is what comes on it) is read. Throws "not-upgraded". Go: Response.Body as io.ReadWriteCloser
   */
  hijack(): HandedOver {
    if (this.#hijack === undefined) throw new MessageError("not-upgraded");
    return this.#hijack();
  }

  /** A shallow copy with some parts replaced: what is not named is the same object. */
  with(changes: Partial<ResponseParts>): Response {
    return new Response({
      status: this.status,
      statusText: this.statusText,
      versionMinor: this.versionMinor,
      header: this.header,
      section: this.#section,
      body: this.body,
      contentLength: this.contentLength,
      transferEncoding: this.transferEncoding,
      trailer: this.trailer,
      close: this.close,
      uncompressed: this.uncompressed,
      request: this.request,
      tls: this.tls,
      timings: this.timings,
      reused: this.reused,
      hijack: this.#hijack,
      ...changes,
    });
  }
}

function percentEncoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** The URL that a relative Location starts from; none where the request's target has no URL. */
function baseOf(request: Request | undefined): string | undefined {
  if (request === undefined) return undefined;
  // A client's request says it by itself; Host may be another one.
  const isURL = schemeOf(request.target) !== undefined && parseURL(request.target) !== undefined;
  if (isURL) return request.target;
  try {
    return request.url.href;
  } catch {
    // A CONNECT, an asterisk or an odd host: only an absolute Location can be meant then.
    return undefined;
  }
}

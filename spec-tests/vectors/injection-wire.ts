/**
 * How the calls of injection-calls.ts send, and what they read out of the octets that went out.
 * RFC 9112 §2 · vectors: injection-api
 *
 * Rule of this file: messages go through the writers of the message room, answers through a real server in
 * memory. What went out is read with patterns, not with lib's parsers.
 */
import type { Writer } from "../../lib/bufio/mod.ts";
import { Request, Response, bodyFrom, writeRequest, writeResponse } from "../../lib/message/mod.ts";
import type { RequestParts, ResponseParts } from "../../lib/message/mod.ts";
import type { HandlerFunc, ResponseWriter } from "../../lib/server/mod.ts";
import { TestServer } from "../../lib/testing/mod.ts";
import { textOf } from "./case.ts";
import type { Json } from "./case.ts";
import { writtenBy } from "./go-write.ts";
import { codeOf } from "./wants.ts";

/** What went out. */
export interface Sent {
  /** One char per octet. */
  readonly octets: string;
  /** What became of the value; undefined where it is not there. */
  readonly element?: string | undefined;
  /** What is wrong with it, told by whoever knows what was intended. */
  readonly faults?: readonly string[];
}

/** The API refused the value. */
export class Refused extends Error {
  readonly code: string;
  /** What had gone out by then. */
  readonly octets: string;

  constructor(code: string, octets: string) {
    super(code);
    this.code = code;
    this.octets = octets;
  }
}

/** Hands the value in. Rejects with Refused, or with the coded error that the API throws. */
export type ApiCall = (value: Json) => Promise<Sent>;

export const TEXT_BODY = "hello";

/** A body with a byte more than its length says. */
export const SURPLUS = "hello!";

// --- requests ---------------------------------------------------------------------------------------

export async function sent(fn: (writer: Writer) => Promise<void>): Promise<string> {
  const outcome = await writtenBy(fn);
  const octets = textOf(outcome["octets"]);
  if (outcome["failed"] === true) throw new Refused(textOf(outcome["error"]), octets);
  return octets;
}

export function asked(parts: Partial<RequestParts>): Promise<string> {
  const request = new Request({ method: "GET", target: "/", host: "a", ...parts });
  return sent((writer) => writeRequest(writer, request));
}

export function answered(parts: Partial<ResponseParts>): Promise<string> {
  const response = new Response({ status: 200, body: bodyFrom(TEXT_BODY).body, ...parts });
  return sent((writer) => writeResponse(writer, response));
}

// --- answers of the server ---------------------------------------------------------------------------

export interface Served {
  readonly octets: string;
  readonly end: string;
}

export const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/** What the real server sends when this handler answers. */
export async function exchanged(
  handler: HandlerFunc,
  request: string = GET,
): Promise<Served & { error: unknown }> {
  await using server = TestServer.inMemory(handler);
  const { text, end } = await server.exchange(request);
  return { octets: text, end, error: server.errors[0] };
}

export async function served(handler: HandlerFunc, request: string = GET): Promise<Served> {
  const { error, octets, end } = await exchanged(handler, request);
  if (error === undefined) return { octets, end };
  // The answer to a handler that has failed is the server's own; time stands still in it.
  const failing = await exchanged(() => {
    throw new Refused("none", "");
  }, request);
  throw new Refused(codeOf(error), octets === failing.octets ? "" : octets);
}

/** The same for what is set before a body of five bytes. */
export function servedWith(set: (w: ResponseWriter) => void): Promise<Served> {
  return served((w) => {
    set(w);
    return w.write(TEXT_BODY);
  });
}

// --- what stands in the octets -----------------------------------------------------------------------

export function group(octets: string, pattern: RegExp): string | undefined {
  return pattern.exec(octets)?.[1];
}

export const METHOD: RegExp = /^(\S*) /;
export const TARGET: RegExp = /^\S+ (.*) HTTP\/1\.1\r\n/;
/** The field whose value is just this word. */
export const NAME_OF_WORD: RegExp = /\r\n([^:\r\n]*): word\r\n/;
export const WORD = "word";
export const X_VALUE: RegExp = /\r\nX-Value: (.*)\r\n/;
export const HOST: RegExp = /\r\nHost: (.*)\r\n/;
export const REASON: RegExp = /^HTTP\/1\.1 \d{3} (.*)\r\n/;
export const STATUS: RegExp = /^HTTP\/1\.1 (\d{3}) /;
/** Encodings that differ in the case of their digits are the same. RFC 3986 §6.2.2.1 */
export function location(octets: string): string | undefined {
  return group(octets, /\r\nLocation: (.*)\r\n/)?.replace(/%[0-9a-f]{2}/gi, (text) =>
    text.toUpperCase(),
  );
}

export async function of(
  octets: Promise<string> | Promise<Served>,
  pattern: RegExp,
): Promise<Sent> {
  const got = await octets;
  const text = typeof got === "string" ? got : got.octets;
  return { octets: text, element: group(text, pattern) };
}

/** What is wrong with the fields that tell where the body ends. */
function framingFaults(octets: string): string[] {
  const head = octets.slice(0, octets.indexOf("\r\n\r\n") + 2);
  const lengths = head.match(/^content-length:.*$/gim) ?? [];
  const codings = head.match(/^transfer-encoding:.*$/gim) ?? [];
  const faults: string[] = [];
  if (lengths.length + codings.length > 1) faults.push("more than one framing field");
  if (lengths.some((line) => !/^content-length: \d+\r?$/i.test(line))) faults.push("a bad length");
  if (codings.some((line) => !/^transfer-encoding: chunked\r?$/i.test(line))) {
    faults.push("a bad coding");
  }
  if (/^HTTP\/1\.1 (1\d\d|204) /.test(octets) && codings.length > 0) faults.push("a coding here");
  return faults;
}

export async function framed(octets: Promise<string> | Promise<Served>): Promise<Sent> {
  const got = await octets;
  const text = typeof got === "string" ? got : got.octets;
  return { octets: text, faults: framingFaults(text) };
}

/** A value as text: texts as they are, numbers and the like as they are written. */
export function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * The head of an answer: what the handler set, what is added, and where the body will end.
 * RFC 9110 §6.6.1, §8.6; RFC 9112 §6, §9.3 · Go: server.go chunkWriter.writeHeader
 *
 * Rule of this file: a pure function from facts to a plan and its text; it writes nothing. The one place
 * where length, chunked or close is decided.
 */
import { detectContentType, detectContentTypeOfLatin1, reasonPhrase } from "../semantics/mod.ts";
import {
  equalsIgnoringCase,
  flatCopy,
  formatField,
  formatStatusLine,
  hasConnectionOption,
  isDigits,
} from "../wire/mod.ts";
import type { Header } from "../wire/mod.ts";

/** How the body of the answer is delimited. */
export type BodyPlan =
  | { readonly kind: "none" }
  /** HEAD: what is written is counted and dropped. */
  | { readonly kind: "discarded" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

export interface HeadFacts {
  readonly method: string;
  /** The n of the request's HTTP/1.n. */
  readonly versionMinor: number;
  readonly status: number;
  readonly reason: string | undefined;
  /** Undefined when the handler never touched it. */
  readonly header: Header | undefined;
  /** Lower-case names of automatic fields that are not wanted. */
  readonly omitted: ReadonlySet<string> | undefined;
  /** The whole length of the body, when the handler has ended; undefined while more may come. */
  readonly knownLength: number | undefined;
  /** The first of the body (text: one char per octet), for sniffing its type; undefined when nothing was written. */
  readonly sample: string | Uint8Array | undefined;
  /** Does the handler announce trailers? */
  readonly trailers: "announced" | "none";
  /** What the connection wants, before the handler's own wish. */
  readonly fate: "keep" | "close";
  /** Did the request ask for keep-alive in so many words? An HTTP/1.0 client waits for the same words. */
  readonly askedToKeep: boolean;
  readonly dateLine: string;
}

export interface ResponseHeadPlan {
  /** Status line, fields and the empty line; one char per octet. */
  readonly text: string;
  readonly body: BodyPlan;
  readonly fate: "keep" | "close";
  /** What the handler set and could not be sent, for the error log. */
  readonly complaint: string | undefined;
}

const NO_BODY: BodyPlan = Object.freeze({ kind: "none" });
const DISCARDED: BodyPlan = Object.freeze({ kind: "discarded" });
const CHUNKED: BodyPlan = Object.freeze({ kind: "chunked" });
const UNTIL_CLOSE: BodyPlan = Object.freeze({ kind: "until-close" });

/** Fields that decide framing and are therefore written by us, not copied. */
const FRAMING: readonly string[] = ["transfer-encoding"];
const FRAMING_AND_LENGTH: readonly string[] = ["transfer-encoding", "content-length"];
const NOT_IN_304: readonly string[] = ["transfer-encoding", "content-length", "content-type"];

/**
 * The head of a short answer to which the handler added nothing but a type: what most answers are. Made once
 * a second for each length, type and status that recur.
 */
export function plainHead(status: number, dateLine: string, length: number, type: string): string {
  const slot = length % PLAIN_HEADS;
  const last = plainHeads[slot];
  if (last !== undefined && last.length === length && last.status === status) {
    if (last.type === type && last.dateLine === dateLine) return last.text;
  }
  const line = formatStatusLine(1, status, phraseFor(status));
  const typeLine = formatField("Content-Type", type);
  const text = flatCopy(`${line}${dateLine}Content-Length: ${length}\r\n${typeLine}\r\n`);
  plainHeads[slot] = { status, dateLine, length, type, text };
  return text;
}

interface PlainHead {
  readonly status: number;
  readonly dateLine: string;
  readonly length: number;
  readonly type: string;
  readonly text: string;
}

const PLAIN_HEADS = 64;
const plainHeads: (PlainHead | undefined)[] = Array.from({ length: PLAIN_HEADS });

/** Plans the head of a final answer. Throws WireError when the handler set what cannot be sent. */
export function planHead(facts: HeadFacts): ResponseHeadPlan {
  const { header, status, method } = facts;
  if (status === 101 || (method === "CONNECT" && status >= 200 && status < 300)) {
    // Whoever is told of another protocol or a tunnel sends no more HTTP: what comes is not read as requests.
    const body = status === 101 ? NO_BODY : UNTIL_CLOSE;
    return { text: bareHead(facts), body, fate: "close", complaint: undefined };
  }
  const declared = declaredLength(header);
  const coding = header?.get("transfer-encoding");
  let complaint = declared.complaint;
  if (coding !== undefined && !isKnownCoding(coding)) {
    complaint = "the handler set a Transfer-Encoding other than chunked or identity";
  }
  if (coding !== undefined && declared.length !== undefined) {
    complaint = "the handler set Transfer-Encoding and Content-Length";
  }
  const bodyless = status === 204 || status === 304 || status < 200;
  // A length that was declared badly, or is not wanted, is not replaced by ours: chunks tell the end.
  const noLength =
    facts.trailers === "announced" ||
    declared.complaint !== undefined ||
    facts.omitted?.has("content-length") === true;
  const known = noLength ? undefined : facts.knownLength;
  const length = coding === undefined ? (declared.length ?? known) : undefined;
  const body = planBody(facts, bodyless, length, coding);
  const fate = planFate(facts, body);

  let text = formatStatusLine(
    Math.min(facts.versionMinor, 1),
    status,
    facts.reason ?? phraseFor(status),
  );
  // A length that the handler set twice is said once, by us.
  const own = declared.length === undefined || declared.repeated === true;
  if (header !== undefined) {
    const copyLength = !own && length !== undefined && !bodyless;
    const skip = status === 304 ? NOT_IN_304 : copyLength ? FRAMING : FRAMING_AND_LENGTH;
    text += header.format(skip);
  }
  if (isWanted("date", facts)) text += facts.dateLine;
  const mayTellLength = length !== undefined && !bodyless && own;
  if (mayTellLength && (body.kind === "length" || length > 0)) {
    text += `Content-Length: ${length}\r\n`;
  }
  if (!bodyless && coding === undefined) text += typeField(facts);
  text += connectionField(facts, fate);
  if (body.kind === "chunked") text += "Transfer-Encoding: chunked\r\n";
  return { text: `${text}\r\n`, body, fate, complaint };
}

/** An interim answer: 100 to 199 but 101. The fields so far, without those of framing. RFC 9110 §15.2 */
export function interimHead(
  status: number,
  reason: string | undefined,
  header: Header | undefined,
): string {
  const line = formatStatusLine(1, status, reason ?? phraseFor(status));
  return `${line}${header?.format(FRAMING_AND_LENGTH) ?? ""}\r\n`;
}

/** Digits only, at most 2^53 − 1. */
function parseDeclaredLength(text: string): number | undefined {
  if (!isDigits(text) || text.length > 16) return undefined;
  let length = 0;
  for (let i = 0; i < text.length; i++) length = length * 10 + (text.charCodeAt(i) - 0x30);
  return length <= Number.MAX_SAFE_INTEGER ? length : undefined;
}

/**
 * A head without framing, where the octets after it are another protocol: 101, a 2xx to CONNECT, hijack.
 * RFC 9110 §9.3.6, §15.2.2
 */
export function bareHead(facts: HeadFacts): string {
  const { status, header } = facts;
  let text = formatStatusLine(
    Math.min(facts.versionMinor, 1),
    status,
    facts.reason ?? phraseFor(status),
  );
  text += header?.format(FRAMING_AND_LENGTH) ?? "";
  if (isWanted("date", facts)) text += facts.dateLine;
  return `${text}\r\n`;
}

/** The Content-Length that a handler set, or what is wrong with it. */
export function declaredLength(header: Header | undefined): {
  length?: number;
  complaint?: string;
  repeated?: boolean;
} {
  const text = header?.get("content-length");
  if (text === undefined) return {};
  const values = header!.values("content-length");
  if (values.some((other) => other !== text)) {
    return { complaint: "the handler set Content-Length fields that differ" };
  }
  const length = parseDeclaredLength(text);
  if (length === undefined)
    return { complaint: "the handler set a Content-Length that is no number" };
  return { length, repeated: values.length > 1 };
}

function planBody(
  facts: HeadFacts,
  bodyless: boolean,
  length: number | undefined,
  coding: string | undefined,
): BodyPlan {
  if (bodyless) return NO_BODY;
  if (facts.method === "HEAD") return DISCARDED;
  if (length !== undefined) return { kind: "length", length };
  if (
    facts.versionMinor === 0 ||
    (coding !== undefined && equalsIgnoringCase(coding, "identity"))
  ) {
    return UNTIL_CLOSE;
  }
  return CHUNKED;
}

function planFate(facts: HeadFacts, body: BodyPlan): "keep" | "close" {
  if (body.kind === "until-close" || facts.fate === "close") return "close";
  if (facts.method === "CONNECT") return "close";
  return saysClose(facts.header) ? "close" : "keep";
}

/** Tells the peer what its version does not take for granted. RFC 9112 §9.3 */
function connectionField(facts: HeadFacts, fate: "keep" | "close"): string {
  const { header, versionMinor } = facts;
  if (fate === "close") {
    return versionMinor === 0 || saysClose(header) ? "" : "Connection: close\r\n";
  }
  return versionMinor === 0 && facts.askedToKeep && header?.has("connection") !== true
    ? "Connection: keep-alive\r\n"
    : "";
}

/** Is a field to be added that the handler has neither set nor declined? */
function isWanted(name: string, facts: HeadFacts): boolean {
  return facts.header?.has(name) !== true && facts.omitted?.has(name) !== true;
}

function typeField(facts: HeadFacts): string {
  const { sample } = facts;
  if (sample === undefined || !isWanted("content-type", facts) || !isPlain(facts.header)) return "";
  const type =
    typeof sample === "string" ? detectContentTypeOfLatin1(sample) : detectContentType(sample);
  return `Content-Type: ${type}\r\n`;
}

/** Octets in a content coding would be sniffed as what they are not. */
function isPlain(header: Header | undefined): boolean {
  return (header?.get("content-encoding") ?? "") === "";
}

function saysClose(header: Header | undefined): boolean {
  if (header === undefined || !header.has("connection")) return false;
  return header.values("connection").some((value) => hasConnectionOption(value, "close"));
}

function isKnownCoding(coding: string): boolean {
  return equalsIgnoringCase(coding, "chunked") || equalsIgnoringCase(coding, "identity");
}

function phraseFor(status: number): string {
  const phrase = reasonPhrase(status);
  return phrase === "" ? `status code ${status}` : phrase;
}

/**
 * Segments as text and as octets on the wire.
 * RFC 3986 §2.1, §3.3 · Go: pattern.go pathUnescape, url.URL.EscapedPath
 *
 * Rule of this file: what is decoded is text, what is encoded is ASCII; nothing is decoded twice.
 */
import { pathUnescape } from "../../semantics/mod.ts";
import { allIn, decodeLatin1, hasGoodEscapes } from "../../wire/mod.ts";

/**
 * The text that a literal segment of a pattern stands for. Percent-encodings are resolved if all of them
 * are good; otherwise the segment means itself, as in Go.
 */
export function unescapeLiteral(literal: string): string {
  if (!literal.includes("%") || !hasGoodEscapes(literal)) return literal;
  return pathUnescape(octetsOf(literal));
}

/** A segment as it stands in a request's path, for any text: the inverse of decoding. */
export function escapeSegment(text: string): string {
  return escaped(octetsOf(text), PLAIN);
}

/**
 * Path or query as it may stand in a Location: encodings are left alone, what a URI cannot hold is encoded.
 * Backslashes are among that: browsers would take them for slashes.
 */
export function escapeReference(octets: string): string {
  return allIn(REFERENCE, octets) ? octets : escaped(octets, REFERENCE);
}

const PCHAR = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@";
/** 1 for what stands for itself in a segment: pchar, without the "%" that begins an encoding. */
const PLAIN: Uint8Array = classOf(PCHAR);
/** 1 for what may stand in path and query: "%" too, because it begins an encoding already. */
const REFERENCE: Uint8Array = classOf(`${PCHAR}/?%`);

const UTF8 = new TextEncoder();

/** One char per octet of the text's UTF-8. */
function octetsOf(text: string): string {
  const bytes = UTF8.encode(text);
  return decodeLatin1(bytes, 0, bytes.length);
}

function escaped(octets: string, plain: Uint8Array): string {
  let out = "";
  for (let i = 0; i < octets.length; i++) {
    const octet = octets.charCodeAt(i);
    if (plain[octet] === 1) out += octets.charAt(i);
    else out += `%${octet.toString(16).padStart(2, "0")}`;
  }
  return out;
}

function classOf(chars: string): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i < chars.length; i++) table[chars.charCodeAt(i)] = 1;
  return table;
}

/**
 * Octets that stand in a string, one char each, and the text they mean.
 * RFC 7578 §5.1, RFC 3629 · Go: none, its strings are octets
 *
 * Rule of this file: UTF-8 both ways, and the percent-coding of octets; what is escaped where is told by
 * those who ask.
 */
import { decodeLatin1, encodeLatin1, HEX_VALUE } from "../wire/mod.ts";

/**
 * The text that the octets mean in UTF-8, broken sequences as U+FFFD. A string that holds a char above
 * U+00FF is text already and comes back unchanged.
 */
export function textOfOctets(octets: string): string {
  let highest = 0;
  for (let i = 0; i < octets.length; i++) highest = Math.max(highest, octets.charCodeAt(i));
  return highest < 0x80 || highest > 0xff ? octets : UTF8.decode(encodeLatin1(octets));
}

/** The UTF-8 octets of the text, one char each; lone surrogates as U+FFFD. */
export function octetsOfText(text: string): string {
  const octets = new TextEncoder().encode(text);
  return octets.length === text.length ? text : decodeLatin1(octets, 0, octets.length);
}

/**
 * Resolves the percent-codings in place and answers how many octets are left; undefined when a "%" is not
 * followed by two hexadecimal digits. `space` is an octet that stands for a blank, as "+" does in forms.
 */
export function percentDecode(octets: Uint8Array, space?: number): number | undefined {
  let length = 0;
  for (let i = 0; i < octets.length; i++) {
    let octet = octets[i]!;
    if (octet === PERCENT) {
      const high = HEX_VALUE[octets[i + 1] ?? 0]!;
      const low = HEX_VALUE[octets[i + 2] ?? 0]!;
      if (high > 15 || low > 15) return undefined;
      octet = high * 16 + low;
      i += 2;
    } else if (octet === space) {
      octet = 0x20;
    }
    octets[length++] = octet;
  }
  return length;
}

/** UTF-8 octets as text, broken sequences as U+FFFD, a byte order mark kept: it is a part of the value. */
export function decodeUtf8(octets: Uint8Array): string {
  return UTF8.decode(octets);
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const PERCENT = 0x25;

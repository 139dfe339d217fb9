/**
 * Percent-decoding of paths.
 * RFC 3986 §2.1 · Go: url.PathUnescape
 *
 * Rule of this file: strings in, strings out. A path from the wire has one char per octet; what comes out is
 * text, the octets read as UTF-8.
 */
import { HEX_VALUE, encodeLatin1 } from "../wire/mod.ts";

/**
 * The path with its percent-encodings resolved and its octets read as UTF-8, broken sequences as U+FFFD.
 * "+" stays "+". A "%" that no two hexadecimal digits follow stays as it is: the request-target's check
 * has refused it before. Decode once only, and after splitting: "%2F" becomes "/".
 */
export function pathUnescape(escaped: string): string {
  if (isPlain(escaped)) return escaped;
  const octets = encodeLatin1(escaped);
  let length = 0;
  for (let i = 0; i < octets.length; i++) {
    let octet = octets[i]!;
    if (octet === PERCENT && i + 2 < octets.length) {
      const high = HEX_VALUE[octets[i + 1]!]!;
      const low = HEX_VALUE[octets[i + 2]!]!;
      if (high < 16 && low < 16) {
        octet = high * 16 + low;
        i += 2;
      }
    }
    octets[length++] = octet;
  }
  return UTF8.decode(octets.subarray(0, length));
}

const PERCENT = 0x25;
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === PERCENT || char > 0x7f) return false;
  }
  return true;
}

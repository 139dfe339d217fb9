/**
 * Base64 in the standard alphabet, without the host's help.
 * RFC 4648 §4, §3.5 · Go: encoding/base64 StdEncoding.Strict
 *
 * Rule of this file: octets and text, and one text only for each octet string: padding is required,
 * the unused bits of the last digit must be zero, blanks and line ends are not skipped.
 *
 *   octets   aaaaaaaa bbbbbbbb cccccccc
 *   digits   aaaaaa aabbbb bbbbcc cccccc
 */

/** Octets to base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (octetAt(bytes, i) << 16) | (octetAt(bytes, i + 1) << 8) | octetAt(bytes, i + 2);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += i + 1 < bytes.length ? ALPHABET.charAt((group >> 6) & 63) : "=";
    text += i + 2 < bytes.length ? ALPHABET.charAt(group & 63) : "=";
  }
  return text;
}

/** Base64 with padding to octets; undefined when the text is not what `encodeBase64` writes. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const digitCount = text.length - paddingOf(text);
  const bytes = new Uint8Array(Math.floor((digitCount * 3) / 4));
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let i = 0; i < digitCount; i++) {
    const value = valueOf(text.charCodeAt(i));
    if (value === undefined) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[at++] = bits >> bitCount;
  }
  const unused = bits & ((1 << bitCount) - 1);
  return unused === 0 ? bytes : undefined;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const VALUES: ReadonlyMap<number, number> = new Map(
  ALPHABET.split("").map((digit, value) => [digit.charCodeAt(0), value]),
);

function valueOf(char: number): number | undefined {
  return VALUES.get(char);
}

/**
 * How many of the last two chars are padding; "=" anywhere else is no digit and is found as such.
 */
function paddingOf(text: string): 0 | 1 | 2 {
  if (!text.endsWith("=")) return 0;
  return text.endsWith("==") ? 2 : 1;
}

/** Beyond the end: zero bits. */
function octetAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

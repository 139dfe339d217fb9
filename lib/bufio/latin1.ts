/**
 * Strings with one char per byte, turned into bytes: for pipes that only take bytes.
 * Go: []byte(s)
 *
 * Rule of this file: portable, no Buffer. Chars above U+00FF never come here: they are refused before.
 */

/** The chars of `latin1` as bytes, one each. */
export function latin1Bytes(latin1: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(latin1.length);
  for (let i = 0; i < latin1.length; i++) out[i] = latin1.charCodeAt(i);
  return out;
}

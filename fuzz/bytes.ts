/**
 * Octets as text and back, for seeds, for what is printed, and for the words of a grammar.
 *
 * Rule of this file: every octet can be told, and comes back as it was.
 */

/** An input as the text between double quotes of a source file. */
export function escaped(input: Uint8Array): string {
  const chars = Array.from(input, (byte) => {
    if (byte === 0x0d) return "\\r";
    if (byte === 0x0a) return "\\n";
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    const plain = byte >= 0x20 && byte < 0x7f;
    return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `"${chars.join("")}"`;
}

/** One octet a char; text with chars above U+00FF is taken as UTF-8, so that it is tried too. */
export function octetsOf(text: string): Uint8Array {
  const wide = Array.from(text, (char) => char.charCodeAt(0)).some((code) => code > 0xff);
  return wide
    ? new TextEncoder().encode(text)
    : Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

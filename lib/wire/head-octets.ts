/**
 * Questions about the octets of a head that are asked for each message, each answered without making anything.
 * RFC 9112 §2.3, §3.1, RFC 9110 §5.5 · Go: none
 *
 * Rule of this file: positions in, an answer out; what it means for a scan is head.ts's affair. It is here that
 * a few lines of plain code are written for speed.
 */
import { CR, LF, SP } from "./ascii.ts";

/** How many octets `isVersionTail` looks at. */
export const VERSION_TAIL_BYTES = 11;
/** Where the minor digit stands in it. */
export const MINOR_AT = 8;

/** Does what follows the target of an HTTP/1.x request stand here: SP "HTTP/1." DIGIT CRLF, any octet for the digit? */
export function isVersionTail(bytes: Uint8Array, i: number): boolean {
  // Written out: a loop over these few octets costs more than they do.
  const isName =
    bytes[i + 1] === 0x48 &&
    bytes[i + 2] === 0x54 &&
    bytes[i + 3] === 0x54 &&
    bytes[i + 4] === 0x50;
  const isMajor = bytes[i + 5] === 0x2f && bytes[i + 6] === 0x31 && bytes[i + 7] === 0x2e;
  return bytes[i] === SP && isName && isMajor && bytes[i + 9] === CR && bytes[i + 10] === LF;
}

const COMMON_METHODS: readonly string[] = ["PUT", "POST", "HEAD", "PATCH", "DELETE", "OPTIONS"];

/** The method from `start` to `end` as a constant string, where it is a common one. */
export function commonMethod(bytes: Uint8Array, start: number, end: number): string | undefined {
  const isGet = bytes[start] === 0x47 && bytes[start + 1] === 0x45 && bytes[start + 2] === 0x54;
  if (isGet && end - start === 3) return "GET";
  for (const method of COMMON_METHODS) {
    if (method.length === end - start && isText(bytes, start, method)) return method;
  }
  return undefined;
}

function isText(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * Passes over what is printable ASCII in all four octets of a word: half the time of a head goes into looking
 * at values. `i` and `to` are positions in an array that begins at `offset` of the buffer.
 */
export function skipPlainWords(words: DataView, i: number, to: number, offset: number): number {
  // In each octet of a word: SP, 1, and the high bit.
  const spaces = 0x20202020;
  const ones = 0x01010101;
  const highBits = -0x7f7f7f80;
  while (i + 4 <= to) {
    const word = words.getInt32(offset + i, true);
    // An octet's high bit is set in the first where it is below SP, in the second where it is DEL.
    if ((((word - spaces) | (word + ones) | word) & highBits) !== 0) return i;
    i += 4;
  }
  return i;
}

/**
 * Passes over what is a letter or a hyphen in all four octets of a word, which is most of most names. Positions
 * are those of `skipPlainWords`.
 */
export function skipNameWords(words: DataView, i: number, to: number, offset: number): number {
  // In each octet of a word: the bit that tells "a" from "A", what lifts "a" and "{" to the high bit, "-",
  // all bits but the high one, and the high one, which the answer is wanted in.
  const caseBits = 0x20202020;
  const liftA = 0x1f1f1f1f;
  const liftPastZ = 0x05050505;
  const hyphens = 0x2d2d2d2d;
  const allButHigh = 0x7f7f7f7f;
  const wanted = -0x7f7f7f80;
  while (i + 4 <= to) {
    const word = words.getInt32(offset + i, true);
    const lower = word | caseBits;
    const letters = (lower + liftA) & ~(lower + liftPastZ);
    const notHyphens = (word ^ hyphens) + allButHigh;
    // An octet that is not ASCII carries into the next one, and is refused itself.
    if (((letters | ~notHyphens) & ~word & wanted) !== wanted) return i;
    i += 4;
  }
  return i;
}

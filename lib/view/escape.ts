/**
 * Octets as text that shows them and does nothing else, on a terminal or in a page.
 *
 * Rule of this file: one octet in, printable ASCII out.
 */

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x00, "\\0"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

/** `\r`, `\n`, `\t`, `\0`, a doubled backslash, visible ASCII as it is, all else as `\xNN`. */
export function escapeOctet(octet: number): string {
  const named = NAMED.get(octet);
  if (named !== undefined) return named;
  if (octet >= 0x20 && octet < 0x7f) return String.fromCharCode(octet);
  return `\\x${hex(octet)}`;
}

/** The octets of a range, escaped; of a long one the first and the last, with the count between them. */
export function escapeRange(
  bytes: Uint8Array,
  from: number,
  to: number,
  max: number = Infinity,
): string {
  const length = to - from;
  if (length <= max) return escaped(bytes, from, to);
  const tail = Math.floor(max / 4);
  const head = max - tail;
  const left = length - head - tail;
  return `${escaped(bytes, from, from + head)}… ${left} octets …${escaped(bytes, to - tail, to)}`;
}

/** Two hexadecimal digits. */
export function hex(octet: number): string {
  return octet.toString(16).padStart(2, "0");
}

function escaped(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++) text += escapeOctet(bytes[i] ?? 0);
  return text;
}

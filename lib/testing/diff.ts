/**
 * Two byte sequences side by side, as a person can read them: escaped, line by line, the difference marked.
 *
 * Rule of this file: text out of bytes; it decides nothing but where the first difference is.
 */

/** Where two sequences differ first; undefined when they are equal. */
export function firstDifference(actual: Uint8Array, expected: Uint8Array): number | undefined {
  const length = Math.min(actual.length, expected.length);
  for (let i = 0; i < length; i++) if (actual[i] !== expected[i]) return i;
  return actual.length === expected.length ? undefined : length;
}

/**
 * Bytes as printable text: CR, LF and the like as `\r`, `\n`, `\t`, `\0`, all else outside of ASCII as `\xNN`,
 * the backslash doubled.
 */
export function escapeBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += escapeByte(byte);
  return text;
}

/**
 * The first difference with the lines around it:
 *
 *     first difference at byte 17 (line 2, column 1)
 *       expected  Content-Length: 5\r\n
 *       actual    Transfer-Encoding: chunked\r\n
 *                 ^
 *
 * "" when the two are equal.
 */
export function diffBytes(actual: Uint8Array, expected: Uint8Array): string {
  const at = firstDifference(actual, expected);
  if (at === undefined) return "";
  const start = lineStart(expected, at);
  const before = lineStart(expected, start - 1);
  const column = escapeBytes(expected.subarray(start, at)).length;
  const lines = [
    `first difference at byte ${at} (line ${lineNumber(expected, start)}, column ${at - start + 1})`,
  ];
  if (start > 0) lines.push(`            ${escapeBytes(expected.subarray(before, start))}`);
  lines.push(
    `  expected  ${shownLine(expected, start, at)}`,
    `  actual    ${shownLine(actual, start, at)}`,
    `            ${" ".repeat(Math.min(column, SHOWN_CHARS / 2))}^`,
  );
  return lines.join("\n");
}

const SHOWN_CHARS = 96;
const LF = 0x0a;
const NAMED: ReadonlyMap<number, string> = new Map([
  [0x00, "\\0"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

function escapeByte(byte: number): string {
  const named = NAMED.get(byte);
  if (named !== undefined) return named;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** The line from `start`, clipped so that the difference at `at` is in what is shown. */
function shownLine(bytes: Uint8Array, start: number, at: number): string {
  if (start >= bytes.length) return "(ends here)";
  const newline = bytes.indexOf(LF, at);
  const end = newline < 0 ? bytes.length : newline + 1;
  const text = escapeBytes(bytes.subarray(start, end));
  const column = escapeBytes(bytes.subarray(start, Math.min(at, end))).length;
  const from = Math.max(0, column - SHOWN_CHARS / 2);
  const shown = text.slice(from, from + SHOWN_CHARS);
  const ends = newline < 0 && at >= bytes.length ? " (ends here)" : "";
  return `${shown}${from + SHOWN_CHARS < text.length ? "…" : ""}${ends}`;
}

/** Where the line begins that holds the byte before or at `at`. */
function lineStart(bytes: Uint8Array, at: number): number {
  return at <= 0 ? 0 : bytes.lastIndexOf(LF, at - 1) + 1;
}

function lineNumber(bytes: Uint8Array, start: number): number {
  let line = 1;
  for (let i = 0; i < start; i++) if (bytes[i] === LF) line++;
  return line;
}

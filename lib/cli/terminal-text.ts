/**
 * Text of a peer made harmless for a terminal.
 *
 * Rule of this file: line feeds and tabs stay; every other control, C1 and the marks that turn the direction of
 * text round are shown as escapes.
 */

const HARMFUL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Several lines of text. CR before LF is left out. */
export function terminalText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(HARMFUL, escaped);
}

/** One line of text: line feeds and tabs are escaped too. */
export function terminalLine(text: string): string {
  return text.replace(/[\n\t]/g, escaped).replace(HARMFUL, escaped);
}

function escaped(char: string): string {
  const code = char.charCodeAt(0);
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  if (char === "\t") return "\\t";
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

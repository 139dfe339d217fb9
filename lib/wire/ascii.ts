/**
 * Character classes as 256-entry tables, and latin1 strings to bytes and back.
 * RFC 9110 §5.5, §5.6.2; RFC 9112 §3 · Go: net/http/lex.go, httpguts
 *
 * Rule of this file: one octet or one string at a time; it knows no message.
 */

/** Every octet as a char. */
const OCTETS: string = String.fromCharCode(...new Uint8Array(256).keys());

/** 1 for the octets of a token: "!#$%&'*+-.^_`|~", digits and letters. RFC 9110 §5.6.2 */
export const TOKEN: Uint8Array = charClass(/[!#$%&'*+\-.^_`|~0-9A-Za-z]/);

/** 1 for the octets that may stand in a field value: HTAB, SP, VCHAR, obs-text. RFC 9110 §5.5 */
export const FIELD_VALUE: Uint8Array = charClass(/[\t\x20-\x7e\x80-\xff]/);

/**
 * 1 for the octets that we take in a request-target: everything but controls, SP and DEL. Wider than the
 * URI grammar (`"`, `|`, `^`, `{`, octets above 0x7F) as every server in use is.
 */
export const TARGET: Uint8Array = charClass(/[\x21-\x7e\x80-\xff]/);

/** What HEX_VALUE says of an octet that is no hexadecimal digit. */
const NO_DIGIT = 255;

/** The value of a hexadecimal digit, 255 for every other octet. */
export const HEX_VALUE: Uint8Array = hexValues();

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;

/** Is it a token: one or more token characters? RFC 9110 §5.6.2 */
export function isToken(text: string): boolean {
  return text.length > 0 && allIn(TOKEN, text);
}

/**
 * Can it stand as a field value on the wire: no control but HTAB, nothing above U+00FF, no blank at either
 * end? The empty string can. RFC 9110 §5.5
 */
export function isFieldValue(text: string): boolean {
  if (text.length === 0) return true;
  if (isBlank(text.charCodeAt(0)) || isBlank(text.charCodeAt(text.length - 1))) return false;
  return allIn(FIELD_VALUE, text);
}

/** Are all chars of the table's class? Chars above U+00FF are of none. */
export function allIn(table: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (table[text.charCodeAt(i)] !== 1) return false;
  }
  return true;
}

/**
 * The table of the octets that this pattern for one char matches.
 *
 * The mark lets bundlers leave out tables that nobody uses.
 * @__NO_SIDE_EFFECTS__
 */
export function charClass(member: RegExp): Uint8Array {
  const table = new Uint8Array(256);
  // One search through all of them: 256 searches a class would show in the time that importing takes.
  for (const { index } of OCTETS.matchAll(new RegExp(member, "g"))) table[index] = 1;
  return table;
}

/** Do two hexadecimal digits follow each "%"? RFC 3986 §2.1 */
export function hasGoodEscapes(text: string): boolean {
  for (let i = text.indexOf("%"); i >= 0; i = text.indexOf("%", i + 3)) {
    if (!isHexDigit(text.charCodeAt(i + 1)) || !isHexDigit(text.charCodeAt(i + 2))) return false;
  }
  return true;
}

/** Is the char a hexadecimal digit? NaN, which charCodeAt gives behind the end, is none. */
export function isHexDigit(char: number): boolean {
  return (HEX_VALUE[char] ?? NO_DIGIT) !== NO_DIGIT;
}

/** Is it one or more decimal digits and nothing else? */
export function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char < 0x30 || char > 0x39) return false;
  }
  return true;
}

/** Without SP and HTAB at both ends, and only those: JavaScript's trim() takes much more. */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Are the two equal, ASCII letters taken without case? Makes nothing: it is asked for every field. */
export function equalsIgnoringCase(one: string, other: string): boolean {
  return one === other || (one.length === other.length && standsAt(one, 0, other));
}

/** Does the word stand there in the text, ASCII letters taken without case? */
export function standsAt(text: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const char = text.charCodeAt(at + i);
    const difference = char ^ word.charCodeAt(i);
    if (difference === 0) continue;
    const lower = char | CASE_BIT;
    if (difference !== CASE_BIT || lower < 0x61 || lower > 0x7a) return false;
  }
  return true;
}

/** ASCII letters in lower case; every other char, also beyond ASCII, as it is. */
export function lowerAscii(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return lowerSlowly(text);
  }
  return text.toLowerCase();
}

/** One char per octet (U+0000 to U+00FF): ISO-8859-1, not the windows-1252 that TextDecoder means by latin1. */
export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let from = start; from < end; from += DECODE_STEP) {
    const to = Math.min(end, from + DECODE_STEP);
    text += String.fromCharCode.apply(undefined, Array.from(bytes.subarray(from, to)));
  }
  return text;
}

/** One octet per char; the caller has made sure that no char is above U+00FF. */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** How many chars one call of fromCharCode may take, well below every engine's argument limit. */
const DECODE_STEP = 4096;

/** What tells a capital letter from a small one. */
const CASE_BIT = 0x20;

function isBlank(char: number): boolean {
  return char === SP || char === HTAB;
}

/** Beyond ASCII toLowerCase changes more than ASCII letters, among them the Kelvin sign into "k". */
function lowerSlowly(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function hexValues(): Uint8Array {
  const table = new Uint8Array(256).fill(NO_DIGIT);
  for (const [digit, char] of [..."0123456789abcdef"].entries()) {
    table[char.charCodeAt(0)] = digit;
    table[char.toUpperCase().charCodeAt(0)] = digit;
  }
  return table;
}

/**
 * The small grammar inside field values: lists, tokens, parameters, quoted strings.
 * RFC 9110 §5.6 · Go: http/header.go hasToken, httpguts.HeaderValuesContainsToken, mime.ParseMediaType
 *
 * Rule of this file: one left-to-right walk over a value, no regular expression, no meaning. What a token
 * or a parameter says is told by those who ask.
 */
import { FIELD_VALUE, HTAB, SP, TOKEN, equalsIgnoringCase, lowerAscii, trimOws } from "./ascii.ts";
import { WireError } from "./errors.ts";

/**
 * The elements of a comma-separated list, blanks around them and empty elements dropped. A comma inside a
 * quoted string does not separate; a quoted string that never ends reaches to the end of the value.
 * RFC 9110 §5.6.1
 */
export function splitList(value: string): string[] {
  const elements: string[] = [];
  let start = 0;
  while (start < value.length) {
    const end = elementEnd(value, start);
    const element = trimOws(value.slice(start, end));
    if (element !== "") elements.push(element);
    start = end + 1;
  }
  return elements;
}

/**
 * Does the value hold this token, ASCII case aside, between blanks, commas or its ends? Looser than the
 * list rule: "keep-alive close" holds both. The empty token is never held. Go: hasToken
 */
export function hasToken(value: string, token: string): boolean {
  if (token === "") return false;
  const lower = lowerAscii(token);
  let start = 0;
  for (let i = 0; i <= value.length; i++) {
    if (i < value.length && !isBoundary(value.charCodeAt(i))) continue;
    if (i - start === lower.length && equalsIgnoringCase(value.slice(start, i), lower)) return true;
    start = i + 1;
  }
  return false;
}

/**
 * The parameters after a media type, a transfer coding or an expectation: `; name=value; name="value"`. The
 * first `;` may be missing, empty parameters are passed over. Names come in lower case, values unquoted; a
 * name may repeat only with the same value.
 *
 * Throws "bad-parameter" or "bad-quoted-string". RFC 9110 §5.6.6 · Go: mime.ParseMediaType
 */
export function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    if (text.charAt(at) === ";") {
      at = skipBlanks(text, at + 1);
      continue;
    }
    const nameEnd = tokenEnd(text, at);
    if (nameEnd === at || text.charAt(nameEnd) !== "=") throw new WireError("bad-parameter");
    const name = lowerAscii(text.slice(at, nameEnd));
    const valueEnd = parameterValueEnd(text, nameEnd + 1);
    const raw = text.slice(nameEnd + 1, valueEnd);
    const value = raw.startsWith('"') ? unquote(raw) : raw;
    if ((parameters.get(name) ?? value) !== value) throw new WireError("bad-parameter");
    parameters.set(name, value);
    at = skipBlanks(text, valueEnd);
    if (at < text.length && text.charAt(at) !== ";") throw new WireError("bad-parameter");
  }
  return parameters;
}

/**
 * The text as a quoted string, its quotes and backslashes escaped. Throws "bad-field-value" for a control
 * character or one above U+00FF, which no quoted string can carry. RFC 9110 §5.6.4
 */
export function quote(text: string): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) {
    if (FIELD_VALUE[text.charCodeAt(i)] !== 1) throw new WireError("bad-field-value");
    const char = text.charAt(i);
    quoted += char === '"' || char === "\\" ? `\\${char}` : char;
  }
  return `${quoted}"`;
}

/**
 * What a quoted string says, without its quotes and escapes. Throws "bad-quoted-string" when the text is
 * not one quoted string and nothing else. RFC 9110 §5.6.4
 */
export function unquote(text: string): string {
  const last = text.length - 1;
  if (last < 1 || text.charAt(0) !== '"' || quotedEnd(text, 0) !== text.length) {
    throw new WireError("bad-quoted-string");
  }
  let plain = "";
  let from = 1;
  for (let i = 1; i < last; i++) {
    if (text.charAt(i) === "\\") {
      plain += text.slice(from, i);
      from = ++i;
    }
    if (FIELD_VALUE[text.charCodeAt(i)] !== 1) throw new WireError("bad-quoted-string");
  }
  return plain + text.slice(from, last);
}

/** Where the list element that begins at `start` ends: a comma outside quotes, or the end. */
function elementEnd(value: string, start: number): number {
  let i = start;
  while (i < value.length) {
    const char = value.charAt(i);
    if (char === ",") return i;
    i = char === '"' ? (quotedEnd(value, i) ?? value.length) : i + 1;
  }
  return i;
}

/** The place after the quote that closes the one at `start`; undefined when none does. */
function quotedEnd(text: string, start: number): number | undefined {
  for (let i = start + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"') return i + 1;
    if (char === "\\") i++;
  }
  return undefined;
}

/** Where a parameter's value ends: a quoted string or a token, never empty. */
function parameterValueEnd(text: string, start: number): number {
  if (text.charAt(start) === '"') {
    const end = quotedEnd(text, start);
    if (end === undefined) throw new WireError("bad-quoted-string");
    return end;
  }
  const end = tokenEnd(text, start);
  if (end === start) throw new WireError("bad-parameter");
  return end;
}

function tokenEnd(text: string, start: number): number {
  let i = start;
  while (i < text.length && TOKEN[text.charCodeAt(i)] === 1) i++;
  return i;
}

function skipBlanks(text: string, start: number): number {
  let i = start;
  while (i < text.length && isBlank(text.charCodeAt(i))) i++;
  return i;
}

function isBlank(char: number): boolean {
  return char === SP || char === HTAB;
}

function isBoundary(char: number): boolean {
  return isBlank(char) || char === 0x2c;
}

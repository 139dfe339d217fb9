/**
 * Content-Disposition: the name of a form's field and of a file, read and written.
 * RFC 6266 §4, RFC 7578 §4.2, RFC 8187 §3.2 · Go: mime.ParseMediaType, multipart.Part FormName, FileName
 *
 * Rule of this file: one field value. What a file is called is the sender's word: it is cut down to a name,
 * and is still no path to write to.
 */
import { SP, TOKEN, decodeLatin1, encodeLatin1, isToken, lowerAscii, quote } from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";
import { decodeUtf8, octetsOfText, percentDecode, textOfOctets } from "./utf8-text.ts";

/** A Content-Disposition, taken apart. */
export interface ContentDisposition {
  /** `form-data`, `attachment`, `inline`: in lower case. */
  readonly type: string;
  /** Values by name, names in lower case, as text. `filename*` stands at `filename` and wins over it. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The name of the form's field. */
  readonly name: string | undefined;
  /** The name of the file, `baseName` of what was sent; undefined also when that was empty. */
  readonly filename: string | undefined;
}

/**
 * Reads a Content-Disposition with one char for each octet, taken for UTF-8. Blanks may stand around ";".
 * Within quotes a backslash escapes a quote or a backslash and is itself before any other char, since
 * some send `C:\dir\file` unescaped.
 *
 * @throws {SemanticsError} `bad-content-disposition`
 */
export function parseContentDisposition(value: string): ContentDisposition {
  const typeEnd = tokenEnd(value, skipBlanks(value, 0));
  const type = lowerAscii(value.slice(skipBlanks(value, 0), typeEnd));
  if (type === "") throw malformed();
  const parameters = new Map<string, string>();
  const extended = new Map<string, string>();
  for (let at = skipBlanks(value, typeEnd); at < value.length; ) {
    if (value.charAt(at) !== ";") throw malformed();
    at = skipBlanks(value, at + 1);
    if (at === value.length || value.charAt(at) === ";") continue;
    const nameEnd = tokenEnd(value, at);
    const name = lowerAscii(value.slice(at, nameEnd));
    if (name === "" || value.charAt(nameEnd) !== "=") throw malformed();
    const { text, end } = valueAt(value, nameEnd + 1);
    if (name.endsWith("*")) put(extended, name.slice(0, -1), extendedText(text));
    else put(parameters, name, textOfOctets(text));
    at = skipBlanks(value, end);
  }
  for (const [name, text] of extended) parameters.set(name, text);
  const filename = parameters.get("filename") ?? "";
  return {
    type,
    parameters,
    name: parameters.get("name"),
    filename: filename === "" ? undefined : baseName(filename),
  };
}

/**
 * Writes the Content-Disposition of an answer: `attachment; filename="a.txt"`. A name beyond ASCII is also
 * given as `filename*`, with "_" for what the plain form cannot say. RFC 6266 §4.3, appendix D
 *
 * @throws {SemanticsError} `bad-content-disposition` when the type is no token
 */
export function formatContentDisposition(disposition: {
  readonly type: string;
  readonly filename?: string | undefined;
}): string {
  const { type, filename } = disposition;
  if (!isToken(type)) throw malformed();
  if (filename === undefined) return type;
  // A "%" would be taken for an escape by some.
  const plain = filename.replace(/[^ -~]|%/gu, "_");
  const text = `${type}; filename=${quote(plain)}`;
  return plain === filename ? text : `${text}; filename*=UTF-8''${percentEncode(filename)}`;
}

/**
 * The last step of a path in any system's way of writing: no slashes, backslashes, drives, control chars.
 * "unnamed" when nothing is left, or only "." or "..". Go: filepath.Base
 */
export function baseName(path: string): string {
  const steps = path.replace(/\p{Cc}/gu, "").split(/[/\\]/);
  const last = steps.findLast((step) => step !== "") ?? "";
  // More than one, or what is left would name a drive again.
  const name = last.replace(/^(?:[A-Za-z]:)+/, "");
  return name === "" || name === "." || name === ".." ? "unnamed" : name;
}

function malformed(): SemanticsError {
  return new SemanticsError("bad-content-disposition");
}

/** A name given twice must say the same twice: readers who disagree can be played off. */
function put(parameters: Map<string, string>, name: string, text: string): void {
  if ((parameters.get(name) ?? text) !== text) throw malformed();
  parameters.set(name, text);
}

function skipBlanks(value: string, from: number): number {
  let at = from;
  while (value.charCodeAt(at) === SP || value.charCodeAt(at) === 0x09) at++;
  return at;
}

function tokenEnd(value: string, from: number): number {
  let at = from;
  while (TOKEN[value.charCodeAt(at)] === 1) at++;
  return at;
}

/** A token or a quoted string, and where it ends. */
function valueAt(value: string, from: number): { readonly text: string; readonly end: number } {
  if (value.charAt(from) !== '"') {
    const end = tokenEnd(value, from);
    if (end === from) throw malformed();
    return { text: value.slice(from, end), end };
  }
  let text = "";
  let start = from + 1;
  for (let at = start; at < value.length; at++) {
    const char = value.charAt(at);
    if (char === '"') return { text: text + value.slice(start, at), end: at + 1 };
    const next = value.charAt(at + 1);
    if (char !== "\\" || (next !== '"' && next !== "\\")) continue;
    text += value.slice(start, at);
    start = ++at;
  }
  throw malformed();
}

/** `UTF-8'en'%e2%82%ac`: charset, language (of no use here), octets. RFC 8187 §3.2.1 */
function extendedText(value: string): string {
  const first = value.indexOf("'");
  const second = value.indexOf("'", first + 1);
  if (first < 0 || second < 0) throw malformed();
  const charset = lowerAscii(value.slice(0, first));
  const octets = encodeLatin1(value.slice(second + 1));
  const length = percentDecode(octets);
  if (length === undefined) throw malformed();
  if (charset === "utf-8") return decodeUtf8(octets.subarray(0, length));
  if (charset === "iso-8859-1") return decodeLatin1(octets, 0, length);
  throw malformed();
}

/** Everything but letters, digits, "-", "." and "_" as percent-encoded UTF-8. */
function percentEncode(text: string): string {
  return octetsOfText(text).replace(
    /[^0-9A-Za-z._-]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

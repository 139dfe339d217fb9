/**
 * Content sniffing: the media type that the first octets of a content betray.
 * WHATWG MIME Sniffing §5–7 · Go: internal/sniff.go DetectContentType
 *
 * Rule of this file: one table of signatures, in order of precedence, and one reader of it. Where
 * Go and WHATWG differ (RAR, wasm, no look into Matroska), the table is Go's.
 *
 *   start    the pattern, at the first octet
 *   content  the pattern, after leading blanks
 *   tag      as content, letters in any case, then ">" or a space
 *   mp4      as start, and the box must name a brand that begins with "mp4"
 */
import { SP, charClass } from "../wire/mod.ts";

/** No more octets than these are looked at. */
export const SNIFF_BYTES = 512;

/**
 * The media type of a content by its first 512 octets: what a signature says, else `text/plain`
 * when no octet among them is of a binary kind, else `application/octet-stream`. Go:
 * DetectContentType
 */
export function detectContentType(bytes: Uint8Array): string {
  return detect(bytes, Math.min(bytes.length, SNIFF_BYTES));
}

/** The same for a content that is held as text, one char per octet. */
export function detectContentTypeOfLatin1(text: string): string {
  const end = Math.min(text.length, SNIFF_BYTES);
  for (let i = 0; i < end; i++) scratch[i] = text.charCodeAt(i);
  return detect(scratch, end);
}

/** A char above U+00FF in a pattern: one octet of any value. */
const ANY = "▒";

const HTML = "text/html; charset=utf-8";
const XML = "text/xml; charset=utf-8";
const TEXT = "text/plain; charset=utf-8";
const BINARY = "application/octet-stream";
const RAR = "application/x-rar-compressed";

type Rule = "start" | "content" | "tag" | "mp4";

const SIGNATURES: readonly (readonly [Rule, pattern: string, type: string])[] = [
  ["tag", "<!DOCTYPE HTML", HTML],
  ["tag", "<HTML", HTML],
  ["tag", "<HEAD", HTML],
  ["tag", "<SCRIPT", HTML],
  ["tag", "<IFRAME", HTML],
  ["tag", "<H1", HTML],
  ["tag", "<DIV", HTML],
  ["tag", "<FONT", HTML],
  ["tag", "<TABLE", HTML],
  ["tag", "<A", HTML],
  ["tag", "<STYLE", HTML],
  ["tag", "<TITLE", HTML],
  ["tag", "<B", HTML],
  ["tag", "<BODY", HTML],
  ["tag", "<BR", HTML],
  ["tag", "<P", HTML],
  ["tag", "<!--", HTML],
  ["content", "<?xml", XML],
  ["start", "%PDF-", "application/pdf"],
  ["start", "%!PS-Adobe-", "application/postscript"],

  // Byte order marks, each with an octet or two of text behind it.
  ["start", "\xfe\xff▒▒", "text/plain; charset=utf-16be"],
  ["start", "\xff\xfe▒▒", "text/plain; charset=utf-16le"],
  ["start", "\xef\xbb\xbf▒", TEXT],

  ["start", "\0\0\x01\0", "image/x-icon"],
  ["start", "\0\0\x02\0", "image/x-icon"],
  ["start", "BM", "image/bmp"],
  ["start", "GIF87a", "image/gif"],
  ["start", "GIF89a", "image/gif"],
  ["start", "RIFF▒▒▒▒WEBPVP", "image/webp"],
  ["start", "\x89PNG\r\n\x1a\n", "image/png"],
  ["start", "\xff\xd8\xff", "image/jpeg"],

  ["start", "FORM▒▒▒▒AIFF", "audio/aiff"],
  ["start", "ID3", "audio/mpeg"],
  ["start", "OggS\0", "application/ogg"],
  ["start", "MThd\0\0\0\x06", "audio/midi"],
  ["start", "RIFF▒▒▒▒AVI ", "video/avi"],
  ["start", "RIFF▒▒▒▒WAVE", "audio/wave"],
  // The size of the box comes first. It cannot be above 512 here, so its upper half is zero.
  ["mp4", "\0\0▒▒ftyp▒▒▒▒", "video/mp4"],
  ["start", "\x1a\x45\xdf\xa3", "video/webm"],

  ["start", "▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒LP", "application/vnd.ms-fontobject"],
  ["start", "\0\x01\0\0", "font/ttf"],
  ["start", "OTTO", "font/otf"],
  ["start", "ttcf", "font/collection"],
  ["start", "wOFF", "font/woff"],
  ["start", "wOF2", "font/woff2"],

  ["start", "\x1f\x8b\x08", "application/x-gzip"],
  ["start", "PK\x03\x04", "application/zip"],
  ["start", "Rar!\x1a\x07\0", RAR],
  ["start", "Rar!\x1a\x07\x01\0", RAR],
  ["start", "\0asm", "application/wasm"],
];

/**
 * A signature made ready for comparing: `(octet & mask) === wanted` from the first place that
 * matters.
 */
interface Signature {
  readonly rule: Rule;
  readonly type: string;
  /** Fewer octets than this cannot match. */
  readonly length: number;
  readonly first: number;
  readonly wanted: Uint8Array;
  readonly mask: Uint8Array;
}

/** For each octet the signatures that can begin with it, in the table's order. */
type Index = readonly (readonly Signature[])[];

const TAG_END = 0x3e;

/** HTAB, LF, FF, CR, SP. */
const BLANKS: Uint8Array = charClass(/[\t\n\f\r ]/);

/** Which of the 32 controls no text holds: all but HTAB, LF, FF, CR and ESC. */
const BINARIES: Uint8Array = Uint8Array.from({ length: SP }, (_, octet) =>
  "\t\n\f\r\x1b".includes(String.fromCharCode(octet)) ? 0 : 1,
);

/** Made at the first use: a program that sniffs nothing does not pay for them at its start. */
let indexes: { readonly start: Index; readonly content: Index } | undefined;

/** Where texts become octets; used up before the call returns. */
const scratch: Uint8Array = new Uint8Array(SNIFF_BYTES);

function detect(bytes: Uint8Array, end: number): string {
  indexes ??= {
    start: indexOf((rule) => rule === "start" || rule === "mp4"),
    content: indexOf((rule) => rule === "content" || rule === "tag"),
  };
  let content = 0;
  while (content < end && BLANKS[bytes[content]!] === 1) content++;
  // In the table, too, all rules for the content stand before those for the start.
  return (
    (content < end ? matching(indexes.content, bytes, content, end) : undefined) ??
    (end > 0 ? matching(indexes.start, bytes, 0, end) : undefined) ??
    (isText(bytes, content, end) ? TEXT : BINARY)
  );
}

function isText(bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) {
    const octet = bytes[i]!;
    if (octet < SP && BINARIES[octet] === 1) return false;
  }
  return true;
}

function matching(index: Index, bytes: Uint8Array, from: number, end: number): string | undefined {
  for (const signature of index[bytes[from]!]!) {
    if (matches(signature, bytes, from, end)) return signature.type;
  }
  return undefined;
}

function matches(signature: Signature, bytes: Uint8Array, from: number, end: number): boolean {
  const { rule, length, first, wanted, mask } = signature;
  if (end - from < length) return false;
  for (let i = first; i < wanted.length; i++) {
    if ((bytes[from + i]! & mask[i]!) !== wanted[i]) return false;
  }
  if (rule === "tag") return isTagEnd(bytes[from + wanted.length]!);
  return rule !== "mp4" || namesMp4(bytes, end);
}

function isTagEnd(octet: number): boolean {
  return octet === TAG_END || octet === SP;
}

/**
 * The file type box of MP4: four octets each of size, "ftyp", major brand, version, then brands to
 * its end.
 *
 *   0000 0018  f t y p  m p 4 2  0000 0000  m p 4 2  i s o m
 */
function namesMp4(bytes: Uint8Array, end: number): boolean {
  const boxBytes = (bytes[2]! << 8) | bytes[3]!;
  if (boxBytes > end || boxBytes % 4 !== 0) return false;
  for (let at = 8; at < boxBytes; at += 4) {
    // At 12 stands the version, which names nothing.
    if (at === 12) continue;
    if (bytes[at] === 0x6d && bytes[at + 1] === 0x70 && bytes[at + 2] === 0x34) return true;
  }
  return false;
}

function indexOf(belongs: (rule: Rule) => boolean): Index {
  const index: Signature[][] = Array.from({ length: 256 }, () => []);
  for (const [rule, pattern, type] of SIGNATURES) {
    if (!belongs(rule)) continue;
    const signature = compile(rule, pattern, type);
    // No pattern begins with a letter in any case: the first octet is one, or may be each.
    if (signature.first === 0) index[signature.wanted[0]!]!.push(signature);
    else for (const list of index) list.push(signature);
  }
  return index;
}

function compile(rule: Rule, pattern: string, type: string): Signature {
  const mask = Uint8Array.from(pattern, (char) => maskOf(rule, char));
  const wanted = mask.map((bits, i) => bits & pattern.charCodeAt(i));
  const length = rule === "tag" ? pattern.length + 1 : pattern.length;
  return { rule, type, length, first: mask.findIndex((bits) => bits !== 0), wanted, mask };
}

function maskOf(rule: Rule, char: string): number {
  if (char === ANY) return 0;
  // Without the bit that tells small letters from capital ones.
  return rule === "tag" && char >= "A" && char <= "Z" ? 0xdf : 0xff;
}

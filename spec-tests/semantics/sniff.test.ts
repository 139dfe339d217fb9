/**
 * The type of a content is found in its first 512 octets, the same for octets and for text.
 *
 * Rule of this file: inputs are latin1, one char for each octet. Each is fed as its own array, as a
 * view with bytes left over on both sides, and, when it is UTF-8, as a string.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { detectContentType, detectContentTypeOfLatin1 } from "../../lib/semantics/mod.ts";
import { bytes, table } from "../kit.ts";

const test = suite("semantics: sniff");

interface SniffRow {
  readonly name: string;
  readonly section?: string;
  readonly input: string;
  readonly expect: string;
}

const HTML = "text/html; charset=utf-8";
const XML = "text/xml; charset=utf-8";
const TEXT = "text/plain; charset=utf-8";
const BINARY = "application/octet-stream";
const RAR = "application/x-rar-compressed";

function detects({ input, expect }: SniffRow): void {
  const whole = bytes(input);
  assert.is(detectContentType(whole), expect, "as its own array");
  for (const around of ["\0\0\0\0<html>", "\xff\xd8\xff ftypmp4"]) {
    const larger = bytes(around + input + around);
    const view = larger.subarray(around.length, around.length + input.length);
    assert.is(detectContentType(view), expect, "as a view with bytes left over");
  }
  assert.is(detectContentTypeOfLatin1(input), expect, "as text");
}

/** Signatures that are exact from the first octet to the last. */
const EXACT: SniffRow[] = [
  { name: "PDF", input: "%PDF-", expect: "application/pdf" },
  { name: "PostScript", input: "%!PS-Adobe-", expect: "application/postscript" },
  { name: "icon", input: "\0\0\x01\0", expect: "image/x-icon" },
  { name: "cursor", input: "\0\0\x02\0", expect: "image/x-icon" },
  { name: "BMP", input: "BM", expect: "image/bmp" },
  { name: "GIF 87a", input: "GIF87a", expect: "image/gif" },
  { name: "GIF 89a", input: "GIF89a", expect: "image/gif" },
  { name: "PNG", input: "\x89PNG\r\n\x1a\n", expect: "image/png" },
  { name: "JPEG", input: "\xff\xd8\xff", expect: "image/jpeg" },
  { name: "MP3 with ID3", input: "ID3", expect: "audio/mpeg" },
  { name: "Ogg", input: "OggS\0", expect: "application/ogg" },
  { name: "MIDI", input: "MThd\0\0\0\x06", expect: "audio/midi" },
  { name: "WebM", input: "\x1a\x45\xdf\xa3", expect: "video/webm" },
  { name: "TrueType", input: "\0\x01\0\0", expect: "font/ttf" },
  { name: "OpenType", input: "OTTO", expect: "font/otf" },
  { name: "TrueType collection", input: "ttcf", expect: "font/collection" },
  { name: "WOFF", input: "wOFF", expect: "font/woff" },
  { name: "WOFF 2", input: "wOF2", expect: "font/woff2" },
  { name: "gzip", input: "\x1f\x8b\x08", expect: "application/x-gzip" },
  { name: "ZIP", input: "PK\x03\x04", expect: "application/zip" },
  { name: "RAR 4", input: "Rar!\x1a\x07\0", expect: RAR },
  { name: "RAR 5", input: "Rar!\x1a\x07\x01\0", expect: RAR },
  { name: "WebAssembly", input: "\0asm", expect: "application/wasm" },
  { name: "AIFF", input: "FORM\x01\x02\x03\x04AIFF", expect: "audio/aiff" },
  { name: "AVI", input: "RIFF,O\n\0AVI ", expect: "video/avi" },
  { name: "WAVE", input: "RIFFb\xb8\0\0WAVE", expect: "audio/wave" },
  { name: "WebP", input: "RIFF\xff\xff\xff\xffWEBPVP", expect: "image/webp" },
  {
    name: "embedded OpenType",
    input: `${"\x01".repeat(34)}LP`,
    expect: "application/vnd.ms-fontobject",
  },
];
table(
  test,
  EXACT.map((row) => ({ ...row, name: `${row.name} is known by its signature` })),
  detects,
);

/** Marks that need an octet or two of any value behind them. */
table(
  test,
  [
    { name: "UTF-16, big end first", input: "\xfe\xff\0a", expect: "text/plain; charset=utf-16be" },
    {
      name: "UTF-16, little end first",
      input: "\xff\xfea\0",
      expect: "text/plain; charset=utf-16le",
    },
    { name: "UTF-8 with a mark and a NUL", input: "\xef\xbb\xbf\0", expect: TEXT },
    { name: "half a mark of UTF-16", section: "Go", input: "\xfe\xff", expect: TEXT },
    { name: "a mark of UTF-16 and half a char", section: "Go", input: "\xff\xfea", expect: TEXT },
    { name: "a mark of UTF-8 alone", section: "Go", input: "\xef\xbb\xbf", expect: TEXT },
  ].map((row) => ({ ...row, name: `${row.name} tells what text it is` })),
  detects,
);

test("a signature holds whatever follows it, and is broken without its last octet", () => {
  for (const { input, expect, name } of EXACT) {
    assert.is(detectContentType(bytes(`${input}\0\x01\xff`)), expect, name);
    const cut = bytes(input.slice(0, -1));
    assert.is.not(detectContentType(Uint8Array.of(...cut, 0x03)), expect, name);
    assert.is.not(detectContentType(cut), expect, name);
  }
});

test("a signature that is not for blanks in front is broken by one", () => {
  for (const { input, expect, name } of EXACT) {
    assert.is.not(detectContentType(bytes(` ${input}\x01`)), expect, name);
  }
});

const TAGS =
  "!DOCTYPE HTML,HTML,HEAD,SCRIPT,IFRAME,H1,DIV,FONT,TABLE,A,STYLE,TITLE,B,BODY,BR,P,!--";
table(
  test,
  TAGS.split(",").flatMap((tag) => [
    { name: `<${tag}> makes HTML`, input: `<${tag}>`, expect: HTML },
    {
      name: `<${tag} in small letters with a space`,
      input: `<${tag.toLowerCase()} x`,
      expect: HTML,
    },
    { name: `<${tag} after blanks`, input: `\t\n\f\r <${tag}>`, expect: HTML },
    { name: `<${tag} at the very end is text`, input: `<${tag}`, expect: TEXT },
    { name: `<${tag} and a line end is text`, input: `<${tag}\n`, expect: TEXT },
    { name: `<${tag} and a letter is text`, input: `<${tag}x>`, expect: TEXT },
  ]),
  detects,
);

table(
  test,
  [
    { name: "nothing is text", section: "Go", input: "", expect: TEXT },
    { name: "blanks are text", input: " \r\n\t\f", expect: TEXT },
    { name: "a greeting is text", input: "Hello, world!", expect: TEXT },
    { name: "JSON is text", input: '{"a": 1}', expect: TEXT },
    { name: "UTF-8 is text", input: "Gr\xc3\xbc\xc3\x9fe \xf0\x9f\x90\x88", expect: TEXT },
    { name: "octets above 0x7F are text", section: "WHATWG §7.1", input: "caf\xe9", expect: TEXT },
    { name: "ESC is text", section: "WHATWG §3", input: "\x1b[1mbold", expect: TEXT },
    { name: "DEL is text", section: "WHATWG §3", input: "\x7f", expect: TEXT },
    { name: "a NUL is binary", input: "a\0", expect: BINARY },
    { name: "a vertical tab is binary", input: "a\x0b", expect: BINARY },
    { name: "a control after UTF-8 is binary", input: "\xc3\xbc\x01", expect: BINARY },
    { name: "a control in front of a tag is binary", input: "\x01<html>", expect: BINARY },
    { name: "XML is known in small letters", input: "<?xml version", expect: XML },
    { name: "XML is known after blanks", input: "\n <?xml!", expect: XML },
    { name: "XML in capital letters is text", input: "<?XML ", expect: TEXT },
    { name: "a comment without its space is text", input: "<!--x", expect: TEXT },
    { name: "a tag that is no letter-case of one", input: "\x1chtml>", expect: BINARY },
    { name: "PDF in small letters is text", input: "%pdf-", expect: TEXT },
    { name: "RAR with a space", section: "Go", input: "Rar \x1a\x07\0", expect: BINARY },
    { name: "Ogg with a small letter", section: "Go", input: "oggS\0", expect: BINARY },
    {
      name: "what stands first in the table wins over the font that any octets may begin",
      input: `BM${"\0".repeat(32)}LP`,
      expect: "image/bmp",
    },
    {
      name: "the font that any octets may begin wins over what stands behind it",
      input: `OTTO${"\0".repeat(30)}LP`,
      expect: "application/vnd.ms-fontobject",
    },
    {
      name: "HTML wins over the font that any octets may begin",
      input: `<html>${" ".repeat(28)}LP`,
      expect: HTML,
    },
  ],
  detects,
);

table(
  test,
  [
    {
      name: "octet 512 counts",
      input: `${"a".repeat(511)}\0`,
      expect: BINARY,
    },
    { name: "octet 513 does not count", input: `${"a".repeat(512)}\0`, expect: TEXT },
    { name: "a tag that ends at octet 512", input: `${" ".repeat(506)}<html>`, expect: HTML },
    { name: "a tag that ends at octet 513", input: `${" ".repeat(507)}<html>`, expect: TEXT },
    {
      name: "octets count, not chars: a NUL behind 511 octets of UTF-8",
      input: `${"\xf0\x9f\x90\x88".repeat(127)}abc\0`,
      expect: BINARY,
    },
    {
      name: "octets count, not chars: a NUL behind 512 octets of UTF-8",
      input: `${"\xf0\x9f\x90\x88".repeat(128)}\0`,
      expect: TEXT,
    },
    {
      name: "a NUL as the last octet of 32 chars",
      input: `${"a".repeat(31)}\0`,
      expect: BINARY,
    },
    { name: "a NUL as the last octet of 33 chars", input: `${"a".repeat(32)}\0`, expect: BINARY },
  ],
  detects,
);

/** A file type box of the size that the first four octets say. */
function box(size: string, brands: string): string {
  return `${size}ftyp${brands}`;
}

table(
  test,
  [
    { name: "the major brand", input: box("\0\0\0\x0c", "mp42"), expect: "video/mp4" },
    {
      name: "a compatible brand",
      input: box("\0\0\0\x14", "isom\0\0\0\0mp41"),
      expect: "video/mp4",
    },
    {
      name: "the last brand of a large box",
      input: box("\0\0\x01\xfc", `${"isom".repeat(124)}mp4x`),
      expect: "video/mp4",
    },
    {
      name: "a box of 512 octets begins as a cursor does, which stands before it",
      input: box("\0\0\x02\0", "mp42".repeat(126)),
      expect: "image/x-icon",
    },
    { name: "a box of 516 octets", input: box("\0\0\x02\x04", "mp42".repeat(128)), expect: BINARY },
    { name: "a box longer than the content", input: box("\0\0\0\x10", "mp42"), expect: BINARY },
    {
      name: "a box whose size is not a multiple of 4",
      input: box("\0\0\0\x0d", "mp42xx"),
      expect: BINARY,
    },
    { name: "a box of size 0", input: box("\0\0\0\0", "mp42"), expect: BINARY },
    { name: "a box of size 8", input: box("\0\0\0\x08", "mp42"), expect: BINARY },
    { name: "a box above 64 KiB", input: box("\0\x01\0\x0c", "mp42"), expect: BINARY },
    { name: "the version is no brand", input: box("\0\0\0\x10", "isommp42"), expect: BINARY },
    { name: "a brand of QuickTime", input: box("\0\0\0\x0c", "qt  "), expect: BINARY },
    { name: "a brand that only begins so", input: box("\0\0\0\x0c", "mpxx"), expect: BINARY },
    { name: "a brand that begins with m", input: box("\0\0\0\x0c", "m4v "), expect: BINARY },
    {
      name: "a brand outside its box",
      input: box("\0\0\0\x0c", "isom\0\0\0\0mp42"),
      expect: BINARY,
    },
    { name: "another box", input: "\0\0\0\x0cmoovmp42", expect: BINARY },
    { name: "eleven octets", input: "\0\0\0\x08ftypmp4", expect: BINARY },
  ].map((row) => ({ ...row, section: "WHATWG §6.2.1", name: `MP4: ${row.name}` })),
  detects,
);

test("one text leaves nothing behind for the next", () => {
  assert.is(detectContentTypeOfLatin1(`<html>${"\0".repeat(600)}`), HTML);
  assert.is(detectContentTypeOfLatin1(""), TEXT);
  assert.is(detectContentTypeOfLatin1("<html"), TEXT);
});

test("each octet is the same as a char of text, also behind the first", () => {
  for (let octet = 0; octet < 256; octet++) {
    for (const text of [String.fromCharCode(octet), `\n${String.fromCharCode(octet).repeat(40)}`]) {
      assert.is(detectContentTypeOfLatin1(text), detectContentType(bytes(text)), `${octet}`);
    }
  }
});

test.run();

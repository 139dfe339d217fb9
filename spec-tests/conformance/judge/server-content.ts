/**
 * The reference server reads content: which framing the head says, lengths, chunks and trailers.
 * RFC 9112 §6, §7.1
 *
 * Rule of this file: what is in doubt is refused. Each `is(…)` is one fault of server-mutants.ts.
 */
import { Cut, type Input, TooLong } from "./input.ts";
import { countOf, type Field, QUOTED, TOKEN, trimBlanks } from "./message.ts";
import { type Head, readFields, Refusal, type ServerIs } from "./server-head.ts";

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "chunked" }
  | { readonly kind: "length"; readonly octets: number };

export interface Content {
  readonly text: string;
  readonly trailers: readonly Field[];
}

const CONTENT_OCTETS = 10_485_760;
const CHUNK_LINE_OCTETS = 4096;
/** All extensions of a message together. */
const EXTENSION_OCTETS = 16_384;
const NOTHING: Framing = { kind: "none" };

/** RFC 9112 §6.3 for requests. */
export function framingOf(head: Head, is: ServerIs): Framing {
  const { fields } = head;
  const coding = fields.get("Transfer-Encoding");
  const lengths = fields.get("Content-Length");
  if (coding === undefined || (lengths !== undefined && is("length-beats-chunks"))) {
    return lengths === undefined ? NOTHING : lengthOf(lengths, is);
  }
  if (lengths !== undefined && !is("both-lengths")) throw new Refusal(400, "two framings");
  if (head.version === "1.0" && !is("chunks-in-1.0")) throw new Refusal(400, "chunks in 1.0");
  const framing = codingOf(coding, fields.members("Transfer-Encoding"), is);
  if (framing.kind === "none" && lengths !== undefined) return lengthOf(lengths, is);
  return framing;
}

function codingOf(value: string, members: readonly string[], is: ServerIs): Framing {
  let codings: readonly string[] = members;
  if (is("trims-any-blank")) codings = codings.map((coding) => coding.trim());
  if (is("unquotes-codings")) codings = codings.map((coding) => coding.replaceAll('"', ""));
  if (is("drops-parameters")) codings = codings.map((coding) => coding.replace(/;.*/s, ""));
  if (!is("case-sensitive-codings")) codings = codings.map((coding) => coding.toLowerCase());
  if (is("searches-chunked") && value.includes("chunked")) return { kind: "chunked" };
  if (is("identity-is-nothing") && codings.join() === "identity") return NOTHING;
  if (is("ignores-unknown-codings")) codings = codings.filter((coding) => coding === "chunked");
  if (is("chunked-anywhere") && codings.includes("chunked")) return { kind: "chunked" };
  const last = codings.at(-1);
  if (last === undefined && is("ignores-unknown-codings")) return NOTHING;
  if (last !== "chunked") throw new Refusal(400, "chunked is not the last coding");
  if (codings.indexOf("chunked") < codings.length - 1) throw new Refusal(400, "chunked twice");
  if (codings.length > 1) throw new Refusal(501, "a coding that is unknown");
  return { kind: "chunked" };
}

function lengthOf(value: string, is: ServerIs): Framing {
  let lengths = value.split(",").map(trimBlanks);
  if (is("lengths-by-prefix"))
    lengths = lengths.map((length) => /^\d+/.exec(length)?.[0] ?? length);
  if (is("signed-lengths")) lengths = lengths.map((length) => length.replace(/^\+/, ""));
  if (is("underscores-in-lengths")) lengths = lengths.map((length) => length.replaceAll("_", ""));
  if (is("floats-for-lengths"))
    lengths = lengths.map((l) => (/^[\d.e]+$/.test(l) ? `${Number(l)}` : l));
  if (is("empty-length-is-zero")) lengths = lengths.map((length) => (length === "" ? "0" : length));
  const [first = ""] = lengths;
  if (is("first-length")) lengths = [first];
  if (is("last-length")) lengths = lengths.slice(-1);
  const [length = ""] = lengths;
  if (!/^[0-9]+$/.test(length) || lengths.some((other) => other !== length)) {
    throw new Refusal(400, "no length");
  }
  const wraps = is("64-bit-lengths") ? 64 : is("32-bit-lengths") ? 32 : undefined;
  const octets =
    wraps === undefined ? countOf(length, 10) : Number(BigInt.asUintN(wraps, BigInt(length)));
  if (octets === undefined || octets > CONTENT_OCTETS) throw new Refusal(413, "too large");
  return { kind: "length", octets };
}

/** The content, decoded. Throws Refusal, and Cut. */
export async function readContent(input: Input, framing: Framing, is: ServerIs): Promise<Content> {
  if (framing.kind === "none") return { text: "", trailers: [] };
  if (framing.kind === "chunked") return readChunks(input, is);
  const { octets } = framing;
  const text = is("cut-is-whole") ? await input.octetsOrFewer(octets) : await input.octets(octets);
  return { text, trailers: [] };
}

async function readChunks(input: Input, is: ServerIs): Promise<Content> {
  const pieces: string[] = [];
  let octets = 0;
  let extensionOctets = 0;
  for (;;) {
    const line = await chunkLine(input, is);
    const { size, extension } = sizeOf(line, is);
    extensionOctets += extension.length;
    if (extensionOctets > EXTENSION_OCTETS && !is("endless-extensions")) {
      throw new Refusal(400, "extensions without an end");
    }
    if (size === 0) break;
    octets += size;
    if (octets > CONTENT_OCTETS) throw new Refusal(413, "too large");
    pieces.push(await input.octets(size));
    await endOfChunk(input, is);
  }
  return { text: pieces.join(""), trailers: await readFields(input, is) };
}

async function chunkLine(input: Input, is: ServerIs): Promise<string> {
  let raw: string;
  try {
    raw = await input.line(CHUNK_LINE_OCTETS);
  } catch (error) {
    if (error instanceof TooLong) throw new Refusal(400, "a chunk line that is too long");
    throw error;
  }
  if (raw.endsWith("\r")) return raw.slice(0, -1);
  if (is("lf-ends-size")) return raw;
  if (!raw.includes(";") || !is("lf-in-extensions")) throw new Refusal(400, "LF in a chunk line");
  return `${raw}${await chunkLine(input, is)}`;
}

async function endOfChunk(input: Input, is: ServerIs): Promise<void> {
  if (is("skips-two-octets")) return void (await input.octets(2));
  const first = await input.octets(1);
  if (first === "\n" && is("lf-ends-data")) return;
  if (first !== "\r" || (await input.octets(1)) !== "\n") {
    throw new Refusal(400, "a chunk that does not end with CRLF");
  }
}

const EXTENSION = `[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?`;
const CHUNK_LINE = new RegExp(`^([0-9A-Fa-f]+)((?:${EXTENSION})*)$`);

function sizeOf(line: string, is: ServerIs): { readonly size: number; readonly extension: string } {
  let text = line;
  if (is("no-extensions") && text.includes(";")) throw new Refusal(400, "an extension");
  if (is("any-extension")) text = text.replace(/[ \t]*;.*$/s, "");
  if (is("sizes-with-0x")) text = text.replace(/^0x/i, "");
  if (is("signed-sizes")) text = text.replace(/^\+/, "");
  if (is("underscores-in-sizes")) text = text.replaceAll("_", "");
  if (is("blanks-before-sizes")) text = text.replace(/^[ \t]+/, "");
  if (is("sizes-by-prefix")) text = text.replace(/^([0-9A-Fa-f]+)[^;]*/, "$1");
  if (is("lower-case-sizes") && /^[0-9a-f]*[A-F]/.test(text)) throw new Refusal(400, "no size");
  const [, digits = "", extension = ""] = CHUNK_LINE.exec(text) ?? [];
  if (digits === "") throw new Refusal(400, "no chunk line");
  if (is("64-bit-sizes")) {
    return { size: Number(BigInt.asUintN(64, BigInt(`0x${digits}`))), extension };
  }
  const size = countOf(digits, 16);
  if (size === undefined) throw new Refusal(400, "a size that nobody can count");
  return { size, extension };
}

/** Whether a failure means that the peer went away in order, in the middle of a request. */
export function isCutShort(error: unknown): boolean {
  return error instanceof Cut && error.how === "end";
}

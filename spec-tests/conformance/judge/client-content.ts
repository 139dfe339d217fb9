/**
 * The reference client reads the content of a response, and undoes its coding.
 * RFC 9112 §6.3, §7.1, §8; RFC 9110 §8.4
 *
 * Rule of this file: whole or an error. Each `is(…)` is one fault of client-mutants.ts.
 */
import { constants, gunzipSync, inflateSync } from "node:zlib";
import { BadResponse, type ClientIs, readFields, type ResponseHead } from "./client-head.ts";
import { Cut, type Input, TooLong } from "./input.ts";
import { countOf, type Field, QUOTED, TOKEN, trimBlanks } from "./message.ts";

export type Framing =
  | { readonly kind: "none" | "chunked" | "close" }
  | { readonly kind: "length"; readonly octets: number };

/** RFC 9112 §6.3 for responses. */
export function framingOf(head: ResponseHead, method: string, is: ClientIs): Framing {
  const { status, fields } = head;
  if (method === "HEAD" && !is("content-of-head")) return { kind: "none" };
  if (status === 204 && !is("content-of-204")) return { kind: "none" };
  if (status === 304 && !is("content-of-304")) return { kind: "none" };
  const codings = fields.get("Transfer-Encoding");
  const lengths = fields.get("Content-Length");
  if (codings === undefined || (lengths !== undefined && is("length-beats-chunks"))) {
    return lengths === undefined ? { kind: "close" } : lengthOf(lengths, is);
  }
  if (lengths !== undefined) throw new BadResponse("two framings");
  if (head.version === "1.0" && !is("chunks-in-1.0")) throw new BadResponse("chunks in 1.0");
  let members = fields.members("Transfer-Encoding");
  if (is("trims-any-blank")) members = members.map((member) => member.trim());
  if (is("unquotes-codings")) members = members.map((member) => member.replaceAll('"', ""));
  if (!is("case-sensitive-codings")) members = members.map((member) => member.toLowerCase());
  const isSearched = is("searches-chunked") && codings.includes("chunked");
  if (members.join() === "chunked" || isSearched) return { kind: "chunked" };
  if (is("skips-unknown-codings") && members.includes("chunked")) return { kind: "chunked" };
  throw new BadResponse("a coding that is unknown");
}

function lengthOf(value: string, is: ClientIs): Framing {
  let lengths = value.split(",").map(trimBlanks);
  if (is("lengths-by-prefix")) lengths = lengths.map((l) => /^\d+/.exec(l)?.[0] ?? l);
  if (is("signed-lengths")) lengths = lengths.map((length) => length.replace(/^\+/, ""));
  if (is("first-length")) lengths = lengths.slice(0, 1);
  if (is("last-length")) lengths = lengths.slice(-1);
  const [length = ""] = lengths;
  if (!/^[0-9]+$/.test(length) || lengths.some((other) => other !== length)) {
    if (is("bad-length-is-none")) return { kind: "close" };
    throw new BadResponse("no length");
  }
  const wraps = is("64-bit-counts") ? 64 : is("32-bit-counts") ? 32 : undefined;
  const base =
    is("octal-lengths") && length.startsWith("0") ? Number.parseInt(length, 8) : undefined;
  const octets =
    wraps === undefined ? countOf(length, 10) : Number(BigInt.asUintN(wraps, BigInt(length)));
  if (octets === undefined) throw new BadResponse("a length that nobody can count");
  return { kind: "length", octets: base ?? octets };
}

/** What is told of trailers. */
export interface Content {
  readonly text: string;
  readonly trailers: readonly Field[];
}

export async function readContent(input: Input, framing: Framing, is: ClientIs): Promise<Content> {
  switch (framing.kind) {
    case "none":
      return { text: "", trailers: [] };
    case "close":
      return { text: await toEnd(input, is), trailers: [] };
    case "chunked":
      return readChunks(input, is);
    case "length": {
      const { octets } = framing;
      const isLoose = is("cut-is-whole");
      const text = isLoose ? await input.octetsOrFewer(octets) : await input.octets(octets);
      return { text, trailers: [] };
    }
  }
}

async function toEnd(input: Input, is: ClientIs): Promise<string> {
  try {
    return await input.toEnd();
  } catch (error) {
    if (error instanceof Cut && is("reset-is-an-end")) return input.waiting;
    throw error;
  }
}

const CHUNK_LINE_OCTETS = 16_384;
const EXTENSION = `[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?`;
const CHUNK_LINE = new RegExp(`^([0-9A-Fa-f]+)(?:${EXTENSION})*$`);

async function readChunks(input: Input, is: ClientIs): Promise<Content> {
  const pieces: string[] = [];
  try {
    for (;;) {
      const size = sizeOf(await chunkLine(input, is), is);
      if (size === 0) break;
      pieces.push(await input.octets(size));
      await endOfChunk(input, is);
    }
    return { text: pieces.join(""), trailers: await readFields(input, is) };
  } catch (error) {
    const isEnd = error instanceof Cut && error.how === "end" && is("cut-chunks-are-whole");
    if (isEnd) return { text: pieces.join(""), trailers: [] };
    throw error;
  }
}

async function chunkLine(input: Input, is: ClientIs): Promise<string> {
  try {
    const raw = await input.line(CHUNK_LINE_OCTETS);
    if (raw.endsWith("\r")) return raw.slice(0, -1);
    if (is("lf-ends-size")) return raw;
    throw new BadResponse("LF in a chunk line");
  } catch (error) {
    if (error instanceof TooLong) throw new BadResponse("a chunk line that is too long");
    throw error;
  }
}

async function endOfChunk(input: Input, is: ClientIs): Promise<void> {
  const end = await input.octets(is("lf-ends-data") && input.waiting.startsWith("\n") ? 1 : 2);
  const isFine = end === "\r\n" || end === "\n" || is("skips-two-octets");
  if (!isFine) throw new BadResponse("a chunk that does not end with CRLF");
}

function sizeOf(line: string, is: ClientIs): number {
  let text = line;
  if (is("no-extensions") && text.includes(";")) throw new BadResponse("an extension");
  if (is("sizes-with-0x")) text = text.replace(/^0x/i, "");
  if (is("signed-sizes")) text = text.replace(/^[+-](?=0|\d)/, "");
  if (is("sizes-by-prefix")) text = text.replace(/^([0-9A-Fa-f]+).*/s, "$1");
  if (is("blanks-before-sizes")) text = text.replace(/^[ \t]+/, "");
  const [, digits = ""] = CHUNK_LINE.exec(text) ?? [];
  if (digits === "") throw new BadResponse("no chunk line");
  const wraps = is("64-bit-counts") ? 64 : is("32-bit-counts") ? 32 : undefined;
  if (wraps !== undefined) return Number(BigInt.asUintN(wraps, BigInt(`0x${digits}`)));
  const size = countOf(digits, 16);
  if (size === undefined) throw new BadResponse("a size that nobody can count");
  return size;
}

/** Undoes the codings from the last to the first. */
export function decoded(text: string, head: ResponseHead, is: ClientIs): string {
  let octets: Buffer = Buffer.from(text, "latin1");
  for (const member of head.fields.members("Content-Encoding").toReversed()) {
    const coding = is("case-sensitive-codings") ? member : member.toLowerCase();
    if (coding === "identity" || octets.length === 0) continue;
    const isLoose = is("cut-gzip-is-whole");
    const flush = { finishFlush: isLoose ? constants.Z_SYNC_FLUSH : constants.Z_FINISH };
    if (coding === "gzip" || coding === "x-gzip") octets = gunzipSync(octets, flush);
    else if (coding === "deflate") octets = inflateSync(octets, flush);
    else throw new BadResponse("a content coding that is unknown");
    if (is("one-coding")) break;
  }
  return octets.toString("latin1");
}

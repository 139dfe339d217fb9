/**
 * serveContent: one representation, with everything that a client may ask of it by its fields.
 * RFC 9110 §8.3, §8.8, §13, §14, §15.3.7 · Go: fs.go ServeContent
 *
 * Rule of this file: it knows bytes, a name and a date, and no file system. The steps:
 *
 *   1 Last-Modified, then the preconditions: 412 and 304 end here, and the content has not been touched
 *   2 ranges: 416 ends here; a sum of ranges larger than the whole asks for the whole
 *   3 the type: the handler's, by the name, by the first 512 bytes
 *   4 the head; for HEAD that is all
 *   5 the bytes, piece by piece as the client takes them
 */
import type { Request } from "../../message/mod.ts";
import {
  type ByteRange,
  SNIFF_BYTES,
  SemanticsError,
  type Verdict,
  detectContentType,
  evaluatePreconditions,
  formatContentRange,
  formatDate,
  formatUnsatisfiedRange,
  parseRange,
  typeByExtension,
} from "../../semantics/mod.ts";
import { encodeLatin1 } from "../../wire/mod.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { answerNotModified, refuse } from "./answers.ts";
import { type Byteranges, planByteranges } from "./byteranges.ts";
import { FileError } from "./errors.ts";
import type { Content } from "./file-system.ts";
import { FILE_LIMITS } from "./limits.ts";
import { extensionOf } from "./name.ts";

/** The media type for a name ("/a/b.css"), or undefined to leave it to others. */
export type TypeLookup = (name: string) => string | undefined;

export interface ServeContentOptions {
  /** Asked before the table of extensions that is built in. Default: nothing. Go: mime.AddExtensionType */
  readonly types?: TypeLookup | undefined;
  /** More ranges in a request are refused with 416. Default 200, Go's bound. */
  readonly maxRanges?: number | undefined;
  /** A file is read and sent in pieces of this many bytes. Default 128 KiB. */
  readonly pieceBytes?: number | undefined;
  /** The present in ms since 1970. Default: Date.now. */
  readonly now?: (() => number) | undefined;
}

/**
 * Answers with the content: whole (200), ranges of it (206), or what its preconditions say (304, 412, 416).
 * HEAD gets the head of the 200. An ETag, Content-Type, Content-Encoding or Cache-Control that the handler
 * has set is used; a Content-Encoding without a range leaves the length out, as in Go, for middleware that
 * encodes.
 *
 * `name` is only looked at for its extension. `modifiedMs` is in ms since 1970; undefined, 0 or less means
 * that it is not known. Resolves when all is written, or when the client has gone. Rejects with
 * "file-truncated" when the content ends early, "bad-file-content", or what `read` fails with. Go: ServeContent
 */
export async function serveContent<C>(
  w: ResponseWriter<C>,
  r: Request<C>,
  name: string,
  modifiedMs: number | undefined,
  content: string | Uint8Array | Content,
  options: ServeContentOptions = {},
): Promise<void> {
  const source = contentOf(content);
  const verdict = checkPreconditions(w, r, modifiedMs, options);
  if (verdict === "failed") return w.writeHeader(412);
  if (verdict === "not-modified") return answerNotModified(w);
  const length = w.header.has("content-encoding") ? "left out" : "told";
  return sendContent(w, r, { name, source, sample: source, verdict, length, options });
}

/** @internal What is left to do when the preconditions hold. */
export interface Sending {
  readonly name: string;
  readonly source: Content;
  /** Whose first bytes tell the type. */
  readonly sample: Content;
  readonly verdict: "ranges" | "whole";
  /** Of a 200 answer. */
  readonly length: "told" | "left out";
  readonly options: ServeContentOptions;
}

/** @internal Step 1. Sets Last-Modified. */
export function checkPreconditions<C>(
  w: ResponseWriter<C>,
  r: Request<C>,
  modifiedMs: number | undefined,
  options: ServeContentOptions,
): Verdict {
  const nowMs = (options.now ?? Date.now)();
  const lastModifiedMs = lastModified(modifiedMs, nowMs);
  if (lastModifiedMs !== undefined) w.header.set("Last-Modified", formatDate(lastModifiedMs));
  return evaluatePreconditions(r, { etag: w.header.get("etag"), lastModifiedMs }, { nowMs });
}

/** @internal Steps 2 to 5. */
export async function sendContent<C>(
  w: ResponseWriter<C>,
  r: Request<C>,
  { name, source, sample, verdict, length, options }: Sending,
): Promise<void> {
  const { header } = w;
  const { size } = source;
  if (!Number.isSafeInteger(size) || size < 0) throw new FileError("bad-file-content");
  const ranges = verdict === "ranges" ? rangesOf(r, size, options) : [];
  if (ranges instanceof SemanticsError) return refuseRange(w, ranges, size);
  const type = header.get("content-type") ?? (await typeOf(name, sample, options.types));
  const multipart = ranges.length > 1 ? planByteranges(ranges, type, size) : undefined;
  const [only] = ranges;
  header.set("Content-Type", multipart?.type ?? type);
  if (multipart === undefined && only !== undefined) {
    header.set("Content-Range", formatContentRange(only, size));
  }
  header.set("Accept-Ranges", "bytes");
  if (only !== undefined || length === "told") {
    header.set("Content-Length", String(multipart?.contentLength ?? only?.length ?? size));
  }
  w.writeHeader(only === undefined ? 200 : 206);
  if (r.method === "HEAD") return undefined;
  const pieceBytes = options.pieceBytes ?? FILE_LIMITS.pieceBytes.default;
  if (multipart !== undefined) return sendParts(w, source, multipart, pieceBytes);
  await sendRange(w, source, only ?? { start: 0, length: size }, pieceBytes);
  return undefined;
}

/** The media type by the name, else by the first of the content. */
async function typeOf(
  name: string,
  source: Content,
  types: TypeLookup | undefined,
): Promise<string> {
  const known = types?.(name) ?? typeByExtension(extensionOf(name));
  return known ?? detectContentType(await source.read(0, Math.min(SNIFF_BYTES, source.size)));
}

/** What Last-Modified says: never later than now, which would spoil caches. RFC 9110 §8.8.2.1 */
function lastModified(modifiedMs: number | undefined, nowMs: number): number | undefined {
  return modifiedMs !== undefined && modifiedMs > 0 ? Math.min(modifiedMs, nowMs) : undefined;
}

function rangesOf<C>(
  r: Request<C>,
  size: number,
  { maxRanges }: ServeContentOptions,
): readonly ByteRange[] | SemanticsError {
  try {
    const ranges = parseRange(r.header.values("range").join(", "), size, { maxRanges });
    const sum = ranges.reduce((total, range) => total + range.length, 0);
    return sum > size ? [] : ranges;
  } catch (error) {
    if (error instanceof SemanticsError) return error;
    throw error;
  }
}

function refuseRange<C>(w: ResponseWriter<C>, error: SemanticsError, size: number): void {
  w.header.set("Content-Range", formatUnsatisfiedRange(size));
  const overlap = error.code === "range-not-satisfiable" ? ": failed to overlap" : "";
  refuse(w, 416, `invalid range${overlap}`);
}

async function sendParts<C>(
  w: ResponseWriter<C>,
  source: Content,
  { parts, end }: Byteranges,
  pieceBytes: number,
): Promise<void> {
  for (const { head, range } of parts) {
    if ((await send(w, encodeLatin1(head))) === "gone") return;
    if ((await sendRange(w, source, range, pieceBytes)) === "gone") return;
  }
  await send(w, encodeLatin1(end));
}

/** Reads a piece when the client has taken the last one: so much, and no more, is held in memory. */
async function sendRange<C>(
  w: ResponseWriter<C>,
  source: Content,
  range: ByteRange,
  pieceBytes: number,
): Promise<"sent" | "gone"> {
  const end = range.start + range.length;
  let position = range.start;
  while (position < end) {
    const wanted = Math.min(pieceBytes, end - position);
    const piece = await source.read(position, wanted);
    if (piece.length === 0) throw new FileError("file-truncated");
    // A source that gives too much must not spoil the framing.
    const fits = piece.length > wanted ? piece.subarray(0, wanted) : piece;
    if ((await send(w, fits)) === "gone") return "gone";
    position += fits.length;
  }
  return "sent";
}

async function send<C>(w: ResponseWriter<C>, bytes: Uint8Array): Promise<"sent" | "gone"> {
  try {
    await w.write(bytes);
    return "sent";
  } catch {
    // The connection has ended, and its server knows: a download that is broken off is no fault of ours.
    return "gone";
  }
}

function contentOf(content: string | Uint8Array | Content): Content {
  if (typeof content !== "string" && !(content instanceof Uint8Array)) return content;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    size: bytes.length,
    read: (position, length) => Promise.resolve(bytes.subarray(position, position + length)),
  };
}

/**
 * A form with files as the pieces that are sent.
 * RFC 7578, WHATWG HTML §4.10.21.8 · Go: multipart.Writer
 *
 * Rule of this file: contents of Blobs are not read here, only counted, so that the length of a form is known
 * before it is sent, and the form can be sent again.
 */
import { MultipartWriter, boundaryOf } from "../semantics/mod.ts";
import { join } from "./collector.ts";

/** A Blob or File, as far as it is needed here. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  stream(): StreamLike;
}

/** A WHATWG ReadableStream, also one that cannot be iterated. */
export interface StreamLike {
  getReader(): {
    read(): Promise<{ done: boolean; value?: unknown }>;
    cancel(reason?: unknown): Promise<unknown>;
  };
}

/** A form ready to be sent. */
export interface OutgoingForm {
  readonly contentType: string;
  /** How many octets all pieces have. */
  readonly length: number;
  /** In their order; everything between two Blobs is one piece. */
  readonly pieces: readonly (Uint8Array | BlobLike)[];
}

export function isBlob(value: unknown): value is BlobLike {
  if (typeof value !== "object" || value === null) return false;
  const blob = value as Partial<BlobLike>;
  return (
    typeof blob.size === "number" &&
    typeof blob.type === "string" &&
    typeof blob.stream === "function"
  );
}

/**
 * Frames the entries of a FormData. Line ends in names and texts become CRLF, as browsers send them. Undefined
 * when a value is neither text nor a Blob.
 */
export function formOfEntries(
  entries: Iterable<readonly [string, unknown]>,
): OutgoingForm | undefined {
  const writer = new MultipartWriter(boundaryOf(unforeseenOctets()));
  const pieces: (Uint8Array | BlobLike)[] = [];
  let framing: Uint8Array[] = [];
  let length = 0;
  const flush = (): void => {
    const octets = sizeOf(framing);
    pieces.push(join(framing, octets));
    length += octets;
    framing = [];
  };
  for (const [name, value] of entries) {
    if (typeof value === "string") {
      const text = UTF_8.encode(value.replace(LINE_END, "\r\n"));
      framing.push(writer.part({ name }), text);
    } else if (isBlob(value)) {
      framing.push(writer.part({ name, filename: filenameOf(value), contentType: typeOf(value) }));
      flush();
      pieces.push(value);
      length += value.size;
    } else {
      return undefined;
    }
  }
  framing.push(writer.end());
  flush();
  return { contentType: writer.contentType, length, pieces };
}

const UTF_8 = new TextEncoder();
const LINE_END = /\r\n|\r|\n/g;
const BOUNDARY_OCTETS = 16;

/** What a Blob without a name is called: the standard's word. */
function filenameOf(blob: BlobLike & { readonly name?: unknown }): string {
  return typeof blob.name === "string" ? blob.name : "blob";
}

function typeOf({ type }: BlobLike): string | undefined {
  return type === "" ? undefined : type;
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  let size = 0;
  for (const piece of pieces) size += piece.length;
  return size;
}

/** Octets that whoever wrote a part could not have guessed; not every platform has good ones to give. */
function unforeseenOctets(): Uint8Array {
  const octets = new Uint8Array(BOUNDARY_OCTETS);
  const { crypto } = globalThis as {
    crypto?: { getRandomValues?(into: Uint8Array): unknown } | undefined;
  };
  if (crypto?.getRandomValues !== undefined) crypto.getRandomValues(octets);
  else for (let i = 0; i < octets.length; i++) octets[i] = Math.floor(Math.random() * 256);
  return octets;
}

/**
 * Fuzz target: forms as a handler reads them, from a body of these octets: values and files, in memory and in
 * temporary files.
 * RFC 7578
 *
 * Rule of this file: the octets choose the Content-Type by their number. Limits are kept, every temporary file is
 * removed, and what was read is read as the same again after it has been written.
 */
import {
  type Body,
  type MultipartForm,
  Request,
  bodyFrom,
  newRequest,
} from "../../lib/message/mod.ts";
import { Header, decodeLatin1 } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { MemoryStore } from "../kit/memory-store.ts";
import { mustEqual } from "../kit/text.ts";
import { target as multipart } from "./multipart.ts";

const LIMITS = {
  maxFormBytes: 600,
  maxFormMemoryBytes: 40,
  maxUploadBytes: 400,
  maxParts: 12,
  maxPartHeaderBytes: 256,
};
const TYPES = [
  "multipart/form-data; boundary=b",
  'Multipart/Form-Data; charset=utf-8; boundary="b"',
  "multipart/form-data; boundary=b",
  "application/x-www-form-urlencoded",
];

export const target: Target = {
  seeds: [
    ...multipart.seeds,
    '--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nsome octets of a file that is longer than memory may be\r\n--b\r\nContent-Disposition: form-data; name="v"\r\n\r\nvalue\r\n--b--\r\n',
    "a=1&b=%20&c&=d&e=%c3%a4+f",
  ],
  words: [...(multipart.words ?? []), 'name="', 'filename="', '"\r\n\r\n', "--b--", "&", "=", "%2"],
  async run(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const store = new MemoryStore();
    // A body that does not tell its length, so that the pieces stay as they are cut.
    const { body } = bodyFrom(pieces.map((piece) => piece.slice()));
    const request = requestWith(body, TYPES[length % TYPES.length]!, store);
    try {
      const isMultipart = length % TYPES.length !== TYPES.length - 1;
      const read = isMultipart ? await ofForm(request) : [...(await request.parseForm(LIMITS))];
      return JSON.stringify(read);
    } finally {
      await request.multipartForm?.removeAll();
      mustEqual("temporary files left", store.left, 0);
    }
  },
};

function requestWith(body: Body, type: string, tempStore: MemoryStore): Request {
  const header = new Header([["Content-Type", type]]);
  const signal = new AbortController().signal;
  const nobody = { remoteAddr: undefined, localAddr: undefined, tls: undefined, server: undefined };
  const exchange = { ...nobody, context: undefined, signal, tempStore };
  return new Request({ method: "POST", target: "/?q=1", host: "a", header, body, exchange });
}

async function ofForm(request: Request): Promise<unknown> {
  const form = await request.parseMultipartForm(LIMITS);
  const files = await filesOf(form);
  const held = files.filter(({ path }) => path === undefined);
  mustEqual("within memory", sizeOf(held) <= LIMITS.maxFormMemoryBytes, true);
  mustEqual("within the store", sizeOf(files) - sizeOf(held) <= LIMITS.maxUploadBytes, true);
  await mustSurvive(form, files);
  return [[...form.values], files, [...request.form]];
}

interface FileRead {
  readonly name: string;
  readonly filename: string;
  readonly contentType: string | undefined;
  readonly header: unknown;
  readonly size: number;
  readonly path: string | undefined;
  readonly content: string;
}

async function filesOf({ files }: MultipartForm): Promise<FileRead[]> {
  const all: FileRead[] = [];
  for (const file of [...files.values()].flat()) {
    const octets = await file.open().bytes();
    const { name, filename, contentType, header, size, path } = file;
    mustEqual("size", octets.length, size);
    const content = decodeLatin1(octets, 0, octets.length);
    all.push({ name, filename, contentType, header: [...header], size, path, content });
  }
  return all;
}

function sizeOf(files: readonly FileRead[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** Sent as a FormData and read again: the same names, values and contents, but for line ends in texts. */
async function mustSurvive({ values }: MultipartForm, files: readonly FileRead[]): Promise<void> {
  const data = new FormData();
  for (const [name, value] of values) data.append(name, value);
  for (const { name, filename, content } of files) {
    const octets = Uint8Array.from(content, (char) => char.charCodeAt(0));
    data.append(name, new Blob([octets]), filename);
  }
  const sent = newRequest("POST", "http://a.example/", data);
  const type = sent.header.get("content-type") ?? "";
  const again = requestWith(sent.body, type, new MemoryStore());
  // Nothing is longer than before but the framing.
  const form = await again.parseMultipartForm({ maxPartHeaderBytes: 65_536 });
  const told = await filesOf(form);
  mustEqual("values again", [...form.values].map(withLineEnds), [...values].map(withLineEnds));
  mustEqual("files again", told.map(contentOf), files.map(contentOf));
}

function withLineEnds(pair: readonly [string, string]): string[] {
  return pair.map((text) => text.replace(/\r\n?|\n/g, "\r\n"));
}

function contentOf({ name, content }: FileRead): unknown {
  return [...withLineEnds([name, ""]), content];
}

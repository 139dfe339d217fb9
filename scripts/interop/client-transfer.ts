/**
 * One large transfer in a process of its own, so that its memory is that of the client.
 *
 *   node client-transfer.mjs '{"url": …, "how": "down" | "up" | "chunked", "path": …, "ca": …}'
 *
 * Rule of this file: it says in one line of JSON what came or went and how far its memory grew, and
 * then ends by itself.
 */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { Client, newRequest, Transport } from "barewire";

/** What is to be done. */
export interface Transfer {
  readonly url: string;
  readonly how: "down" | "up" | "chunked";
  /** The file that is sent. */
  readonly path: string;
  /** A small thing of the same server, asked for first: what a process needs anyway is not counted. */
  readonly first: string;
  readonly ca: string;
}

/** What was done. */
export interface Transferred {
  readonly status: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly reused: boolean;
  readonly ms: number;
  /** From before the transfer to its highest point. */
  readonly rssGrowthBytes: number;
}

const SAMPLE_MS = 10;

const transfer = JSON.parse(process.argv[2] ?? "{}") as Transfer;
const client = new Client({ transport: new Transport({ tls: { ca: transfer.ca } }) });
await (await client.get(transfer.first)).body.bytes();

const before = process.memoryUsage.rss();
let peak = before;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, SAMPLE_MS);
const startedAt = performance.now();
const done = transfer.how === "down" ? await download() : await upload();
const ms = performance.now() - startedAt;
clearInterval(sampler);
console.log(JSON.stringify({ ...done, ms, rssGrowthBytes: Math.max(0, peak - before) }));

async function download(): Promise<Omit<Transferred, "ms" | "rssGrowthBytes">> {
  const { status, body, reused } = await client.get(transfer.url);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of body) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { status, bytes, sha256: hash.digest("hex"), reused };
}

async function upload(): Promise<Omit<Transferred, "ms" | "rssGrowthBytes">> {
  const hash = createHash("sha256");
  let bytes = 0;
  const pieces = async function* (): AsyncIterable<Uint8Array> {
    for await (const piece of createReadStream(transfer.path) as AsyncIterable<Buffer>) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  };
  const request = newRequest("PUT", transfer.url, pieces());
  const contentLength = transfer.how === "up" ? statSync(transfer.path).size : undefined;
  const { status, body, reused } = await client.do(request.with({ contentLength }));
  await body.bytes();
  return { status, bytes, sha256: hash.digest("hex"), reused };
}

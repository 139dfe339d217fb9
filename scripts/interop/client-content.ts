/**
 * Content as servers give it: whole, in ranges, not at all, and in codings.
 * RFC 9110 §8.4, §9.3, §13, §14
 *
 * Rule of this file: what came is compared by its hash with what the server has.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { APACHE } from "./client-apache.ts";
import { HAPROXY } from "./client-haproxy.ts";
import { NGINX } from "./client-nginx.ts";
import { PLAIN_PYTHON, PYTHON } from "./client-python.ts";
import {
  type ClientCheck,
  type Content,
  RANGED,
  RANGED_OCTETS,
  sha256,
  SMALL,
  WORDS,
} from "./client-site.ts";
import { checksOf, mustAnswer, mustBe, type Row, type Visit } from "./client-visit.ts";

const ALL = [NGINX, APACHE, HAPROXY, PYTHON];
const WITH_RANGES = [NGINX, APACHE, HAPROXY];
const RANGED_PATH = `/files/${RANGED.name}`;

const [SIZE, LAST] = [RANGED.bytes, RANGED.bytes - 1];
const RANGES: readonly (readonly [range: string, start: number, last: number])[] = [
  ["bytes=0-0", 0, 0],
  ["bytes=1000-299999", 1000, 299_999],
  [`bytes=${SIZE - 7}-`, SIZE - 7, LAST],
  ["bytes=-70000", SIZE - 70_000, LAST],
  ["bytes=5-99999999999", 5, LAST],
];

function piece(start: number, last: number): Content {
  const octets = RANGED_OCTETS.subarray(start, last + 1);
  return { name: "", bytes: octets.length, sha256: sha256(octets) };
}

const ROWS: readonly Row[] = [
  { name: "GET, with its timings, and again on the same connection", at: ALL, run: getTwice },
  {
    name: "HEAD tells the length and has no content",
    at: ALL,
    run: async ({ client, url }) => {
      const response = await client.head(url(RANGED_PATH));
      await mustAnswer(response, 200);
      deepStrictEqual([response.contentLength, response.body.length], [SIZE, 0]);
      const next = await client.get(url(RANGED_PATH));
      await mustBe(next, 200, RANGED);
      ok(next.reused, "the connection was not kept");
    },
  },
  {
    name: "404 is an answer, and its connection is kept",
    at: ALL.filter((server) => server !== PYTHON),
    run: async ({ client, url }) => {
      await mustAnswer(await client.get(url("/files/none")), 404);
      const next = await client.get(url(RANGED_PATH));
      await mustBe(next, 200, RANGED);
      ok(next.reused, "the connection was not kept");
    },
  },
  {
    name: "ranges",
    at: WITH_RANGES,
    run: async ({ client, url }) => {
      for (const [range, start, last] of RANGES) {
        const response = await client.get(url(RANGED_PATH), { header: { Range: range } });
        await mustBe(response, 206, piece(start, last));
        deepStrictEqual(response.header.get("content-range"), `bytes ${start}-${last}/${SIZE}`);
      }
      const header = { Range: `bytes=${SIZE}-` };
      await mustAnswer(await client.get(url(RANGED_PATH), { header }), 416);
    },
  },
  { name: "several ranges in one answer", at: WITH_RANGES, run: severalRanges },
  { name: "a download that was broken off is resumed", at: WITH_RANGES, run: resume },
  {
    name: "a range that the server does not know is answered with all",
    at: [PYTHON],
    run: async ({ client, url }) => {
      const header = { Range: "bytes=5-9" };
      await mustBe(await client.get(url(RANGED_PATH), { header }), 200, RANGED);
    },
  },
  {
    name: "304 has no content",
    at: ALL,
    run: async ({ client, url }) => {
      const first = await client.get(url(RANGED_PATH));
      await mustBe(first, 200, RANGED);
      const header = { "If-Modified-Since": first.header.get("last-modified") ?? "" };
      const second = await client.get(url(RANGED_PATH), { header });
      await mustAnswer(second, 304);
      ok(second.reused, "the connection was not kept");
      const third = await client.get(url(RANGED_PATH));
      await mustBe(third, 200, RANGED);
      ok(third.reused, "the connection was not kept");
    },
  },
  {
    name: "gzip is undone",
    at: WITH_RANGES,
    run: (visit) => coded(visit, { coding: "gzip", decode: gunzipSync }),
  },
  {
    name: "br is undone",
    at: [APACHE],
    run: (visit) => coded(visit, { coding: "br", decode: brotliDecompressSync }),
  },
  {
    name: "HTTP/1.0: each answer ends with its connection",
    at: [PLAIN_PYTHON],
    by: ["http"],
    run: async ({ client, url, transport }) => {
      for (let i = 0; i < 3; i++) {
        const response = await client.get(url(RANGED_PATH));
        await mustBe(response, 200, RANGED);
        deepStrictEqual([response.proto, response.reused], ["HTTP/1.0", false]);
      }
      // Its redirect from a folder's name to the folder, and a list that it makes.
      const list = await client.get(url("/files"));
      ok((await list.body.text()).includes(`href="${SMALL.name}"`), "no list of files");
      deepStrictEqual(list.request?.target, url("/files/"));
      deepStrictEqual(transport.stats().idle, 0);
    },
  },
];

async function getTwice({ client, url, scheme }: Visit): Promise<void> {
  const first = await client.get(url(RANGED_PATH));
  deepStrictEqual([first.proto, first.contentLength], ["HTTP/1.1", SIZE]);
  await mustBe(first, 200, RANGED);
  const second = await client.get(url(RANGED_PATH));
  await mustBe(second, 200, RANGED);
  const steps = [first, second].map(({ reused, timings }) => ({
    reused,
    connect: timings?.connect !== undefined,
    tls: timings?.tls !== undefined,
    total: (timings?.total ?? -1) >= (timings?.download ?? Infinity),
  }));
  deepStrictEqual(steps, [
    { reused: false, connect: true, tls: scheme === "https", total: true },
    { reused: true, connect: false, tls: false, total: true },
  ]);
}

async function severalRanges({ client, url }: Visit): Promise<void> {
  const header = { Range: "bytes=0-99,5000-70000,-50" };
  const response = await client.get(url(RANGED_PATH), { header });
  const octets = Buffer.from(await response.body.bytes());
  deepStrictEqual(response.status, 206);
  ok(response.header.get("content-type")?.startsWith("multipart/byteranges; boundary="));
  let at = 0;
  for (const [start, last] of [
    [0, 99],
    [5000, 70_000],
    [SIZE - 50, LAST],
  ] as const) {
    const found = octets.indexOf(RANGED_OCTETS.subarray(start, last + 1), at);
    ok(found > at, `the range from ${start} is missing`);
    at = found;
  }
}

async function resume({ client, url }: Visit): Promise<void> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const broken = await client.get(url(RANGED_PATH));
  for await (const octets of broken.body) {
    pieces.push(octets);
    length += octets.length;
    if (length > SIZE / 3) break;
  }
  const header = { Range: `bytes=${length}-`, "If-Range": broken.header.get("etag") ?? "" };
  const rest = await client.get(url(RANGED_PATH), { header });
  deepStrictEqual([rest.status, rest.contentLength], [206, SIZE - length]);
  for await (const octets of rest.body) pieces.push(octets);
  deepStrictEqual(sha256(Buffer.concat(pieces)), RANGED.sha256);
}

/** The same text coded by hand and coded unseen; what is sent must be smaller than the text. */
async function coded(
  { another, url }: Visit,
  { coding, decode }: { coding: string; decode: (octets: Uint8Array) => Buffer },
): Promise<string> {
  const path = `/coded/${WORDS.name}`;
  const byHand = another({ disableCompression: true });
  const raw = await byHand.get(url(path), { header: { "Accept-Encoding": coding } });
  deepStrictEqual([raw.header.get("content-encoding"), raw.uncompressed], [coding, false]);
  const sent = await raw.body.bytes();
  ok(sent.length < WORDS.bytes / 2, "it was not compressed");
  deepStrictEqual(sha256(decode(sent)), WORDS.sha256);
  const unseen = another({ acceptEncodings: [coding] });
  for (let i = 0; i < 2; i++) {
    const response = await unseen.get(url(path));
    await mustBe(response, 200, WORDS);
    const { header, uncompressed, contentLength, reused } = response;
    deepStrictEqual(
      [header.has("content-encoding"), uncompressed, contentLength, reused],
      [false, true, undefined, i > 0],
    );
  }
  await mustBe(await byHand.get(url(path)), 200, WORDS);
  return `${WORDS.bytes} bytes in ${sent.length}`;
}

export const CONTENT_CHECKS: readonly ClientCheck[] = checksOf(ROWS);

/**
 * What the servers are asked, octet for octet, and how many at a time.
 *
 * Rule of this file: a table. wrk and our own load program play the same octets, and what a scenario wants of a
 * handler has a name that all server programs know.
 */
import type { HandlerKind } from "./programs/rim.ts";
import { POST_BYTES, routePath } from "./programs/rim.ts";

/** One way of loading a server. */
export interface Scenario {
  /** What it is, in the words of the README. */
  readonly words: string;
  readonly handler: HandlerKind;
  /** What is sent, in turns; each is one write. */
  readonly writes: readonly string[];
  /** How many requests are in a write. */
  readonly depth: number;
  readonly connections: number;
  readonly security: "tls" | "none";
  /** Who takes part beside ours, in the order of the table. */
  readonly against: readonly Peer[];
}

/** Those who can be measured beside our server; "hello" is our own with the simplest handler. */
export type Peer = "floor" | "bare-tls" | "hello" | "node-http" | "bun" | "deno" | "go";

const ALL: readonly Peer[] = ["floor", "node-http", "bun", "deno", "go"];
const OURS: readonly Peer[] = ["floor", "hello", "node-http"];
const HOST = "Host: bench.example:8080\r\n";

/** The request fields of a browser: sixteen, 760 bytes of head with the request line and Host. */
const BROWSER_FIELDS: readonly string[] = [
  "Connection: keep-alive",
  "Cache-Control: max-age=0",
  'sec-ch-ua: "Chromium";v="142", "Not_A Brand";v="99"',
  "sec-ch-ua-mobile: ?0",
  'sec-ch-ua-platform: "Linux"',
  "Upgrade-Insecure-Requests: 1",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
    "Chrome/142.0.0.0 Safari/537.36",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "Sec-Fetch-Site: none",
  "Sec-Fetch-Mode: navigate",
  "Sec-Fetch-User: ?1",
  "Sec-Fetch-Dest: document",
  "Referer: https://www.example.com/articles/2026/on-the-wire/en",
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Accept-Language: en-GB,en;q=0.9,de;q=0.8",
  "Cookie: session=6f1c2b7e9a4d4d0f8b3e5a7c9d1e2f30; theme=dark; consent=necessary",
];

/** The smallest request that a client sends. */
export const SMALL_HEAD: string = `GET / HTTP/1.1\r\n${HOST}\r\n`;

/** What a browser sends. */
export const BROWSER_HEAD: string = `GET / HTTP/1.1\r\n${HOST}${BROWSER_FIELDS.join("\r\n")}\r\n\r\n`;

const POST =
  `POST / HTTP/1.1\r\n${HOST}Content-Type: application/octet-stream\r\n` +
  `Content-Length: ${POST_BYTES}\r\n\r\n${"x".repeat(POST_BYTES)}`;

/** 64 requests that go all over a table of so many routes. */
export function routeWrites(routes: number): string[] {
  return Array.from({ length: 64 }, (_, i) => {
    const path = routePath((i * 7919) % routes).replace("{id}", `id${i}`);
    return `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;
  });
}

const HELLO: Scenario = {
  words: "GET of 13 bytes, 64 connections",
  handler: "hello",
  writes: [SMALL_HEAD],
  depth: 1,
  connections: 64,
  security: "none",
  against: ALL,
};

/** All of them, in the order in which they are measured. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  hello: HELLO,
  "browser-head": {
    ...HELLO,
    words: `the same with the head of a browser (${BROWSER_HEAD.length} bytes)`,
    writes: [BROWSER_HEAD],
  },
  pipelined: {
    ...HELLO,
    words: "the same, pipelined 16 deep",
    writes: [SMALL_HEAD.repeat(16)],
    depth: 16,
  },
  async: {
    ...HELLO,
    words: "the same, after one await of a resolved promise",
    handler: "async",
    against: OURS,
  },
  later: {
    ...HELLO,
    words: "the same, answered in a later turn",
    handler: "later",
    against: OURS,
  },
  json: { ...HELLO, words: "a small object as JSON", handler: "json" },
  mux: {
    ...HELLO,
    words: "one of 1,000 routes",
    handler: "mux-1000",
    writes: routeWrites(1000),
    against: OURS,
  },
  post: { ...HELLO, words: "POST of 1 KiB, sent back", handler: "echo", writes: [POST] },
  "conns-1000": { ...HELLO, words: "GET of 13 bytes, 1,000 connections", connections: 1000 },
  tls: {
    ...HELLO,
    words: "GET of 13 bytes over TLS",
    security: "tls",
    against: ["bare-tls", "node-http"],
  },
};

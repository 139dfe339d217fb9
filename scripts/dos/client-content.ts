/**
 * Servers whose content harms: bodies without end, bombs, chunks of one octet.
 *
 * Rule of this file: each call must end by itself and hold no more than its limit, or be read to the end in
 * bounded memory.
 */
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type ClientCheck, UNDER_WAY_BYTES } from "./client-check.ts";
import type { Script, Victim } from "./hostile.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
/** A bomb is so many zeros; some rows send several. */
const ZEROS = new Uint8Array(64 * 1_048_576);
const BOMBS = 4;

const GZIP_BOMB = gzipSync(ZEROS);
const BROTLI_BOMB = brotliCompressSync(ZEROS);
const GZIP_TWICE = gzipSync(Buffer.concat(Array.from({ length: BOMBS }, () => GZIP_BOMB)));
const EMPTY_MEMBER = gzipSync("");
const EMPTY_MEMBERS = Buffer.concat(Array.from({ length: 3000 }, () => EMPTY_MEMBER));

interface ContentRow {
  readonly name: string;
  readonly bar: string;
  readonly script: Script;
  readonly manner: ClientCheck["manner"];
  readonly codes: readonly string[];
  readonly client?: ClientCheck["client"];
  readonly octetsMax?: number;
  readonly msMax?: number;
  readonly peer: "fetch" | "none";
}

const WHOLE_BODY = { codes: ["body-too-large"], msMax: 2000 };
const ENDLESS = "body-too-large within 2 s";

const ROWS: readonly ContentRow[] = [
  {
    name: "a body until the end, which never comes, as bytes()",
    bar: ENDLESS,
    script: endless(`${OK}\r\n`),
    manner: "bytes",
    ...WHOLE_BODY,
    peer: "fetch",
  },
  {
    name: "chunks without end, as text()",
    bar: ENDLESS,
    script: endless(CHUNKED, `1000\r\n${"x".repeat(4096)}\r\n`),
    manner: "text",
    ...WHOLE_BODY,
    peer: "fetch",
  },
  {
    name: "2^53 - 1 octets announced, as bytes()",
    bar: "body-too-large at once",
    script: endless(`${OK}Content-Length: 9007199254740991\r\n\r\n`),
    manner: "bytes",
    codes: ["body-too-large"],
    peer: "fetch",
  },
  {
    name: "a body without end, cancelled after its first piece",
    bar: "the rest is not taken",
    script: endless(CHUNKED, `1000\r\n${"x".repeat(4096)}\r\n`),
    manner: "cancel",
    codes: ["ok 200"],
    octetsMax: 2 * UNDER_WAY_BYTES,
    peer: "fetch",
  },
  {
    name: "chunks of one octet, as bytes()",
    bar: "1 MiB of them, and no more",
    script: endless(CHUNKED, "1\r\nx\r\n"),
    manner: "bytes",
    codes: ["body-too-large"],
    msMax: 8000,
    peer: "none",
  },
  {
    name: "chunks of one octet, counted",
    bar: "all of them",
    script: tinyChunks(200_000),
    manner: "count",
    codes: ["ok 200"],
    octetsMax: 200_000,
    peer: "fetch",
  },
  {
    name: "a gzip bomb, as bytes()",
    bar: "1 MiB of it, and no more",
    script: coded("gzip", [GZIP_BOMB]),
    manner: "bytes",
    codes: ["body-too-large", "decoded-ratio-too-high"],
    peer: "fetch",
  },
  {
    name: "a gzip bomb, counted",
    bar: "decoded-ratio-too-high",
    script: coded(
      "gzip",
      Array.from({ length: BOMBS }, () => GZIP_BOMB),
    ),
    manner: "count",
    codes: ["decoded-ratio-too-high"],
    peer: "fetch",
  },
  {
    name: "a gzip bomb in gzip, counted",
    bar: "decoded-ratio-too-high",
    script: coded("gzip, gzip", [GZIP_TWICE]),
    manner: "count",
    codes: ["decoded-ratio-too-high"],
    client: { codings: ["gzip", "br"] },
    peer: "fetch",
  },
  {
    name: "a Brotli bomb, counted",
    bar: "decoded-ratio-too-high",
    script: coded("br", [BROTLI_BOMB]),
    manner: "count",
    codes: ["decoded-ratio-too-high"],
    client: { codings: ["gzip", "br"] },
    peer: "fetch",
  },
  {
    name: "gzip members of nothing without end, counted",
    bar: "others are asked as before, until the call is aborted",
    script: nothingInside,
    manner: "count",
    codes: ["aborted"],
    peer: "fetch",
  },
];

export const CONTENT_CLIENT_CHECKS: readonly ClientCheck[] = ROWS.map(({ name, ...row }) => ({
  client: {},
  atATime: 5,
  calls: row.codes.includes("aborted") ? "held" : "again",
  ...row,
  name: `client: ${name}`,
}));

function endless(head: string, piece = "x".repeat(4096)): Script {
  return async (victim) => {
    if ((await victim.request()) === undefined) return;
    await victim.send(head);
    await victim.floodWith(piece);
  };
}

function tinyChunks(count: number): Script {
  const piece = "1\r\nx\r\n".repeat(1000);
  return async (victim) => {
    for (;;) {
      if ((await victim.request()) === undefined) return;
      await victim.send(CHUNKED);
      for (let i = 0; i < count && victim.open; i += 1000) await victim.send(piece);
      await victim.send("0\r\n\r\n");
    }
  };
}

/** A bomb that is given up is small on the wire: its connection may be kept, and be used again. */
function coded(coding: string, pieces: readonly Uint8Array[]): Script {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return async (victim) => {
    while ((await victim.request()) !== undefined) {
      await victim.send(`${OK}Content-Encoding: ${coding}\r\nContent-Length: ${length}\r\n\r\n`);
      for (const piece of pieces) await victim.send(piece);
    }
  };
}

async function nothingInside(victim: Victim): Promise<void> {
  if ((await victim.request()) === undefined) return;
  await victim.send(`${OK}Content-Encoding: gzip\r\n\r\n`);
  while (victim.open) await victim.send(EMPTY_MEMBERS);
}

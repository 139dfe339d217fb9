/**
 * Servers that flood: heads, fields, interim responses, chunk lines, trailers and cookies without end.
 *
 * Rule of this file: a table. Each call must end by itself, within the octets of the limit that it passes.
 */
import { type ClientCheck, UNDER_WAY_BYTES } from "./client-check.ts";
import { answering, numbered, type Script } from "./hostile.ts";

const HEAD_BYTES_MAX = 262_144;
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\n";

interface FloodRow {
  readonly name: string;
  readonly begin: string;
  readonly piece: string;
  readonly code: string;
  /** Octets that the limit lets in. */
  readonly lets: number;
}

const ROWS: readonly FloodRow[] = [
  {
    name: "a field value without end",
    begin: `${OK}X: `,
    piece: "v",
    code: "head-too-large",
    lets: HEAD_BYTES_MAX,
  },
  {
    name: "a field name without end",
    begin: OK,
    piece: "n",
    code: "head-too-large",
    lets: HEAD_BYTES_MAX,
  },
  {
    name: "a reason without end",
    begin: "HTTP/1.1 200 ",
    piece: "r",
    code: "head-too-large",
    lets: HEAD_BYTES_MAX,
  },
  {
    name: "fields without end",
    begin: OK,
    piece: "X-Field: value\r\n",
    code: "too-many-fields",
    lets: HEAD_BYTES_MAX,
  },
  {
    name: "long fields without end",
    begin: OK,
    piece: `X: ${"v".repeat(4000)}\r\n`,
    code: "head-too-large",
    lets: HEAD_BYTES_MAX,
  },
  {
    name: "cookies without end",
    begin: OK,
    piece: "Set-Cookie: a=b\r\n",
    code: "too-many-fields",
    lets: HEAD_BYTES_MAX,
  },
  {
    name: "empty lines before a response",
    begin: "",
    piece: "\r\n",
    code: "bad-status-line",
    lets: 0,
  },
  { name: "what is no response at all", begin: "", piece: "\0", code: "bad-status-line", lets: 0 },
  {
    name: "interim responses without end",
    begin: "",
    piece: "HTTP/1.1 103 Early Hints\r\n\r\n",
    code: "too-many-interim-responses",
    lets: 1000,
  },
  {
    name: "large interim responses",
    begin: "",
    piece: `HTTP/1.1 103 Early Hints\r\nX: ${"v".repeat(100_000)}\r\n\r\n`,
    code: "head-too-large",
    lets: HEAD_BYTES_MAX,
  },
  {
    name: "a chunk extension without end",
    begin: `${CHUNKED}5;`,
    piece: "e",
    code: "chunk-line-too-long",
    lets: 4096,
  },
  {
    name: "small chunk extensions without end",
    begin: CHUNKED,
    piece: `1;${"e".repeat(200)}\r\nx\r\n`,
    code: "chunk-overhead",
    lets: 32_768,
  },
  {
    name: "zeros without end in a chunk size",
    begin: CHUNKED,
    piece: "0",
    code: "chunk-size-too-large",
    lets: 4096,
  },
  {
    name: "trailers without end",
    begin: `${CHUNKED}0\r\n`,
    piece: "X-T: v\r\n",
    code: "trailer-too-large",
    lets: 16_384,
  },
  {
    name: "a trailer value without end",
    begin: `${CHUNKED}0\r\nX: `,
    piece: "t",
    code: "trailer-too-large",
    lets: 16_384,
  },
];

export const FLOOD_CLIENT_CHECKS: readonly ClientCheck[] = [
  ...ROWS.map(
    (row): ClientCheck => ({
      name: `client: ${row.name}`,
      bar: `${row.code} within ${row.lets + UNDER_WAY_BYTES} octets and a second`,
      client: {},
      script: flooding(row),
      manner: "bytes",
      atATime: 16,
      calls: "again",
      codes: [row.code],
      octetsMax: row.lets + UNDER_WAY_BYTES,
      msMax: 1000,
      peer: "fetch",
    }),
  ),
  {
    name: "client: heads of 250 KiB",
    bar: "read as they are",
    client: {},
    script: answering((number) => numbered(number, "ok", `X: ${"v".repeat(250_000)}\r\n`)),
    manner: "bytes",
    atATime: 16,
    calls: "again",
    codes: ["ok 200"],
    peer: "none",
  },
  {
    name: "client: 400 cookies in each answer, kept in a jar",
    bar: "each call is answered",
    client: { jar: "one" },
    script: answering((number) => numbered(number, "ok", cookies(number))),
    manner: "bytes",
    atATime: 8,
    calls: "again",
    codes: ["ok 200"],
    peer: "none",
  },
];

function flooding({ begin, piece }: FloodRow): Script {
  return async (victim) => {
    if ((await victim.request()) === undefined) return;
    await victim.send(begin);
    await victim.floodWith(piece);
  };
}

/** New ones each time, so that the jar must let others go. */
function cookies(number: string): string {
  return Array.from(
    { length: 400 },
    (_, i) => `Set-Cookie: c${number}-${i}=${"v".repeat(100)}; Max-Age=9999\r\n`,
  ).join("");
}

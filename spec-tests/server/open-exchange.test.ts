// What an exchange and a handler are told of a head.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, Reader } from "../../lib/bufio/mod.ts";
import { Exchange } from "../../lib/server/exchange.ts";
import { type OpeningOwner, openExchange } from "../../lib/server/open-exchange.ts";
import { requestFraming, scanRequestHead } from "../../lib/wire/mod.ts";
import { type Row, bytes, table, throwsCode } from "../kit.ts";

const MAX_REQUESTS = 3;

interface Opened extends Row {
  readonly head: string;
  /** Requests before it on the connection. */
  readonly requests?: number;
  readonly keep?: "close";
  readonly askedToKeep?: true;
  readonly expects?: "continue";
  readonly body?: string;
}

const it = suite("open exchange");

const CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";

const rows: readonly Opened[] = [
  { name: "HTTP/1.1 is kept without a word", head: "GET / HTTP/1.1\r\nHost: a\r\n" },
  {
    name: "unless it says close",
    section: "RFC 9112 §9.6",
    head: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n",
    keep: "close",
  },
  { name: "HTTP/1.0 is not kept", head: "GET / HTTP/1.0\r\nHost: a\r\n", keep: "close" },
  {
    name: "unless it asks",
    section: "RFC 9112 §9.3",
    head: "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n",
    askedToKeep: true,
  },
  { name: "the last but one", head: "GET / HTTP/1.1\r\nHost: a\r\n", requests: MAX_REQUESTS - 2 },
  {
    name: "the last that the connection may have",
    head: "GET / HTTP/1.1\r\nHost: a\r\n",
    requests: MAX_REQUESTS - 1,
    keep: "close",
  },
  { name: "a body in chunks", head: CHUNKED, body: "chunked" },
  {
    name: "one that waits for a word",
    head: `${CHUNKED}Expect: 100-continue\r\n`,
    expects: "continue",
    body: "chunked",
  },
  {
    name: "a body of some length",
    head: "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n",
    body: "length",
  },
];

/** An exchange, and what opens it for a head of these lines. */
function scene(
  lines: string,
  requests = 0,
): { exchange: Exchange<string>; open: () => ReturnType<typeof openExchange<string>> } {
  const head = scanRequestHead(bytes(`${lines}\r\n`));
  if (head === "need-more") throw new Error("the head is not whole");
  const framing = requestFraming(head);
  const conn = { resume: () => undefined } as unknown as Conn;
  const owner = {
    requests,
    conn,
    context: "c",
    reader: new Reader(conn),
    host: { limits: { maxRequestsPerConn: MAX_REQUESTS }, reading: {} },
  } as unknown as OpeningOwner<string>;
  const exchange = Exchange.borrow<string>(owner);
  return { exchange, open: () => openExchange(exchange, owner, head, framing, "a") };
}

table(it, rows, ({ head, requests, keep, askedToKeep, expects, body }) => {
  const { exchange, open } = scene(head, requests);
  const r = open();
  assert.is(exchange.keep, keep === undefined);
  assert.is(r.close, keep === "close");
  assert.is(exchange.askedToKeep, askedToKeep === true);
  assert.is(exchange.expects, expects ?? "nothing");
  assert.is(exchange.source === undefined, body === undefined);
  assert.is(exchange.body, r.body);
  assert.is(exchange.method, r.method);
  assert.is(exchange.versionMinor, r.versionMinor);
  assert.is(r.host, "a");
  assert.is(exchange.writer?.context, "c", "the writer is the exchange's");
});

for (const [name, lines, code] of [
  ["an expectation nobody knows", "Expect: tea\r\n", "unknown-expectation"],
  [
    "a trailer that may not be one",
    "Transfer-Encoding: chunked\r\nTrailer: Content-Length\r\n",
    "forbidden-trailer",
  ],
] as const) {
  it(`${name} is refused, and there is no writer then`, () => {
    const { exchange, open } = scene(`POST / HTTP/1.1\r\nHost: a\r\n${lines}`);
    throwsCode(open, code);
    assert.is(exchange.writer, undefined);
    assert.is(exchange.source, undefined);
  });
}

it.run();

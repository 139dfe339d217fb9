/**
 * The judge's reader: what it reads, what it calls malformed, and what it notes beside a good message.
 *
 * Rule of this file: responses and requests that end by themselves are fed three ways.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type JudgedRequest,
  type JudgedResponse,
  type Reading,
  readRequest,
  readRequestHead,
  readResponse,
} from "../../../lib/conformance/judge/mod.ts";
import { bytes, type Fed, type Row, table, text, threeWays } from "../../kit.ts";

const test = suite("the judge's reader");

type To = "GET" | "HEAD" | "CONNECT";

/** Feeds pieces until something is decided; what is malformed comes back as its reason, with no rest. */
function feed<T>(
  read: (all: string) => Reading<T>,
): (pieces: readonly Uint8Array[]) => Fed<T | string> {
  return (pieces) => {
    let all = "";
    for (const piece of pieces) {
      all += text(piece);
      const reading = read(all);
      const left = pieces
        .slice(pieces.indexOf(piece) + 1)
        .map(text)
        .join("");
      if (reading.kind === "malformed") return { value: reading.reason, rest: bytes("") };
      if (reading.kind === "read")
        return { value: reading.value, rest: bytes(all.slice(reading.end) + left) };
    }
    throw new Error("not all there");
  };
}

interface Good extends Row {
  readonly input: string;
  readonly to?: To;
  readonly expect: Partial<JudgedResponse>;
}

const DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

const GOOD: readonly Good[] = [
  {
    name: "a length frames",
    input: `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 5\r\n\r\nhello`,
    expect: { status: 200, reason: "OK", framing: "content-length", content: "hello", faults: [] },
  },
  {
    name: "chunks are put together, extensions dropped, trailers kept",
    input:
      "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
    expect: {
      framing: "chunked",
      content: "hello0123456789",
      trailers: [{ name: "X-T", value: "1" }],
      faults: [],
    },
  },
  {
    name: "a 204 has no content",
    input: "HTTP/1.1 204 No Content\r\n\r\n",
    expect: { framing: "none", faults: [] },
  },
  {
    name: "HEAD has no content, whatever its length says",
    to: "HEAD",
    input: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    expect: { framing: "none", content: "", faults: [] },
  },
  {
    name: "2xx to CONNECT has no content",
    to: "CONNECT",
    input: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    expect: { framing: "none" },
  },
  {
    name: "a status line without its last SP is noted",
    input: "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
    expect: { status: 200, faults: ["no SP after the status code"] },
  },
  {
    name: "a length beside chunks is noted",
    input: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    expect: { framing: "chunked", faults: ["Content-Length beside Transfer-Encoding"] },
  },
  {
    name: "a length in a 204 is noted",
    input: "HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n",
    expect: { framing: "none", faults: ["Content-Length in a 204"] },
  },
  {
    name: "a folded line is joined and noted",
    input: "HTTP/1.1 204 No\r\nX-A: v\r\n\tw\r\n\r\n",
    expect: { fields: [{ name: "X-A", value: "v w" }], faults: ["a folded line in X-A"] },
  },
  {
    name: "a control in a value is noted",
    input: "HTTP/1.1 204 No\r\nX-A: v\x00w\r\n\r\n",
    expect: { faults: ["a control character in X-A"] },
  },
  {
    name: "equal lengths are one, and noted",
    input: "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab",
    expect: { content: "ab", faults: ["Content-Length more than once"] },
  },
];

table(test, GOOD, async ({ input, to = "GET", expect }) => {
  const read = (all: string): Reading<JudgedResponse> =>
    readResponse(all, 0, { to, stream: "open" });
  await threeWays<JudgedResponse | string>(bytes(input), feed(read), (value) => {
    if (typeof value === "string") throw new Error(value);
    for (const [name, wanted] of Object.entries(expect)) {
      assert.equal(new Map(Object.entries(value)).get(name), wanted, name);
    }
  });
});

interface Bad extends Row {
  readonly input: string;
  readonly reason: string;
}

const BAD: readonly Bad[] = [
  { name: "no status line", input: "<html>", reason: "no status line" },
  {
    name: "a version of two digits",
    input: "HTTP/1.10 200 OK\r\n",
    reason: "a status line that does not fit the grammar",
  },
  { name: "LF alone", input: "HTTP/1.1 200 OK\n", reason: "a line that ends with LF alone" },
  { name: "CR alone", input: "HTTP/1.1 200 OK\r\nX-A: v\rw\r\n\r\n", reason: "a CR without LF" },
  { name: "no colon", input: "HTTP/1.1 200 OK\r\nX-A\r\n", reason: "a field line without a colon" },
  {
    name: "a blank in a name",
    input: "HTTP/1.1 200 OK\r\nX-A : v\r\n",
    reason: "a field name that is no token",
  },
  {
    name: "a blank first",
    input: "HTTP/1.1 200 OK\r\n X-A: v\r\n",
    reason: "a blank before the first field",
  },
  {
    name: "a signed length",
    input: "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
    reason: "a Content-Length that is no number",
  },
  {
    name: "two lengths",
    input: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    reason: "two values of Content-Length",
  },
  {
    name: "a chunk size with 0x",
    input: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\n",
    reason: "a chunk line that does not fit the grammar",
  },
  {
    name: "a chunk without CRLF",
    input: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naXX",
    reason: "a chunk that does not end with CRLF",
  },
];

table(test, BAD, async ({ input, reason }) => {
  const read = (all: string): Reading<JudgedResponse> =>
    readResponse(all, 0, { to: "GET", stream: "open" });
  for (const pieces of [[bytes(input)], [...bytes(input)].map((octet) => Uint8Array.of(octet))]) {
    assert.is(feed(read)(pieces).value, reason);
  }
});

test("without a length the content ends with the connection, and not before", () => {
  const input = "HTTP/1.1 200 OK\r\n\r\nhello";
  assert.is(readResponse(input, 0, { to: "GET", stream: "open" }).kind, "more");
  const reading = readResponse(input, 0, { to: "GET", stream: "ended" });
  if (reading.kind !== "read") throw new Error(reading.kind);
  assert.is(reading.value.content, "hello");
  assert.is(reading.value.framing, "close");
});

test("a response that the connection's end has cut is malformed; none at all is not", () => {
  for (const input of [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
    "HTT",
    "HTTP/1.1 200 OK\r\n",
  ]) {
    assert.is(readResponse(input, 0, { to: "GET", stream: "ended" }).kind, "malformed", input);
  }
  assert.is(readResponse("", 0, { to: "GET", stream: "ended" }).kind, "more");
});

test("requests are read three ways, with their content", async () => {
  const input =
    "POST /a?b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
  await threeWays<JudgedRequest | string>(
    bytes(input),
    feed((all) => readRequest(all, 0)),
    (value) => {
      if (typeof value === "string") throw new Error(value);
      assert.is(value.method, "POST");
      assert.is(value.target, "/a?b");
      assert.is(value.content, "ab");
    },
  );
});

test("a request's head is there before its content", () => {
  const head = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n";
  assert.is(readRequestHead(head, 0).kind, "read");
  assert.is(readRequest(head, 0).kind, "more");
  assert.is(readRequest("GET /a b HTTP/1.1\r\n", 0).kind, "malformed");
});

test.run();

// Responses are read as Go reads them; framing is never guessed, and says whether another may follow.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader } from "../../lib/bufio/mod.ts";
import { type Response, noBody, readResponse } from "../../lib/message/mod.ts";
import { bytes, table } from "../kit.ts";
import { contentOf, everyWay, everyWayFails, requestWith } from "./feeds.ts";

interface Expected {
  readonly status?: number;
  readonly statusText?: string;
  readonly proto?: string;
  readonly close?: boolean;
  readonly contentLength?: number | undefined;
  readonly transferEncoding?: readonly string[];
  readonly body?: string;
  readonly header?: readonly (readonly [string, string])[];
  readonly trailer?: readonly (readonly [string, string])[];
  /** What stays in the reader. */
  readonly rest?: string;
}

const good = suite("readResponse takes");

const rows: { name: string; section?: string; method?: string; input: string; expect: Expected }[] =
  [
    {
      name: "a body that ends with the connection",
      input: "HTTP/1.1 200 OK\r\n\r\nbody",
      expect: {
        status: 200,
        statusText: "OK",
        proto: "HTTP/1.1",
        close: true,
        contentLength: undefined,
        body: "body",
      },
    },
    {
      name: "a body with a length, and leaves what follows",
      input: "HTTP/1.1 404 Nope nope\r\nContent-Length: 2\r\n\r\nokHTTP",
      expect: { statusText: "Nope nope", close: false, contentLength: 2, body: "ok", rest: "HTTP" },
    },
    {
      name: "a chunked body with trailers, and takes the framing fields away",
      input:
        "HTTP/1.1 200 \r\nTransfer-Encoding: Chunked\r\nTrailer: X\r\nA: b\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n",
      expect: {
        statusText: "",
        close: false,
        contentLength: undefined,
        transferEncoding: ["chunked"],
        body: "a",
        header: [["A", "b"]],
        trailer: [["X", "y"]],
        rest: "",
      },
    },
    {
      name: "chunked beside a length: chunked wins, the connection is over",
      section: "9112 §6.3",
      input:
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
      expect: { close: true, contentLength: undefined, body: "a", header: [] },
    },
    {
      name: "a transfer coding in HTTP/1.0 as if it were not there",
      input: "HTTP/1.0 200 OK\r\nTransfer-Encoding: bogus\r\nContent-Length: 2\r\n\r\nok",
      expect: {
        close: true,
        contentLength: 2,
        body: "ok",
        transferEncoding: [],
        header: [["Content-Length", "2"]],
      },
    },
    {
      name: "the answer to HEAD: a length without a body",
      section: "9112 §6.3",
      method: "HEAD",
      input: "HTTP/1.1 200 OK\r\nContent-Length: 256\r\n\r\nHTTP",
      expect: { contentLength: 256, body: "", close: false, rest: "HTTP" },
    },
    {
      name: "the answer to HEAD: chunked without a body",
      method: "HEAD",
      input: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      expect: { contentLength: undefined, transferEncoding: ["chunked"], body: "" },
    },
    {
      name: "the answer to HEAD: nothing said",
      method: "HEAD",
      input: "HTTP/1.1 200 OK\r\n\r\n",
      expect: { contentLength: undefined, body: "" },
    },
    {
      name: "204 and 304 without a body, whatever the fields say",
      input: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nHTTP",
      expect: {
        contentLength: 0,
        body: "",
        close: false,
        rest: "HTTP",
        header: [["Content-Length", "5"]],
      },
    },
    {
      name: "an interim response, without looking for another",
      input: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP",
      expect: { status: 103, contentLength: 0, body: "", close: false, rest: "HTTP" },
    },
    {
      name: "a switch of protocols, after which octets are no message's",
      input:
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n\x81\x00",
      expect: {
        body: "",
        close: true,
        rest: "\x81\x00",
        header: [
          ["Upgrade", "x"],
          ["Connection", "upgrade"],
        ],
      },
    },
    {
      name: "the answer to CONNECT",
      method: "CONNECT",
      input: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntunnel",
      expect: { body: "", close: true, rest: "tunnel" },
    },
    {
      name: "a status without a reason and without its space",
      input: "HTTP/1.0 303\r\n\r\n",
      expect: { status: 303, statusText: "", close: true, body: "" },
    },
    {
      name: "equal lengths as one",
      section: "9110 §8.6",
      input: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: b\r\ncontent-length: 2\r\n\r\nok",
      expect: {
        body: "ok",
        header: [
          ["Content-Length", "2"],
          ["A", "b"],
        ],
      },
    },
    {
      name: "close as a value, so that the field says nothing more",
      input: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive, close\r\n\r\n",
      expect: { close: true, header: [["Content-Length", "0"]] },
    },
    {
      name: "close beside a field of this hop, which a proxy must see",
      section: "9110 §7.6.1",
      input: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close, X\r\nX: 1\r\n\r\n",
      expect: {
        close: true,
        header: [
          ["Content-Length", "0"],
          ["Connection", "close, X"],
          ["X", "1"],
        ],
      },
    },
    {
      name: "a folded field",
      section: "9112 §5.2",
      input: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: b\r\n  c\r\n\r\n",
      expect: {
        header: [
          ["Content-Length", "0"],
          ["A", "b c"],
        ],
      },
    },
  ];

table(good, rows, async ({ method, input, expect }) => {
  await everyWay(input, async (reader) => {
    const response = (await readResponse(
      reader,
      method === undefined ? {} : { requestMethod: method },
    ))!;
    const { body, header, trailer, rest, ...values } = expect;
    for (const [name, value] of Object.entries(values)) {
      assert.equal(response[name as keyof Response], value, name);
    }
    if (header !== undefined) assert.equal([...response.header], header, "header");
    assert.is(await contentOf(response.body), body ?? "", "body");
    if (trailer !== undefined) assert.equal([...response.trailer], trailer, "trailer");
    while ((await reader.more()) === "more");
    assert.is(String.fromCharCode(...reader.takeAll()), rest ?? "", "what follows");
  });
});

good("a response knows its request, whose method decides", async () => {
  const request = requestWith({ method: "HEAD" });
  const reader = Reader.of(bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
  const response = await readResponse(reader, { request });
  assert.is(response?.request, request);
  assert.is(response?.body, noBody);
});

good("nothing at all is no response", async () => {
  assert.is(await readResponse(Reader.of(bytes(""))), undefined);
});
good.run();

const bad = suite("readResponse refuses");

table(
  bad,
  [
    { name: "half a head", input: "HTTP/1.1 200 OK\r\nA: b", code: "truncated-head" },
    { name: "another protocol", input: "SSH-2.0-OpenSSH\r\n\r\n", code: "bad-status-line" },
    {
      name: "another major version",
      input: "HTTP/2.0 200 OK\r\n\r\n",
      code: "unsupported-version",
    },
    {
      name: "lengths that differ",
      input: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      code: "conflicting-content-length",
    },
    {
      name: "a coding that we do not speak",
      input: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      code: "unsupported-transfer-coding",
    },
    {
      name: "an announced trailer that decides framing",
      input:
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: a, transfer-encoding\r\n\r\n",
      code: "forbidden-trailer",
    },
  ],
  ({ input, code }) => everyWayFails(input, readResponse, code),
);

bad("a body that is too short", async () => {
  const input = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab";
  const readAll = async (reader: Reader): Promise<string> =>
    contentOf((await readResponse(reader))!.body);
  await everyWayFails(input, readAll, "truncated-body");
});
bad.run();

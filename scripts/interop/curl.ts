/**
 * What curl must see: the whole answer, head and body, for each thing one can ask the demo.
 * RFC 9112, RFC 9110
 *
 * Rule of this file: a check is a row with the arguments and the exact bytes of the answer. `NOW`
 * stands for the instant of Date, `PORT` for the server's port, `URL` in arguments for its address.
 */
import { type Check, message, run, same } from "./world.ts";

interface Row {
  readonly name: string;
  readonly args: readonly string[];
  readonly expect: string;
}

const TEXT = "Content-Type: text/plain; charset=utf-8";
const NOSNIFF = "X-Content-Type-Options: nosniff";
const BINARY = "Content-Type: application/octet-stream";
const CHUNKED = "Transfer-Encoding: chunked";
const DATE = "Date: NOW";
const length = (n: number): string => `Content-Length: ${n}`;

const SHA256_OF_TRAILERS_TEXT = "8c829b454efa352ae2834b746a8efd47b119af8c6aeaebe581737c02a7f7685c";
const TRAILERS_CHUNKS = [
  "1a\r\nThe checksum of this text \r\n",
  "10\r\ncomes after it, \r\n",
  "18\r\nin the trailer section.\n\r\n",
  `0\r\nX-Sha256: ${SHA256_OF_TRAILERS_TEXT}\r\n\r\n`,
].join("");

const ROWS: readonly Row[] = [
  {
    name: "a short answer has its length",
    args: ["-i", "URL/hello/curl"],
    expect: message(["HTTP/1.1 200 OK", TEXT, NOSNIFF, DATE, length(13)], "Hello, curl!\n"),
  },
  {
    name: "a percent-encoded path arrives decoded, and leaves as UTF-8",
    args: ["-i", "URL/hello/J%C3%BCrgen%20%3Cb%3E"],
    expect: message(
      ["HTTP/1.1 200 OK", TEXT, NOSNIFF, DATE, length(20)],
      "Hello, J\u00c3\u00bcrgen <b>!\n",
    ),
  },
  {
    name: "HEAD has the same head and no body",
    args: ["-I", "URL/hello/curl"],
    expect: message(["HTTP/1.1 200 OK", TEXT, NOSNIFF, DATE, length(13)]),
  },
  {
    name: "a small body comes back whole",
    args: ["-i", "--data-binary", "some bytes", "URL/echo"],
    expect: message(["HTTP/1.1 200 OK", BINARY, NOSNIFF, length(10), DATE], "some bytes"),
  },
  {
    name: "a chunked body comes back whole",
    args: ["-i", "-H", CHUNKED, "--data-binary", "some bytes", "URL/echo"],
    expect: message(["HTTP/1.1 200 OK", BINARY, NOSNIFF, length(10), DATE], "some bytes"),
  },
  {
    name: "Expect: 100-continue is invited before the answer",
    args: ["-i", "-H", "Expect: 100-continue", "--data-binary", "invited", "URL/echo"],
    expect:
      message(["HTTP/1.1 100 Continue"]) +
      message(["HTTP/1.1 200 OK", BINARY, NOSNIFF, length(7), DATE], "invited"),
  },
  {
    name: "Expect: 100-continue is not invited when nobody reads the body",
    args: ["-i", "-H", "Expect: 100-continue", "--data-binary", "unread", "URL/status/403"],
    expect: message(
      ["HTTP/1.1 403 Forbidden", TEXT, NOSNIFF, DATE, length(15), "Connection: close"],
      "This is a 403.\n",
    ),
  },
  {
    name: "an unknown expectation is refused",
    args: ["-i", "-H", "Expect: 200-ok", "--data-binary", "x", "URL/echo"],
    expect: message(["HTTP/1.1 417 Expectation Failed", "Connection: close", DATE, length(0)]),
  },
  {
    name: "pieces that are flushed are chunks",
    args: ["-i", "--raw", "URL/chunked"],
    expect: message(
      ["HTTP/1.1 200 OK", TEXT, DATE, CHUNKED],
      "5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n1\r\n\n\r\n0\r\n\r\n",
    ),
  },
  {
    name: "trailers come after the last chunk",
    args: ["-i", "--raw", "URL/trailers"],
    expect: message(["HTTP/1.1 200 OK", TEXT, "Trailer: X-Sha256", DATE, CHUNKED], TRAILERS_CHUNKS),
  },
  {
    name: "204 has neither length nor body",
    args: ["-i", "URL/204"],
    expect: message(["HTTP/1.1 204 No Content", DATE]),
  },
  {
    name: "304 has no body",
    args: ["-i", "URL/status/304"],
    expect: message(["HTTP/1.1 304 Not Modified", DATE]),
  },
  {
    name: "a status of the demo's choice",
    args: ["-i", "URL/status/418"],
    expect: message(
      ["HTTP/1.1 418 I'm a teapot", TEXT, NOSNIFF, DATE, length(15)],
      "This is a 418.\n",
    ),
  },
  {
    name: "an unknown path",
    args: ["-i", "URL/nowhere"],
    expect: message(
      ["HTTP/1.1 404 Not Found", TEXT, NOSNIFF, DATE, length(45)],
      "404: nothing here, but / lists what there is\n",
    ),
  },
  {
    name: "a method that the route does not have",
    args: ["-i", "-X", "DELETE", "URL/echo"],
    expect: message(
      ["HTTP/1.1 405 Method Not Allowed", "Allow: POST, PUT", TEXT, NOSNIFF, DATE, length(32)],
      "405: /echo answers to POST, PUT\n",
    ),
  },
  {
    name: "OPTIONS * is answered by the server itself",
    args: ["-i", "-X", "OPTIONS", "--request-target", "*", "URL"],
    expect: message(["HTTP/1.1 200 OK", length(0), DATE]),
  },
  {
    name: "/wire shows the head byte for byte",
    args: ["-A", "interop", "-H", "x-MiXed:  two blanks ", "URL/wire?a=%20b"],
    expect: message([
      "GET /wire?a=%20b HTTP/1.1",
      "Host: 127.0.0.1:PORT",
      "User-Agent: interop",
      "Accept: */*",
      "x-MiXed:  two blanks ",
    ]),
  },
  {
    name: "one connection serves request after request",
    args: ["-w", "%{num_connects} ", "URL/hello/a", "URL/chunked", "URL/204", "URL/hello/b"],
    expect: "Hello, a!\n1 hello world\n0 0 Hello, b!\n0 ",
  },
  {
    name: "HTTP/1.0 gets its answer until the close",
    args: ["-i", "--http1.0", "URL/hello/old"],
    expect: message(["HTTP/1.0 200 OK", TEXT, NOSNIFF, DATE, length(12)], "Hello, old!\n"),
  },
  {
    name: "HTTP/1.0 gets no chunks",
    args: ["-i", "--http1.0", "--raw", "URL/chunked"],
    expect: message(["HTTP/1.0 200 OK", TEXT, DATE], "hello world\n"),
  },
  {
    name: "HTTP/1.0 may ask to stay",
    args: ["-i", "--http1.0", "-H", "Connection: keep-alive", "URL/hello/old"],
    expect: message(
      ["HTTP/1.0 200 OK", TEXT, NOSNIFF, DATE, length(12), "Connection: keep-alive"],
      "Hello, old!\n",
    ),
  },
];

/** One check for each row. */
export const CURL_CHECKS: readonly Check[] = ROWS.map((row) => ({
  name: `curl: ${row.name}`,
  program: "curl",
  run: async (world) => {
    const url = `http://127.0.0.1:${world.port}`;
    const args = row.args.map((arg) => arg.replace(/^URL/, url));
    const { printed, code, complained } = await run("curl", ["-sS", ...args]);
    if (code !== 0) throw new Error(`curl ended with ${code}: ${complained}`);
    same(printed, row.expect, world);
  },
}));

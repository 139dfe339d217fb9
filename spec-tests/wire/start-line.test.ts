/** Start lines that are written, and the version word. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatRequestLine, formatStatusLine, parseHTTPVersion } from "../../lib/wire/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("wire/start-line");

table<{ name: string; input: string; expect: { major: number; minor: number } | undefined }>(
  test,
  [
    { name: "HTTP/1.1 is a version", input: "HTTP/1.1", expect: { major: 1, minor: 1 } },
    { name: "HTTP/0.9 is a version", input: "HTTP/0.9", expect: { major: 0, minor: 9 } },
    { name: "HTTP/3.0 is a version", input: "HTTP/3.0", expect: { major: 3, minor: 0 } },
    { name: "lower case is no version", input: "http/1.1", expect: undefined },
    { name: "a missing minor number is no version", input: "HTTP/1", expect: undefined },
    { name: "two digits are no version", input: "HTTP/1.10", expect: undefined },
    { name: "a sign is no digit", input: "HTTP/-.1", expect: undefined },
    { name: "a letter is no digit", input: "HTTP/1.a", expect: undefined },
    { name: "a comma is no dot", input: "HTTP/1,1", expect: undefined },
  ],
  ({ input, expect }) => assert.equal(parseHTTPVersion(input), expect),
);

test("a request line has method, target and version", () => {
  assert.is(formatRequestLine("GET", "/a?b"), "GET /a?b HTTP/1.1\r\n");
  assert.is(formatRequestLine("m-search", "*"), "m-search * HTTP/1.1\r\n");
  assert.is(formatRequestLine("CONNECT", "a:443"), "CONNECT a:443 HTTP/1.1\r\n");
});

table<{ name: string; input: [method: string, target: string]; expect: string }>(
  test,
  [
    { name: "an empty method is refused", input: ["", "/"], expect: "bad-method" },
    { name: "a method with CRLF is refused", input: ["GET\r\n", "/"], expect: "bad-method" },
    { name: "an empty target is refused", input: ["GET", ""], expect: "bad-target" },
    { name: "a target with a blank is refused", input: ["GET", "/a b"], expect: "bad-target" },
    { name: "a target with CRLF is refused", input: ["GET", "/\r\nX: y"], expect: "bad-target" },
    {
      name: "a target with U+010A is refused, not cut",
      input: ["GET", "/\u010a"],
      expect: "bad-target",
    },
    {
      name: "a target with obs-text is taken from others, not sent (9110 §2.2)",
      input: ["GET", "/caf\xe9"],
      expect: "bad-target",
    },
    { name: "a target with DEL is refused", input: ["GET", "/\x7f"], expect: "bad-target" },
    { name: "a target without a slash is refused", input: ["GET", "a"], expect: "bad-target" },
  ],
  ({ input, expect }) => void throwsCode(() => formatRequestLine(...input), expect),
);

table<{ name: string; input: [number, number, string]; expect: string }>(
  test,
  [
    {
      name: "a status line has version, status and reason",
      input: [1, 200, "OK"],
      expect: "HTTP/1.1 200 OK\r\n",
    },
    { name: "the minor version is kept", input: [0, 200, "OK"], expect: "HTTP/1.0 200 OK\r\n" },
    {
      name: "the reason may be empty, its space stays",
      input: [1, 999, ""],
      expect: "HTTP/1.1 999 \r\n",
    },
    {
      name: "another reason for the same status is not the kept one",
      input: [1, 200, "Fine"],
      expect: "HTTP/1.1 200 Fine\r\n",
    },
    {
      name: "a reason may be obs-text",
      input: [1, 404, "Non trouv\xe9"],
      expect: "HTTP/1.1 404 Non trouv\xe9\r\n",
    },
    {
      name: "a long reason is written, though not kept",
      input: [1, 200, "x".repeat(65)],
      expect: `HTTP/1.1 200 ${"x".repeat(65)}\r\n`,
    },
  ],
  ({ input, expect }) => {
    assert.is(formatStatusLine(...input), expect);
    assert.is(formatStatusLine(...input), expect, "the second time");
  },
);

table<{ name: string; input: [number, number, string]; expect: string }>(
  test,
  [
    { name: "status 99 is refused", input: [1, 99, ""], expect: "bad-status" },
    { name: "status 1000 is refused", input: [1, 1000, ""], expect: "bad-status" },
    { name: "status 200.5 is refused", input: [1, 200.5, ""], expect: "bad-status" },
    { name: "status NaN is refused", input: [1, Number.NaN, ""], expect: "bad-status" },
    { name: "a reason with CRLF is refused", input: [1, 200, "OK\r\nX: y"], expect: "bad-reason" },
    {
      name: "a reason with U+010A is refused, not cut",
      input: [1, 200, "\u010a"],
      expect: "bad-reason",
    },
    { name: "HTTP/1.2 is not ours to write", input: [2, 200, "OK"], expect: "bad-version" },
    { name: "a minor version below 0 is none", input: [-1, 200, "OK"], expect: "bad-version" },
  ],
  ({ input, expect }) => void throwsCode(() => formatStatusLine(...input), expect),
);

test.run();

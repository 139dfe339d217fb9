/** Request heads: what is taken, what is refused, and at which octet. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HeadScan, REQUEST_LIMITS, WireError, scanRequestHead } from "../../lib/wire/mod.ts";
import type { HeadScanOptions, WireLimits } from "../../lib/wire/mod.ts";
import { bytes, table, threeWays, threeWaysFail, throwsCode } from "../kit.ts";
import { pairs, requestFeed } from "./feeds.ts";

const test = suite("wire/head: requests");

interface GoodRequest {
  name: string;
  section?: string;
  options?: HeadScanOptions;
  input: string;
  expect: [line: string, ...fields: [string, string][]];
}

const GOOD_REQUESTS: readonly GoodRequest[] = [
  {
    name: "a request line alone is a head",
    section: "§3",
    input: "GET / HTTP/1.1\r\n\r\n",
    expect: ["GET / 1"],
  },
  {
    name: "fields come in order, as they were spelled",
    section: "§5",
    input: "GET /a?b HTTP/1.0\r\nhOst:a\r\nX: y z\r\nx:\r\n\r\n",
    expect: ["GET /a?b 0", ["hOst", "a"], ["X", "y z"], ["x", ""]],
  },
  {
    name: "blanks around a value are not part of it",
    section: "§5.1",
    input: "GET / HTTP/1.1\r\nA: \t b\tc \t \r\nB: \t\r\n\r\n",
    expect: ["GET / 1", ["A", "b\tc"], ["B", ""]],
  },
  {
    name: "obs-text is one char per octet",
    section: "9110 §5.5",
    input: "GET /\xe9 HTTP/1.1\r\nA: \x80\x9f\xff\r\n\r\n",
    expect: ["GET /\xe9 1", ["A", "\x80\x9f\xff"]],
  },
  {
    name: "any token is a method",
    section: "9110 §9.1",
    input: "m-search * HTTP/1.1\r\n\r\n",
    expect: ["m-search * 1"],
  },
  {
    name: "a method that begins like a common one is another",
    input: "GETS / HTTP/1.1\r\n\r\n",
    expect: ["GETS / 1"],
  },
  {
    name: "HTTP/1.9 is HTTP/1",
    section: "9110 §2.5",
    input: "GET / HTTP/1.9\r\n\r\n",
    expect: ["GET / 9"],
  },
  {
    name: "two empty lines before a request are ignored",
    section: "§2.2",
    input: "\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n",
    expect: ["GET / 1", ["A", "b"]],
  },
  {
    name: "profile go takes a bare LF everywhere in a head",
    section: "§2.2",
    options: { profile: "go" },
    input: "\nGET / HTTP/1.1\nA: b\nB:\xe9\n\n",
    expect: ["GET / 1", ["A", "b"], ["B", "\xe9"]],
  },
  {
    name: "profile go takes LF and CRLF side by side",
    options: { profile: "go" },
    input: "GET / HTTP/1.1\r\nA: b\nB: c\r\n\n",
    expect: ["GET / 1", ["A", "b"], ["B", "c"]],
  },
  {
    name: "profile go reads a fold, or several in a row, as one space",
    section: "§5.2",
    options: { profile: "go" },
    input: "GET / HTTP/1.1\r\nA: b \r\n  c\r\n\t\r\n d\r\nHost:\r\n e\r\n\r\n",
    expect: ["GET / 1", ["A", "b c d"], ["Host", "e"]],
  },
  {
    name: "profile go reads a fold after a bare LF",
    options: { profile: "go" },
    input: "GET / HTTP/1.1\nA: b\n c\nB: d\n\n",
    expect: ["GET / 1", ["A", "b c"], ["B", "d"]],
  },
  {
    name: "a value longer than a slice may be is copied",
    input: `GET / HTTP/1.1\r\nA: ${"x".repeat(5000)}\r\n\r\n`,
    expect: ["GET / 1", ["A", "x".repeat(5000)]],
  },
  {
    name: "a head as long as the limit is taken",
    options: { limits: limits({ maxHeaderBytes: 24 }) },
    input: "GET / HTTP/1.1\r\nA: b\r\n\r\n",
    expect: ["GET / 1", ["A", "b"]],
  },
  {
    name: "empty lines do not count for the head",
    options: { limits: limits({ maxHeaderBytes: 18 }) },
    input: "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    expect: ["GET / 1"],
  },
  {
    name: "a target as long as the limit is taken",
    options: { limits: limits({ maxTargetBytes: 3 }) },
    input: "GET /ab HTTP/1.1\r\n\r\n",
    expect: ["GET /ab 1"],
  },
  {
    name: "as many lines as the limit are taken",
    options: { limits: limits({ maxHeaderValueCount: 2 }) },
    input: "GET / HTTP/1.1\r\nA:\r\nB:\r\n\r\n",
    expect: ["GET / 1", ["A", ""], ["B", ""]],
  },
];

table(test, GOOD_REQUESTS, ({ input, options, expect: [line, ...fields] }) =>
  threeWays(bytes(input), requestFeed(options), (head) => {
    assert.is(`${head.method} ${head.target} ${head.versionMinor}`, line);
    assert.equal(pairs(head.fields), fields);
    assert.is(head.byteLength, input.length);
    assert.is(head.kind, "request");
  }),
);

interface BadRow {
  name: string;
  section?: string;
  options?: HeadScanOptions;
  input: string;
  expect: string;
  /** The offset of the octet at fault. */
  at: number;
}

const GET = "GET / HTTP/1.1\r\n";

const BAD_REQUESTS: readonly BadRow[] = [
  {
    name: "an empty method is refused",
    section: "§3",
    input: " / HTTP/1.1\r\n",
    expect: "bad-request-line",
    at: 0,
  },
  { name: "a method alone is refused", input: "GET\r\n", expect: "bad-request-line", at: 3 },
  { name: "HTTP/0.9 is refused", input: "GET /\r\n", expect: "bad-request-line", at: 5 },
  { name: "HTTP/0.9 with LF is refused", input: "GET /\n", expect: "bad-request-line", at: 5 },
  {
    name: "two spaces are refused",
    input: "GET  / HTTP/1.1\r\n",
    expect: "bad-request-line",
    at: 4,
  },
  {
    name: "a tab for a space is refused",
    input: "GET\t/ HTTP/1.1\r\n",
    expect: "bad-method",
    at: 3,
  },
  {
    name: "a colon in the method is refused",
    section: "§3.1",
    input: "GET: / HTTP/1.1\r\n",
    expect: "bad-method",
    at: 3,
  },
  {
    name: "an octet above 0x7F in the method is refused",
    input: "G\xc9T / HTTP/1.1\r\n",
    expect: "bad-method",
    at: 1,
  },
  {
    name: "NUL in the target is refused",
    section: "§3.2",
    input: "GET /\0 HTTP/1.1\r\n",
    expect: "bad-target",
    at: 5,
  },
  {
    name: "a tab in the target is refused",
    input: "GET /\t HTTP/1.1\r\n",
    expect: "bad-target",
    at: 5,
  },
  {
    name: "a long target is 414",
    section: "§3",
    options: { limits: limits({ maxTargetBytes: 3 }) },
    input: "GET /abcdef HTTP/1.1\r\n",
    expect: "target-too-long",
    at: 7,
  },
  {
    name: "a blank in the target is no version",
    input: "GET /a b HTTP/1.1\r\n",
    expect: "bad-version",
    at: 7,
  },
  {
    name: "a lower-case version is refused",
    section: "§2.3",
    input: "GET / http/1.1\r\n",
    expect: "bad-version",
    at: 6,
  },
  {
    name: "another protocol is refused",
    input: "GET / RTSP/1.0\r\n",
    expect: "bad-version",
    at: 6,
  },
  {
    name: "a sign in the version is refused",
    input: "GET / HTTP/+1.1\r\n",
    expect: "bad-version",
    at: 11,
  },
  {
    name: "a comma in the version is refused",
    input: "GET / HTTP/1,1\r\n",
    expect: "bad-version",
    at: 12,
  },
  {
    name: "a version that is no digit is refused",
    input: "GET / HTTP/1.a\r\n",
    expect: "bad-version",
    at: 13,
  },
  {
    name: "NUL in the place of the minor number is refused",
    input: "GET / HTTP/1.\0\r\n",
    expect: "bad-version",
    at: 13,
  },
  {
    name: "NUL in the place of the major number is refused",
    input: "GET / HTTP/\0.1\r\n",
    expect: "bad-version",
    at: 11,
  },
  {
    name: "a version without a minor number is refused",
    input: "GET / HTTP/1\r\n",
    expect: "bad-version",
    at: 12,
  },
  {
    name: "a version of two digits is refused",
    input: "GET / HTTP/1.10\r\n",
    expect: "bad-version",
    at: 14,
  },
  {
    name: "a blank after the version is refused",
    input: "GET / HTTP/1.1 \r\n",
    expect: "bad-version",
    at: 14,
  },
  {
    name: "HTTP/2 is 505, known before the line ends",
    section: "9110 §15.6.6",
    input: "PRI * HTTP/2.0\r\n",
    expect: "unsupported-version",
    at: 14,
  },
  {
    name: "HTTP/0.9 with a version is 505",
    input: "GET / HTTP/0.9\r\n",
    expect: "unsupported-version",
    at: 14,
  },
  {
    name: "a bare LF after the request line is refused",
    section: "§2.2",
    input: "GET / HTTP/1.1\n",
    expect: "bare-lf",
    at: 14,
  },
  {
    name: "a bare CR after the request line is refused",
    input: "GET / HTTP/1.1\rX",
    expect: "bare-cr",
    at: 15,
  },
  { name: "a bare LF after a value is refused", input: `${GET}A: b\n`, expect: "bare-lf", at: 20 },
  {
    name: "a bare CR in a value is refused",
    input: `${GET}A: b\rc\r\n`,
    expect: "bare-cr",
    at: 21,
  },
  { name: "a bare LF for the empty line is refused", input: `${GET}\n`, expect: "bare-lf", at: 16 },
  {
    name: "a bare CR for the empty line is refused",
    input: `${GET}\rX`,
    expect: "bare-cr",
    at: 17,
  },
  { name: "a bare LF before the request is refused", input: "\nGET", expect: "bare-lf", at: 0 },
  { name: "a bare CR before the request is refused", input: "\rGET", expect: "bare-cr", at: 0 },
  {
    name: "a third empty line is refused",
    section: "§2.2",
    input: "\r\n\r\n\r\nGET",
    expect: "too-many-empty-lines",
    at: 0,
  },
  {
    name: "a third empty line is refused in profile go, which takes bare LF",
    options: { profile: "go" },
    input: "\n\n\nGET",
    expect: "too-many-empty-lines",
    at: 0,
  },
  {
    name: "a blank before the first field is refused",
    section: "§2.2",
    input: `${GET} Host: a\r\n`,
    expect: "space-before-first-field",
    at: 16,
  },
  {
    name: "a tab before the first field is refused",
    input: `${GET}\tHost: a\r\n`,
    expect: "space-before-first-field",
    at: 16,
  },
  {
    name: "a fold is refused",
    section: "§5.2",
    input: `${GET}A: b\r\n c\r\n`,
    expect: "obs-fold",
    at: 22,
  },
  {
    name: "profile go folds into no request line",
    options: { profile: "go" },
    input: `${GET} c\r\n`,
    expect: "space-before-first-field",
    at: 16,
  },
  {
    name: "an empty name is refused",
    section: "§5",
    input: `${GET}: b\r\n`,
    expect: "bad-field-name",
    at: 16,
  },
  {
    name: "a bracket in a name is refused",
    input: `${GET}A(: b\r\n`,
    expect: "bad-field-name",
    at: 17,
  },
  {
    name: "an octet above 0x7F in a name is refused",
    input: `${GET}A\x85: b\r\n`,
    expect: "bad-field-name",
    at: 17,
  },
  { name: "NUL in a name is refused", input: `${GET}A\0: b\r\n`, expect: "bad-field-name", at: 17 },
  {
    name: "a blank before the colon is refused",
    section: "§5.1",
    input: `${GET}A : b\r\n`,
    expect: "space-before-colon",
    at: 17,
  },
  {
    name: "a tab before the colon is refused",
    input: `${GET}A\t: b\r\n`,
    expect: "space-before-colon",
    at: 17,
  },
  {
    name: "a line without a colon is refused",
    section: "§5",
    input: `${GET}A\r\n`,
    expect: "missing-colon",
    at: 17,
  },
  {
    name: "a line without a colon that ends in LF is refused",
    input: `${GET}A\n`,
    expect: "missing-colon",
    at: 17,
  },
  {
    name: "NUL in a value is refused",
    section: "9110 §5.5",
    input: `${GET}A: b\0\r\n`,
    expect: "bad-field-value",
    at: 20,
  },
  {
    name: "DEL in a value is refused",
    input: `${GET}A:\x7f\r\n`,
    expect: "bad-field-value",
    at: 18,
  },
  {
    name: "a head longer than the limit is 431",
    section: "9110 §5.4",
    options: { limits: limits({ maxHeaderBytes: 20 }) },
    input: `${GET}A: b\r\n\r\n`,
    expect: "head-too-large",
    at: 20,
  },
  {
    name: "a head one octet longer than the limit is 431",
    options: { limits: limits({ maxHeaderBytes: 23 }) },
    input: `${GET}A: b\r\n\r\n`,
    expect: "head-too-large",
    at: 23,
  },
  {
    name: "a long request line is 431 when the head's limit is the smaller",
    options: { limits: limits({ maxHeaderBytes: 5 }) },
    input: "GET /abcdef HTTP/1.1\r\n\r\n",
    expect: "head-too-large",
    at: 5,
  },
  {
    name: "more lines than the limit are 431",
    options: { limits: limits({ maxHeaderValueCount: 1 }) },
    input: `${GET}A:\r\nB:\r\n\r\n`,
    expect: "too-many-fields",
    at: 20,
  },
];

table(test, BAD_REQUESTS, ({ input, options, expect, at }) =>
  threeWaysFail(bytes(input), requestFeed(options), expect, (error) =>
    assert.is((error as unknown as WireError).offset, at, "offset"),
  ),
);

test("each octet of the version counts, whatever stands around it", () => {
  const next = (char: string): string => String.fromCharCode(char.charCodeAt(0) + 1);
  for (const [at, char] of [..."HTTP/1."].entries()) {
    // Who looks a few octets too early or too late finds what should have been here.
    const version = `HTTP/1.1`.slice(0, at) + next(char) + `HTTP/1.1`.slice(at + 1);
    const head = `GET /${char.repeat(9)} ${version}\r\nHost: ${char.repeat(9)}\r\n\r\n`;
    throwsCode(
      () => scanRequestHead(bytes(head)),
      at === 5 ? "unsupported-version" : "bad-version",
    );
  }
});

test("a scan that goes to another buffer looks at that one", () => {
  const head = (value: string): Uint8Array => bytes(`GET / HTTP/1.1\r\nA: ${value}\r\n\r\n`);
  const good = head("x".repeat(400));
  const scan = new HeadScan("request");
  for (const octets of [good, good.subarray(0), head("y".repeat(400)), good]) {
    assert.is.not(scanRequestHead(octets, scan), "need-more");
  }
  const bad = head(`${"x".repeat(200)}\0${"x".repeat(199)}`);
  throwsCode(() => scanRequestHead(bad, scan), "bad-field-value");
});

test("a method one letter off is another", () => {
  for (const method of ["HET", "GFT", "GEU", "QOST", "POSU", "GET0"]) {
    const head = scanRequestHead(bytes(`${method} / HTTP/1.1\r\n\r\n`));
    assert.is(head === "need-more" ? head : head.method, method);
  }
});

function limits(changed: Partial<WireLimits>): WireLimits {
  return { ...REQUEST_LIMITS, ...changed };
}

test.run();

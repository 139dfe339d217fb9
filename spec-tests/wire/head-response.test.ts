/** Response heads: what is taken, what is refused, and at which octet. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RESPONSE_LIMITS, WireError } from "../../lib/wire/mod.ts";
import type { HeadScanOptions, WireLimits } from "../../lib/wire/mod.ts";
import { bytes, table, threeWays, threeWaysFail } from "../kit.ts";
import { pairs, responseFeed } from "./feeds.ts";

const test = suite("wire/head: responses");

interface BadRow {
  name: string;
  section?: string;
  options?: HeadScanOptions;
  input: string;
  expect: string;
  /** The offset of the octet at fault. */
  at: number;
}

interface GoodResponse {
  name: string;
  section?: string;
  input: string;
  expect: [line: string, ...fields: [string, string][]];
}

const GOOD_RESPONSES: readonly GoodResponse[] = [
  {
    name: "a status line has version, status and reason",
    section: "§4",
    input: "HTTP/1.1 200 OK\r\n\r\n",
    expect: ["1 200 OK"],
  },
  { name: "the reason may be empty", input: "HTTP/1.0 303 \r\n\r\n", expect: ["0 303 "] },
  {
    name: "the reason and its space may be missing",
    section: "Go: ReadResponse",
    input: "HTTP/1.1 200\r\nA: b\r\n\r\n",
    expect: ["1 200 ", ["A", "b"]],
  },
  {
    name: "a reason may have blanks and obs-text",
    input: "HTTP/1.1 404 Non \xe9\t!\r\n\r\n",
    expect: ["1 404 Non \xe9\t!"],
  },
  {
    name: "further spaces before the status are passed over, as in Go",
    input: "HTTP/1.0   401 No\r\n\r\n",
    expect: ["0 401 No"],
  },
  { name: "999 is a status", input: "HTTP/1.1 999 \r\n\r\n", expect: ["1 999 "] },
  {
    name: "000 is one that a client can treat as an error",
    section: "9110 §15",
    input: "HTTP/1.1 000 OK\r\n\r\n",
    expect: ["1 0 OK"],
  },
  {
    name: "a bare LF ends a line",
    section: "§2.2",
    input: "HTTP/1.1 200 OK\nA: b\n\n",
    expect: ["1 200 OK", ["A", "b"]],
  },
  {
    name: "a fold is one space",
    section: "§5.2",
    input: "HTTP/1.1 200 OK\r\nA: b\r\n\t c\r\n\r\n",
    expect: ["1 200 OK", ["A", "b c"]],
  },
  {
    name: "several folds in a row are one space",
    section: "§5.2",
    input: "HTTP/1.1 200 OK\r\nA: b \r\n \t\r\n \n  c\r\n \r\n\r\n",
    expect: ["1 200 OK", ["A", "b c"]],
  },
  {
    name: "a space before the reason is part of it",
    section: "§4",
    input: "HTTP/1.1 200  OK\r\n\r\n",
    expect: ["1 200  OK"],
  },
  {
    name: "a line with further spaces before the status is read by words",
    section: "§4",
    input: "HTTP/1.1  200   OK  !\r\n\r\n",
    expect: ["1 200 OK  !"],
  },
  {
    name: "a line read by words may end in spaces",
    section: "§4",
    input: "HTTP/1.1  200   \r\n\r\n",
    expect: ["1 200 "],
  },
  {
    name: "a blank before the colon is dropped, as a proxy must do",
    section: "§5.1",
    input: "HTTP/1.1 200 OK\r\nA \t : b\r\nConnection : close\r\nC: d\r\n\r\n",
    expect: ["1 200 OK", ["A", "b"], ["Connection", "close"], ["C", "d"]],
  },
];

table(test, GOOD_RESPONSES, ({ input, expect: [line, ...fields] }) =>
  threeWays(bytes(input), responseFeed(), (head) => {
    assert.is(`${head.versionMinor} ${head.status} ${head.reason}`, line);
    assert.equal(pairs(head.fields), fields);
    assert.is(head.kind, "response");
  }),
);

const BAD_RESPONSES: readonly BadRow[] = [
  {
    name: "a version alone is refused",
    section: "§4",
    input: "HTTP/1.1\r\n",
    expect: "bad-status-line",
    at: 8,
  },
  {
    name: "another protocol is known at once",
    input: "SSH-2.0-x\r\n",
    expect: "bad-status-line",
    at: 0,
  },
  {
    name: "an empty line before a response is refused",
    input: "\r\nHTTP/1.1 200 OK\r\n",
    expect: "bad-status-line",
    at: 0,
  },
  {
    name: "HTTP/2 is not spoken here",
    section: "9110 §2.5",
    input: "HTTP/2.0 200 OK\r\n",
    expect: "unsupported-version",
    at: 8,
  },
  {
    name: "two digits are no status",
    input: "HTTP/1.1 20 OK\r\n",
    expect: "bad-status-line",
    at: 11,
  },
  {
    name: "four digits are no status",
    input: "HTTP/1.1 2000 OK\r\n",
    expect: "bad-status-line",
    at: 12,
  },
  { name: "a letter is no digit", input: "HTTP/1.1 20X OK\r\n", expect: "bad-status-line", at: 11 },
  { name: "a sign is no digit", input: "HTTP/1.1 -10 OK\r\n", expect: "bad-status-line", at: 9 },
  {
    name: "a tab after the status is refused",
    input: "HTTP/1.1 200\tOK\r\n",
    expect: "bad-status-line",
    at: 12,
  },
  {
    name: "a control character in the reason is refused",
    input: "HTTP/1.1 200 O\0K\r\n",
    expect: "bad-status-line",
    at: 14,
  },
  {
    name: "a bare CR in the reason is refused",
    section: "§2.2",
    input: "HTTP/1.1 200 O\rK\r\n",
    expect: "bare-cr",
    at: 15,
  },
  {
    name: "profile strict takes one space only",
    options: { profile: "strict" },
    input: "HTTP/1.1  200 OK\r\n",
    expect: "bad-status-line",
    at: 9,
  },
  {
    name: "profile strict takes no status below 100",
    options: { profile: "strict" },
    input: "HTTP/1.1 099 OK\r\n",
    expect: "bad-status-line",
    at: 12,
  },
  {
    name: "profile strict takes no bare LF",
    options: { profile: "strict" },
    input: "HTTP/1.1 200 OK\n",
    expect: "bare-lf",
    at: 15,
  },
  {
    name: "a blank before the colon of Transfer-Encoding hides no framing",
    section: "§5.1, §6.3",
    input: "HTTP/1.1 200 OK\r\nA: b\r\ntransfer-ENCODING  : chunked\r\n\r\n",
    expect: "space-before-colon",
    at: 42,
  },
  {
    name: "a blank before the colon of Content-Length hides no framing",
    section: "§5.1, §6.3",
    input: "HTTP/1.1 200 OK\r\nContent-Length\t: 5\r\n\r\n",
    expect: "space-before-colon",
    at: 32,
  },
  {
    name: "a blank within a name is refused",
    section: "9110 §5.1",
    input: "HTTP/1.1 200 OK\r\nA B: c\r\n\r\n",
    expect: "bad-field-name",
    at: 19,
  },
  {
    name: "a name and a blank are no field line",
    section: "§5",
    input: "HTTP/1.1 200 OK\r\nA \r\n\r\n",
    expect: "missing-colon",
    at: 19,
  },
  {
    name: "a line that begins with a blank is a fold, also with a colon in it",
    section: "§5",
    input: "HTTP/1.1 200 OK\r\nA: b\r\n : c\r\nD\r\n\r\n",
    expect: "missing-colon",
    at: 30,
  },
  {
    name: "profile strict takes no blank before a colon",
    section: "§5.1",
    options: { profile: "strict" },
    input: "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
    expect: "space-before-colon",
    at: 18,
  },
  {
    name: "a long response head is refused",
    options: { limits: limits({ maxHeaderBytes: 12 }) },
    input: "HTTP/1.1 200 OK\r\n\r\n",
    expect: "head-too-large",
    at: 12,
  },
];

table(test, BAD_RESPONSES, ({ input, options, expect, at }) =>
  threeWaysFail(bytes(input), responseFeed(options), expect, (error) =>
    assert.is((error as unknown as WireError).offset, at, "offset"),
  ),
);

function limits(changed: Partial<WireLimits>): WireLimits {
  return { ...RESPONSE_LIMITS, ...changed };
}

test.run();

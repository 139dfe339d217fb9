/** Framing by RFC 9112 §6.3, step by step. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseContentLength, requestFraming, responseFraming } from "../../lib/wire/mod.ts";
import type { Framing, Profile } from "../../lib/wire/mod.ts";
import { table, throwsCode } from "../kit.ts";
import { fieldsOf, request, response } from "./feeds.ts";

const test = suite("wire/framing");

const NONE: Framing = { kind: "none" };
const CHUNKED: Framing = { kind: "chunked" };
const UNTIL_CLOSE: Framing = { kind: "until-close" };

function length(octets: number): Framing {
  return { kind: "length", length: octets };
}

interface RequestRow {
  name: string;
  section?: string;
  version?: string;
  profile?: Profile;
  input: string[];
  expect: Framing | string;
}

table<RequestRow>(
  test,
  [
    {
      name: "a request without either field has no body",
      section: "§6.3 (7)",
      input: ["Host: a", "Connection: close"],
      expect: NONE,
    },
    {
      name: "a request has the length it says",
      section: "§6.3 (6)",
      input: ["Content-Length: 42"],
      expect: length(42),
    },
    { name: "a request may say 0", input: ["Content-Length: 0"], expect: length(0) },
    {
      name: "leading zeros are digits",
      input: [`Content-Length: ${"0".repeat(300)}7`],
      expect: length(7),
    },
    {
      name: "2^53 - 1 is the largest length",
      input: ["Content-Length: 9007199254740991"],
      expect: length(9_007_199_254_740_991),
    },
    {
      name: "2^53 is too large",
      section: "9110 §8.6",
      input: ["Content-Length: 9007199254740992"],
      expect: "content-length-too-large",
    },
    {
      name: "a thousand digits are too large",
      input: [`Content-Length: ${"9".repeat(1000)}`],
      expect: "content-length-too-large",
    },
    {
      name: "an empty length is refused",
      input: ["Content-Length:"],
      expect: "bad-content-length",
    },
    { name: "a sign is refused", input: ["Content-Length: +3"], expect: "bad-content-length" },
    { name: "a minus is refused", input: ["Content-Length: -0"], expect: "bad-content-length" },
    {
      name: "a hexadecimal length is refused",
      input: ["Content-Length: 0x10"],
      expect: "bad-content-length",
    },
    {
      name: "an exponent is refused",
      input: ["Content-Length: 1e3"],
      expect: "bad-content-length",
    },
    { name: "a list is refused", input: ["Content-Length: 3, 3"], expect: "bad-content-length" },
    {
      name: "a blank inside is refused",
      input: ["Content-Length: 4 2"],
      expect: "bad-content-length",
    },
    {
      name: "a no-break space is not trimmed",
      input: ["Content-Length: \xa042"],
      expect: "bad-content-length",
    },
    {
      name: "equal lines are refused",
      section: "§6.3 (5)",
      input: ["Content-Length: 3", "Content-Length: 3"],
      expect: "duplicate-content-length",
    },
    {
      name: "profile go takes equal lines for one",
      profile: "go",
      input: ["Content-Length: 3", "Content-Length: 3 "],
      expect: length(3),
    },
    {
      name: "lines that differ are refused",
      input: ["Content-Length: 3", "Content-Length: 4"],
      expect: "conflicting-content-length",
    },
    {
      name: "profile go refuses lines that differ",
      profile: "go",
      input: ["Content-Length:", "Content-Length: 4"],
      expect: "conflicting-content-length",
    },
    {
      name: "chunked is chunked",
      section: "§6.3 (4)",
      input: ["Transfer-Encoding: chunked"],
      expect: CHUNKED,
    },
    {
      name: "chunked in any case is chunked",
      input: ["transfer-encoding:cHuNkEd \t"],
      expect: CHUNKED,
    },
    {
      name: "an unknown coding is 501",
      section: "§6.1",
      input: ["Transfer-Encoding: fugazi"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "a known coding before chunked is 501",
      input: ["Transfer-Encoding: gzip, chunked"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "quotes do not make chunked",
      input: ['Transfer-Encoding: "chunked"'],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "xchunked is not chunked",
      input: ["Transfer-Encoding: xchunked"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "a parameter does not make chunked",
      input: ["Transfer-Encoding: chunked;a=b"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "an empty element beside chunked is refused",
      input: ["Transfer-Encoding: ,chunked"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "no coding at all is refused",
      input: ["Transfer-Encoding:"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "a coding in a line before chunked is 501",
      input: ["Transfer-Encoding: gzip", "Transfer-Encoding: chunked"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "chunked before another coding is 400",
      input: ["Transfer-Encoding: chunked, gzip"],
      expect: "chunked-not-last",
    },
    {
      name: "chunked twice is 400",
      section: "§6.1",
      input: ["Transfer-Encoding: chunked", "Transfer-Encoding: Chunked"],
      expect: "chunked-not-last",
    },
    {
      name: "both fields are refused",
      section: "§6.3 (3)",
      input: ["Content-Length: 3", "Transfer-Encoding: chunked"],
      expect: "transfer-encoding-with-content-length",
    },
    {
      name: "both fields are refused whatever the coding is",
      input: ["Transfer-Encoding: identity", "Content-Length: 3"],
      expect: "transfer-encoding-with-content-length",
    },
    {
      name: "profile go lets chunked win",
      profile: "go",
      input: ["Content-Length: 3", "Transfer-Encoding: chunked"],
      expect: CHUNKED,
    },
    {
      name: "profile go refuses a bad length beside chunked",
      profile: "go",
      input: ["Content-Length: x", "Transfer-Encoding: chunked"],
      expect: "bad-content-length",
    },
    {
      name: "HTTP/1.0 has no transfer codings",
      section: "§6.1",
      version: "1.0",
      input: ["Transfer-Encoding: chunked"],
      expect: "transfer-encoding-in-http-1-0",
    },
    {
      name: "profile go knows none in HTTP/1.0 either",
      version: "1.0",
      profile: "go",
      input: ["Transfer-Encoding: chunked"],
      expect: "transfer-encoding-in-http-1-0",
    },
    {
      name: "HTTP/1.0 has lengths",
      version: "1.0",
      input: ["Content-Length: 3"],
      expect: length(3),
    },
  ],
  ({ version = "1.1", profile, input, expect }) => {
    const head = request(`POST / HTTP/${version}`, ...input);
    if (typeof expect === "string") throwsCode(() => requestFraming(head, profile), expect);
    else assert.equal(requestFraming(head, profile), expect);
  },
);

test("a coding that is not understood is 501, a misplaced one 400", () => {
  const unknown = throwsCode(
    () => requestFraming(request("POST / HTTP/1.1", "Transfer-Encoding: x")),
    "unsupported-transfer-coding",
  );
  const misplaced = throwsCode(
    () => requestFraming(request("POST / HTTP/1.1", "Transfer-Encoding: chunked, x")),
    "chunked-not-last",
  );
  assert.is((unknown as unknown as { status: number }).status, 501);
  assert.is((misplaced as unknown as { status: number }).status, 400);
});

interface ResponseRow {
  name: string;
  section?: string;
  method?: string;
  input: string[];
  expect: [Framing, "may-reuse" | "close-after"] | string;
}

table<ResponseRow>(
  test,
  [
    {
      name: "a response to HEAD ends with its head",
      section: "§6.3 (1)",
      method: "HEAD",
      input: ["1.1 200 OK", "Content-Length: 5"],
      expect: [NONE, "may-reuse"],
    },
    {
      name: "a response to HEAD may name chunked",
      method: "HEAD",
      input: ["1.1 200 OK", "Transfer-Encoding: chunked"],
      expect: [NONE, "may-reuse"],
    },
    {
      name: "a response to HEAD may name any coding",
      method: "HEAD",
      input: ["1.1 200 OK", "Transfer-Encoding: gzip"],
      expect: [NONE, "may-reuse"],
    },
    {
      name: "a response to HEAD has a good length, as in Go",
      method: "HEAD",
      input: ["1.1 200 OK", "Content-Length: x"],
      expect: "bad-content-length",
    },
    {
      name: "a response to HEAD may be the last",
      method: "HEAD",
      input: ["1.0 200 OK"],
      expect: [NONE, "close-after"],
    },
    {
      name: "204 ends with its head",
      input: ["1.1 204 No Content", "Content-Length: 5"],
      expect: [NONE, "may-reuse"],
    },
    {
      name: "204 may be the last",
      input: ["1.1 204 No Content", "Connection: close"],
      expect: [NONE, "close-after"],
    },
    {
      name: "304 ends with its head",
      input: ["1.1 304 Not Modified", "Transfer-Encoding: chunked"],
      expect: [NONE, "may-reuse"],
    },
    {
      name: "304 with lengths that differ is refused, as in Go",
      input: ["1.1 304 Not Modified", "Content-Length: 1", "Content-Length: 2"],
      expect: "conflicting-content-length",
    },
    {
      name: "an interim response is followed by another",
      input: ["1.1 103 Early Hints", "Content-Length: 1"],
      expect: [NONE, "may-reuse"],
    },
    {
      name: "after 101 another protocol is spoken",
      input: ["1.1 101 Switching Protocols"],
      expect: [NONE, "close-after"],
    },
    {
      name: "2xx to CONNECT opens a tunnel",
      section: "§6.3 (2)",
      method: "CONNECT",
      input: ["1.1 200 OK", "Content-Length: 5"],
      expect: [NONE, "close-after"],
    },
    {
      name: "another status to CONNECT has a body",
      method: "CONNECT",
      input: ["1.1 407 No", "Content-Length: 5"],
      expect: [length(5), "may-reuse"],
    },
    {
      name: "a status below 100 opens no tunnel",
      method: "CONNECT",
      input: ["1.1 000 No", "Content-Length: 5"],
      expect: [length(5), "may-reuse"],
    },
    {
      name: "chunked is chunked",
      section: "§6.3 (4)",
      input: ["1.1 200 OK", "Transfer-Encoding: chunked"],
      expect: [CHUNKED, "may-reuse"],
    },
    {
      name: "an unknown coding is refused, as in Go",
      input: ["1.1 200 OK", "Transfer-Encoding: gzip"],
      expect: "unsupported-transfer-coding",
    },
    {
      name: "chunked before another coding is refused",
      input: ["1.1 200 OK", "Transfer-Encoding: chunked, gzip"],
      expect: "chunked-not-last",
    },
    {
      name: "chunked wins over a length, and the connection is done",
      section: "§6.3 (3)",
      input: ["1.1 200 OK", "Transfer-Encoding: chunked", "Content-Length: 5"],
      expect: [CHUNKED, "close-after"],
    },
    {
      name: "a bad length beside chunked is refused, as in Go",
      input: ["1.1 200 OK", "Transfer-Encoding: chunked", "Content-Length: x"],
      expect: "bad-content-length",
    },
    {
      name: "HTTP/1.0 with a coding is read as Go reads it, and is the last",
      section: "§6.1",
      input: [
        "1.0 200 OK",
        "Transfer-Encoding: chunked",
        "Content-Length: 5",
        "Connection: keep-alive",
      ],
      expect: [length(5), "close-after"],
    },
    {
      name: "HTTP/1.0 with a coding and no length ends with the connection",
      input: ["1.0 200 OK", "Transfer-Encoding: bogus"],
      expect: [UNTIL_CLOSE, "close-after"],
    },
    {
      name: "a response has the length it says",
      section: "§6.3 (6)",
      input: ["1.1 200 OK", "Content-Length: 5"],
      expect: [length(5), "may-reuse"],
    },
    {
      name: "a response of length 0 ends with its head",
      input: ["1.1 200 OK", "Content-Length: 0"],
      expect: [length(0), "may-reuse"],
    },
    {
      name: "equal lengths are one",
      input: ["1.1 200 OK", "Content-Length: 5", "Content-Length:5"],
      expect: [length(5), "may-reuse"],
    },
    {
      name: "lengths that differ are refused",
      section: "§6.3 (5)",
      input: ["1.1 200 OK", "Content-Length: 5", "Content-Length: 6"],
      expect: "conflicting-content-length",
    },
    {
      name: "an empty length is refused",
      input: ["1.1 200 OK", "Content-Length:"],
      expect: "bad-content-length",
    },
    {
      name: "a response may be the last",
      input: ["1.1 200 OK", "Content-Length: 5", "Connection: close"],
      expect: [length(5), "close-after"],
    },
    {
      name: "HTTP/1.0 goes on when it says so",
      input: ["1.0 200 OK", "Content-Length: 5", "Connection: keep-alive"],
      expect: [length(5), "may-reuse"],
    },
    {
      name: "without either field the body ends with the connection",
      section: "§6.3 (8)",
      input: ["1.1 200 OK"],
      expect: [UNTIL_CLOSE, "close-after"],
    },
  ],
  ({ method = "GET", input: [line, ...lines], expect }) => {
    const head = response(`HTTP/${line}`, ...lines);
    if (typeof expect === "string") throwsCode(() => responseFraming(head, method), expect);
    else assert.equal(responseFraming(head, method), { framing: expect[0], reuse: expect[1] });
  },
);

test("what nothing varies in is one frozen object", () => {
  const framing = requestFraming(request("GET / HTTP/1.1"));
  assert.is(framing, requestFraming(request("GET / HTTP/1.1", "X: y")));
  assert.ok(Object.isFrozen(framing));
});

test("a missing Content-Length is no number", () => {
  throwsCode(() => parseContentLength(fieldsOf()), "bad-content-length");
  assert.is(parseContentLength(fieldsOf("Content-Length: 12")), 12);
});

test.run();

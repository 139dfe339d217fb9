/**
 * Conditions: each kind fits what it should, differs from what it should not, and knows when it cannot tell.
 *
 * Rule of this file: each row names a condition, one response that fits and one that differs.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ResponseSeen } from "../../../lib/conformance/mod.ts";
import {
  type Blanks,
  fitCount,
  fitRequest,
  fitResponse,
  httpDate,
  readRequest,
  readResponse,
} from "../../../lib/conformance/judge/mod.ts";
import { type Row, table } from "../../kit.ts";

const test = suite("conditions");

const NOW = Date.UTC(2024, 1, 29);
const BLANKS: Blanks = {
  host: "h",
  base: "http://h",
  path: "/",
  nowMs: NOW,
  field: (name) => (name === "etag" ? '"t"' : undefined),
};

function fit(text: string, wanted: ResponseSeen, interims: readonly number[] = []): string {
  const reading = readResponse(text, 0, { to: "GET", stream: "ended" });
  if (reading.kind !== "read") throw new Error(`${text} is ${reading.kind}`);
  return fitResponse({ response: reading.value, interims }, wanted, BLANKS).kind;
}

function response(line: string, fields: readonly string[] = [], content: string = ""): string {
  const length = `Content-Length: ${content.length}`;
  return `${[line, ...fields, length].join("\r\n")}\r\n\r\n${content}`;
}

interface Condition extends Row {
  readonly wanted: ResponseSeen;
  readonly fits: string;
  readonly differs: string;
}

const OK = "HTTP/1.1 200 OK";
const withField = (line: string): string => response(OK, [line]);
const field = (condition: NonNullable<ResponseSeen["fields"]>[number]): ResponseSeen => ({
  fields: [condition],
});
const json = (value: object): string => response(OK, [], JSON.stringify(value));

const CONDITIONS: readonly Condition[] = [
  {
    name: "a status",
    wanted: { status: [200, 204] },
    fits: response(OK),
    differs: response("HTTP/1.1 201 C"),
  },
  {
    name: "a class of statuses",
    wanted: { status: ["4xx"] },
    fits: response("HTTP/1.1 431 x"),
    differs: response("HTTP/1.1 531 x"),
  },
  {
    name: "a version",
    wanted: { version: "1.1" },
    fits: response(OK),
    differs: response("HTTP/1.0 200 OK"),
  },
  { name: "framing", wanted: { framing: "close" }, fits: `${OK}\r\n\r\nx`, differs: response(OK) },
  {
    name: "clean syntax",
    wanted: { syntax: "clean" },
    fits: response(OK),
    differs: response("HTTP/1.1 200"),
  },
  {
    name: "a field is there",
    wanted: field({ name: "x", is: "present" }),
    fits: withField("X: "),
    differs: response(OK),
  },
  {
    name: "a field is not there",
    wanted: field({ name: "x", is: "absent" }),
    fits: response(OK),
    differs: withField("X: 1"),
  },
  {
    name: "a field equals what was sent before",
    wanted: field({ name: "ETag", equals: "{field:etag}" }),
    fits: withField('etag: "t"'),
    differs: withField('ETag: "u"'),
  },
  {
    name: "a field differs",
    wanted: field({ name: "x", differs: "1" }),
    fits: response(OK),
    differs: withField("X: 1"),
  },
  {
    name: "a field contains",
    wanted: field({ name: "x", contains: "b" }),
    fits: withField("X: abc"),
    differs: response(OK),
  },
  {
    name: "a field lacks",
    wanted: field({ name: "x", lacks: "b" }),
    fits: response(OK),
    differs: withField("X: abc"),
  },
  {
    name: "a member of a list in any case",
    wanted: field({ name: "Connection", member: "close" }),
    fits: withField("Connection: x, CLOSE"),
    differs: withField("Connection: closed"),
  },
  {
    name: "a member is not looked for in quotes",
    wanted: field({ name: "x", member: "a" }),
    fits: withField('X: "b, c", a'),
    differs: withField('X: "b, a"'),
  },
  {
    name: "lines are counted",
    wanted: field({ name: "x", lines: 2 }),
    fits: response(OK, ["X: 1", "x: 2"]),
    differs: withField("X: 1, 2"),
  },
  {
    name: "a date",
    wanted: field({ name: "Date", format: "date" }),
    fits: withField(`Date: ${httpDate(0)}`),
    differs: withField("Date: now"),
  },
  {
    name: "a recent date",
    wanted: field({ name: "Date", format: "recent-date" }),
    fits: withField(`Date: ${httpDate(NOW - 4000)}`),
    differs: withField(`Date: ${httpDate(NOW - 9000)}`),
  },
  {
    name: "a past date",
    wanted: field({ name: "Date", format: "past-date" }),
    fits: withField(`Date: ${httpDate(0)}`),
    differs: withField(`Date: ${httpDate(NOW + 9000)}`),
  },
  {
    name: "a decimal",
    wanted: field({ name: "x", format: "decimal" }),
    fits: withField("X: 007"),
    differs: withField("X: 0x7"),
  },
  {
    name: "an entity tag",
    wanted: field({ name: "x", format: "etag" }),
    fits: withField('X: W/"a"'),
    differs: withField("X: a"),
  },
  {
    name: "a list of tokens",
    wanted: field({ name: "x", format: "token-list" }),
    fits: withField("X: a, b"),
    differs: withField("X: a b"),
  },
  {
    name: "content equals",
    wanted: { content: { equals: ["a", { repeat: "b", times: 2 }] } },
    fits: response(OK, [], "abb"),
    differs: response(OK, [], "ab"),
  },
  {
    name: "content differs",
    wanted: { content: { differs: "a" } },
    fits: response(OK, [], "b"),
    differs: response(OK, [], "a"),
  },
  {
    name: "content contains",
    wanted: { content: { contains: "a" } },
    fits: response(OK, [], "bab"),
    differs: response(OK),
  },
  {
    name: "content lacks",
    wanted: { content: { lacks: "a" } },
    fits: response(OK),
    differs: response(OK, [], "bab"),
  },
  {
    name: "content has a length",
    wanted: { content: { length: 2 } },
    fits: response(OK, [], "ab"),
    differs: response(OK, [], "abc"),
  },
  {
    name: "the method as parsed",
    wanted: { parse: { method: "GET" } },
    fits: json({ method: "GET" }),
    differs: json({ method: "get" }),
  },
  {
    name: "a field as parsed",
    wanted: { parse: { fields: [{ name: "X", equals: "\xff" }] } },
    fits: json({ fields: [["x", "\xff"]] })
      .replace("\xff", "\\u00ff")
      .replace("Content-Length: 22", "Content-Length: 27"),
    differs: json({ fields: [] }),
  },
  {
    name: "the body as parsed",
    wanted: { parse: { body: { equals: "a" } } },
    fits: json({ body: "a" }),
    differs: json({ body: "" }),
  },
  {
    name: "a trailer",
    wanted: { trailers: [{ name: "x", equals: "1" }] },
    fits: `${OK}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: 1\r\n\r\n`,
    differs: withField("X: 1"),
  },
];

table(test, CONDITIONS, ({ wanted, fits, differs }) => {
  assert.is(fit(fits, wanted), "fits");
  assert.is(fit(differs, wanted), "differs");
});

test("interim responses are compared as a list", () => {
  assert.is(fit(response(OK), { interims: [100] }, [100]), "fits");
  assert.is(fit(response(OK), { interims: [] }, [100]), "differs");
});

test("what the peer gives nothing to judge by is unknown", () => {
  assert.is(fit(response(OK), field({ name: "x", equals: "{field:last-modified}" })), "unknown");
  assert.is(fit(response(OK, [], "no JSON"), { parse: { method: "GET" } }), "unknown");
  assert.is(fit(json({ method: "GET" }), { parse: { host: "h" } }), "unknown");
  assert.is(
    fit(json({ fields: [["x"]] }), { parse: { fields: [{ name: "x", is: "present" }] } }),
    "unknown",
  );
});

test("requests of a client are held against their conditions", () => {
  const reading = readRequest("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na", 0);
  if (reading.kind !== "read") throw new Error(reading.kind);
  const seen = { request: reading.value, connection: 1 };
  const is = (wanted: object): string => fitRequest(seen, { nth: 0, ...wanted }, BLANKS).kind;
  assert.is(
    is({
      method: "POST",
      target: "{path}p",
      version: "1.1",
      connection: 1,
      syntax: "clean",
      content: { equals: "a" },
    }),
    "fits",
  );
  for (const other of [
    { method: "GET" },
    { target: "/" },
    { version: "1.0" },
    { connection: 0 },
    { content: { length: 2 } },
    { fields: [{ name: "Host", is: "absent" }] },
  ]) {
    assert.is(is(other), "differs", JSON.stringify(other));
  }
  assert.is(fitRequest(undefined, { nth: 1 }, BLANKS).kind, "differs");
});

test("counts are exact, or between bounds", () => {
  assert.is(fitCount("requests", 2, 2).kind, "fits");
  assert.is(fitCount("requests", 2, { min: 1 }).kind, "fits");
  assert.is(fitCount("requests", 2, { max: 1 }).kind, "differs");
});

test.run();

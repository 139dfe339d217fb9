// The short way of an answer says the same as the long way, or nothing.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { plainAnswer } from "../../lib/server/plain-answer.ts";
import { planHead } from "../../lib/server/response-head.ts";
import { Header } from "../../lib/wire/mod.ts";
import { type Row, table } from "../kit.ts";
import { DATE, x } from "./tools.ts";

interface Answer extends Row {
  readonly method?: string;
  readonly versionMinor?: number;
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  readonly fate?: "close";
  readonly way?: "long";
}

const it = suite("plain answer");

const answers: readonly Answer[] = [
  { name: "a GET" },
  { name: "a type of its own", type: "application/json", body: "{}" },
  { name: "a type that is sniffed", body: "<html>" },
  { name: "a 404", status: 404 },
  { name: "a status without a phrase", status: 299 },
  { name: "a POST", method: "POST" },
  { name: "the longest that is kept", body: x(2048) },
  { name: "HTTP/1.2 is answered as 1.1", versionMinor: 2 },
  { name: "HTTP/1.0 is told about keep-alive", versionMinor: 0, way: "long" },
  { name: "HEAD has no body", method: "HEAD", way: "long" },
  { name: "CONNECT opens a tunnel", method: "CONNECT", way: "long" },
  { name: "204 has no body", status: 204, way: "long" },
  { name: "304 has no body", status: 304, way: "long" },
  { name: "101 has no length", status: 101, way: "long" },
  { name: "a connection that closes says so", fate: "close", way: "long" },
];

table(it, answers, (row) => {
  const { method = "GET", versionMinor = 1, status = 200, body = "Hello", type, way } = row;
  const fate = row.fate ?? "keep";
  const request = { method, versionMinor, askedToKeep: false };
  const connection = { dateLine: () => DATE, fate: () => fate };
  const text = plainAnswer(connection, request, status, type, body);
  const head = planHead({
    ...request,
    status,
    reason: undefined,
    header: type === undefined ? undefined : new Header([["Content-Type", type]]),
    omitted: undefined,
    knownLength: body.length,
    sample: body,
    trailers: "none",
    fate,
    dateLine: DATE,
  });
  assert.is(text === undefined ? "long" : undefined, way);
  if (text !== undefined) assert.equal(linesOf(text), linesOf(head.text + body));
});

/** The order of fields tells nothing. */
function linesOf(answer: string): string[] {
  const end = answer.indexOf("\r\n\r\n");
  const [first = "", ...fields] = answer.slice(0, end).split("\r\n");
  return [first, ...fields.toSorted(), answer.slice(end)];
}

it.run();

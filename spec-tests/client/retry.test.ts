// May a request be sent once more after its connection has failed? The whole table.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RetryRule } from "../../lib/client/contracts.ts";
import { type Attempt, isReplayable, mayRetry } from "../../lib/client/retry.ts";
import { type BodyLike, newRequest, noBody } from "../../lib/message/mod.ts";
import { table } from "../kit.ts";

const it = suite("mayRetry");

const UNWRITTEN: Attempt = { connection: "reused", written: "nothing", received: "nothing" };
const UNANSWERED: Attempt = { ...UNWRITTEN, written: "something" };
const BEGUN: Attempt = { ...UNANSWERED, received: "something" };
const FRESH: Attempt = { ...UNANSWERED, connection: "fresh" };

const ATTEMPTS = { UNWRITTEN, UNANSWERED, BEGUN, FRESH } as const;

interface RetryRow {
  readonly name: string;
  readonly method: string;
  readonly body?: BodyLike;
  readonly key?: string;
  readonly rule: RetryRule;
  /** In which of the attempts, in the order of ATTEMPTS. */
  readonly yes: string;
}

const stream = ["x"];

table<RetryRow>(
  it,
  [
    { name: "GET", method: "GET", rule: "safe", yes: "UNWRITTEN UNANSWERED" },
    { name: "GET with text", method: "GET", body: "x", rule: "safe", yes: "UNWRITTEN UNANSWERED" },
    { name: "GET with a stream", method: "GET", body: stream, rule: "safe", yes: "" },
    { name: "TRACE", method: "TRACE", rule: "safe", yes: "UNWRITTEN UNANSWERED" },
    { name: "POST", method: "POST", body: "x", rule: "safe", yes: "UNWRITTEN" },
    { name: "POST of nothing", method: "POST", body: noBody, rule: "safe", yes: "UNWRITTEN" },
    { name: "PUT", method: "PUT", body: "x", rule: "safe", yes: "UNWRITTEN" },
    { name: "DELETE", method: "DELETE", rule: "safe", yes: "UNWRITTEN" },
    { name: "get is another method", method: "get", rule: "safe", yes: "UNWRITTEN" },
    {
      name: "POST with a key",
      method: "POST",
      body: "x",
      key: "Idempotency-Key",
      rule: "safe",
      yes: "UNWRITTEN UNANSWERED",
    },
    {
      name: "PATCH with the other key",
      method: "PATCH",
      body: "x",
      key: "X-Idempotency-Key",
      rule: "safe",
      yes: "UNWRITTEN UNANSWERED",
    },
    {
      name: "POST, idempotent",
      method: "POST",
      body: "x",
      rule: "idempotent",
      yes: "UNWRITTEN UNANSWERED",
    },
    { name: "a stream, idempotent", method: "POST", body: stream, rule: "idempotent", yes: "" },
    {
      name: "GET, if nothing written",
      method: "GET",
      rule: "if-nothing-written",
      yes: "UNWRITTEN",
    },
    { name: "GET, never", method: "GET", rule: "never", yes: "" },
  ],
  ({ method, body, key, rule, yes }) => {
    const header = key === undefined ? {} : { [key]: "k" };
    const request = newRequest(method, "http://a/", body, { header });
    const may = Object.entries(ATTEMPTS).filter(([, attempt]) => mayRetry(request, attempt, rule));
    assert.is(may.map(([name]) => name).join(" "), yes);
  },
);

it("a key makes nothing repeatable that comes only once", () => {
  const header = { "Idempotency-Key": "k" };
  assert.is(isReplayable(newRequest("POST", "http://a/", stream, { header })), false);
  assert.is(isReplayable(newRequest("POST", "http://a/", () => "x", { header })), true);
});

it.run();

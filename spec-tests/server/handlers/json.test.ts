/**
 * writeJson and readJson.
 *
 * Rule of this file: what comes in and goes out, and which status a fault has.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler } from "../../../lib/server/mod.ts";
import { readJson, writeJson } from "../../../lib/server/mod.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { table, withDeadline } from "../../kit.ts";

const test = suite("json");

table(
  test,
  [
    { name: "an object", value: { a: [1, null, "\u00e9"] }, expect: '{"a":[1,null,"\u00e9"]}' },
    { name: "a value alone", value: null, expect: "null" },
    { name: "a short text has no length of its own", value: "x", expect: '"x"' },
    { name: "a long one does", value: "\u00e9".repeat(2000), expect: `"${"\u00e9".repeat(2000)}"` },
  ],
  async ({ value, expect }) => {
    const recorded = await record(
      (w) => writeJson(w, value, { status: 201 }),
      newTestRequest("GET", "/"),
    );
    assert.is(recorded.status, 201);
    assert.is(recorded.text, expect);
    assert.is(recorded.header.get("content-type"), "application/json");
    assert.is(recorded.header.get("content-length"), String(recorded.body.length));
  },
);

test(
  "the status is 200 and a type that is set stays",
  withDeadline(2000, async () => {
    const handler: Handler = (w) => {
      w.header.set("Content-Type", "application/problem+json");
      return writeJson(w, {});
    };
    const { status, header } = await record(handler, newTestRequest("GET", "/"));
    assert.is(status, 200);
    assert.is(header.get("content-type"), "application/problem+json");
  }),
);

test(
  "what JSON cannot say is a failure before anything is written",
  withDeadline(2000, async () => {
    const { status, error } = await record(
      (w) => writeJson(w, undefined),
      newTestRequest("GET", "/"),
    );
    assert.is(status, 500);
    assert.is((error as { code: string }).code, "not-a-json-value");
  }),
);

interface Reading {
  readonly name: string;
  readonly type?: string;
  readonly body: string;
  readonly any?: boolean;
  readonly max?: number;
  readonly status: number;
}

const readings: readonly Reading[] = [
  { name: "JSON", type: "application/json", body: '{"a":1}', status: 200 },
  { name: "with a charset", type: 'application/json; charset="UTF-8"', body: "1", status: 200 },
  { name: "a type that ends so", type: "application/vnd.x+JSON", body: "1", status: 200 },
  { name: "of old", type: "text/json;charset=utf8", body: "1", status: 200 },
  { name: "another charset", type: "application/json; charset=latin1", body: "1", status: 415 },
  { name: "a form's type", type: "text/plain", body: "1", status: 415 },
  { name: "no type", body: "1", status: 415 },
  { name: "a broken type", type: "application/json; charset", body: "1", status: 415 },
  { name: "no type where any will do", body: "1", any: true, status: 200 },
  { name: "no JSON", type: "application/json", body: "{", status: 400 },
  { name: "nothing", type: "application/json", body: "", status: 400 },
  { name: "too much", type: "application/json", body: '"1234"', max: 5, status: 413 },
  { name: "just enough", type: "application/json", body: '"123"', max: 5, status: 200 },
];

table(test, readings, async ({ type, body, any, max, status }) => {
  const handler: Handler = async (w, r) => {
    const value = await readJson(r, { max, contentType: any === true ? "any" : undefined });
    await writeJson(w, value);
  };
  const header: [string, string][] = type === undefined ? [] : [["Content-Type", type]];
  const content = new TextEncoder().encode(body);
  const recorded = await record(handler, newTestRequest("POST", "/", { header, body: content }));
  assert.is(recorded.status, status);
  if (status === 200) assert.is(recorded.text, body);
});

test.run();

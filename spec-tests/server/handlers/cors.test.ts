/**
 * cors: the permissions, and who gets them.
 *
 * Rule of this file: a request, a policy, and the fields that come.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { CorsOptions } from "../../../lib/server/mod.ts";
import { cors } from "../../../lib/server/mod.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { table, throwsCode } from "../../kit.ts";

const test = suite("cors");

const A = "https://a.example";

interface Row {
  readonly name: string;
  readonly options?: CorsOptions;
  readonly origin?: string;
  /** For a preflight: the method and the fields it asks for. */
  readonly asks?: readonly [method: string, headers?: string];
  readonly method?: string;
  readonly expect: Readonly<Record<string, string>>;
}

const rows: readonly Row[] = [
  { name: "everybody may read", origin: A, expect: { "access-control-allow-origin": "*" } },
  { name: "also without an origin, for caches", expect: { "access-control-allow-origin": "*" } },
  {
    name: "an origin on the list",
    options: { origins: [A] },
    origin: A,
    expect: { "access-control-allow-origin": A, vary: "X, Origin" },
  },
  {
    name: "another one",
    options: { origins: [A] },
    origin: "https://b.example",
    expect: { vary: "X, Origin" },
  },
  {
    name: "one that only looks like it",
    options: { origins: [A] },
    origin: `${A}.evil`,
    expect: { vary: "X, Origin" },
  },
  { name: "null", options: { origins: [A] }, origin: "null", expect: { vary: "X, Origin" } },
  {
    name: "a function decides",
    options: { origins: (o) => o.endsWith(".example") },
    origin: A,
    expect: { "access-control-allow-origin": A, vary: "X, Origin" },
  },
  {
    name: "with credentials",
    options: { origins: [A], credentials: "include" },
    origin: A,
    expect: {
      "access-control-allow-origin": A,
      "access-control-allow-credentials": "true",
      vary: "X, Origin",
    },
  },
  {
    name: "fields to read",
    options: { exposedHeaders: ["ETag", "X-B"] },
    origin: A,
    expect: { "access-control-allow-origin": "*", "access-control-expose-headers": "ETag, X-B" },
  },
  {
    name: "not for others",
    options: { origins: [A], exposedHeaders: ["ETag"] },
    origin: "https://b.example",
    expect: { vary: "X, Origin" },
  },
  {
    name: "a preflight",
    origin: A,
    asks: ["DELETE", "X-A, X-B"],
    options: { maxAge: 600 },
    expect: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "X-A, X-B",
      "access-control-max-age": "600",
      vary: "X, Access-Control-Request-Headers",
    },
  },
  {
    name: "a preflight with names",
    origin: A,
    asks: ["PUT"],
    options: { origins: [A], methods: ["PUT", "GET"], headers: ["X-C"] },
    expect: {
      "access-control-allow-origin": A,
      "access-control-allow-methods": "GET, HEAD, POST, PUT",
      "access-control-allow-headers": "X-C",
      vary: "X, Origin, Access-Control-Request-Headers",
    },
  },
  {
    name: "a preflight for no fields",
    origin: A,
    asks: ["PUT"],
    options: { methods: [] },
    expect: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, POST",
      vary: "X, Access-Control-Request-Headers",
    },
  },
  {
    name: "a preflight of another origin",
    origin: "https://b.example",
    asks: ["PUT"],
    options: { origins: [A] },
    expect: { vary: "X, Origin, Access-Control-Request-Headers" },
  },
  {
    name: "OPTIONS without a question is the handler's",
    origin: A,
    method: "OPTIONS",
    expect: { "access-control-allow-origin": "*" },
  },
];

table(test, rows, async ({ options, origin, asks, method, expect }) => {
  const header: [string, string][] = [];
  if (origin !== undefined) header.push(["Origin", origin]);
  if (asks !== undefined) {
    header.push(["Access-Control-Request-Method", asks[0]]);
    if (asks[1] !== undefined) header.push(["Access-Control-Request-Headers", asks[1]]);
  }
  let calls = 0;
  const outer = cors(options)(() => void calls++);
  const request = newTestRequest(asks === undefined ? (method ?? "GET") : "OPTIONS", "/", {
    header,
  });
  const recorded = await record((w, r) => {
    if ("vary" in expect) w.header.set("Vary", "X");
    return outer(w, r);
  }, request);
  const fields = [...recorded.header]
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => name === "vary" || name.startsWith("access-control-"));
  assert.equal(Object.fromEntries(fields), expect);
  assert.is(recorded.status, asks === undefined ? 200 : 204);
  assert.is(calls, asks === undefined ? 1 : 0);
});

table(
  test,
  [
    {
      name: "credentials for everybody",
      options: { credentials: "include" as const },
      code: "bad-helper-option",
    },
    { name: "a method that is none", options: { methods: ["P T"] }, code: "bad-helper-option" },
    { name: "a field that is none", options: { headers: ["a:b"] }, code: "bad-helper-option" },
    {
      name: "a field to read that is none",
      options: { exposedHeaders: [""] },
      code: "bad-helper-option",
    },
    { name: "half a second", options: { maxAge: 0.5 }, code: "bad-helper-option" },
    { name: "an origin with a path", options: { origins: [`${A}/`] }, code: "bad-trusted-origin" },
    {
      name: "null, which every sandbox is",
      options: { origins: ["null"] },
      code: "bad-trusted-origin",
    },
  ],
  ({ options, code }) => void throwsCode(() => cors(options), code),
);

test.run();

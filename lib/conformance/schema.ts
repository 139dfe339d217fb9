/**
 * The JSON schema of the published cases, for runners in other languages.
 *
 * Rule of this file: it says what case.ts says, in the words of JSON Schema 2020-12; a test holds every case of
 * ours to it, and every member of the form to a case that uses it.
 */

/** A schema, as plain data. */
export type JsonSchema = { readonly [key: string]: JsonValue };
type JsonValue = string | number | boolean | readonly JsonValue[] | JsonSchema;

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const one = (...values: readonly string[]): JsonSchema => ({ enum: values });
const listOf = (items: JsonSchema, minItems: number = 0): JsonSchema => ({
  type: "array",
  items,
  minItems,
});
const text: JsonSchema = { type: "string", minLength: 1 };
const string: JsonSchema = { type: "string" };
const count: JsonSchema = { type: "integer", minimum: 0 };

/** An object with these members and no others; a name with `?` behind it may be left out. */
function object(members: { readonly [name: string]: JsonSchema }): JsonSchema {
  const entries = Object.entries(members);
  const plain = entries.map(([name, schema]) => [name.replace("?", ""), schema] as const);
  const required = entries.flatMap(([name]) => (name.endsWith("?") ? [] : [name]));
  const properties: JsonSchema = Object.fromEntries(plain);
  return { type: "object", properties, required, additionalProperties: false };
}

/** One member of a union, told by the value of `do` or `seen`. */
function tagged(
  tag: string,
  values: readonly string[],
  members: Record<string, JsonSchema> = {},
): JsonSchema {
  return object({ [tag]: one(...values), ...members });
}

const base: Record<string, JsonSchema> = {
  id: { type: "string", pattern: "^[0-9]{4}(bis)?-[0-9.]+-[0-9]{2}(/[a-z0-9.-]+)?$" },
  "also?": listOf({ type: "string", pattern: "^[0-9]{4}(bis)?-[0-9.]+-[0-9]{2}$" }, 1),
  level: one("MUST", "SHOULD", "MAY"),
  topic: text,
  title: text,
  rationale: text,
  "transport?": one("plain", "tls"),
};

const response: Record<string, JsonSchema> = {
  "status?": listOf(
    {
      anyOf: [
        { type: "integer", minimum: 100, maximum: 599 },
        one("1xx", "2xx", "3xx", "4xx", "5xx"),
      ],
    },
    1,
  ),
  "version?": text,
  "fields?": listOf(ref("field"), 1),
  "trailers?": listOf(ref("field"), 1),
  "content?": ref("content"),
  "parse?": ref("parse"),
  "framing?": one("none", "content-length", "chunked", "close"),
  "interims?": listOf({ type: "integer", minimum: 100, maximum: 199 }),
  "syntax?": one("clean"),
};

const steps: readonly JsonSchema[] = [
  ref("send"),
  ref("pause"),
  tagged("do", ["half-close", "reset", "reconnect"]),
  tagged("do", ["expect"], {
    "to?": one("GET", "HEAD", "CONNECT"),
    outcomes: listOf(ref("outcome"), 1),
  }),
  tagged("do", ["expect-interim"], {
    status: { type: "integer", minimum: 100, maximum: 199 },
    otherwise: ref("class"),
  }),
  tagged("do", ["expect-nothing"], { ms: count, otherwise: ref("class") }),
];

const fieldConditions: readonly JsonSchema[] = [
  object({ name: text, is: one("present", "absent") }),
  ...["equals", "differs", "contains", "lacks", "member"].map((how) =>
    object({ name: text, [how]: string }),
  ),
  object({
    name: text,
    format: one("date", "recent-date", "past-date", "decimal", "etag", "token-list"),
  }),
  object({ name: text, lines: count }),
];

const definitions: { readonly [name: string]: JsonSchema } = {
  text: { anyOf: [string, listOf({ anyOf: [string, object({ repeat: text, times: count })] }, 1)] },
  class: one("conforming", "tolerated", "violation", "not-applicable"),
  send: tagged("do", ["send"], { text: ref("text"), "cut?": one("whole", "octets") }),
  pause: tagged("do", ["pause"], { ms: count }),
  step: { anyOf: steps },
  outcome: {
    anyOf: [
      tagged("seen", ["response"], { class: ref("class"), "note?": text, ...response }),
      tagged("seen", ["fin", "reset", "end", "nothing", "malformed"], {
        class: ref("class"),
        "note?": text,
      }),
    ],
  },
  field: { anyOf: fieldConditions },
  content: {
    anyOf: [
      ...["equals", "differs", "contains", "lacks"].map((how) => object({ [how]: ref("text") })),
      object({ length: count }),
    ],
  },
  parse: object({
    "method?": string,
    "target?": string,
    "version?": string,
    "host?": string,
    "fields?": listOf(ref("field"), 1),
    "body?": ref("content"),
    "trailers?": listOf(ref("field"), 1),
  }),
  connection: object({ open: ref("class"), closed: ref("class"), "stalled?": ref("class") }),
  serverCase: object({
    ...base,
    role: one("server"),
    contract: { enum: [0, 1, 2] },
    steps: listOf(ref("step"), 1),
    "connection?": ref("connection"),
  }),
  ask: {
    anyOf: [
      tagged("do", ["get", "head"], { "user?": text }),
      tagged("do", ["post", "put"], { content: ref("text") }),
      tagged("do", ["get-twice"], { second: string }),
    ],
  },
  act: {
    anyOf: [
      ref("send"),
      ref("pause"),
      tagged("do", ["dribble"], { text: ref("text"), everyMs: count }),
      tagged("do", ["read-content", "half-close", "close", "reset"]),
    ],
  },
  answer: object({
    "path?": string,
    "times?": count,
    "after?": one("head", "request"),
    acts: listOf(ref("act")),
  }),
  count: { anyOf: [count, object({ "min?": count, "max?": count })] },
  sent: object({
    nth: count,
    "method?": text,
    "target?": ref("text"),
    "version?": text,
    "fields?": listOf(ref("field"), 1),
    "firstField?": text,
    "content?": ref("content"),
    "connection?": count,
    "syntax?": one("clean"),
  }),
  clientOutcome: object({
    class: ref("class"),
    "note?": text,
    "exit?": one("ok", "error", "hang"),
    "output?": ref("content"),
    "requests?": ref("count"),
    "connections?": ref("count"),
    "sent?": listOf(ref("sent"), 1),
    "excess?": one("none", "some"),
    "ended?": one("client", "server", "nobody"),
  }),
  clientCase: object({
    ...base,
    role: one("client"),
    ask: ref("ask"),
    "needs?": listOf(
      one("redirects", "cookies", "decompression", "reuse", "expect", "trailers"),
      1,
    ),
    "greeting?": listOf(ref("act"), 1),
    answers: listOf(ref("answer")),
    outcomes: listOf(ref("clientOutcome"), 1),
  }),
};

/** The schema of what `casesToJson` writes. */
export const CASES_JSON_SCHEMA: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Conformance cases for HTTP/1.1",
  ...object({
    schema: { enum: [1] },
    cases: listOf({ anyOf: [ref("serverCase"), ref("clientCase")] }),
  }),
  $defs: definitions,
};

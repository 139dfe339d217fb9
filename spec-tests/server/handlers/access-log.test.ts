/**
 * accessLog: what is told of a request, and that nobody can write lines of their own.
 *
 * Rule of this file: each field of the record, each format, each ending.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AccessRecord, Handler } from "../../../lib/server/mod.ts";
import { accessLog, authenticatedUser } from "../../../lib/server/mod.ts";
import { combinedLine, jsonLine, shortLine } from "../../../lib/server/handlers/access-log-line.ts";
import { TestClock, newTestRequest, record } from "../../../lib/testing/mod.ts";
import { table, withDeadline } from "../../kit.ts";

const test = suite("accessLog");

const RECORD: AccessRecord = {
  time: 1_893_456_000_000,
  remote: "192.0.2.1",
  user: "",
  method: "GET",
  host: "a.example",
  target: "/x?y",
  proto: "HTTP/1.1",
  status: 200,
  bytes: 12,
  durationMs: 3,
  referer: "",
  userAgent: "curl/8",
  outcome: "complete",
};

const lines: readonly { name: string; change: Partial<AccessRecord>; expect: string }[] = [
  {
    name: "the plain case",
    change: {},
    expect: '192.0.2.1 - - [01/Jan/2030:00:00:00 +0000] "GET /x?y HTTP/1.1" 200 12 "-" "curl/8"',
  },
  {
    name: "a user and a referer",
    change: { user: "ada", referer: "http://b/" },
    expect:
      '192.0.2.1 - ada [01/Jan/2030:00:00:00 +0000] "GET /x?y HTTP/1.1" 200 12 "http://b/" "curl/8"',
  },
  {
    name: "a user of two words",
    change: { user: "a b" },
    expect:
      '192.0.2.1 - a\\x20b [01/Jan/2030:00:00:00 +0000] "GET /x?y HTTP/1.1" 200 12 "-" "curl/8"',
  },
  {
    name: "quotes and backslashes",
    change: { userAgent: 'a"\\' },
    expect:
      '192.0.2.1 - - [01/Jan/2030:00:00:00 +0000] "GET /x?y HTTP/1.1" 200 12 "-" "a\\x22\\x5c"',
  },
  {
    name: "a line of one's own",
    change: { referer: "a\r\n1.2.3.4 - -" },
    expect:
      '192.0.2.1 - - [01/Jan/2030:00:00:00 +0000] "GET /x?y HTTP/1.1" 200 12 "a\\x0d\\x0a1.2.3.4 - -" "curl/8"',
  },
  {
    name: "words for the terminal",
    change: { userAgent: "\x1b[31m\x9b31m\x7f" },
    expect:
      '192.0.2.1 - - [01/Jan/2030:00:00:00 +0000] "GET /x?y HTTP/1.1" 200 12 "-" "\\x1b[31m\\x9b31m\\x7f"',
  },
  {
    name: "no address",
    change: { remote: "", time: Date.UTC(2026, 10, 21, 3, 4, 5) },
    expect: '- - - [21/Nov/2026:03:04:05 +0000] "GET /x?y HTTP/1.1" 200 12 "-" "curl/8"',
  },
];

table(test, lines, ({ change, expect }) =>
  assert.is(combinedLine({ ...RECORD, ...change }), expect),
);

test("JSON is one line of ASCII that says the same", () => {
  const record = { ...RECORD, userAgent: 'a"\n\x1b\x7f\x9b\u2028\u00e9' };
  const line = jsonLine(record);
  assert.match(line, /^[ -~]*$/);
  assert.equal(JSON.parse(line), { ...record, time: "2030-01-01T00:00:00.000Z" });
});

test("the message beside the fields is quoted too", () => {
  assert.is(shortLine({ ...RECORD, target: "/\x9b" }), "GET /\\x9b 200");
});

interface Ending {
  readonly name: string;
  readonly handler: Handler;
  readonly status: number;
  readonly bytes?: number;
  readonly outcome?: AccessRecord["outcome"];
}

const failure =
  (extra: object): Handler =>
  () => {
    throw Object.assign(new Error("boom"), extra);
  };

const endings: readonly Ending[] = [
  { name: "a handler that writes nothing has answered 200", handler: () => undefined, status: 200 },
  { name: "what was written is counted", handler: (w) => w.write("\u00e9"), status: 200, bytes: 2 },
  { name: "the status that was chosen", handler: (w) => w.writeHeader(204), status: 204 },
  { name: "a failure is 500", handler: failure({}), status: 500, outcome: "failed" },
  { name: "or what it says", handler: failure({ status: 413 }), status: 413, outcome: "failed" },
  {
    name: "if that is a status of errors",
    handler: failure({ status: 200 }),
    status: 500,
    outcome: "failed",
  },
  {
    name: "also later",
    handler: async () => {
      throw new Error("boom");
    },
    status: 500,
    outcome: "failed",
  },
  {
    name: "after the head the status stays",
    handler: async (w) => {
      await w.flush();
      throw new Error("boom");
    },
    status: 200,
    outcome: "failed",
  },
  { name: "what was taken over has none", handler: (w) => void w.hijack(), status: 0 },
];

table(test, endings, async ({ handler, status, bytes, outcome }) => {
  const seen: [AccessRecord, string][] = [];
  const sink = {
    info: (fields: AccessRecord, message: string) => void seen.push([fields, message]),
  };
  const header: [string, string][] = [
    ["Referer", "http://b/?t=1"],
    ["User-Agent", "u"],
  ];
  const request = newTestRequest("GET", "/x?y", { header });
  authenticatedUser.set(request, "ada");
  await record(accessLog(handler, sink), request);
  assert.is(seen.length, 1);
  const [fields, message] = seen[0]!;
  assert.equal(fields, {
    ...RECORD,
    user: "ada",
    host: "example.com",
    status,
    bytes: bytes ?? 0,
    durationMs: 0,
    referer: "http://b/?t=1",
    userAgent: "u",
    outcome: outcome ?? "complete",
  });
  assert.is(message, `GET /x?y ${status}`);
});

const sinks: readonly {
  name: string;
  options: Parameters<typeof accessLog>[2];
  pattern: RegExp;
}[] = [
  {
    name: "a function gets the combined format",
    options: {},
    pattern: /^192\.0\.2\.1 - - .*"GET \/x\?y /,
  },
  { name: "or JSON", options: { format: "json" }, pattern: /^{"time":"2030.*"target":"\/x\?y"/ },
  {
    name: "without queries if told so",
    options: { query: "drop" },
    pattern: /"GET \/x HTTP.*"http:\/\/b\/" "-"$/,
  },
];

table(test, sinks, async ({ options, pattern }) => {
  const seen: string[] = [];
  const request = newTestRequest("GET", "/x?y", { header: [["Referer", "http://b/?t=1"]] });
  await record(
    accessLog(
      () => undefined,
      (line) => void seen.push(line),
      options,
    ),
    request,
  );
  assert.match(seen[0] ?? "", pattern);
});

test(
  "an answer to HEAD has no bytes",
  withDeadline(2000, async () => {
    const seen: number[] = [];
    const sink = { info: (r: AccessRecord) => void seen.push(r.bytes) };
    await record(
      accessLog((w) => w.write("abc"), sink),
      newTestRequest("HEAD", "/"),
    );
    assert.equal(seen, [0]);
  }),
);

test(
  "a logger may have the combined line, and durations are in ms",
  withDeadline(2000, async () => {
    const clock = new TestClock();
    const seen: [number, string][] = [];
    const sink = { info: (r: AccessRecord, m: string) => void seen.push([r.durationMs, m]) };
    const handler: Handler = () => clock.advance(7);
    const logged = accessLog(handler, sink, { format: "combined" });
    await record(logged, newTestRequest("GET", "/"), { clock });
    assert.is(seen[0]?.[0], 7);
    assert.match(seen[0]?.[1] ?? "", /^192\.0\.2\.1 - - \[/);
  }),
);

test.run();

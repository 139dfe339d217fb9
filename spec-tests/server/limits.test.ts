/**
 * Each limit of the server: what is at its bound passes, one more does not.
 *
 * Rule of this file: the bounds; what is answered beyond them is in refuse.test.ts and connection.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_LIMITS, SERVER_LIMITS } from "../../lib/server/mod.ts";
import { TestServer } from "../../lib/testing/mod.ts";
import { type Row, table, withDeadline } from "../kit.ts";
import { DEADLINE_MS, get, post, quiet } from "./tools.ts";

const test = suite("limits of the server");

test("the defaults are those of DESIGN section 3", () => {
  assert.equal(DEFAULT_LIMITS, {
    maxConns: 10_000,
    maxRequestsPerConn: Infinity,
    maxBodyBytes: 1_048_576,
    maxDrainBytes: 262_144,
    maxLingerBytes: 1_048_576,
    readAheadBytes: 65_536,
    maxQueuedBytes: 65_536,
  });
  assert.ok(Object.isFrozen(DEFAULT_LIMITS));
  for (const [name, { unit }] of Object.entries(SERVER_LIMITS)) assert.ok(unit, name);
});

interface Bound extends Row {
  readonly options: object;
  /** The input whose size is at the bound, or one beyond. */
  readonly input: (more: 0 | 1) => string;
  readonly beyond: RegExp;
}

const line = "GET / HTTP/1.1\r\nHost: a\r\n";

const bounds: readonly Bound[] = [
  {
    name: "maxHeaderBytes counts request line and fields exactly",
    section: "DESIGN §3",
    options: { maxHeaderBytes: 100 },
    input: (more) => `${line}X: ${"y".repeat(100 - line.length - 7 + more)}\r\n\r\n`,
    beyond: /^HTTP\/1\.1 431 /,
  },
  {
    name: "maxTargetBytes",
    options: { maxTargetBytes: 50 },
    input: (more) => get(`/${"a".repeat(49 + more)}`),
    beyond: /^HTTP\/1\.1 414 /,
  },
  {
    name: "maxHeaderValueCount",
    options: { maxHeaderValueCount: 5 },
    input: (more) => get("/", "X: y\r\n".repeat(4 + more)),
    beyond: /^HTTP\/1\.1 431 /,
  },
  {
    name: "maxBodyBytes, of a known length",
    options: { maxBodyBytes: 50 },
    input: (more) => post("b".repeat(50 + more)),
    beyond: /^HTTP\/1\.1 413 /,
  },
  {
    name: "maxEmptyLines",
    options: { maxEmptyLines: 3 },
    input: (more) => "\r\n".repeat(3 + more) + get(),
    beyond: /^HTTP\/1\.1 400 /,
  },
  {
    name: "maxRequestsPerConn",
    options: { maxRequestsPerConn: 2 },
    input: (more) => get().repeat(1 + more),
    beyond: /Connection: close/,
  },
];

table(test, bounds, (row) =>
  withDeadline(DEADLINE_MS, async () => {
    for (const chop of [undefined, 1]) {
      for (const more of [0, 1] as const) {
        await using server = TestServer.inMemory(async (w, r) => {
          await r.body.bytes();
          await w.write(r.target);
        }, row.options);
        const client = await server.connect({ chop });
        client.send(row.input(more));
        await quiet(client);
        const what = `${more === 0 ? "at the bound" : "beyond it"}, chopped to ${chop ?? "nothing"}`;
        if (more === 1) assert.match(client.text, row.beyond, what);
        else assert.match(client.text, /^HTTP\/1\.1 200 OK\r\n/, what);
      }
    }
  })(),
);

test("all requests within the limits of DESIGN pass at default settings", async () => {
  await using server = TestServer.inMemory((w, r) => void w.write(`${r.target.length}`));
  for (const input of [
    get(`/${"a".repeat(16_383)}`),
    get("/", "X: y\r\n".repeat(499)),
    get("/", `X: ${"y".repeat(65_536 - get("/", "X: \r\n").length)}\r\n`),
  ]) {
    const { text } = await server.exchange(input);
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
  }
});

test.run();

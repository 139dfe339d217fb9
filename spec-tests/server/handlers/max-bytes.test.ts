/**
 * maxBytesReader and maxBytesHandler: bodies that are too large, whole and in pieces.
 *
 * Rule of this file: what is read, how it ends, and what becomes of the connection.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler } from "../../../lib/server/mod.ts";
import { maxBytesHandler, maxBytesReader } from "../../../lib/server/mod.ts";
import { TestServer, newTestRequest, record } from "../../../lib/testing/mod.ts";
import { bytes, rejects, table, text, withDeadline } from "../../kit.ts";

const test = suite("maxBytes");

/** Reads all pieces; what came, and the code of what ended it. */
const reading: Handler = async (w, r) => {
  let seen = "";
  let end = "end";
  try {
    for (let p = await r.body.next(); p !== undefined; p = await r.body.next()) seen += text(p);
  } catch (error) {
    end = (error as { code: string }).code;
  }
  await w.write(`${seen} ${end}`);
};

async function* pieces(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield bytes(part);
}

table(
  test,
  [
    { name: "a smaller body passes", max: 9, body: ["ab", "cd"], expect: "abcd end" },
    { name: "so does one of just that size", max: 4, body: ["ab", "cd"], expect: "abcd end" },
    {
      name: "one octet more is an error behind what was allowed",
      max: 3,
      body: ["ab", "cd"],
      expect: "abc body-too-large",
    },
    {
      name: "also when a piece ends at the limit",
      max: 2,
      body: ["ab", "cd"],
      expect: "ab body-too-large",
    },
    { name: "nothing is allowed", max: 0, body: ["a"], expect: " body-too-large" },
    {
      name: "a negative limit is nothing",
      section: "as Go",
      max: -5,
      body: ["a"],
      expect: " body-too-large",
    },
    { name: "nothing comes", max: 0, body: [], expect: " end" },
  ],
  async ({ max, body, expect }) => {
    const request = newTestRequest("POST", "/", { body: pieces(...body) });
    const recorded = await record(maxBytesHandler(reading, max), request);
    assert.is(recorded.text, expect);
    const close = expect.endsWith("large") ? "close" : undefined;
    assert.is(recorded.header.get("connection"), close);
  },
);

test(
  "the error stays, and a handler that lets it through answers 413",
  withDeadline(2000, async () => {
    const handler: Handler = async (w, r) => {
      const body = maxBytesReader(w, r.body, 2);
      await body.next();
      await rejects(body.next(), "body-too-large");
      await body.next();
    };
    const request = newTestRequest("POST", "/", { body: "abc" });
    assert.is((await record(handler, request)).status, 413);
  }),
);

test(
  "bytes and text hold up to the limit, not up to their own",
  withDeadline(4000, async () => {
    const handler = maxBytesHandler(
      async (w, r) => w.write(String((await r.body.bytes()).length)),
      3_000_000,
    );
    const request = newTestRequest("POST", "/", { body: new Uint8Array(2_000_000) });
    assert.is((await record(handler, request)).text, "2000000");
  }),
);

test(
  "cancelling reaches the body below, and no body stays no body",
  withDeadline(2000, async () => {
    const handler: Handler = async (w, r) => {
      const limited = maxBytesReader(w, r.body, 10);
      limited.cancel();
      await rejects(r.body.next(), "body-used");
    };
    assert.is((await record(handler, newTestRequest("POST", "/", { body: "abc" }))).status, 200);
    const none: Handler = (w, r) => assert.is(maxBytesReader(w, r.body, 10), r.body);
    assert.is((await record(none, newTestRequest("GET", "/"))).status, 200);
  }),
);

test(
  "on the wire: an answer of one's own closes, and no second request is read",
  withDeadline(4000, async () => {
    const handler: Handler = async (w, r) => {
      const body = await r.body.bytes().catch(() => undefined);
      w.writeHeader(body === undefined ? 413 : 200);
    };
    await using server = TestServer.inMemory(maxBytesHandler(handler, 4));
    const input =
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabcdefGET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
    const { text: answer, end } = await server.exchange(input);
    assert.match(answer, /^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/);
    assert.is(answer.split("HTTP/1.1").length, 2);
    assert.is(end, "ended");
  }),
);

test(
  "after the head has gone out the fields are left alone",
  withDeadline(2000, async () => {
    const handler: Handler = async (w, r) => {
      await w.flush();
      await rejects(r.body.next(), "body-too-large");
      assert.is(w.header.get("connection"), undefined);
    };
    const request = newTestRequest("POST", "/", { body: "abc" });
    assert.is((await record(maxBytesHandler(handler, 0), request)).error, undefined);
  }),
);

test.run();

/**
 * TestServer: in memory and on a socket, the same.
 *
 * Rule of this file: what the tool adds to a Server: exchanges, and what it keeps to be looked at.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler } from "../../lib/server/mod.ts";
import { TestServer, runScript, settle } from "../../lib/testing/mod.ts";
import { rejects, withDeadline } from "../kit.ts";

const test = suite("TestServer");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(6_000, fn));

const hello: Handler = (w, r) => void w.write(r.target);
const GET = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
const BODY = /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\/x$/;

const places: readonly [string, (handler: Handler) => Promise<TestServer>][] = [
  ["in memory", (handler) => Promise.resolve(TestServer.inMemory(handler) as TestServer)],
  ["on a socket", (handler) => TestServer.listen(handler)],
];

for (const [place, make] of places) {
  it(`${place}: an exchange ends when the server waits for more`, async () => {
    await using server = await make(hello);
    const { text, bytes, end } = await server.exchange(GET);
    assert.match(text, BODY);
    assert.is(bytes.length, text.length);
    assert.is(end, "open");
  });

  it(`${place}: several answers on one exchange, also slow ones`, async () => {
    await using server = await make(async (w, r) => {
      await settle(5);
      await w.write(r.target);
    });
    const { text } = await server.exchange(GET.repeat(3));
    assert.is(text.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
  });

  it(`${place}: an exchange ends when the server closes, or cuts`, async () => {
    await using server = await make((w, r) => (r.target === "/x" ? hello(w, r) : w.abort()));
    const closed = await server.exchange(GET.replace("Host", "Connection: close\r\nHost"));
    assert.is(closed.end, "ended");
    const cut = await server.exchange(GET.replace("/x", "/cut"));
    assert.is(cut.end, "reset");
  });

  it(`${place}: with end "fin" our side ends at once`, async () => {
    await using server = await make(hello);
    const { text, end } = await server.exchange(GET, { end: "fin" });
    assert.match(text, BODY);
    assert.is(end, "ended");
  });

  it(`${place}: an exchange that does not end says what has come`, async () => {
    await using server = await make(async (w) => {
      await w.write("half");
      await w.flush();
      await new Promise<void>(() => undefined);
    });
    const error = await rejects(server.exchange(GET, { deadlineMs: 60 }), "bytes-missing");
    assert.match(error.message, "half");
  });

  it(`${place}: log, refusals, errors and states are kept`, async () => {
    await using server = await make((w) => {
      w.writeHeader(200);
      w.writeHeader(200);
      throw new Error("x");
    });
    await server.exchange(GET);
    await server.exchange("BAD\r\n\r\n");
    assert.is(server.log.length, 1);
    assert.is((server.errors[0] as Error).message, "x");
    assert.is(server.refusals[0]?.status, 400);
    assert.is(server.states[0], "new");
  });

  it(`${place}: a bare Conn for scripts`, async () => {
    await using server = await make(hello);
    const conn = await server.dial();
    await runScript(conn, [{ send: GET }, { expect: "HTTP/1.1 200 OK\r\n" }, { end: "reset" }]);
  });
}

it("the hooks of the options are called too", async () => {
  const calls: string[] = [];
  await using server = TestServer.inMemory(
    (w) => {
      w.writeHeader(200);
      w.writeHeader(200);
      throw new Error("x");
    },
    {
      errorLog: () => void calls.push("log"),
      onError: () => void calls.push("error"),
      onRefusal: () => void calls.push("refusal"),
      connState: (_, state) => void calls.push(state),
    },
  );
  await server.exchange(GET);
  await server.exchange("BAD\r\n\r\n");
  for (const call of ["log", "error", "refusal", "new", "idle"]) {
    assert.ok(calls.includes(call), call);
  }
});

it("url and time: a socket has both, memory has a clock to move", async () => {
  await using memory = TestServer.inMemory(hello);
  assert.is(memory.url, undefined);
  const client = await memory.connect();
  memory.clock.advance(60_000);
  assert.is(await client.ended(), "ended");
  await using sockets = await TestServer.listen(hello);
  assert.match(sockets.url ?? "none", /^http:\/\/127\.0\.0\.1:\d+\/$/);
});

test.run();

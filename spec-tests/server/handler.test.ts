/**
 * Handlers: both forms, and what happens when one throws, rejects, or answers with nothing.
 *
 * Rule of this file: each fault once before the head has gone out and once after.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pipe } from "../../lib/bufio/mod.ts";
import {
  type HandlerObject,
  type HandlerFunc,
  Server,
  ServerError,
  handlerFunc,
} from "../../lib/server/mod.ts";
import { TestClock, TestServer, WireClient, settle } from "../../lib/testing/mod.ts";
import { type Row, table, withDeadline } from "../kit.ts";
import {
  DEADLINE_MS,
  TEXT,
  answer,
  assertLog,
  chunk,
  exchanges,
  get,
  post,
  quiet,
} from "./tools.ts";

const test = suite("handlers");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));

const NOSNIFF = `Content-Type: ${TEXT}\r\nX-Content-Type-Options: nosniff\r\n`;
const INTERNAL = answer("Internal Server Error\n", {
  line: "500 Internal Server Error",
  set: NOSNIFF,
  type: "none",
});

test("a function stays itself, an object is called with its this", () => {
  const fn: HandlerFunc = () => undefined;
  assert.is(handlerFunc(fn), fn);
  const seen: unknown[] = [];
  const object: HandlerObject = {
    serveHTTP(...call) {
      seen.push(this, ...call);
    },
  };
  void handlerFunc(object)("w" as never, "r" as never);
  assert.equal(seen.slice(1), ["w", "r"]);
  assert.is(seen[0], object);
});

interface Fault extends Row {
  readonly fail: () => Promise<void> | void;
}
const faults: readonly Fault[] = [
  {
    name: "throws",
    fail: () => {
      throw new Error("secret");
    },
  },
  { name: "rejects", fail: () => Promise.reject(new Error("secret")) },
  {
    name: "rejects later",
    fail: async () => {
      await settle(1);
      throw new Error("secret");
    },
  },
  {
    name: "throws what is no Error",
    fail: () => {
      // oxlint-disable-next-line no-throw-literal -- what the server must bear
      throw "secret";
    },
  },
  {
    name: "throws undefined",
    fail: () => {
      // oxlint-disable-next-line no-throw-literal -- what the server must bear
      throw undefined;
    },
  },
  {
    name: "rejects with an odd status",
    fail: () => Promise.reject(Object.assign(new Error("secret"), { status: 200 })),
  },
];

table(
  test,
  faults.map((row) => ({ ...row, name: `a handler that ${row.name} before the head: 500, kept` })),
  (row) =>
    withDeadline(DEADLINE_MS, async () => {
      await using server = TestServer.inMemory((w) => {
        w.header.set("X-Half", "done");
        void w.write("half of an answer");
        return row.fail();
      });
      const { text, end } = await server.exchange(get() + get());
      assert.is(text, INTERNAL + INTERNAL, "nothing of what was prepared, nothing of the error");
      assert.is(end, "open");
      assert.is(server.errors.length, 2);
    })(),
);

table(
  test,
  faults.map((row) => ({ ...row, name: `a handler that ${row.name} after the head: cut` })),
  (row) =>
    withDeadline(DEADLINE_MS, async () => {
      await using server = TestServer.inMemory(async (w) => {
        await w.write("half");
        await w.flush();
        await row.fail();
      });
      const { text, end } = await server.exchange(get() + get());
      assert.is(text, answer(chunk("half"), { chunked: "chunked" }), "no last chunk");
      assert.is.not(end, "open");
      assert.is(server.errors.length, 1);
      await settle();
      server.clock.advance(5_000);
      await settle();
      assert.is(server.states.at(-1), "closed");
    })(),
);

it("an answer until close is cut by a reset: an orderly end would look complete", async () => {
  await using server = TestServer.inMemory(async (w) => {
    await w.flush();
    await w.write("half");
    throw new Error("x");
  });
  const { end } = await server.exchange("GET / HTTP/1.0\r\n\r\n");
  assert.is(end, "reset");
});

it("the same for one that is until close by the handler's own choice", async () => {
  await using server = TestServer.inMemory(async (w) => {
    w.header.set("Transfer-Encoding", "identity");
    await w.flush();
    await w.write("half");
    await w.flush();
    throw new Error("x");
  });
  const { end } = await server.exchange(get());
  assert.is(end, "reset");
});

it("an answer that was complete is not spoilt by a late error", async () => {
  await using server = TestServer.inMemory(async (w) => {
    w.header.set("Content-Length", "3");
    await w.write("abc");
    await w.flush();
    throw new Error("x");
  });
  const { text } = await server.exchange(get());
  assert.is(text, answer("abc", { set: "Content-Length: 3\r\n", length: "none" }));
});

it("what handlers throw is logged with the request when there is no onError", async () => {
  const lines: string[] = [];
  const causes: unknown[] = [];
  const server = new Server(
    {
      handler: () => {
        throw new Error("why");
      },
      errorLog: (message, cause) => {
        lines.push(message);
        causes.push(cause);
      },
    },
    { clock: new TestClock() },
  );
  const [ours, theirs] = pipe();
  server.serveConn(theirs);
  const client = new WireClient(ours);
  client.send(get("/what"));
  await quiet(client);
  assertLog(lines, ["GET /what"]);
  assert.is((causes[0] as Error).message, "why");
  await server.close();
});

it("onError is told with the request; one that throws itself changes nothing", async () => {
  const targets: string[] = [];
  await using server = TestServer.inMemory(
    () => {
      throw new Error("x");
    },
    {
      onError: (_, request) => {
        targets.push(request.target);
        throw new Error("the hook");
      },
    },
  );
  const { text } = await server.exchange(get("/a") + get("/b"));
  assert.is(text, INTERNAL + INTERNAL);
  assert.equal(targets, ["/a", "/b"]);
});

exchanges(test, [
  {
    name: "the status of an error of ours that is the client's fault is answered",
    handler: async (w, r) => {
      await w.write(JSON.stringify(await r.body.json()));
    },
    send: post("{no json") + post("[1]"),
    expect:
      answer("the body is not JSON\n", { line: "400 Bad Request", set: NOSNIFF, type: "none" }) +
      answer("[1]"),
  },
  {
    name: "a HEAD request that fails has no body",
    handler: () => {
      throw new Error("x");
    },
    send: "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    expect: answer("", {
      line: "500 Internal Server Error",
      set: NOSNIFF,
      length: 22,
    }),
  },
  {
    name: "a thenable that is no Promise is followed",
    handler: (w) =>
      // oxlint-disable-next-line unicorn/no-thenable -- what some libraries return
      ({ then: (done: () => void) => (void w.write("x"), done()) }) as unknown as Promise<void>,
    send: get(),
    expect: answer("x"),
  },
]);

it("the reason of the signal after a normal end is handler-done", async () => {
  const signals: AbortSignal[] = [];
  await using server = TestServer.inMemory((_, r) => void signals.push(r.signal));
  await server.exchange(get());
  assert.ok(signals[0]?.reason instanceof ServerError);
});

test.run();

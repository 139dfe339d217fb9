// Who gets which connection: waiting, dialling, limits, and giving up in every state.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, TimerClock, pipe } from "../../lib/bufio/mod.ts";
import { Transport } from "../../lib/client/transport.ts";
import { newRequest } from "../../lib/message/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import { table, withDeadline } from "../kit.ts";
import { OK, Rig, answer, counted, fails, reasonOf } from "./rig.ts";

const DIE = new Error("enough");

/** A promise and its end. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

// --- who comes first ------------------------------------------------------------------------------

const order = suite("Pool, order");

order("those who wait are served in the order of their coming", async () => {
  const rig = new Rig({ maxConnsPerHost: 1 });
  const done: string[] = [];
  const asks = ["a", "b", "c", "d"].map(async (name) => {
    const response = await rig.ask({ url: `http://a.test/${name}` });
    done.push(`${name}${await response.body.text()}`);
  });
  await settle();
  assert.is(rig.stats, "0/1/0/3");
  for (let i = 1; i <= 4; i++) {
    const server = rig.servers[0]!;
    const asked = server.text.match(/GET \/\w/g);
    assert.is(asked?.length, i);
    server.send(answer(asked?.at(-1)?.slice(-1) ?? "?"));
    await settle();
  }
  await Promise.all(asks);
  assert.equal(done, ["aa", "bb", "cc", "dd"]);
  assert.is(rig.dialled.length, 1);
  await rig.assertClean();
});

order("the connection used last is used first, the one idle longest is closed first", async () => {
  const rig = new Rig({ maxIdleConns: 2 });
  const asks = [await rig.asked(), await rig.asked(), await rig.asked()];
  for (const { server, response } of asks) {
    rig.clock.advance(10);
    server.send(OK);
    await (await response).body.text();
  }
  await settle();
  assert.is(rig.stats, "2/0/0/0");
  assert.equal(
    rig.servers.map((server) => server.end),
    ["ended", "open", "open"],
  );
  assert.is((await rig.exchange()).server, rig.servers[2]);
  await rig.assertClean();
});

order("a host keeps only so many idle ones", async () => {
  const rig = new Rig({ maxIdleConnsPerHost: 1 });
  const asks = [await rig.asked(), await rig.asked()];
  for (const { server } of asks) server.send(OK);
  await Promise.all(asks.map(async ({ response }) => (await response).body.text()));
  await settle();
  assert.is(rig.stats, "1/0/0/0");
  await rig.assertClean();
});

order("limits of 0 keep none", async () => {
  for (const limit of [
    { maxIdleConnsPerHost: 0 },
    { maxIdleConns: 0 },
    { disableKeepAlives: true },
  ]) {
    const rig = new Rig(limit);
    await rig.exchange();
    assert.is(rig.stats, "0/0/0/0");
    await rig.assertClean();
  }
});

order.run();

// --- late binding ---------------------------------------------------------------------------------

const binding = suite("Pool, late binding");

binding("a connection that becomes free goes before a dial, which is kept for later", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  const slow = gate();
  rig.beforeDial = () => slow.passed;
  const second = rig.ask();
  await settle();
  assert.is(rig.stats, "0/1/1/1");
  server.send(OK);
  await (await response).body.text();
  await settle();
  assert.is(rig.stats, "0/1/1/0");
  server.send(answer("again"));
  assert.is(await (await second).body.text(), "again");
  slow.open();
  await settle();
  assert.is(rig.stats, "2/0/0/0");
  await rig.assertClean();
});

binding(
  "a dial that nobody waits for any more is kept, and idle for no longer than others",
  async () => {
    const rig = new Rig({ idleConnTimeout: 1_000 });
    const slow = gate();
    rig.beforeDial = () => slow.passed;
    const { signal, source } = counted();
    const response = rig.ask({ signal });
    await settle();
    source.abort(DIE);
    assert.is(await reasonOf(response), DIE);
    assert.is(source.listeners, 0);
    assert.is(rig.stats, "0/0/1/0");
    slow.open();
    await settle();
    assert.is(rig.stats, "1/0/0/0");
    assert.is((await rig.exchange()).server, rig.servers[0]);
    assert.is(rig.dialled.length, 1);
    await rig.assertClean();

    const unused = new Rig({ idleConnTimeout: 1_000 });
    const again = counted();
    const gone = unused.ask({ signal: again.signal });
    again.source.abort(DIE);
    assert.is(await reasonOf(gone), DIE);
    await settle();
    assert.is(unused.stats, "1/0/0/0");
    unused.clock.advance(1_000);
    await settle();
    assert.is(unused.stats, "0/0/0/0");
    await unused.assertClean();
  },
);

binding("a dial that fails is told to its own call alone; the next gets a new one", async () => {
  const rig = new Rig({ maxConnsPerHost: 1 });
  const slow = gate();
  rig.beforeDial = async (count) => {
    if (count > 1) return;
    await slow.passed;
    throw new Error("no route");
  };
  const first = rig.ask();
  const second = rig.ask();
  await settle();
  assert.is(rig.stats, "0/0/1/2");
  slow.open();
  const error = await fails(first, "dial-failed", { phase: "connect" });
  assert.is((error.cause as Error).message, "no route");
  await settle();
  rig.servers[0]!.send(OK);
  assert.is(await (await second).body.text(), "ok");
  await rig.assertClean();
});

binding(
  "closeIdleConnections ends what lies idle and what nobody waits for, and no more",
  async () => {
    const rig = new Rig();
    const busy = await rig.asked();
    const idle = await rig.asked();
    idle.server.send(OK);
    await (await idle.response).body.text();
    await settle();
    const slow = gate();
    const signals: (AbortSignal | undefined)[] = [];
    rig.beforeDial = (_count, signal) => {
      signals.push(signal);
      return slow.passed;
    };
    const { signal, source } = counted();
    const unwanted = rig.ask({ url: "http://b.test/", signal });
    await settle();
    source.abort(DIE);
    await reasonOf(unwanted);
    assert.is(rig.stats, "1/1/1/0");
    rig.transport.closeIdleConnections();
    assert.is(signals[0]?.aborted, true);
    assert.is(rig.stats, "0/1/1/0");
    // The hook does not look at its signal: what it brings is closed.
    slow.open();
    await settle();
    assert.is(rig.stats, "0/1/0/0");
    busy.server.send(OK);
    await (await busy.response).body.text();
    await settle();
    assert.is(rig.stats, "0/0/0/0");
    await rig.exchange();
    assert.is(rig.stats, "1/0/0/0");
    await rig.assertClean();
  },
);

binding.run();

// --- limits and times -----------------------------------------------------------------------------

const limits = suite("Pool, limits");

limits("an idle connection is closed after idleConnTimeout, or what Keep-Alive says", async () => {
  for (const [fields, ms] of [
    ["", 90_000],
    ["Keep-Alive: timeout=5\r\n", 4_000],
    ["Keep-Alive: timeout=1000\r\n", 90_000],
  ] as const) {
    const rig = new Rig();
    await rig.exchange({}, answer("ok", fields));
    rig.clock.advance(ms - 1);
    assert.is(rig.stats, "1/0/0/0", fields);
    rig.clock.advance(1);
    assert.is(rig.stats, "0/0/0/0", fields);
    await rig.assertClean();
  }
});

limits("one whose time is over is passed over although the clock has not said so yet", async () => {
  const clock = new TestClock();
  let ahead = 0;
  const lagging = {
    now: () => clock.now() + ahead,
    watch: clock.watch.bind(clock),
    unwatch: clock.unwatch.bind(clock),
    nextTurn: clock.nextTurn.bind(clock),
  };
  const rig = new Rig({ platform: { clock: lagging } });
  const { server } = await rig.exchange();
  ahead = 90_001;
  const second = await rig.exchange();
  assert.is.not(second.server, server);
  assert.is(second.text, "ok");
  assert.is(server.end, "ended");
  assert.is(rig.stats, "1/0/0/0");
  rig.transport.closeIdleConnections();
  assert.is(rig.stats, "0/0/0/0");
  assert.is(clock.watched, 0);
});

limits("a connection older than maxConnAge is not kept", async () => {
  const rig = new Rig({ maxConnAge: 1_000 });
  await rig.exchange();
  rig.clock.advance(1_000);
  await rig.exchange();
  assert.is(rig.stats, "1/0/0/0");
  rig.clock.advance(1);
  const told: unknown[] = [];
  const trace = { putIdleConn: (kept: unknown) => void told.push(kept) };
  await rig.exchange({ options: { trace } });
  assert.equal(told, [{ closed: "its time is over" }]);
  assert.is(rig.stats, "0/0/0/0");
  await rig.assertClean();
});

limits("whoever waits longer than poolTimeout is told so, the others wait on", async () => {
  const rig = new Rig({ maxConnsPerHost: 1, poolTimeout: 1_000, responseHeaderTimeout: 9_000 });
  const { response, server } = await rig.asked();
  const second = rig.ask();
  second.catch(() => undefined);
  rig.clock.advance(500);
  const third = rig.ask();
  rig.clock.advance(500);
  await fails(second, "pool-timed-out", { phase: "pool", address: undefined });
  assert.is(rig.stats, "0/1/0/1");
  server.send(OK);
  await (await response).body.text();
  await settle();
  server.send(answer("third"));
  assert.is(await (await third).body.text(), "third");
  await rig.assertClean();
});

limits("at maxConns the idle connection of another host makes room, once", async () => {
  const rig = new Rig({ maxConns: 2 });
  await rig.exchange({ url: "http://a.test/" });
  await rig.exchange({ url: "http://b.test/" });
  assert.is(rig.stats, "2/0/0/0");
  assert.is((await rig.exchange({ url: "http://c.test/" })).text, "ok");
  assert.equal(
    rig.servers.map((server) => server.end),
    ["ended", "open", "open"],
  );
  assert.is(rig.dialled.length, 3);
  assert.is(rig.stats, "2/0/0/0");
  await rig.assertClean();
});

limits("at maxConns without an idle one the call waits for any place", async () => {
  const rig = new Rig({ maxConns: 1 });
  const { response, server } = await rig.asked({ url: "http://a.test/" });
  const other = rig.ask({ url: "http://b.test/" });
  await settle();
  assert.is(rig.stats, "0/1/0/1");
  server.send(answer("ok", "Connection: close\r\n"));
  await (await response).body.text();
  await settle();
  assert.is(rig.stats, "0/1/0/0");
  rig.servers[1]!.send(OK);
  assert.is(await (await other).body.text(), "ok");
  await rig.assertClean();
});

limits("one that becomes idle there makes room for who waits for another host", async () => {
  const rig = new Rig({ maxConns: 1 });
  const { response, server } = await rig.asked({ url: "http://a.test/" });
  const other = rig.ask({ url: "http://b.test/" });
  await settle();
  server.send(OK);
  await (await response).body.text();
  await settle();
  assert.is(rig.dialled[1], "b.test:80");
  rig.servers[1]!.send(OK);
  assert.is(await (await other).body.text(), "ok");
  await rig.assertClean();
});

limits(
  "connectTimeout holds also for a hook that knows none; what it gives late is closed",
  async () => {
    const rig = new Rig({ connectTimeout: 1_000 });
    const slow = gate();
    rig.beforeDial = () => slow.passed;
    const response = rig.ask();
    response.catch(() => undefined);
    await settle();
    rig.clock.advance(999);
    await settle();
    assert.is(rig.stats, "0/0/1/1");
    rig.clock.advance(1);
    await fails(response, "connect-timed-out", { phase: "connect" });
    slow.open();
    await rig.assertClean();
  },
);

const OFTEN = withDeadline(5_000, async () => {
  const servers: WireClient[] = [];
  const dial = async (): Promise<Conn> => {
    const [near, far] = pipe();
    servers.push(new WireClient(far));
    return near;
  };
  const transport = new Transport({}, { clock: new TimerClock(), dial });
  const from = performance.now();
  const own = { responseHeaderTimeout: 20 };
  await fails(
    transport.roundTrip(newRequest("GET", "http://a.test/"), own),
    "response-header-timed-out",
  );
  const took = performance.now() - from;
  assert.ok(took >= 19 && took < 400, `${took} ms`);
  transport.close();
});

limits("the clock looks often enough for a call with times of its own", OFTEN);

limits.run();

// --- giving up ------------------------------------------------------------------------------------

const giving = suite("Pool, giving up");

interface StateRow {
  readonly name: string;
  /** Brings a call with this signal into its state; answers what must end. */
  readonly into: (rig: Rig, signal: AbortSignal) => Promise<readonly [Promise<unknown>]>;
  readonly rig?: ConstructorParameters<typeof Rig>[0];
}

async function* endless(): AsyncGenerator<string> {
  for (;;) {
    yield "x";
    await settle(1);
  }
}

table<StateRow>(
  giving,
  [
    {
      name: "waiting in the pool",
      rig: { maxConnsPerHost: 1 },
      into: async (rig, signal) => {
        const busy = await rig.asked();
        const waiting = rig.ask({ signal });
        waiting.catch(() => busy.server.send(OK));
        busy.response.then(
          (response) => response.body.cancel(),
          () => undefined,
        );
        return [waiting];
      },
    },
    {
      name: "dialling",
      into: async (rig, signal) => {
        const slow = gate();
        rig.beforeDial = () => slow.passed;
        const response = rig.ask({ signal });
        response.catch(() => slow.open());
        return [response];
      },
    },
    {
      name: "its body half written",
      into: async (rig, signal) => [
        (await rig.asked({ method: "POST", body: endless(), signal })).response,
      ],
    },
    {
      name: "its body held back for 100",
      into: async (rig, signal) => {
        const header = { Expect: "100-continue" };
        return [(await rig.asked({ method: "PUT", body: "abc", header, signal })).response];
      },
    },
    {
      name: "the head awaited",
      into: async (rig, signal) => [(await rig.asked({ signal })).response],
    },
    {
      name: "the head half here",
      into: async (rig, signal) => {
        const { response, server } = await rig.asked({ signal });
        server.send("HTTP/1.1 200 O");
        return [response];
      },
    },
    {
      name: "the body half read",
      into: async (rig, signal) => {
        const { response, server } = await rig.asked({ signal });
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
        return [(await response).body.bytes()];
      },
    },
    {
      name: "the proxy being asked for",
      rig: { proxy: () => new Promise(() => undefined) },
      into: async (rig, signal) => [rig.ask({ signal })],
    },
  ],
  async ({ into, rig: options }) => {
    const rig = new Rig(options);
    const { signal, source } = counted();
    const [ended] = await into(rig, signal);
    ended.catch(() => undefined);
    await settle();
    source.abort(DIE);
    assert.is(await reasonOf(ended), DIE);
    assert.is(source.listeners, 0, "listeners");
    await settle();
    rig.beforeDial = undefined;
    if (options?.proxy === undefined) assert.is((await rig.exchange()).text, "ok", "poisoned");
    await rig.assertClean();
  },
);

giving("while the rest is drained there is nothing left to give up", async () => {
  const rig = new Rig();
  const { signal, source } = counted();
  const { response, server } = await rig.asked({ signal });
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
  (await response).body.cancel();
  assert.is(source.listeners, 0);
  source.abort(DIE);
  server.send("3456789");
  await settle();
  assert.is((await rig.exchange()).server, server);
  await rig.assertClean();
});

giving("close ends all: calls under way, those that wait, dials, and later ones", async () => {
  const rig = new Rig({ maxConnsPerHost: 2 });
  const head = await rig.asked();
  const reading = await rig.asked();
  reading.server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
  const content = (await reading.response).body.bytes();
  const waiting = rig.ask();
  const slow = gate();
  rig.beforeDial = () => slow.passed;
  const dialling = rig.ask({ url: "http://b.test/" });
  await settle();
  for (const one of [content, waiting, dialling]) one.catch(() => undefined);
  rig.transport.close();
  for (const one of [head.response, content, waiting, dialling, rig.ask()]) {
    await fails(one, "transport-closed");
  }
  slow.open();
  await rig.assertClean();
});

giving.run();

// --- pipelining -----------------------------------------------------------------------------------

const pipelined = suite("Pool, pipelining");

/** A connection that has served once, and calls written on it one behind the other. */
async function pipeline(rig: Rig, paths: readonly string[]): Promise<Promise<string>[]> {
  await rig.exchange();
  const calls = paths.map(async (path) => {
    const response = await rig.ask({ url: `http://a.test/${path}` });
    return response.body.text();
  });
  for (const call of calls) call.catch(() => undefined);
  await settle();
  return calls;
}

const PIPELINE = { maxConnsPerHost: 1, pipeliningDepth: 3 } as const;

pipelined("requests go out together and answers are matched in order", async () => {
  for (const cut of [{}, { chop: 1 }]) {
    const rig = new Rig({ ...PIPELINE, pipe: cut });
    const calls = await pipeline(rig, ["a", "b", "c", "d"]);
    const [server] = rig.servers;
    assert.equal(server!.text.match(/GET \/\w? /g), ["GET / ", "GET /a ", "GET /b ", "GET /c "]);
    assert.is(rig.stats, "0/1/0/1");
    server!.send(["a", "b", "c"].map((name) => answer(name)).join(""));
    assert.equal(await Promise.all(calls.slice(0, 3)), ["a", "b", "c"]);
    await settle();
    server!.send(answer("d"));
    assert.is(await calls[3], "d");
    assert.is(rig.dialled.length, 1);
    await rig.assertClean();
  }
});

pipelined("what is not safe waits its turn, and nothing follows what closes", async () => {
  const rig = new Rig(PIPELINE);
  const calls = await pipeline(rig, ["a"]);
  const post = rig.ask({ method: "POST", body: "x" });
  await settle();
  assert.is(rig.stats, "0/1/0/1");
  rig.servers[0]!.send(answer("a"));
  assert.is(await calls[0], "a");
  await settle();
  rig.servers[0]!.send(answer("post"));
  assert.is(await (await post).body.text(), "post");
  await rig.assertClean();
});

for (const [what, fail] of [
  [
    "closes after the first",
    (server: WireClient) => server.send(answer("a", "Connection: close\r\n")),
  ],
  [
    "is cut after the first",
    (server: WireClient) => {
      server.send(answer("a"));
      server.conn.close();
    },
  ],
] as const) {
  pipelined(`when the connection ${what}, the others are asked again, each its own`, async () => {
    const rig = new Rig(PIPELINE);
    const calls = await pipeline(rig, ["a", "b", "c"]);
    fail(rig.servers[0]!);
    assert.is(await calls[0], "a");
    await settle();
    for (const name of ["b", "c"]) {
      const server = rig.servers.at(-1)!;
      assert.match(server.text, new RegExp(`GET /${name} [^]*\\r\\n\\r\\n$`));
      server.send(answer(name));
      await settle();
    }
    assert.equal(await Promise.all(calls), ["a", "b", "c"]);
    await rig.assertClean();
  });
}

pipelined("one that may not be repeated is told that no answer came", async () => {
  const rig = new Rig({ ...PIPELINE, retry: "never" });
  const calls = await pipeline(rig, ["a", "b"]);
  rig.servers[0]!.send(answer("a", "Connection: close\r\n"));
  assert.is(await calls[0], "a");
  await fails(calls[1]!, "no-more-answers", { phase: "wait" });
  await rig.assertClean();
});

pipelined("a broken body in front: its reader hears it, the others are asked again", async () => {
  const rig = new Rig(PIPELINE);
  const calls = await pipeline(rig, ["a", "b"]);
  rig.servers[0]!.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  await fails(calls[0]!, "bad-chunk-size");
  await settle();
  rig.servers[1]!.send(answer("b"));
  assert.is(await calls[1], "b");
  await rig.assertClean();
});

pipelined("a body in front that is cancelled costs the connection, not the others", async () => {
  const rig = new Rig(PIPELINE);
  await rig.exchange();
  const first = rig.ask();
  const second = rig.ask();
  await settle();
  rig.servers[0]!.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
  (await first).body.cancel();
  await settle();
  rig.servers[1]!.send(answer("b"));
  assert.is(await (await second).body.text(), "b");
  await rig.assertClean();
});

pipelined(
  "one behind gives up: the one in front reads on, those behind it are asked again",
  async () => {
    const rig = new Rig(PIPELINE);
    await rig.exchange();
    const { signal, source } = counted();
    const first = rig.ask({ url: "http://a.test/1" });
    const second = rig.ask({ url: "http://a.test/2", signal });
    const third = rig.ask({ url: "http://a.test/3" });
    await settle();
    rig.servers[0]!.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12");
    const { body } = await first;
    source.abort(DIE);
    assert.is(await reasonOf(second), DIE);
    rig.servers[0]!.send(`34${answer("not for three")}`);
    assert.is(await body.text(), "1234");
    await settle();
    assert.match(rig.servers[1]!.text, /^GET \/3 /);
    rig.servers[1]!.send(answer("3"));
    assert.is(await (await third).body.text(), "3");
    assert.is(source.listeners, 0);
    await rig.assertClean();
  },
);

pipelined("the one in front is late: it fails, the others are asked again", async () => {
  const rig = new Rig({ ...PIPELINE, responseHeaderTimeout: 1_000 });
  const calls = await pipeline(rig, ["a", "b"]);
  rig.clock.advance(1_000);
  await fails(calls[0]!, "response-header-timed-out");
  await settle();
  rig.servers[1]!.send(answer("b"));
  assert.is(await calls[1], "b");
  await rig.assertClean();
});

pipelined.run();

// Who gets which connection: waiting, dialling, limits, and giving up in every state.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, TimerClock, pipe } from "../../../lib/bufio/mod.ts";
import { PoolHost } from "../../../lib/client/pool/pool-host.ts";
import { Transport } from "../../../lib/client/transport.ts";
import { newRequest } from "../../../lib/message/mod.ts";
import { TestClock, WireClient, settle } from "../../../lib/testing/mod.ts";
import { table, withDeadline } from "../../kit.ts";
import { OK, Rig, answer, counted, fails, reasonOf } from "../rig.ts";

const DIE = new Error("enough");

/** A promise and its end. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Counts the hosts that pools remember from here on: a pool tells nobody. */
function countHosts(): { readonly count: number; stop(): void } {
  const kept = new Set<unknown>();
  const methods = Object.getOwnPropertyDescriptors(Map.prototype);
  const define = (name: "set" | "delete", watch: (key: unknown, value: unknown) => void): void => {
    const method: unknown = methods[name].value;
    const value = function (this: unknown, ...args: [unknown, unknown]): unknown {
      watch(...args);
      return Reflect.apply(method as () => unknown, this, args);
    };
    Object.defineProperty(Map.prototype, name, { ...methods[name], value });
  };
  define("set", (key, value) => {
    if (value instanceof PoolHost) kept.add(key);
  });
  define("delete", (key) => kept.delete(key));
  return {
    get count() {
      return kept.size;
    },
    stop: () => void Object.defineProperties(Map.prototype, methods),
  };
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

order("a limit of 1 keeps one", async () => {
  for (const limit of [{ maxIdleConnsPerHost: 1 }, { maxIdleConns: 1 }]) {
    const rig = new Rig(limit);
    await rig.exchange();
    assert.is(rig.stats, "1/0/0/0");
    await rig.assertClean();
  }
});

order("a connection holds no process by itself", async () => {
  let unrefs = 0;
  const servers: WireClient[] = [];
  const dial = (): Promise<Conn> => {
    const [near, far] = pipe();
    servers.push(new WireClient(far));
    return Promise.resolve(Object.assign(near, { unref: () => void unrefs++ }));
  };
  const rig = new Rig({ platform: { dial } });
  const response = rig.ask();
  await settle();
  assert.is(unrefs, 1);
  servers[0]!.send(OK);
  await (await response).body.text();
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

limits("a host is forgotten with its last connection", async () => {
  const rig = new Rig();
  const hosts = countHosts();
  try {
    const { response, server } = await rig.asked();
    assert.is(hosts.count, 1);
    server.send(answer("ok", "Connection: close\r\n"));
    await (await response).body.text();
    await settle();
    assert.is(hosts.count, 0);
  } finally {
    hosts.stop();
  }
  await rig.assertClean();
});

limits("a host is forgotten when the last that waits for a place there gives up", async () => {
  const rig = new Rig({ maxConns: 1 });
  const { response, server } = await rig.asked({ url: "http://a.test/" });
  const hosts = countHosts();
  try {
    const { signal, source } = counted();
    const other = rig.ask({ url: "http://b.test/", signal });
    await settle();
    assert.is(hosts.count, 1);
    source.abort(DIE);
    assert.is(await reasonOf(other), DIE);
    assert.is(hosts.count, 0);
  } finally {
    hosts.stop();
  }
  server.send(OK);
  await (await response).body.text();
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

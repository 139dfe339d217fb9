/**
 * Every wait of SERVER_TIMEOUTS: nothing happens just before its time, the outcome at it.
 *
 * Rule of this file: a TestClock, so that no test waits; each row of the table in lib has a row here.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler, ResponseWriter } from "../../lib/server/mod.ts";
import { DEFAULT_TIMEOUTS, SERVER_TIMEOUTS } from "../../lib/server/mod.ts";
import { type PeerEnd, TestServer, type WireClient, settle } from "../../lib/testing/mod.ts";
import { type Row, table, withDeadline } from "../kit.ts";
import {
  CONTINUE,
  DEADLINE_MS,
  DATE,
  type Memory,
  answer,
  echoTarget,
  gate,
  get,
  post,
  refusal,
} from "./tools.ts";

const test = suite("timeouts");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));

const REQUEST_TIMEOUT = refusal("408 Request Timeout");

interface Wait extends Row {
  readonly timeout: keyof typeof SERVER_TIMEOUTS;
  readonly ms: number;
  readonly handler?: Handler;
  /** Brings the connection to where the wait begins. Default: nothing is sent. */
  readonly begin?: (client: WireClient, server: Memory) => Promise<void> | void;
  /** What has come just before the time, and at it. */
  readonly before: string;
  readonly at: string;
  readonly endBefore?: PeerEnd;
  readonly endAt: PeerEnd;
  /** The states at the end. */
  readonly states: readonly string[];
  /** The codes that refusals or the handler were told. */
  readonly codes?: readonly string[];
}

const codes: string[] = [];

/** Keeps the code of what a promise rejects with. */
async function codeOf(promise: Promise<unknown>): Promise<void> {
  await promise.catch((error: unknown) => codes.push((error as { code: string }).code));
}

const sends =
  (...pieces: string[]) =>
  async (client: WireClient): Promise<void> => {
    for (const piece of pieces) {
      client.send(piece);
      await settle();
    }
  };

const waits: readonly Wait[] = [
  {
    name: "no byte of a head: closed without a word",
    timeout: "readHeaderTimeout",
    ms: 60_000,
    before: "",
    at: "",
    endAt: "ended",
    states: ["new", "closed"],
  },
  {
    name: "a part of a head: 408",
    section: "RFC 9110 §15.5.9",
    timeout: "readHeaderTimeout",
    ms: 60_000,
    begin: sends("GET / HTTP/1.1\r\n"),
    before: "",
    at: REQUEST_TIMEOUT,
    endAt: "ended",
    states: ["new", "active"],
    codes: ["header-timeout"],
  },
  {
    name: "an empty line is no byte of a head: closed without a word",
    section: "RFC 9112 §2.2",
    timeout: "readHeaderTimeout",
    ms: 60_000,
    begin: sends("\r\n"),
    before: "",
    at: "",
    endAt: "ended",
    states: ["new", "closed"],
  },
  {
    name: "a later head has its own time, from its first byte",
    timeout: "readHeaderTimeout",
    ms: 60_000,
    begin: async (client, server) => {
      await sends(get())(client);
      server.clock.advance(70_000);
      await sends("G")(client);
    },
    before: answer("/"),
    at: answer("/") + REQUEST_TIMEOUT.replace(DATE, "Date: Tue, 01 Jan 2030 00:02:10 GMT\r\n"),
    endAt: "ended",
    states: ["new", "active", "idle", "active"],
    codes: ["header-timeout"],
  },
  {
    name: "an idle connection is closed without a word",
    section: "RFC 9112 §9.5",
    timeout: "idleTimeout",
    ms: 75_000,
    begin: sends(get()),
    before: answer("/"),
    at: answer("/"),
    endAt: "ended",
    states: ["new", "active", "idle", "closed"],
  },
  {
    name: "a body that stalls rejects its reader; the answer says close",
    timeout: "readTimeout",
    ms: 60_000,
    handler: async (w, r) => {
      await codeOf(r.body.text());
      await w.write("so be it");
    },
    begin: sends(post("abc").slice(0, -1)),
    before: "",
    at: answer("so be it", { connection: "close" }),
    endAt: "ended",
    states: ["new", "active"],
    codes: ["body-timeout"],
  },
  {
    name: "a body that stalls is 408 when the handler lets the error through",
    section: "DESIGN §2.7",
    timeout: "readTimeout",
    ms: 60_000,
    handler: async (w, r) => w.write(await r.body.text()),
    begin: sends(post("abc").slice(0, -1)),
    before: "",
    at: "HTTP/1.1 408 Request Timeout\r\n",
    endAt: "ended",
    states: ["new", "active"],
  },
  {
    name: "an invited body that does not come",
    timeout: "readTimeout",
    ms: 60_000,
    handler: async (w, r) => {
      await codeOf(r.body.text());
      await w.write("x");
    },
    begin: sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"),
    before: CONTINUE,
    at: CONTINUE + answer("x", { connection: "close" }),
    endAt: "ended",
    states: ["new", "active"],
    codes: ["body-timeout"],
  },
  {
    name: "a handler that never begins its answer: 503",
    timeout: "handlerTimeout",
    ms: 300_000,
    handler: async (w, r) => {
      const { signal } = r;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      codes.push(signal.reason.code);
      await codeOf(w.write("late"));
    },
    begin: sends(get()),
    before: "",
    at: "HTTP/1.1 503 Service Unavailable\r\n",
    endAt: "ended",
    states: ["new", "active"],
    codes: ["handler-timeout", "handler-timeout"],
  },
  {
    name: "the rest of an unread body that does not come: closed",
    timeout: "drainTimeout",
    ms: 5_000,
    begin: sends(post("abc").slice(0, -1)),
    before: answer("/"),
    at: answer("/"),
    endAt: "ended",
    states: ["new", "active"],
  },
  {
    name: "a client that does not close after a refusal is closed",
    timeout: "lingerTimeout",
    ms: 2_000,
    begin: sends("GARBAGE\r\n\r\n"),
    before: refusal("400 Bad Request"),
    at: refusal("400 Bad Request"),
    endBefore: "ended",
    endAt: "ended",
    states: ["new", "active", "closed"],
    codes: ["bad-request-line"],
  },
  {
    name: "a client that takes nothing of an answer is cut",
    timeout: "writeTimeout",
    ms: 60_000,
    handler: async (w) => {
      const write = async (): Promise<void> => {
        for (let i = 0; i < 10; i++) await w.write(new Uint8Array(50_000));
      };
      await codeOf(write());
    },
    begin: async (client) => {
      client.pause();
      await sends(get())(client);
    },
    before: "",
    at: "",
    endAt: "reset",
    states: ["new", "active", "closed"],
    codes: ["write-timeout"],
  },
];

table(test, waits, (row) => withDeadline(DEADLINE_MS, () => wait(row))());

async function wait(row: Wait): Promise<void> {
  codes.length = 0;
  await using server = TestServer.inMemory(row.handler ?? echoTarget, {
    onRefusal: (event) => codes.push(event.code),
  });
  const client = await server.connect();
  await settle();
  await row.begin?.(client, server);
  assert.is(DEFAULT_TIMEOUTS[row.timeout], row.ms);
  server.clock.advance(row.ms - 1);
  await settle();
  assert.is(client.text, row.before, "a millisecond before");
  assert.is(client.end, row.endBefore ?? "open", "a millisecond before");
  server.clock.advance(1);
  await settle();
  if (row.at.endsWith("\r\n") && row.at.startsWith("HTTP/1.1 ") && !row.at.includes("\r\n\r\n")) {
    assert.ok(client.text.startsWith(row.at), `begins with ${row.at}, is ${client.text}`);
    assert.match(client.text, "Connection: close\r\n");
  } else {
    // What is answered at its time shows that time.
    const at = new Date(server.clock.now()).toUTCString();
    const late = row.at.slice(row.before.length).replaceAll(DATE, `Date: ${at}\r\n`);
    assert.is(client.text, row.before + late, "at its time");
  }
  assert.is(client.end, row.endAt, "at its time");
  assert.equal(server.states, row.states);
  assert.equal(codes, row.codes ?? []);
  // Whatever comes after a refusal is over after linger; nothing may be left behind.
  server.clock.advance(5_000);
  await settle();
  assert.is(server.states.at(-1), "closed");
  assert.is(server.clock.watched, 0, "alarms left");
}

test("each wait of the table has a row here, but those of the rim", () => {
  const covered = new Set(waits.map((row) => row.timeout));
  const rim = ["tlsHandshakeTimeout"];
  const missing = Object.keys(SERVER_TIMEOUTS).filter(
    (name) => !rim.includes(name) && !covered.has(name as Wait["timeout"]),
  );
  assert.equal(missing, []);
});

it("slow bytes do not extend the time of a head (slowloris)", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  for (let ms = 0; ms < 60_000; ms += 10_000) {
    client.send("G");
    await settle();
    server.clock.advance(10_000);
  }
  await settle();
  assert.is(client.end, "ended");
  assert.match(client.text, "408 Request Timeout");
});

it("the time of a first head began with the connection, however late its first byte came", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  await settle();
  server.clock.advance(59_999);
  client.send("GET / HTTP/1.1\r\n");
  await settle();
  assert.is(client.end, "open");
  server.clock.advance(1);
  await settle();
  assert.match(client.text, "408 Request Timeout");
});

it("bytes of a body extend its time: progress counts, not duration", async () => {
  await using server = TestServer.inMemory(async (w, r) => w.write(await r.body.text()));
  const client = await server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  for (const byte of "abcde") {
    await settle();
    server.clock.advance(59_000);
    client.send(byte);
  }
  await settle();
  assert.match(client.text, /^HTTP\/1\.1 200 OK/);
  assert.match(client.text, /abcde$/);
});

it("a slow client that takes something is not cut: progress counts", async () => {
  const piece = 50_000;
  await using server = TestServer.inMemory(async (w) => {
    for (let i = 0; i < 12; i++) await w.write(new Uint8Array(piece));
  });
  const client = await server.connect({ highWaterBytes: 65_536 });
  client.pause();
  client.send(get());
  await settle();
  for (let i = 0; i < 20 && client.received.length < 12 * piece; i++) {
    server.clock.advance(59_000);
    assert.is(client.end, "open", `round ${i}`);
    // Takes one delivery, then stops again.
    client.resume();
    client.pause();
    client.conn.resume();
    await settle();
  }
  client.resume();
  await settle(20);
  assert.is(client.end, "open");
  assert.ok(client.received.length > 12 * piece);
});

it("a client that pipelines and takes nothing is cut", async () => {
  await using server = TestServer.inMemory((w) => void w.write("x".repeat(2000)));
  const client = await server.connect();
  client.pause();
  client.send(get().repeat(200));
  await settle();
  server.clock.advance(59_999);
  await settle();
  assert.is(client.end, "open");
  server.clock.advance(1);
  await settle();
  assert.is(client.end, "reset");
  assert.is(server.clock.watched, 0);
});

it("a client that takes something once has one more writeTimeout, not all of them", async () => {
  await using server = TestServer.inMemory((w) => void w.write("x".repeat(600_000)));
  const client = await server.connect();
  client.pause();
  client.send(get());
  await settle();
  server.clock.advance(30_000);
  client.conn.resume();
  await settle();
  for (const end of ["open", "reset"]) {
    server.clock.advance(60_000);
    await settle();
    assert.is(client.end, end);
  }
});

it("a slow client gets the whole of an answer whose handler has ended", async () => {
  for (const connection of ["close", "keep-alive"]) {
    await using server = TestServer.inMemory((w) => void w.write("x".repeat(600_000)));
    const client = await server.connect();
    client.pause();
    client.send(get("/", `Connection: ${connection}\r\n`));
    await settle();
    for (let i = 0; i < 30 && !client.text.endsWith("0\r\n\r\n"); i++) {
      server.clock.advance(30_000);
      await settle();
      assert.is(client.error, undefined, `round ${i}, ${client.received.length} bytes`);
      // Takes one delivery, then stops again.
      client.conn.resume();
      await settle();
    }
    assert.ok(client.text.endsWith("0\r\n\r\n"), connection);
    client.resume();
    await settle();
    assert.is(client.end, connection === "close" ? "ended" : "open");
  }
});

it("the time of the handler is not counted once the head is out", async () => {
  const later = gate();
  await using server = TestServer.inMemory(async (w) => {
    await w.flush();
    await later.promise;
    await w.write("x");
  });
  const client = await server.connect();
  client.send(get());
  await settle();
  server.clock.advance(3_600_000);
  await settle();
  later.open();
  await settle();
  assert.is(client.end, "open");
  assert.match(client.text, /1\r\nx\r\n0\r\n\r\n$/);
});

it("a handler that reads its body for long is bounded by handlerTimeout all the same", async () => {
  await using server = TestServer.inMemory(async (w, r) => w.write(await r.body.text()));
  const client = await server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
  for (let i = 0; i < 11; i++) {
    await settle();
    server.clock.advance(30_000);
    client.send("x");
  }
  await settle();
  assert.match(client.text, "503 Service Unavailable");
  assert.equal(server.log, ["the handler did not begin its answer within handlerTimeout"]);
});

it("the timeouts are options; Infinity switches one off", async () => {
  await using server = TestServer.inMemory(echoTarget, {
    idleTimeout: Infinity,
    readHeaderTimeout: 100,
  });
  const client = await server.connect();
  client.send(get());
  await settle();
  server.clock.advance(100_000_000);
  await settle();
  assert.is(client.end, "open");
  client.send("G");
  await settle();
  server.clock.advance(100);
  await settle();
  assert.match(client.text, "408 Request Timeout");
});

it("the next request after an idle time is served", async () => {
  await using server = TestServer.inMemory(echoTarget);
  const client = await server.connect();
  client.send(get("/1"));
  await settle();
  server.clock.advance(74_999);
  client.send(get("/2"));
  await settle();
  server.clock.advance(74_999);
  await settle();
  assert.is(client.end, "open");
  assert.match(client.text, /\/1HTTP[^]*\/2$/);
});

// --- per request ----------------------------------------------------------------------------------

interface PerRequest extends Row {
  readonly set: (w: ResponseWriter, at: number) => void;
  readonly code: string;
}
const perRequest: readonly PerRequest[] = [
  {
    name: "setReadDeadline rejects the read of the body at its instant",
    section: "Go: SetReadDeadline",
    set: (w, at) => w.setReadDeadline(at),
    code: "body-timeout",
  },
];

table(test, perRequest, (row) =>
  withDeadline(DEADLINE_MS, async () => {
    const read = gate<unknown>();
    await using server = TestServer.inMemory(async (w, r) => {
      row.set(w, server.clock.now() + 5_000);
      read.open(await r.body.text().catch((error: unknown) => error));
      await w.write("x");
    });
    const client = await server.connect();
    client.send(post("abc").slice(0, -1));
    await settle();
    server.clock.advance(4_999);
    await settle();
    assert.is(client.text, "");
    server.clock.advance(1);
    assert.is(((await read.promise) as { code: string }).code, row.code);
    await settle();
    assert.match(client.text, "Connection: close\r\n");
  })(),
);

it("a read deadline that passes without a read does not abort the signal (Go issue 70834)", async () => {
  const later = gate();
  const aborted = gate<boolean>();
  await using server = TestServer.inMemory(async (w, r) => {
    w.setReadDeadline(server.clock.now() + 5_000);
    const { signal } = r;
    await later.promise;
    aborted.open(signal.aborted);
    await w.write("x");
  });
  const client = await server.connect();
  client.send(get());
  await settle();
  server.clock.advance(10_000);
  await settle();
  later.open();
  assert.is(await aborted.promise, false);
  await settle();
  assert.match(client.text, /^HTTP\/1\.1 200 OK/);
});

it("setWriteDeadline cuts the answer at its instant", async () => {
  const failure = gate<unknown>();
  await using server = TestServer.inMemory(async (w) => {
    w.setWriteDeadline(server.clock.now() + 5_000);
    try {
      for (;;) await w.write(new Uint8Array(50_000));
    } catch (error) {
      failure.open(error);
    }
  });
  const client = await server.connect();
  client.pause();
  client.send(get());
  await settle();
  server.clock.advance(4_999);
  await settle();
  assert.is(client.end, "open");
  server.clock.advance(1);
  assert.is(((await failure.promise) as { code: string }).code, "write-timeout");
  await settle();
  assert.is(client.end, "reset");
});

it("a deadline is taken back with Infinity, and is gone with the request", async () => {
  await using server = TestServer.inMemory((w, r) => {
    w.setReadDeadline(server.clock.now() + 10);
    w.setWriteDeadline(server.clock.now() + 10);
    if (r.target === "/1") {
      w.setReadDeadline(Infinity);
      w.setWriteDeadline(Infinity);
    }
    void w.write(r.target);
  });
  const client = await server.connect();
  for (const target of ["/1", "/2", "/3"]) {
    client.send(get(target));
    await settle();
    server.clock.advance(1_000);
    await settle();
    assert.is(client.end, "open", target);
  }
});

test.run();

/**
 * ResponseWriter: strings, bytes, trailers and promises, and what may not go out.
 *
 * Rule of this file: exact octets where there are some, errors by their code.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ResponseWriter } from "../../lib/server/mod.ts";
import { TestClock, TestServer, latin1, settle } from "../../lib/testing/mod.ts";
import { rejects, throwsCode, withDeadline } from "../kit.ts";
import {
  DATE,
  DEADLINE_MS,
  type Exchange,
  TEXT,
  answer,
  chunk,
  exchanges,
  gate,
  get,
  old,
  post,
  quiet,
  refusal,
  x,
} from "./tools.ts";

const test = suite("ResponseWriter");
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));
const head = (target = "/"): string => `HEAD ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;

// --- trailers ------------------------------------------------------------------------------------

const TRAILED = "Trailer: X-Sum\r\n";

const trailers: readonly Exchange[] = [
  {
    name: "trailers set before the head are announced and sent, and make chunks",
    section: "RFC 9110 §6.5",
    handler: async (w) => {
      w.trailer.set("X-Sum", "?");
      await w.write("abc");
      w.trailer.set("X-Sum", "42");
    },
    send: get() + get(),
    expect: answer(`${chunk("abc")}0\r\nX-Sum: 42\r\n\r\n`, {
      set: TRAILED,
      chunked: "chunked",
    }).repeat(2),
  },
  {
    name: "trailers announced by a Trailer field",
    handler: async (w) => {
      w.header.set("Trailer", "X-Sum");
      await w.write("abc");
      w.trailer.set("X-Sum", "42");
    },
    send: get(),
    expect: answer(`${chunk("abc")}0\r\nX-Sum: 42\r\n\r\n`, { set: TRAILED, chunked: "chunked" }),
  },
  {
    name: "1.0 gets no trailers",
    section: "RFC 9112 §7.1.2",
    handler: async (w) => {
      w.trailer.set("X-Sum", "42");
      await w.write("abc");
    },
    send: old(),
    expect: answer("abc", { version: 0, length: "none" }),
    end: "ended",
  },
  {
    name: "HEAD gets none either, but hears of them",
    handler: async (w) => {
      w.trailer.set("X-Sum", "42");
      await w.write("abc");
    },
    send: head() + get("/2"),
    expect:
      answer("", { set: TRAILED, length: "none", type: TEXT }) +
      answer(`${chunk("abc")}0\r\nX-Sum: 42\r\n\r\n`, { set: TRAILED, chunked: "chunked" }),
  },
  {
    name: "the trailers of a request are there when its body has been read",
    handler: async (w, r) => {
      const before = r.trailer.get("x-sum") ?? "none";
      await r.body.text();
      await w.write(`${before} ${r.trailer.get("x-sum")} ${[...r.trailer].length}`);
    },
    send: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n${chunk("abc")}0\r\nX-Sum: 7\r\n\r\n`,
    expect: answer("none 7 1"),
  },
  {
    name: "forbidden trailers of a request are left out",
    section: "RFC 9110 §6.5.1",
    handler: async (w, r) => {
      await r.body.text();
      await w.write([...r.trailer].map(([name]) => name).join());
    },
    send: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: b\r\nContent-Length: 5\r\nX-Ok: 1\r\n\r\n${get("/2")}`,
    expect: answer("X-Ok") + answer("", {}),
  },
];
exchanges(test, trailers);

// --- what may not go out -------------------------------------------------------------------------

const INTERNAL = answer("Internal Server Error\n", {
  line: "500 Internal Server Error",
  set: `Content-Type: ${TEXT}\r\nX-Content-Type-Options: nosniff\r\n`,
  type: "none",
});

const unsafe: readonly Exchange[] = (
  [
    ["a CRLF in a value", (w) => w.header.set("A", "b\r\nSet-Cookie: c")],
    ["a bare LF in a value", (w) => w.header.set("A", "b\nc")],
    ["a bare CR in a value", (w) => w.header.set("A", "b\rc")],
    ["a NUL in a value", (w) => w.header.set("A", "b\0c")],
    ["a char above U+00FF in a value", (w) => w.header.set("A", "\u010d")],
    ["a lone surrogate in a value", (w) => w.header.set("A", "\ud800")],
    ["a space in a name", (w) => w.header.set("A B", "c")],
    ["a colon in a name", (w) => w.header.set("A:", "c")],
    ["an empty name", (w) => w.header.set("", "c")],
    ["a CRLF in an added value", (w) => w.header.add("A", "b\r\n\r\n<script>")],
  ] as readonly (readonly [string, (w: ResponseWriter) => void])[]
).map(([what, set]) => ({
  name: `${what} is refused: 500, nothing of it on the wire`,
  section: "DESIGN §2.4",
  handler: async (w: ResponseWriter) => {
    set(w);
    await w.write("secret");
  },
  send: get() + get(),
  expect: INTERNAL + INTERNAL,
  also: (server: { errors: unknown[] }) => assert.is(server.errors.length, 2, "onError is told"),
}));
exchanges(test, unsafe);

const sendings: readonly (readonly [string, (w: ResponseWriter) => Promise<void> | void])[] = [
  ["a large write", (w) => w.write(x(5000))],
  ["a flush", (w) => w.flush()],
  ["an interim answer", (w) => w.writeHeader(103)],
];
exchanges(
  test,
  sendings.map(([what, send]) => ({
    name: `${what} with a bad field fails in the handler, and the answer is 500`,
    handler: async (w: ResponseWriter): Promise<void> => {
      w.header.set("A", "b\r\nc");
      await send(w);
    },
    send: get() + get(),
    expect: INTERNAL + INTERNAL,
  })),
);

it("write and flush reject, they do not throw", async () => {
  await using server = TestServer.inMemory(async (w) => {
    w.header.set("A", "b\r\nc");
    await rejects(w.flush(), "bad-field-value");
    await rejects(w.write(x(5000)), "bad-field-value");
  });
  const { text } = await server.exchange(get());
  assert.match(text, /^HTTP\/1\.1 500 /);
  assert.equal(
    server.errors.map((error) => (error as { code: string }).code),
    ["bad-field-value"],
  );
});

it("a trailer that is bad before the head is out gets 500, and is not announced", async () => {
  const lines = [
    ["a b", "c", "bad-field-name"],
    ["A", "b\r\nc", "bad-field-value"],
    ["Content-Length", "3", "forbidden-trailer"],
  ] as const;
  for (const [name, value, code] of lines) {
    await using server = TestServer.inMemory(async (w) => {
      w.trailer.set(name, value);
      await w.write("abc");
      await rejects(w.flush(), code);
    });
    const { text } = await server.exchange(get());
    assert.match(text, /^HTTP\/1\.1 500 /);
    assert.not.match(text, "Trailer");
  }
});

it("a bad trailer cuts the answer instead of going out", async () => {
  for (const set of [
    (w: ResponseWriter) => w.trailer.set("A", "b\r\nc"),
    (w: ResponseWriter) => w.trailer.set("Content-Length", "3"),
  ]) {
    await using server = TestServer.inMemory(async (w) => {
      w.trailer.set("X", "1");
      await w.flush();
      await w.write("abc");
      set(w);
    });
    const { text, end } = await server.exchange(get());
    assert.not.match(text, "b\r\nc");
    assert.not.match(text, "Content-Length");
    assert.not.match(text, "0\r\n\r\n", "it does not look complete");
    assert.is.not(end, "open");
  }
});

// --- strings and bytes ---------------------------------------------------------------------------

const strings: readonly Exchange[] = [
  {
    name: "strings are UTF-8, their length counted in bytes",
    handler: (w) => void w.write("h\u00e9 \u20ac \u{1f600}"),
    send: get() + get(),
    expect: answer("h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80").repeat(2),
  },
  {
    name: "lone surrogates become U+FFFD",
    handler: (w) => void w.write("a\ud800b\udc00c"),
    send: get(),
    expect: answer("a\xef\xbf\xbdb\xef\xbf\xbdc"),
  },
  {
    name: "a declared length counts the bytes of UTF-8",
    handler: (w) => {
      w.header.set("Content-Length", "3");
      void w.write("\u20ac");
    },
    send: get(),
    expect: answer("\xe2\x82\xac", { set: "Content-Length: 3\r\n", length: "none" }),
  },
  {
    name: "text and bytes keep their order in one answer",
    handler: async (w) => {
      await w.write("a");
      await w.write("\u00e9");
      await w.write(Uint8Array.of(98));
      await w.write("c");
    },
    send: get(),
    expect: answer("a\xc3\xa9bc"),
  },
  {
    name: "in chunks too",
    handler: async (w) => {
      await w.flush();
      await w.write("a");
      await w.flush();
      await w.write("\u00e9");
      await w.write(x(3000));
    },
    send: get(),
    expect: answer(`${chunk("a")}${chunk("\xc3\xa9")}${chunk(x(3000))}0\r\n\r\n`, {
      chunked: "chunked",
      type: "none",
    }),
  },
];
exchanges(test, strings);

it("an array may be used again when its write has resolved", async () => {
  for (const size of [3, 2000, 3000, 20_000, 100_000]) {
    await using server = TestServer.inMemory(async (w) => {
      const piece = new Uint8Array(size);
      for (const byte of [97, 98, 99, 100]) {
        piece.fill(byte);
        await w.write(piece);
      }
      piece.fill(122);
    });
    for (const chop of [undefined, 700]) {
      const client = await server.connect({ chop, highWaterBytes: 5_000 });
      client.send(get("/", "Connection: close\r\n"));
      await client.ended();
      const letters = client.text.slice(client.text.indexOf("\r\n\r\n"));
      for (const byte of "abcd") {
        assert.is(letters.split(byte).length - 1 >= size, true, `${byte} of ${size}`);
      }
      assert.not.match(letters, "z");
    }
  }
});

// --- promises ------------------------------------------------------------------------------------

it("write answers one constant promise while little waits", async () => {
  const promises: Promise<void>[] = [];
  await using server = TestServer.inMemory((w) => {
    for (let i = 0; i < 10; i++) promises.push(w.write("x"));
  });
  await server.exchange(get());
  assert.is(new Set(promises).size, 1);
});

it("a handler that writes small pieces without end lets others have their turn", async () => {
  let writes = 0;
  let stop = false;
  const clock = new TestClock({ turns: "manual" });
  await using server = TestServer.inMemory(
    async (w) => {
      while (!stop) {
        await w.write("x");
        writes++;
      }
    },
    { clock },
  );
  const client = await server.connect();
  client.send(get());
  await settle();
  assert.ok(writes > 0 && writes < 300_000, `${writes} writes in a turn`);
  const before = writes;
  clock.turn();
  await settle();
  assert.ok(writes > before, "it goes on in the next turn");
  stop = true;
  clock.turn();
  await quiet(client);
  assert.ok(client.text.endsWith("0\r\n\r\n"));
});

it("a write nobody awaits never ends the process", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  try {
    let late: ResponseWriter | undefined;
    await using server = TestServer.inMemory(async (w, r) => {
      late = w;
      w.header.set("Content-Length", "1");
      void w.write("ab");
      void w.write("ab");
      const gone = new Promise((resolve) => r.signal.addEventListener("abort", resolve));
      void w.flush();
      await gone;
      void w.write("x");
      void w.flush();
    });
    const client = await server.connect();
    client.send(get());
    await settle();
    client.reset();
    await settle();
    void late?.write("x");
    void late?.flush();
    await settle(4);
  } finally {
    process.off("unhandledRejection", listen);
  }
  assert.equal(unhandled, []);
});

it("the same for a write that waits when the client goes", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  try {
    const later = gate();
    await using server = TestServer.inMemory(async (w) => {
      for (let i = 0; i < 20; i++) void w.write(new Uint8Array(50_000));
      await later.promise;
    });
    const client = await server.connect();
    client.pause();
    client.send(get());
    await settle();
    client.reset();
    await settle(4);
    later.open();
    await settle(4);
  } finally {
    process.off("unhandledRejection", listen);
  }
  assert.equal(unhandled, []);
});

// --- after the handler ---------------------------------------------------------------------------

it("a call after the handler has ended is refused with handler-done", async () => {
  const kept: ResponseWriter[] = [];
  await using server = TestServer.inMemory((w, r) => {
    kept.push(w);
    void w.write(r.target);
  });
  const client = await server.connect();
  client.send(get("/1"));
  await quiet(client);
  const [w] = kept;
  assert.ok(w);
  await rejects(w.write("late"), "handler-done");
  await rejects(w.flush(), "handler-done");
  throwsCode(() => w.writeHeader(500), "handler-done");
  throwsCode(() => w.hijack(), "handler-done");
  w.abort();
  client.send(get("/2"));
  await quiet(client);
  assert.is(client.text, answer("/1") + answer("/2"), "the next answer is untouched");
  assert.is(client.end, "open", "and a late abort() does not end the connection");
});

it("nothing is written after a handler that failed in the middle", async () => {
  const kept: ResponseWriter[] = [];
  await using server = TestServer.inMemory(async (w) => {
    kept.push(w);
    await w.write("begun");
    await w.flush();
    throw new Error("enough");
  });
  const { end } = await server.exchange(get());
  assert.is(end, "ended");
  await rejects(kept[0]!.write("late"), "handler-done");
  await rejects(kept[0]!.flush(), "handler-done");
});

it("deadlines set after the handler has ended do not reach the next request", async () => {
  const kept: ResponseWriter[] = [];
  const later = gate();
  await using server = TestServer.inMemory(async (w, r) => {
    kept.push(w);
    if (r.target === "/2") await later.promise;
    await w.write(r.target);
  });
  const client = await server.connect();
  client.send(get("/1") + get("/2"));
  await quiet(client);
  const attempt = (fn: () => void): void => {
    try {
      fn();
    } catch (error) {
      assert.is((error as { code: string }).code, "handler-done");
    }
  };
  attempt(() => kept[0]?.setWriteDeadline(server.clock.now() + 5));
  attempt(() => kept[0]?.setReadDeadline(server.clock.now() + 5));
  server.clock.advance(10);
  await settle();
  later.open();
  await quiet(client);
  assert.is(client.text, answer("/1") + answer("/2"));
  assert.is(client.end, "open");
});

it("a signal asked for after the handler has ended is that of the old request, aborted", async () => {
  const kept: (() => AbortSignal)[] = [];
  const later = gate();
  await using server = TestServer.inMemory(async (w, r) => {
    kept.push(() => r.signal);
    if (r.target === "/2") await later.promise;
    await w.write(r.target);
  });
  const client = await server.connect();
  client.send(get("/1") + get("/2"));
  await quiet(client);
  const [first, second] = kept.map((signal) => signal());
  assert.ok(first?.aborted);
  assert.is(first?.reason.code, "handler-done");
  assert.is.not(first, second);
  assert.not(second?.aborted);
  later.open();
  await quiet(client);
});

it("a read that the handler did not wait for does not disturb the next request", async () => {
  const codes: string[] = [];
  await using server = TestServer.inMemory(async (w, r) => {
    if (r.target === "/1") {
      void r.body.text().catch((error: unknown) => codes.push((error as { code: string }).code));
      return w.write("not waited");
    }
    await w.write(await r.body.text());
  });
  const client = await server.connect();
  client.send(post("abcdef", "", "/1").slice(0, -3));
  await settle();
  client.send("def");
  await settle();
  client.send(post("second", "", "/2").slice(0, -3));
  await settle();
  client.send("ond");
  await quiet(client);
  assert.is(client.text, answer("not waited") + answer("second"));
  assert.equal(codes, ["handler-done"]);
  assert.equal(server.errors, []);
});

it("the body of a request is refused after the handler with handler-done", async () => {
  const late = gate<() => Promise<unknown>>();
  await using server = TestServer.inMemory((w, r) => {
    late.open(() => r.body.text());
    void w.write("x");
  });
  await server.exchange(post("abc") + get());
  await rejects((await late.promise)(), "handler-done");
});

// --- abort, duplex, sent -------------------------------------------------------------------------

it("abort() cuts the connection: before the head the client gets nothing", async () => {
  for (const flush of [false, true]) {
    await using server = TestServer.inMemory(async (w) => {
      await w.write("abc");
      if (flush) await w.flush();
      w.abort();
      await rejects(w.write("def"), flush ? "handler-done" : "handler-done").catch(() => undefined);
    });
    const { text, end } = await server.exchange(get());
    assert.is(end, "reset");
    assert.not.match(text, "0\r\n\r\n");
    if (!flush) assert.is(text, "");
    await settle();
    assert.is(server.states.at(-1), "closed");
    assert.equal(server.log, [], "as Go's ErrAbortHandler it is not logged");
  }
});

it("full duplex is the default: the body is read while the answer is written", async () => {
  await using server = TestServer.inMemory(async (w, r) => {
    await w.flush();
    for await (const piece of r.body) {
      await w.write(piece);
      await w.flush();
    }
  });
  const client = await server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  await client.readUntil("\r\n\r\n");
  for (const word of ["one", "two", "three"]) {
    client.send(chunk(word));
    assert.is(await client.readUntil(`${word}\r\n`), chunk(word));
  }
  client.send("0\r\n\r\n");
  assert.is(await client.readUntil("0\r\n\r\n"), "0\r\n\r\n");
  client.send(post("", "Transfer-Encoding: chunked\r\n").replace("Content-Length: 0\r\n", ""));
  client.send("0\r\n\r\n");
  assert.match(await client.readUntil("0\r\n\r\n"), /^HTTP\/1\.1 200 OK/);
});

it("what was flushed arrives before the handler ends, in one write each", async () => {
  const later = gate();
  await using server = TestServer.inMemory(async (w) => {
    await w.write("abc");
    await w.flush();
    await later.promise;
  });
  const client = await server.connect();
  client.send(get());
  await quiet(client);
  assert.is(client.text, answer(chunk("abc"), { chunked: "chunked" }));
  assert.is(client.pieces.length, 1);
  later.open();
  await quiet(client);
  assert.is(latin1(client.pieces[1] ?? new Uint8Array(0)), "0\r\n\r\n");
});

it("sent tells status, bytes and head", async () => {
  const seen: unknown[] = [];
  await using server = TestServer.inMemory(async (w) => {
    seen.push(w.sent);
    w.writeHeader(201);
    seen.push(w.sent);
    await w.write("\u20ac");
    seen.push(w.sent);
    await w.flush();
    seen.push(w.sent);
  });
  await server.exchange(get());
  assert.equal(seen, [
    { status: 0, bytes: 0, head: "pending" },
    { status: 201, bytes: 0, head: "pending" },
    { status: 201, bytes: 3, head: "pending" },
    { status: 201, bytes: 3, head: "sent" },
  ]);
});

it("the request line and the Date of a refusal do not come from the answer before", async () => {
  await using server = TestServer.inMemory((w) => {
    w.header.set("X-Secret", "1");
    void w.write("x");
  });
  const { text } = await server.exchange(`${get()}BAD\r\n\r\n`);
  assert.is(text, answer("x", { set: "X-Secret: 1\r\n" }) + refusal("400 Bad Request"));
  assert.match(text, DATE);
});

test.run();

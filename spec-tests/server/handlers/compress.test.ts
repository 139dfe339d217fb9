/**
 * compress: which answers are compressed, and what is said and done then.
 *
 * Rule of this file: the compressor is one that can be read: `[abc]` for what was written, `|` for a flush,
 * `$` at the end. node:zlib's are tested in adapters.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type {
  CompressOptions,
  Compressor,
  Handler,
  ResponseWriter,
} from "../../../lib/server/mod.ts";
import { compress } from "../../../lib/server/mod.ts";
import { TestServer, newTestRequest, record, settle } from "../../../lib/testing/mod.ts";
import { bytes, rejects, table, text, withDeadline } from "../../kit.ts";

const test = suite("compress");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(4000, fn));

/** Counts how many are at work. */
class Brackets implements Compressor {
  static open = 0;
  #open = true;
  constructor() {
    Brackets.open++;
  }
  async write(data: Uint8Array): Promise<Uint8Array> {
    // A large piece takes longer: order must not depend on it.
    await settle(data.length > 3 ? 2 : 1);
    if (text(data).includes("!")) throw new Error("the compressor broke");
    return bytes(`[${text(data)}]`);
  }
  async flush(): Promise<Uint8Array> {
    return bytes("|");
  }
  async end(): Promise<Uint8Array> {
    return bytes("$");
  }
  close(): void {
    if (this.#open) Brackets.open--;
    this.#open = false;
  }
}

const OPTIONS: CompressOptions = {
  compressions: [{ coding: "gzip", create: () => new Brackets() }],
  minBytes: 4,
};

const accepting = (
  method = "GET",
  more: [string, string][] = [],
): ReturnType<typeof newTestRequest> =>
  newTestRequest(method, "/", { header: [["Accept-Encoding", "gzip"], ...more] });

const typed =
  (type: string, body: string, fields: Record<string, string> = {}, status = 200): Handler =>
  (w) => {
    w.header.set("Content-Type", type);
    for (const [name, value] of Object.entries(fields)) w.header.set(name, value);
    w.writeHeader(status);
    return status === 204 || status === 304 ? undefined : w.write(body);
  };

it("a text is compressed, and its fields say so", async () => {
  const fields = { "Content-Length": "6", "Accept-Ranges": "bytes", ETag: '"x"', Vary: "Origin" };
  const recorded = await record(
    compress(OPTIONS)(typed("text/plain", "abcdef", fields)),
    accepting(),
  );
  assert.is(recorded.text, "[abcdef]$");
  const { header } = recorded;
  assert.is(header.get("content-encoding"), "gzip");
  assert.is(header.get("vary"), "Origin, Accept-Encoding");
  assert.is(header.get("etag"), 'W/"x"');
  assert.is(header.get("accept-ranges"), undefined);
  assert.is(header.get("content-type"), "text/plain");
  assert.is(header.get("content-length"), "9");
  assert.is(Brackets.open, 0);
});

interface Left {
  readonly name: string;
  readonly section?: string;
  readonly handler: Handler;
  readonly request?: () => ReturnType<typeof newTestRequest>;
  readonly vary?: string;
  readonly text?: string;
}

const left: readonly Left[] = [
  { name: "a short body", handler: typed("text/plain", "abc"), text: "abc" },
  { name: "no body", handler: () => undefined, text: "" },
  { name: "an image", handler: typed("image/png", "abcdef") },
  {
    name: "a type that is found out to be an image",
    handler: (w) => w.write(bytes("\x89PNG\r\n\x1a\n")),
    text: "\ufffdPNG\r\n\x1a\n",
  },
  { name: "no type at all", handler: (w) => (w.omit("Content-Type"), w.write("abcdef")) },
  {
    name: "what is encoded already",
    handler: typed("text/plain", "abcdef", { "Content-Encoding": "br" }),
  },
  {
    name: "no-transform",
    section: "RFC 9111 §5.2.2.6",
    handler: typed("text/plain", "abcdef", { "Cache-Control": "public, No-Transform" }),
  },
  { name: "a digest", handler: typed("text/plain", "abcdef", { "Content-Digest": "sha-256=:x:" }) },
  {
    name: "a part",
    handler: typed("text/plain", "abcdef", { "Content-Range": "bytes 0-5/9" }, 206),
  },
  { name: "204", handler: typed("text/plain", "", {}, 204), text: "" },
  {
    name: "304, which says by what was chosen",
    section: "RFC 9110 §15.4.5",
    handler: typed("text/plain", "", { ETag: '"x"' }, 304),
    text: "",
    vary: "Accept-Encoding",
  },
  {
    name: "a client that wants it as it is",
    handler: typed("text/plain", "abcdef"),
    request: () => newTestRequest("GET", "/"),
    vary: "Accept-Encoding",
  },
  {
    name: "HEAD",
    handler: typed("text/plain", "abcdef"),
    request: () => accepting("HEAD"),
    text: "",
    vary: "Accept-Encoding",
  },
  {
    name: "HEAD of an image",
    handler: typed("image/png", "abcdef"),
    request: () => accepting("HEAD"),
    text: "",
  },
  {
    name: "HEAD of nobody knows what",
    handler: () => undefined,
    request: () => accepting("HEAD"),
    text: "",
  },
  {
    name: "an upgrade",
    handler: typed("text/plain", "abcdef"),
    request: () => accepting("GET", [["Upgrade", "x"]]),
  },
];

table(test, left, async ({ handler, request, vary, text: body }) => {
  const recorded = await record(compress(OPTIONS)(handler), (request ?? accepting)());
  assert.is(recorded.text, body ?? "abcdef");
  const coding = recorded.header.get("content-encoding");
  assert.ok(coding === undefined || coding === "br");
  assert.is(recorded.header.get("vary"), vary);
  if (recorded.header.has("etag")) assert.is(recorded.header.get("etag"), '"x"');
});

it("a client that holds the compressed form recognises its tag in a 304", async () => {
  const request = accepting("GET", [["If-None-Match", '"y", W/"x"']]);
  const handler = compress(OPTIONS)(typed("text/plain", "", { ETag: '"x"' }, 304));
  assert.is((await record(handler, request)).header.get("etag"), 'W/"x"');
});

it("a type that is not told is found out before", async () => {
  const recorded = await record(
    compress(OPTIONS)((w) => w.write("<html>")),
    accepting(),
  );
  assert.is(recorded.header.get("content-type"), "text/html; charset=utf-8");
  assert.is(recorded.text, "[<html>]$");
});

it("types may be chosen, and a weak tag stays one", async () => {
  const handler = compress({ ...OPTIONS, types: (type) => type === "image/png" })(
    typed("image/png", "abcdef", { ETag: 'W/"x"' }),
  );
  const recorded = await record(handler, accepting());
  assert.is(recorded.text, "[abcdef]$");
  assert.is(recorded.header.get("etag"), 'W/"x"');
});

it("small writes are held together until it pays; nothing is overtaken", async () => {
  const handler: Handler = async (w) => {
    w.header.set("Content-Type", "text/plain");
    w.writeHeader(202, { reason: "Fine" });
    w.header.set("X-Late", "1");
    w.writeHeader(500);
    const room = bytes("ab");
    void w.write(room);
    room.fill(0x21);
    void w.write("");
    void w.write("cdefg");
    void w.write("h");
    void w.write("");
    await w.write("\u00e9");
  };
  const recorded = await record(compress(OPTIONS)(handler), accepting());
  assert.is(recorded.text, "[ab][cdefg][h][\u00e9]$");
  assert.is(recorded.status, 202);
  assert.is(recorded.statusText, "Fine");
  assert.is(recorded.header.get("x-late"), undefined);
  assert.match(recorded.log.join(), /superfluous writeHeader\(500\)/);
});

it("flush sends what there is, at once", async () => {
  let go!: () => void;
  const handler: Handler = async (w) => {
    w.header.set("Content-Type", "text/event-stream");
    await w.flush();
    await w.write("a");
    await w.flush();
    await new Promise<void>((resolve) => (go = resolve));
    await w.write("b");
  };
  await using server = TestServer.inMemory(compress(OPTIONS)(handler));
  const client = await server.connect();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
  assert.match(await client.readUntil("\r\n\r\n"), /Content-Encoding: gzip/);
  assert.match(await client.readUntil("[a]"), /\|/);
  await client.readUntil("|");
  go();
  await client.readUntil("[b]");
  assert.match(await client.readUntil("0\r\n\r\n"), /\$/);
});

it("flushing what is not compressed", async () => {
  const handler: Handler = async (w) => {
    await w.flush();
    await w.write("abcdef");
    await w.flush();
  };
  const recorded = await record(compress(OPTIONS)(handler), accepting());
  assert.is(recorded.text, "abcdef");
  assert.is(recorded.flushed, true);
});

it("interim answers pass, a status that is none does not", async () => {
  const handler: Handler = async (w) => {
    w.writeHeader(103);
    await w.write("abcdef");
  };
  const recorded = await record(compress(OPTIONS)(handler), accepting());
  assert.is(recorded.interim[0]?.status, 103);
  assert.is(recorded.text, "[abcdef]$");
  const bad = await record(
    compress(OPTIONS)((w) => w.writeHeader(0)),
    accepting(),
  );
  assert.is((bad.error as { code: string }).code, "bad-status");
});

it("a handler that fails before enough was written gets its 500, as it is", async () => {
  const handler: Handler = async (w) => {
    await w.write("ab");
    throw new Error("boom");
  };
  const recorded = await record(compress(OPTIONS)(handler), accepting());
  assert.is(recorded.status, 500);
  assert.is(recorded.text, "Internal Server Error\n");
  assert.is(recorded.header.get("content-encoding"), undefined);
});

it("one that fails later is cut, and its compressor freed", async () => {
  const handler: Handler = async (w) => {
    await w.write("abcdef");
    await w.flush();
    throw new Error("boom");
  };
  const recorded = await record(compress(OPTIONS)(handler), accepting());
  assert.is(recorded.end, "cut");
  assert.is(Brackets.open, 0);
  const sync: Handler = (w) => {
    void w.write("abcdef");
    throw new Error("boom");
  };
  await record(compress(OPTIONS)(sync), accepting());
  assert.is(Brackets.open, 0);
});

it("a length that was promised holds for what the handler writes", async () => {
  const more: Handler = async (w) => {
    w.header.set("Content-Type", "text/plain");
    w.header.set("Content-Length", "5");
    await w.write("abcde");
    await rejects(w.write("f"), "content-length-mismatch");
  };
  assert.is((await record(compress(OPTIONS)(more), accepting())).text, "[abcde]$");
  const less = typed("text/plain", "abcde", { "Content-Length": "6" });
  const recorded = await record(compress(OPTIONS)(less), accepting());
  assert.is((recorded.error as { code: string }).code, "content-length-mismatch");
  assert.not.match(recorded.text, /\$/);
});

it("a compressor that breaks cuts the answer, and writes after it fail the same way", async () => {
  const handler: Handler = async (w) => {
    await w.write("abcd");
    await w.write("!").catch(() => undefined);
    await w.write("e").then(
      () => assert.unreachable(),
      (error: unknown) => assert.is((error as Error).message, "the compressor broke"),
    );
  };
  const recorded = await record(compress(OPTIONS)(handler), accepting());
  assert.is((recorded.error as Error).message, "the compressor broke");
  assert.is(Brackets.open, 0);
});

it("only so many at the same time; the rest go as they are", async () => {
  const limited = compress({ ...OPTIONS, maxConcurrent: 1 });
  let go!: () => void;
  const waiting = limited(async (w) => {
    await w.write("abcdef");
    await new Promise<void>((resolve) => (go = resolve));
  });
  const first = record(waiting, accepting());
  await settle();
  const handler = limited((w) => w.write("abcdef"));
  // Another middleware of its own has its own places.
  const second = await record(handler, accepting());
  assert.is(second.text, "abcdef");
  assert.is(second.header.get("vary"), "Accept-Encoding");
  go();
  assert.is((await first).text, "[abcdef]$");
  assert.is((await record(handler, accepting())).text, "[abcdef]$");
});

it("after the end nothing is written any more", async () => {
  let writer!: ResponseWriter;
  const handler: Handler = (w) => {
    writer = w;
    return w.write("abcdef");
  };
  await record(compress(OPTIONS)(handler), accepting());
  await rejects(writer.write("more"), "handler-done");
  await rejects(writer.flush(), "handler-done");
});

it("a client that leaves ends the work", async () => {
  let failed: unknown;
  const handler: Handler = async (w, r) => {
    await w.write("abcdef");
    await w.flush();
    await new Promise((resolve) => r.signal.addEventListener("abort", resolve));
    for (let i = 0; i < 5 && failed === undefined; i++) {
      await w.write("abcdef").catch((error: unknown) => (failed = error));
    }
  };
  await using server = TestServer.inMemory(compress(OPTIONS)(handler));
  const client = await server.connect();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
  await client.readUntil("|");
  client.reset();
  await settle(8);
  assert.ok(failed !== undefined);
  assert.is(Brackets.open, 0);
  assert.equal(server.errors, []);
});

test.run();

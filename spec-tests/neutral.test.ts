/**
 * The server without Node: a bundle for no platform serves in a realm that has only web standards.
 *
 * Rule of this file: what must hold, 4. The realm is given what lib/pure-env.d.ts names and nothing else.
 */
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withDeadline } from "./kit.ts";

const test = suite("neutral");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(20_000, fn));

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The doors as one script for no platform that leaves its exports in `barewire`. */
async function bundle(...doors: string[]): Promise<{ code: string; inputs: string[] }> {
  const contents = doors.map((door) => `export * from "./lib/${door}/mod.ts";`).join("\n");
  const built = await build({
    stdin: { contents, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    platform: "neutral",
    format: "iife",
    globalName: "barewire",
    target: "es2023",
    logLevel: "silent",
  });
  return { code: built.outputFiles[0]?.text ?? "", inputs: Object.keys(built.metafile.inputs) };
}

/** A realm with the web standards that the pure rooms may use. */
function realm(): object {
  return createContext({
    setTimeout,
    clearTimeout,
    queueMicrotask,
    performance,
    TextEncoder,
    TextDecoder,
    AbortController,
    AbortSignal,
    URL,
    URLSearchParams,
    ReadableStream,
  });
}

/** Runs an async function's body in the realm; `barewire` is the bundle. Answers a copy of its value. */
async function run(context: object, body: string): Promise<unknown> {
  const script = `(async () => { ${body} })().then((value) => JSON.stringify(value))`;
  return JSON.parse((await (runInContext(script, context) as Promise<string>)) ?? "null");
}

/** A client in the realm: collects what comes until the server ends. */
const CLIENT = `
  const collect = (conn, input) => new Promise((resolve) => {
    let text = "";
    conn.start({
      onBytes(bytes) { for (const byte of bytes) text += String.fromCharCode(byte); return "more"; },
      onEnd() { conn.close(); },
      onError() { resolve(text); },
    });
    conn.write(input);
  });
`;
const SERVER = `
  const server = new barewire.Server({
    handler: async (w, r) => {
      w.header.set("X-Path", r.path);
      await w.write((await r.body.text()) || r.query.get("q") || "hello");
    },
    errorLog: (line) => { throw new Error(line); },
  });
`;
const INPUT = JSON.stringify(
  "GET /a%20b?q=%C3%BC HTTP/1.1\r\nHost: a\r\n\r\n" +
    "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" +
    "GET /d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
);

function checkAnswers(text: unknown): void {
  assert.type(text, "string");
  const answers = String(text).replace(/Date: [^\r]*\r\n/g, "");
  const type = "Content-Type: text/plain; charset=utf-8\r\n";
  const answer = (path: string, body: string, more = ""): string =>
    `HTTP/1.1 200 OK\r\nX-Path: ${path}\r\nContent-Length: ${body.length}\r\n${type}${more}\r\n${body}`;
  assert.is(
    answers,
    answer("/a b", "\xc3\xbc") +
      answer("/c", "abc") +
      answer("/d", "hello", "Connection: close\r\n"),
  );
}

it("the realm has no Node: the test would notice if it had", async () => {
  const found = await run(
    realm(),
    `return ["process", "Buffer", "require", "global", "setImmediate", "console", "fetch", "module"]
      .filter((name) => name in globalThis)`,
  );
  // V8 itself puts a console into each realm.
  assert.equal(
    (found as string[]).filter((name) => name !== "console"),
    [],
  );
});

it("the bundle takes nothing from Node and no room above server", async () => {
  const { code, inputs } = await bundle("server", "bufio");
  assert.not.match(code, /\b(?:require|import)\s*\(/);
  assert.not.match(code, /node:/);
  const rooms = new Set(inputs.map((path) => /^lib\/([a-z]+)\//.exec(path)?.[1]));
  rooms.delete(undefined);
  assert.equal(
    [...rooms].sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    ["bufio", "message", "semantics", "server", "wire"],
  );
});

it("it serves over pipe()", async () => {
  const { code } = await bundle("server", "bufio");
  const context = realm();
  runInContext(code, context);
  const text = await run(
    context,
    `${CLIENT}${SERVER}
    const [ours, theirs] = barewire.pipe();
    server.serveConn(theirs);
    const text = await collect(ours, ${INPUT});
    await server.shutdown();
    return text;`,
  );
  checkAnswers(text);
});

it("it serves over WebConn, a pair of web streams", async () => {
  const { code } = await bundle("server", "bufio");
  const context = Object.assign(realm(), { WritableStream });
  runInContext(code, context);
  const text = await run(
    context,
    `${SERVER}
    let text = "";
    const input = ${INPUT};
    const readable = new ReadableStream({
      start(controller) {
        controller.enqueue(Uint8Array.from(input, (char) => char.charCodeAt(0)));
      },
    });
    const ended = new Promise((resolve) => {
      const writable = new WritableStream({
        write(chunk) { for (const byte of chunk) text += String.fromCharCode(byte); },
        close: resolve,
      });
      server.serveConn(new barewire.WebConn({ readable, writable }));
    });
    await ended;
    await server.close();
    return text;`,
  );
  checkAnswers(text);
});

it("its timeouts work with nothing but setTimeout", async () => {
  const { code } = await bundle("server", "bufio");
  const context = realm();
  runInContext(code, context);
  const text = await run(
    context,
    `${CLIENT}
    const server = new barewire.Server({ readHeaderTimeout: 20, handler: () => undefined });
    const [ours, theirs] = barewire.pipe();
    server.serveConn(theirs);
    const text = await collect(ours, "GET / HTT");
    await server.close();
    return text.split("\\r\\n")[0];`,
  );
  assert.is(text, "HTTP/1.1 408 Request Timeout");
});

it("the client's bundle takes nothing from Node and no room above client", async () => {
  const { code, inputs } = await bundle("client", "bufio", "message");
  assert.not.match(code, /\b(?:require|import)\s*\(/);
  assert.not.match(code, /node:/);
  const rooms = new Set(inputs.map((path) => /^lib\/([a-z]+)\//.exec(path)?.[1]));
  rooms.delete(undefined);
  assert.equal(
    [...rooms].sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    ["bufio", "client", "message", "semantics", "wire"],
  );
});

it("it asks over pipe(): get, post, a redirect, a cookie, connections kept", async () => {
  const { code } = await bundle("client", "server", "bufio");
  const context = realm();
  runInContext(code, context);
  const answers = await run(
    context,
    `const server = new barewire.Server({
      handler: async (w, r) => {
        if (r.path === "/from") {
          w.header.set("Location", "/to");
          w.header.set("Set-Cookie", "a=1");
          w.writeHeader(302);
          return;
        }
        await w.write(r.method + " " + r.path + " " + (r.header.get("cookie") ?? "-") + " " + (await r.body.text()));
      },
    });
    let dials = 0;
    const clock = new barewire.TimerClock();
    const transport = new barewire.Transport({
      dial: async () => {
        const [ours, theirs] = barewire.pipe();
        dials++;
        server.serveConn(theirs);
        return ours;
      },
    }, { clock });
    const client = new barewire.Client({ transport, clock, jar: new barewire.CookieJar() });
    const texts = [];
    for (const ask of [
      () => client.get("http://a.example/get"),
      () => client.post("http://a.example/post", "text/plain", "body"),
      () => client.get("http://a.example/from"),
    ]) {
      const response = await ask();
      texts.push(response.status + " " + (await response.body.text()));
    }
    transport.close();
    await server.close();
    return { texts, dials };`,
  );
  assert.equal(answers, {
    texts: ["200 GET /get - ", "200 POST /post - body", "200 GET /to a=1 "],
    dials: 1,
  });
});

test.run();

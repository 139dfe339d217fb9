/**
 * What the front door loads, and what keeps a process alive: seen in processes of their own.
 *
 * Rule of this file: each child serves a request, prints what it saw as JSON, and ends by itself.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { listenAndServe } from "../../lib/adapters/mod.ts";
import { withDeadline } from "../kit.ts";

const test = suite("the platform");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(20_000, fn));

const ROOT = new URL("../../", import.meta.url);

/** Runs a module in a child; `lib` in it stands for the folder of that name. Answers what it prints. */
async function child(source: string): Promise<{ out: string; code: number | null }> {
  const lib = new URL("lib", ROOT).href;
  const hook = fileURLToPath(new URL("scripts/ts-hook.mjs", ROOT));
  const args = ["--enable-source-maps", "--import", hook, "--input-type=module", "-e"];
  const process_ = spawn(process.execPath, [...args, source.replaceAll("LIB", lib)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  process_.stdout.on("data", (data: Buffer) => (out += data.toString()));
  const timer = setTimeout(() => process_.kill("SIGKILL"), 15_000);
  const code = await new Promise<number | null>((resolve) => process_.on("close", resolve));
  clearTimeout(timer);
  return { out, code };
}

const ASK = `
  const { connect } = await import("node:net");
  const ask = (port) => new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n"));
    socket.on("data", (data) => text += data.toString("latin1")).on("close", () => resolve(text));
  });
`;

it("serving loads none of Node's HTTP modules (what must hold, 3)", async () => {
  const { out, code } = await child(`
    import { listenAndServe } from "LIB/mod.ts";
    ${ASK}
    const server = await listenAndServe("127.0.0.1:0", (w) => void w.write("hi"));
    const text = await ask(server.addr.port);
    await server.shutdown();
    const list = () => process.moduleLoadList.filter((name) => /\\b_?https?\\d?(_|\\b)/.test(name));
    const before = list();
    await import("node:" + "http");
    console.log(JSON.stringify({ ok: text.endsWith("hi"), before, seen: list().length > 0 }));
  `);
  assert.equal(JSON.parse(out), { ok: true, before: [], seen: true });
  assert.is(code, 0);
});

it("importing the front door loads neither TLS, crypto nor zlib: who needs them loads them", async () => {
  const { out, code } = await child(`
    import * as door from "LIB/mod.ts";
    const list = () => process.moduleLoadList.filter((name) => /NativeModule (?:tls|_tls_wrap|crypto|zlib)$/.test(name));
    const before = list();
    door.compress();
    const server = new door.Server({ handler: door.notFoundHandler() });
    await server.listenAndServeTLS("127.0.0.1:0", { cert: "", key: "" }).catch(() => undefined);
    console.log(JSON.stringify({ before, after: list().length }));
  `);
  assert.equal(JSON.parse(out), { before: [], after: 4 });
  assert.is(code, 0);
});

it("importing fetch loads none of Node's HTTP modules, and calling it does, with the platform's classes", async () => {
  const { out, code } = await child(`
    import { createFetch, fetch } from "LIB/adapters/fetch.ts";
    import { listenAndServe } from "LIB/mod.ts";
    const list = () => process.moduleLoadList.filter((name) => /\\b_?https?\\d?(_|\\b)|undici/.test(name)).length;
    const server = await listenAndServe("127.0.0.1:0", (w) => void w.write("hi"));
    createFetch();
    await fetch("/relative").catch(() => undefined);
    const before = list();
    const response = await fetch("http://127.0.0.1:" + server.addr.port);
    const is = response instanceof Response;
    console.log(JSON.stringify({ before, after: list() > 0, is, text: await response.text() }));
    await server.shutdown();
  `);
  assert.equal(JSON.parse(out), { before: 0, after: true, is: true, text: "hi" });
  assert.is(code, 0);
});

it("a script that has fetched ends by itself, its body unread", async () => {
  const server = await listenAndServe("127.0.0.1:0", (w) => w.write(new Uint8Array(10_000_000)));
  try {
    const { out, code } = await child(`
      import { fetch } from "LIB/adapters/fetch.ts";
      const response = await fetch("http://127.0.0.1:${server.addr?.port ?? 0}");
      process.on("exit", () => console.log("ended", response.status));
    `);
    assert.is(out, "ended 200\n");
    assert.is(code, 0);
  } finally {
    await server.close();
  }
});

it("the process ends by itself after shutdown", async () => {
  const { out, code } = await child(`
    import { listenAndServe } from "LIB/mod.ts";
    ${ASK}
    const server = await listenAndServe("127.0.0.1:0", (w) => void w.write("hi"));
    await ask(server.addr.port);
    await server.shutdown();
    process.on("exit", () => console.log("ended"));
  `);
  assert.is(out, "ended\n");
  assert.is(code, 0);
});

it("unref lets the process end while the server listens", async () => {
  const { out, code } = await child(`
    import { listenAndServe } from "LIB/mod.ts";
    const server = await listenAndServe("127.0.0.1:0", () => undefined);
    server.unref();
    process.on("exit", () => console.log("ended"));
  `);
  assert.is(out, "ended\n");
  assert.is(code, 0);
});

it("a handler that throws is logged to the console, and the process lives", async () => {
  const { out, code } = await child(`
    import { listenAndServe } from "LIB/mod.ts";
    ${ASK}
    console.error = (...args) => console.log("logged", args[0], args[1]?.message);
    const server = await listenAndServe("127.0.0.1:0", () => { throw new Error("why"); });
    const text = await ask(server.addr.port);
    console.log(text.split("\\r\\n")[0]);
    await server.shutdown();
  `);
  assert.is(out, "logged the handler of GET / failed why\nHTTP/1.1 500 Internal Server Error\n");
  assert.is(code, 0);
});

test.run();

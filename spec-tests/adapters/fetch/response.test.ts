/**
 * The Response of fetch beside a real one: each member, in each order of use.
 *
 * Rule of this file: the real one is what the platform's fetch gives for the same URL; a script of steps is run
 * on both, and each step must come to the same.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fetch } from "../../../lib/adapters/fetch.ts";
import { type Row, table, withDeadline } from "../../kit.ts";
import { outcome, platformFetch, withServer } from "./kit.ts";

const test = suite("the response of fetch");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(20_000, fn));

type Step = (response: Response) => unknown;

const steps: Readonly<Record<string, Step>> = {
  text: (r) => r.text(),
  json: (r) => r.json(),
  arrayBuffer: async (r) => Buffer.from(await r.arrayBuffer()).toString(),
  bytes: async (r) => {
    const bytes = await (r as Response & { bytes(): Promise<Uint8Array> }).bytes();
    return [bytes.constructor.name, Buffer.from(bytes).toString()];
  },
  blob: async (r) => {
    const blob = await r.blob();
    return [blob instanceof Blob, blob.type, await blob.text()];
  },
  formData: async (r) =>
    Object.fromEntries(await (r as { formData(): Promise<FormData> }).formData()),
  used: (r) => r.bodyUsed,
  locked: (r) => r.body?.locked,
  isNull: (r) => r.body === null,
  sameBody: (r) => isTheSame(r.body, r.body),
  sameHeaders: (r) => isTheSame(r.headers, r.headers),
  clone: async (r) => {
    const copy = r.clone();
    return [
      copy instanceof Response,
      copy.status,
      copy.url === r.url,
      copy.type,
      copy.bodyUsed,
      await copy.text(),
    ];
  },
  cloneUnread: (r) => r.clone().bodyUsed,
  read: async (r) => {
    const reader = (r.body as ReadableStream<Uint8Array>).getReader();
    const pieces: Uint8Array[] = [];
    for (let step = await reader.read(); !step.done; step = await reader.read())
      pieces.push(step.value);
    reader.releaseLock();
    return Buffer.concat(pieces).toString();
  },
  readInto: async (r) => {
    const reader = (r.body as ReadableStream<Uint8Array>).getReader({ mode: "byob" });
    const first = await reader.read(new Uint8Array(3));
    reader.releaseLock();
    return Buffer.from(first.value ?? []).toString();
  },
  lock: (r) => void r.body?.getReader(),
  // Not awaited: that of one half of a clone waits for the other.
  cancel: (r) => r.body?.cancel("no more").catch(() => undefined) instanceof Promise,
  again: async (r) => {
    const next = new Response(r.body as never, r);
    return [next.status, next.headers.get("content-type"), await next.text()];
  },
  tag: (r) => [Object.prototype.toString.call(r), r.constructor === Response, r.constructor.name],
  keys: (r) => {
    const names: string[] = [];
    for (const name in r) names.push(name);
    return names.toSorted();
  },
  headerKinds: (r) => [
    r.headers instanceof Headers,
    r.headers.constructor === Headers,
    Object.prototype.toString.call(r.headers),
    r.headers.get("Content-Type"),
    r.headers.has("nothing"),
    new Headers(r.headers).get("content-type"),
    [...r.headers.keys()].includes("content-type"),
    typeof structuredClone,
  ],
  wrongReceiver: (r) =>
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(r), "status")?.get?.call({}) as unknown,
  write: (r) => {
    "use strict";
    (r as { status: number }).status = 5;
  },
};

function isTheSame(first: unknown, second: unknown): boolean {
  return first === second;
}

/** Every pair and the triples that are likely to go wrong. */
const names = Object.keys(steps).filter((name) => name !== "wrongReceiver");
const pairs = names.flatMap((first) => names.map((second) => [first, second]));
const chosen: readonly (readonly string[])[] = [
  ["wrongReceiver"],
  ["clone", "text", "clone"],
  ["clone", "clone", "json"],
  ["cloneUnread", "used", "text", "used"],
  ["locked", "clone", "used", "read", "used", "locked"],
  ["readInto", "used", "text"],
  ["readInto", "read", "used"],
  ["text", "used", "locked", "text", "clone", "blob"],
  ["blob", "used", "text"],
];

const singles = names.map((name) => [name]);

interface Place extends Row {
  readonly path: string;
  readonly scripts: readonly (readonly string[])[];
}

table(
  (name, fn) => it(name, async () => fn()),
  [
    { name: "a form", path: "/form", scripts: pairs },
    { name: "JSON with a mark", path: "/json", scripts: singles },
    { name: "an empty body", path: "/status/200", scripts: singles },
    { name: "no body", path: "/status/204", scripts: pairs },
    { name: "content in a coding", path: "/coded/gzip", scripts: singles },
    { name: "a body that breaks off", path: "/cut", scripts: pairs },
  ] satisfies Place[],
  ({ path, scripts }) =>
    withServer(async (url) => {
      for (const script of [...scripts, ...chosen]) {
        const [ours, theirs] = [await fetch(url + path), await platformFetch(url + path)];
        for (const [i, name] of script.entries()) {
          const step = steps[name] ?? (() => undefined);
          const [got, wanted] = [await settled(step, ours), await settled(step, theirs)];
          assert.equal(
            got,
            wanted,
            `${script.slice(0, i + 1).join(", ")}: ${inspect(got)}, not ${inspect(wanted)}`,
          );
        }
        for (const { body } of [ours, theirs]) void body?.cancel().catch(() => undefined);
      }
    }),
);

function settled(step: Step, response: Response): Promise<unknown> {
  return outcome(async () => step(response));
}

it("the console shows it as it shows the platform's", async () => {
  const url = "data:text/x,a";
  assert.is(inspect(await fetch(url)), inspect(await platformFetch(url)));
});

it("WebAssembly takes it", async () => {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { compileStreaming(response: unknown): Promise<object> };
  };
  const url = "data:application/wasm;base64,AGFzbQEAAAA=";
  const module = await WebAssembly.compileStreaming(fetch(url));
  assert.is(Object.prototype.toString.call(module), "[object WebAssembly.Module]");
});

it("a response that is forgotten gives its connection back, read or not", async () => {
  const ROOT = new URL("../../../", import.meta.url);
  const source = `
    import { createFetch } from "LIB/adapters/fetch.ts";
    import { Transport, listenAndServe } from "LIB/adapters/mod.ts";
    const server = await listenAndServe("127.0.0.1:0", async (w) => {
      for (let i = 0; i < 100; i++) await w.write(new Uint8Array(65536));
    });
    const url = "http://127.0.0.1:" + server.addr.port;
    const transport = new Transport({ maxConnsPerHost: 1 });
    const fetch = createFetch({ transport });
    const collect = setInterval(() => gc(), 20);
    const controller = new AbortController();
    const uses = [(r) => r.status, (r) => r.body.locked, (r) => r.clone().status];
    for (const use of uses) {
      for (const init of [{}, { signal: controller.signal }]) use(await fetch(url, init));
    }
    const reader = (await fetch(url)).body.getReader();
    let count = 0;
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      count += step.value.length;
      if (count % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    clearInterval(collect);
    console.log("all served", count);
    transport.close();
    await server.close();
  `;
  const hook = fileURLToPath(new URL("scripts/ts-hook.mjs", ROOT));
  const args = ["--expose-gc", "--import", hook, "--input-type=module", "-e"];
  const child = spawn(
    process.execPath,
    [...args, source.replaceAll("LIB", new URL("lib", ROOT).href)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let out = "";
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await new Promise((resolve) => child.on("close", resolve));
  clearTimeout(timer);
  assert.is(out, "all served 6553600\n");
});

test.run();

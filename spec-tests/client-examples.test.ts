/**
 * Every example of the client runs, prints what it promises, and ends by itself.
 *
 * Rule of this file: an example is bundled with the sources of lib in place of `barewire` and runs as a
 * process of its own against a server of this one. A program that has got its answer ends at once, whether
 * it has read the body or not: that is measured.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { listenTLS } from "../lib/net/mod.ts";
import {
  Server,
  type Handler,
  type Request,
  ServeMux,
  fileServer,
  memoryFileSystem,
} from "../lib/mod.ts";
import { type Row, table, withDeadline } from "./kit.ts";
import {
  type Ending,
  ROOT,
  type StartOptions,
  bundleProgram,
  checkTypes,
  codeBlocks,
  ended,
  runProgram,
} from "./run-example.ts";

const test = suite("client examples");
const DEADLINE_MS = 30_000;
/** How long a program may live after it has its answer. */
const LINGER_MAX_MS = 1_000;
const CONTENT = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251);

/** What an example is given, and what it prints; BASE is the server's URL. */
interface Run extends Row {
  readonly example: string;
  readonly path: string;
  readonly expect: string;
}

const STEPS = `  wants HOST
  tcp HOST connected
  got a new connection
  wrote the request
  got the first octet
  kept it
  reused false { connect: N, firstByte: N, total: N }
second call
  wants HOST
  got a used connection
  wrote the request
  got the first octet
  kept it
  reused true { connect: undefined, firstByte: N, total: N }
`;

const RUNS: readonly Run[] = [
  {
    name: "client-get shows status, fields and body",
    example: "client-get",
    path: "page",
    expect:
      "200 OK\nDate: NOW\nContent-Length: 15\nContent-Type: text/plain; charset=utf-8\n\n" +
      "GET text/plain\n\n",
  },
  {
    name: "client-get shows an answer that nobody wished for",
    example: "client-get",
    path: "no",
    expect:
      "404 Not Found\nContent-Type: text/plain; charset=utf-8\nX-Content-Type-Options: nosniff\n" +
      "Date: NOW\nContent-Length: 19\n\n404 page not found\n\n",
  },
  {
    name: "client-post sends JSON, a form, and a form with a file",
    example: "client-post",
    path: "echo",
    expect:
      "JSON: { name: 'Ada', born: 1815 }\nform: language=en&language=fr&name=Ada\n" +
      "multipart: 215 bytes\n",
  },
  {
    name: "client-abort gives up in four ways before the answer, and in the middle of a body",
    example: "client-abort",
    path: "",
    expect:
      "Error: the user pressed Escape\n" +
      "TimeoutError: The operation was aborted due to timeout\n" +
      "ClientError client-timed-out\nClientError response-header-timed-out\n" +
      "read line 1\nError: enough\n",
  },
  {
    name: "client-trace tells the steps, and that the second call needs fewer",
    example: "client-trace",
    path: "page",
    expect: `first call\n${STEPS}pool { idle: 1, busy: 0, dialing: 0, waiting: 0 }\n`,
  },
];

table(test, RUNS, ({ example, path, expect }) =>
  withServer(site(), async (base) => {
    const said = await run(example, [`${base}${path}`]);
    const host = new URL(base).host;
    const shown = said
      .replace(/^Date: .*$/m, "Date: NOW")
      .replaceAll(host, "HOST")
      .replace(/\{\s+connect: ([^,]*),\s+firstByte: ([^,]*),\s+total: (\S*)\s+\}/g, steps);
    assert.is(shown, expect);
  }),
);

test(
  "client-upload sends the file with its length, and tells how far it is",
  inFolder((folder) =>
    withServer(site(), async (base) => {
      const file = join(folder, "up.bin");
      writeFileSync(file, CONTENT.subarray(0, 131_072));
      const sha256 = createHash("sha256").update(CONTENT.subarray(0, 131_072)).digest("hex");
      assert.is(
        await run("client-upload", [file, `${base}upload`]),
        `50 %\n100 %\n200 PUT 131072 application/octet-stream ${sha256}\n`,
      );
    }),
  ),
);

/** What lies there before client-download runs, and what it asks for and says then. */
interface Download extends Row {
  readonly part: Uint8Array | undefined;
  readonly etag: string;
  readonly asked: string | undefined;
  readonly status: number;
}

const DOWNLOADS: readonly Download[] = [
  { name: "a first one is whole", part: undefined, etag: "", asked: undefined, status: 200 },
  {
    name: "one that was broken off goes on",
    part: CONTENT.subarray(0, 100_000),
    etag: '"one"',
    asked: 'bytes=100000- "one"',
    status: 206,
  },
  {
    name: "one of another version begins anew",
    part: new Uint8Array(100_000),
    etag: '"zero"',
    asked: 'bytes=100000- "zero"',
    status: 200,
  },
  {
    name: "one that has everything asks for no more",
    part: CONTENT,
    etag: '"one"',
    asked: 'bytes=300000- "one"',
    status: 416,
  },
  {
    name: "one of which nobody knows the version begins anew",
    part: new Uint8Array(10),
    etag: "",
    asked: undefined,
    status: 200,
  },
];

for (const { name, part, etag, asked, status } of DOWNLOADS) {
  const download = inFolder(async (folder) => {
    const answered: [asked: string, status: number][] = [];
    const handler: Handler = async (w, r) => {
      await files(w, r);
      const range = [r.header.get("Range"), r.header.get("If-Range")].join(" ");
      answered.push([range, w.sent.status]);
    };
    await withServer(handler, async (base) => {
      const file = join(folder, "got.bin");
      if (part !== undefined) writeFileSync(`${file}.part`, part);
      if (etag !== "") writeFileSync(`${file}.part.etag`, etag);
      const said = await run("client-download", [`${base}big.bin`, file]);
      assert.match(
        said,
        status === 416 ? /^.*got\.bin: 300000 bytes\n$/ : /\b300000 of 300000 bytes\n/,
      );
      assert.equal(answered, [[asked ?? " ", status]]);
      assert.ok(readFileSync(file).equals(CONTENT));
      assert.equal(readdirSync(folder), ["got.bin"]);
    });
  });
  test(`client-download: ${name}`, download);
}

test(
  "client-download fails when it is cut, and goes on at the next start",
  inFolder((folder) => {
    let cuts = 1;
    const handler: Handler = async (w, r) => {
      if (cuts-- <= 0) return files(w, r);
      w.header.set("ETag", '"one"');
      w.header.set("Content-Length", String(CONTENT.length));
      await w.write(CONTENT.subarray(0, 200_000));
      await w.flush();
      // Not before the client has shown that it has them.
      await until(() => existsSync(part) && readFileSync(part).length === 200_000);
      return w.abort();
    };
    const file = join(folder, "got.bin");
    const part = `${file}.part`;
    return withServer(handler, async (base) => {
      const broken = await start("client-download", [`${base}big.bin`, file]);
      assert.is(broken.exitCode, 1);
      assert.match(broken.stderr, /code: 'reset'/);
      assert.not.ok(existsSync(file));
      const said = await run("client-download", [`${base}big.bin`, file]);
      assert.match(said, /^[^\n]* of 300000 bytes\n/);
      assert.ok(readFileSync(file).equals(CONTENT));
    });
  }),
);

test(
  "client-jar is a stranger once, and known by its saved jar from then on",
  inFolder(async (folder) => {
    const file = join(folder, "jar.json");
    const rest = "login: 200 Hello ada\nsaved: session of 127.0.0.1\n";
    assert.is(await run("client-jar", [file]), `before: Hello stranger\n${rest}`);
    assert.is(await run("client-jar", [file]), `before: Hello ada\n${rest}`);
  }),
);

test(
  "client-unix-socket asks over a socket of the file system",
  withDeadline(DEADLINE_MS, async () => {
    assert.is(await run("client-unix-socket", []), "200 local has /hello\n");
  }),
);

test(
  "client-errors tells what went wrong, where, and tries again",
  withDeadline(DEADLINE_MS, async () => {
    const said = await run("client-errors", []);
    const refused = "nobody listens there: 127.0.0.1 port 1: connect ECONNREFUSED 127.0.0.1:1";
    assert.is(
      said.replace(/127\.0\.0\.1:\d{2,}/g, "HOST"),
      'connection-refused in phase "connect", nothing received\n' +
        `  GET http://127.0.0.1:1/: ${refused}\n` +
        'connection-refused in phase "connect", nothing received\n' +
        `  GET https://user:***@127.0.0.1:1/: ${refused}\n` +
        'too-many-redirects in phase "redirect", nothing received\n' +
        "  GET /circle: stopped after 10 redirects\n  after 302\n" +
        'reset in phase "body", some received\n' +
        "  GET http://HOST/cut: the peer reset the connection (HOST, reused)\n" +
        "attempt 1: 503\nattempt 2: 503\n200 at last\n",
    );
  }),
);

test(
  "client-proxy asks a proxy for http URLs with the whole URL",
  withDeadline(DEADLINE_MS, () =>
    withServer(
      (w, r) => w.write(`${r.method} ${r.target} of ${r.host}`),
      async (base) => {
        const url = "http://example.test/path";
        const answer = `200 GET ${url} of example.test`;
        assert.is(
          await run("client-proxy", [url, base], { env: { HTTP_PROXY: base, NO_PROXY: "" } }),
          `by the environment: ${base}\nby a rule: ${answer}\nby the call: ${answer}\n`,
        );
      },
    ),
  ),
);

test(
  "client-proxy has a tunnel made for https URLs",
  withDeadline(DEADLINE_MS, async () => {
    const secret = new Server({ handler: (w, r) => w.write(`${r.host} by ${r.tls?.version}`) });
    const cert = readFileSync(join(ROOT, "examples/tls/localhost-cert.pem"), "utf8");
    const key = readFileSync(join(ROOT, "examples/tls/localhost-key.pem"), "utf8");
    const listener = await listenTLS("127.0.0.1:0", { cert, key });
    secret.serve(listener);
    const { port } = listener.addr;
    const tunnel = await listenAsProxy(port);
    try {
      const url = `https://localhost:${port}/`;
      const env = {
        HTTPS_PROXY: tunnel.url,
        NO_PROXY: "",
        NODE_EXTRA_CA_CERTS: join(ROOT, "examples/tls/localhost-cert.pem"),
      };
      const answer = `200 localhost:${port} by TLSv1.3`;
      assert.is(
        await run("client-proxy", [url, tunnel.url], { env }),
        "by the environment: no proxy\nthe proxy said 200 to CONNECT\n" +
          `by a rule: ${answer}\nby the call: ${answer}\n`,
      );
      assert.equal(tunnel.asked, Array(2).fill(`CONNECT localhost:${port} HTTP/1.1`));
    } finally {
      tunnel.close();
      await secret.close();
    }
  }),
);

test(
  "the program of the README asks for a page, sends JSON, and reads a file piece by piece",
  withDeadline(DEADLINE_MS, () =>
    withServer(site(), async (base) => {
      const blocks = codeBlocks(readFileSync(join(ROOT, "README.md"), "utf8"));
      const code = blocks.find((block) => block.code.includes("new Client("))?.code ?? "";
      const there = code.replaceAll("http://127.0.0.1:8080/", base);
      const { stdout, stderr, exitCode } = await runProgram(there, DEADLINE_MS);
      assert.is(stderr, "");
      assert.is(exitCode, 0);
      assert.match(stdout, /^200 Hello, you!\n\n\{ name: 'Ada' \}\n(\d+ of 300000\n)+$/);
      assert.equal(await checkTypes(new Map([["README", there]])), []);
    }),
  ),
);

/** What a script does with its answer before it has nothing more to do. */
interface Script extends Row {
  readonly path: string;
  readonly next: string;
}

const READ = "console.log((await response.body.bytes({ max: 5e6 })).length);";
const CANCELLED = "response.body.cancel();";

const SCRIPTS: readonly Script[] = [
  { name: "that has read a small body", path: "page", next: READ },
  { name: "that has read a large body", path: "large", next: READ },
  { name: "that never read a small body", path: "page", next: "" },
  { name: "that never read a large body", path: "large", next: "" },
  { name: "that never read an endless body", path: "stream", next: "" },
  {
    name: "that read one piece of an endless body",
    path: "stream",
    next: "await response.body.next();",
  },
  { name: "that cancelled a small body", path: "page", next: CANCELLED },
  { name: "that cancelled an endless body", path: "stream", next: CANCELLED },
];

for (const { name, path, next } of SCRIPTS) {
  test(
    `a script ends at once ${name}`,
    inFolder((folder) =>
      withServer(site(), async (base) => {
        const ask = 'import { get } from "barewire"; const response = await get(process.argv[2]!);';
        const code = `${ask} ${next} console.log("done");`;
        const program = await bundleProgram(code, join(folder, "script.mjs"));
        const child = spawn(process.execPath, [program, `${base}${path}`], {
          stdio: ["ignore", "pipe", "inherit"],
          timeout: DEADLINE_MS / 2,
          killSignal: "SIGKILL",
        });
        let said = "";
        let doneAt = Infinity;
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          said += text;
          if (said.endsWith("done\n")) doneAt = performance.now();
        });
        child.once("exit", () => (exitedAt = performance.now()));
        let exitedAt = 0;
        await ended(child);
        assert.is(child.exitCode, 0);
        assert.is(said, next === READ ? `${path === "large" ? 4_000_000 : 4}\ndone\n` : "done\n");
        const lingered = exitedAt - doneAt;
        assert.ok(lingered < LINGER_MAX_MS, `ended ${lingered.toFixed()} ms after its answer`);
      }),
    ),
  );
}

test("every example of the client is tried by this file", () => {
  const own = readFileSync(fileURLToPath(import.meta.url), "utf8");
  const examples = readdirSync(join(ROOT, "examples")).filter((name) => name.startsWith("client-"));
  assert.ok(examples.length >= 10);
  for (const name of examples) assert.match(own, `"${name.replace(/\.ts$/, "")}"`);
});

const files = fileServer(memoryFileSystem({ "/big.bin": { content: CONTENT, etag: '"one"' } }));

/** Stands in for the demo, and waits for nothing but the client. */
function site(): ServeMux {
  const mux = new ServeMux();
  mux.handleFunc("/page", (w, r) =>
    w.write(`${r.method} ${r.header.get("Accept") ?? ""}`.trim() + "\n"),
  );
  mux.handleFunc("/echo", async (w, r) => w.write(await r.body.bytes()));
  mux.handleFunc("/hello/{name}", (w, r) => w.write(`Hello, ${r.pathValue("name")}!\n`));
  mux.handleFunc("/files/tone.wav", (w, r) => files(w, r.with({ target: "/big.bin" })));
  mux.handleFunc("/slow", (_, r) => gone(r));
  mux.handleFunc("/stream", async (w, r) => {
    await w.write("line 1\n");
    await w.flush();
    await gone(r);
  });
  mux.handleFunc("/large", (w) => w.write(new Uint8Array(4_000_000)));
  mux.handleFunc("/upload", async (w, r) => {
    const hash = createHash("sha256");
    for await (const piece of r.body) hash.update(piece);
    const facts = [r.method, r.contentLength, r.header.get("Content-Type"), hash.digest("hex")];
    await w.write(facts.join(" "));
  });
  return mux;
}

/** Resolves when the client has left. */
function gone({ signal }: Request): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function withServer(handler: Handler, use: (base: string) => Promise<void>): Promise<void> {
  const server = new Server({ handler, onError: () => {} });
  await server.listenAndServe("127.0.0.1:0");
  try {
    await use(String(server.url));
  } finally {
    await server.close();
  }
}

/** A proxy that tunnels to one port of this machine, whatever it is asked for. */
async function listenAsProxy(
  port: number,
): Promise<{ readonly url: string; readonly asked: string[]; close(): void }> {
  const asked: string[] = [];
  const server = createServer((client) => {
    client.on("error", () => {});
    client.once("data", (head) => {
      asked.push(head.toString("latin1").split("\r\n")[0] ?? "");
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      const there = connect(port, "127.0.0.1");
      there.on("error", () => client.destroy());
      client.pipe(there).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${own}`, asked, close: () => void server.close() };
}

/** A test with a folder of its own, and within the time of all. */
function inFolder(fn: (folder: string) => Promise<void>): () => Promise<void> {
  return withDeadline(DEADLINE_MS, async () => {
    const folder = mkdtempSync(join(tmpdir(), "barewire-client-"));
    try {
      await fn(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function source(file: string): string {
  return readFileSync(join(ROOT, "examples", file), "utf8");
}

function start(example: string, args: readonly string[], more: StartOptions = {}): Promise<Ending> {
  return runProgram(source(`${example}.ts`), DEADLINE_MS, { ...more, args });
}

/** What an example prints that ends well. */
async function run(
  example: string,
  args: readonly string[],
  more: StartOptions = {},
): Promise<string> {
  const { stdout, stderr, exitCode } = await start(example, args, more);
  assert.is(stderr, "");
  assert.is(exitCode, 0);
  return stdout;
}

/** Durations as N; what is not a number stays. */
function steps(_: string, ...given: string[]): string {
  const [connect = "", firstByte = "", total = ""] = given.map((text) =>
    /^\d+(\.\d+)?$/.test(text) ? "N" : text,
  );
  return `{ connect: ${connect}, firstByte: ${firstByte}, total: ${total} }`;
}

/** Looks again in each turn; the deadline of the test ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.run();

/**
 * Every example of a server runs, and gives the answer that it promises.
 *
 * Rule of this file: an example is bundled with the sources of lib in place of `barewire` and runs
 * as a process of its own on a port of its own; what it answers is compared byte for byte, but for
 * Date.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Row, table, withDeadline } from "./kit.ts";
import { ROOT, bundleProgram, codeBlocks, ended } from "./run-example.ts";

const test = suite("examples");
const DEADLINE_MS = 20_000;

const TEXT = "Content-Type: text/plain; charset=utf-8\r\n";
const BINARY = "Content-Type: application/octet-stream\r\n";
const NOSNIFF = "X-Content-Type-Options: nosniff\r\n";
const CLOSE = "Connection: close\r\n";
const DATE = "Date: NOW\r\n";
const CHUNKED = "Transfer-Encoding: chunked\r\n";
const OK = "HTTP/1.1 200 OK\r\n";
const EMPTY = "Content-Length: 0\r\n";
const UPGRADE = "Connection: Upgrade\r\nUpgrade: shout\r\n";
const HOST = "Host: test\r\nConnection: close\r\n";
const VERSES_SHA256 = "f1317e6bafc710015e06ba1d80072359958b4ab2d0f35d9138e85c55a0b36a58";

/** An example that listens, what is sent to it, and what comes back until the close. */
interface Exchange extends Row {
  readonly example: string;
  readonly input: string;
  readonly expect: string;
}

const EXCHANGES: readonly Exchange[] = [
  {
    name: "hello answers",
    example: "hello",
    input: `GET /there HTTP/1.1\r\n${HOST}\r\n`,
    expect: `${OK}${TEXT}${DATE}Content-Length: 18\r\n${CLOSE}\r\nHello from /there\n`,
  },
  {
    name: "echo sends a chunked body back",
    example: "echo",
    input: `POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n`,
    expect: `${OK}${BINARY}${DATE}Content-Length: 7\r\n${CLOSE}\r\none two`,
  },
  {
    name: "stream flushes line by line",
    example: "stream",
    input: `GET / HTTP/1.1\r\n${HOST}\r\n`,
    expect: `${OK}${TEXT}${DATE}${CLOSE}${CHUNKED}\r\n${[1, 2, 3, 4, 5]
      .map((line) => `c\r\nline ${line} of 5\n\r\n`)
      .join("")}0\r\n\r\n`,
  },
  {
    name: "upload counts and hashes",
    example: "upload",
    input: `PUT /x HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`,
    expect:
      `${OK}Content-Type: application/json\r\n${DATE}Content-Length: 88\r\n${CLOSE}\r\n` +
      '{"bytes":3,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}\n',
  },
  {
    name: "upload wants a body",
    example: "upload",
    input: `GET / HTTP/1.1\r\n${HOST}\r\n`,
    expect: `HTTP/1.1 405 Method Not Allowed\r\nAllow: POST, PUT\r\n${DATE}${EMPTY}${CLOSE}\r\n`,
  },
  {
    name: "trailers come after the body",
    example: "trailers",
    input: `GET / HTTP/1.1\r\n${HOST}\r\n`,
    expect:
      `${OK}${TEXT}Trailer: X-Sha256\r\n${DATE}${CLOSE}${CHUNKED}\r\n` +
      `25\r\nfirst verse\nsecond verse\nthird verse\n\r\n0\r\nX-Sha256: ${VERSES_SHA256}\r\n\r\n`,
  },
  {
    name: "hijack speaks another protocol after the 101, also with what came early",
    example: "hijack",
    input: `GET / HTTP/1.1\r\nHost: test\r\n${UPGRADE}\r\nearly and loud\n`,
    expect: `HTTP/1.1 101 Switching Protocols\r\n${UPGRADE}\r\nEARLY AND LOUD\n`,
  },
  {
    name: "hijack asks for the upgrade",
    example: "hijack",
    input: `GET / HTTP/1.1\r\n${HOST}\r\n`,
    expect: `HTTP/1.1 426 Upgrade Required\r\n${UPGRADE}${DATE}${EMPTY}${CLOSE}\r\n`,
  },
  {
    name: "demo: /hello escapes nothing in plain text and forbids sniffing",
    example: "demo",
    input: `GET /hello/%3Cb%3E HTTP/1.1\r\n${HOST}\r\n`,
    expect: `${OK}${TEXT}${NOSNIFF}${DATE}Content-Length: 12\r\n${CLOSE}\r\nHello, <b>!\n`,
  },
  {
    name: "demo: /wire gives the head back byte for byte",
    example: "demo",
    input: `GET /wire HTTP/1.1\r\n${HOST}x-Odd:\t\xe9 \r\n\r\n`,
    expect:
      `${OK}${NOSNIFF}Vary: Accept\r\nContent-Type: text/plain; charset=iso-8859-1\r\n${DATE}` +
      `Content-Length: 64\r\n${CLOSE}\r\nGET /wire HTTP/1.1\r\n${HOST}x-Odd:\t\xe9 \r\n\r\n`,
  },
  {
    name: "demo: /echo sends a short body back with its length",
    example: "demo",
    input: `POST /echo HTTP/1.1\r\n${HOST}${CHUNKED}\r\n3\r\nabc\r\n0\r\n\r\n`,
    expect: `${OK}${BINARY}${NOSNIFF}Content-Length: 3\r\n${DATE}${CLOSE}\r\nabc`,
  },
  {
    name: "demo: /files/ sends the octets that a range asks for",
    example: "demo",
    input: `GET /files/tone.wav HTTP/1.1\r\n${HOST}Range: bytes=8-11\r\n\r\n`,
    expect:
      'HTTP/1.1 206 Partial Content\r\nETag: "tone-1"\r\nContent-Type: audio/wav\r\n' +
      "Content-Range: bytes 8-11/96044\r\nAccept-Ranges: bytes\r\nContent-Length: 4\r\n" +
      `${DATE}${CLOSE}\r\nWAVE`,
  },
  {
    name: "demo: an unknown path is a 404",
    example: "demo",
    input: `GET /no HTTP/1.1\r\n${HOST}\r\n`,
    expect:
      `HTTP/1.1 404 Not Found\r\n${TEXT}${NOSNIFF}${DATE}Content-Length: 45\r\n${CLOSE}\r\n` +
      "404: nothing here, but / lists what there is\n",
  },
];

table(test, EXCHANGES, ({ example, input, expect }) =>
  running(example, async ({ port, child }) => {
    const socket = connect({ port, host: "127.0.0.1" });
    assert.equal(await exchange(socket, input), expect);
    assert.is(child.exitCode, null, "the example goes on running");
  }),
);

test("the first page of the demo escapes the Host that it shows", () =>
  running("demo", async ({ port }) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const input = `GET / HTTP/1.1\r\nHost: it's\r\nConnection: close\r\n\r\n`;
    const page = await exchange(socket, input);
    assert.match(page, /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/html; charset=utf-8\r\n/);
    assert.match(page, "<code>curl -N http://it&#39;s/stream</code>");
    assert.not.match(page, "it's");
  }));

test("the demo lists its folder, made files and those of the disk", () =>
  running("demo", async ({ port }) => {
    const page = await exchange(
      connect({ port, host: "127.0.0.1" }),
      `GET /files/ HTTP/1.1\r\n${HOST}\r\n`,
    );
    assert.match(page, OK);
    for (const name of ["mark.svg", "more/", "notes.txt", "tone.wav"]) {
      assert.match(page, `<a href="${name}">${name}</a>`);
    }
  }));

test("the demo plays a sound, and allows its page no more than that", () =>
  running("demo", async ({ port }) => {
    const input = `GET /media HTTP/1.1\r\n${HOST}\r\n`;
    const page = await exchange(connect({ port, host: "127.0.0.1" }), input);
    assert.match(page, OK);
    assert.match(page, /^Content-Security-Policy: default-src 'none'.*; media-src 'self'/m);
    assert.match(page, '<audio controls preload="auto" src="/files/tone.wav">');
  }));

/** What comes to the form of the demo, and what the page then shows. */
interface FormSent extends Row {
  readonly input: string;
  readonly shows: readonly (string | RegExp)[];
}

const FORM_SENT: readonly FormSent[] = [
  {
    name: "demo: /form sets a cookie at the first visit",
    input: `GET /form HTTP/1.1\r\n${HOST}\r\n`,
    shows: [
      OK,
      "Set-Cookie: visits=1; Path=/form; HttpOnly; SameSite=Lax",
      '<p id="visits">Your first visit: no cookie came.</p>',
    ],
  },
  {
    name: "demo: /form counts on from its cookie",
    input: `GET /form HTTP/1.1\r\n${HOST}Cookie: visits=6\r\n\r\n`,
    shows: ["Set-Cookie: visits=7;", '<p id="visits">Visit 7: the cookie said 6.</p>'],
  },
  {
    name: "demo: /form tells of the file that came, escaped",
    input: formWith('name="text"\r\n\r\n<b>', 'name="file"; filename="a.txt"\r\n\r\nabc'),
    shows: [
      OK,
      '<td id="text">&lt;b&gt;</td>',
      '<td id="name">a.txt</td>',
      '<td id="size">3</td>',
      '<td id="sha256">ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad</td>',
    ],
  },
  {
    name: "demo: /form misses its file",
    input: formWith('name="text"\r\n\r\nx'),
    shows: [/^HTTP\/1\.1 400 /, "a file belongs into this form"],
  },
  {
    name: "demo: /form takes no other type",
    input: `POST /form HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\nx`,
    shows: [/^HTTP\/1\.1 415 /],
  },
];

table(test, FORM_SENT, ({ input, shows }) =>
  running("demo", async ({ port }) => {
    const page = await exchange(connect({ port, host: "127.0.0.1" }), input);
    for (const shown of shows) assert.match(page, shown);
  }),
);

/** A POST of a form with these parts, each from behind "form-data; ". */
function formWith(...parts: readonly string[]): string {
  const body = parts.map((part) => `--b\r\nContent-Disposition: form-data; ${part}\r\n`).join("");
  const fields = `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length + 5}\r\n`;
  return `POST /form HTTP/1.1\r\n${HOST}${fields}\r\n${body}--b--`;
}

test("the demo gives JSON with the parse when Accept asks for it", () =>
  running("demo", async ({ port }) => {
    const head = `GET /wire?a=1 HTTP/1.1\r\n${HOST}Accept: application/json\r\n\r\n`;
    const answer = await exchange(connect({ port, host: "127.0.0.1" }), head);
    const json = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as {
      head: string;
      bytes: number;
      parse: Record<string, unknown>;
    };
    assert.is(json.head, head);
    assert.is(json.bytes, head.length);
    assert.is(json.parse["target"], "/wire?a=1");
    assert.equal(json.parse["query"], [["a", "1"]]);
    assert.equal(json.parse["header"], [
      ["Connection", "close"],
      ["Accept", "application/json"],
    ]);
  }));

test("the demo stops an endless stream when it is asked to end", () =>
  running("demo", async ({ port, child }) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("data", () => child.kill("SIGTERM"));
    const answer = await exchange(socket, `GET /stream HTTP/1.1\r\nHost: test\r\n\r\n`);
    assert.match(answer, /\r\n7\r\nline 1\n\r\n0\r\n\r\n$/);
    await ended(child);
    assert.is(child.exitCode, 0);
  }));

test("tls answers over an encrypted connection", () =>
  running("tls", async ({ port }) => {
    const ca = readFileSync(join(ROOT, "examples/tls/localhost-cert.pem"));
    const socket = connectTls({ port, host: "127.0.0.1", servername: "localhost", ca });
    assert.equal(
      await exchange(socket, `GET / HTTP/1.1\r\n${HOST}\r\n`),
      `${OK}${TEXT}${DATE}Content-Length: 19\r\n${CLOSE}\r\nHello over TLSv1.3\n`,
    );
  }));

test("shutdown finishes the running answer, then ends", () =>
  running("shutdown", async ({ port, child, said }) => {
    const answer = exchange(connect({ port, host: "127.0.0.1" }), `GET / HTTP/1.1\r\n${HOST}\r\n`);
    await said("request begun");
    child.kill("SIGTERM");
    assert.match(await answer, /\r\n\r\nfinished in peace\n$/);
    await said("stopped, nothing was cut");
    await ended(child);
    assert.is(child.exitCode, 0);
  }));

test("in-memory needs no network and ends by itself", () =>
  running("in-memory", async ({ child, said }) => {
    const printed = await said("came through memory\n");
    await ended(child);
    assert.is(child.exitCode, 0);
    assert.equal(
      withoutDate(printed),
      `${OK}${DATE}Content-Length: 30\r\nContent-Type: text/plain; charset=utf-8\r\n${CLOSE}\r\n` +
        "GET /here came through memory\n",
    );
  }));

test("the three-line program of the README answers by its mux", () =>
  running("README in three lines", async ({ port }) => {
    const socket = connect({ port, host: "127.0.0.1" });
    assert.equal(
      await exchange(socket, `GET /you HTTP/1.1\r\n${HOST}\r\n`),
      `${OK}${DATE}Content-Length: 16\r\n${TEXT}${CLOSE}\r\nHello from /you\n`,
    );
  }));

test("the ten-line server of the README answers, and echoes", () =>
  running("README", async ({ port }) => {
    const get = connect({ port, host: "127.0.0.1" });
    assert.equal(
      await exchange(get, `GET /me HTTP/1.1\r\n${HOST}\r\n`),
      `${OK}${TEXT}${DATE}Content-Length: 15\r\n${CLOSE}\r\nHello from /me\n`,
    );
    const post = connect({ port, host: "127.0.0.1" });
    const input = `POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\n\r\nback`;
    assert.match(await exchange(post, input), /\r\n\r\nback$/);
  }));

test("every example of a server is tried by this file", () => {
  const own = readFileSync(fileURLToPath(import.meta.url), "utf8");
  const examples = readdirSync(join(ROOT, "examples")).filter(
    // Those are tried by client-examples.test.ts.
    (name) => name.endsWith(".ts") && !name.startsWith("client-"),
  );
  assert.ok(examples.length >= 9);
  for (const name of examples) assert.match(own, `"${name.replace(/\.ts$/, "")}"`);
});

/** An example that runs: its port (0 when it has none), and what it has said. */
interface Running {
  readonly port: number;
  readonly child: ChildProcess;
  /** Resolves with everything said so far once that contains `words`. */
  readonly said: (words: string) => Promise<string>;
}

/** Bundles and starts an example, and ends it when `use` is done with it. */
async function running(example: string, use: (running: Running) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "barewire-example-"));
  let child: ChildProcess | undefined;
  const run = withDeadline(DEADLINE_MS, async () => {
    const program = await bundleProgram(source(example), join(dir, `${example}.mjs`));
    const args = ["--enable-source-maps", program, example === "demo" ? "0" : "127.0.0.1:0"];
    child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
    const said = listen(child);
    const url = /https?:\/\/127\.0\.0\.1:(\d+)/;
    const port = example === "in-memory" ? 0 : url.exec(await said(/:\d+/))?.[1];
    await use({ port: Number(port), child, said });
  });
  try {
    await run();
  } finally {
    child?.kill("SIGKILL");
    if (child !== undefined) await ended(child);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The text of an example; those in the README listen on a port of their choice here, and tell it. */
function source(example: string): string {
  if (!example.startsWith("README")) {
    return readFileSync(join(ROOT, "examples", `${example}.ts`), "utf8");
  }
  const blocks = codeBlocks(readFileSync(join(ROOT, "README.md"), "utf8"));
  const block = blocks[example === "README" ? 1 : 0]?.code ?? "";
  const call = example === "README" ? 'listenAndServe(":8080",' : 'await listenAndServe(":8080");';
  assert.ok(block.includes(call), `README shows ${call}`);
  const here = block.replace('":8080"', '"127.0.0.1:0"');
  if (example === "README") return here;
  return here.replace(/await (listenAndServe\(.*\));/, "console.log((await $1).url);");
}

function listen(child: ChildProcess): (words: string | RegExp) => Promise<string> {
  let text = "";
  let look = (): void => {};
  child.stdout?.setEncoding("latin1").on("data", (piece: string) => {
    text += piece;
    look();
  });
  return (words) =>
    new Promise((resolve, reject) => {
      look = () => {
        const found = typeof words === "string" ? text.includes(words) : words.test(text);
        if (found) resolve(text);
      };
      child.once("exit", () => {
        look();
        reject(new Error(`ended without ${String(words)}, but with ${JSON.stringify(text)}`));
      });
      look();
    });
}

/** Sends `input` and collects what comes until the end; half-closes once something has come. */
async function exchange(socket: Socket, input: string): Promise<string> {
  let answer = "";
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    answer += text;
    // A protocol that we have switched to ends when we do.
    if (answer.startsWith("HTTP/1.1 101") && answer.endsWith("\n") && !answer.endsWith("\r\n")) {
      socket.end();
    }
  });
  socket.write(input, "latin1");
  await once(socket, "close");
  return withoutDate(answer);
}

function withoutDate(answer: string): string {
  return answer.replace(
    /^Date: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT\r$/m,
    "Date: NOW\r",
  );
}

test.run();

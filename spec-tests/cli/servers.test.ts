/**
 * The verbs that serve: serve, echo, chaos; and the tester's two verbs.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CHAOS_PRESETS, parseChaosScript } from "../../lib/cli/chaos-script.ts";
import { dial } from "../../lib/net/mod.ts";
import { WireClient } from "../../lib/testing/mod.ts";
import { type Row, table, withDeadline } from "../kit.ts";
import { barewire, serving, type Started } from "./fake-io.ts";
import { withFolder } from "./folder.ts";

const test = suite("cli servers");

const DEADLINE_MS = 20_000;

/** Uses a verb that serves, and stops it. */
async function using(
  args: readonly string[],
  use: (port: string, started: Started) => Promise<void>,
): Promise<void> {
  const started = await serving(args);
  try {
    await use(started.port, started);
  } finally {
    started.stop();
    assert.is((await started.ended).code, 130);
  }
}

/** Sends octets and resolves to all that comes until the server ends the connection, or until the words. */
async function talk(port: string, octets: string, words?: string): Promise<string> {
  const peer = new WireClient(await dial({ host: "127.0.0.1", port: Number(port) }));
  peer.send(octets);
  await peer.until(
    ({ text, end }) => end !== "open" || (words !== undefined && text.includes(words)),
  );
  peer.close();
  return peer.text;
}

test(
  "serve gives files, listings and ranges, and logs each request",
  withFolder(DEADLINE_MS, async (folder) => {
    await using(["serve", folder], async (port, started) => {
      const url = `http://localhost:${port}`;
      assert.is((await barewire(["get", `${url}/notes.txt`])).out, "0123456789");
      assert.is((await barewire(["get", `${url}/notes.txt`, "-H", "Range: bytes=-2"])).out, "89");
      assert.ok((await barewire(["get", url])).out.includes("notes.txt"));
      await started.printed(/"GET \/notes\.txt HTTP\/1\.1" 206 2 /);
    });
  }),
);

test(
  "serve --spa answers with the page, --cors lets others read, --json-log logs JSON",
  withFolder(DEADLINE_MS, async (folder) => {
    writeFileSync(join(folder, "index.html"), "<p>app");
    await using(["serve", folder, "--spa", "--cors", "--json-log"], async (port, started) => {
      const { out } = await barewire(["get", `http://localhost:${port}/a/b`, "-i"]);
      assert.ok(out.endsWith("<p>app") && out.includes("Access-Control-Allow-Origin: *"), out);
      const [line] = await started.printed(/^\{.*\}$/m);
      assert.is((JSON.parse(line) as { target: string }).target, "/a/b");
    });
  }),
);

test(
  "serve --tls makes its own certificate",
  withFolder(DEADLINE_MS, async (folder) => {
    await using(["serve", folder, "--tls", "-q"], async (port) => {
      const url = `https://localhost:${port}/notes.txt`;
      assert.is((await barewire(["get", url])).code, 60);
      assert.is((await barewire(["get", url, "-k"])).out, "0123456789");
    });
  }),
);

test(
  "serve tells of a port that is taken",
  withFolder(DEADLINE_MS, async (folder) => {
    await using(["serve", folder, "-q"], async (port) => {
      const { code, err } = await barewire(["serve", folder, "--port", port]);
      assert.is(code, 1);
      assert.ok(err.includes("already in use") && err.includes("--port 0"), err);
    });
  }),
);

test(
  "echo sends back every octet, explained, and goes on",
  withDeadline(DEADLINE_MS, async () => {
    await using(["echo"], async (port, started) => {
      const request = "PUT /\xff HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab";
      const text = await talk(
        port,
        `${request}GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      assert.is(text.split("HTTP/1.1 200 OK\r\n").length, 3, text);
      assert.ok(text.includes("/\\xff") && text.includes("step 6") && text.includes("/b"), text);
      await started.printed(/method +a safe method/);
    });
  }),
);

test(
  "echo answers what no server takes, with 400 and the fault",
  withDeadline(DEADLINE_MS, async () => {
    await using(["echo", "-q"], async (port) => {
      const text = await talk(port, "GET / HTTP/1.1\nHost: a\n\n");
      assert.ok(text.startsWith("HTTP/1.1 400 ") && text.includes("bare-lf"), text);
    });
  }),
);

test(
  "echo --exact sends the octets alone",
  withDeadline(DEADLINE_MS, async () => {
    await using(["echo", "--exact", "--close", "-q"], async (port) => {
      const request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
      const text = await talk(port, request);
      assert.ok(text.endsWith(`Connection: close\r\n\r\n${request}`), text);
    });
  }),
);

interface Chaos extends Row {
  readonly preset: string;
  readonly code: number;
  readonly args?: readonly string[];
}

const CHAOS: readonly Chaos[] = [
  { name: "early-close is a short body", preset: "early-close", code: 18 },
  { name: "double-content-length is refused", preset: "double-content-length", code: 8 },
  { name: "trailing-garbage spoils no answer", preset: "trailing-garbage", code: 0 },
  { name: "dribble is an answer that takes its time", preset: "dribble", code: 0 },
  { name: "reset cuts the body", preset: "reset", code: 56 },
  { name: "slowloris is out-waited", preset: "slowloris", code: 28, args: ["-m", "0.2"] },
];

table(test, CHAOS, async ({ preset, code, args = [] }) => {
  await using(["chaos", preset], async (port) => {
    const ran = await barewire(["get", `http://localhost:${port}`, ...args]);
    assert.is(ran.code, code, ran.err);
    if (code === 0) assert.is(ran.out, "hello");
  });
});

test(
  "chaos is a client too, and tells what the server said",
  withFolder(DEADLINE_MS, async (folder) => {
    await using(["serve", folder, "-q"], async (port) => {
      const address = `127.0.0.1:${port}`;
      const { code, out } = await barewire([
        "chaos",
        "double-content-length",
        "--connect",
        address,
      ]);
      assert.is(code, 0);
      assert.ok(/^#1: played, .*got HTTP\/1\.1 400 /.test(out), out);
    });
  }),
);

test(
  "chaos plays a script",
  withFolder(DEADLINE_MS, async (folder) => {
    const file = join(folder, "steps.json");
    writeFileSync(
      file,
      '[{"await":"head"},{"send":"HTTP/1.1 200 OK\\r\\n\\r\\n"},{"dribble":"ab","everyMs":1},{"end":"close"}]',
    );
    await using(["chaos", "--script", file], async (port) => {
      assert.is((await barewire(["get", `http://localhost:${port}`])).out, "ab");
    });
  }),
);

test("a step that is none is named", () => {
  for (const step of [
    '{"send":5}',
    '{"dribble":"a"}',
    '{"end":"now"}',
    '{"pauseMs":-1}',
    '{"send":"€"}',
    "7",
  ]) {
    assert.throws(() => parseChaosScript(`[{"await":"head"},${step}]`), /step 2 of the script/);
  }
  assert.throws(() => parseChaosScript("{"), /no JSON/);
  assert.throws(() => parseChaosScript("{}"), /no array/);
});

test("every preset has steps for both roles", () => {
  for (const [name, { server, client }] of Object.entries(CHAOS_PRESETS)) {
    assert.ok(server.length > 0 && client.length > 0, name);
  }
});

test(
  "probe judges a server, lists cases, and tells who cannot be reached",
  withFolder(DEADLINE_MS, async (folder) => {
    const list = await barewire(["probe", "--list", "--topic", "host"]);
    assert.ok(list.code === 0 && /^9112-\S+ +MUST /m.test(list.out), list.out);
    await using(["serve", folder, "-q"], async (port) => {
      const json = join(folder, "report.json");
      const args = ["probe", `127.0.0.1:${port}`, "--topic", "host", "--json", json, "-v"];
      const { code, out } = await barewire(args);
      assert.is(code, 0, out);
      assert.ok(/ 0 failures/.test(out), out);
    });
    assert.is((await barewire(["probe", "127.0.0.1:1"])).code, 3);
  }),
);

test(
  "script starts a client for each case and judges it",
  withDeadline(DEADLINE_MS, async () => {
    const list = await barewire(["script", "--list"]);
    const id = /^\S+/.exec(list.out)?.[0] ?? "";
    const fail = await barewire([
      "script",
      "--exec",
      "false {url}",
      "--only",
      id,
      "--repeats",
      "0",
    ]);
    assert.is(fail.code, 1, fail.out + fail.err);
    const none = await barewire(["script", "--exec", "no-such-program {url}", "--only", id]);
    assert.is(none.code, 2, none.out + none.err);
    assert.ok(none.err.includes("cannot start no-such-program"), none.err);
  }),
);

test.run();

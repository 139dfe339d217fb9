/**
 * The command line as such: help, version, words that nobody knows, colours, SIGINT.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nearest } from "../../lib/cli/nearest.ts";
import { VERBS } from "../../lib/cli/run.ts";
import { terminalLine, terminalText } from "../../lib/cli/terminal-text.ts";
import { type Row, table, withDeadline } from "../kit.ts";
import { barewire } from "./fake-io.ts";

const test = suite("cli run");

interface Wrong extends Row {
  readonly args: readonly string[];
  readonly says: string;
}

const WRONG: readonly Wrong[] = [
  {
    name: "an unknown verb suggests the nearest",
    args: ["explian"],
    says: "did you mean explain?",
  },
  { name: "an unknown verb that is near to none", args: ["xyzzy"], says: "unknown verb xyzzy" },
  { name: "an unknown flag in place of a verb", args: ["--port"], says: "unknown flag --port" },
  {
    name: "an unknown flag suggests the nearest",
    args: ["get", "--verbsoe", "x"],
    says: "did you mean --verbose?",
  },
  { name: "an unknown short flag", args: ["serve", "-Z"], says: "unknown flag -Z" },
  { name: "a flag that wants a value", args: ["get", "localhost", "-o"], says: "argument missing" },
  { name: "a port that is none", args: ["serve", "--port", "70000"], says: "from 0 to 65535" },
  { name: "a folder that is none", args: ["serve", "/no/such/folder"], says: "no folder" },
  {
    name: "a certificate without its key",
    args: ["serve", ".", "--cert", "a.pem"],
    says: "go together",
  },
  { name: "no URL", args: ["get"], says: "a URL is needed" },
  { name: "no URL behind a method", args: ["request", "PUT"], says: "a URL is needed" },
  { name: "an item that is none", args: ["get", "localhost", "what"], says: "is no item" },
  { name: "JSON that is none", args: ["request", "PUT", "localhost", "a:={"], says: "wants JSON" },
  {
    name: "two kinds of content",
    args: ["get", "localhost", "-d", "a", "b=c"],
    says: "do not go together",
  },
  { name: "two views", args: ["get", "localhost", "--wire", "--json"], says: "do not go together" },
  {
    name: "seconds that are none",
    args: ["get", "localhost", "-m", "soon"],
    says: "wants seconds",
  },
  {
    name: "a field that is none",
    args: ["get", "localhost", "-H", "a b: c"],
    says: "no field name",
  },
  {
    name: "a lenient profile that is none",
    args: ["explain", "--lenient", "te-over"],
    says: "did you mean te-over-cl?",
  },
  { name: "a file that is not there", args: ["explain", "/no/such/file"], says: "cannot read" },
  { name: "a preset that is none", args: ["chaos", "slowlori"], says: "did you mean slowloris?" },
  { name: "no preset", args: ["chaos"], says: "one preset" },
  { name: "an address that is none", args: ["probe", "localhost"], says: "is not HOST:PORT" },
  { name: "no command", args: ["script"], says: "--exec" },
  {
    name: "a level that is none",
    args: ["probe", "--list", "--level", "must"],
    says: "one of MUST",
  },
];

table(test, WRONG, async ({ args, says }) => {
  const { code, out, err } = await barewire(args);
  assert.is(code, 2, err);
  assert.is(out, "");
  assert.ok(err.includes(says), err);
});

test("each verb has help with examples and exit codes, on stdout", async () => {
  for (const { name, help } of VERBS) {
    for (const args of [
      [name, "--help"],
      ["help", name],
    ]) {
      assert.equal(await barewire(args), { code: 0, out: help, err: "" });
    }
    assert.ok(/\nexamples\n/.test(help) && /exit codes?[:,]/.test(help), name);
  }
});

test("verbs that go out to others say whom they may meet", () => {
  for (const name of ["probe", "script", "chaos"]) {
    const verb = VERBS.find((one) => one.name === name);
    assert.ok(verb?.help.split("\n")[0]?.includes("that you may test"), name);
  }
});

test("without a verb the help goes to stderr", async () => {
  const { code, out, err } = await barewire([]);
  assert.equal([code, out], [2, ""]);
  for (const { name } of VERBS) assert.ok(err.includes(`  ${name} `), name);
});

test("the version is printed", async () => {
  assert.equal(await barewire(["--version"]), { code: 0, out: "barewire 1.2.3\n", err: "" });
});

interface Coloured extends Row {
  readonly env: Readonly<Record<string, string>>;
  readonly out: "terminal" | "pipe";
  readonly colours: "some" | "none";
}

const COLOURS: readonly Coloured[] = [
  { name: "a terminal has colours", env: {}, out: "terminal", colours: "some" },
  { name: "a pipe has none", env: {}, out: "pipe", colours: "none" },
  { name: "NO_COLOR ends them", env: { NO_COLOR: "1" }, out: "terminal", colours: "none" },
  { name: "an empty NO_COLOR does not", env: { NO_COLOR: "" }, out: "terminal", colours: "some" },
  { name: "FORCE_COLOR begins them", env: { FORCE_COLOR: "1" }, out: "pipe", colours: "some" },
  { name: "FORCE_COLOR=0 ends them", env: { FORCE_COLOR: "0" }, out: "terminal", colours: "none" },
  {
    name: "NO_COLOR goes before FORCE_COLOR",
    env: { NO_COLOR: "1", FORCE_COLOR: "1" },
    out: "pipe",
    colours: "none",
  },
  { name: "a dumb terminal has none", env: { TERM: "dumb" }, out: "terminal", colours: "none" },
];

table(test, COLOURS, async ({ env, out, colours }) => {
  const ran = await barewire(["explain"], { env, out, stdin: "GET / HTTP/1.1\r\nHost: a\r\n\r\n" });
  assert.is(ran.out.includes("\x1b["), colours === "some");
});

test("the nearest word is found, or none", () => {
  const words = ["serve", "get", "explain"];
  assert.equal(
    ["srve", "sevre", "gte", "exp", "zzz", ""].map((word) => nearest(word, words)),
    ["serve", "serve", "get", "explain", undefined, undefined],
  );
});

test("what a peer has sent is harmless on a terminal", () => {
  assert.is(terminalText("a\r\nb\tc\x1b[2J\x07\x9b\u202e"), "a\nb\tc\\x1b[2J\\x07\\x9b\\u202e");
  assert.is(terminalLine("a\r\n\tb"), "a\\r\\n\\tb");
});

test(
  "SIGINT ends a server with 130",
  withDeadline(20_000, async () => {
    const main = fileURLToPath(new URL("../../lib/cli/main.ts", import.meta.url));
    const hook = new URL("../../scripts/ts-hook.mjs", import.meta.url).href;
    const args = ["--import", hook, main, "echo", "--port", "0"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    for await (const piece of child.stderr) {
      said += String(piece);
      if (said.includes("echoing at")) break;
    }
    const ended = once(child, "exit");
    child.kill("SIGINT");
    assert.is((await ended)[0], 130);
  }),
);

test.run();

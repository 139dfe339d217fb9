// Starting a client under test: what it is able to, the words it is given, and what is told of it.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClientCommands, abilitiesOf, execClient } from "../../lib/cli/exec-client.ts";
import { Exit } from "../../lib/cli/io.ts";
import type { ClientReport, ClientTask } from "../../lib/conformance/mod.ts";
import { type Row, table } from "../kit.ts";

/** A client that tells the words it was given. */
const TELLS = `${process.execPath} -e process.stdout.write(JSON.stringify(process.argv.slice(1))) --`;
const URL_1 = "http://127.0.0.1:1/one";
const URL_2 = "http://127.0.0.1:1/two";

function task(parts: Partial<ClientTask> = {}): ClientTask {
  // A client that hangs is ended, and its test with it.
  const signal = AbortSignal.timeout(20_000);
  return { ask: "get", urls: [URL_1], content: undefined, needs: [], signal, ...parts };
}

function run(
  commands: ClientCommands,
  can: readonly string[],
  parts?: Partial<ClientTask>,
): Promise<ClientReport | "cannot"> {
  const exec = execClient(commands, abilitiesOf(can, commands));
  return exec(task(parts));
}

// --- abilities ------------------------------------------------------------------------------------

const abilities = suite("abilitiesOf");

interface AbilityRow extends Row {
  readonly can: readonly string[];
  readonly commands?: ClientCommands;
  readonly gives: readonly (readonly [string, readonly string[]])[];
}

const ABILITIES: readonly AbilityRow[] = [
  { name: "none", can: [], gives: [] },
  { name: "one that needs no words", can: ["cookies"], gives: [["cookies", []]] },
  { name: "an equals sign without words", can: ["cookies="], gives: [["cookies", []]] },
  { name: "one that a word turns on", can: ["redirects=-L"], gives: [["redirects", ["-L"]]] },
  {
    name: "words are parted by blanks, however many",
    can: ["cookies= -b  jar -c jar "],
    gives: [["cookies", ["-b", "jar", "-c", "jar"]]],
  },
  {
    name: "a word may hold an equals sign",
    can: ["expect=--a=b=c"],
    gives: [["expect", ["--a=b=c"]]],
  },
  {
    name: "the last word about one counts",
    can: ["redirects=-L", "cookies", "redirects=-x"],
    gives: [
      ["redirects", ["-x"]],
      ["cookies", []],
    ],
  },
  {
    name: "a command for two requests is the ability to use a connection again",
    can: [],
    commands: { "get-twice": "a {url} {url2}" },
    gives: [["reuse", []]],
  },
  { name: "a command for one is not", can: [], commands: { get: "a {url}" }, gives: [] },
  {
    name: "its words can be given too",
    can: ["reuse=-k"],
    commands: { "get-twice": "a" },
    gives: [["reuse", ["-k"]]],
  },
];

table(abilities, ABILITIES, ({ can, commands = {}, gives }) => {
  assert.equal([...abilitiesOf(can, commands)], gives);
});

abilities.run();

// --- what it cannot -------------------------------------------------------------------------------

const cannot = suite("execClient, what a client cannot");

interface CannotRow extends Row {
  readonly commands: ClientCommands;
  readonly can?: readonly string[];
  readonly task: Partial<ClientTask>;
}

const CANNOT: readonly CannotRow[] = [
  { name: "a task without a command", commands: { get: TELLS }, task: { ask: "post" } },
  {
    name: "a task whose command was not given",
    commands: { get: TELLS, head: undefined },
    task: { ask: "head" },
  },
  { name: "a need that it has not", commands: { get: TELLS }, task: { needs: ["redirects"] } },
  {
    name: "one of two needs",
    commands: { get: TELLS },
    can: ["redirects=-L"],
    task: { needs: ["redirects", "cookies"] },
  },
  { name: "reuse, without a command for it", commands: { get: TELLS }, task: { needs: ["reuse"] } },
];

table(cannot, CANNOT, async ({ commands, can = [], task: parts }) => {
  assert.is(await run(commands, can, parts), "cannot");
});

cannot.run();

// --- what it is given -----------------------------------------------------------------------------

const given = suite("execClient, what a client is given");

interface GivenRow extends Row {
  readonly command: string;
  readonly can?: readonly string[];
  readonly task?: Partial<ClientTask>;
  readonly words: readonly string[];
}

const GIVEN: readonly GivenRow[] = [
  { name: "the address", command: "{url}", words: [URL_1] },
  {
    name: "two of them",
    command: "{url} {url2}",
    task: { urls: [URL_1, URL_2] },
    words: [URL_1, URL_2],
  },
  { name: "a second that is not there is empty", command: "x{url2}", words: ["x"] },
  {
    name: "content with blanks is one word",
    command: "-d {content} {url}",
    task: { content: "a b  c" },
    words: ["-d", "a b  c", URL_1],
  },
  {
    name: "what content says is not filled in again",
    command: "{content}",
    task: { content: "{url}" },
    words: ["{url}"],
  },
  { name: "no shell looks at it", command: "$HOME ;ls |x *", words: ["$HOME", ";ls", "|x", "*"] },
  {
    name: "the words of what the task needs come last, and only those",
    command: "{url}",
    can: ["redirects=-L -m", "cookies=-b", "decompression"],
    task: { needs: ["decompression", "redirects"] },
    words: [URL_1, "-L", "-m"],
  },
];

table(given, GIVEN, async ({ command, can = [], task: parts, words }) => {
  const report = await run({ get: `${TELLS} ${command}` }, can, parts);
  assert.equal(report, { exit: 0, output: JSON.stringify(words) });
});

given.run();

// --- what is told of it ---------------------------------------------------------------------------

const told = suite("execClient, what is told");

told("its exit code, and its output octet for octet", async () => {
  const script = "process.stdout.write(Buffer.from([0xe9,0,0xff]));process.exitCode=7";
  const report = await run({ get: `${process.execPath} -e ${script}` }, []);
  assert.equal(report, { exit: 7, output: "\xe9\0\xff" });
});

told("one that cannot be started is a wrong use of the program", async () => {
  const error = await run({ get: "/no/such/client {url}" }, []).catch((thrown: unknown) => thrown);
  if (!(error instanceof Exit)) throw new Error(`an Exit is wanted, got ${String(error)}`);
  assert.is(error.exitCode, 2);
  assert.match(error.message, "cannot start /no/such/client");
});

told("one that hangs is ended at the deadline", async () => {
  const deadline = new AbortController();
  const hangs = `${process.execPath} -e setInterval(()=>{},1e9)`;
  const report = run({ get: hangs }, [], { signal: deadline.signal });
  deadline.abort();
  assert.equal(await report, { exit: 1, output: "" });
});

told.run();

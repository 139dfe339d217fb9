/**
 * `npm run fuzz` as people and long runs meet it: its words, its exit codes, its record, and Go's reading where there
 * is a Go.
 *
 * Rule of this file: the program is started as it is, in a process of its own, with few executions.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type RunChoices, USAGE, choicesOf } from "../fuzz/arguments.ts";
import { octetsOf } from "../fuzz/bytes.ts";
import { targetNames } from "../fuzz/corpus.ts";
import { GO_REQUEST_DIFFERENCES, GO_RESPONSE_DIFFERENCES } from "../fuzz/differences-go.ts";
import { endGo, goPeer, prepareGo } from "../fuzz/kit/go-peer.ts";
import { Reader } from "../lib/bufio/mod.ts";
import {
  boundedRequest,
  boundedResponse,
  readRequests,
  readResponses,
} from "../fuzz/kit/messages.ts";
import { compare } from "../fuzz/kit/peer.ts";
import { type Entry, tableOf } from "../fuzz/record.ts";
import { table } from "./kit.ts";

const words = suite("fuzz: its arguments");

const KNOWN = ["cookies", "dates"];

table<{ name: string; args: string[]; text: RegExp }>(
  words,
  [
    { name: "an unknown option", args: ["--fast"], text: /^fuzz: Unknown option '--fast' / },
    { name: "an unknown target", args: ["dates", "x"], text: /^fuzz: there is no target "x" / },
    { name: "no number", args: ["--seed", "x"], text: /^fuzz: --seed wants a number, not "x" / },
    { name: "less than nothing", args: ["--seconds=-1"], text: /^fuzz: --seconds wants a number/ },
    { name: "part of an input", args: ["--executions", "1.5"], text: /^fuzz: --executions wants/ },
    { name: "an option without its value", args: ["--seed"], text: /^fuzz: Option '--seed/ },
  ],
  ({ args, text }) => {
    const choices = choicesOf(args, KNOWN);
    if (choices.kind !== "complaint") throw new Error(choices.kind);
    assert.match(choices.text, text);
    assert.not.match(choices.text, "\n");
  },
);

table<{ name: string; args: string[]; want: Partial<RunChoices> }>(
  words,
  [
    {
      name: "nothing said",
      args: [],
      want: { names: KNOWN, ms: 2000, cpuMs: Infinity, executions: Infinity, atOnce: 1 },
    },
    {
      name: "processor time alone",
      args: ["--cpu-seconds", "1.5", "dates"],
      want: { names: ["dates"], ms: Infinity, cpuMs: 1500, executions: Infinity },
    },
    {
      name: "inputs alone, none of them new",
      args: ["--executions", "0"],
      want: { ms: Infinity, executions: 0, mode: "search" },
    },
    {
      name: "everything",
      args: ["--growth", "--seconds", "3", "--seed", "7", "--at-once", "2", "--report", "f"],
      want: { mode: "growth", ms: 3000, seed: 7, atOnce: 2, report: "f" },
    },
  ],
  ({ args, want }) => {
    const choices = choicesOf(args, KNOWN);
    for (const [name, value] of Object.entries(want)) {
      assert.equal(choices[name as keyof typeof choices], value, name);
    }
  },
);

words("what is only to be told starts nothing", () => {
  assert.is(choicesOf(["--help", "x"], KNOWN).kind, "help");
  assert.is(choicesOf(["-h"], KNOWN).kind, "help");
  assert.is(choicesOf(["--list"], KNOWN).kind, "list");
  assert.equal(choicesOf(["--table", "f"], KNOWN), { kind: "table", file: "f" });
});

words.run();

const program = suite("fuzz: the program");

program("--help prints the usage and ends well", () => {
  const { status, stdout, stderr } = fuzz(["--help"]);
  assert.equal([status, stdout, stderr], [0, `${USAGE}\n`, ""]);
});

program("what makes no sense is told in one line, with exit code 2", () => {
  for (const args of [["--fast"], ["no-such-target"], ["--table", "no-such-file"]]) {
    const { status, stdout, stderr } = fuzz(args);
    assert.equal([status, stdout], [2, ""]);
    assert.match(stderr, /^fuzz: [^\n]*\n$/);
  }
});

program("--list prints every target", () => {
  assert.equal(fuzz(["--list"]).stdout.trimEnd().split("\n"), targetNames());
});

program("a run tells its figures, and adds them to a report that --table sums up", () => {
  const folder = mkdtempSync(join(tmpdir(), "barewire-fuzz-"));
  try {
    const file = join(folder, "report");
    for (const seed of ["7", "8"]) {
      const args = ["--executions", "40", "--seed", seed, "--report", file, "dates"];
      const { status, stdout } = fuzz(args);
      assert.is(status, 0);
      assert.match(stdout, `seed ${seed}, 40 executions, `);
      assert.match(stdout, /\d+ of \d+ blocks, \d+\.\d CPU s/);
    }
    const entries = readFileSync(file, "utf8").trimEnd().split("\n");
    const [first, second] = entries.map((line) => JSON.parse(line) as Entry);
    assert.equal([first?.target, first?.seed, second?.seed], ["dates", 7, 8]);
    assert.equal([first?.executions, first?.findings], [40, 0]);
    assert.ok((first?.cpuSeconds ?? 0) > 0 && (first?.blocks.reached ?? 0) > 100);
    assert.ok(Math.abs(Date.parse(first?.date ?? "") - Date.now()) < 600_000);
    assert.match(fuzz(["--table", file]).stdout, /^\| `dates` \| 7, 8 \| 0\.0 \| 80 \| 0 \|/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

program("processor time ends a target, and not a clock on the wall", () => {
  const { stdout } = fuzz(["--cpu-seconds", "0.3", "dates"]);
  const [, seconds] = / blocks, (\d+\.\d) CPU s/.exec(stdout) ?? [];
  assert.ok(seconds === "0.3" || seconds === "0.4", stdout);
});

program("a target that cannot be run here is told so, and is no failure", () => {
  const { status, stdout } = fuzz(["--executions", "1", "go-requests"], { PATH: "" });
  assert.is(status, 0);
  assert.match(stdout, /^go-requests +not run: there is no go on the PATH$/m);
  assert.match(stdout, "0 passed, 0 failed, 1 skipped");
});

program("the table sums up the runs of a target and keeps the most blocks", () => {
  const run = { target: "b", seed: 1, cpuSeconds: 90, executions: 1500, findings: 1, date: "" };
  const table = tableOf([
    { ...run, blocks: { reached: 5, known: 9 } },
    { ...run, seed: 2, findings: 0, blocks: { reached: 7, known: 10 } },
    { ...run, target: "a", blocks: { reached: 1, known: 2 } },
  ]);
  assert.equal(table.split("\n").slice(2, -1), [
    "| `a` | 1 | 1.5 | 1,500 | 1 | 1 of 2 |",
    "| `b` | 1, 2 | 3.0 | 3,000 | 1 | 7 of 10 |",
    "| 2 targets |  | 4.5 | 4,500 | 2 |  |",
  ]);
});

program.run();

const go = suite("fuzz: Go as a peer");

/** Nothing here can be held against a Go that is not there; then it must be told why. */
async function withGo(fn: () => Promise<void>): Promise<void> {
  const missing = await prepareGo();
  try {
    if (missing === undefined) await fn();
    else assert.ok(missing.length > 0);
  } finally {
    endGo();
  }
}

go("tells messages, hosts, fields, contents, trailers, and why it stops", () =>
  withGo(async () => {
    const two =
      "POST /\xe4 HTTP/1.1\r\nHost: h\r\nA: 1\r\na: \xe4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\0\xff\r\n0\r\nT: x\r\n\r\nGET  / HTTP/1.1\r\n\r\n";
    const { messages, end } = await goPeer.readRequests(octetsOf(two));
    assert.equal(
      messages.map(({ start, content }) => [start, content]),
      [["POST /\xe4", "\0\xff"]],
    );
    assert.equal(JSON.parse(messages[0]?.details ?? ""), {
      host: "h",
      reason: "",
      header: [
        ["a", "1"],
        ["a", "\xe4"],
      ],
      trailer: [["t", "x"]],
    });
    assert.match(end, "malformed HTTP");
    const answer = octetsOf("HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nhi");
    const read = await goPeer.readResponse(answer, "GET");
    assert.equal(
      [read.messages[0]?.start, read.messages[0]?.content, read.end],
      ["200", "hi", "end"],
    );
    assert.match(read.messages[0]?.details ?? "", '"reason":"Fine"');
    assert.is((await goPeer.readResponse(answer, "HEAD")).messages[0]?.content, "");
  }),
);

const HEAD = "GET / HTTP/1.1\r\nHost: a\r\n";
const CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

/** For each known difference octets that show it. */
const REQUESTS: Readonly<Record<string, string>> = {
  "empty-line-before-request": `\r\n${HEAD}\r\n`,
  "escape-in-authority": "CONNECT a%20b:1 HTTP/1.1\r\nHost: a%20b:1\r\n\r\n",
  "escape-resolved": "GET http://%aa/ HTTP/1.1\r\nHost: b\r\n\r\n",
  "blank-before-extension": `${CHUNKED}1 ;x\r\na\r\n0\r\n\r\n`,
  "framing-in-trailer": `${CHUNKED}0\r\nContent-Length: 5\r\n\r\n`,
  pragma: `${HEAD}Pragma: no-cache\r\n\r\n`,
};
const EMPTY = "Content-Length: 0\r\n";
const ANSWER = "HTTP/1.1 200 OK\r\n";
const RESPONSES: Readonly<Record<string, string>> = {
  "framing-of-nothing": "HTTP/1.1 204 x\r\nTransfer-Encoding: gzip\r\n\r\n",
  "blank-before-extension": `${ANSWER}Transfer-Encoding: chunked\r\n\r\n1 ;x\r\na\r\n0\r\n\r\n`,
  "folded-field": `${ANSWER}${EMPTY}A: b  \r\n \r\n c\r\n\r\n`,
  "connection-with-close": `${ANSWER}${EMPTY}Connection: a\r\nConnection: close\r\n\r\n`,
  "blank-before-colon": `${ANSWER}${EMPTY}A : b\r\n\r\n`,
  "blanks-in-status-line": `HTTP/1.1   200  OK\r\n${EMPTY}\r\n`,
  "framing-in-trailer": `${ANSWER}Transfer-Encoding: chunked\r\n\r\n0\r\nHost: b\r\n\r\n`,
  pragma: `${ANSWER}${EMPTY}Pragma: no-cache\r\n\r\n`,
};

go(
  "each known difference is met by what its rule says, and a list without it calls it a finding",
  () =>
    withGo(async () => {
      for (const { name } of GO_REQUEST_DIFFERENCES) {
        const octets = octetsOf(REQUESTS[name] ?? "");
        const { messages, end } = await readRequests(Reader.of(octets.slice()));
        const ours = { messages: messages.map(boundedRequest), end };
        const compared = { octets, ours, theirs: await goPeer.readRequests(octets) };
        assert.is(compare(compared, GO_REQUEST_DIFFERENCES), name);
        assert.throws(() => compare(compared, []), /read otherwise/);
      }
      for (const { name } of GO_RESPONSE_DIFFERENCES) {
        const octets = octetsOf(RESPONSES[name] ?? "");
        const { messages, end } = await readResponses(Reader.of(octets.slice()), ["GET"]);
        const ours = { messages: messages.map(boundedResponse), end };
        const compared = { octets, ours, theirs: await goPeer.readResponse(octets, "GET") };
        assert.is(compare(compared, GO_RESPONSE_DIFFERENCES), name);
        assert.throws(() => compare(compared, []), /read otherwise/);
      }
    }),
);

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function fuzz(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const hook = ["--import", "./scripts/ts-hook.mjs", "fuzz/run.ts"];
  return spawnSync(process.execPath, [...hook, ...args], {
    cwd: new URL("..", import.meta.url),
    env: { ...process.env, NODE_V8_COVERAGE: undefined, ...env },
    encoding: "utf8",
    timeout: 60_000,
  });
}

go.run();

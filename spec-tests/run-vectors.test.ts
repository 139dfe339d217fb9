/**
 * The vector runner fails where it should: planted folders, topics and rules, and our own tables.
 * DESIGN.md section 4
 *
 * Rule of this file: exit codes and last lines of the command as CI sees them; what needs topics or rules of
 * its own calls the runner directly.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { table, withDeadline } from "./kit.ts";
import { TOPICS } from "./topics.ts";
import { CATALOGUE } from "./vectors/catalogue.ts";
import { objectsOf, textOf } from "./vectors/case.ts";
import type { Input, Rule, Topic } from "./vectors/case.ts";
import { differences, oneOf } from "./vectors/match.ts";
import { runVectors } from "./vectors/runner.ts";
import type { RunnerOptions } from "./vectors/runner.ts";

const command = suite("npm run vectors");

const ROOT = new URL("..", import.meta.url).pathname;
const OWN_TABLES = join(ROOT, "spec-tests", "vectors");

/** Ignored by git. */
const SCRATCH = join(ROOT, "scratch");

const GOOD_CASE = {
  id: "good",
  kind: "request",
  raw: "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  expect: "accept",
  complete: true,
};
const FAILING_CASE = { ...GOOD_CASE, id: "planted", complete: false };

interface CommandRow {
  readonly name: string;
  readonly cases: readonly object[];
  readonly file: string;
  readonly flags: readonly string[];
  readonly exit: number;
  readonly last: string;
  readonly says: string;
}

const commandRows: readonly CommandRow[] = [
  {
    name: "a case that passes exits 0",
    cases: [GOOD_CASE],
    file: "own-requests.json",
    flags: [],
    exit: 0,
    last: "1 passed, 0 failed, 0 skipped",
    says: "own-requests:request: 1 passed, 0 failed, 0 skipped",
  },
  {
    name: "a failing case exits 1 and shows what was expected and what came",
    cases: [GOOD_CASE, FAILING_CASE],
    file: "own-requests.json",
    flags: [],
    exit: 1,
    last: "1 passed, 1 failed, 0 skipped",
    says: "FAIL own-requests:request planted\n     complete: expected false\n               actual   true",
  },
  {
    name: "a lenient case is skipped and the reason told",
    cases: [GOOD_CASE, { ...FAILING_CASE, lenient: true }],
    file: "own-requests.json",
    flags: [],
    exit: 0,
    last: "1 passed, 0 failed, 1 skipped",
    says: "skip own-requests:request: 1 × lenient",
  },
  {
    name: "a file that nothing covers is told",
    cases: [FAILING_CASE],
    file: "of-another-world.json",
    flags: [],
    exit: 0,
    last: "0 passed, 0 failed, 0 skipped",
    says: "of-another-world: not covered",
  },
  {
    name: "with --all a file that nothing covers fails",
    cases: [FAILING_CASE],
    file: "of-another-world.json",
    flags: ["--all"],
    exit: 1,
    last: "0 passed, 1 failed, 0 skipped",
    says: "of-another-world: not covered",
  },
];

table(command, commandRows, ({ cases, file, flags, exit, last, says }) =>
  withDeadline(20_000, async () => {
    const folder = plant(file, cases);
    try {
      const { code, output } = await runCommand([folder, ...flags]);
      assert.is(code, exit, output);
      assert.is(output.trimEnd().split("\n").at(-1), last);
      assert.ok(output.includes(says), output);
    } finally {
      rmSync(folder, { recursive: true });
    }
  })(),
);

command(
  "a folder without vectors fails",
  withDeadline(20_000, async () => {
    const folder = plant("notes.txt", []);
    const { code } = await runCommand([folder]).finally(() => rmSync(folder, { recursive: true }));
    assert.is(code, 1);
  }),
);

command(
  "our own tables pass",
  withDeadline(30_000, async () => {
    const lines: string[] = [];
    const totals = await runVectors({
      folders: [OWN_TABLES],
      topics: CATALOGUE,
      listed: TOPICS,
      rules: [],
      scope: "listed",
      print: (line) => lines.push(line),
    });
    assert.is(totals.failed, 0, lines.join("\n"));
    assert.ok(totals.passed > 15);
  }),
);

command("every listed topic has code", () => {
  const known = new Set(CATALOGUE.map((topic) => topic.name));
  assert.equal(
    TOPICS.filter((name) => !known.has(name)),
    [],
  );
});

const engine = suite("the vector runner");

/** A topic whose outcome is the text of its input, backwards. */
const BACKWARDS: Topic = {
  name: "backwards",
  file: "backwards",
  parallel: 2,
  cases: (content) =>
    objectsOf(content["cases"]).map((one) => ({
      id: textOf(one["id"]),
      input: { kind: "call", op: "reverse", args: { text: one["text"] } },
      want: { text: one["want"] },
    })),
  run: (input) => [{ way: "", outcome: { text: backwards(textIn(input)) } }],
};

const CASES = [
  { id: "1", text: "ab", want: "ba" },
  { id: "2", text: "xyz", want: "other" },
];

const XYZ_RULE: Rule = {
  name: "xyz is turned round",
  section: "DESIGN §4",
  topics: ["backwards"],
  decides: (input) => textIn(input) === "xyz",
  outcome: () => ({ text: "zyx" }),
};

engine("a rule decides a case, and its own outcome is asserted", async () => {
  const { totals, output } = await runPlanted({ rules: [XYZ_RULE] });
  assert.equal(totals, { passed: 2, failed: 0, skipped: 0 });
  assert.ok(output.includes("rule xyz is turned round (DESIGN §4): decided 1"), output);
});

engine("a rule whose outcome does not come fails the case", async () => {
  const wrong: Rule = { ...XYZ_RULE, outcome: () => ({ text: "yzx" }) };
  const { totals, output } = await runPlanted({ rules: [wrong] });
  assert.equal(totals, { passed: 1, failed: 1, skipped: 0 });
  assert.ok(output.includes("by rule xyz is turned round"), output);
});

engine("a rule that decides none fails", async () => {
  const idle: Rule = { ...XYZ_RULE, name: "idle", decides: () => false };
  const { totals, output } = await runPlanted({ rules: [XYZ_RULE, idle] });
  assert.equal(totals, { passed: 2, failed: 1, skipped: 0 });
  assert.ok(output.includes("FAIL rule idle"), output);
});

engine("a rule is not idle while a topic of its own is not there", async () => {
  const elsewhere: Rule = { ...XYZ_RULE, topics: ["backwards", "absent"], decides: () => false };
  const { totals } = await runPlanted({ rules: [XYZ_RULE, elsewhere] });
  assert.equal(totals, { passed: 2, failed: 0, skipped: 0 });
});

engine("a topic that is not listed counts only with scope all", async () => {
  const listed = await runPlanted({ listed: [] });
  assert.equal(listed.totals, { passed: 0, failed: 0, skipped: 0 });
  assert.ok(listed.output.includes("backwards: not listed"), listed.output);
  const all = await runPlanted({ listed: [], scope: "all" });
  assert.equal(all.totals, { passed: 1, failed: 1, skipped: 0 });
});

engine("a topic that throws fails its cases and nothing else", async () => {
  const throwing: Topic = {
    ...BACKWARDS,
    run: (input) => {
      if (textIn(input) === "xyz") throw new Error("planted");
      return BACKWARDS.run(input);
    },
  };
  const { totals, output } = await runPlanted({ topics: [throwing], rules: [] });
  assert.equal(totals, { passed: 1, failed: 1, skipped: 0 });
  assert.ok(output.includes("it threw"), output);
});

engine("what is wanted is binding where it says something", () => {
  assert.equal(differences({ a: 1 }, { a: 1, b: 2 }), []);
  assert.equal(differences({ a: undefined }, {}), []);
  assert.is(differences([1], [1, 2]).length, 1);
  assert.is(differences({ a: null }, {}).length, 1);
  assert.equal(differences(oneOf(["x", "y"]), "y"), []);
  assert.is(differences(oneOf(["x", "y"]), "z").length, 1);
});

async function runPlanted(
  options: Partial<RunnerOptions>,
): Promise<{ totals: object; output: string }> {
  const folder = plant("backwards.json", CASES);
  const lines: string[] = [];
  try {
    const totals = await runVectors({
      folders: [folder],
      topics: [BACKWARDS],
      listed: ["backwards"],
      rules: [],
      scope: "listed",
      print: (line) => lines.push(line),
      ...options,
    });
    return { totals, output: lines.join("\n") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function plant(file: string, cases: readonly object[]): string {
  mkdirSync(SCRATCH, { recursive: true });
  const folder = mkdtempSync(join(SCRATCH, "vectors-"));
  writeFileSync(join(folder, file), JSON.stringify({ cases }));
  return folder;
}

function runCommand(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const start = ["--enable-source-maps", "--import", "./scripts/ts-hook.mjs"];
  const child = spawn(process.execPath, [...start, "spec-tests/run-vectors.ts", ...args], {
    cwd: ROOT,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

function textIn(input: Input): string {
  return input.kind === "call" ? textOf(input.args["text"]) : "";
}

function backwards(text: string): string {
  return [...text].toReversed().join("");
}

command.run();
engine.run();

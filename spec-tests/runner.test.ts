/**
 * The test runner fails where uvu alone would pass: each trap is planted in a tree of its own and sprung.
 *
 * Rule of this file: it looks at the exit code and the last line of scripts/test.ts, as CI does.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const runner = suite("the test runner");

/** Test files find uvu only below the repository; scratch/ is ignored by git. */
const SCRATCH = new URL("../scratch/", import.meta.url).pathname;

interface Trap {
  readonly name: string;
  readonly body: string;
  readonly last: string;
  readonly says?: string;
  readonly limit?: string;
}

const traps: readonly Trap[] = [
  {
    name: "two good tests pass",
    body: `t("a", () => {}); t("b", () => {}); t.run();`,
    last: "2 passed, 0 failed, 0 skipped",
  },
  {
    name: "a failing test fails",
    body: `t("a", () => { assert.is(1, 2); }); t("b", () => {}); t.run();`,
    last: "1 passed, 1 failed, 0 skipped",
    says: "a.test.ts:4",
  },
  {
    name: "a hook that throws before the tests fails them",
    body: `t.before(() => { throw new Error("x"); }); t("a", () => {}); t.run();`,
    last: "0 passed, 1 failed, 0 skipped",
    says: "a hook of the suite has thrown",
  },
  {
    name: "a hook that throws after a test fails it",
    body: `t.after.each(() => { throw new Error("x"); }); t("a", () => {}); t.run();`,
    last: "0 passed, 1 failed, 0 skipped",
  },
  {
    name: "a forgotten only fails the run",
    body: `t.only("a", () => {}); t("b", () => {}); t.run();`,
    last: "1 passed, 1 failed, 1 skipped",
  },
  {
    name: "a forgotten run fails",
    body: `t("a", () => {});`,
    last: "0 passed, 1 failed, 0 skipped",
    says: "is .run() missing?",
  },
  {
    name: "a file that does not load fails",
    body: `import "./nowhere.ts"; t.run();`,
    last: "0 passed, 1 failed, 0 skipped",
    says: "nowhere",
  },
  {
    name: "a test that waits for nothing fails",
    body: `t("a", () => new Promise(() => {})); t.run();`,
    last: "0 passed, 1 failed, 0 skipped",
    says: "the run broke off in",
  },
  {
    name: "a test that loops for ever is stopped by the wall limit",
    body: `t("a", () => { for (;;); }); t.run();`,
    last: "0 passed, 1 failed, 0 skipped",
    says: "stopped after 2 s",
    limit: "2",
  },
  {
    name: "a rejection that nobody handles fails the run",
    body: `t("a", async () => { void Promise.reject(new Error("lost")); await new Promise((go) => setTimeout(go, 20)); }); t.run();`,
    last: "0 passed, 1 failed, 0 skipped",
    says: "lost",
  },
  {
    name: "a timer left behind fails the run",
    body: `t("a", () => { setInterval(() => {}, 500); }); t.run();`,
    last: "1 passed, 1 failed, 0 skipped",
    says: "left behind by the tests: Timeout",
  },
];

for (const { name, body, last, says, limit } of traps) {
  runner(name, async () => {
    mkdirSync(SCRATCH, { recursive: true });
    const tree = mkdtempSync(join(SCRATCH, "runner-"));
    const head = `import { suite } from "uvu";\nimport * as assert from "uvu/assert";\nconst t = suite("t");\n`;
    writeFileSync(join(tree, "a.test.ts"), `${head}${body}\n`);
    const { code, output, lines } = await runTests(tree, limit);
    rmSync(tree, { recursive: true });
    assert.is(lines.at(-1), last, output);
    assert.is(code, last.includes(" 0 failed") ? 0 : 1);
    if (says !== undefined) assert.ok(output.includes(says), `it should say "${says}":\n${output}`);
  });
}

function runTests(
  tree: string,
  limit: string = "60",
): Promise<{ code: number | null; output: string; lines: readonly string[] }> {
  const program = new URL("../scripts/test.ts", import.meta.url).pathname;
  const args = [...process.execArgv, program, "--tree", tree, "--limit", limit];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  // Apart: which of two pipes is read last is a matter of time.
  let printed = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    printed += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) =>
    child.on("close", (code) => resolve({ code, output, lines: printed.trimEnd().split("\n") })),
  );
}

runner.run();

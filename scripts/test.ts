/**
 * npm test: runs the test files in a process of their own and believes only what can be counted.
 *
 * Rule of this file: it decides pass or fail; test-child.ts does the running. uvu's exit code is not asked,
 * because it is 0 when a hook throws, when `.only` hides tests and when a suite is not run.
 *
 *   npm test                      everything
 *   npm test -- wire/head         files whose path contains one of these words
 *   npm test -- --poison          borrowed read buffers are overwritten with 0xAA after each callback
 *   npm test -- --record          writes the number of tests into spec-tests/expected-total.json
 *   npm test -- --limit 300       wall limit of the whole run in seconds
 *   npm test -- --tree DIR        another folder of tests, without a recorded number
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { argumentsOf } from "./arguments.ts";

/** What the child tells after each file: the sums so far, and the file it goes on with. */
export interface Progress {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly file: string | undefined;
}

const EXPECTED = new URL("../spec-tests/expected-total.json", import.meta.url);
const SPEC_TESTS = fileURLToPath(new URL("../spec-tests", import.meta.url));

const { values: options, positionals: filters } = argumentsOf(import.meta.url, {
  allowPositionals: true,
  options: {
    poison: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    limit: { type: "string", default: "300" },
    tree: { type: "string" },
  },
});

const tree = resolve(options.tree ?? SPEC_TESTS);
const files = readdirSync(tree, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .filter((path) => filters.length === 0 || filters.some((word) => path.includes(word)))
  .map((path) => join(tree, path))
  .sort((a, b) => Number(isLast(a)) - Number(isLast(b)) || (a < b ? -1 : 1));

const complaints: string[] = [];
const sums = await runChild(Number(options.limit) * 1000);
const total = sums.passed + sums.failed + sums.skipped;

if (files.length === 0) complaints.push("no test file matches");
if (sums.skipped > 0) complaints.push("tests were skipped: .only and .skip hide failures");
if (filters.length === 0 && options.tree === undefined) compareTotal();
for (const complaint of complaints) console.log(`  ✘ ${complaint}`);
// A complaint counts as a failure, so that the line and the exit code never contradict each other.
const failed = sums.failed + complaints.length;
console.log(`${sums.passed} passed, ${failed} failed, ${sums.skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

/** The fuzz loop takes V8's counters over, with which `npm run cover` has been counting: nothing comes after it. */
function isLast(path: string): boolean {
  return path.endsWith("fuzz.test.ts");
}

async function runChild(limitMs: number): Promise<Progress> {
  let sums: Progress = { passed: 0, failed: 0, skipped: 0, file: files[0] };
  const program = fileURLToPath(new URL("test-child.ts", import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, program, ...files], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, BAREWIRE_POISON: options.poison ? "1" : "0" },
  });
  child.on("message", (progress: Progress) => (sums = progress));
  let stopped = false;
  const timer = setTimeout(() => (stopped = child.kill("SIGKILL")), limitMs);
  const [code, signal] = await new Promise<[number | null, string | null]>((done) => {
    child.on("close", (...how) => done(how));
  });
  clearTimeout(timer);
  const place = sums.file ?? "the end, after the last test";
  if (stopped) complaints.push(`stopped after ${limitMs / 1000} s, in ${place}`);
  else if (sums.file !== undefined) complaints.push(`the run broke off in ${place}`);
  // The child has its own reasons to exit with 1; what it has counted is judged by its numbers.
  else if (code !== 0 && sums.failed === 0) complaints.push(`exit code ${code ?? signal ?? "?"}`);
  return sums;
}

/** Fewer tests than recorded means that some have silently stopped to run. */
function compareTotal(): void {
  if (options.record) writeFileSync(EXPECTED, `{ "tests": ${total} }\n`);
  const { tests } = JSON.parse(readFileSync(EXPECTED, "utf8")) as { tests: number };
  if (total < tests) {
    complaints.push(`${total} tests ran, ${tests} are expected (spec-tests/expected-total.json)`);
  } else if (total > tests) {
    console.log(`  ${total - tests} tests are new: record them with npm test -- --record`);
  }
}

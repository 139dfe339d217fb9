/**
 * Runs test files one after the other in this process and counts what uvu did with each.
 *
 * Rule of this file: it takes uvu's queue and runs it, without uvu's own summary, and tells the sums to its
 * parent after each file. A file that registers no test counts as failed.
 */
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Progress } from "./test.ts";

/** What uvu's `.run()` puts into the queue: errors, passed, skipped, total. */
type QueuedSuite = () => Promise<[string | true, number, number, number]>;

// How uvu's own runner keeps suites from starting by themselves, and where it collects them.
const uvu = globalThis as unknown as {
  UVU_DEFER: number;
  UVU_INDEX: number;
  UVU_QUEUE: [string | null, ...QueuedSuite[]][];
};
uvu.UVU_DEFER = 1;
uvu.UVU_QUEUE = [];

const SLOW_MS = 2_000;
const sums = { passed: 0, failed: 0, skipped: 0 };
const files = process.argv.slice(2);
/** The pipes to the parent, which keep nothing alive. */
const atStart = process.getActiveResourcesInfo();

for (const [index, file] of files.entries()) {
  tell(file);
  console.log(`\n${relative(".", file)}`);
  const startedAt = performance.now();
  uvu.UVU_INDEX = index;
  uvu.UVU_QUEUE[index] = [file];
  const before = sums.passed + sums.failed + sums.skipped;
  try {
    await import(pathToFileURL(file).href);
    for (const suite of uvu.UVU_QUEUE[index].slice(1) as QueuedSuite[]) await runSuite(suite);
    const ran = sums.passed + sums.failed + sums.skipped - before;
    if (ran === 0) throw new Error("no test has run: is .run() missing?");
  } catch (error) {
    sums.failed++;
    console.log(`\n  FAIL  ${file}\n`, error, "\n");
  }
  const tookMs = performance.now() - startedAt;
  if (tookMs > SLOW_MS) console.log(`  (${Math.round(tookMs)} ms)`);
}
tell(undefined);
process.exitCode = sums.failed > 0 ? 1 : 0;

// Everything is done; whatever keeps the process alive now was left behind by a test.
setTimeout(() => {
  const left = process.getActiveResourcesInfo();
  for (const own of atStart) if (left.includes(own)) left.splice(left.indexOf(own), 1);
  console.log("  ✘ left behind by the tests:", left.join(", "));
  process.exit(1);
}, 1_000).unref();

async function runSuite(suite: QueuedSuite): Promise<void> {
  const [errors, passed, skipped, total] = await suite();
  // A `before` hook that throws, or an `after.each`, leaves no errors but too few passed.
  if (passed < total && errors === true) console.log("\n  FAIL  a hook of the suite has thrown\n");
  if (errors !== true) console.log(`\n${errors}`);
  sums.passed += passed;
  sums.failed += total - passed;
  sums.skipped += skipped;
}

function tell(file: string | undefined): void {
  const progress: Progress = { ...sums, file };
  process.send?.(progress);
}

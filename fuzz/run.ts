/**
 * npm run fuzz: every target, or those that are named, each in a thread that can be stopped.
 *
 * Rule of this file: arguments, threads and words; the loop itself is in harness.ts.
 *
 *   npm run fuzz                          all targets, 2 seconds each, a seed of the moment
 *   npm run fuzz -- --seconds 60 cookies  these targets, so long each
 *   npm run fuzz -- --executions 5000     so many inputs each, however long that takes; both: what ends first
 *   npm run fuzz -- --seed 7              the same inputs again
 *   npm run fuzz -- --growth              inputs made twice as long: does the work stay linear?
 */
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { escaped } from "./bytes.ts";
import { keep, targetNames } from "./corpus.ts";
import { newTally } from "./harness.ts";
import { type Job, type Report, SHARED_HEAD_BYTES } from "./job.ts";

/** An input that takes longer is a fault: nothing here is larger than a few KiB. */
const HANG_MS = 10_000;
/** One whose work needs more memory is one too: the thread dies of it. */
const HEAP_MIB = 512;
const SHARED_BYTES = 65_536;
const DEFAULT_SECONDS = "2";
const HELP = "npm run fuzz -- [--seconds N] [--executions N] [--seed N] [--growth] [target…]";

await main();

async function main(): Promise<void> {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: "string" },
      executions: { type: "string" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      growth: { type: "boolean", default: false },
    },
  });
  const names = targetNames().filter(
    (name) => positionals.length === 0 || positionals.includes(name),
  );
  const unknown = positionals.filter((name) => !names.includes(name));
  const executions = Number(options.executions ?? Infinity);
  const seconds = Number(
    options.seconds ?? (options.executions === undefined ? DEFAULT_SECONDS : Infinity),
  );
  const seed = Number(options.seed);
  if (unknown.length > 0 || [executions, seconds, seed].some(Number.isNaN)) {
    console.log(`${HELP}\n\n${unknown.map((name) => `no target ${name}\n`).join("")}`);
    console.log(`targets: ${targetNames().join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const mode = options.growth ? "growth" : "search";
  console.log(`seed ${seed}, ${names.length} targets`);
  let failed = 0;
  for (const name of names) {
    const report = await inThread({ name, seed, ms: seconds * 1000, executions, mode });
    console.log(`${name.padEnd(22)} ${summary(report)}`);
    if (report.found === undefined) continue;
    failed++;
    console.log(`  FAULT ${report.found.fault}\n  input ${escaped(report.found.input)}`);
    if (mode === "search") console.log(`  kept in ${keep(name, report.found.input)}`);
    const again = mode === "search" ? "--executions 0" : `--growth --seed ${seed}`;
    console.log(`  again: npm run fuzz -- ${again} ${name}`);
  }
  console.log(`${names.length - failed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Runs one target in a thread of its own; an endless loop or a promise never kept becomes a fault. */
function inThread(what: Omit<Job, "shared">): Promise<Report> {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: { ...what, shared },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  const counters = new Int32Array(shared, 0, 2);
  return new Promise((resolve) => {
    const end = (report: Report): void => {
      clearInterval(watch);
      resolve(report);
      void worker.terminate();
    };
    const fault = (why: string): void => {
      const input = new Uint8Array(shared, SHARED_HEAD_BYTES, counters[1]).slice();
      const tally = { ...newTally(), inputs: counters[0]! };
      end({ tally, found: { input, fault: why }, blocks: { reached: 0, known: 0 }, given: 0 });
    };
    let [seen, seenAt] = [-1, Date.now()];
    const watch = setInterval(() => {
      if (counters[0] !== seen) [seen, seenAt] = [counters[0]!, Date.now()];
      else if (Date.now() - seenAt > HANG_MS) fault(`no answer after ${HANG_MS} ms`);
    }, 200);
    worker.once("message", end);
    worker.once("error", (error) => fault(`the thread died: ${error.stack ?? error.message}`));
    worker.once("exit", () =>
      fault("the thread ended without an answer: a promise was never kept"),
    );
  });
}

function summary({ tally, blocks, given }: Report): string {
  const { inputs, accepted, kept, refused } = tally;
  const codes = [...refused].sort(([, a], [, b]) => b - a).slice(0, 3);
  const most = codes.map(([code, times]) => `${code} ${times}`).join(", ");
  return (
    `${inputs} executions, ${blocks.reached} of ${blocks.known} blocks, ` +
    `${given} given, ${kept} kept, ${accepted} accepted, ${refused.size} codes${most && ` (${most})`}`
  );
}

/**
 * npm run fuzz: every target, or those that are named, each in a process of its own.
 *
 * Rule of this file: processes and words; the arguments are in arguments.ts, the loop itself in harness.ts.
 */
import { fork } from "node:child_process";
import { type RunChoices, USAGE, choicesOf } from "./arguments.ts";
import { escaped } from "./bytes.ts";
import { keep, targetNames } from "./corpus.ts";
import { newTally } from "./harness.ts";
import type { Job, Report } from "./job.ts";
import { append, entryOf, readEntries, tableOf } from "./record.ts";

process.exitCode = await main();

async function main(): Promise<number> {
  const choices = choicesOf(process.argv.slice(2), targetNames());
  switch (choices.kind) {
    case "help":
      console.log(USAGE);
      return 0;
    case "list":
      console.log(targetNames().join("\n"));
      return 0;
    case "table":
      return table(choices.file);
    case "complaint":
      console.error(choices.text);
      return 2;
    case "run":
      return run(choices);
  }
}

function table(file: string): number {
  try {
    process.stdout.write(tableOf(readEntries(file)));
    return 0;
  } catch (error) {
    console.error(`fuzz: ${file}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

async function run(choices: RunChoices): Promise<number> {
  console.log(`seed ${choices.seed}, ${choices.names.length} targets`);
  const waiting = [...choices.names];
  const sums = { passed: 0, failed: 0, skipped: 0 };
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const report = await inProcess({ ...jobOf(choices), name });
      sums[tell(name, choices, report)]++;
    }
  };
  await Promise.all(Array.from({ length: choices.atOnce }, worker));
  console.log(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
  return sums.failed > 0 ? 1 : 0;
}

function jobOf({ seed, ms, cpuMs, executions, mode }: RunChoices): Omit<Job, "name"> {
  return { seed, ms, cpuMs, executions, mode };
}

/** Prints what came of a target, and keeps what was found. */
function tell(
  name: string,
  { seed, mode, report: file }: RunChoices,
  report: Report,
): "passed" | "failed" | "skipped" {
  const { found, notRun } = report;
  if (notRun !== undefined) {
    console.log(`${name.padEnd(22)} not run: ${notRun}`);
    return "skipped";
  }
  console.log(`${name.padEnd(22)} seed ${seed}, ${summary(report)}`);
  if (file !== undefined) append(file, entryOf(name, seed, report));
  if (found === undefined) return "passed";
  console.log(`  FAULT ${found.fault}\n  input ${escaped(found.input)}`);
  if (mode === "search") console.log(`  kept in ${keep(name, found.input)}`);
  const again = mode === "search" ? "--executions 0" : `--growth --seed ${seed}`;
  console.log(`  again: npm run fuzz -- ${again} ${name}`);
  return "failed";
}

/** A process that ends without an answer is a fault, too. */
function inProcess(job: Job): Promise<Report> {
  // Not as JSON: a report holds a Map and octets, a job may hold Infinity.
  const child = fork(new URL("./process.ts", import.meta.url), { serialization: "advanced" });
  child.send(job);
  return new Promise((resolve) => {
    child.once("message", (report) => resolve(report as Report));
    child.once("exit", (code, signal) => {
      const found = { input: new Uint8Array(), fault: `the process died: ${signal ?? code}` };
      const blocks = { reached: 0, known: 0 };
      resolve({ tally: newTally(), found, blocks, given: 0, cpuMs: 0 });
    });
  });
}

function summary({ tally, blocks, given, cpuMs }: Report): string {
  const { inputs, accepted, kept, refused } = tally;
  const codes = [...refused].sort(([, a], [, b]) => b - a).slice(0, 3);
  const most = codes.map(([code, times]) => `${code} ${times}`).join(", ");
  return (
    `${inputs} executions, ${blocks.reached} of ${blocks.known} blocks, ${(cpuMs / 1000).toFixed(1)} CPU s, ` +
    `${given} given, ${kept} kept, ${accepted} accepted, ${refused.size} codes${most && ` (${most})`}`
  );
}

/**
 * `npm run dos`: denial of service, tried on servers of our own while innocent clients use them.
 *
 *   npm run dos -- [--short] [--only WORD] [--json FILE] [--peer node-http] [--host ADDRESS]
 *
 * Rule of this file: one check after the other, one line of figures each. Bars of all checks: memory grows
 * by less than 100 MiB, the p99 of innocents stays under 250 ms and none of them fails, no descriptor is
 * left over. --peer asks another server the same and prints what it did; its failures do not count.
 * It loads this machine and no other.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CHECKS } from "./dos/checks.ts";
import type { Check, Finding } from "./dos/check.ts";
import { mustBeLoopback } from "./dos/loopback.ts";
import { endAll, startWatcher } from "./dos/subject.ts";
import { lineOf, machine } from "./dos/report.ts";
import { Runner } from "./dos/run.ts";

const WHOLE_RUN_MS_MAX = 25 * 60_000;

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    json: { type: "string" },
    peer: { type: "string" },
    host: { type: "string", default: "127.0.0.1" },
  },
});
const totals = { passed: 0, failed: 0, skipped: 0 };
const found: { readonly check: string; readonly bar: string; readonly findings: Finding[] }[] = [];
const watchdog = setTimeout(() => void abandon("took too long"), WHOLE_RUN_MS_MAX);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void abandon(signal));

try {
  await main();
} catch (error) {
  totals.failed++;
  console.log(`FAIL  ${error instanceof Error ? error.message : String(error)}`);
} finally {
  clearTimeout(watchdog);
  await endAll();
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine: machine(), found }, undefined, 2)}\n`);
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 ? 0 : 1);

async function main(): Promise<void> {
  mustBeLoopback(values.host);
  if (values.peer !== undefined && values.peer !== "node-http") {
    throw new Error(`"${values.peer}" is no peer: there is node-http`);
  }
  const checks = CHECKS.filter(({ name }) => name.includes(values.only));
  if (checks.length === 0) throw new Error(`no check has "${values.only}" in its name`);
  console.log(`${machine()}; attacked on ${values.host}, which is this machine`);
  const watcher = await startWatcher();
  const size = values.short ? "short" : "full";
  const ours = new Runner(watcher, { size, host: values.host, server: "barewire" });
  const theirs = new Runner(watcher, { size, host: values.host, server: "node-http" });
  for (const check of checks) await examine(check, ours, theirs);
  if (totals.skipped > 0) console.log(`${totals.skipped} checks take too long for a short run`);
  await ours.finish();
  await theirs.finish();
}

async function examine(check: Check, ours: Runner, theirs: Runner): Promise<void> {
  if (values.short && check.size === "full") {
    totals.skipped++;
    return;
  }
  const findings = [await ours.run(check)];
  const [finding] = findings;
  const isFine = finding?.problems.length === 0;
  if (isFine) totals.passed++;
  else totals.failed++;
  for (const one of findings) console.log(lineOf(check, one));
  if (values.peer !== undefined && check.peer === "node-http") {
    const other = await theirs.run(check);
    findings.push(other);
    console.log(lineOf(check, other));
  }
  found.push({ check: check.name, bar: check.bar, findings });
}

async function abandon(why: string): Promise<void> {
  console.log(`FAIL  the run was abandoned: ${why}`);
  await endAll();
  process.exit(1);
}

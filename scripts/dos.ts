/**
 * `npm run dos`: denial of service, tried on servers and clients of our own while innocents use them.
 *
 *   npm run dos -- [--short] [--only WORD] [--json FILE] [--peer node-http] [--peer fetch] [--host ADDRESS]
 *
 * Rule of this file: one check after the other, one line of figures each. Bars of all checks: memory grows
 * by less than 100 MiB, the p99 of innocents stays under 250 ms and none of them fails, no descriptor is
 * left over. --peer asks another server or client the same and prints what it did; its failures do not count.
 * It loads this machine and no other.
 */
import { writeFileSync } from "node:fs";
import { argumentsOf } from "./arguments.ts";
import { CHECKS, CLIENT_CHECKS, CLIENT_SCRIPT_CHECKS } from "./dos/checks.ts";
import type { Finding } from "./dos/check.ts";
import { ClientRunner } from "./dos/client-run.ts";
import { mustBeLoopback } from "./dos/loopback.ts";
import { endAll, startWatcher, type Watcher } from "./dos/subject.ts";
import { lineOf, machine } from "./dos/report.ts";
import { Runner } from "./dos/run.ts";

const WHOLE_RUN_MS_MAX = 25 * 60_000;
const PEERS: readonly string[] = ["node-http", "fetch"];

/** A check of either side, and how it is run. */
interface Item {
  readonly name: string;
  readonly bar: string;
  readonly size?: "full";
  readonly ours: () => Promise<Finding>;
  /** Asks another the same, where that can be done. */
  readonly theirs: (() => Promise<Finding>) | undefined;
}

const { values } = argumentsOf(import.meta.url, {
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    json: { type: "string" },
    peer: { type: "string", multiple: true, default: [] },
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
  const stranger = values.peer.find((peer) => !PEERS.includes(peer));
  if (stranger !== undefined) {
    throw new Error(`"${stranger}" is no peer: there are ${PEERS.join(" and ")}`);
  }
  console.log(`${machine()}; attacked on ${values.host}, which is this machine`);
  const watcher = await startWatcher();
  const servers = serverItems(watcher);
  const clients = clientItems(watcher);
  const items = [...servers.items, ...clients.items].filter(({ name }) =>
    name.includes(values.only),
  );
  if (items.length === 0) throw new Error(`no check has "${values.only}" in its name`);
  for (const item of items) await examine(item);
  if (totals.skipped > 0) console.log(`${totals.skipped} checks take too long for a short run`);
  await servers.finish();
  await clients.finish();
}

interface Side {
  readonly items: readonly Item[];
  readonly finish: () => Promise<void>;
}

function serverItems(watcher: Watcher): Side {
  const options = { size: sizeOf(), host: values.host };
  const ours = new Runner(watcher, { ...options, server: "barewire" });
  const theirs = new Runner(watcher, { ...options, server: "node-http" });
  const items = CHECKS.map((check) => ({
    ...check,
    ours: () => ours.run(check),
    theirs: isAsked(check.peer) ? () => theirs.run(check) : undefined,
  }));
  return { items, finish: async () => void (await Promise.all([ours.finish(), theirs.finish()])) };
}

function clientItems(watcher: Watcher): Side {
  const options = { size: sizeOf(), host: values.host };
  const ours = new ClientRunner(watcher, { ...options, client: "barewire" });
  const theirs = new ClientRunner(watcher, { ...options, client: "fetch" });
  const items = CLIENT_CHECKS.map((check) => ({
    ...check,
    ours: () => ours.run(check),
    theirs: isAsked(check.peer) ? () => theirs.run(check) : undefined,
  }));
  const scripts = CLIENT_SCRIPT_CHECKS.map((check) => ({
    ...check,
    ours: () => ours.runScript(check),
    theirs: undefined,
  }));
  const finish = async (): Promise<void> =>
    void (await Promise.all([ours.finish(), theirs.finish()]));
  return { items: [...items, ...scripts], finish };
}

function sizeOf(): "short" | "full" {
  return values.short ? "short" : "full";
}

function isAsked(peer: string): boolean {
  return values.peer.includes(peer);
}

async function examine(item: Item): Promise<void> {
  if (values.short && item.size === "full") {
    totals.skipped++;
    return;
  }
  const finding = await item.ours();
  const findings = [finding];
  if (finding.problems.length === 0) totals.passed++;
  else totals.failed++;
  console.log(lineOf(item, finding));
  if (item.theirs !== undefined) {
    const other = await item.theirs();
    findings.push(other);
    console.log(lineOf(item, other));
  }
  found.push({ check: item.name, bar: item.bar, findings });
}

async function abandon(why: string): Promise<void> {
  console.log(`FAIL  the run was abandoned: ${why}`);
  await endAll();
  process.exit(1);
}

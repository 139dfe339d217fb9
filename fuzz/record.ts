/**
 * The record of long runs: one line of JSON for each target and run, and the table that sums them up.
 *
 * Rule of this file: lines and sums. A line once written is never changed.
 */
import { appendFileSync, readFileSync } from "node:fs";
import type { Report } from "./job.ts";

/** One target in one run. */
export interface Entry {
  readonly target: string;
  readonly seed: number;
  readonly cpuSeconds: number;
  readonly executions: number;
  readonly blocks: Report["blocks"];
  readonly findings: number;
  /** When it ended. */
  readonly date: string;
}

export function entryOf(target: string, seed: number, report: Report): Entry {
  return {
    target,
    seed,
    cpuSeconds: Math.round(report.cpuMs) / 1000,
    executions: report.tally.inputs,
    blocks: report.blocks,
    findings: report.found === undefined ? 0 : 1,
    date: new Date().toISOString(),
  };
}

export function append(file: string, entry: Entry): void {
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

export function readEntries(file: string): Entry[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Entry);
}

/**
 * A row for each target: processor time, executions and findings of all its runs, and the most blocks that one
 * of them reached.
 */
export function tableOf(entries: readonly Entry[]): string {
  const names = [...new Set(entries.map(({ target }) => target))].toSorted();
  const rows = names.map((name) => {
    const runs = entries.filter(({ target }) => target === name);
    const best = runs.reduce((a, b) => (b.blocks.reached > a.blocks.reached ? b : a)).blocks;
    return [`\`${name}\``, seedsOf(runs), ...sumsOf(runs), `${best.reached} of ${best.known}`];
  });
  const total = [`${names.length} targets`, "", ...sumsOf(entries), ""];
  const head = ["target", "seeds", "CPU minutes", "executions", "findings", "blocks"];
  const rule = ["---", "---", "---:", "---:", "---:", "---:"];
  return [head, rule, ...rows, total].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function sumsOf(runs: readonly Entry[]): string[] {
  const sum = (of: (entry: Entry) => number): number => runs.reduce((all, run) => all + of(run), 0);
  return [
    (sum(({ cpuSeconds }) => cpuSeconds) / 60).toFixed(1),
    sum(({ executions }) => executions).toLocaleString("en"),
    String(sum(({ findings }) => findings)),
  ];
}

function seedsOf(runs: readonly Entry[]): string {
  return [...new Set(runs.map(({ seed }) => seed))].join(", ");
}

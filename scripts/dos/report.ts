/**
 * What is printed of a finding: one line of figures, and a line for each bar that was not met.
 *
 * Rule of this file: text only; the judgement was made in run.ts.
 */
import { cpus } from "node:os";
import type { Finding } from "./check.ts";

/** A check of either side, as far as it is printed. */
interface Asked {
  readonly name: string;
  readonly bar: string;
}

/** One line about where the figures come from: they mean nothing without it. */
export function machine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `${model}, ${cpus().length} cores, Node ${process.version}, ${process.platform}`;
}

/** The line of a finding, with the bars that were not met below it. */
export function lineOf(check: Asked, finding: Finding): string {
  const isOurs = finding.subject === "barewire";
  const verdict = finding.problems.length === 0 ? "pass" : "FAIL";
  const name = isOurs ? `${verdict}  ${check.name}` : `      ${finding.subject}: ${verdict}`;
  const asked = isOurs ? ` | ${check.bar}` : "";
  const figures = [finding.seen, ...watchedFigures(finding)].filter((text) => text !== "");
  return [`${name}: ${figures.join("; ")}${asked}`, ...finding.problems]
    .map((line, index) => (index === 0 ? line : `        ${line}`))
    .join("\n");
}

function watchedFigures({ watched, after }: Finding): string[] {
  if (watched === undefined) return [];
  const { before, peak, answers, p50Ms, p99Ms, worstMs } = watched;
  const memory = `memory ${mib(before.mib)}, at most ${mib(peak.mib)}, after ${mib(after.mib)} MiB`;
  const open = `descriptors ${before.descriptors}, ${peak.descriptors}, ${after.descriptors}`;
  if (answers === 0) return [memory, open];
  const latency = [p50Ms, p99Ms, worstMs].map((ms) => ms.toFixed(1)).join(", ");
  return [memory, open, `${answers} innocents, p50 p99 worst ${latency} ms`];
}

function mib(figure: number): string {
  return figure.toFixed(0);
}

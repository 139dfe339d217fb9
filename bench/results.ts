/**
 * What a run has measured, with all that its figures mean nothing without.
 *
 * Rule of this file: it keeps and writes; `--json` writes it, `--from` reads it again.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type Answer, cells, type Effort, figureOf } from "./answer.ts";
import { machine } from "./kit.ts";
import { missingPeers, peerVersions } from "./peers.ts";

/** A run, or several laid over each other. */
export interface Results {
  /** ISO 8601, the day. */
  date: string;
  machine: string;
  effort: Effort;
  /** Of the peers that took part. */
  versions: Record<string, string>;
  /** Peers that could not be had, and why. */
  missing: Record<string, string>;
  /** By question and part: "server/hello". */
  readonly answers: Record<string, Answer>;
}

/** Finds a figure: which table, which row, which column. NaN when it was not measured. */
export type Lookup = (answer: string, row: string, column: string) => number;

const RESULTS = new URL("RESULTS.md", import.meta.url);

/** Nothing measured yet. */
export function newResults(effort: Effort): Results {
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine: machine(), effort, versions: {}, missing: {}, answers: {} };
}

/** What an earlier run has kept; its figures stand until they are measured again. */
export function readResults(file: string): Results {
  const kept = JSON.parse(readFileSync(file, "utf8"), revive) as Results;
  if (typeof kept.machine !== "string" || typeof kept.answers !== "object") {
    throw new Error(`${file} does not hold results`);
  }
  return kept;
}

/** Adds the answer of a question, and what is known about the peers by then. */
export function keep(results: Results, name: string, answer: Answer): void {
  results.answers[name] = answer;
  Object.assign(results.versions, peerVersions());
  Object.assign(results.missing, missingPeers());
  for (const peer of Object.keys(peerVersions())) delete results.missing[peer];
}

export function lookUp(results: Results): Lookup {
  return (answer, row, column) => figureOf(results.answers[answer], row, column);
}

export function writeJson(results: Results, file: string): void {
  writeFileSync(file, `${JSON.stringify(results, replace, 2)}\n`);
}

/** Writes RESULTS.md beside this file. */
export function writeMarkdown(results: Results): void {
  writeFileSync(RESULTS, markdown(results));
}

/** All tables, under what they were measured with. */
export function markdown(results: Results): string {
  const { date, machine: where, effort, versions, missing, answers } = results;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const lost = Object.entries(missing).map(([name, why]) => `${name} (${why})`);
  const title = [
    "# Results",
    "",
    "Written by `npm run bench -- --results`; what the figures mean is in [docs/performance.md](../docs/performance.md).",
    "",
  ];
  if (Object.keys(answers).length === 0)
    return `${title.join("\n")}\nNothing has been measured yet.\n`;
  const lines = [
    ...title,
    `- Date: ${date}`,
    `- Machine: ${where}`,
    `- Peers: ${peers.join(", ") || "none but Node's own"}`,
    `- Not measured: ${lost.join(", ") || "nothing was missing"}`,
    `- Effort: ${effort.rounds} rounds of ${effort.seconds} s, load by ${effort.load === "wrk" ? "wrk" : "our own program"}`,
  ];
  for (const [name, answer] of Object.entries(answers)) {
    const [head = [], ...rows] = cells(answer);
    lines.push("", `## ${name}`, "", `${answer.title}.`, "", rowOf(head));
    lines.push(`|---|${"---:|".repeat(head.length - 1)}`, ...rows.map(rowOf));
  }
  return `${lines.join("\n")}\n`;
}

function rowOf(row: readonly string[]): string {
  return `| ${row.join(" | ")} |`;
}

/** JSON has no NaN and no Infinity: null is what could not be measured, a string what had no end. */
function replace(_: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? "Infinity" : value;
}

function revive(_: string, value: unknown): unknown {
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  return value === null ? Number.NaN : value;
}

/**
 * Puts what was measured into the README, so that its figures are never typed by hand.
 *
 * Rule of this file: it replaces what stands between two marks and touches nothing else.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { MemoryRow } from "./memory.ts";
import type { Scenario, ServerRow } from "./server.ts";

/** What the README tells. */
export interface Told {
  readonly machine: string;
  readonly server: Partial<Record<Scenario, readonly ServerRow[]>>;
  readonly memory?: readonly MemoryRow[];
}

const README = new URL("../README.md", import.meta.url);
const BLOCK = /(<!-- figures -->\n)[\s\S]*?(<!-- \/figures -->)/;
const COLUMNS = ["barewire", "floor", "node-http"] as const;
const WORDS: Readonly<Record<Scenario, string>> = {
  hello: "GET of 13 bytes, 64 connections",
  "browser-head": "the same with the head of a browser (757 bytes)",
  pipelined: "the same, pipelined 16 deep",
  async: "the same, answered in a later turn",
};

/** Writes the table; throws when the README has no place for it. */
export function writeReadme(told: Told): void {
  const text = readFileSync(README, "utf8");
  if (!BLOCK.test(text)) throw new Error("README.md has no place for the figures");
  writeFileSync(
    README,
    text.replace(BLOCK, (_, open, close) => `${open}${table(told)}${close}`),
  );
}

function table({ machine, server, memory }: Told): string {
  const lines = ["", "| | barewire | floor | node:http |", "|---|---:|---:|---:|"];
  for (const [scenario, rows] of Object.entries(server)) {
    const cells = COLUMNS.map((name) => rows.find(({ program }) => program === name)?.total);
    lines.push(line(`${WORDS[scenario as Scenario]}: CPU time per request, µs`, cells));
  }
  if (memory !== undefined) {
    const names = ["barewire", "bare-socket", "node-http"];
    const cells = names.map((n) => memory.find(({ program }) => program === n)?.kibPerConnection);
    lines.push(line("an idle keep-alive connection, KiB", cells));
  }
  return `${lines.join("\n")}\n\nMeasured on ${machine}.\n\n`;
}

function line(what: string, cells: readonly (number | undefined)[]): string {
  return `| ${what} | ${cells.map((cell) => cell?.toFixed(1) ?? "").join(" | ")} |`;
}

/**
 * Puts what was measured into the README, so that its figures are never typed by hand.
 *
 * Rule of this file: it replaces what stands between two marks and touches nothing else.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { shown } from "./answer.ts";
import type { Lookup } from "./results.ts";
import { SCENARIOS } from "./scenarios.ts";

const README = new URL("../README.md", import.meta.url);
const BLOCK = /(<!-- figures -->\n)[\s\S]*?(<!-- \/figures -->)/;
const PROGRAMS = ["barewire", "floor", "node-http", "bun", "deno", "go"] as const;
const WORDS = ["barewire", "floor", "node:http", "Bun", "Deno", "Go"] as const;
const IDLE = ["barewire", "bare-socket", "node-http"] as const;

/** Writes the table; throws when the README has no place for it. */
export function writeReadme(at: Lookup, where: string): void {
  const text = readFileSync(README, "utf8");
  if (!BLOCK.test(text)) throw new Error("README.md has no place for the figures");
  writeFileSync(
    README,
    text.replace(BLOCK, (_, open, close) => `${open}${table(at, where)}${close}`),
  );
}

function table(at: Lookup, where: string): string {
  const lines = ["", line("", WORDS), `|---|${"---:|".repeat(WORDS.length)}`];
  for (const [scenario, { words }] of Object.entries(SCENARIOS)) {
    const figures = PROGRAMS.map((name) => at(`server/${scenario}`, name, "total"));
    if (figures.every(Number.isNaN)) continue;
    lines.push(line(`${words}: CPU time per request, µs`, figures.map(cell)));
  }
  const idle = IDLE.map((name) => at("memory/idle", name, "KiB"));
  if (!idle.every(Number.isNaN)) {
    const cells = [...idle.map(cell), "", "", ""];
    lines.push(line("an idle keep-alive connection, KiB", cells));
  }
  return `${lines.join("\n")}\n\nMeasured on ${where}.\n\n`;
}

function cell(figure: number): string {
  return Number.isNaN(figure) ? "" : shown(figure);
}

function line(what: string, cells: readonly string[]): string {
  return `| ${what} | ${cells.join(" | ")} |`;
}

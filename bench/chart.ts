/**
 * Draws what was measured: bars of CPU time per request, scenario by scenario, for the README.
 *
 * Rule of this file: an SVG without scripts and without fonts of its own, legible on white and on black. The
 * figures stand beside the bars, so that nobody has to measure them.
 */
import { writeFileSync } from "node:fs";
import { shown } from "./answer.ts";
import type { Lookup } from "./results.ts";

/** A group of bars: a table, and the rows that are drawn. */
interface Group {
  readonly answer: string;
  readonly title: string;
  readonly rows: readonly string[];
}

const SERVERS: readonly string[] = ["barewire", "floor", "bun", "deno", "go", "node-http"];

const GROUPS: readonly Group[] = [
  { answer: "server/hello", title: "server, GET of 13 bytes", rows: SERVERS },
  { answer: "server/browser-head", title: "server, head of a browser", rows: SERVERS },
  { answer: "server/pipelined", title: "server, pipelined 16 deep", rows: SERVERS },
  { answer: "server/post", title: "server, POST of 1 KiB, sent back", rows: SERVERS },
  {
    answer: "client/get",
    title: "client, GET",
    rows: ["barewire", "floor", "undici", "go", "node-http"],
  },
  {
    answer: "client/fetch",
    title: "fetch",
    rows: ["barewire-fetch", "undici-fetch", "node-fetch"],
  },
];

const FILE = new URL("../docs/bench.svg", import.meta.url);
const WIDTH = 720;
const LABELS = 130;
const FIGURES = 60;
const LINE = 18;
const BAR = 12;
const HEAD = 44;

/** Writes docs/bench.svg; throws when nothing was measured that it draws. */
export function writeChart(at: Lookup, where: string): void {
  const svg = chart(at, where);
  if (svg === undefined) throw new Error("nothing to draw: ask for server or client first");
  writeFileSync(FILE, svg);
}

/** Undefined when there is no figure to draw. */
export function chart(at: Lookup, where: string): string | undefined {
  const parts: string[] = [];
  let y = HEAD;
  for (const { answer, title, rows } of GROUPS) {
    const bars = rows
      .map((name) => ({ name, figure: at(answer, name, "total") }))
      .filter(({ figure }) => !Number.isNaN(figure));
    if (bars.length === 0) continue;
    parts.push(text(0, y + BAR, "title", title));
    y += LINE;
    const most = Math.max(...bars.map(({ figure }) => figure));
    for (const { name, figure } of bars) {
      const width = Math.max(1, (figure / most) * (WIDTH - LABELS - FIGURES));
      const kind = name.startsWith("barewire") ? "ours" : name === "floor" ? "floor" : "peer";
      parts.push(
        text(LABELS - 8, y + BAR - 1, "label", name),
        `<rect class="${kind}" x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}"/>`,
        text(LABELS + width + 6, y + BAR - 1, "figure", shown(figure)),
      );
      y += LINE;
    }
    y += LINE / 2;
  }
  if (parts.length === 0) return undefined;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" role="img"`,
    ' aria-label="CPU time per request in microseconds, shorter is better">\n',
    `<style>${STYLE}</style>\n`,
    `${text(0, 14, "title", "CPU time per request (µs), shorter is better")}\n`,
    `${text(0, 30, "figure", where)}\n`,
    `${parts.join("\n")}\n</svg>\n`,
  ].join("");
}

const STYLE = [
  "text { font: 12px sans-serif; fill: #777 }",
  ".title { font-weight: bold }",
  ".label { text-anchor: end }",
  ".ours { fill: #0a7d5a }",
  ".floor { fill: #bbb }",
  ".peer { fill: #6b8fc9 }",
].join(" ");

function text(x: number, y: number, kind: string, said: string): string {
  const escaped = said.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped}</text>`;
}

/**
 * npm run docs: makes docs/errors.md, docs/limits.md and docs/timeouts.md from the tables in lib.
 *
 * Rule of this file: what stands in a table is not written down a second time. Every `*_ERRORS`, `*_LIMITS`
 * and `*_TIMEOUTS` of entries that lib exports is taken: figures and sentences from its values, explanations
 * from the doc comments above them. With --check nothing is written, and a difference fails.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { tablesIn } from "./tree.ts";

interface ErrorEntry {
  readonly text: string;
  readonly status?: number;
  readonly section?: string;
}

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status?: number;
}

interface TimeoutEntry {
  readonly default: number;
}

/** A table of lib with the room it belongs to; `doc` is the comment above an entry. */
interface Table<T> {
  readonly room: string;
  readonly entries: readonly (readonly [name: string, entry: T, doc: string])[];
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GENERATED =
  "<!-- Made by `npm run docs` from the tables in lib: change those, not this page. -->";

/** From the bottom of the house to its top, which is the order in which people read. */
const ORDER = ["wire", "semantics", "bufio", "net", "message", "server", "client", "proxy"];

const SIZES: readonly (readonly [size: number, name: string])[] = [
  [1_073_741_824, "GiB"],
  [1_048_576, "MiB"],
  [1_024, "KiB"],
];

const pages: readonly [path: string, text: string][] = [
  ["docs/errors.md", errorsPage(await load<ErrorEntry>(/_ERRORS$/))],
  ["docs/limits.md", limitsPage(await load<LimitEntry>(/_LIMITS$/))],
  ["docs/timeouts.md", timeoutsPage(await load<TimeoutEntry>(/_TIMEOUTS$/))],
];

for (const [path, text] of pages) {
  const file = join(ROOT, path);
  const fresh = existsSync(file) && readFileSync(file, "utf8") === text;
  if (fresh) continue;
  if (process.argv.includes("--check")) {
    console.log(`${path} is stale: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`${path} written`);
  }
}

async function load<T>(name: RegExp): Promise<Table<T>[]> {
  const tables = tablesIn(ROOT, name).map(async (table) => {
    const module = (await import(pathToFileURL(join(ROOT, table.file)).href)) as object;
    const values = (module as Record<string, Record<string, T>>)[table.name]!;
    const entries = table.keys.map(({ key, doc }) => [key, values[key]!, doc] as const);
    return { room: table.file.split("/")[1]!, entries };
  });
  const rank = (room: string): number => (ORDER.includes(room) ? ORDER.indexOf(room) : 99);
  return (await Promise.all(tables))
    .filter(({ entries }) => entries.every(([, entry]) => typeof entry === "object"))
    .sort((a, b) => rank(a.room) - rank(b.room));
}

function errorsPage(tables: readonly Table<ErrorEntry>[]): string {
  const lines = [
    "# Errors",
    "",
    GENERATED,
    "",
    "Every error has a `code`, unique in the whole library, and a message that begins with the sentence below",
    "and goes on with the evidence. The status is what a server answers with.",
  ];
  for (const { room, entries } of byRoom(tables)) {
    lines.push("", `## barewire/${room}`);
    for (const [code, { text, status, section }, doc] of entries) {
      const facts: string[] = [];
      if (status !== undefined) facts.push(`status ${status}`);
      if (section !== undefined) facts.push(/^\d{4} /.test(section) ? `RFC ${section}` : section);
      const where = facts.length === 0 ? "" : ` (${facts.join(" · ")})`;
      lines.push("", `### \`${code}\``, "", `> ${text}${where}`, "", doc);
    }
  }
  return `${lines.join("\n")}\n`;
}

function limitsPage(tables: readonly Table<LimitEntry>[]): string {
  const lines = [
    "# Limits",
    "",
    GENERATED,
    "",
    "Everything that holds memory, a descriptor or a wait is finite by default. A limit is changed by the",
    "option of its name.",
  ];
  for (const { room, entries } of byRoom(tables)) {
    lines.push("", `## barewire/${room}`, "", ...row("limit", "default", "beyond it", "why"));
    for (const [name, { default: value, unit, status }, reason] of entries) {
      const beyond = status === undefined ? "" : `${status}`;
      lines.push(...row(`\`${name}\``, amount(value, unit), beyond, reason).slice(0, 1));
    }
  }
  return `${lines.join("\n")}\n`;
}

function timeoutsPage(tables: readonly Table<TimeoutEntry>[]): string {
  const lines = [
    "# Timeouts",
    "",
    GENERATED,
    "",
    "A timeout is changed by the option of its name, in milliseconds. All are kept by one clock per process: late",
    "by a quarter of the shortest in use at most, never early.",
  ];
  for (const { room, entries } of byRoom(tables)) {
    const head = row("timeout", "default", "runs from", "until", "then", "why");
    lines.push("", `## barewire/${room}`, "", ...head);
    for (const [name, { default: value }, doc] of entries) {
      const [reason = "", from = "", until = "", outcome] = doc.split(/ @(?:from|until|outcome) /);
      if (outcome === undefined) throw new Error(`${name} wants @from, @until and @outcome`);
      lines.push(...row(`\`${name}\``, duration(value), from, until, outcome, reason).slice(0, 1));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The tables of a room as one. */
function byRoom<T>(tables: readonly Table<T>[]): Table<T>[] {
  const rooms = new Map<string, Table<T>["entries"]>();
  for (const { room, entries } of tables) rooms.set(room, [...(rooms.get(room) ?? []), ...entries]);
  return [...rooms].map(([room, entries]) => ({ room, entries }));
}

/** A row of a table and the rule that goes below a heading. */
function row(...cells: readonly string[]): [line: string, rule: string] {
  const escaped = cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " "));
  return [`| ${escaped.join(" | ")} |`, `|${cells.map(() => "---").join("|")}|`];
}

function amount(value: number, unit: string): string {
  if (value === Number.POSITIVE_INFINITY) return "unlimited";
  if (unit === "ms") return duration(value);
  if (unit === "bytes" && value % 1024 === 0 && value > 0) {
    const [size, name] = SIZES.find(([size]) => value % size === 0) ?? [1, "bytes"];
    return `${value / size} ${name}`;
  }
  return `${value.toLocaleString("en-US")} ${unit}`;
}

function duration(ms: number): string {
  if (ms === 0 || ms === Number.POSITIVE_INFINITY) return "off";
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}

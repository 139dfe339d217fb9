/**
 * npm run cover: the whole suite under c8, counted room by room.
 *
 * Rule of this file: every branch and every line of the pure rooms at the bottom is covered, or the run
 * fails and shows where. Lines count because a function that is never called has no branches yet. The
 * other rooms are printed. Percentages are rounded down: 100 % means all.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Istanbul's form of one file, as far as it is used here. */
interface FileCoverage {
  readonly path: string;
  readonly s: Readonly<Record<string, number>>;
  readonly statementMap: Readonly<Record<string, { start: { line: number } }>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly branchMap: Readonly<Record<string, { readonly loc: { start: { line: number } } }>>;
}

interface Sums {
  lines: number;
  linesHit: number;
  branches: number;
  branchesHit: number;
  /** Places as file:line that never ran, or whose branch was never taken. */
  readonly missed: Set<string>;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Rooms, and parts of rooms, of which nothing may be left untested. DESIGN §4 */
const COMPLETE = ["wire", "semantics", "server/mux"];
const PLACES_SHOWN = 50;

rmSync(join(ROOT, "coverage"), { recursive: true, force: true });
const c8 = ["--all", "--include", "lib/**/*.ts", "--exclude", "**/*.d.ts", "--reporter", "json"];
const test = [process.execPath, ...process.execArgv, "scripts/test.ts", ...process.argv.slice(2)];
const { status } = spawnSync(join(ROOT, "node_modules/.bin/c8"), [...c8, ...test], {
  cwd: ROOT,
  stdio: "inherit",
});

const rooms = new Map<string, Sums>();
const report = readFileSync(join(ROOT, "coverage/coverage-final.json"), "utf8");
for (const file of Object.values(JSON.parse(report) as Record<string, FileCoverage>)) add(file);

let failed = status !== 0;
console.log("\nroom            lines covered        branches covered");
for (const [room, sums] of [...rooms].sort(([a], [b]) => a.localeCompare(b))) {
  const lines = share(sums.linesHit, sums.lines);
  console.log(`${room.padEnd(14)} ${lines}  ${share(sums.branchesHit, sums.branches)}`);
  if (!COMPLETE.includes(room) || sums.missed.size === 0) continue;
  failed = true;
  const places = [...sums.missed];
  console.log(`  ✘ all of ${room} must be covered. Missing in ${places.length} places:`);
  for (const place of places.slice(0, PLACES_SHOWN)) console.log(`    ${place}`);
}
for (const room of COMPLETE.filter((name) => !rooms.has(name))) {
  failed = true;
  console.log(`  ✘ nothing of ${room} was seen`);
}
process.exitCode = failed ? 1 : 0;

function add(file: FileCoverage): void {
  const path = relative(ROOT, file.path).replaceAll("\\", "/");
  const part = COMPLETE.find((name) => path.startsWith(`lib/${name}/`));
  const room = part ?? (path.split("/").length > 2 ? path.split("/")[1]! : "front door");
  const sums = rooms.get(room) ?? {
    lines: 0,
    linesHit: 0,
    branches: 0,
    branchesHit: 0,
    missed: new Set(),
  };
  rooms.set(room, sums);
  // For c8 a statement is a line.
  for (const [id, hits] of Object.entries(file.s)) {
    sums.lines++;
    if (hits > 0) sums.linesHit++;
    else sums.missed.add(`${path}:${file.statementMap[id]?.start.line ?? "?"}`);
  }
  for (const [id, hits] of Object.entries(file.b)) {
    for (const hit of hits) {
      sums.branches++;
      if (hit > 0) sums.branchesHit++;
      else sums.missed.add(`${path}:${file.branchMap[id]?.loc.start.line ?? "?"}`);
    }
  }
}

function share(hit: number, all: number): string {
  const percent = all === 0 ? 100 : Math.floor((hit / all) * 100);
  return `${`${percent} %`.padStart(6)} ${`${hit} of ${all}`.padEnd(14)}`;
}

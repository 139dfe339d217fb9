/**
 * `npm run matrix`: judges the servers and clients that are installed, and writes docs/matrix.html and
 * docs/matrix.json.
 *
 * Rule of this file: it starts, runs and writes; peers are rows of matrix/. One that is missing, or does not
 * start, is said and left out; what peers do wrong does not change the exit code, a run without any peer does.
 *
 *   npm run matrix -- [--only NAME,…] [--install] [--out DIR] [--seconds N] [--jobs N] [--all-wire]
 *
 * After so many seconds (330) no further case is begun: what was not judged is an empty cell, and is said.
 * Servers come from Debian's packages (nginx apache2-bin lighttpd haproxy caddy gunicorn golang-go), clients from
 * there too (curl wget python3-urllib3); `--install` fetches Bun, Deno and undici from npm into scratch/matrix.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argumentsOf } from "./arguments.ts";
import {
  CLIENT_CASES,
  type HtmlPeerNote,
  htmlReport,
  type RunReport,
  runClientCases,
  runServerCases,
  SERVER_CASES,
} from "../lib/conformance/mod.ts";
import { endAll, ROOT, run } from "./interop/world.ts";
import { CLIENTS } from "./matrix/clients.ts";
import { execOf } from "./matrix/exec.ts";
import { matrixJson } from "./matrix/json.ts";
import {
  type ClientPeer,
  findProgram,
  PACKAGES,
  PACKAGES_DIR,
  type Place,
  type ServerPeer,
  versionOf,
} from "./matrix/peer.ts";
import { PROGRAM_SERVERS } from "./matrix/program-servers.ts";
import { PYTHON_HTTP_SERVER, WEB_SERVERS } from "./matrix/web-servers.ts";

const { values: options } = argumentsOf(import.meta.url, {
  options: {
    only: { type: "string" },
    install: { type: "boolean", default: false },
    out: { type: "string", default: join(ROOT, "docs") },
    seconds: { type: "string", default: "330" },
    jobs: { type: "string", default: "6" },
    "all-wire": { type: "boolean", default: false },
  },
});

/** ms: a client that hangs has the whole of it. */
const CLIENT_CASE_MS = 4000;
/** Most of a client's run is waiting too. */
const CLIENT_CASES_AT_A_TIME = 6;
const SERVER_STEP_MS = 2000;
/** For that which hangs beyond its budget. */
const GRACE_MS = 90_000;

/** A row that can be run: the report is made when its turn comes. */
interface Job {
  readonly label: string;
  readonly setup: string;
  readonly judge: () => Promise<RunReport>;
}

interface Judged {
  readonly report: RunReport;
  readonly note: HtmlPeerNote;
}

const place: Place = { dir: mkdtempSync(join(tmpdir(), "matrix-")) };
// httpd gives up being root, and has to find its page.
chmodSync(place.dir, 0o755);
const budget = AbortSignal.timeout(budgetMs());
const watchdog = setTimeout(() => void abandon("took too long"), budgetMs() + GRACE_MS);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void abandon(signal));

try {
  await main();
} finally {
  clearTimeout(watchdog);
  await leave();
}

async function main(): Promise<void> {
  const began = performance.now();
  if (options.install) await install();
  const missing: string[] = [];
  const jobs: Job[] = [];
  // Servers first: they are soon done. A client is started for each case, and takes minutes.
  for (const peer of [...PROGRAM_SERVERS, ...WEB_SERVERS, PYTHON_HTTP_SERVER].filter(isWanted)) {
    const there = await find(peer, missing);
    if (there !== undefined) jobs.push(serverJob(peer, there));
  }
  for (const peer of CLIENTS.filter(isWanted)) {
    const there = await find(peer, missing);
    if (there !== undefined) jobs.push(clientJob(peer, there));
  }
  const judged = await runJobs(jobs, missing);
  for (const line of missing) console.log(`not there: ${line}`);
  if (judged.length === 0) {
    console.log("no peer was judged: nothing is written");
    process.exitCode = 1;
    return;
  }
  write(judged, missing);
  console.log(`${judged.length} peers, ${Math.round((performance.now() - began) / 1000)} s`);
}

function write(judged: readonly Judged[], missing: readonly string[]): void {
  const reports = judged.map(({ report }) => report);
  const notes = judged.map(({ note }) => note);
  mkdirSync(options.out, { recursive: true });
  const html = join(options.out, "matrix.html");
  writeFileSync(
    html,
    htmlReport(reports, {
      title: "HTTP/1.1 conformance matrix",
      wire: options["all-wire"] ? "all" : "problems",
      notes,
      remarks: missing.map((line) => `Not judged: ${line}.`),
    }),
  );
  writeFileSync(join(options.out, "matrix.json"), matrixJson(reports, { notes, missing }));
  console.log(`written: ${html} and matrix.json beside it`);
}

interface There {
  readonly program: string;
  readonly version: string;
}

async function find(peer: ServerPeer | ClientPeer, missing: string[]): Promise<There | undefined> {
  const program = findProgram(peer.program);
  const version = program === undefined ? undefined : await versionOf(peer, program);
  if (program !== undefined && version !== undefined) return { program, version };
  missing.push(`${peer.name} (no ${peer.program}, or a part of it)`);
  return undefined;
}

function serverJob(peer: ServerPeer, { program, version }: There): Job {
  const judge = async (): Promise<RunReport> => {
    const port = await peer.start(place, program);
    return runServerCases(
      SERVER_CASES,
      { host: "127.0.0.1", port, name: `${peer.name} ${version}` },
      { contract: peer.contract, stepTimeoutMs: SERVER_STEP_MS, repeats: 1, signal: budget },
    );
  };
  return { label: `server ${peer.name} ${version}`, setup: peer.setup, judge };
}

function clientJob(peer: ClientPeer, { program, version }: There): Job {
  const judge = async (): Promise<RunReport> => {
    const exec = execOf(peer, await peer.prepare(place, program));
    return runClientCases(
      CLIENT_CASES,
      { name: `${peer.name} ${version}`, exec },
      {
        caseTimeoutMs: CLIENT_CASE_MS,
        repeats: 1,
        concurrency: CLIENT_CASES_AT_A_TIME,
        signal: budget,
      },
    );
  };
  return { label: `client ${peer.name} ${version}`, setup: peer.setup, judge };
}

/** Some at a time, since most of a run is waiting; the order of the rows is kept. */
async function runJobs(jobs: readonly Job[], missing: string[]): Promise<Judged[]> {
  const results: (Judged | undefined)[] = jobs.map(() => undefined);
  const queue = [...jobs.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, { label, setup, judge }] = next;
      try {
        if (budget.aborted) throw new Error("no time was left");
        const report = await judge();
        const cases = report.role === "server" ? SERVER_CASES.length : CLIENT_CASES.length;
        const left = cases - report.results.length;
        if (left > 0) missing.push(`${left} cases of ${label} (no time was left)`);
        results[index] = { report, note: { name: report.peer.name, setup } };
        const { pass, fail, tolerated } = report.counts;
        const seconds = (report.durationMs / 1000).toFixed(1);
        console.log(`${label}: ${pass} pass, ${tolerated} tolerated, ${fail} fail, ${seconds} s`);
      } catch (error) {
        missing.push(`${label} (${inShort(error)})`);
      }
    }
  };
  await Promise.all(Array.from({ length: jobsAtATime() }, worker));
  return results.filter((result) => result !== undefined);
}

/** Of what a peer says when it does not start, the beginning. */
function inShort(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1).join("").slice(0, 160);
}

function jobsAtATime(): number {
  return count(options.jobs);
}

function budgetMs(): number {
  return count(options.seconds) * 1000;
}

function count(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new Error(`no number above 0: ${text}`);
  return Number(text);
}

function isWanted({ name }: { readonly name: string }): boolean {
  const wanted = options.only?.toLowerCase().split(",");
  return wanted === undefined || wanted.some((part) => name.toLowerCase().includes(part));
}

/** Without the lock file and the scripts of packages: what is fetched is run as a peer, and kept out of the way. */
async function install(): Promise<void> {
  mkdirSync(PACKAGES_DIR, { recursive: true });
  const quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
  const { code, complained } = await run(
    "npm",
    ["install", "--prefix", PACKAGES_DIR, ...quiet, ...PACKAGES],
    240,
  );
  if (code !== 0) console.log(`npm install did not work: ${complained}`);
}

async function leave(): Promise<void> {
  await endAll();
  rmSync(place.dir, { recursive: true, force: true });
}

async function abandon(why: string): Promise<void> {
  console.log(`the run was abandoned: ${why}`);
  await leave();
  process.exit(1);
}

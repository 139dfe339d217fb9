/**
 * `npm run interop`: the demo, and a server of files and forms, talked to by other people's
 * programs, answers compared byte for byte; then our client, talking to other people's servers.
 *
 *   npm run interop -- [--short] [--only WORD]
 *
 * Rule of this file: it starts each server from dist, runs the checks one after another, stops the
 * server with SIGTERM (which must work too), and leaves nothing behind. A program that is missing is
 * printed as not run, and fails in CI.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { argumentsOf } from "./arguments.ts";
import { build } from "esbuild";
import { BODY_CHECKS } from "./interop/bodies.ts";
import type { ClientCheck } from "./interop/client-site.ts";
import { CURL_CHECKS } from "./interop/curl.ts";
import { DOWNLOAD_CHECKS } from "./interop/downloads.ts";
import { folderOf, makeFolder } from "./interop/folder.ts";
import { FORM_CHECKS } from "./interop/forms.ts";
import { LOAD_CHECKS } from "./interop/load.ts";
import { NGINX_CHECKS } from "./interop/nginx.ts";
import { RANGE_CHECKS } from "./interop/ranges.ts";
import {
  type Check,
  end,
  endAll,
  gather,
  isInstalled,
  launch,
  offers,
  ROOT,
  until,
} from "./interop/world.ts";

const WHOLE_RUN_MS_MAX = 8 * 60_000;

const { values } = argumentsOf(import.meta.url, {
  options: { short: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});
const SIZE: "short" | "full" = values.short ? "short" : "full";
const totals = { passed: 0, failed: 0, skipped: 0 };
const dir = mkdtempSync(join(tmpdir(), "barewire-interop-"));
const programs = join(ROOT, "scratch", `interop-${process.pid}`);

/** A server, and what is asked of it. */
interface Subject {
  readonly name: string;
  readonly source: string;
  readonly args: readonly string[];
  readonly checks: readonly Check[];
}

const SUBJECTS: readonly Subject[] = [
  {
    name: "demo",
    source: "examples/demo.ts",
    args: ["0"],
    checks: wanted([...CURL_CHECKS, ...BODY_CHECKS, ...LOAD_CHECKS, ...NGINX_CHECKS]),
  },
  {
    name: "files",
    source: "scripts/interop/files-server.ts",
    args: ["0", folderOf(dir)],
    checks: wanted([...RANGE_CHECKS, ...FORM_CHECKS, ...DOWNLOAD_CHECKS]),
  },
];

const watchdog = setTimeout(() => void abandon("took too long"), WHOLE_RUN_MS_MAX);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void abandon(signal));
try {
  await main();
} catch (error) {
  totals.failed++;
  console.log(`FAIL  ${error instanceof Error ? error.message : String(error)}`);
} finally {
  await cleanUp();
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;

async function main(): Promise<void> {
  if (!existsSync(join(ROOT, "dist/mod.js"))) throw new Error("there is no dist: npm run build");
  makeFolder(dir);
  // They run in this process, on dist: without dist they could not even be loaded.
  const { CLIENT_CHECKS } = await import("./interop/client.ts");
  const ofClient = wanted(CLIENT_CHECKS);
  const asked = SUBJECTS.filter(({ checks }) => checks.length > 0);
  if (asked.length + ofClient.length === 0)
    throw new Error(`no check has "${values.only}" in its name`);
  for (const subject of asked) await examine(subject);
  await examineClient(ofClient);
}

function wanted<C extends { readonly name: string }>(checks: readonly C[]): readonly C[] {
  return checks.filter((check) => check.name.includes(values.only));
}

/** Starts one server, runs its checks, and stops it. */
async function examine({ name, source, args, checks }: Subject): Promise<void> {
  const server = launch("node", [await compile(source), ...args]);
  const log = gather(server.stdout);
  const complaints = gather(server.stderr);
  const port = await until(() => {
    if (server.exitCode !== null) throw new Error(`${name} did not start: ${complaints()}`);
    return /http:\/\/127\.0\.0\.1:(\d+)\D/.exec(log())?.[1];
  }, `the address of ${name}`);
  const world = { port: Number(port), pid: server.pid ?? 0, dir, size: SIZE, log };
  for (const check of checks) {
    const lack = await lackOf(check);
    if (lack === undefined) await judge(check.name, () => check.run(world));
    else notRun(check.name, lack);
  }
  await judge(`${name}: SIGTERM ends it gracefully, without a complaint`, () =>
    stop(server, complaints),
  );
}

/** The servers that the client is held against are started by its checks, and end with the run. */
async function examineClient(checks: readonly ClientCheck[]): Promise<void> {
  for (const check of checks) {
    const missing = check.programs.find((program) => !isInstalled(program));
    if (missing !== undefined) notRun(check.name, { program: missing });
    else await judge(check.name, () => check.run({ dir, size: SIZE, compile }));
  }
}

/**
 * A server's program as plain JavaScript, so that its memory is not that of a compiler. It lies
 * inside the package, where `barewire` means dist.
 */
async function compile(source: string): Promise<string> {
  const program = join(programs, `${basename(source, ".ts")}.mjs`);
  await build({
    entryPoints: [join(ROOT, source)],
    outfile: program,
    bundle: true,
    external: ["barewire", "barewire/*"],
    // Without this tsconfig.json would lead the name to lib.
    tsconfigRaw: {},
    format: "esm",
    platform: "node",
    target: "node20",
  });
  return program;
}

/** A check may have figures to tell. */
async function judge(name: string, run: () => Promise<string | void>): Promise<void> {
  try {
    const figures = (await run()) ?? "";
    totals.passed++;
    console.log(figures === "" ? `pass  ${name}` : `pass  ${name} (${figures})`);
  } catch (error) {
    totals.failed++;
    console.log(`FAIL  ${name}\n    ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What keeps a check from being run: a program, or what a build of it cannot do. */
interface Lack {
  readonly program: string;
  readonly feature?: string;
}

async function lackOf({ program, feature }: Check): Promise<Lack | undefined> {
  if (!isInstalled(program)) return { program };
  if (feature === undefined || (await offers(program, feature))) return undefined;
  return { program, feature };
}

/** A program can be installed everywhere, and must be in CI; a build that can do more need not. */
function notRun(name: string, { program, feature }: Lack): void {
  const why =
    feature === undefined ? `${program} is not installed` : `${program} has no ${feature}`;
  console.log(`not run: ${name} (${why})`);
  if (feature === undefined && process.env["CI"] === "true") totals.failed++;
  else totals.skipped++;
}

async function stop(server: ChildProcess, complaints: () => string): Promise<void> {
  if (server.exitCode !== null) throw new Error(`it has ended by itself with ${server.exitCode}`);
  await end(server, "SIGTERM");
  if (server.exitCode !== 0)
    throw new Error(`it ended with ${server.exitCode ?? server.signalCode}`);
  if (complaints() !== "") throw new Error(`it said on stderr: ${complaints()}`);
}

async function abandon(why: string): Promise<void> {
  console.log(`FAIL  the run was abandoned: ${why}`);
  await cleanUp();
  process.exit(1);
}

async function cleanUp(): Promise<void> {
  clearTimeout(watchdog);
  await endAll();
  rmSync(dir, { recursive: true, force: true });
  rmSync(programs, { recursive: true, force: true });
}

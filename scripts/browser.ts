/**
 * `npm run browser`: the demo, as `npm start` runs it, visited by a headless Chromium.
 *
 * Rule of this file: it starts the demo and the browser, runs the checks one after another, ends both
 * and leaves nothing behind but a picture in scratch/. Without a browser everything is printed as not
 * run, and fails in CI.
 */
import type { ChildProcess } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { CHECKS } from "./browser/checks.ts";
import { MATRIX_CHECKS } from "./browser/matrix-checks.ts";
import { watching } from "./browser/watch.ts";
import { end, endAll, gather, launch, ROOT, until } from "./interop/world.ts";

const WHOLE_RUN_MS_MAX = 150_000;
const CHECK_MS_MAX = 15_000;
/** The demo builds dist first, if need be. */
const START_SECONDS_MAX = 90;
const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The page of reports comes before the last check, which is about the console of all pages. */
const ALL_CHECKS = [...CHECKS.slice(0, -1), ...MATRIX_CHECKS, ...CHECKS.slice(-1)];
const GRACEFUL = "the demo ends gracefully on SIGTERM, without a complaint";

const totals = { passed: 0, failed: 0, skipped: 0 };
const watchdog = setTimeout(() => void abandon("took too long"), WHOLE_RUN_MS_MAX);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void abandon(signal));

try {
  const browser = browserPath();
  if (browser === undefined) notRun();
  else await main(browser);
} catch (error) {
  totals.failed++;
  console.log(`FAIL  ${reason(error)}`);
} finally {
  clearTimeout(watchdog);
  await endAll();
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
// Exiting also ends a browser that did not close: playwright sees to that.
process.exit(totals.failed === 0 ? 0 : 1);

async function main(executablePath: string): Promise<void> {
  const hook = ["--enable-source-maps", "--import", "./scripts/ts-hook.mjs"];
  const demo = launch("node", [...hook, "scripts/start.ts", "0"]);
  const log = gather(demo.stdout);
  const complaints = gather(demo.stderr);
  const url = await until(
    () => {
      if (demo.exitCode !== null)
        throw new Error(`the demo did not start:\n${log()}${complaints()}`);
      return /http:\/\/127\.0\.0\.1:\d+/.exec(log())?.[0];
    },
    "the demo's address",
    START_SECONDS_MAX,
  );
  const browser = await chromium.launch({
    executablePath,
    args: ARGS,
    timeout: 30_000,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  console.log(`Chromium ${browser.version()} visits ${url}`);
  try {
    await visit(browser, url, log);
  } finally {
    await within(10_000, browser.close());
  }
  await judge(GRACEFUL, () => stop(demo, complaints));
}

async function visit(browser: Browser, url: string, log: () => string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 900, height: 500 } });
  context.setDefaultTimeout(CHECK_MS_MAX - 5000);
  const page = await context.newPage();
  const watch = watching(page);
  mkdirSync(join(ROOT, "scratch"), { recursive: true });
  const screenshot = join(ROOT, "scratch/browser.png");
  for (const check of ALL_CHECKS) {
    await judge(check.name, () => check.run({ page, url, watch, log, screenshot }));
  }
}

async function judge(name: string, run: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  try {
    await within(CHECK_MS_MAX, run());
    totals.passed++;
    console.log(`pass  ${name} (${Math.round(performance.now() - begun)} ms)`);
  } catch (error) {
    totals.failed++;
    console.log(`FAIL  ${name}\n    ${reason(error)}`);
  }
}

async function stop(demo: ChildProcess, complaints: () => string): Promise<void> {
  if (demo.exitCode !== null) throw new Error(`it has ended by itself with ${demo.exitCode}`);
  await end(demo, "SIGTERM");
  if (demo.exitCode !== 0) throw new Error(`it ended with ${demo.exitCode ?? demo.signalCode}`);
  if (complaints() !== "") throw new Error(`it said on stderr: ${complaints()}`);
}

function notRun(): void {
  console.log(`not run: ${BROWSERS.join(", ")}: none of them is installed`);
  const checks = ALL_CHECKS.length + 1;
  if (process.env["CI"] === "true") totals.failed += checks;
  else totals.skipped += checks;
}

function browserPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":");
  return BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false; // not here: the next place
    }
  });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function abandon(why: string): Promise<void> {
  console.log(`FAIL  the run was abandoned: ${why}`);
  await endAll();
  process.exit(1);
}

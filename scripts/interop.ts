/**
 * `npm run interop`: the demo server talked to by other people's programs, answers compared byte
 * for byte.
 *
 *   npm run interop -- [--short] [--only WORD]
 *
 * Rule of this file: it starts the demo from dist, runs the checks one after another, stops the
 * demo with SIGTERM (which must work too), and leaves nothing behind. A program that is missing is
 * printed as not run, and fails in CI.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { BODY_CHECKS } from "./interop/bodies.ts";
import { CURL_CHECKS } from "./interop/curl.ts";
import { LOAD_CHECKS } from "./interop/load.ts";
import { NGINX_CHECKS } from "./interop/nginx.ts";
import {
  type Check,
  end,
  endAll,
  gather,
  isInstalled,
  launch,
  ROOT,
  until,
} from "./interop/world.ts";

const WHOLE_RUN_MS_MAX = 8 * 60_000;

const { values } = parseArgs({
  options: { short: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});
const CHECKS: readonly Check[] = [
  ...CURL_CHECKS,
  ...BODY_CHECKS,
  ...LOAD_CHECKS,
  ...NGINX_CHECKS,
].filter((check) => check.name.includes(values.only));
const totals = { passed: 0, failed: 0, skipped: 0 };
const dir = mkdtempSync(join(tmpdir(), "barewire-interop-"));
const program = join(ROOT, "scratch", `interop-demo-${process.pid}.mjs`);

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
  const demo = launch("node", [await compileDemo(), "0"]);
  const log = gather(demo.stdout);
  const complaints = gather(demo.stderr);
  const port = await until(() => {
    if (demo.exitCode !== null) throw new Error(`the demo did not start: ${complaints()}`);
    return /http:\/\/127\.0\.0\.1:(\d+)/.exec(log())?.[1];
  }, "the demo's address");
  const size = values.short ? "short" : "full";
  const world = { port: Number(port), pid: demo.pid ?? 0, dir, size, log } as const;
  for (const check of CHECKS) {
    if (isInstalled(check.program)) {
      await judge(check.name, () => check.run(world));
    } else {
      notRun(check);
    }
  }
  await judge("demo: SIGTERM ends it gracefully, without a complaint", () =>
    stop(demo, complaints),
  );
}

/**
 * The demo as plain JavaScript, so that its memory is not that of a compiler. It lies inside the
 * package, where `barewire` means dist.
 */
async function compileDemo(): Promise<string> {
  await build({
    entryPoints: [join(ROOT, "examples/demo.ts")],
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

async function judge(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    totals.passed++;
    console.log(`pass  ${name}`);
  } catch (error) {
    totals.failed++;
    console.log(`FAIL  ${name}\n    ${error instanceof Error ? error.message : String(error)}`);
  }
}

function notRun(check: Check): void {
  console.log(`not run: ${check.name} (${check.program} is not installed)`);
  if (process.env["CI"] === "true") totals.failed++;
  else totals.skipped++;
}

async function stop(demo: ChildProcess, complaints: () => string): Promise<void> {
  if (demo.exitCode !== null) throw new Error(`it has ended by itself with ${demo.exitCode}`);
  await end(demo, "SIGTERM");
  if (demo.exitCode !== 0) throw new Error(`it ended with ${demo.exitCode ?? demo.signalCode}`);
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
  rmSync(program, { force: true });
}

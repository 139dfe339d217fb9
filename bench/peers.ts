/**
 * The peers that are not ours and not Node's: packages from npm in a scratch folder, and what Go compiles.
 *
 * Rule of this file: none of them is a dependency. What cannot be had is said once, kept for the results, and
 * the tables do without.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./kit.ts";

const FOLDER = join(tmpdir(), "barewire-bench-peers");
const found = new Map<string, string>();
const missing = new Map<string, string>();

/** The peers that took part, with their versions. */
export function peerVersions(): Record<string, string> {
  return Object.fromEntries(found);
}

/** Those that could not be had, with the reason. */
export function missingPeers(): Record<string, string> {
  return Object.fromEntries(missing);
}

/** A file of the scratch folder, made when it is asked for: for what programs are told in files. */
export function scratchFile(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, name);
  writeFileSync(file, text, "latin1");
  return file;
}

/** The folder that a package such as "undici@7" can be required from; undefined when it cannot be had. */
export function packageFolder(wanted: string): string | undefined {
  const name = wanted.replace(/(?<=.)@.*$/, "");
  const manifest = join(FOLDER, "node_modules", name, "package.json");
  if (!existsSync(manifest) && !install(wanted)) return lost(name, "npm could not get it");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  found.set(name, version);
  return FOLDER;
}

/** What starts Bun or Deno; undefined when it cannot be had. Their packages bring the program in one of their own. */
export function runtimeCommand(name: "bun" | "deno"): readonly string[] | undefined {
  if (packageFolder(`${name}@latest`) === undefined) return undefined;
  const resolve = createRequire(join(FOLDER, "package.json")).resolve;
  const { platform, arch } = process;
  const programs = {
    bun: [
      `@oven/bun-${platform}-${arch}/bin/bun`,
      `@oven/bun-${platform}-${arch}-baseline/bin/bun`,
    ],
    deno: [`@deno/${platform}-${arch === "arm64" ? "arm64" : "x64"}-glibc/deno`],
  };
  const options = { bun: [], deno: ["run", "--no-config", "--no-lock", "--quiet", "-A"] };
  for (const program of programs[name]) {
    const path = join(resolve.paths("x")?.[0] ?? "", program);
    if (spawnSync(path, ["--version"]).status === 0) return [path, ...options[name]];
  }
  found.delete(name);
  return lost(name, `there is no program for ${platform}-${arch}`);
}

/** The program that Go makes of bench/programs/peers/NAME.go; undefined when there is no Go. */
export function goCommand(name: string): readonly string[] | undefined {
  const { status, stdout } = spawnSync("go", ["version"], { encoding: "latin1" });
  if (status !== 0) return lost("go", "there is no `go` on the PATH");
  mkdirSync(FOLDER, { recursive: true });
  const program = join(FOLDER, `go-${name}`);
  try {
    const source = join(ROOT, "bench/programs/peers", `${name}.go`);
    execFileSync("go", ["build", "-o", program, source], { stdio: "pipe", timeout: 300_000 });
  } catch (error) {
    return lost("go", `it did not compile ${name}.go: ${String(error)}`);
  }
  found.set("go", /go(\d[\w.]*)/.exec(stdout)?.[1] ?? "unknown");
  return [program];
}

/** Is wrk there? Where it is not, our own program loads the servers. */
export function hasWrk(): boolean {
  const { error, stdout } = spawnSync("wrk", ["-v"], { encoding: "latin1" });
  if (error !== undefined) {
    lost("wrk", "it is not on the PATH; our own program loads the servers");
    return false;
  }
  found.set("wrk", /(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? "unknown");
  return true;
}

function install(wanted: string): boolean {
  mkdirSync(FOLDER, { recursive: true });
  const manifest = join(FOLDER, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private":true}\n');
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", wanted];
  return spawnSync("npm", args, { cwd: FOLDER, stdio: "ignore", timeout: 300_000 }).status === 0;
}

/** Says that something could not be had, and keeps it for the results. */
export function lost(name: string, why: string): undefined {
  if (!missing.has(name)) console.log(`not measured: ${name}: ${why}`);
  missing.set(name, why);
  return undefined;
}

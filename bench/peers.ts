/**
 * The peers that come from the npm registry: put into a scratch folder when they are asked for.
 *
 * Rule of this file: none of them is a dependency. Where they cannot be had it says so, and the tables do
 * without.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FOLDER = join(tmpdir(), "barewire-bench-peers");

/** The folder that holds the packages, each named with its version; undefined when they cannot be had. */
export function peersFolder(packages: readonly string[]): string | undefined {
  const names = packages.map((name) => name.replace(/(?<=.)@.*$/, ""));
  if (names.every((name) => existsSync(join(FOLDER, "node_modules", name)))) return FOLDER;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "package.json"), '{"private":true}\n');
  try {
    const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages];
    execFileSync("npm", args, { cwd: FOLDER, stdio: "ignore", timeout: 120_000 });
    return FOLDER;
  } catch {
    console.log(`not measured, since npm could not get them: ${packages.join(", ")}`);
    return undefined;
  }
}

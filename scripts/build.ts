/**
 * npm run build: dist from lib, one bundle for each door with shared chunks, declarations, maps; then proofs.
 *
 * Rule of this file: the doors and programs are read from package.json and nowhere else. A build that would let Node's own
 * HTTP in, or that publint or attw object to, fails. `npm start` uses `buildDist` alone.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Metafile } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
const NODE_HTTP = /^(?:node:)?(?:https?2?|_http_\w+)$/;

/** Builds dist afresh, or throws with one sentence and leaves no dist behind. */
export async function buildDist(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  try {
    await bundle([...doors(), ...programs().map(sourceOf)]);
    for (const program of programs()) makeExecutable(join(ROOT, program));
  } catch (error) {
    // Half a dist would look fresh to `npm start`.
    rmSync(DIST, { recursive: true, force: true });
    throw error;
  }
}

async function bundle(entryPoints: string[]): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: "dist",
    outbase: "lib",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*"],
    target: "es2022",
    sourcemap: true,
    sourcesContent: true,
    metafile: true,
    logLevel: "warning",
  });
  run("tsc", ["-p", "tsconfig.build.json"]);
  const found = [...httpInMetafile(metafile), ...httpInDist()];
  if (found.length > 0) throw new Error(`Node's own HTTP has come in:\n  ${found.join("\n  ")}`);
  sizes(metafile);
}

/** The source of each door that package.json has: ./dist/wire/mod.js comes from lib/wire/mod.ts. */
function doors(): string[] {
  const targets = Object.values(manifest().exports).flatMap((door) =>
    typeof door === "string" ? [] : [door.default],
  );
  const entries = targets.map(sourceOf);
  const missing = entries.filter((entry) => !existsSync(join(ROOT, entry)));
  if (missing.length > 0) {
    throw new Error(`package.json has doors that lead nowhere: ${missing.join(", ")}`);
  }
  return entries;
}

/** The programs that package.json names in `bin`. */
function programs(): string[] {
  return Object.values(manifest().bin);
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
}

function sourceOf(target: string): string {
  return target.replace(/^\.\/dist\/(.*)\.js$/, "lib/$1.ts");
}

/** The line that has the shell start Node; the map gets an empty line for it. */
function makeExecutable(file: string): void {
  writeFileSync(file, `#!/usr/bin/env node\n${readFileSync(file, "utf8")}`);
  const map = JSON.parse(readFileSync(`${file}.map`, "utf8")) as { mappings: string };
  writeFileSync(`${file}.map`, JSON.stringify({ ...map, mappings: `;${map.mappings}` }));
  chmodSync(file, 0o755);
}

function httpInMetafile({ outputs }: Metafile): string[] {
  return Object.entries(outputs).flatMap(([file, { imports }]) =>
    imports
      .filter(({ path }) => NODE_HTTP.test(path))
      .map(({ path }) => `${file} imports ${path} (metafile)`),
  );
}

/** The same once more in the text, declarations included, whatever the way of loading. */
function httpInDist(): string[] {
  const loads = /(?:\bfrom|\bimport|\brequire|\bgetBuiltinModule)\s*\(?\s*["'`]([^"'`]+)["'`]/g;
  return readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:js|d\.ts)$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(DIST, file), "utf8").matchAll(loads)]
        .filter((match) => NODE_HTTP.test(match[1]!))
        .map((match) => `dist/${file} has: ${match[0]}`),
    );
}

/** What importing a door costs: its own file and all the chunks it pulls in. */
function sizes({ outputs }: Metafile): void {
  for (const [file, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint === undefined) continue;
    const seen = new Set<string>();
    const add = (path: string): void => {
      if (seen.has(path) || outputs[path] === undefined) return;
      seen.add(path);
      for (const { path: next } of outputs[path].imports) add(next);
    };
    add(file);
    const total = [...seen].reduce((sum, path) => sum + outputs[path]!.bytes, 0);
    console.log(`${`${Math.ceil(total / 1024)} KiB`.padStart(8)}  ${entryPoint}`);
  }
}

/** Runs one of the development programs; what it says is shown only if it found something. */
function run(program: string, args: readonly string[]): void {
  const bin = join(ROOT, "node_modules/.bin", program);
  const { status, error, stdout, stderr } = spawnSync(bin, args, { cwd: ROOT, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status === 0) return;
  console.log(stdout, stderr);
  throw new Error(`${program} has found something`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildDist();
  run("publint", ["--strict"]);
  run("attw", ["--pack", ".", "--profile", "esm-only"]);
  console.log("publint and attw have nothing to say");
}

/**
 * How programs from examples/, README.md and docs/ become processes: bundled with lib's sources in place of
 * the package, so that the tests need no dist.
 *
 * Rule of this file: what both test files of such programs need, and no expectation of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Plugin, build } from "esbuild";

/** The folder of the repository, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));

/** A fenced `ts` block of a page. */
export interface CodeBlock {
  readonly code: string;
  /** The line that its first line is on, from 1. */
  readonly line: number;
}

/** The fenced `ts` blocks of a page, in their order. */
export function codeBlocks(page: string): CodeBlock[] {
  return Array.from(page.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ({ 1: code = "", index }) => ({
    code,
    line: page.slice(0, index).split("\n").length + 1,
  }));
}

/** What a program that ends by itself has left behind. */
export interface Ending {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when a signal has ended it. */
  readonly exitCode: number | undefined;
}

/** Bundles a program into `outfile`, and gives that back. */
export async function bundleProgram(contents: string, outfile: string): Promise<string> {
  const sources: Plugin = {
    name: "barewire from lib",
    setup: (builder) =>
      builder.onResolve({ filter: /^barewire(\/|$)/ }, ({ path }) => ({
        path: join(ROOT, path.replace("barewire", "lib"), "mod.ts"),
      })),
  };
  await build({
    stdin: { contents, loader: "ts", resolveDir: join(ROOT, "examples") },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    plugins: [sources],
  });
  return outfile;
}

/** What a program is started with. */
export interface StartOptions {
  readonly args?: readonly string[];
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the repository that lie in the folder when it starts. */
  readonly files?: readonly string[];
}

/** Bundles a program and runs it in a folder of its own until it ends, or for `timeLimitMs`. */
export async function runProgram(
  contents: string,
  timeLimitMs: number,
  { args = [], env = {}, files = [] }: StartOptions = {},
): Promise<Ending> {
  const dir = mkdtempSync(join(tmpdir(), "barewire-program-"));
  const cwd = mkdtempSync(join(tmpdir(), "barewire-cwd-"));
  let child: ChildProcess | undefined;
  try {
    for (const file of files) copyFileSync(join(ROOT, file), join(cwd, basename(file)));
    const program = await bundleProgram(contents, join(dir, "program.mjs"));
    const running = spawn(process.execPath, ["--enable-source-maps", program, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeLimitMs,
      killSignal: "SIGKILL",
    });
    child = running;
    const [stdout, stderr] = await Promise.all([
      text(running.stdout),
      text(running.stderr),
      ended(running),
    ]);
    return { stdout, stderr, exitCode: running.exitCode ?? undefined };
  } finally {
    child?.kill("SIGKILL");
    for (const folder of [dir, cwd]) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Type-checks programs by their names, as strictly as the repository's own. Gives the complaints about them,
 * a line each.
 */
export async function checkTypes(programs: ReadonlyMap<string, string>): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), "barewire-types-"));
  const config = {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: {
      paths: { barewire: [join(ROOT, "lib/mod.ts")], "barewire/*": [join(ROOT, "lib/*/mod.ts")] },
      typeRoots: [join(ROOT, "node_modules/@types")],
      // These are of use to those who publish declarations.
      isolatedDeclarations: false,
      declaration: false,
      declarationMap: false,
    },
    include: ["./*.ts"],
    exclude: [],
  };
  try {
    writeFileSync(join(dir, "package.json"), '{ "type": "module" }');
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
    for (const [name, code] of programs) writeFileSync(join(dir, `${name}.ts`), code);
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const child = spawn(process.execPath, [tsc, "-p", dir, "--pretty", "false"], {
      cwd: dir,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = await Promise.all([text(child.stdout), ended(child)]);
    // What is said of lib's own files is the business of `npm run check`.
    return said.split("\n").filter((line) => /^[^ /]*\.ts\(|^error/.test(line));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Resolves when the process is over and its streams are closed. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
}

/**
 * Copies of the repository, and runs of its tests in them.
 *
 * Rule of this file: it copies, starts and ends processes, each with a limit; what the outcome means is said in
 * ../mutants.ts. The tree that it was started in is only read.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Progress } from "../test.ts";
import type { Step } from "./order.ts";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

const NOT_COPIED: readonly string[] = ["node_modules", ".git", "dist", "coverage", "scratch"];
const HEAP_MIB = 1024;

/** What a test or a table has said. */
export interface Failure {
  /** The test file, or "vectors". */
  readonly by: string;
  readonly what: string;
  /** Has a test or a table failed? Otherwise the process has ended, or said nothing for too long. */
  readonly how: "failed" | "ended";
}

export interface RunOptions {
  /** So long a process may say nothing. */
  readonly limitMs: number;
  /** "first": ended at the first failure; "all": goes on, so that all files that fail are known. */
  readonly until: "first" | "all";
}

/** Everything that was started and not ended, and every folder that was made. */
const running = new Set<ChildProcess>();
const made = new Set<string>();

/** A copy of the repository with its shared tables beside it, in a folder of its own. */
export class Workshop {
  readonly root: string;
  readonly #tables: ReadonlyMap<string, string>;

  constructor(tables: ReadonlyMap<string, string>) {
    const folder = mkdtempSync(join(tmpdir(), "barewire-mutants-"));
    made.add(folder);
    this.root = join(folder, "main");
    this.#tables = tables;
    mkdirSync(this.root);
    for (const name of readdirSync(ROOT)) {
      if (!NOT_COPIED.includes(name))
        cpSync(join(ROOT, name), join(this.root, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.root, "node_modules"));
    const shared = join(ROOT, "..", "shared");
    if (existsSync(shared)) symlinkSync(shared, join(folder, "shared"));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
  }

  /** The failures of a step, none when everything passes. */
  run(step: Step, options: RunOptions): Promise<readonly Failure[]> {
    return step.kind === "tests"
      ? this.#tests(step.files, options)
      : this.#vectors(step.files, options);
  }

  #tests(files: readonly string[], options: RunOptions): Promise<readonly Failure[]> {
    const paths = files.map((file) => join(this.root, file));
    return new Promise((resolve) => {
      const failures: Failure[] = [];
      let last: Progress = { passed: 0, failed: 0, skipped: 0, file: paths[0] };
      const child = new Child(this.root, ["scripts/test-child.ts", ...paths], options.limitMs);
      const nameOf = (file: string | undefined): string =>
        file === undefined ? "the end of the run" : relative(this.root, file);
      child.process.on("message", (progress: Progress) => {
        if (progress.failed > last.failed) {
          failures.push({ by: nameOf(last.file), what: child.failure(), how: "failed" });
          if (options.until === "first") child.end();
        }
        last = progress;
        child.restart();
      });
      child.process.on("close", (code) => {
        child.over();
        if (failures.length === 0 && (code !== 0 || child.timedOut)) {
          failures.push({ by: nameOf(last.file), what: child.ending(code), how: "ended" });
        }
        resolve(failures);
      });
    });
  }

  #vectors(names: readonly string[], options: RunOptions): Promise<readonly Failure[]> {
    const folder = mkdtempSync(join(this.root, "vectors-"));
    for (const name of names) symlinkSync(this.#tables.get(name)!, join(folder, `${name}.json`));
    return new Promise((resolve) => {
      const child = new Child(this.root, ["spec-tests/run-vectors.ts", folder], options.limitMs);
      child.process.stdout?.on("data", () => {
        child.restart();
        if (options.until === "first" && child.failure() !== "") child.end();
      });
      child.process.on("close", (code) => {
        child.over();
        rmSync(folder, { recursive: true });
        const bad = code !== 0 || child.timedOut;
        const how = child.failure() === "" ? "ended" : "failed";
        resolve(bad ? [{ by: "vectors", what: child.ending(code), how }] : []);
      });
    });
  }
}

/** Ends what runs and removes what was made. */
export function endAll(): void {
  for (const child of running) kill(child);
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
  made.clear();
}

/** One process with what it starts, in a group of its own, and a limit for its silence. */
class Child {
  readonly process: ChildProcess;
  timedOut = false;
  #said = "";
  readonly #limitMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, program: readonly string[], limitMs: number) {
    const flags = [`--max-old-space-size=${HEAP_MIB}`, "--enable-source-maps"];
    const args = [...flags, "--import", "./scripts/ts-hook.mjs", ...program];
    this.process = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, BAREWIRE_POISON: "0" },
      detached: true,
    });
    running.add(this.process);
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on("data", (bytes: Buffer) => (this.#said += bytes.toString("utf8")));
    this.#limitMs = limitMs;
    this.restart();
  }

  /** It has said something: its time begins again. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.end();
    }, this.#limitMs);
  }

  /** What it has said of its first failure; empty when nothing. */
  failure(): string {
    // The colours of the test library's report are no part of a test's name.
    const plain = this.#said.replaceAll(new RegExp(`${ESCAPE}\\[\\d*m`, "g"), "");
    return (/^\s*FAIL\s+(.+)$/m.exec(plain)?.[1] ?? "").trim();
  }

  ending(code: number | null): string {
    if (this.failure() !== "") return this.failure();
    if (this.timedOut) return `nothing for ${this.#limitMs / 1000} s`;
    return `ended with ${code ?? "a signal"}: ${/^\w*Error.*$/m.exec(this.#said)?.[0] ?? ""}`;
  }

  end(): void {
    kill(this.process);
  }

  over(): void {
    clearTimeout(this.#timer);
    // What it has started, and left behind.
    kill(this.process);
    running.delete(this.process);
  }
}

const ESCAPE = String.fromCharCode(0x1b);

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group has ended.
  }
}

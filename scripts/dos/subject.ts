/**
 * The servers under attack and the watcher, as processes of their own.
 *
 * Rule of this file: a program is bundled once, straight from the sources, so that no stale build is
 * attacked; every process is in one set, and `endAll` leaves none behind.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { SubjectSpec } from "./check.ts";
import type { Target } from "./loopback.ts";
import { sleep } from "./peer.ts";
import type { Watched, WatchOrder } from "./watcher.ts";

/** A server that runs. */
export interface Subject {
  readonly pid: number;
  readonly target: Target;
  readonly alive: boolean;
  /** What it has written to stdout and stderr. */
  log(): string;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DIR = join(ROOT, "scratch", `dos-${process.pid}`);
type Program = SubjectSpec["program"] | "node-http" | HelperName | "script";
const SOURCES: Readonly<Record<Program, string>> = {
  demo: "examples/demo.ts",
  rig: "scripts/dos/programs/rig.ts",
  "foreign-listener": "scripts/dos/programs/foreign-listener.ts",
  "node-http": "scripts/dos/programs/node-http.ts",
  watcher: "scripts/dos/watcher.ts",
  "client-barewire": "scripts/dos/programs/client-barewire.ts",
  "client-fetch": "scripts/dos/programs/client-fetch.ts",
  script: "scripts/dos/programs/script.ts",
};
const START_MS_MAX = 15_000;
const END_MS_MAX = 15_000;
const ANSWER_MS_MAX = 90_000;

const children = new Set<ChildProcess>();
let compiled: Promise<unknown> | undefined;
let logs = 0;

/** Starts a server and waits until it has said where it listens. */
export async function startSubject(
  spec: SubjectSpec,
  host: string,
  server: "barewire" | "node-http",
): Promise<Subject> {
  await compileAll();
  // The demo listens on 127.0.0.1 and knows no options.
  const program = server === "node-http" ? server : spec.program;
  const security = spec.security ?? "plain";
  const order = JSON.stringify({ host, security, options: spec.options ?? {} });
  const node = [programOf(program), program === "demo" ? "0" : order];
  const limit = spec.descriptorsMax === undefined ? "" : `ulimit -n ${spec.descriptorsMax}; `;
  // To a file: a pipe that is not emptied in time would make the server wait.
  const logFile = join(DIR, `${++logs}.log`);
  const out = openSync(logFile, "w");
  const command = ["-c", `${limit}exec "$0" "$@"`, process.execPath, ...node];
  const child = spawn("/bin/sh", command, { cwd: ROOT, stdio: ["ignore", out, out] });
  closeSync(out);
  remember(child);
  const log = (): string => readFileSync(logFile, "latin1");
  const port = await portIn(log, child);
  return {
    pid: child.pid ?? 0,
    target: { host: program === "demo" ? "127.0.0.1" : host, port, security },
    get alive() {
      return isAlive(child);
    },
    log,
    end: (signal) => end(child, signal),
  };
}

/** The watcher; it serves one check after the other. */
export interface Watcher {
  begin(order: WatchOrder): Promise<void>;
  end(): Promise<Watched>;
}

export async function startWatcher(): Promise<Watcher> {
  const helper = await startHelper("watcher", []);
  return {
    begin: async (order) => void (await helper.ask(order)),
    end: async () => (await helper.ask("stop")) as Watched,
  };
}

/** A process that is told what to do by messages, and answers each. */
export interface Helper {
  readonly pid: number;
  readonly alive: boolean;
  ask(question: object | string): Promise<unknown>;
  end(): Promise<void>;
}

export type HelperName = "watcher" | "client-barewire" | "client-fetch";

export async function startHelper(name: HelperName, args: readonly string[]): Promise<Helper> {
  await compileAll();
  const child = fork(programOf(name), args, { cwd: ROOT, stdio: ["ignore", 2, 2, "ipc"] });
  remember(child);
  return {
    pid: child.pid ?? 0,
    get alive() {
      return isAlive(child);
    },
    ask: async (question) => {
      child.send(question);
      const late = AbortSignal.timeout(ANSWER_MS_MAX);
      const [answer] = (await once(child, "message", { signal: late })) as [unknown];
      if (typeof answer === "object" && answer !== null && "error" in answer)
        throw new Error(`${name}: ${String(answer.error)}`);
      return answer;
    },
    end: () => end(child, "SIGKILL"),
  };
}

/** Runs a program to its end; answers what it wrote, and how it ended ("0", "SIGKILL" after `msMax`). */
export async function runScript(
  args: readonly string[],
  msMax: number,
): Promise<{ out: string; ended: string }> {
  await compileAll();
  const child = spawn(process.execPath, [programOf("script"), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", 2],
  });
  remember(child);
  let out = "";
  child.stdout?.setEncoding("latin1").on("data", (text: string) => (out += text));
  const gone = once(child, "close");
  const timer = setTimeout(() => child.kill("SIGKILL"), msMax);
  const [code, signal] = (await gone) as [number | null, string | null];
  clearTimeout(timer);
  return { out, ended: String(code ?? signal) };
}

/** Ends every process, and forgets what was bundled. */
export async function endAll(): Promise<void> {
  await Promise.all([...children].map((child) => end(child, "SIGKILL")));
  rmSync(DIR, { recursive: true, force: true });
}

function compileAll(): Promise<unknown> {
  return (compiled ??= compile());
}

async function compile(): Promise<void> {
  mkdirSync(DIR, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: Object.values(SOURCES),
    outdir: DIR,
    entryNames: "[name]",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
}

function programOf(name: keyof typeof SOURCES): string {
  return join(DIR, `${basename(SOURCES[name], ".ts")}.mjs`);
}

async function portIn(log: () => string, child: ChildProcess): Promise<number> {
  const lateAt = performance.now() + START_MS_MAX;
  for (;;) {
    const port = / on https?:\/\/[^/]*:(\d+)\//.exec(log())?.[1];
    if (port !== undefined) return Number(port);
    if (!isAlive(child)) throw new Error(`the server did not start:\n${log()}`);
    if (performance.now() > lateAt) throw new Error(`the server does not listen:\n${log()}`);
    await sleep(10);
  }
}

function remember(child: ChildProcess): void {
  children.add(child);
  child.once("exit", () => children.delete(child));
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (!isAlive(child)) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
  clearTimeout(timer);
}

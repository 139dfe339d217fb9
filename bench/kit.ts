/**
 * What every bench question needs: programs on a core, CPU time of a process, medians.
 * MAINPATH §5
 *
 * Rule of this file: it measures CPU time, never wall-clock rates, and it leaves no process behind:
 * every program it starts ends with `stopAll`, or by itself when this process goes away.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The core of the programs under test, and the core of the load. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** A bench program that runs: it has said its first message, and answers questions. */
export interface Program {
  readonly pid: number;
  /** What it said when it was ready: a port for servers, 0 for clients. */
  readonly port: number;
  /** Asks a question (see programs/rim.ts) and waits for the figure, at most `deadlineMs`. */
  ask(question: string, deadlineMs?: number): Promise<number>;
  stop(): Promise<void>;
}

/** User and system CPU time of a process since it began, in µs. */
export interface CpuTime {
  readonly user: number;
  readonly sys: number;
}

/** Where the repository begins: all programs run there. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));
const running = new Set<ChildProcess>();

/** What starts one of our .ts files; the name of the file and its arguments follow. */
export const NODE: readonly string[] = [
  process.execPath,
  "--expose-gc",
  "--no-warnings",
  "--import",
  "./scripts/ts-hook.mjs",
];

/**
 * Starts `bench/programs/NAME.ts` on a core, or on several, and waits for its first message. The pid is the
 * program's own: taskset replaces itself by what it starts.
 */
export async function start(
  name: string,
  args: readonly string[],
  core: number | readonly number[],
): Promise<Program> {
  const command = ["-c", [core].flat().join(","), ...NODE, `bench/programs/${name}.ts`, ...args];
  const child = spawn("taskset", command, { cwd: ROOT, stdio: ["ignore", 2, 2, "ipc"] });
  child.on("message", (figure) => child.emit("figure", figure));
  return begin(child, name, (question) => void child.send(question));
}

/**
 * Starts a program that knows nothing of Node's channel: it says its figures in lines of stdout, is asked in
 * lines of stdin, and goes when stdin ends.
 */
export async function startForeign(command: readonly string[], core: number): Promise<Program> {
  const args = ["-c", String(core), ...command];
  const child = spawn("taskset", args, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  createInterface(child.stdout).on("line", (line) => child.emit("figure", Number(line)));
  return begin(child, command[0] ?? "", (question) => void child.stdin.write(`${question}\n`));
}

async function begin(
  child: ChildProcess,
  name: string,
  send: (question: string) => void,
): Promise<Program> {
  running.add(child);
  child.once("exit", () => running.delete(child));
  // A question can meet a program that is just ending: the exit tells it.
  child.on("error", (error) => console.error(`${name}: ${error.message}`));
  child.stdin?.on("error", () => undefined);
  const port = await nextFigure(child, `${name} to start`, 30_000);
  return {
    pid: child.pid ?? 0,
    port,
    ask: async (question, deadlineMs = 15_000) => {
      if (!running.has(child)) throw new Error(`${name} had ended before it was asked ${question}`);
      const answer = nextFigure(child, `${name} to answer ${question}`, deadlineMs);
      send(question);
      return answer;
    },
    stop: () => end(child),
  };
}

/** Ends every program that still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(end));
}

/** The CPU time of a process and all its threads, from /proc. */
export function cpuTime(pid: number): CpuTime {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name in parentheses may hold blanks: count behind it (utime is field 14, stime 15).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { user: Number(fields[11]) * MICROS_PER_TICK, sys: Number(fields[12]) * MICROS_PER_TICK };
}

const MICROS_PER_TICK = 1e6 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "latin1" }));

/** The middle one of some figures; the mean of the two in the middle of an even number. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** One line about where the figures come from: they mean nothing without it. */
export function machine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `${model}, ${cpus().length} cores, Node ${process.version}, Linux`;
}

/** Runs a command on a core to its end and gives what it printed; throws when it fails. */
export async function runOn(
  core: number,
  command: readonly string[],
  deadlineMs: number,
): Promise<string> {
  const args = ["-c", String(core), ...command];
  const child = spawn("taskset", args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  let printed = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    printed += text;
  });
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  running.delete(child);
  if (code !== 0) throw new Error(`${command[0]} ended with ${code ?? signal}:\n${printed}`);
  return printed;
}

function nextFigure(child: ChildProcess, what: string, deadlineMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      child.off("figure", onFigure);
      child.off("exit", onExit);
    };
    const onFigure = (figure: number): void => {
      done();
      resolve(figure);
    };
    const onExit = (code: number | null): void => {
      done();
      reject(new Error(`waited for ${what}, but it ended with ${code}`));
    };
    const timer = setTimeout(() => {
      done();
      reject(new Error(`waited ${deadlineMs} ms for ${what}`));
    }, deadlineMs);
    child.once("figure", onFigure);
    child.once("exit", onExit);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

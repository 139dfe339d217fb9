/**
 * What every bench question needs: programs on a core, CPU time of a process, medians, tables.
 * MAINPATH §5
 *
 * Rule of this file: it measures CPU time, never wall-clock rates, and it leaves no process behind:
 * every program it starts ends with `stopAll`, or by itself when this process goes away.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
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

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const running = new Set<ChildProcess>();

/**
 * Starts `bench/programs/NAME.ts` on a core and waits for its first message. The pid is the
 * program's own: taskset replaces itself by what it starts.
 */
export async function start(name: string, args: readonly string[], core: number): Promise<Program> {
  const node = [process.execPath, "--expose-gc", "--import", "./scripts/ts-hook.mjs"];
  const command = ["-c", String(core), ...node, `bench/programs/${name}.ts`, ...args];
  const child = spawn("taskset", command, { cwd: ROOT, stdio: ["ignore", 2, 2, "ipc"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const port = await nextFigure(child, `${name} to start`, 15_000);
  return {
    pid: child.pid ?? 0,
    port,
    ask: (question, deadlineMs = 15_000) => {
      child.send(question);
      return nextFigure(child, `${name} to answer ${question}`, deadlineMs);
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

/** Prints rows under a title, the first column to the left and the others to the right. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => (r[i] ?? "").length)));
  console.log(`\n${title}`);
  for (const row of rows) {
    const cells = row.map((c, i) =>
      i === 0 ? c.padEnd(widths[i] ?? 0) : c.padStart(widths[i] ?? 0),
    );
    console.log(`  ${cells.join("   ")}`);
  }
}

/** One line about where the figures come from: they mean nothing without it. */
export function machine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `${model}, ${cpus().length} cores, Node ${process.version}, Linux`;
}

/** Runs a command on the load core to its end and gives what it printed; throws when it fails. */
export async function runLoad(command: readonly string[], deadlineMs: number): Promise<string> {
  const args = ["-c", String(LOAD_CORE), ...command];
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
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: unknown): void => {
      done();
      resolve(message as number);
    };
    const onExit = (code: number | null): void => {
      done();
      reject(new Error(`waited for ${what}, but it ended with ${code}`));
    };
    const timer = setTimeout(() => {
      done();
      reject(new Error(`waited ${deadlineMs} ms for ${what}`));
    }, deadlineMs);
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

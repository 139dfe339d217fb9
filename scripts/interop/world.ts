/**
 * What every interop check needs: a server as a child process, programs run to their end,
 * and a comparison that shows the first difference.
 *
 * Rule of this file: every wait has a deadline, and every process that was started is in one set,
 * so that `endAll` leaves none behind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the checks happen. */
export interface World {
  /** Port of the server on 127.0.0.1. */
  readonly port: number;
  readonly pid: number;
  /** A directory of our own for files; removed at the end. */
  readonly dir: string;
  /** "short" takes a smaller file and less time. */
  readonly size: "short" | "full";
  /** The server's log so far. */
  log(): string;
}

/** One thing that must hold; `run` throws when it does not. */
export interface Check {
  readonly name: string;
  /** The program that must be installed. */
  readonly program: string;
  /** A word that its `--version` must print, where not every build of it can do this. */
  readonly feature?: string | undefined;
  run(world: World): Promise<void>;
}

/** What a program printed on stdout (one char per byte), and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));
const children = new Set<ChildProcess>();

/** Whether a program can be found; sbin is searched too, because nginx lives there. */
export function isInstalled(program: string): boolean {
  return pathOf(program) !== undefined;
}

/** The path of a program, looked for in these folders first; undefined when it is nowhere. */
export function pathOf(program: string, first: readonly string[] = []): string | undefined {
  const path = (process.env["PATH"] ?? "").split(":");
  return [...first, ...path, "/usr/sbin", "/usr/local/sbin"]
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false; // not here: the next folder
      }
    });
}

/** Starts a program that goes on running. */
export function launch(program: string, args: readonly string[]): ChildProcess {
  const path = program === "node" ? process.execPath : (pathOf(program) ?? program);
  const child = spawn(path, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  seconds = 20,
): Promise<Outcome> {
  const child = launch(program, args);
  const printed = gather(child.stdout);
  const complained = gather(child.stderr);
  const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  if (code === null) throw new Error(`${program} did not end within ${seconds} s:\n${printed()}`);
  return { code: code as number, printed: printed(), complained: complained() };
}

/** Whether `--version` of an installed program prints that word. */
export async function offers(program: string, feature: string): Promise<boolean> {
  const { printed } = await run(program, ["--version"]);
  return printed.split(/\s+/).includes(feature);
}

/** Collects what a stream says, one char per byte. */
export function gather(stream: NodeJS.ReadableStream | null): () => string {
  const pieces: string[] = [];
  stream?.on("data", (bytes: Buffer) => pieces.push(bytes.toString("latin1")));
  return () => pieces.join("");
}

/** Waits until something is there, looking again every 20 ms. */
export async function until<T>(look: () => T | undefined, what: string, seconds = 15): Promise<T> {
  const deadlineAt = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadlineAt) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends a child, politely if that is enough. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  child.kill(signal);
  await once(child, "exit");
  clearTimeout(timer);
}

export async function endAll(): Promise<void> {
  await Promise.all([...children].map((child) => end(child)));
}

/** A message as it goes over the wire: lines ended by CRLF, an empty one, and the body. */
export function message(head: readonly string[], body = ""): string {
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/**
 * Compares byte for byte, but for the instant in a Date field (whose form is checked by being
 * replaced) and the port of the server.
 */
export function same(actual: string, expected: string, world: World): void {
  const date = /^Date: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r$/gm;
  const got = actual
    .replace(date, "Date: NOW\r")
    .replaceAll(`127.0.0.1:${world.port}`, "127.0.0.1:PORT");
  if (got === expected) return;
  let at = 0;
  while (got[at] === expected[at]) at++;
  const show = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  throw new Error(
    `differs at byte ${at}:\n    expected ${show(expected)}\n    actual   ${show(got)}\n` +
      `    whole answer ${JSON.stringify(got.slice(0, 2000))}`,
  );
}

/**
 * Starting a client under test.
 *
 * Rule of this file: no shell: words are parted by blanks, and what is in braces is filled in afterwards.
 */
import { spawn } from "node:child_process";
import type { ClientReport, ClientTask, ExecClient } from "../conformance/mod.ts";
import { Exit } from "./io.ts";

/** The command for each task; a task without one makes its cases not applicable. */
export type ClientCommands = Readonly<Partial<Record<ClientTask["ask"], string | undefined>>>;

/** By ability (redirects, cookies, …) the words that turn it on; one that is not there, the client does not have. */
export type ClientAbilities = ReadonlyMap<string, readonly string[]>;

/** Reads `NAME=words` for each ability. With a command for two requests, reuse is one of them. */
export function abilitiesOf(given: readonly string[], commands: ClientCommands): ClientAbilities {
  const abilities = new Map<string, readonly string[]>();
  if (commands["get-twice"] !== undefined) abilities.set("reuse", []);
  for (const one of given) {
    const [name = "", ...rest] = one.split("=");
    abilities.set(name, wordsOf(rest.join("=")));
  }
  return abilities;
}

/** Runs the command of a task and tells its exit code and output; "cannot" for what the client is not able to. */
export function execClient(commands: ClientCommands, abilities: ClientAbilities): ExecClient {
  return async (task) => {
    const command = commands[task.ask];
    if (command === undefined || !task.needs.every((need) => abilities.has(need))) return "cannot";
    const turnedOn = task.needs.flatMap((need) => abilities.get(need) ?? []);
    return runOnce([...wordsOf(command), ...turnedOn], task);
  };
}

function wordsOf(command: string): string[] {
  return command.split(" ").filter((word) => word !== "");
}

function runOnce(
  [program = "", ...words]: readonly string[],
  task: ClientTask,
): Promise<ClientReport> {
  const [url = "", url2 = ""] = task.urls;
  const blanks: Readonly<Record<string, string>> = { url, url2, content: task.content ?? "" };
  const args = words.map((word) =>
    word.replace(/\{(url2?|content)\}/g, (_, name: string) => blanks[name] ?? ""),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    const pieces: Buffer[] = [];
    task.signal.addEventListener("abort", () => void child.kill("SIGKILL"), { once: true });
    child.stdout.on("data", (piece: Buffer) => void pieces.push(piece));
    child.on("error", (error) => reject(new Exit(2, `cannot start ${program}: ${error.message}`)));
    child.on("close", (code) => {
      resolve({ exit: code ?? 1, output: Buffer.concat(pieces).toString("latin1") });
    });
  });
}

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

/** Runs the command of a task and tells its exit code and output. */
export function execClient(commands: ClientCommands): ExecClient {
  return async (task) => {
    const command = commands[task.ask];
    return command === undefined ? "cannot" : runOnce(command, task);
  };
}

function runOnce(command: string, task: ClientTask): Promise<ClientReport> {
  const [program = "", ...words] = command.split(" ").filter((word) => word !== "");
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

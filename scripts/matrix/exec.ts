/**
 * A client under test, started once for each task.
 *
 * Rule of this file: no shell. What a task needs and the client has not makes its case not applicable.
 */
import { spawn } from "node:child_process";
import type { ClientReport, ClientTask, ExecClient } from "../../lib/conformance/mod.ts";
import type { ClientPeer } from "./peer.ts";

/** Runs the peer's command, whose beginning was prepared, with the words of each task. */
export function execOf(peer: ClientPeer, beginning: readonly string[]): ExecClient {
  const [program = "", ...first] = beginning;
  return async (task) => {
    const words: string[] = [];
    for (const need of task.needs) {
      const turnedOn = peer.abilities.get(need);
      if (turnedOn === undefined) return "cannot";
      words.push(...turnedOn);
    }
    if (task.ask === "get-twice" && !peer.abilities.has("reuse")) return "cannot";
    return runOnce(program, [...first, ...words, ...peer.words(task)], task.signal);
  };
}

function runOnce(
  program: string,
  args: readonly string[],
  signal: ClientTask["signal"],
): Promise<ClientReport> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    const pieces: Buffer[] = [];
    signal.addEventListener("abort", () => void child.kill("SIGKILL"), { once: true });
    child.stdout.on("data", (piece: Buffer) => void pieces.push(piece));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ exit: code ?? 1, output: Buffer.concat(pieces).toString("latin1") });
    });
  });
}

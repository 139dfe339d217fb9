/**
 * The question of bodies: what does a MiB cost a server, down and up, ours beside bare sockets that do the same
 * writes and node:http?
 * RFC 9112 §6, §7.1 · MAINPATH §2, §3
 *
 * Rule of this file: 64 MiB a transfer, one transfer at a time, the peer a bare socket on another core that
 * counts octets and nothing else.
 */
import type { Answer, AnswerRow, Effort, Question } from "./answer.ts";
import { LOAD_CORE, median, SERVER_CORE, start } from "./kit.ts";
import { type Contestant, countedCost, takeTurns } from "./turns.ts";

/** "barewire-pieces" takes an array of its own for each piece (`for await`), "barewire" reads into one of the handler's. */
const PROGRAMS = {
  down: ["barewire", "bare", "node-http"],
  up: ["barewire", "barewire-pieces", "bare", "node-http"],
} as const;
const FRAMINGS = ["content-length", "chunked"] as const;
const PIECES = ["16 KiB", "64 MiB"] as const;

/** Down is what the server sends, up what it receives; both from the server's side. */
export const BODY: Question = { name: "body", parts: ["down", "up"], ask: measureBody };

async function measureBody(direction: string, effort: Effort): Promise<Answer> {
  const rows: AnswerRow[] = [];
  for (const framing of FRAMINGS) {
    for (const piece of PIECES) {
      const pieceKib = piece === "16 KiB" ? 16 : 64 * 1024;
      const figures = await measureTransfer([direction, framing, String(pieceKib)], effort);
      rows.push({ name: `${framing}, in pieces of ${piece}`, figures });
    }
  }
  return {
    title: `Bodies ${direction}, 64 MiB (CPU ms per MiB, median of ${effort.rounds} rounds)`,
    columns: [...programsOf(direction), "to bare", "to node-http"],
    rows,
  };
}

function programsOf(direction: string | undefined): readonly string[] {
  return direction === "down" ? PROGRAMS.down : PROGRAMS.up;
}

async function measureTransfer(
  transfer: readonly string[],
  effort: Effort,
): Promise<Record<string, number>> {
  const contestants: Contestant[] = [];
  const programs = programsOf(transfer[0]);
  for (const name of programs) {
    const program = await start("body-server", [name, ...transfer], SERVER_CORE);
    const load = await start("body-load", [String(program.port), ...transfer], LOAD_CORE);
    contestants.push({ name, program, load });
  }
  const costs = await takeTurns(contestants, countedCost, effort);
  const ms = (name: string): number =>
    median((costs.get(name) ?? []).map(({ user, sys }) => (user + sys) / 1000));
  return {
    ...Object.fromEntries(programs.map((name) => [name, ms(name)])),
    "to bare": ms("barewire") / ms("bare"),
    "to node-http": ms("barewire") / ms("node-http"),
  };
}

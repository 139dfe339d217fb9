/**
 * The question of fairness: can one connection starve the process of its timers?
 * MAINPATH §2, §3
 *
 * Rule of this file: the victim is a 10 ms interval in the server process; the figure is how late
 * it was at worst while one peer did its worst for three seconds.
 */
import { LOAD_CORE, printTable, SERVER_CORE, start } from "./kit.ts";

/** How late the timer was at worst, in ms; Infinity when the process did not answer any more. */
export interface FairnessRow {
  readonly hog: string;
  readonly worstDelayMs: number;
  readonly mibReceived: number;
}

const SECONDS = 3;
const HOGS = [
  { hog: "a handler writes small pieces without end, the reader is fast", load: "reader" },
  { hog: "a peer pipelines without end", load: "pipeliner" },
] as const;

/** Lets each hog loose on a fresh server and prints what the timer says. */
export async function measureFairness(): Promise<FairnessRow[]> {
  const rows: FairnessRow[] = [];
  for (const { hog, load } of HOGS) rows.push(await letLoose(hog, load));
  printTable(`How late a 10 ms timer was at worst (ms, ${SECONDS} s each)`, [
    ["", "ms", "MiB received"],
    ...rows.map((r) => [r.hog, r.worstDelayMs.toFixed(1), r.mibReceived.toFixed(1)]),
  ]);
  return rows;
}

async function letLoose(hog: string, load: string): Promise<FairnessRow> {
  const server = await start("fair", [], SERVER_CORE);
  await server.ask("rss"); // the start-up and its garbage are over
  await server.ask("worst");
  const client = await start("flood", [String(server.port), load, String(SECONDS)], LOAD_CORE);
  const mibReceived = (await client.ask("received", (SECONDS + 10) * 1000)) / 1024 / 1024;
  const answer = server.ask("worst", 10_000);
  const worstDelayMs = await answer.catch(() => Number.POSITIVE_INFINITY);
  await client.stop();
  await server.stop();
  if (mibReceived === 0) throw new Error(`nothing was answered while ${hog}`);
  return { hog, worstDelayMs, mibReceived };
}

/**
 * The question of fairness: can one connection starve the process of its timers?
 * MAINPATH §2, §3
 *
 * Rule of this file: the victim is a 10 ms interval in the server process; the figure is how late
 * it was at worst while one peer did its worst for three seconds.
 */
import type { Answer, AnswerRow, Question } from "./answer.ts";
import { LOAD_CORE, SERVER_CORE, start } from "./kit.ts";

const SECONDS = 3;
const HOGS = [
  { hog: "a handler writes small pieces without end, the reader is fast", load: "reader" },
  { hog: "a peer pipelines without end", load: "pipeliner" },
] as const;

/** Lets each hog loose on a fresh server and asks the timer. */
export const FAIRNESS: Question = { name: "fairness", parts: ["timer"], ask: measureFairness };

async function measureFairness(): Promise<Answer> {
  const rows: AnswerRow[] = [];
  for (const { hog, load } of HOGS) rows.push(await letLoose(hog, load));
  return {
    title: `How late a 10 ms timer was at worst (ms, ${SECONDS} s each)`,
    columns: ["ms", "MiB received"],
    rows,
  };
}

/** Infinite when the process did not answer any more. */
async function letLoose(hog: string, load: string): Promise<AnswerRow> {
  const server = await start("fair", [], SERVER_CORE);
  await server.ask("rss"); // the start-up and its garbage are over
  await server.ask("worst");
  const client = await start("flood", [String(server.port), load, String(SECONDS)], LOAD_CORE);
  const mibReceived = (await client.ask("received", (SECONDS + 10) * 1000)) / 1024 / 1024;
  const answer = server.ask("worst", 10_000);
  const worstMs = await answer.catch(() => Number.POSITIVE_INFINITY);
  await client.stop();
  await server.stop();
  if (mibReceived === 0) throw new Error(`nothing was answered while ${hog}`);
  return { name: hog, figures: { ms: worstMs, "MiB received": mibReceived } };
}

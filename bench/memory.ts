/**
 * The question of memory: what does an idle keep-alive connection cost, ours beside a bare socket
 * and node:http?
 * MAINPATH §1
 *
 * Rule of this file: each measurement has a fresh server process and its clients in another one;
 * what is counted is the growth of resident memory between two collections.
 */
import type { Answer, Effort, Question } from "./answer.ts";
import { LOAD_CORE, median, SERVER_CORE, start } from "./kit.ts";
import { loadFor } from "./load.ts";
import { SMALL_HEAD } from "./scenarios.ts";

const PROGRAMS = ["barewire", "bare-socket", "node-http"] as const;
/** A round takes long and says much. */
const ROUNDS_MAX = 3;
/** What a server has done before it is looked at. */
const WARM = { writes: [SMALL_HEAD], depth: 1, connections: 50, security: "none" } as const;
const WARM_SECONDS = 2;

export const MEMORY: Question = { name: "memory", parts: ["idle"], ask: measureMemory };

async function measureMemory(_: string, { rounds, connections }: Effort): Promise<Answer> {
  const times = Math.min(rounds, ROUNDS_MAX);
  const figures = new Map<string, number[]>(PROGRAMS.map((name) => [name, []]));
  for (let round = 0; round < times; round++) {
    for (const name of PROGRAMS) figures.get(name)?.push(await growthOf(name, connections));
  }
  const kib = (name: string): number => median(figures.get(name) ?? []);
  return {
    title: `Idle keep-alive connection (KiB, RSS growth over ${connections}, median of ${times})`,
    columns: ["KiB", "to bare-socket", "to node-http"],
    rows: PROGRAMS.map((name) => ({
      name,
      figures: {
        KiB: kib(name),
        "to bare-socket": kib(name) / kib("bare-socket"),
        "to node-http": kib(name) / kib("node-http"),
      },
    })),
  };
}

async function growthOf(name: string, connections: number): Promise<number> {
  const server = await start(name, ["hello"], SERVER_CORE);
  // Code that is compiled by the first requests, and the room that the collector makes for what they leave behind,
  // are not the connections' cost.
  await loadFor({ ...WARM, port: server.port }, WARM_SECONDS, "own");
  const before = await server.ask("rss");
  const client = await start("idle-client", [String(server.port), String(connections)], LOAD_CORE);
  const after = await server.ask("rss");
  const open = await client.ask("open");
  if (open !== connections) throw new Error(`${name} has kept ${open} of ${connections}`);
  await client.stop();
  await server.stop();
  return (after - before) / 1024 / connections;
}

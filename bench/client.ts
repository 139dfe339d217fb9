/**
 * The question of clients: how much CPU time does one request cost, ours beside the floor, undici, node:http,
 * Node's fetch and Go?
 * MAINPATH §1, §5
 *
 * Rule of this file: as server.ts, with the roles turned: the programs under test ask, and what answers them is
 * the same for all.
 */
import type { Answer, Effort, Question } from "./answer.ts";
import type { Program } from "./kit.ts";
import { LOAD_CORE, SERVER_CORE, start, startForeign } from "./kit.ts";
import { goCommand, packageFolder } from "./peers.ts";
import { compare, type Contestant, countedCost, takeTurns } from "./turns.ts";

/** What is asked, of how many servers, and who takes part beside ours. */
interface Asked {
  readonly words: string;
  readonly ports: number;
  /** Named as programs/ways.ts names them. */
  readonly ways: readonly string[];
}

const ASKED: Readonly<Record<string, Asked>> = {
  get: {
    words: "GET, 64 at a time",
    ports: 1,
    ways: ["barewire", "floor", "undici", "undici-pool", "node-http", "go"],
  },
  post: {
    words: "POST of 1 KiB, 64 at a time",
    ports: 1,
    ways: ["barewire", "floor", "undici", "node-http", "go"],
  },
  origins: {
    words: "GET from 50 origins in turns, 64 at a time",
    ports: 50,
    ways: ["barewire", "undici", "node-http", "go"],
  },
  pipelined: {
    words: "GET, 16 deep on each of 4 connections",
    ports: 1,
    ways: ["barewire", "undici-pool"],
  },
  fetch: {
    words: "fetch, 64 at a time",
    ports: 1,
    ways: ["barewire-fetch", "undici-fetch", "node-fetch"],
  },
};

/** One kind of request a part. */
export const CLIENT: Question = { name: "client", parts: Object.keys(ASKED), ask: measureClient };

async function measureClient(part: string, effort: Effort): Promise<Answer> {
  const asked = ASKED[part];
  if (asked === undefined) throw new Error(`nobody asks for ${part}`);
  const server = await start("answer-all", [String(asked.ports)], LOAD_CORE);
  const ports: number[] = [];
  for (let i = 0; i < asked.ports; i++) ports.push(await server.ask(`port-${i}`));
  const contestants: Contestant[] = [];
  for (const name of asked.ways) {
    const program = await startWay(name, part, ports.join(","));
    if (program !== undefined) contestants.push({ name, program });
  }
  const costs = await takeTurns(contestants, countedCost, effort);
  await server.stop();
  const title = `CPU time per request, client: ${asked.words} (µs, median of ${effort.rounds} rounds)`;
  return compare(title, costs, asked.ways.slice(1));
}

/** Undefined for those who cannot be had, which has been said then. */
function startWay(way: string, part: string, ports: string): Promise<Program> | undefined {
  if (way === "go") {
    const command = goCommand("client");
    return command && startForeign([...command, part, ports], SERVER_CORE);
  }
  const folder = way.startsWith("undici") ? packageFolder("undici@7") : "";
  if (folder === undefined) return undefined;
  return start("asker", [way, part, ports, folder], SERVER_CORE);
}

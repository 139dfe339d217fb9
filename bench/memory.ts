/**
 * The question of memory: what does an idle keep-alive connection cost, ours beside a bare socket
 * and node:http?
 * MAINPATH §1
 *
 * Rule of this file: each measurement has a fresh server process and its clients in another one;
 * what is counted is the growth of resident memory between two collections.
 */
import { LOAD_CORE, median, printTable, SERVER_CORE, start } from "./kit.ts";

/** Growth of resident memory per connection, in KiB. */
export interface MemoryRow {
  readonly program: string;
  readonly kibPerConnection: number;
}

const CONNECTIONS = 3000;
const PROGRAMS = ["bare-socket", "barewire", "node-http"] as const;

/** Measures all programs in turns and prints the table. */
export async function measureMemory(rounds: number): Promise<MemoryRow[]> {
  const figures = new Map<string, number[]>(PROGRAMS.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of PROGRAMS) figures.get(name)?.push(await growthOf(name));
  }
  const rows = [...figures].map(([program, f]) => ({ program, kibPerConnection: median(f) }));
  printTable(`Idle keep-alive connection (RSS growth over ${CONNECTIONS}, median of ${rounds})`, [
    ["", "KiB"],
    ...rows.map((r) => [r.program, r.kibPerConnection.toFixed(1)]),
  ]);
  return rows;
}

async function growthOf(name: string): Promise<number> {
  const server = await start(name, ["hello"], SERVER_CORE);
  // Code that is loaded and compiled by the first requests is not the connections' cost.
  const first = await start("idle-client", [String(server.port), "50"], LOAD_CORE);
  await first.stop();
  const before = await server.ask("rss");
  const client = await start("idle-client", [String(server.port), String(CONNECTIONS)], LOAD_CORE);
  const after = await server.ask("rss");
  const open = await client.ask("open");
  if (open !== CONNECTIONS) throw new Error(`${name} has kept ${open} of ${CONNECTIONS}`);
  await client.stop();
  await server.stop();
  return (after - before) / 1024 / CONNECTIONS;
}

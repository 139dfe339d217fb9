/**
 * The question of clients: how much CPU time does one GET cost, ours beside the floor, undici and node:http?
 * MAINPATH §1, §5
 *
 * Rule of this file: as server.ts, with the roles turned: the programs under test ask, and what answers them is
 * the same for all.
 */
import type { CpuTime, Program } from "./kit.ts";
import { cpuTime, LOAD_CORE, median, printTable, SERVER_CORE, start } from "./kit.ts";
import { peersFolder } from "./peers.ts";
import type { Effort } from "./server.ts";

/** CPU time per GET in µs, and how it compares. */
export interface ClientRow {
  readonly program: string;
  readonly user: number;
  readonly sys: number;
  readonly total: number;
  /** The ratio to each program that was measured. */
  readonly to: Readonly<Record<string, number>>;
}

const WAYS = ["floor", "barewire", "undici", "node-http", "barewire-fetch", "node-fetch"] as const;

/** Measures all ways in turns and prints the table. */
export async function measureClient(effort: Effort): Promise<ClientRow[]> {
  const folder = peersFolder(["undici@7"]);
  if (folder !== undefined) process.env["PEERS"] = folder;
  const ways = WAYS.filter((way) => way !== "undici" || folder !== undefined);
  const server = await start("answer-all", [], LOAD_CORE);
  const programs = new Map<string, Program>();
  const costs = new Map<string, CpuTime[]>();
  for (const way of ways) {
    programs.set(way, await start("asker", [way, String(server.port)], SERVER_CORE));
    costs.set(way, []);
  }
  for (const program of programs.values()) await costOf(program, 1); // warms up
  for (let round = 0; round < effort.rounds; round++) {
    for (const [way, program] of programs)
      costs.get(way)?.push(await costOf(program, effort.seconds));
  }
  for (const program of [...programs.values(), server]) await program.stop();
  const rows = compare(costs);
  printTable(`CPU time per GET, 64 connections (µs, median of ${effort.rounds} rounds)`, [
    ["", "user", "sys", "total", "to floor", "to undici", "to node:http", "to fetch"],
    ...rows.map((row) => [
      row.program,
      row.user.toFixed(2),
      row.sys.toFixed(2),
      row.total.toFixed(2),
      ...["floor", "undici", "node-http", "node-fetch"].map((peer) =>
        (row.to[peer] ?? NaN).toFixed(2),
      ),
    ]),
  ]);
  return rows;
}

/** CPU time of one GET, in µs. */
async function costOf(program: Program, seconds: number): Promise<CpuTime> {
  await program.ask("start");
  const countBefore = await program.ask("count");
  const before = cpuTime(program.pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = cpuTime(program.pid);
  const requests = (await program.ask("count")) - countBefore;
  await program.ask("stop");
  if (requests === 0) throw new Error("a client did no requests");
  return {
    user: (after.user - before.user) / requests,
    sys: (after.sys - before.sys) / requests,
  };
}

function compare(costs: ReadonlyMap<string, readonly CpuTime[]>): ClientRow[] {
  const totals = new Map<string, number>();
  for (const [way, rounds] of costs) totals.set(way, median(rounds.map((c) => c.user + c.sys)));
  return [...costs].map(([program, rounds]) => {
    const total = totals.get(program) ?? NaN;
    return {
      program,
      user: median(rounds.map((c) => c.user)),
      sys: median(rounds.map((c) => c.sys)),
      total,
      to: Object.fromEntries([...totals].map(([peer, figure]) => [peer, total / figure])),
    };
  });
}

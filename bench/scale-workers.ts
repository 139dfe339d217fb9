/**
 * The question of more than one core: how many requests do two workers answer for each that one does, and what
 * does a request cost then?
 *
 * Rule of this file: the load needs a core as well. Where there are but two, it shares them with the workers, so
 * that the growth says less about them than about the machine; the title tells it. A request's CPU time is that
 * of all processes together.
 */
import { cpus } from "node:os";
import type { Answer, AnswerRow, Effort } from "./answer.ts";
import { LOAD_CORE, type Program, median, start } from "./kit.ts";
import { loadFor } from "./load.ts";
import { lost } from "./peers.ts";
import { SMALL_HEAD } from "./scenarios.ts";
import { type Contestant, type Cost, costOf, takeTurns } from "./turns.ts";

const HELLO = { writes: [SMALL_HEAD], depth: 1, connections: 64, security: "none" } as const;
const COUNTS = [1, 2] as const;
const KINDS: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  "barewire, cluster": ["workers", "cluster"],
  "barewire, reusePort": ["workers", "reusePort"],
  "node-http, cluster": ["node-http-workers"],
};
const COLUMNS = ["per s, 1", "per s, 2", "growth", "µs, 1", "µs, 2"];

/** Requests a second and CPU time by the number of workers. */
export async function growWithWorkers(effort: Effort): Promise<Answer> {
  const cores = coresForWorkers();
  const contestants: Contestant[] = [];
  const pids = new Map<Program, readonly number[]>();
  for (const [kind, [name, ...args]] of Object.entries(KINDS)) {
    for (const count of COUNTS) {
      const program = await start(name, [String(count), ...args], cores);
      if (args[0] !== undefined && (await program.ask("shares-as-told")) === 0) {
        await program.stop();
        lost(kind, `Node ${process.version} or this system has none`);
        continue;
      }
      const processes = [program.pid];
      for (let i = 1; i <= count; i++) processes.push(await program.ask(`pid-${i}`));
      pids.set(program, processes);
      contestants.push({ name: `${kind} ${count}`, program });
    }
  }
  const measure = ({ program }: Contestant, seconds: number): Promise<Cost> => {
    const load = (): Promise<number> =>
      loadFor({ ...HELLO, port: program.port }, seconds, effort.load);
    return costOf(pids.get(program) ?? [], seconds, load);
  };
  const costs = await takeTurns(contestants, measure, effort);
  const where = cores.includes(LOAD_CORE)
    ? `the load shares the ${cores.length} cores with them`
    : `${cores.length} cores, the load on another`;
  return {
    title: `Requests a second and CPU time per request by workers, ${where} (median of ${effort.rounds} rounds)`,
    columns: COLUMNS,
    rows: Object.keys(KINDS)
      .filter((kind) => costs.has(`${kind} 1`))
      .map((kind) => rowOf(kind, costs)),
  };
}

/** All but the core of the load, where that leaves as many as there are workers. */
function coresForWorkers(): number[] {
  const all = cpus().map((_, core) => core);
  const free = all.filter((core) => core !== LOAD_CORE);
  return free.length < Math.max(...COUNTS) ? all : free;
}

function rowOf(kind: string, costs: ReadonlyMap<string, readonly Cost[]>): AnswerRow {
  const of = (count: number, figure: (cost: Cost) => number): number =>
    median((costs.get(`${kind} ${count}`) ?? []).map(figure));
  const [one, two] = COUNTS.map((count) => of(count, ({ rate }) => rate));
  const [cheap, dear] = COUNTS.map((count) => of(count, ({ user, sys }) => user + sys));
  const figures = [one, two, (two ?? NaN) / (one ?? NaN), cheap, dear];
  return {
    name: kind,
    figures: Object.fromEntries(COLUMNS.map((column, i) => [column, figures[i] ?? NaN])),
  };
}

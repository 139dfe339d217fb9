/**
 * The question of growth: does a request cost more when there are more connections, more routes, longer heads
 * or more workers?
 * MAINPATH §5
 *
 * Rule of this file: only one number differs between two columns. With 10,000 connections as with 10, ten requests
 * are under way at any time, and the connections take turns.
 */
import { type Answer, type AnswerRow, type Effort, measured, type Question } from "./answer.ts";
import { median, type Program, SERVER_CORE, start } from "./kit.ts";
import { loadFor, startLoad } from "./load.ts";
import { askParsers } from "./parse.ts";
import { growWithWorkers } from "./scale-workers.ts";
import { routeWrites, SMALL_HEAD } from "./scenarios.ts";
import { type Contestant, type Cost, costOf, countedCost, takeTurns } from "./turns.ts";

const PROGRAMS = ["barewire", "floor", "node-http"] as const;
const HELLO = { writes: [SMALL_HEAD], depth: 1, connections: 64, security: "none" } as const;
const UNDER_WAY = 10;
const CONNECTIONS: readonly number[] = [10, 10_000];
const ROUTES: readonly number[] = [10, 10_000];
const PARSERS = ["barewire", "http-parser-js", "llhttp"] as const;

export const SCALE: Question = {
  name: "scale",
  parts: ["connections", "routes", "heads", "workers"],
  ask: (part, effort) => {
    if (part === "connections") return growWithConnections(effort);
    if (part === "workers") return growWithWorkers(effort);
    return part === "routes" ? growWithRoutes(effort) : growWithHeads(effort);
  },
};

async function growWithConnections(effort: Effort): Promise<Answer> {
  const contestants: Contestant[] = [];
  for (const name of PROGRAMS) {
    for (const connections of CONNECTIONS) {
      const program = await start(name, ["hello"], SERVER_CORE);
      const target = { ...HELLO, port: program.port, connections };
      const load = await startLoad(target, { underWay: UNDER_WAY });
      contestants.push({ name: `${name} ${connections}`, program, load });
    }
  }
  const costs = await takeTurns(contestants, countedCost, effort);
  return {
    title: `CPU time per request by connections, ${UNDER_WAY} under way (µs, median of ${effort.rounds} rounds)`,
    columns: [...CONNECTIONS.map(String), "growth"],
    rows: PROGRAMS.map((name) => grown(name, CONNECTIONS, costs)),
  };
}

async function growWithRoutes(effort: Effort): Promise<Answer> {
  const contestants: Contestant[] = [];
  const writes = new Map<Program, readonly string[]>();
  for (const routes of ROUTES) {
    const program = await start("barewire", [`mux-${routes}`], SERVER_CORE);
    writes.set(program, routeWrites(routes));
    contestants.push({ name: `barewire ${routes}`, program });
  }
  const measure = ({ program }: Contestant, seconds: number): Promise<Cost> => {
    const target = { ...HELLO, port: program.port, writes: writes.get(program) ?? [] };
    return costOf(program.pid, seconds, () => loadFor(target, seconds, effort.load));
  };
  const costs = await takeTurns(contestants, measure, effort);
  return {
    title: `CPU time per request by routes (µs, median of ${effort.rounds} rounds)`,
    columns: [...ROUTES.map(String), "growth"],
    rows: [grown("barewire", ROUTES, costs)],
  };
}

async function growWithHeads(effort: Effort): Promise<Answer> {
  const bytes = { "1KiB": 1024, "60KiB": 60 * 1024 } as const;
  const sizes = ["1KiB", "60KiB"] as const;
  const figures = await askParsers(PARSERS, sizes, effort);
  return {
    title: `CPU time per octet of a head by its length (ns, median of ${effort.rounds} rounds)`,
    columns: [...sizes, "growth"],
    rows: measured(
      PARSERS.map((name) => {
        const totals = sizes.map((size) => median(figures(name, size)) / bytes[size]);
        return growth(name, sizes, totals);
      }),
    ),
  };
}

function grown(
  name: string,
  numbers: readonly number[],
  costs: ReadonlyMap<string, readonly Cost[]>,
): AnswerRow {
  const totals = numbers.map((number) =>
    median((costs.get(`${name} ${number}`) ?? []).map(({ user, sys }) => user + sys)),
  );
  return growth(name, numbers.map(String), totals);
}

function growth(name: string, columns: readonly string[], totals: readonly number[]): AnswerRow {
  const [few = Number.NaN, many = Number.NaN] = totals;
  const byColumn = Object.fromEntries(columns.map((column, i) => [column, totals[i] ?? NaN]));
  return { name, figures: { ...byColumn, growth: many / few } };
}

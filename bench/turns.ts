/**
 * Programs that are measured side by side: each in its turn, round after round, and the middle of the rounds.
 * MAINPATH §5
 *
 * Rule of this file: they run in the same minutes, so that what the machine does besides hits all of them. A
 * cost is CPU time of the process, divided by what it has done in it.
 */
import type { Answer, Effort } from "./answer.ts";
import { type CpuTime, type Program, cpuTime, median } from "./kit.ts";

/** CPU time in µs for one piece of work, and what else was seen. */
export interface Cost {
  readonly user: number;
  readonly sys: number;
  /** Pieces of work a second: what one core does, when the load leaves it no rest. */
  readonly rate: number;
  /** Latency in µs while the load was light. */
  readonly p50?: number;
  readonly p99?: number;
}

/** One that takes part: a program that runs, by the name that the table gives it. */
export interface Contestant {
  readonly name: string;
  readonly program: Program;
  /** A load of its own, where it keeps one from round to round. */
  readonly load?: Program;
}

/** Loads a contestant for some seconds and says what one piece of work has cost its program. */
export type Measure = (contestant: Contestant, seconds: number) => Promise<Cost>;

/** The costs of each, one a round; a turn that is not counted comes first, so that all are warm. Stops them all. */
export async function takeTurns(
  contestants: readonly Contestant[],
  measure: Measure,
  { rounds, seconds }: Effort,
): Promise<Map<string, Cost[]>> {
  const costs = new Map<string, Cost[]>(contestants.map(({ name }) => [name, []]));
  for (const contestant of contestants) await measure(contestant, 1);
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      costs.get(contestant.name)?.push(await measure(contestant, seconds));
    }
  }
  for (const { program, load } of contestants) {
    // A load complains when its server goes first.
    await load?.stop();
    await program.stop();
  }
  return costs;
}

/**
 * What a process, or several, has used while `work` was done, for each piece of it. `work` takes about `seconds`
 * and some time to begin and to end; it answers how many pieces there were.
 */
export async function costOf(
  pid: number | readonly number[],
  seconds: number,
  work: () => Promise<number>,
): Promise<Cost> {
  const before = cpuTimeOf(pid);
  const pieces = await work();
  const after = cpuTimeOf(pid);
  if (pieces === 0) throw new Error("nothing was done, so it has no cost");
  return {
    user: (after.user - before.user) / pieces,
    sys: (after.sys - before.sys) / pieces,
    rate: pieces / seconds,
  };
}

/** The same for a contestant whose load, or who itself, counts what it does between a start and a stop. */
export function countedCost({ program, load }: Contestant, seconds: number): Promise<Cost> {
  const counting = load ?? program;
  return costOf(program.pid, seconds, async () => {
    const before = await counting.ask("count");
    await counting.ask("start");
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return (await counting.ask("stop", 60_000)) - before;
  });
}

/** The medians of all, and the ratios to those of `peers` that have taken part. */
export function compare(
  title: string,
  costs: ReadonlyMap<string, readonly Cost[]>,
  peers: readonly string[],
): Answer {
  const totals = new Map([...costs].map(([name, c]) => [name, median(c.map(total))]));
  const there = peers.filter((peer) => totals.has(peer));
  const withLatency = [...costs.values()].some((rounds) => rounds[0]?.p50 !== undefined);
  const ratios = there.map((peer) => `to ${peer}`);
  const latencies = withLatency ? ["p50 µs", "p99 µs"] : [];
  return {
    title,
    columns: ["user", "sys", "total", ...ratios, "per s", ...latencies],
    rows: [...costs].map(([name, rounds]) => {
      const figures: Record<string, number> = {
        user: median(rounds.map(({ user }) => user)),
        sys: median(rounds.map(({ sys }) => sys)),
        total: totals.get(name) ?? Number.NaN,
        "per s": median(rounds.map(({ rate }) => rate)),
      };
      for (const peer of there) {
        figures[`to ${peer}`] = (totals.get(name) ?? Number.NaN) / (totals.get(peer) ?? Number.NaN);
      }
      if (withLatency) {
        figures["p50 µs"] = median(rounds.map(({ p50 }) => p50 ?? Number.NaN));
        figures["p99 µs"] = median(rounds.map(({ p99 }) => p99 ?? Number.NaN));
      }
      return { name, figures };
    }),
  };
}

function cpuTimeOf(pid: number | readonly number[]): CpuTime {
  const times = [pid].flat().map(cpuTime);
  return {
    user: times.reduce((sum, { user }) => sum + user, 0),
    sys: times.reduce((sum, { sys }) => sum + sys, 0),
  };
}

function total({ user, sys }: Cost): number {
  return user + sys;
}

/**
 * The question of speed: how much CPU time does one request cost, ours beside the floor, node:http, Bun, Deno
 * and Go?
 * MAINPATH §1, §5
 *
 * Rule of this file: which programs run, and in which order. The load is load.ts, what it plays scenarios.ts.
 */
import type { Answer, Effort, Question } from "./answer.ts";
import type { Program } from "./kit.ts";
import { SERVER_CORE, start, startForeign } from "./kit.ts";
import { latency, loadFor } from "./load.ts";
import { goCommand, runtimeCommand } from "./peers.ts";
import { type Peer, SCENARIOS, type Scenario } from "./scenarios.ts";
import { compare, type Contestant, type Cost, costOf, takeTurns } from "./turns.ts";

/** One scenario a part. */
export const SERVER: Question = {
  name: "server",
  parts: Object.keys(SCENARIOS),
  ask: measureServer,
};

async function measureServer(part: string, effort: Effort): Promise<Answer> {
  const scenario = SCENARIOS[part];
  if (scenario === undefined) throw new Error(`no scenario: ${part}`);
  const contestants: Contestant[] = [
    { name: "barewire", program: await startOurs(scenario, scenario.handler) },
  ];
  for (const name of scenario.against) {
    const program = await startPeer(name, scenario);
    if (program !== undefined) contestants.push({ name, program });
  }
  const measure = async ({ program }: Contestant, seconds: number): Promise<Cost> => {
    const { port, pid } = program;
    const cost = await costOf(pid, seconds, () =>
      loadFor({ ...scenario, port }, seconds, effort.load),
    );
    return { ...cost, ...(await latency({ ...scenario, port }, Math.min(seconds, 2))) };
  };
  const costs = await takeTurns(contestants, measure, effort);
  const title = `CPU time per request, ${part}: ${scenario.words} (µs, median of ${effort.rounds} rounds)`;
  return compare(title, costs, scenario.against);
}

function startOurs(scenario: Scenario, handler: string): Promise<Program> {
  return start("barewire", [handler, scenario.security], SERVER_CORE);
}

/** Undefined for those who cannot be had, which has been said then. */
function startPeer(peer: Peer, scenario: Scenario): Promise<Program> | undefined {
  switch (peer) {
    case "hello":
      return startOurs(scenario, "hello");
    case "floor":
    case "bare-tls":
      return start(peer, [scenario.handler, String(scenario.depth)], SERVER_CORE);
    case "node-http":
      return start(peer, [scenario.handler, scenario.security], SERVER_CORE);
    case "bun":
    case "deno": {
      const command = runtimeCommand(peer);
      if (command === undefined) return undefined;
      const file = `bench/programs/peers/${peer}.ts`;
      return startForeign([...command, file, scenario.handler], SERVER_CORE);
    }
    case "go": {
      const command = goCommand("server");
      if (command === undefined) return undefined;
      return startForeign([...command, scenario.handler], SERVER_CORE);
    }
  }
}

/**
 * `npm run bench`: chooses the questions, asks them, keeps the answers, and judges them by the
 * bars.
 *
 *   npm run bench -- [server [hello|browser-head|pipelined|async]] [client] [memory] [fairness]
 *                    [--rounds N] [--seconds N] [--bars] [--json FILE] [--readme]
 *
 * Rule of this file: it needs Linux, two cores, taskset and wrk, and a built dist; without a
 * question it asks all of them. With --bars it ends with 1 when a bar is missed.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ClientRow, measureClient } from "./client.ts";
import { type FairnessRow, measureFairness } from "./fairness.ts";
import { machine, stopAll } from "./kit.ts";
import { type MemoryRow, measureMemory } from "./memory.ts";
import { writeReadme } from "./readme.ts";
import { measureServer, SCENARIOS, type Scenario, type ServerRow } from "./server.ts";

/** What was measured; a question that was not asked is missing. */
interface Results {
  readonly machine: string;
  readonly server: Partial<Record<Scenario, ServerRow[]>>;
  client?: ClientRow[];
  memory?: MemoryRow[];
  fairness?: FairnessRow[];
}

/** A bar: the figure, what it may be at most, and its unit. */
interface Bar {
  readonly name: string;
  readonly figure: number | undefined;
  readonly most: number;
  readonly unit: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    bars: { type: "boolean", default: false },
    json: { type: "string" },
    readme: { type: "boolean", default: false },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const unknown = positionals.filter((word) => !isQuestion(word));
  if (unknown.length > 0) {
    console.error(
      `not a question: ${unknown.join(", ")} (server, client, memory, fairness, a scenario)`,
    );
    return 2;
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stopAll().finally(() => process.exit(1)));
  }
  const results: Results = { machine: machine(), server: {} };
  console.log(results.machine);
  try {
    await ask(results);
  } finally {
    await stopAll();
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  if (values.readme) writeReadme(results);
  return values.bars ? judge(results) : 0;
}

async function ask(results: Results): Promise<void> {
  const all = positionals.length === 0;
  const chosen = SCENARIOS.filter((scenario) => positionals.includes(scenario));
  const effort = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
  if (all || chosen.length > 0 || positionals.includes("server")) {
    for (const scenario of chosen.length > 0 ? chosen : SCENARIOS) {
      results.server[scenario] = await measureServer(scenario, effort);
    }
  }
  if (all || positionals.includes("client")) results.client = await measureClient(effort);
  if (all || positionals.includes("memory")) {
    results.memory = await measureMemory(Math.min(effort.rounds, 3));
  }
  if (all || positionals.includes("fairness")) results.fairness = await measureFairness();
}

/** Compares what was measured with the bars; a bar whose question was not asked is passed over. */
function judge(results: Results): number {
  const ours = (scenario: Scenario): ServerRow | undefined =>
    results.server[scenario]?.find((row) => row.program === "barewire");
  const asks = (program: string): ClientRow | undefined =>
    results.client?.find((row) => row.program === program);
  const idle = results.memory?.find((row) => row.program === "barewire");
  const late = results.fairness?.map((row) => row.worstDelayMs);
  const bars: readonly Bar[] = [
    { name: "hello", figure: ours("hello")?.toFloor, most: 1.35, unit: "× floor" },
    { name: "pipelined", figure: ours("pipelined")?.toNodeHttp, most: 0.1, unit: "× node:http" },
    { name: "client GET", figure: asks("barewire")?.to["undici"], most: 0.75, unit: "× undici" },
    {
      name: "client GET",
      figure: asks("barewire")?.to["node-http"],
      most: 0.45,
      unit: "× node:http",
    },
    { name: "fetch", figure: asks("barewire-fetch")?.to["node-fetch"], most: 0.3, unit: "× fetch" },
    { name: "idle connection", figure: idle?.kibPerConnection, most: 8, unit: "KiB" },
    { name: "fairness", figure: late && Math.max(...late), most: 50, unit: "ms" },
  ];
  console.log("\nBars");
  let missed = 0;
  for (const { name, figure, most, unit } of bars) {
    if (figure === undefined) continue;
    if (!(figure <= most)) missed++;
    const verdict = figure <= most ? "pass" : "FAIL";
    console.log(`  ${verdict}  ${name}: ${figure.toFixed(3)} ${unit} (at most ${most})`);
  }
  return missed === 0 ? 0 : 1;
}

function isQuestion(word: string): boolean {
  const questions: readonly string[] = ["server", "client", "memory", "fairness", ...SCENARIOS];
  return questions.includes(word);
}

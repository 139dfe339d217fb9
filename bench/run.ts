/**
 * `npm run bench`: chooses the questions, asks them, keeps the answers, and judges them by the
 * bars. `npm run bench -- --help` says how.
 *
 * Rule of this file: it needs Linux, two cores and taskset. It builds first, so that what is measured is what is
 * there. Without a question it asks all of them. It ends with 1 when one failed, and with --bars when a bar is
 * missed.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { printAnswer, type Effort, type Question } from "./answer.ts";
import { judge } from "./bars.ts";
import { BODY } from "./body.ts";
import { writeChart } from "./chart.ts";
import { CLIENT } from "./client.ts";
import { FAIRNESS } from "./fairness.ts";
import { ROOT, stopAll } from "./kit.ts";
import { chooseLoad } from "./load.ts";
import { MEMORY } from "./memory.ts";
import { PARSE } from "./parse.ts";
import { writeReadme } from "./readme.ts";
import { keep, lookUp, newResults, readResults, writeJson, writeMarkdown } from "./results.ts";
import type { Results } from "./results.ts";
import { ROUTE } from "./route.ts";
import { SCALE } from "./scale.ts";
import { SERVER } from "./server.ts";
import { START } from "./start.ts";

/** In the order in which they are asked. */
const QUESTIONS: readonly Question[] = [
  SERVER,
  CLIENT,
  PARSE,
  BODY,
  MEMORY,
  START,
  SCALE,
  ROUTE,
  FAIRNESS,
];

const HELP = `npm run bench -- [QUESTION | PART]... [FLAG]...

${QUESTIONS.map(({ name, parts }) => `  ${name.padEnd(10)}${parts.join(", ")}`).join("\n")}

  --rounds N       how often each is measured; the middle one counts (5)
  --seconds N      of load in a round (3)
  --connections N  idle ones, in the question of memory (3000)
  --load own       load with our own program although wrk is there
  --as-built       measure dist as it is, without building
  --from FILE      begin with what an earlier run has kept; with no question, ask nothing
  --json FILE      keep everything in a file
  --results        write bench/RESULTS.md
  --chart          write docs/bench.svg
  --readme         write the table of the README
  --bars           judge by the bars, and end with 1 when one is missed
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    connections: { type: "string", default: "3000" },
    load: { type: "string" },
    "as-built": { type: "boolean", default: false },
    from: { type: "string" },
    json: { type: "string" },
    results: { type: "boolean", default: false },
    chart: { type: "boolean", default: false },
    readme: { type: "boolean", default: false },
    bars: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.filter((word) => !QUESTIONS.some((q) => partsAsked(q, [word])));
  const numbers = [values.rounds, values.seconds, values.connections].map(Number);
  if (unknown.length > 0 || !numbers.every((n) => Number.isInteger(n) && n > 0)) {
    console.error(`${unknown.join(", ") || "a number"} is not what can be asked\n\n${HELP}`);
    return 2;
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stopAll().finally(() => process.exit(1)));
  }
  const [rounds = 5, seconds = 3, connections = 3000] = numbers;
  const effort: Effort = { rounds, seconds, connections, load: chooseLoad(values.load) };
  const results = values.from === undefined ? newResults(effort) : readResults(values.from);
  console.log(results.machine);
  const asks = values.from === undefined || positionals.length > 0;
  const failed = asks ? await askAll(results, effort) : 0;
  return Math.max(tell(results), failed > 0 ? 1 : 0);
}

/** Answers how many parts have failed: one that does must not take the others with it. */
async function askAll(results: Results, effort: Effort): Promise<number> {
  if (!values["as-built"]) {
    const { buildDist } = await import("../scripts/build.ts");
    await buildDist();
  }
  const { date, machine } = newResults(effort);
  Object.assign(results, { date, machine, effort });
  let failed = 0;
  for (const question of QUESTIONS) {
    for (const part of partsAsked(question, positionals) ?? []) {
      const name = `${question.name}/${part}`;
      try {
        const answer = await question.ask(part, effort);
        printAnswer(answer);
        keep(results, name, answer);
      } catch (error) {
        failed++;
        console.error(`\nfailed: ${name}:`, error);
      } finally {
        await stopAll();
      }
      // After each, because a full run takes long and may be cut short.
      if (values.json !== undefined) writeJson(results, values.json);
    }
  }
  return failed;
}

/**
 * The parts of a question that these words ask for; undefined when they do not ask for it. A part that several
 * questions have is meant of those that are named, and of all when none of them is.
 */
function partsAsked(question: Question, words: readonly string[]): string[] | undefined {
  if (words.length === 0) return [...question.parts];
  const isNamed = ({ name }: Question): boolean => words.includes(name);
  const named = words.filter((word) => {
    const owners = QUESTIONS.filter(({ parts }) => parts.includes(word));
    return owners.includes(question) && (isNamed(question) || !owners.some(isNamed));
  });
  if (named.length > 0) return question.parts.filter((part) => named.includes(part));
  return isNamed(question) ? [...question.parts] : undefined;
}

function tell(results: Results): number {
  const at = lookUp(results);
  const where = `${results.machine}, ${results.date}`;
  if (values.results) writeMarkdown(results);
  if (values.chart) writeChart(at, where);
  if (values.readme) writeReadme(at, where);
  if (values.results || values.readme) format();
  return values.bars && judge(at) > 0 ? 1 : 0;
}

/** What was written is held to the same form as every page. */
function format(): void {
  const args = ["biome", "format", "--write", "README.md", "bench/RESULTS.md"];
  const { status, stderr } = spawnSync("npx", args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) console.error(`not formatted: ${stderr.trim()}`);
}

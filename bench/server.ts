/**
 * The question of speed: how much CPU time does one request cost, ours beside the floor and
 * node:http?
 * MAINPATH §1, §5
 *
 * Rule of this file: the programs run in the same minutes and take turns, so that what the machine
 * does besides hits all of them; the figure of each is the median of the rounds.
 */
import type { CpuTime, Program } from "./kit.ts";
import { cpuTime, LOAD_CORE, median, printTable, runLoad, SERVER_CORE, start } from "./kit.ts";

/** What the load looks like; see `LOADS`. */
export type Scenario = "hello" | "browser-head" | "pipelined" | "async";

/** CPU time per request in µs, and how it compares. */
export interface ServerRow {
  readonly program: string;
  readonly user: number;
  readonly sys: number;
  readonly total: number;
  readonly toFloor: number;
  readonly toNodeHttp: number;
}

/** How often and how long: rounds, and seconds of load a round. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
}

/** The request fields of a browser, 757 bytes of head with the request line and wrk's Host. */
const BROWSER_FIELDS: readonly string[] = [
  "Connection: keep-alive",
  "Cache-Control: max-age=0",
  'sec-ch-ua: "Chromium";v="142", "Not_A Brand";v="99"',
  "sec-ch-ua-mobile: ?0",
  'sec-ch-ua-platform: "Linux"',
  "Upgrade-Insecure-Requests: 1",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
    "Chrome/142.0.0.0 Safari/537.36",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "Sec-Fetch-Site: none",
  "Sec-Fetch-Mode: navigate",
  "Sec-Fetch-User: ?1",
  "Sec-Fetch-Dest: document",
  "Referer: https://www.example.com/articles/2026/on-the-wire/en",
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Accept-Language: en-GB,en;q=0.9,de;q=0.8",
  "Cookie: session=6f1c2b7e9a4d4d0f8b3e5a7c9d1e2f30; theme=dark; consent=necessary",
];

/** Arguments of wrk for each scenario, besides connections and time. */
const LOADS: Readonly<Record<Scenario, readonly string[]>> = {
  hello: [],
  async: [],
  "browser-head": BROWSER_FIELDS.flatMap((field) => ["-H", field]),
  pipelined: ["-s", "bench/pipeline.lua"],
};

/** All scenarios, in the order in which they are measured. */
export const SCENARIOS: readonly Scenario[] = ["hello", "browser-head", "pipelined", "async"];

const PROGRAMS = ["floor", "barewire", "node-http"] as const;

/** Measures one scenario and prints its table. */
export async function measureServer(scenario: Scenario, effort: Effort): Promise<ServerRow[]> {
  const programs = new Map<string, Program>();
  const costs = new Map<string, CpuTime[]>();
  for (const name of PROGRAMS) {
    programs.set(name, await start(name, [scenario], SERVER_CORE));
    costs.set(name, []);
  }
  for (const program of programs.values()) await costOf(program, scenario, 1); // warms up
  for (let round = 0; round < effort.rounds; round++) {
    for (const [name, program] of programs) {
      costs.get(name)?.push(await costOf(program, scenario, effort.seconds));
    }
  }
  for (const program of programs.values()) await program.stop();
  const rows = compare(costs);
  printTable(`CPU time per request, ${scenario} (µs, median of ${effort.rounds} rounds)`, [
    ["", "user", "sys", "total", "to floor", "to node:http"],
    ...rows.map((r) => [
      r.program,
      r.user.toFixed(2),
      r.sys.toFixed(2),
      r.total.toFixed(2),
      r.toFloor.toFixed(2),
      r.toNodeHttp.toFixed(2),
    ]),
  ]);
  return rows;
}

/** CPU time of one request, in µs: what the process used divided by what wrk says it did. */
async function costOf(program: Program, scenario: Scenario, seconds: number): Promise<CpuTime> {
  const url = `http://127.0.0.1:${program.port}/`;
  const wrk = ["wrk", "-t1", "-c64", `-d${seconds}s`, ...LOADS[scenario], url];
  const before = cpuTime(program.pid);
  const printed = await runLoad(wrk, (seconds + 10) * 1000);
  const after = cpuTime(program.pid);
  if (/Socket errors|Non-2xx/.test(printed)) throw new Error(`wrk saw errors:\n${printed}`);
  const requests = Number(/(\d+) requests in/.exec(printed)?.[1] ?? 0);
  if (requests === 0) throw new Error(`wrk did no requests on core ${LOAD_CORE}:\n${printed}`);
  return {
    user: (after.user - before.user) / requests,
    sys: (after.sys - before.sys) / requests,
  };
}

function compare(costs: ReadonlyMap<string, readonly CpuTime[]>): ServerRow[] {
  const totals = new Map<string, number>();
  for (const [name, rounds] of costs) totals.set(name, median(rounds.map((c) => c.user + c.sys)));
  return [...costs].map(([program, rounds]) => {
    const total = totals.get(program) ?? Number.NaN;
    return {
      program,
      user: median(rounds.map((c) => c.user)),
      sys: median(rounds.map((c) => c.sys)),
      total,
      toFloor: total / (totals.get("floor") ?? Number.NaN),
      toNodeHttp: total / (totals.get("node-http") ?? Number.NaN),
    };
  });
}

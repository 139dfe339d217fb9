/**
 * Judges a server by the cases of lib/conformance and prints what was found.
 *
 * Rule of this file: arguments in, the library's report out. The command line tool takes its place.
 *
 *   node --import ./scripts/ts-hook.mjs scripts/probe.ts HOST:PORT [options]   (--help lists them)
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  ConformanceError,
  type Contract,
  consoleReport,
  diffRuns,
  escapeText,
  jsonReport,
  junitReport,
  type Level,
  parseExpectations,
  parseReport,
  type RunReport,
  runServerCases,
  SERVER_CASES,
  selectCases,
  tapReport,
  type Verbosity,
} from "../lib/conformance/mod.ts";

const HELP = `probe HOST:PORT [options]    only against servers that you may test
  --list               the cases that would run, and nothing else
  --only ID,…          cases whose id continues this: 9112-6.3, 9112-6.3-10/letter
  --section S,…        sections: 6.3, 9112-6.3      --level MUST,…      --topic host,…
  --contract N         0, 1 or 2; found out when absent
  --authority HOST     what Host says                --tls               with any certificate
  --strict             violations of a SHOULD count  --timeout MS        for each wait
  --jobs N             cases at a time               --repeats N         of a failing case
  --expect FILE        known failures                --baseline FILE     an earlier --json
  --json FILE  --junit FILE  --tap FILE  --save-wire DIR  --name NAME
  -q  -v               failures only; every case
exit code: 0 no failures, 1 failures, 2 usage, 3 cannot connect`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    only: { type: "string" },
    section: { type: "string" },
    level: { type: "string" },
    topic: { type: "string" },
    contract: { type: "string" },
    authority: { type: "string" },
    tls: { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
    timeout: { type: "string" },
    jobs: { type: "string" },
    repeats: { type: "string" },
    expect: { type: "string" },
    baseline: { type: "string" },
    json: { type: "string" },
    junit: { type: "string" },
    tap: { type: "string" },
    "save-wire": { type: "string" },
    name: { type: "string" },
    quiet: { type: "boolean", short: "q", default: false },
    verbose: { type: "boolean", short: "v", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const cases = selectCases(SERVER_CASES, {
  only: options.only?.split(","),
  sections: options.section?.split(","),
  levels: options.level?.split(",") as Level[] | undefined,
  topics: options.topic?.split(","),
});
const target = /^(?:\[([^\]]+)\]|([^:]+)):([0-9]{1,5})$/.exec(positionals[0] ?? "");

if (options.help) {
  console.log(HELP);
} else if (options.list) {
  for (const { id, level, contract, title } of cases) {
    console.log(`${id}  ${level}  contract ${contract}  ${title}`);
  }
} else if (target === null) {
  console.log(HELP);
  process.exitCode = 2;
} else {
  await probe(target[1] ?? target[2] ?? "", count(target[3]) ?? 0);
}

async function probe(host: string, port: number): Promise<void> {
  const { authority, name, tls, expect } = options;
  try {
    const report = await runServerCases(
      cases,
      { host, port, authority, name, tls: tls ? "accept-any" : undefined },
      {
        contract: count(options.contract) as Contract | undefined,
        stepTimeoutMs: count(options.timeout),
        concurrency: count(options.jobs),
        repeats: count(options.repeats),
        strictness: options.strict ? "should" : "must",
        keepWire: options["save-wire"] === undefined ? "failures" : "all",
        expectations:
          expect === undefined ? undefined : parseExpectations(readFileSync(expect, "utf8")),
      },
    );
    tell(report);
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    console.log(error.message);
    process.exitCode = error.code.startsWith("peer-") ? 3 : 2;
  }
}

function tell(report: RunReport): void {
  const verbosity: Verbosity = options.quiet ? "quiet" : options.verbose ? "verbose" : "normal";
  for (const { text } of consoleReport(report, verbosity)) console.log(text);
  if (options.json !== undefined) writeFileSync(options.json, jsonReport(report));
  if (options.junit !== undefined) writeFileSync(options.junit, junitReport(report));
  if (options.tap !== undefined) writeFileSync(options.tap, tapReport(report));
  if (options["save-wire"] !== undefined) saveWire(options["save-wire"], report);
  let failed = report.failures > 0;
  if (options.baseline !== undefined) {
    const diff = diffRuns(parseReport(readFileSync(options.baseline, "utf8")), report);
    for (const id of diff.newFailures) console.log(`  new failure: ${id}`);
    for (const id of diff.fixed) console.log(`  fixed: ${id}`);
    for (const { id, before, after } of diff.changed) console.log(`  ${id}: ${before} → ${after}`);
    failed = diff.newFailures.length > 0;
  }
  process.exitCode = failed ? 1 : 0;
}

/** One file for each case: time, direction, octets with escapes. */
function saveWire(folder: string, report: RunReport): void {
  mkdirSync(folder, { recursive: true });
  for (const { id, wire = [] } of report.results) {
    const lines = wire.map(({ at, connection, direction, data, octets }) => {
      const mark = { sent: ">", received: "<", event: "*" }[direction];
      const cut = octets === undefined ? "" : ` (${octets} octets)`;
      return `${`${at}`.padStart(6)} ms  #${connection} ${mark} ${escapeText(data, 8192)}${cut}`;
    });
    writeFileSync(join(folder, `${id.replaceAll("/", "_")}.txt`), `${lines.join("\n")}\n`);
  }
}

function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,7}$/.test(text)) throw new Error(`no number: ${text}`);
  return Number(text);
}

/**
 * What `probe` and `script` share: which cases, which reports, and the exit code.
 *
 * Rule of this file: flags in, the library's reports out.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CaseResult,
  ConformanceError,
  consoleReport,
  diffRuns,
  escapeText,
  htmlReport,
  type Expectations,
  jsonReport,
  junitReport,
  parseExpectations,
  parseReport,
  type RunOptions,
  type RunReport,
  type Selection,
  tapReport,
  type Verbosity,
} from "../conformance/mod.ts";
import { paintFor } from "./colour.ts";
import { oneOf, type ParsedFlags, wholeNumber } from "./flags.ts";
import { Exit, type Io } from "./io.ts";

/** The flags that both have. */
export const REPORT_FLAGS = {
  list: { type: "boolean", default: false },
  only: { type: "string" },
  section: { type: "string" },
  level: { type: "string" },
  topic: { type: "string" },
  strict: { type: "boolean", default: false },
  timeout: { type: "string" },
  jobs: { type: "string" },
  repeats: { type: "string" },
  expect: { type: "string" },
  baseline: { type: "string" },
  json: { type: "string" },
  junit: { type: "string" },
  tap: { type: "string" },
  html: { type: "string" },
  "save-wire": { type: "string" },
  name: { type: "string" },
  quiet: { type: "boolean", short: "q", default: false },
  verbose: { type: "boolean", short: "v", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export const REPORT_HELP = `      --list               the cases that would run, and nothing else
      --only ID,…          cases whose id continues this: 9112-6.3, 9112-6.3-10/letter
      --section S,…        --level MUST,SHOULD,MAY      --topic host,…
      --strict             violations of a SHOULD count
      --timeout MS         for each wait        --jobs N   cases at a time
      --repeats N          of a failing case
      --expect FILE        known failures       --baseline FILE   an earlier --json
      --json FILE  --junit FILE  --tap FILE  --html FILE  --save-wire DIR  --name NAME
  -q, --quiet              failures only        -v, --verbose     every case`;

export type ReportValues = ParsedFlags<typeof REPORT_FLAGS>["values"];

/** Which cases are meant. */
export function selectionOf(values: ReportValues): Selection {
  return {
    only: values.only?.split(","),
    sections: values.section?.split(","),
    levels: values.level?.split(",").map((one) => oneOf("--level", one, ["MUST", "SHOULD", "MAY"])),
    topics: values.topic?.split(","),
  };
}

/** How they are run. On a terminal it is told how far it has come. */
export function runOptionsOf(values: ReportValues, io: Io, total: number): RunOptions {
  let done = 0;
  const onResult = ({ id }: CaseResult): void => {
    if (io.err.kind === "terminal") void io.err.write(`\r\x1b[K${++done}/${total}  ${id}`);
  };
  return {
    stepTimeoutMs: optional("--timeout", values.timeout),
    concurrency: optional("--jobs", values.jobs),
    repeats:
      values.repeats === undefined ? undefined : wholeNumber("--repeats", values.repeats, 0, 100),
    strictness: values.strict ? "should" : "must",
    keepWire: values["save-wire"] === undefined ? "failures" : "all",
    expectations: expectationsOf(values.expect),
    signal: io.signal,
    onResult,
  };
}

/** Prints the list of cases, for --list. */
export async function listCases(
  cases: readonly { readonly id: string; readonly level: string; readonly title: string }[],
  io: Io,
): Promise<number> {
  for (const { id, level, title } of cases) await io.out.write(`${id}  ${level}  ${title}\n`);
  return 0;
}

/** Prints and writes the reports; resolves to the exit code. */
export async function tellReport(report: RunReport, values: ReportValues, io: Io): Promise<number> {
  if (io.err.kind === "terminal") await io.err.write("\r\x1b[K");
  const paint = paintFor(io, io.out);
  const verbosity: Verbosity = values.quiet ? "quiet" : values.verbose ? "verbose" : "normal";
  for (const { text, verdict } of consoleReport(report, verbosity)) {
    const format = verdict === undefined ? "bold" : FORMATS[verdict];
    await io.out.write(`${paint(format, text)}\n`);
  }
  if (values.json !== undefined) writeFileSync(values.json, jsonReport(report));
  if (values.junit !== undefined) writeFileSync(values.junit, junitReport(report));
  if (values.tap !== undefined) writeFileSync(values.tap, tapReport(report));
  if (values.html !== undefined) writeFileSync(values.html, htmlReport([report]));
  if (values["save-wire"] !== undefined) saveWire(values["save-wire"], report);
  if (values.baseline === undefined) return report.failures > 0 ? 1 : 0;
  const diff = diffRuns(parseReport(read(values.baseline)), report);
  for (const id of diff.newFailures) await io.out.write(`  new failure: ${id}\n`);
  for (const id of diff.fixed) await io.out.write(`  fixed: ${id}\n`);
  for (const { id, before, after } of diff.changed) {
    await io.out.write(`  ${id}: ${before} → ${after}\n`);
  }
  return diff.newFailures.length > 0 ? 1 : 0;
}

/** What the tester throws, as an exit: 3 for a peer that cannot be reached or used, else 2. */
export function conformanceExit(error: unknown): unknown {
  if (!(error instanceof ConformanceError)) return error;
  return new Exit(error.code.startsWith("peer-") ? 3 : 2, error.message);
}

const FORMATS = {
  pass: "green",
  tolerated: "yellow",
  info: "blue",
  fail: "red",
  "not-applicable": "dim",
  flaky: "magenta",
  known: "dim",
} as const;

function optional(flag: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(flag, text, 1, 600_000);
}

function expectationsOf(file: string | undefined): Expectations | undefined {
  return file === undefined ? undefined : parseExpectations(read(file));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Exit(2, `cannot read ${file}: ${error instanceof Error ? error.message : ""}`);
  }
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

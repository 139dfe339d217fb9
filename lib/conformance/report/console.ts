/**
 * The report for people who read lines: what failed and why, and the sums.
 *
 * Rule of this file: it returns lines and writes nothing; what comes from the peer was escaped when it was put into
 * messages. Colour is the caller's: each line has the verdict it is about.
 */
import type { CaseResult, RunReport, Verdict } from "../result.ts";
import { VERDICTS } from "../result.ts";

/** A line, and the verdict that it tells of. */
export interface ConsoleLine {
  readonly text: string;
  readonly verdict?: Verdict | undefined;
}

/** "quiet": failures and the sums. "normal": all that is not a pass. "verbose": each case. */
export type Verbosity = "quiet" | "normal" | "verbose";

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: "✔",
  tolerated: "~",
  info: "i",
  fail: "✘",
  "not-applicable": "-",
  flaky: "?",
  known: "k",
};

/** The lines of a whole report. */
export function consoleReport(report: RunReport, verbosity: Verbosity = "normal"): ConsoleLine[] {
  const lines: ConsoleLine[] = [];
  let section = "";
  for (const result of report.results) {
    if (!isShown(result, verbosity)) continue;
    if (result.section !== section) {
      section = result.section;
      lines.push({ text: sectionInWords(section) });
    }
    lines.push(...resultLines(result));
  }
  return [...lines, ...summaryLines(report)];
}

/** The lines about one case, for a report that grows while the run goes on. */
export function resultLines(result: CaseResult): ConsoleLine[] {
  const { verdict, level, id, title, message, reason, counts } = result;
  const isAside = verdict === "fail" && !counts ? " (not counted)" : "";
  const lines = [{ text: `  ${MARKS[verdict]} ${id}  ${level}  ${title}${isAside}`, verdict }];
  if (message !== "" && verdict !== "pass") lines.push({ text: `      ${message}`, verdict });
  if (verdict === "known") lines.push({ text: `      known: ${reason ?? ""}`, verdict });
  return lines;
}

/** The sums, and what has to be said beside them. */
export function summaryLines(report: RunReport): ConsoleLine[] {
  const { counts, failures, results, unexpectedPasses, peer } = report;
  const sums = VERDICTS.filter((verdict) => counts[verdict] > 0).map(
    (verdict) => `${counts[verdict]} ${verdict}`,
  );
  const uncounted = results.filter((r) => r.verdict === "fail" && !r.counts).length;
  const lines: ConsoleLine[] = unexpectedPasses.map((id) => ({
    text: `  ! ${id} passes, and is listed as a known failure`,
  }));
  const beside = uncounted === 0 ? "" : `, ${uncounted} violations of a SHOULD not counted`;
  const contract = report.contract === undefined ? "" : `, contract ${report.contract}`;
  const seconds = (report.durationMs / 1000).toFixed(1);
  lines.push({
    text: `${peer.name} (${report.transport}${contract}): ${results.length} cases, ${seconds} s`,
  });
  lines.push({
    text: `${sums.join(", ")}: ${failures} ${failures === 1 ? "failure" : "failures"}${beside}`,
    verdict: failures > 0 ? "fail" : "pass",
  });
  return lines;
}

function isShown(result: CaseResult, verbosity: Verbosity): boolean {
  if (verbosity === "verbose") return true;
  if (verbosity === "quiet") return result.counts;
  return result.verdict !== "pass" && result.verdict !== "not-applicable";
}

function sectionInWords(section: string): string {
  const dash = section.indexOf("-");
  return `RFC ${section.slice(0, dash)} §${section.slice(dash + 1)}`;
}

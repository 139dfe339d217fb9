/**
 * The report as TAP version 14: one line for each case, and why not.
 *
 * Rule of this file: what does not count is told by a directive, and so leaves the run successful.
 */
import type { CaseResult, RunReport } from "../result.ts";

export function tapReport(report: RunReport): string {
  const { results } = report;
  const lines = ["TAP version 14", `1..${results.length}`, ...results.flatMap(resultLines), ""];
  return lines.join("\n");
}

function resultLines(result: CaseResult, index: number): string[] {
  const { id, title, verdict, level, message } = result;
  const isGood = ["pass", "tolerated", "info", "not-applicable"].includes(verdict);
  const line = `${isGood ? "ok" : "not ok"} ${index + 1} - ${plain(`${id} ${title}`)}${directive(result)}`;
  if (verdict === "pass") return [line];
  return [
    line,
    "  ---",
    `  verdict: ${verdict}`,
    `  level: ${level}`,
    // A JSON string is a YAML string.
    `  message: ${JSON.stringify(message)}`,
    "  ...",
  ];
}

/** TODO is TAP's own word for a failure that is known and does not count. */
function directive(result: CaseResult): string {
  const { verdict, counts, message, reason } = result;
  if (verdict === "not-applicable") return ` # SKIP ${plain(message)}`;
  if (verdict === "known") return ` # TODO ${plain(reason ?? "")}`;
  return (verdict === "fail" || verdict === "flaky") && !counts ? " # TODO a SHOULD" : "";
}

/** One line in which no # begins a directive. */
function plain(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replaceAll("#", "\\#");
}

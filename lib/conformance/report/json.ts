/**
 * The report as JSON: the run's data as it is, versioned by its member `schema`.
 *
 * Rule of this file: members in the same order each time, so that two reports can be compared as text.
 */
import type { RunReport } from "../result.ts";

/** One line for each result, so that a difference of two reports can be read. */
export function jsonReport(report: RunReport): string {
  const { results, ...head } = report;
  const lines = results.map((result) => `    ${JSON.stringify(result)}`);
  const top = JSON.stringify(head, undefined, 2).replace(/\n\}$/, "");
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `${top},\n  "results": ${list}\n}\n`;
}

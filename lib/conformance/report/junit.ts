/**
 * The report as JUnit XML, which every CI reads: a suite for each section, a test case for each case.
 *
 * Rule of this file: what counts is a failure; what does not apply, is known, or does not count is skipped, with
 * the reason.
 */
import type { CaseResult, RunReport } from "../result.ts";

export function junitReport(report: RunReport): string {
  const suites = bySection(report.results);
  const seconds = (report.durationMs / 1000).toFixed(3);
  const skipped = report.results.filter(isSkipped).length;
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  const sums = `tests="${report.results.length}" failures="${report.failures}" skipped="${skipped}"`;
  lines.push(`<testsuites name="${xml(report.peer.name)}" ${sums} time="${seconds}">`);
  for (const [section, results] of suites) lines.push(...suiteLines(section, results, report));
  lines.push("</testsuites>", "");
  return lines.join("\n");
}

function suiteLines(section: string, results: readonly CaseResult[], report: RunReport): string[] {
  const failures = results.filter(({ counts }) => counts).length;
  const sums = `tests="${results.length}" failures="${failures}" skipped="${results.filter(isSkipped).length}"`;
  const when = `timestamp="${xml(report.startedAt)}"`;
  return [
    `  <testsuite name="${xml(section)}" ${sums} ${when}>`,
    ...results.flatMap(caseLines),
    "  </testsuite>",
  ];
}

function caseLines(result: CaseResult): string[] {
  const name = `${result.id} ${result.title}`;
  const seconds = (result.durationMs / 1000).toFixed(3);
  const open = `    <testcase classname="${xml(result.section)}" name="${xml(name)}" time="${seconds}"`;
  const said = xml(result.reason ?? result.message);
  if (result.counts) {
    const type = `${result.verdict} ${result.level}`;
    return [
      `${open}>`,
      `      <failure type="${type}" message="${xml(result.message)}"/>`,
      "    </testcase>",
    ];
  }
  if (isSkipped(result)) {
    return [`${open}>`, `      <skipped message="${result.verdict}: ${said}"/>`, "    </testcase>"];
  }
  return [`${open}/>`];
}

function isSkipped(result: CaseResult): boolean {
  const { verdict, counts } = result;
  if (counts) return false;
  return (
    verdict === "not-applicable" || verdict === "known" || verdict === "fail" || verdict === "flaky"
  );
}

/** XML 1.0 has no way to write most control characters: they become U+FFFD. */
function xml(text: string): string {
  const entities = new Map([
    ["&", "&amp;"],
    ["<", "&lt;"],
    [">", "&gt;"],
    ['"', "&quot;"],
  ]);
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (char) => entities.get(char) ?? char);
}

function bySection(results: readonly CaseResult[]): Map<string, CaseResult[]> {
  const sections = new Map<string, CaseResult[]>();
  for (const result of results) {
    const section = sections.get(result.section);
    if (section === undefined) sections.set(result.section, [result]);
    else section.push(result);
  }
  return sections;
}

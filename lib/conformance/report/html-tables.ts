/**
 * The tables of the page: the sums of each implementation, and the matrix of implementations by cases.
 *
 * Rule of this file: tables with headers, which say the same without any script; a verdict is a sign, a class of
 * one letter, and its name for those who cannot see it.
 */
import type { CaseResult, RunReport, Verdict } from "../result.ts";
import type { CaseRow } from "./html-detail.ts";
import { escapeHtml } from "./html-escape.ts";

/** How a verdict is shown. A violation of a SHOULD is set apart from one of a MUST. */
interface Face {
  readonly letter: string;
  readonly sign: string;
  readonly name: string;
}

const FACES: Readonly<Record<Verdict, Face>> = {
  pass: { letter: "p", sign: "✓", name: "pass" },
  tolerated: { letter: "t", sign: "~", name: "tolerated" },
  info: { letter: "i", sign: "i", name: "info" },
  fail: { letter: "f", sign: "✘", name: "fail" },
  "not-applicable": { letter: "n", sign: "·", name: "not applicable" },
  flaky: { letter: "x", sign: "?", name: "flaky" },
  known: { letter: "k", sign: "k", name: "known failure" },
};
const SHOULD_FAIL: Face = { letter: "s", sign: "✗", name: "fail (SHOULD)" };

/** Faces with what they mean, in the order of legends and sums. */
export const LEGEND: readonly (readonly [Face, string])[] = [
  [FACES.pass, "what the RFC asks for"],
  [FACES.tolerated, "something else, and harmless"],
  [FACES.info, "a MAY that is used otherwise"],
  [FACES.fail, "a violation of a MUST"],
  [SHOULD_FAIL, "a violation of a SHOULD"],
  [FACES.flaky, "repetitions differ"],
  [FACES.known, "a failure that the expectations name"],
  [FACES["not-applicable"], "the peer does not do what it is about"],
];

/** A report, and its number among all columns of the page. */
export interface Column {
  readonly report: RunReport;
  readonly index: number;
  readonly setup: string;
  readonly results: ReadonlyMap<string, CaseResult>;
}

/** A case, and its number among all cases of the page. */
export interface Row extends CaseRow {
  readonly index: number;
}

function faceOf({ verdict, level }: CaseResult): Face {
  return verdict === "fail" && level !== "MUST" ? SHOULD_FAIL : FACES[verdict];
}

/** A row for each implementation. */
export function totalsTable(columns: readonly Column[], caption: string): string {
  const heads = LEGEND.map(
    ([{ sign, letter, name }]) =>
      `<th scope="col"><span class="sign ${letter}" aria-hidden="true">${sign}</span> ${name}</th>`,
  );
  const rows = columns.map(({ report, setup, results }) => {
    const all = [...results.values()].map(faceOf);
    const counts = LEGEND.map(([face]) => all.filter((one) => one === face).length);
    const bar = LEGEND.map(
      ([{ letter }], i) => `<i class="${letter}" style="flex:${counts[i] ?? 0}"></i>`,
    );
    const cells = counts.map((count) => `<td${count === 0 ? ' class="zero"' : ""}>${count}</td>`);
    const tls = report.transport === "tls" ? ", TLS" : "";
    const contract = report.contract === undefined ? "" : `contract ${report.contract}${tls}; `;
    const about = `<small>${escapeHtml(contract + setup)}</small>`;
    const name = `<th scope="row">${escapeHtml(report.peer.name)} ${about}</th>`;
    return `<tr>${name}<td class="bar" aria-hidden="true"><span>${bar.join("")}</span></td>${cells.join("")}<td>${results.size}</td></tr>`;
  });
  const head = `<tr><th scope="col">implementation</th><td></td>${heads.join("")}<th scope="col">cases</th></tr>`;
  return `<div class="wide"><table class="totals"><caption>${escapeHtml(caption)}</caption><thead>${head}</thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

/** A row for each case, a column for each implementation, grouped by topic. */
export function matrixTable(
  rows: readonly Row[],
  columns: readonly Column[],
  about: { readonly role: RunReport["role"]; readonly label: string },
): string {
  const heads = columns.map(
    ({ report, index }) =>
      `<th scope="col" data-p="${index}"><span>${escapeHtml(report.peer.name)}</span></th>`,
  );
  const groups = [...byTopic(rows)].map(([topic, members]) => {
    const count = `<small>${members.length} ${members.length === 1 ? "case" : "cases"}</small>`;
    const head = `<tr class="topic"><th scope="rowgroup">${escapeHtml(topic)} ${count}</th><td colspan="${columns.length}"></td></tr>`;
    const lines = members.map((row) => rowHtml(row, columns));
    return `<tbody>${head}\n${lines.join("\n")}</tbody>`;
  });
  const head = `<thead><tr><th scope="col" class="corner">case</th>${heads.join("")}</tr></thead>`;
  return `<div class="scroll"><table class="matrix" role="grid" aria-label="${escapeHtml(about.label)}" data-role="${about.role}">${head}${groups.join("\n")}</table></div>`;
}

function rowHtml({ result, index }: Row, columns: readonly Column[]): string {
  const { id, level, section, title } = result;
  const cells = columns.map(({ results }) => {
    const here = results.get(id);
    if (here === undefined) return '<td aria-label="not run"></td>';
    const { letter, sign, name } = faceOf(here);
    return `<td class="${letter}" aria-label="${name}">${sign}</td>`;
  });
  const about = `data-c="${index}" data-l="${escapeHtml(level)}" data-s="${escapeHtml(section)}" data-id="${escapeHtml(id)}"`;
  const name = `<code>${escapeHtml(id)}</code> <b>${escapeHtml(level)}</b> <span>${escapeHtml(title)}</span>`;
  return `<tr ${about}><th scope="row">${name}</th>${cells.join("")}</tr>`;
}

function byTopic(rows: readonly Row[]): Map<string, Row[]> {
  const topics = new Map<string, Row[]>();
  for (const row of rows) {
    const members = topics.get(row.result.topic);
    if (members === undefined) topics.set(row.result.topic, [row]);
    else members.push(row);
  }
  return topics;
}

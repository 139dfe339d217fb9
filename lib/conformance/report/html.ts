/**
 * Reports as one page of HTML: a matrix of implementations by cases, each cell opening what was seen on the wire.
 *
 * Rule of this file: strings in, a string out; the page asks nobody for anything. All that comes from reports is
 * escaped, and the page's policy lets no script run but the one that it was written with.
 */
import type { Case } from "../case.ts";
import { CLIENT_CASES } from "../cases/client/mod.ts";
import { SERVER_CASES } from "../cases/server/mod.ts";
import type { RunReport } from "../result.ts";
import { caseTemplate, type HtmlWire, resultTemplate } from "./html-detail.ts";
import { escapeHtml } from "./html-escape.ts";
import { SCRIPT, SCRIPT_SHA256 } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { type Column, LEGEND, matrixTable, type Row, totalsTable } from "./html-tables.ts";

export type { HtmlWire } from "./html-detail.ts";

/** How a peer was set up, said beside its sums. */
export interface HtmlPeerNote {
  /** As in the report. */
  readonly name: string;
  readonly setup: string;
}

export interface HtmlReportOptions {
  /** Default "HTTP/1.1 conformance". */
  readonly title?: string | undefined;
  /** Which results show their wire log, if the report has one. Default "problems": the size of a page is theirs. */
  readonly wire?: HtmlWire | undefined;
  readonly notes?: readonly HtmlPeerNote[] | undefined;
  /** Sentences for the head of the page. */
  readonly remarks?: readonly string[] | undefined;
  /** The cases that the reports are about, for reasons and outcomes. Default: those of this version. */
  readonly cases?: readonly Case[] | undefined;
}

const ROLES = [
  { role: "server", label: "Servers", id: "servers" },
  { role: "client", label: "Clients", id: "clients" },
] as const;

/** One page for reports of both roles. Cases come in the order in which the reports have them. */
export function htmlReport(reports: readonly RunReport[], options: HtmlReportOptions = {}): string {
  const title = options.title ?? "HTTP/1.1 conformance";
  const columns = columnsOf(reports, options);
  const sections: string[] = [];
  const templates: string[] = [];
  const seen: Row[] = [];
  for (const { role, label, id } of ROLES) {
    const here = columns.filter(({ report }) => report.role === role);
    if (here.length === 0) continue;
    const rows = rowsOf(here, seen.length, options);
    seen.push(...rows);
    const totals = totalsTable(here, `${label}: results by implementation`);
    const matrix = matrixTable(rows, here, { role, label: `${label}: cases by implementation` });
    sections.push(`<section id="${id}"><h2>${label}</h2>${totals}${matrix}</section>`);
    templates.push(...rows.map((row) => caseTemplate(row.index, row)));
    templates.push(...resultTemplates(rows, here, options));
  }
  const body = [headHtml(title, reports, options), filterHtml(seen, columns), ...sections, DETAIL];
  return page(title, [...body, ...templates.filter((template) => template !== "")]);
}

function columnsOf(reports: readonly RunReport[], options: HtmlReportOptions): Column[] {
  return reports.map((report, index) => ({
    report,
    index,
    setup: options.notes?.find(({ name }) => name === report.peer.name)?.setup ?? "",
    results: new Map(report.results.map((result) => [result.id, result])),
  }));
}

function rowsOf(columns: readonly Column[], first: number, options: HtmlReportOptions): Row[] {
  const cases = options.cases ?? [...SERVER_CASES, ...CLIENT_CASES];
  const role = columns[0]?.report.role;
  const byId = new Map(cases.filter((one) => one.role === role).map((one) => [one.id, one]));
  const results = new Map(
    columns.flatMap((column) => [...column.results.values()]).map((result) => [result.id, result]),
  );
  return [...results.values()].map((result, i) => ({
    index: first + i,
    result,
    subject: byId.get(result.id),
  }));
}

function resultTemplates(
  rows: readonly Row[],
  columns: readonly Column[],
  options: HtmlReportOptions,
): string[] {
  const wire = options.wire ?? "problems";
  return columns.flatMap(({ results, index, report }) =>
    rows.map((row) => {
      const result = results.get(row.result.id);
      if (result === undefined) return "";
      return resultTemplate(`r${row.index}-${index}`, result, { wire, role: report.role });
    }),
  );
}

function headHtml(
  title: string,
  reports: readonly RunReport[],
  options: HtmlReportOptions,
): string {
  const dates = reports.map(({ startedAt }) => startedAt.slice(0, 10)).sort();
  const [from = "", to = ""] = [dates[0], dates.at(-1)];
  const when = from === to ? from : `${from} to ${to}`;
  const legend = LEGEND.map(
    ([{ letter, sign, name }, text]) =>
      `<li><span class="sign ${letter}" aria-hidden="true">${sign}</span> <b>${name}</b> ${text}</li>`,
  );
  const remarks = (options.remarks ?? []).map(
    (text) => `<p class="remark">${escapeHtml(text)}</p>`,
  );
  const parts = ROLES.filter(({ role }) => reports.some((report) => report.role === role));
  const links = parts.map(({ id, label }) => `<a href="#${id}">${label}</a>`).join(" · ");
  return `<header><h1>${escapeHtml(title)}</h1><p>Judged ${escapeHtml(when)}. ${links}</p>${remarks.join("")}<ul class="legend">${legend.join("")}</ul></header>`;
}

/** Filled with what there is; the script does the filtering, and without it the form is not shown. */
function filterHtml(rows: readonly Row[], columns: readonly Column[]): string {
  const sections = [...new Set(rows.map(({ result }) => result.section))].sort(bySection);
  const option = (value: string, text: string): string =>
    `<option value="${escapeHtml(value)}">${escapeHtml(text)}</option>`;
  const verdicts = LEGEND.map(([{ letter, name }]) => option(letter, name));
  const peers = columns.map(({ report, index }) =>
    option(`${index}`, `${report.peer.name} (${report.role})`),
  );
  return `<form id="filter" hidden role="search" aria-label="Filter cases">
<label>Text <input type="search" name="text" placeholder="id or title" autocomplete="off"></label>
<label>Verdict <select name="verdict"><option value="">any</option>${verdicts.join("")}<option value="differ">verdicts differ</option></select></label>
<label>of <select name="peer"><option value="">any implementation</option>${peers.join("")}</select></label>
<label>Section <select name="section"><option value="">all</option>${sections.map((s) => option(s, s)).join("")}</select></label>
<label>Level <select name="level"><option value="">all</option>${["MUST", "SHOULD", "MAY"].map((l) => option(l, l)).join("")}</select></label>
<button type="reset">Reset</button> <output name="count"></output>
<p class="keys"><kbd>Tab</kbd> to a matrix, arrow keys move in it, <kbd>Enter</kbd> opens a cell, <kbd>Esc</kbd> closes it.</p>
</form>`;
}

/** By RFC, then by the numbers of the section. */
function bySection(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

const DETAIL = `<dialog id="detail" aria-labelledby="detail-title"><div class="top"><h2 id="detail-title" tabindex="-1"></h2><button type="button" id="close">Close</button></div><p id="detail-verdict"></p><div id="detail-body"></div></dialog>`;

function page(title: string, body: readonly string[]): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_SHA256}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body.join("\n")}
<script>${SCRIPT}</script>
</body>
</html>
`;
}

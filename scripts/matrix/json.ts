/**
 * The matrix as JSON: all reports of a run, each in the form that `parseReport` reads.
 *
 * Rule of this file: wire logs stay out but for what is wrong, since the file is kept in the repository.
 */
import { type HtmlPeerNote, jsonReport, type RunReport } from "../../lib/conformance/mod.ts";

/** Octets of one line of a log that are kept. */
const KEPT_CHARS = 384;

/** `{"schema", "startedAt", "peers", "missing", "reports"}`, a line for each result. */
export function matrixJson(
  reports: readonly RunReport[],
  about: { readonly notes: readonly HtmlPeerNote[]; readonly missing: readonly string[] },
): string {
  const startedAt = reports.map((report) => report.startedAt).sort()[0];
  const head = { schema: 1, startedAt, peers: about.notes, missing: about.missing };
  const top = JSON.stringify(head, undefined, 2).replace(/\n\}$/, "");
  const list = reports.map((report) => jsonReport(shortened(report)).trimEnd()).join(",\n");
  return `${top},\n  "reports": [\n${list}\n]\n}\n`;
}

function shortened(report: RunReport): RunReport {
  const results = report.results.map((result) => {
    const { wire, ...rest } = result;
    const isWrong = ["fail", "flaky", "known"].includes(result.verdict);
    if (wire === undefined || !isWrong) return rest;
    const short = wire.map((entry) =>
      entry.data.length <= KEPT_CHARS
        ? entry
        : {
            ...entry,
            data: entry.data.slice(0, KEPT_CHARS / 2) + entry.data.slice(-KEPT_CHARS / 2),
            octets: entry.octets ?? entry.data.length,
          },
    );
    return { ...rest, wire: short };
  });
  return { ...report, results };
}

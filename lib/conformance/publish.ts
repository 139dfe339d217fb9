/**
 * The cases as a file for runners in other languages.
 *
 * Rule of this file: the cases are data already; nothing is added to them but the version of their form.
 */
import type { Case } from "./case.ts";

/** The version of the form of cases. It grows when a member is renamed, removed or changes its meaning. */
export const CASES_SCHEMA = 1;

/**
 * One case on a line, in ASCII: octets above 0x7E are written as escapes. `CASES_JSON_SCHEMA` describes it.
 */
export function casesToJson(cases: readonly Case[]): string {
  const lines = cases.map((subject) => `    ${ascii(JSON.stringify(subject))}`);
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `{\n  "schema": ${CASES_SCHEMA},\n  "cases": ${list}\n}\n`;
}

function ascii(json: string): string {
  return json.replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Annotations as lines for people: one line a range, its octets escaped; and octets as they stand on the wire,
 * in pieces that know their role.
 *
 * Rule of this file: text and roles. Colours are the caller's.
 */
import type { Annotation, Role, Severity } from "./annotation.ts";
import { escapeRange } from "./escape.ts";

/** A range or a mark as one line. */
export interface TextRow {
  /** The offset of its first octet. */
  readonly at: number;
  readonly role: Role;
  readonly severity: Severity;
  /** The octets, escaped and cut; empty for a mark. */
  readonly octets: string;
  /** What is said, the section included. */
  readonly text: string;
}

export interface TextOptions {
  /** Octets of a range that are shown. Default 48. */
  readonly maxOctets?: number | undefined;
}

const MAX_OCTETS = 48;
const OCTETS_WIDTH = 34;
const ROLE_WIDTH = 15;

/** One row for each annotation. */
export function textRows(
  bytes: Uint8Array,
  annotations: readonly Annotation[],
  options: TextOptions = {},
): TextRow[] {
  const max = options.maxOctets ?? MAX_OCTETS;
  return annotations.map(({ from, to, role, severity, text, section }) => ({
    at: from,
    role,
    severity,
    octets: escapeRange(bytes, from, to, max),
    text: [text, section === "" ? "" : `[${section}]`].filter((part) => part !== "").join(" "),
  }));
}

/** A row as a line: offset, octets, role, text. Marks are set apart by an arrow, errors by a "!". */
export function formatRow({ at, role, severity, octets, text }: TextRow): string {
  const sign = { info: " ", warning: "?", error: "!" }[severity];
  const shown = octets === "" ? "→" : octets;
  const columns = [`${at}`.padStart(6), shown.padEnd(OCTETS_WIDTH), role.padEnd(ROLE_WIDTH)];
  return `${sign}${columns.join("  ")}  ${text}`.trimEnd();
}

/** All rows as text, each line ended. */
export function renderText(
  bytes: Uint8Array,
  annotations: readonly Annotation[],
  options?: TextOptions,
): string {
  return textRows(bytes, annotations, options)
    .map((row) => `${formatRow(row)}\n`)
    .join("");
}

/** A piece of a line of octets. */
export interface Segment {
  readonly text: string;
  readonly role: Role;
  readonly severity: Severity;
}

/** The octets as on the wire, escaped, a new line after each LF. */
export function wireLines(bytes: Uint8Array, annotations: readonly Annotation[]): Segment[][] {
  const lines: Segment[][] = [];
  let line: Segment[] = [];
  for (const { from, to, role, severity } of annotations) {
    let at = from;
    while (at < to) {
      const feed = bytes.indexOf(0x0a, at);
      const end = feed < 0 || feed >= to ? to : feed + 1;
      line.push({ text: escapeRange(bytes, at, end), role, severity });
      if (end === feed + 1) {
        lines.push(line);
        line = [];
      }
      at = end;
    }
  }
  return line.length === 0 ? lines : [...lines, line];
}

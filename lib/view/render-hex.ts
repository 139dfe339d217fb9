/**
 * Octets as a hex dump whose cells know their role.
 *
 * Rule of this file: sixteen octets a row; text and roles, no colours.
 */
import type { Annotation, Role, Severity } from "./annotation.ts";
import { hex } from "./escape.ts";

/** One octet of a dump. */
export interface HexCell {
  readonly hex: string;
  /** Itself where it is visible ASCII or a space, else a dot. */
  readonly char: string;
  readonly role: Role;
  readonly severity: Severity;
}

/** Up to sixteen octets. */
export interface HexRow {
  readonly at: number;
  readonly cells: readonly HexCell[];
}

export const HEX_ROW_OCTETS = 16;

/** The rows of all octets that the annotations cover. */
export function hexRows(bytes: Uint8Array, annotations: readonly Annotation[]): HexRow[] {
  const cells: HexCell[] = [];
  for (const { from, to, role, severity } of annotations) {
    for (let i = from; i < to; i++) {
      const octet = bytes[i] ?? 0;
      const char = octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : ".";
      cells.push({ hex: hex(octet), char, role, severity });
    }
  }
  const rows: HexRow[] = [];
  for (let at = 0; at < cells.length; at += HEX_ROW_OCTETS) {
    rows.push({ at, cells: cells.slice(at, at + HEX_ROW_OCTETS) });
  }
  return rows;
}

/** `00000010  48 6f 73 74 …  |Host: a.example.|`, each cell handed through `paint`. */
export function formatHexRow(
  { at, cells }: HexRow,
  paint: (text: string, cell: HexCell) => string = (text) => text,
): string {
  const left = cells.map((cell, i) => `${i === 8 ? " " : ""}${paint(cell.hex, cell)}`).join(" ");
  const missing = HEX_ROW_OCTETS - cells.length;
  const gap = " ".repeat(missing * 3 + (cells.length <= 8 && missing > 0 ? 1 : 0));
  const right = cells.map((cell) => paint(cell.char, cell)).join("");
  return `${at.toString(16).padStart(8, "0")}  ${left}${gap}  |${right}|`;
}

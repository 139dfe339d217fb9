/**
 * What went over a connection, shown: octets with escapes or as a hex dump, coloured by their role.
 *
 * Rule of this file: it explains by lib/view and paints; it decides nothing.
 */
import {
  type Annotation,
  escapeRange,
  examine,
  type ExamineOptions,
  formatHexRow,
  hexRows,
  wireLines,
} from "../../view/mod.ts";
import { type Paint, formatOf } from "../colour.ts";

export type WireForm = "wire" | "hex";

/** The lines of one direction, each behind a mark. */
export function wireText(
  bytes: Uint8Array,
  how: ExamineOptions & { readonly form: WireForm; readonly mark: string; readonly paint: Paint },
): string {
  const { annotations } = examine(bytes, how);
  return paintedLines(bytes, annotations, how.form, how.paint)
    .map((line) => `${how.mark} ${line}\n`)
    .join("");
}

/** The methods of the requests in a stream, for those who read the answers. */
export function methodsIn(bytes: Uint8Array): string[] {
  const { messages } = examine(bytes, { kind: "request", profile: "go" });
  return messages.map(({ title }) => title.split(" ")[0] ?? "GET");
}

/** The octets as painted lines. */
export function paintedLines(
  bytes: Uint8Array,
  annotations: readonly Annotation[],
  form: WireForm,
  paint: Paint,
): string[] {
  if (form === "hex") {
    return hexRows(bytes, annotations).map((row) =>
      formatHexRow(row, (text, { role, severity }) => paint(formatOf(role, severity), text)),
    );
  }
  return wireLines(bytes, annotations).map((line) =>
    line.map(({ text, role, severity }) => paint(formatOf(role, severity), text)).join(""),
  );
}

/** Octets on one line, escaped. */
export function shownOctets(bytes: Uint8Array): string {
  return escapeRange(bytes, 0, bytes.length, 200);
}

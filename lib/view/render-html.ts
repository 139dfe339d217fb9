/**
 * Annotations as a fragment of HTML for a page of its own style.
 *
 * Rule of this file: whatever comes from octets or texts is escaped here, once; classes are `role-…` and
 * `is-warning`, `is-error`, so that a page needs no list of ours to colour them.
 */
import type { Annotation } from "./annotation.ts";
import { escapeRange } from "./escape.ts";
import { wireLines } from "./render-text.ts";

/** Octets of a range that are shown in the table. */
const MAX_OCTETS = 96;

/**
 * Two blocks: `pre.wire`, the octets as they stand on the wire, in spans; and `table.wire-notes`, a row for each
 * annotation.
 */
export function renderHtml(bytes: Uint8Array, annotations: readonly Annotation[]): string {
  return `${renderWireHtml(bytes, annotations)}\n${renderNotesHtml(bytes, annotations)}`;
}

/** The octets alone. */
export function renderWireHtml(bytes: Uint8Array, annotations: readonly Annotation[]): string {
  const lines = wireLines(bytes, annotations).map((line) =>
    line
      .map(
        ({ text, role, severity }) =>
          `<span class="${classes(role, severity)}">${escapeHtml(text)}</span>`,
      )
      .join(""),
  );
  return `<pre class="wire">${lines.join("\n")}</pre>`;
}

/** The table alone. */
export function renderNotesHtml(bytes: Uint8Array, annotations: readonly Annotation[]): string {
  const head =
    "<tr><th>octet</th><th>octets</th><th>role</th><th>what it says</th><th>section</th></tr>";
  const rows = annotations.map(({ from, to, role, severity, text, section }) => {
    const shown =
      from === to ? "" : `<code>${escapeHtml(escapeRange(bytes, from, to, MAX_OCTETS))}</code>`;
    const cells = [`${from}`, shown, role, escapeHtml(text), escapeHtml(section)];
    const row = cells.map((cell) => `<td>${cell}</td>`).join("");
    return `<tr class="${classes(role, severity)}">${row}</tr>`;
  });
  return `<table class="wire-notes"><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>`;
}

function classes(role: string, severity: string): string {
  return severity === "info" ? `role-${role}` : `role-${role} is-${severity}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * What a cell opens: the case (why, where in the RFC, what is worth what) and what one peer did.
 *
 * Rule of this file: fragments in <template> elements, which a browser does not lay out: once for each case, and
 * for a result only where there is more to say than its verdict.
 */
import type { Case, Class } from "../case.ts";
import { expectedClientOutcomes, expectedFate, expectedOutcomes } from "../judge/mod.ts";
import { requirementIdOf, requirements } from "../requirement.ts";
import type { CaseResult, RunReport } from "../result.ts";
import { escapeHtml } from "./html-escape.ts";
import { wireHtml } from "./html-wire.ts";

/** Which results show their wire log. "problems": all but passes and what does not apply. */
export type HtmlWire = "problems" | "all" | "none";

/** What is known of a case from its results; its form may be unknown, in a report of another version. */
export interface CaseRow {
  readonly result: CaseResult;
  readonly subject: Case | undefined;
}

/** The case itself. */
export function caseTemplate(index: number, { result, subject }: CaseRow): string {
  const parts: (readonly [term: string, html: string])[] = [
    ["section", sectionLink(result.section)],
    ["requirement", requirementHtml(result.requirement)],
  ];
  if (subject !== undefined) {
    parts.push(["why", escapeHtml(subject.rationale)]);
    const also = subject.also ?? [];
    if (also.length > 0) parts.push(["shows too", also.map(requirementHtml).join(", ")]);
    for (const [is, name] of CLASS_NAMES) {
      const lines = outcomeLines(subject, is).map((line) => `<li>${escapeHtml(line)}</li>`);
      if (lines.length > 0) parts.push([name, `<ol>${lines.join("")}</ol>`]);
    }
  }
  const list = parts.map(([term, html]) => `<dt>${term}</dt><dd>${html}</dd>`).join("");
  return `<template id="c${index}"><dl class="case">${list}</dl></template>`;
}

/** What one peer did; empty when the verdict says it all. */
export function resultTemplate(id: string, result: CaseResult, options: ResultOptions): string {
  const parts: string[] = [];
  const { message, reason, attempts, aside, fate, wire } = result;
  if (message !== "") parts.push(`<p class="said">${escapeHtml(message)}</p>`);
  if (reason !== undefined) parts.push(`<p>known: ${escapeHtml(reason)}</p>`);
  if (attempts.length > 1) parts.push(`<p>plays: ${escapeHtml(attempts.join(", "))}</p>`);
  const isShown = options.wire === "all" || (options.wire === "problems" && isProblem(result));
  if (isShown && fate !== undefined) parts.push(`<p>the connection: ${escapeHtml(fate)}</p>`);
  if (isShown && aside.length > 0) {
    const lines = aside.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
    parts.push(`<p>beside it:</p><ul>${lines}</ul>`);
  }
  if (isShown && wire !== undefined) parts.push(wireHtml(wire, options.role));
  return parts.length === 0 ? "" : `<template id="${id}">${parts.join("")}</template>`;
}

export interface ResultOptions {
  readonly wire: HtmlWire;
  readonly role: RunReport["role"];
}

/** `RFC 9112 §6.3` as a link; the RFCs are the only addresses in a page. */
export function sectionLink(section: string): string {
  const match = /^([0-9]{3,5})-([0-9]+(?:\.[0-9]+)*)$/.exec(section);
  if (match === null) return escapeHtml(section);
  const [, rfc, number] = match;
  const address = `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${number}`;
  return `<a href="${address}" rel="noreferrer">RFC ${rfc} §${number}</a>`;
}

const CLASS_NAMES: readonly (readonly [Class, string])[] = [
  ["conforming", "conforms"],
  ["tolerated", "is tolerated"],
  ["not-applicable", "does not apply"],
];

/** The outcomes of one class in words, a line for each thing that is waited for. */
function outcomeLines(subject: Case, wanted: Class): string[] {
  // The words for lists say what conforms; a list of one class is put to them as such.
  const of = <T extends { readonly class: Class }>(outcomes: readonly T[]): T[] =>
    outcomes.filter((o) => o.class === wanted).map((o) => ({ ...o, class: "conforming" as const }));
  const lines: string[] = [];
  if (subject.role === "client") {
    lines.push(expectedClientOutcomes(of(subject.outcomes)));
  } else {
    for (const step of subject.steps) {
      if (step.do === "expect") lines.push(expectedOutcomes(of(step.outcomes)));
    }
    const { connection } = subject;
    if (wanted === "conforming" && connection !== undefined) lines.push(expectedFate(connection));
  }
  return lines.filter((line) => line !== "");
}

function requirementHtml(id: string): string {
  const known = requirements().get(requirementIdOf(id));
  const words = known === undefined ? "" : ` (${known.level}) ${known.title}`;
  return `<code>${escapeHtml(id)}</code>${escapeHtml(words)}`;
}

function isProblem({ verdict }: CaseResult): boolean {
  return verdict !== "pass" && verdict !== "not-applicable";
}

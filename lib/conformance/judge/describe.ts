/**
 * Outcomes in words, for the line that says what was expected.
 *
 * Rule of this file: short, and the same words for the same data.
 */
import type {
  ClientOutcome,
  ConnectionClasses,
  ContentSeen,
  Count,
  FieldSeen,
  Outcome,
} from "../case.ts";
import { escapeText } from "./text.ts";

/** The outcomes that conform, or are tolerated where none does. */
export function expectedOutcomes(outcomes: readonly Outcome[]): string {
  const conforming = outcomes.filter((outcome) => outcome.class === "conforming");
  const shown =
    conforming.length > 0 ? conforming : outcomes.filter((o) => o.class === "tolerated");
  return [...new Set(shown.map(outcomeInWords))].join(", or ");
}

function outcomeInWords(outcome: Outcome): string {
  if (outcome.seen !== "response") {
    const words = {
      fin: "the end of the connection",
      reset: "a reset",
      end: "the end of the connection",
      nothing: "silence",
      malformed: "octets that are no response",
    } as const;
    return words[outcome.seen];
  }
  const parts: string[] = [outcome.status?.join(" or ") ?? "a response"];
  if (outcome.version !== undefined) parts.push(`in HTTP/${outcome.version}`);
  if (outcome.framing !== undefined) parts.push(`framed by ${outcome.framing}`);
  if (outcome.interims !== undefined) parts.push(`after [${outcome.interims.join(" ")}]`);
  if (outcome.syntax !== undefined) parts.push("well-formed");
  for (const field of outcome.fields ?? []) parts.push(`with ${fieldInWords(field)}`);
  for (const field of outcome.trailers ?? []) parts.push(`with trailer ${fieldInWords(field)}`);
  if (outcome.content !== undefined)
    parts.push(`with ${contentInWords("content", outcome.content)}`);
  const { parse } = outcome;
  if (parse !== undefined) {
    for (const member of ["method", "target", "version", "host"] as const) {
      if (parse[member] !== undefined)
        parts.push(`seen as ${member} ${escapeText(parse[member], 60)}`);
    }
    for (const field of parse.fields ?? []) parts.push(`seeing ${fieldInWords(field)}`);
    for (const field of parse.trailers ?? []) parts.push(`seeing trailer ${fieldInWords(field)}`);
    if (parse.body !== undefined) parts.push(`seeing ${contentInWords("body", parse.body)}`);
  }
  return parts.join(" ");
}

function fieldInWords(field: FieldSeen): string {
  const { name } = field;
  if ("is" in field) return field.is === "present" ? name : `no ${name}`;
  if ("equals" in field) return `${name}: ${escapeText(field.equals, 60)}`;
  if ("differs" in field) return `${name} other than ${escapeText(field.differs, 60)}`;
  if ("contains" in field) return `${name} containing ${escapeText(field.contains, 60)}`;
  if ("member" in field) return `${name} listing ${escapeText(field.member, 60)}`;
  if ("lacks" in field) return `${name} without ${escapeText(field.lacks, 60)}`;
  if ("format" in field) return `${name} in the form ${field.format}`;
  return `${field.lines} lines of ${name}`;
}

function contentInWords(what: string, content: ContentSeen): string {
  if ("length" in content) return `${content.length} octets of ${what}`;
  const [how, text] =
    "equals" in content
      ? ["", content.equals]
      : "differs" in content
        ? ["other than ", content.differs]
        : "contains" in content
          ? ["containing ", content.contains]
          : ["without ", content.lacks];
  const whole = typeof text === "string" ? `"${escapeText(text, 60)}"` : "the octets sent";
  return `${what} ${how}${whole}`;
}

/** The fates that conform. */
export function expectedFate(classes: ConnectionClasses): string {
  const fates = (["open", "closed", "stalled"] as const).filter(
    (fate) => classes[fate] === "conforming",
  );
  return `the connection ${fates.length === 0 ? "in another state" : fates.join(" or ")}`;
}

export function expectedClientOutcomes(outcomes: readonly ClientOutcome[]): string {
  const conforming = outcomes.filter((outcome) => outcome.class === "conforming");
  const shown =
    conforming.length > 0 ? conforming : outcomes.filter((o) => o.class === "tolerated");
  return [...new Set(shown.map(clientOutcomeInWords))].join(", or ");
}

function clientOutcomeInWords(outcome: ClientOutcome): string {
  const parts: string[] = [];
  if (outcome.exit !== undefined) {
    parts.push({ ok: "success", error: "an error", hang: "no end" }[outcome.exit]);
  }
  if (outcome.output !== undefined) parts.push(contentInWords("output", outcome.output));
  if (outcome.requests !== undefined) parts.push(`${countInWords(outcome.requests)} requests`);
  if (outcome.connections !== undefined) {
    parts.push(`${countInWords(outcome.connections)} connections`);
  }
  if (outcome.excess !== undefined) parts.push(`${outcome.excess} octets behind the last request`);
  if (outcome.ended !== undefined) parts.push(`the connection ended by ${outcome.ended}`);
  for (const sent of outcome.sent ?? []) {
    const lines: string[] = [];
    if (sent.method !== undefined) lines.push(`method ${sent.method}`);
    if (sent.target !== undefined) lines.push("the right target");
    if (sent.version !== undefined) lines.push(`HTTP/${sent.version}`);
    if (sent.connection !== undefined) lines.push(`connection ${sent.connection}`);
    if (sent.firstField !== undefined) lines.push(`${sent.firstField} first`);
    if (sent.content !== undefined) lines.push(contentInWords("content", sent.content));
    lines.push(...(sent.fields ?? []).map(fieldInWords));
    parts.push(`request ${sent.nth} with ${lines.join(", ") || "clean syntax"}`);
  }
  return parts.join(", ") || "anything";
}

function countInWords(count: Count): string {
  if (typeof count === "number") return `${count}`;
  const { min, max } = count;
  return max === undefined ? `${min ?? 0} or more` : `${min ?? 0} to ${max}`;
}

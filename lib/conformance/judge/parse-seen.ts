/**
 * The JSON of contract 2: what a server under test says it has read.
 *
 * Rule of this file: believed only in the form that it must have; a member in another form counts as left out.
 */
import type { Field } from "./fields.ts";

/** What the peer has parsed, as far as it tells. */
export interface ParseReport {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly version: string | undefined;
  readonly host: string | undefined;
  readonly fields: readonly Field[] | undefined;
  readonly body: string | undefined;
  readonly trailers: readonly Field[] | undefined;
}

/** Undefined when it is no JSON object. */
export function parseSeenBy(content: string): ParseReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(utf8Text(content));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string | undefined => {
    const member = members.get(name);
    return typeof member === "string" ? member : undefined;
  };
  return {
    method: text("method"),
    target: text("target"),
    version: text("version"),
    host: text("host"),
    fields: fieldsOf(members.get("fields")),
    body: text("body"),
    trailers: fieldsOf(members.get("trailers")),
  };
}

function fieldsOf(value: unknown): Field[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const fields: Field[] = [];
  for (const pair of value as readonly unknown[]) {
    if (!Array.isArray(pair)) return undefined;
    const [name, field] = pair as readonly unknown[];
    if (typeof name !== "string" || typeof field !== "string") return undefined;
    fields.push({ name, value: field });
  }
  return fields;
}

/** JSON comes as UTF-8; the reader has one char per octet. */
function utf8Text(latin1: string): string {
  return new TextDecoder().decode(Uint8Array.from(latin1, (char) => char.charCodeAt(0)));
}

/**
 * Lines and fields, as the judge reads them: the part that responses and requests have in common.
 * RFC 9112 §2.2, §5
 *
 * Rule of this file: plain and strict. What leaves no doubt where the message goes on is a fault, kept with the
 * message; anything else is malformed and ends the reading. Text is one char per octet.
 */

export interface Field {
  readonly name: string;
  /** Without the blanks around it. */
  readonly value: string;
}

/** What a reader answers: not all there yet, no HTTP at all, or a value and where it ends. */
export type Reading<T> =
  | { readonly kind: "more" }
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "read"; readonly value: T; readonly end: number };

export interface FieldLines {
  readonly fields: readonly Field[];
  /** Departures from the grammar that leave the framing alone. */
  readonly faults: readonly string[];
}

/** What a head may take before the judge gives up on it. */
const HEAD_OCTETS_MAX = 1_048_576;

export const MORE: Reading<never> = { kind: "more" };

export function malformed(reason: string): Reading<never> {
  return { kind: "malformed", reason };
}

/** One line without its CRLF. */
export function readLine(text: string, at: number): Reading<string> {
  const lf = text.indexOf("\n", at);
  if (lf < 0) {
    if (text.length - at > HEAD_OCTETS_MAX) return malformed("a line without an end");
    const cr = text.indexOf("\r", at);
    const loose = cr >= 0 && cr < text.length - 1;
    return loose ? malformed("a CR without LF") : MORE;
  }
  if (lf === at || text[lf - 1] !== "\r") return malformed("a line that ends with LF alone");
  const line = text.slice(at, lf - 1);
  if (line.includes("\r")) return malformed("a CR without LF");
  return { kind: "read", value: line, end: lf + 1 };
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Field lines up to and including the empty line. */
export function readFields(text: string, start: number): Reading<FieldLines> {
  const fields: Field[] = [];
  const faults: string[] = [];
  let at = start;
  for (;;) {
    const line = readLine(text, at);
    if (line.kind !== "read") return line;
    at = line.end;
    if (line.value === "") return { kind: "read", value: { fields, faults }, end: at };
    if (at - start > HEAD_OCTETS_MAX) return malformed("a head without an end");
    const last = fields[fields.length - 1];
    if (/^[ \t]/.test(line.value)) {
      if (last === undefined) return malformed("a blank before the first field");
      faults.push(`a folded line in ${last.name}`);
      fields[fields.length - 1] = { name: last.name, value: `${last.value} ${line.value.trim()}` };
      continue;
    }
    const colon = line.value.indexOf(":");
    const name = line.value.slice(0, Math.max(0, colon));
    if (colon < 0) return malformed("a field line without a colon");
    if (!NAME.test(name)) return malformed("a field name that is no token");
    const value = line.value.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "");
    if (CONTROL.test(value)) faults.push(`a control character in ${name}`);
    fields.push({ name, value });
  }
}

/** The values of the lines with this name, joined as RFC 9110 §5.3 says; undefined without such a line. */
export function valueOf(fields: readonly Field[], name: string): string | undefined {
  const values = valuesOf(fields, name);
  return values.length === 0 ? undefined : values.join(", ");
}

export function valuesOf(fields: readonly Field[], name: string): string[] {
  const wanted = name.toLowerCase();
  return fields.filter((field) => field.name.toLowerCase() === wanted).map(({ value }) => value);
}

/** The members of a comma-separated list, in lower case; commas in quotes do not separate. */
export function membersOf(value: string): string[] {
  const members = value.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? [];
  return members.map((member) => member.trim().toLowerCase()).filter((member) => member !== "");
}

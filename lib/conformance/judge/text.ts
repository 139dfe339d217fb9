/**
 * Text of cases: parts put together, what is in braces filled in, and octets shown to people.
 *
 * Rule of this file: pure. What cannot be filled in is an answer (undefined), no error: a case about an ETag
 * does not apply to a peer that sends none.
 */
import type { Text } from "../case.ts";
import { httpDate } from "./http-date.ts";

/** What stands for the names in braces. */
export interface Blanks {
  readonly host: string;
  readonly base: string;
  readonly path: string;
  /** The server under its other name; only client cases have one. */
  readonly other?: string | undefined;
  readonly nowMs: number;
  /** The value of a field in the last message of the peer. */
  readonly field: (name: string) => string | undefined;
}

const BLANK =
  /\{(?:(host|base|path|other)|field:([a-z0-9-]+)|(date|date-850|date-asctime):(-?[0-9]{1,9}))\}/g;

/** The text with its blanks filled in, or undefined when the peer has not sent what is needed. */
export function fill(text: Text, blanks: Blanks): string | undefined {
  const parts = typeof text === "string" ? [text] : text;
  let whole = "";
  for (const part of parts) {
    const piece = fillPart(typeof part === "string" ? part : part.repeat, blanks);
    if (piece === undefined) return undefined;
    whole += typeof part === "string" ? piece : piece.repeat(part.times);
  }
  return whole;
}

function fillPart(text: string, blanks: Blanks): string | undefined {
  let missing = false;
  const filled = text.replace(
    BLANK,
    (
      _,
      simple?: "host" | "base" | "path" | "other",
      field?: string,
      date?: string,
      seconds?: string,
    ) => {
      if (simple !== undefined) {
        const value = blanks[simple];
        if (value === undefined) missing = true;
        return value ?? "";
      }
      if (field !== undefined) {
        const value = blanks.field(field);
        if (value === undefined) missing = true;
        return value ?? "";
      }
      const form = date === "date-850" ? "rfc850" : date === "date-asctime" ? "asctime" : "imf";
      return httpDate(blanks.nowMs + secondsOf(seconds ?? "0") * 1000, form);
    },
  );
  return missing ? undefined : filled;
}

/** Digits that the pattern above has already checked. */
function secondsOf(digits: string): number {
  let value = 0;
  for (const char of digits.replace("-", "")) value = value * 10 + (char.charCodeAt(0) - 48);
  return digits.startsWith("-") ? -value : value;
}

/** Bytes as text, one char each. */
export function latin1Text(bytes: Uint8Array): string {
  const PIECE = 8192;
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return text;
}

/** Octets so that a terminal shows them and does nothing else: \r, \n, \t, \xNN, cut after `max` chars. */
export function escapeText(text: string, max: number = 200): string {
  const cut = text.length > max ? text.slice(0, max) : text;
  const escaped = cut.replace(/[^\x20-\x5b\x5d-\x7e]/g, (char) => {
    if (char === "\r") return "\\r";
    if (char === "\n") return "\\n";
    if (char === "\t") return "\\t";
    if (char === "\\") return "\\\\";
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return cut.length < text.length ? `${escaped}… (${text.length} octets)` : escaped;
}

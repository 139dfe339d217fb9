/**
 * How long a server says it keeps an idle connection.
 * draft-thomson-hybi-http-timeout (Keep-Alive: timeout=5, max=100) · Go: none
 *
 * Rule of this file: pure. It answers the time in which the connection may be used again: less than the server
 * says, since its clock began earlier and our request has a way to go.
 */
import { FieldKind, type FieldSection, isDigits, lowerAscii, splitList } from "../../wire/mod.ts";

/** So long before the server's time is over a connection is no longer used, in ms. */
export const KEEP_ALIVE_MARGIN_MS = 1_000;

const MAX_DIGITS = 7;

/** ms; 0 when it is not to be used again, Infinity when nothing is said that can be read. */
export function keepAliveMs(fields: FieldSection): number {
  let ms = Infinity;
  for (const part of fields.values(FieldKind.keepAlive).flatMap(splitList)) {
    const equals = part.indexOf("=");
    if (equals < 0) continue;
    const name = lowerAscii(part.slice(0, equals).trimEnd());
    const value = secondsOf(part.slice(equals + 1).trimStart());
    if (value === undefined) continue;
    if (name === "timeout") ms = Math.min(ms, usableMs(value));
    if (name === "max" && value === 0) ms = 0;
  }
  return ms;
}

/** A second less; of a time that short, half. */
function usableMs(seconds: number): number {
  const ms = seconds * 1_000;
  return ms - Math.min(KEEP_ALIVE_MARGIN_MS, ms / 2);
}

function secondsOf(text: string): number | undefined {
  if (!isDigits(text) || text.length > MAX_DIGITS) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) value = value * 10 + text.charCodeAt(i) - 0x30;
  return value;
}

/**
 * The Date line of answers, made once a second.
 * RFC 9110 §6.6.1 · Go: appendTime
 *
 * Rule of this file: it keeps one string; whoever asks says what time it is.
 */
import { formatDate } from "../semantics/mod.ts";

let second = -1;
let line = "";

/** "Date: …" with its CRLF. */
export function dateLine(nowMs: number): string {
  const now = Math.floor(nowMs / 1000);
  if (now !== second) {
    second = now;
    line = `Date: ${formatDate(now * 1000)}\r\n`;
  }
  return line;
}

/**
 * A finished request as a line: the combined format of old, or JSON.
 * Apache mod_log_config %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"
 *
 * Rule of this file: whatever came from the peer is quoted so that it stays within its line and its quotes,
 * and no terminal obeys it.
 */

/** What is known of a request when it is over. Strings are as they came. */
export interface AccessRecord {
  /** When the request began, in ms since the epoch. */
  readonly time: number;
  /** The peer's address, or what `realIp` made of it; empty where the connection has none. */
  readonly remote: string;
  /** The name that `basicAuth` has found right; empty when there is none. */
  readonly user: string;
  readonly method: string;
  readonly host: string;
  /** As in the request line, without its query if `query: "drop"`. */
  readonly target: string;
  readonly proto: string;
  /** The status; 0 when the handler took the connection over. */
  readonly status: number;
  /** Bytes of body that were written, without framing. */
  readonly bytes: number;
  /** From the call of the handler to its end. */
  readonly durationMs: number;
  readonly referer: string;
  readonly userAgent: string;
  /** complete: the handler ended; failed: it threw. */
  readonly outcome: "complete" | "failed";
}

/** `203.0.113.9 - ada [10/Oct/2030:13:55:36 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8"` */
export function combinedLine(record: AccessRecord): string {
  const { remote, user, method, target, proto, status, bytes, referer, userAgent } = record;
  const who = `${bare(remote)} - ${bare(user)} [${clfTime(record.time)}]`;
  const request = `"${escaped(`${method} ${target} ${proto}`)}"`;
  return `${who} ${request} ${status} ${bytes} ${quoted(referer)} ${quoted(userAgent)}`;
}

/** The record as JSON in ASCII, its time as in RFC 3339. */
export function jsonLine(record: AccessRecord): string {
  const text = JSON.stringify({ ...record, time: new Date(record.time).toISOString() });
  // JSON.stringify leaves DEL and the C1 controls, which terminals obey.
  return text.replace(/[\x7f-\uffff]/g, (char) => `\\u${hex(char, 4)}`);
}

/** What a log shows as the message beside the fields. */
export function shortLine({ method, target, status }: AccessRecord): string {
  return `${escaped(method)} ${escaped(target)} ${status}`;
}

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** 10/Oct/2030:13:55:36 +0000, always in UTC. */
function clfTime(ms: number): string {
  const date = new Date(ms);
  const month = MONTHS.slice(date.getUTCMonth() * 3, date.getUTCMonth() * 3 + 3);
  const clock = date.toISOString().slice(11, 19);
  return `${String(date.getUTCDate()).padStart(2, "0")}/${month}/${date.getUTCFullYear()}:${clock} +0000`;
}

function quoted(text: string): string {
  return text === "" ? '"-"' : `"${escaped(text)}"`;
}

/** A word that ends at a blank. */
function bare(text: string): string {
  return text === "" ? "-" : escaped(text).replaceAll(" ", "\\x20");
}

/** Quotes, backslashes, and all that is not printable ASCII as \xNN. */
function escaped(text: string): string {
  return text.replace(/[^ !#-[\]-~]/g, (char) => `\\x${hex(char, 2)}`);
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, "0");
}

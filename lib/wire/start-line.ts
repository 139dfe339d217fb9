/**
 * Start lines as they are written, and the version word as it is read.
 * RFC 9112 §2.3, §3, §4 · Go: ParseHTTPVersion, Request.write, writeStatusLine
 *
 * Rule of this file: nothing leaves here unchecked. Start lines that come in are read by head.ts, octet by
 * octet; the reasons belong to semantics, so the caller always gives one.
 */
import { FIELD_VALUE, allIn, charClass, isToken } from "./ascii.ts";
import { WireError } from "./errors.ts";
import { checkTarget } from "./target.ts";

/**
 * Takes a version word apart: `HTTP/` DIGIT `.` DIGIT, upper case, nothing around it; undefined for
 * everything else. Go: ParseHTTPVersion
 */
export function parseHTTPVersion(text: string): { major: number; minor: number } | undefined {
  if (text.length !== VERSION_CHARS || !text.startsWith("HTTP/")) return undefined;
  const major = text.charCodeAt(5) - 0x30;
  const minor = text.charCodeAt(7) - 0x30;
  if (!isDigit(major) || text.charAt(6) !== "." || !isDigit(minor)) return undefined;
  return { major, minor };
}

/**
 * The request line of an HTTP/1.1 request, CRLF included. Throws "bad-method" or "bad-target". The target is
 * visible ASCII: octets above it are taken from others, but a sender keeps to the grammar (RFC 9110 §2.2).
 * RFC 9112 §3 · Go: Request.write
 */
export function formatRequestLine(method: string, target: string): string {
  if (!isToken(method)) throw new WireError("bad-method", { evidence: method });
  if (!allIn(VISIBLE, target)) throw new WireError("bad-target", { evidence: target });
  checkTarget(method, target);
  return `${method} ${target} HTTP/1.1\r\n`;
}

/**
 * The status line, CRLF included; the last one of each status is kept, so that the usual ones cost no new
 * string. The reason may be empty. Throws "bad-version" (0 and 1 are known), "bad-status" or "bad-reason".
 * RFC 9112 §4 · Go: writeStatusLine
 */
export function formatStatusLine(versionMinor: number, status: number, reason: string): string {
  const kept = LINES[versionMinor]?.[status];
  if (kept !== undefined && kept.reason === reason) return kept.line;
  if (versionMinor !== 0 && versionMinor !== 1) throw new WireError("bad-version");
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw new WireError("bad-status", { evidence: String(status) });
  }
  if (!allIn(FIELD_VALUE, reason)) throw new WireError("bad-reason", { evidence: reason });
  const line = `HTTP/1.${versionMinor} ${status} ${reason}\r\n`;
  if (reason.length <= KEPT_REASON_CHARS) LINES[versionMinor]![status] = { reason, line };
  return line;
}

const VERSION_CHARS = 8;

const VISIBLE: Uint8Array = charClass(/[!-~]/);

/** Longer reasons are made by programs, one by one; they are not kept. */
const KEPT_REASON_CHARS = 64;

interface KeptLine {
  readonly reason: string;
  readonly line: string;
}

/** By minor version, then by status: bounded, and no string is hashed to find one. */
const LINES: readonly (KeptLine | undefined)[][] = [emptyLines(), emptyLines()];

function emptyLines(): (KeptLine | undefined)[] {
  return Array.from({ length: 1000 }, () => undefined);
}

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}

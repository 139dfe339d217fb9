/**
 * What is asked of a head that is well written: its target, its Host, its trailer names; and in which field a
 * fault lies that has no offset.
 * RFC 9112 §3.2, RFC 9110 §6.6.2
 *
 * Rule of this file: the checks are wire's, in the order in which our server makes them.
 */
import {
  FieldKind,
  type Framing,
  type RequestHead,
  type ResponseHead,
  WireError,
  checkHost,
  checkTarget,
  parseTrailerNames,
} from "../wire/mod.ts";
import type { Annotation } from "./annotation.ts";

/** Throws "bad-target", "missing-host", "duplicate-host" or "bad-host". */
export function checkRequestHead({ method, target, versionMinor, fields }: RequestHead): void {
  checkTarget(method, target);
  if (fields.repeats(FieldKind.host)) throw new WireError("duplicate-host");
  const host = fields.value(FieldKind.host);
  if (host !== undefined) checkHost(host);
  else if (versionMinor > 0) throw new WireError("missing-host");
}

/** Throws "forbidden-trailer" for a Trailer field that announces what framing is decided by. */
export function checkTrailerNames({ fields }: RequestHead | ResponseHead, framing: Framing): void {
  if (framing.kind !== "chunked" || !fields.has(FieldKind.trailer)) return;
  parseTrailerNames(fields.values(FieldKind.trailer));
}

/** Is it what a fault without an offset is about? */
export function isGuilty(code: string, one: Annotation): boolean {
  if (code === "bad-target") return one.role === "target";
  const fields = GUILTY_FIELDS.get(code) ?? [];
  return one.role === "field-value" && fields.includes(one.field ?? "");
}

const CONTENT_LENGTH: readonly string[] = ["content-length"];
const TRANSFER_ENCODING: readonly string[] = ["transfer-encoding"];

const GUILTY_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["duplicate-host", ["host"]],
  ["bad-host", ["host"]],
  ["bad-content-length", CONTENT_LENGTH],
  ["content-length-too-large", CONTENT_LENGTH],
  ["conflicting-content-length", CONTENT_LENGTH],
  ["duplicate-content-length", CONTENT_LENGTH],
  ["unsupported-transfer-coding", TRANSFER_ENCODING],
  ["chunked-not-last", TRANSFER_ENCODING],
  ["transfer-encoding-with-content-length", [...TRANSFER_ENCODING, ...CONTENT_LENGTH]],
  ["transfer-encoding-in-http-1-0", TRANSFER_ENCODING],
  ["forbidden-trailer", ["trailer"]],
]);

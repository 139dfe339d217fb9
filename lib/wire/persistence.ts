/**
 * What a head says about its connection: whether it goes on, and what was asked of this hop alone.
 * RFC 9112 §9.3, RFC 9110 §7.6.1, §7.8, §10.1.1 · Go: transfer.go shouldClose, httpguts.HeaderValuesContainsToken
 *
 * Rule of this file: predicates on heads. It knows no state and no timeouts; the fields that almost every
 * message lacks cost one look at a bit set.
 */
import { equalsIgnoringCase, lowerAscii, trimOws } from "./ascii.ts";
import { WireError } from "./errors.ts";
import { FieldKind, kindBits } from "./field-section.ts";
import type { FieldSection } from "./field-section.ts";
import { splitList } from "./tokens.ts";

/** The part of a head that these questions need; heads of both kinds fit. */
export interface VersionedFields {
  /** The n of HTTP/1.n. */
  readonly versionMinor: number;
  readonly fields: FieldSection;
}

/**
 * The fields that concern one connection only, in lower case: a proxy removes them, and besides them those
 * that Connection names. RFC 9110 §7.6.1 · Go: httputil hopHeaders
 */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * May the connection carry another message after this one? HTTP/1.1 and later: unless `close` is said.
 * HTTP/1.0: only if `keep-alive` is said and `close` is not. A message whose framing two readers could take
 * differently (Transfer-Encoding with Content-Length, or in HTTP/1.0) is always the last. RFC 9112 §6.1, §9.3
 */
export function keepsAlive(head: VersionedFields): boolean {
  const { versionMinor, fields } = head;
  if (fields.hasNone(PERSISTENCE_BITS)) return versionMinor > 0;
  if (fields.has(FieldKind.transferEncoding)) {
    if (versionMinor === 0 || fields.has(FieldKind.contentLength)) return false;
  }
  if (!fields.has(FieldKind.connection)) return versionMinor > 0;
  let kept = versionMinor > 0;
  for (let index = 0; index < fields.count; index++) {
    if (fields.kindAt(index) !== FieldKind.connection) continue;
    const value = fields.valueAt(index);
    if (hasConnectionOption(value, "close")) return false;
    if (!kept) kept = hasConnectionOption(value, "keep-alive");
  }
  return kept;
}

/** All options that the Connection fields name, in lower case and in order. RFC 9110 §7.6.1 */
export function connectionOptions(fields: FieldSection): string[] {
  if (fields.hasNone(CONNECTION_BIT)) return [];
  return fields.values(FieldKind.connection).flatMap(splitList).map(lowerAscii);
}

/**
 * Is the token (in lower case) an element of this comma-separated value, case aside?
 * Go: httpguts.HeaderValuesContainsToken for one value
 */
export function hasConnectionOption(value: string, token: string): boolean {
  let start = 0;
  while (start <= value.length) {
    const comma = value.indexOf(",", start);
    const end = comma < 0 ? value.length : comma;
    if (equalsIgnoringCase(trimOws(value.slice(start, end)), token)) return true;
    start = end + 1;
  }
  return false;
}

/**
 * The protocols that the peer would rather speak, as it spelled them, the most wanted first. None when
 * Connection does not name `upgrade`. HTTP/1.0 requests are to be ignored here: that is the caller's part.
 * RFC 9110 §7.8 · Go: httputil upgradeType
 */
export function upgradeTokens(fields: FieldSection): string[] {
  if (fields.hasNone(UPGRADE_BIT) || !connectionOptions(fields).includes("upgrade")) return [];
  return fields.values(FieldKind.upgrade).flatMap(splitList);
}

/**
 * Does the client wait for a 100 before it sends the body? Ignored on HTTP/1.0; one empty line is no
 * expectation. Throws "unknown-expectation" (417) for everything but one line whose whole value is
 * `100-continue`, case aside. RFC 9110 §10.1.1 · Go: Request.expectsContinue, which looks for a token in a list
 */
export function expectation(head: VersionedFields): "none" | "100-continue" {
  const { versionMinor, fields } = head;
  if (fields.hasNone(EXPECT_BIT) || versionMinor === 0) return "none";
  const values = fields.values(FieldKind.expect);
  const value = values[0]!;
  if (values.length === 1 && value === "") return "none";
  if (values.length === 1 && equalsIgnoringCase(value, "100-continue")) return "100-continue";
  throw new WireError("unknown-expectation");
}

const CONNECTION_BIT: number = kindBits(FieldKind.connection);
const UPGRADE_BIT: number = kindBits(FieldKind.upgrade);
const EXPECT_BIT: number = kindBits(FieldKind.expect);
const PERSISTENCE_BITS: number = kindBits(
  FieldKind.connection,
  FieldKind.contentLength,
  FieldKind.transferEncoding,
);

/**
 * Request targets in their four forms, and the Host they are for.
 * RFC 9112 §3.2, RFC 9110 §7.1, §7.2, RFC 3986 §3.2 · Go: url.ParseRequestURI, httpguts.ValidHostHeader
 *
 * Rule of this file: it takes apart and refuses, it never mends: nothing is decoded, no dot segment removed,
 * no default filled in.
 *
 *   GET /where?q=now HTTP/1.1                     origin      the usual one
 *   GET http://a.example/where?q=now HTTP/1.1     absolute    to a proxy, and every server must take it
 *   CONNECT a.example:443 HTTP/1.1                authority   CONNECT only
 *   OPTIONS * HTTP/1.1                            asterisk    the server itself; Go takes it with any method
 */
import { TARGET, allIn, charClass, hasGoodEscapes, isDigits, lowerAscii } from "./ascii.ts";
import { WireError } from "./errors.ts";
import { isIPLiteral } from "./ip-literal.ts";

/** A request target, cut but not decoded. `rawQuery` is without its `?`, undefined when there is none. */
export type Target =
  | {
      readonly kind: "origin";
      readonly escapedPath: string;
      readonly rawQuery: string | undefined;
    }
  | {
      readonly kind: "absolute";
      /** In lower case. */
      readonly scheme: string;
      /** host[:port] as it came, without user information. */
      readonly authority: string;
      /** As it came: empty when the authority ends the target, which means "/". */
      readonly escapedPath: string;
      readonly rawQuery: string | undefined;
    }
  | { readonly kind: "authority"; readonly authority: string }
  | { readonly kind: "asterisk" };

/** A Host value or an authority without user information. */
export interface HostPort {
  /** As it came; an IPv6 address keeps its brackets. May be empty. */
  readonly host: string;
  /** Decimal digits, possibly none ("a:"); undefined without a colon. */
  readonly port: string | undefined;
}

/**
 * Takes a target apart. Throws "bad-target" for octets that cannot stand in one, for a `%` in the path or
 * host that two hexadecimal digits do not follow (queries are not looked into, as in Go), an absolute form
 * without a host, and CONNECT with anything but `host:port`.
 */
export function parseTarget(method: string, target: string): Target {
  if (!allIn(TARGET, target)) throw badTarget(target);
  if (method === "CONNECT") {
    checkTunnelAuthority(target);
    return { kind: "authority", authority: target };
  }
  if (target === "*") return { kind: "asterisk" };
  const mark = target.indexOf("?");
  const rawQuery = mark < 0 ? undefined : target.slice(mark + 1);
  const address = mark < 0 ? target : target.slice(0, mark);
  if (address.startsWith("/")) {
    if (!hasGoodEscapes(address)) throw badTarget(target);
    return { kind: "origin", escapedPath: address, rawQuery };
  }
  return parseAbsolute(target, address, rawQuery);
}

/**
 * The verdict of `parseTarget` on a target that the head scanner has cut, so that its octets are known to be
 * good. Makes no object for the usual form.
 */
export function checkTarget(method: string, target: string): void {
  const usual = target.charCodeAt(0) === 0x2f && method !== "CONNECT";
  if (usual && !target.includes("%")) return;
  parseTarget(method, target);
}

/**
 * Takes the value of a Host field apart: a registered name or IPv4 address, or an IPv6 address in brackets
 * (with a zone as `%25zone`), then a decimal port if any. The empty value is a host too: a client sends it
 * when its target has none. Throws "bad-host". RFC 9110 §7.2
 */
export function parseHost(text: string): HostPort {
  const end = text.startsWith("[") ? text.indexOf("]") + 1 : nameEnd(text);
  const host = text.slice(0, end);
  const good = text.startsWith("[")
    ? end > 0 && isIPLiteral(host.slice(1, -1))
    : hasGoodEscapes(host);
  if (!good) throw badHost(text);
  if (end === text.length) return { host, port: undefined };
  const port = text.slice(end + 1);
  if (text.charAt(end) !== ":" || (port !== "" && !isDigits(port))) throw badHost(text);
  return { host, port };
}

/** The verdict of `parseHost`; makes no object for a name with or without a port. */
export function checkHost(text: string): void {
  let i = 0;
  while (i < text.length && PLAIN_HOST[text.charCodeAt(i)] === 1) i++;
  if (i === text.length) return;
  if (text.charCodeAt(i) === 0x3a && isDigits(text.slice(i + 1))) return;
  parseHost(text);
}

/** unreserved and sub-delims of RFC 3986: what a registered name is made of, but for percent-encodings. */
const PLAIN_HOST: Uint8Array = charClass(/[A-Za-z0-9._~!$&'()*+,;=-]/);
const USER_INFORMATION: Uint8Array = charClass(/[A-Za-z0-9._~!$&'()*+,;=%:-]/);
const SCHEME: Uint8Array = charClass(/[A-Za-z0-9+.-]/);
const LETTER: Uint8Array = charClass(/[A-Za-z]/);

const MAX_PORT = 65_535;

/** `scheme://[user@]host[:port][/path]`, the query cut off. */
function parseAbsolute(target: string, address: string, rawQuery: string | undefined): Target {
  const colon = address.indexOf("://");
  if (colon < 1) throw badTarget(target);
  const scheme = address.slice(0, colon);
  if (LETTER[scheme.charCodeAt(0)] !== 1 || !allIn(SCHEME, scheme)) throw badTarget(target);
  const start = colon + 3;
  const slash = address.indexOf("/", start);
  const end = slash < 0 ? address.length : slash;
  const escapedPath = address.slice(end);
  const at = address.lastIndexOf("@", end - 1);
  const authority = address.slice(at < start ? start : at + 1, end);
  if (at >= start && !isUserInformation(address.slice(start, at))) throw badTarget(target);
  if (hostOf(authority, target).host === "" || !hasGoodEscapes(escapedPath)) {
    throw badTarget(target);
  }
  return { kind: "absolute", scheme: lowerAscii(scheme), authority, escapedPath, rawQuery };
}

/** RFC 9110 §9.3.6: host and port, neither of them empty, and a port that can be. */
function checkTunnelAuthority(target: string): void {
  const { host, port } = hostOf(target, target);
  if (host === "" || port === undefined || port === "") throw badTarget(target);
  let value = 0;
  for (let i = 0; i < port.length && value <= MAX_PORT; i++) {
    value = value * 10 + port.charCodeAt(i) - 0x30;
  }
  if (value === 0 || value > MAX_PORT) throw badTarget(target);
}

/** As parseHost, but the fault is the target's. */
function hostOf(authority: string, target: string): HostPort {
  try {
    return parseHost(authority);
  } catch {
    // The only throw in there is "bad-host": the same finding, told of the word the peer sent.
    throw badTarget(target);
  }
}

function isUserInformation(text: string): boolean {
  return allIn(USER_INFORMATION, text) && hasGoodEscapes(text);
}

/** Where a registered name stops; "%" belongs to it, what follows it is checked apart. */
function nameEnd(text: string): number {
  let i = 0;
  while (i < text.length && (PLAIN_HOST[text.charCodeAt(i)] === 1 || text.charAt(i) === "%")) i++;
  return i;
}

function badTarget(target: string): WireError {
  return new WireError("bad-target", { evidence: target });
}

function badHost(text: string): WireError {
  return new WireError("bad-host", { evidence: text });
}

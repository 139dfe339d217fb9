/**
 * Basic credentials, read and written.
 * RFC 7617 §2, RFC 9110 §11.4 · Go: request.go parseBasicAuth, SetBasicAuth
 *
 * Rule of this file: the value of one Authorization or Proxy-Authorization field. It compares
 * nothing: who checks a password uses a comparison that takes constant time.
 */
import { equalsIgnoringCase, SP } from "../wire/mod.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { SemanticsError } from "./errors.ts";

/** A user name and a password. Control characters have no special meaning in either. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads `Basic <base64 of username:password in UTF-8>`: the scheme in any case, one or more spaces,
 * then strict base64 (see base64.ts). The first colon divides; the password may hold more of them.
 * Undefined for another scheme, for bad base64, for octets that are not UTF-8 (or two different
 * passwords could read as the same string), and when there is no colon.
 */
export function parseBasic(value: string): BasicCredentials | undefined {
  if (!equalsIgnoringCase(value.slice(0, SCHEME.length), SCHEME)) return undefined;
  const octets = decodeBase64(value.slice(skipSpaces(value, SCHEME.length)));
  const pair = octets === undefined ? undefined : decodeUtf8(octets);
  const colon = pair === undefined ? -1 : pair.indexOf(":");
  if (pair === undefined || colon < 0) return undefined;
  return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/**
 * Writes the value of an Authorization field: `Basic <base64 of username:password in UTF-8>`.
 *
 * @throws {SemanticsError} `bad-basic-username` when the name holds a colon
 */
export function formatBasic({ username, password }: BasicCredentials): string {
  if (username.includes(":")) throw new SemanticsError("bad-basic-username");
  return `Basic ${encodeBase64(new TextEncoder().encode(`${username}:${password}`))}`;
}

const SCHEME = "basic ";

function skipSpaces(value: string, from: number): number {
  let at = from;
  while (value.charCodeAt(at) === SP) at++;
  return at;
}

function decodeUtf8(octets: Uint8Array): string | undefined {
  try {
    // ignoreBOM keeps a leading U+FEFF: it is a part of the name like any other.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    // The only thing thrown here is "not UTF-8", and to the caller that is "no credentials".
    return undefined;
  }
}

/**
 * What may stand between the brackets of a host: an IPv6 address, one with a zone, or a future form.
 * RFC 3986 §3.2.2, RFC 6874 · Go: netip.ParseAddr, url.parseHost
 *
 * Rule of this file: a yes or no, counted group by group; the address is never converted.
 */
import { allIn, charClass, hasGoodEscapes, isDigits, isHexDigit } from "./ascii.ts";

/**
 * Is it an IPv6 address, an IPv6 address with a zone written `%25zone`, or `vX.…` (a form to come)? The
 * brackets are not part of the text. A zone is one or more unreserved characters or percent-encodings.
 */
export function isIPLiteral(text: string): boolean {
  if (text.startsWith("v") || text.startsWith("V")) return isFutureForm(text);
  const zone = text.indexOf("%");
  if (zone < 0) return isIPv6(text);
  return isIPv6(text.slice(0, zone)) && isZone(text.slice(zone));
}

const ZONE: Uint8Array = charClass(/[A-Za-z0-9._~%-]/);
const FUTURE: Uint8Array = charClass(/[A-Za-z0-9._~!$&'()*+,;=:-]/);

/** An IPv6 address has eight groups of 16 bits; an IPv4 address at the end stands for two. */
const GROUPS = 8;

function isIPv6(text: string): boolean {
  const gap = text.indexOf("::");
  if (gap < 0) return countGroups(text, "may-end-in-ipv4") === GROUPS;
  const left = gap === 0 ? 0 : countGroups(text.slice(0, gap), "groups-only");
  const rest = text.slice(gap + 2);
  const right = rest === "" ? 0 : countGroups(rest, "may-end-in-ipv4");
  // "::" stands for one group at the least. A second "::" leaves an empty group, which no count survives.
  return left !== undefined && right !== undefined && left + right < GROUPS;
}

/** How many groups there are; undefined when one of them is none. */
function countGroups(text: string, last: "groups-only" | "may-end-in-ipv4"): number | undefined {
  const groups = text.split(":", GROUPS + 1);
  const tail = groups.pop()!;
  if (!groups.every(isGroup)) return undefined;
  if (isGroup(tail)) return groups.length + 1;
  return last === "may-end-in-ipv4" && isIPv4(tail) ? groups.length + 2 : undefined;
}

function isGroup(text: string): boolean {
  return text.length >= 1 && text.length <= 4 && isHexadecimal(text);
}

function isIPv4(text: string): boolean {
  const parts = text.split(".", 5);
  return parts.length === 4 && parts.every(isByte);
}

/** 0 to 255 without leading zeros: strings of digits, of which three-digit ones compare as text. */
function isByte(text: string): boolean {
  if (!isDigits(text) || text.length > 3) return false;
  if (text.length > 1 && text.startsWith("0")) return false;
  return text.length < 3 || text <= "255";
}

function isZone(text: string): boolean {
  return text.startsWith("%25") && text.length > 3 && allIn(ZONE, text) && hasGoodEscapes(text);
}

/** "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
function isFutureForm(text: string): boolean {
  const dot = text.indexOf(".");
  if (dot < 2 || !isHexadecimal(text.slice(1, dot))) return false;
  return dot < text.length - 1 && allIn(FUTURE, text.slice(dot + 1));
}

function isHexadecimal(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (!isHexDigit(text.charCodeAt(i))) return false;
  }
  return true;
}

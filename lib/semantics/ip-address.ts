/**
 * IP addresses and blocks of them, as octets.
 * RFC 4632, RFC 4291 §2 · Go: netip.ParseAddr, netip.Prefix.Contains
 *
 * Rule of this file: an address is 16 octets, an IPv4 one as ::ffff:a.b.c.d, so that both spellings of one
 * address are one. Octets are read digit by digit.
 */
import { HEX_VALUE, isDigits } from "../wire/mod.ts";

/** The 16 octets of an address, with or without a zone; undefined for what is none. */
export function parseAddress(text: string): Uint8Array | undefined {
  const zone = text.indexOf("%");
  const plain = zone < 0 ? text : text.slice(0, zone);
  if (!plain.includes(":")) {
    const octets = zone < 0 ? ipv4Octets(plain) : undefined;
    return octets === undefined ? undefined : Uint8Array.of(...MAPPED, ...octets);
  }
  return ipv6Octets(plain);
}

/** The four octets of an IPv4 address; undefined for an IPv6 one. Go: IP.To4 */
export function ipv4Of(address: Uint8Array): Uint8Array | undefined {
  return MAPPED.every((octet, i) => address[i] === octet) ? address.slice(12) : undefined;
}

/** All addresses that begin with the same bits. */
export interface AddressBlock {
  readonly address: Uint8Array;
  /** How many of the 128. */
  readonly bits: number;
}

/** `10.0.0.0/8`, or one address; undefined for anything else, also with a zone. */
export function parseAddressBlock(text: string): AddressBlock | undefined {
  const slash = text.indexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  const address = parseAddress(host);
  const width = host.includes(":") ? 128 : 32;
  const bits = slash < 0 ? width : decimal(text.slice(slash + 1), width);
  if (address === undefined || bits === undefined || host.includes("%")) return undefined;
  return { address, bits: bits + 128 - width };
}

/** Is the address in the block? */
export function blockContains({ address, bits }: AddressBlock, other: Uint8Array): boolean {
  for (let i = 0; i * 8 < bits; i++) {
    const kept = Math.min(8, bits - i * 8);
    const mask = (0xff00 >> kept) & 0xff;
    if (((address[i]! ^ other[i]!) & mask) !== 0) return false;
  }
  return true;
}

/** What stands before the four octets of an IPv4 address. */
const MAPPED: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** 0 to `max` in decimal digits without leading zeros. */
function decimal(text: string, max: number): number | undefined {
  if (!isDigits(text) || text.length > 3 || (text.length > 1 && text.startsWith("0"))) {
    return undefined;
  }
  let value = 0;
  for (let i = 0; i < text.length; i++) value = value * 10 + text.charCodeAt(i) - 0x30;
  return value <= max ? value : undefined;
}

function ipv4Octets(text: string): number[] | undefined {
  const octets = text.split(".", 5).map((part) => decimal(part, 255));
  return octets.length === 4 && octets.every((octet) => octet !== undefined) ? octets : undefined;
}

function ipv6Octets(text: string): Uint8Array | undefined {
  const gap = text.indexOf("::");
  // An IPv4 address may stand at the end alone.
  const left = gap < 0 ? groupOctets(text, "may-end-in-ipv4") : groupOctets(text.slice(0, gap));
  const right = gap < 0 ? [] : groupOctets(text.slice(gap + 2), "may-end-in-ipv4");
  if (left === undefined || right === undefined) return undefined;
  const count = left.length + right.length;
  // "::" stands for one group at the least.
  if (gap < 0 ? count !== 16 : count > 14) return undefined;
  const octets = new Uint8Array(16);
  octets.set(left);
  octets.set(right, 16 - right.length);
  return octets;
}

/** The octets of groups between colons. */
function groupOctets(
  text: string,
  end: "may-end-in-ipv4" | "groups-only" = "groups-only",
): number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":", 9);
  const octets: number[] = [];
  for (const [i, group] of groups.entries()) {
    const last = i === groups.length - 1 && group.includes(".");
    const more = last && end === "may-end-in-ipv4" ? ipv4Octets(group) : group16(group);
    if (more === undefined) return undefined;
    octets.push(...more);
  }
  return octets;
}

function group16(text: string): number[] | undefined {
  if (text.length < 1 || text.length > 4) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = HEX_VALUE[text.charCodeAt(i)] ?? 255;
    if (digit > 15) return undefined;
    value = value * 16 + digit;
  }
  return [value >> 8, value & 0xff];
}

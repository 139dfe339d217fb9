/**
 * NO_PROXY: which hosts are reached without the proxy.
 * Go: x/net httpproxy config.init, useProxy
 *
 * Rule of this file: the list is parsed once, into small matchers; a malformed entry is passed over.
 *
 *   *                      every host
 *   192.0.2.1, ::1         that address             192.0.2.1:80, [::1]:80   on that port
 *   192.0.2.0/24           addresses of that net
 *   example.com            it and its subdomains    example.com:8080         on that port
 *   .example.com, *.example.com                     its subdomains alone
 */
import {
  type AddressBlock,
  blockContains,
  ipv4Of,
  parseAddress,
  parseAddressBlock,
  parseURL,
} from "../../semantics/mod.ts";
import { allIn, charClass } from "../../wire/mod.ts";

/** Asked for a host without brackets and its port in digits. */
export type NoProxy = (host: string, port: string) => "proxy" | "direct";

/** What a host is matched by; `ip` when it is an address. */
type Matcher = (host: string, port: string, ip: Uint8Array | undefined) => boolean;

/**
 * Reads the list. Whatever it says, "localhost" and loopback addresses are "direct": a proxy's localhost is
 * another machine.
 */
export function parseNoProxy(list: string): NoProxy {
  const matchers = list.split(",").flatMap((entry) => {
    const matcher = matcherOf(entry.trim().toLowerCase());
    return matcher === undefined ? [] : [matcher];
  });
  return (host, port) => {
    const name = asciiHost(host.trim().toLowerCase());
    const ip = parseAddress(name);
    if (name === "localhost" || (ip !== undefined && isLoopback(ip))) return "direct";
    return matchers.some((matches) => matches(name, port, ip)) ? "direct" : "proxy";
  };
}

function matcherOf(entry: string): Matcher | undefined {
  if (entry === "") return undefined;
  if (entry === "*") return () => true;
  const { host, port } = splitPort(entry);
  const onPort = (asked: string): boolean => port === "" || port === asked;
  // A block has no port: its text has a slash behind the last colon.
  const block =
    parseAddressBlock(entry) ?? (host.includes("/") ? undefined : parseAddressBlock(host));
  if (block !== undefined) {
    return (_name, asked, ip) => ip !== undefined && isIn(block, ip) && onPort(asked);
  }
  return domainMatcher(host, onPort);
}

/** An address is never matched by its text: "1" would be the domain of 192.0.2.1. */
function domainMatcher(host: string, onPort: (asked: string) => boolean): Matcher | undefined {
  const suffix = host.startsWith("*.") ? host.slice(1) : host;
  const isWhole = !suffix.startsWith(".");
  const domain = asciiHost(isWhole ? suffix : suffix.slice(1));
  if (domain === "") return undefined;
  return (name, asked, ip) =>
    ip === undefined &&
    (name.endsWith(`.${domain}`) || (isWhole && name === domain)) &&
    onPort(asked);
}

/** As in Go no block of IPv6 addresses holds an IPv4 one, however short its prefix is. */
function isIn(block: AddressBlock, ip: Uint8Array): boolean {
  const sameFamily = (ipv4Of(block.address) === undefined) === (ipv4Of(ip) === undefined);
  return sameFamily && blockContains(block, ip);
}

/** 127.0.0.0/8 and ::1. */
function isLoopback(ip: Uint8Array): boolean {
  const ipv4 = ipv4Of(ip);
  return ipv4 === undefined
    ? ip.every((octet, i) => octet === (i === 15 ? 1 : 0))
    : ipv4[0] === 127;
}

/** "host:port" and "[host]:port"; anything else is a host alone, also an IPv6 address. Go: net.SplitHostPort */
function splitPort(entry: string): { host: string; port: string } {
  const colon = entry.lastIndexOf(":");
  const host = entry.slice(0, Math.max(0, colon));
  const port = entry.slice(colon + 1);
  if (colon < 0) return { host: entry, port: "" };
  if (host.startsWith("[") && host.endsWith("]")) return { host: host.slice(1, -1), port };
  return host.includes(":") ? { host: entry, port: "" } : { host, port };
}

const ASCII: Uint8Array = charClass(/[\0-\x7f]/);

/** A name with other letters as DNS has it (`xn--…`); one that has no such form stays as it is. */
function asciiHost(name: string): string {
  if (allIn(ASCII, name) || /[/?#@:\\]/.test(name)) return name;
  return parseURL(`http://${name}`)?.hostname ?? name;
}

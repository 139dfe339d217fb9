/**
 * What proxies say of the request they hand on: Forwarded, and the fields that came before it.
 * RFC 7239 §4 to §6 · Go: net/http/httputil ReverseProxy SetXForwarded, the other way round
 *
 * Rule of this file: text to values, in the order of the hops, the nearest proxy's last. Nothing is believed
 * here; who may be believed is decided in real-ip.ts.
 */
import type { Header } from "../../wire/mod.ts";
import { lowerAscii, parseParameters, splitList, trimOws } from "../../wire/mod.ts";

/** What one proxy said. Absent is what it did not say, or said in a way that cannot be read. */
export interface ForwardedHop {
  /** Whom the proxy got the request from: an IP address, "unknown", or a name that begins with "_". */
  readonly for?: string | undefined;
  readonly port?: number | undefined;
  readonly proto?: string | undefined;
  readonly host?: string | undefined;
}

/** The hops of the Forwarded fields. An element that is not well formed says nothing. RFC 7239 §4 */
export function parseForwarded(values: readonly string[]): ForwardedHop[] {
  return values.flatMap(splitList).map((element) => {
    try {
      const said = parseParameters(element);
      return { ...nodeOf(said.get("for")), proto: said.get("proto"), host: said.get("host") };
    } catch {
      return {};
    }
  });
}

/**
 * The hops of X-Forwarded-For, with X-Forwarded-Proto and -Host beside them, both counted from the nearest
 * proxy: where there are fewer than hops, the first stands for all before it.
 */
export function parseXForwarded(header: Header): ForwardedHop[] {
  const addresses = listOf(header, "x-forwarded-for");
  const protos = listOf(header, "x-forwarded-proto");
  const hosts = listOf(header, "x-forwarded-host");
  return addresses.map((address, i) => {
    const fromEnd = addresses.length - i;
    return { ...nodeOf(address), proto: counted(protos, fromEnd), host: counted(hosts, fromEnd) };
  });
}

function listOf(header: Header, name: string): string[] {
  // An empty element is a hop that said nothing: it keeps its place.
  return header.values(name).flatMap((value) => value.split(",").map(trimOws));
}

function counted(list: readonly string[], fromEnd: number): string | undefined {
  return list[Math.max(0, list.length - fromEnd)];
}

/** An address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`. */
function nodeOf(text: string | undefined): Pick<ForwardedHop, "for" | "port"> {
  if (text === undefined || text === "") return {};
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    if (end < 0) return {};
    const rest = text.slice(end + 1);
    return { for: lowerAscii(text.slice(1, end)), port: portOf(rest) };
  }
  const colon = text.indexOf(":");
  if (colon < 0 || colon !== text.lastIndexOf(":")) return { for: lowerAscii(text) };
  return { for: lowerAscii(text.slice(0, colon)), port: portOf(text.slice(colon)) };
}

/** Of ":80" the number; undefined for a hidden port (":_p") and for what is none. */
function portOf(text: string): number | undefined {
  if (!/^:[0-9]{1,5}$/.test(text)) return undefined;
  let port = 0;
  for (let i = 1; i < text.length; i++) port = port * 10 + text.charCodeAt(i) - 0x30;
  return port <= 65_535 ? port : undefined;
}

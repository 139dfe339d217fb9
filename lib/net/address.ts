/**
 * The addresses that `listen` takes, read into one form.
 * Go: net.SplitHostPort, net.LookupPort, net.Listen
 *
 * Rule of this file: pure; it resolves no name and opens nothing. Anything unclear is refused with the place.
 *
 *   ":8080"  all addresses, both IP families      "[::1]:80"  brackets around IPv6
 *   ""       the scheme's own port                ":http"     a port by name
 *   ":0"     any free port                        { path }, { fd }, { host, port, … }
 */
import { IoError } from "../bufio/mod.ts";

export interface TcpAddress {
  /** Name or IP address; absent: all addresses of both families. */
  readonly host?: string | undefined;
  /** 0 to 65535; 0 takes any free port. */
  readonly port: number;
  /** Connections the kernel may hold ready for us. Default: Node's 511. */
  readonly backlog?: number | undefined;
  /** Do not accept IPv4 on an IPv6 socket. */
  readonly ipv6Only?: boolean | undefined;
  /** Lets several processes listen on the same port, where Node has it (22.12 and later). */
  readonly reusePort?: boolean | undefined;
  /** Do not share the socket with other cluster workers. */
  readonly exclusive?: boolean | undefined;
}

/** What `listen` takes, apart from a ready Listener. */
export type ListenAddress =
  | string
  | TcpAddress
  | { readonly path: string; readonly backlog?: number | undefined }
  | { readonly fd: number };

/** One address, of one kind. */
export type ListenTarget =
  | ({ readonly kind: "tcp" } & TcpAddress)
  | { readonly kind: "unix"; readonly path: string; readonly backlog?: number | undefined }
  | { readonly kind: "fd"; readonly fd: number };

const PORT_MAX = 65_535;

/** The port names that HTTP knows; a full table of services is the system's affair. */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
]);

/** Reads an address. `service` is what the empty string stands for. Throws IoError "bad-address". */
export function parseListenAddr(
  addr: ListenAddress,
  service: "http" | "https" = "http",
): ListenTarget {
  if (typeof addr === "string") {
    return { kind: "tcp", ...splitHostPort(addr === "" ? `:${service}` : addr) };
  }
  if ("path" in addr) {
    if (addr.path === "" || addr.path.includes("\0")) throw bad(addr.path, "not a path");
    return { kind: "unix", path: addr.path, backlog: addr.backlog };
  }
  if ("fd" in addr) {
    if (!Number.isSafeInteger(addr.fd) || addr.fd < 0)
      throw bad(String(addr.fd), "not a descriptor");
    return { kind: "fd", fd: addr.fd };
  }
  if (!Number.isSafeInteger(addr.port) || addr.port < 0 || addr.port > PORT_MAX) {
    throw bad(String(addr.port), "the port must be 0 to 65535");
  }
  return { kind: "tcp", ...addr, host: addr.host === "" ? undefined : addr.host };
}

function splitHostPort(addr: string): { host?: string | undefined; port: number } {
  if (addr.startsWith("[")) {
    const close = addr.indexOf("]");
    if (close < 0) throw bad(addr, "the bracket is not closed");
    if (addr[close + 1] !== ":") throw bad(addr, "the port is missing");
    const host = addr.slice(1, close);
    if (!/^[0-9A-Fa-f:.]*(?:%[\w.-]+)?$/.test(host)) throw bad(addr, "not an IPv6 address");
    return { host: host === "" ? undefined : host, port: parsePort(addr, addr.slice(close + 2)) };
  }
  const colon = addr.lastIndexOf(":");
  if (colon < 0) throw bad(addr, 'the port is missing (write "host:port", or ":port" for all)');
  const host = addr.slice(0, colon);
  if (host.includes(":")) throw bad(addr, "too many colons (write IPv6 addresses in brackets)");
  if (!/^[\w.-]*$/.test(host)) throw bad(addr, "not a host name");
  return { host: host === "" ? undefined : host, port: parsePort(addr, addr.slice(colon + 1)) };
}

// As in Go an empty port is 0: any free one.
function parsePort(addr: string, text: string): number {
  if (text === "") return 0;
  const named = SERVICES.get(text.toLowerCase());
  if (named !== undefined) return named;
  if (!/^[0-9]{1,5}$/.test(text)) throw bad(addr, "not a port");
  let port = 0;
  for (const digit of text) port = port * 10 + (digit.charCodeAt(0) - 48);
  if (port > PORT_MAX) throw bad(addr, "the port must be 0 to 65535");
  return port;
}

function bad(addr: string, why: string): IoError {
  return new IoError("bad-address", { detail: `${JSON.stringify(addr)}: ${why}` });
}

/**
 * realIp: whom a request comes from when proxies stand between.
 * RFC 7239 §5, §8.1 · Go: nothing; as proxy-addr and nginx's realip do
 *
 * Rule of this file: from the connection's own peer backwards, and only as far as trust goes: the first
 * address that is not trusted is the client, whatever is written before it.
 */
import type { Addr } from "../../bufio/mod.ts";
import type { Request } from "../../message/mod.ts";
import { parseAddress } from "../../semantics/mod.ts";
import { checkHost, lowerAscii } from "../../wire/mod.ts";
import { handlerFunc } from "../handler.ts";
import { AddressSet } from "./address-set.ts";
import type { Middleware } from "./chain.ts";
import type { ForwardedHop } from "./forwarded.ts";
import { parseForwarded, parseXForwarded } from "./forwarded.ts";
import type { RequestValue } from "./request-value.ts";
import { requestValue } from "./request-value.ts";

export interface RealIpOptions {
  /**
   * The proxies that tell the truth: addresses, blocks (`10.0.0.0/8`, `fd00::/8`), and the names `loopback`,
   * `link-local`, `private`, `unix` (peers on Unix sockets and pipes).
   */
  readonly trust: readonly string[];
  /**
   * Which field these proxies write. Only that is read: the other one would be whatever the client likes.
   * Default "x-forwarded-for" (with X-Forwarded-Proto and X-Forwarded-Host).
   */
  readonly field?: "x-forwarded-for" | "forwarded" | undefined;
  /** "replace": `r.host` becomes the host that the client asked the outermost trusted proxy for. Default "keep". */
  readonly host?: "keep" | "replace" | undefined;
}

/** What the trusted proxies said of a request. */
export interface ForwardedRequest {
  /** "http" or "https": how the client spoke to the outermost trusted proxy; undefined where none said. */
  readonly proto: "http" | "https" | undefined;
  /** The host it asked for; undefined where none said, or for what is no host. */
  readonly host: string | undefined;
  /** How many proxies were believed, the connection's peer included. */
  readonly hops: number;
}

/** What `realIp` has found out; undefined for a request that did not come from a trusted proxy. */
export const forwarded: RequestValue<ForwardedRequest> = requestValue("forwarded");

/**
 * Gives handlers the client's address as `r.remoteAddr` where the request came through trusted proxies (port
 * 0 where they did not tell it). The fields stay as they are. Throws "bad-trust-list".
 *
 * Trust what stands before this server and nothing more: who is trusted can be anybody.
 *
 *   const server = realIp({ trust: ["loopback", "10.0.0.0/8"] })(accessLog(mux, console.log));
 *   const secure = forwarded.get(r)?.proto === "https";
 */
export function realIp<C = unknown>(options: RealIpOptions): Middleware<C> {
  const trusted = new AddressSet(options.trust);
  return (handler) => {
    const serve = handlerFunc(handler);
    return (w, r) => serve(w, seenThrough(r, trusted, options));
  };
}

function seenThrough<C>(r: Request<C>, trusted: AddressSet, options: RealIpOptions): Request<C> {
  const { remoteAddr } = r;
  if (remoteAddr === undefined || !isTrusted(remoteAddr, trusted)) return r;
  const hops =
    options.field === "forwarded"
      ? parseForwarded(r.header.values("forwarded"))
      : parseXForwarded(r.header);
  const { addr, at } = walk(remoteAddr, hops, trusted);
  const said = hops[at];
  if (said === undefined) return r;
  const told = { proto: protoOf(said), host: hostOf(said), hops: hops.length - at };
  forwarded.set(r, told);
  const { localAddr, tls, context, server } = r;
  const exchange = {
    remoteAddr: addr,
    localAddr,
    tls,
    context,
    server,
    get signal(): AbortSignal {
      return r.signal;
    },
  };
  const host = options.host === "replace" ? (told.host ?? r.host) : r.host;
  return r.with({ exchange, host });
}

/** The first that is not trusted, from the right, and the place of the hop that named it. */
function walk(
  peer: Addr,
  hops: readonly ForwardedHop[],
  trusted: AddressSet,
): { addr: Addr; at: number } {
  let addr = peer;
  let at = hops.length;
  while (at > 0) {
    const { for: host = "", port = 0 } = hops[at - 1]!;
    const address = parseAddress(host);
    // "unknown", a hidden name, nonsense: the last address that can be believed is the proxy's.
    if (address === undefined) break;
    at--;
    addr = { network: "tcp", host, port };
    if (!trusted.has(address)) break;
  }
  return { addr, at };
}

function isTrusted(addr: Addr, trusted: AddressSet): boolean {
  if (addr.network !== "tcp") return trusted.hasUnix;
  const address = parseAddress(addr.host);
  return address !== undefined && trusted.has(address);
}

function protoOf({ proto }: ForwardedHop): "http" | "https" | undefined {
  const lower = lowerAscii(proto ?? "");
  return lower === "http" || lower === "https" ? lower : undefined;
}

function hostOf({ host }: ForwardedHop): string | undefined {
  if (host === undefined || host === "") return undefined;
  try {
    checkHost(host);
    return host;
  } catch {
    return undefined;
  }
}

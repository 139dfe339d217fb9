/**
 * What a Server can be told, what a platform gives it, and what it tells of itself.
 * Go: http.Server (its fields)
 *
 * Rule of this file: types only. The numbers and their reasons stand in limits.ts and timeouts.ts here and
 * in limits.ts of wire.
 */
import type { Clock, Conn, Listener, TempStore } from "../bufio/mod.ts";
import type { Request } from "../message/mod.ts";
import type { DecodeLatin1, Profile, WireLimits } from "../wire/mod.ts";
import type { Handler } from "./handler.ts";
import type { ConnState, RefusalEvent } from "./host.ts";
import type { ServerLimits } from "./limits.ts";
import type { ServerTimeouts } from "./timeouts.ts";

/** What a TLS listener has to know of its server. */
export interface TlsHooks {
  readonly handshakeTimeoutMs: number;
  /** Names for ALPN beside http/1.1. */
  readonly alpnProtocols: readonly string[];
  readonly onTlsError: (error: Error) => void;
  /** How many handshakes may go on at a time, asked at each connection: they have descriptors too. */
  readonly handshakesMax: () => number;
}

/** What a platform gives a server; everything optional is refused with "no-platform" where it is missing. */
export interface Platform {
  readonly clock?: Clock | undefined;
  /** A faster way from octets to text than the portable one. */
  readonly decode?: DecodeLatin1 | undefined;
  /** Where uploads go that do not fit in memory. */
  readonly tempStore?: TempStore | undefined;
  /** How many descriptors the process may have open; undefined where that cannot be known. */
  readonly descriptorLimit?: number | undefined;
  /** Listens on an address in the forms of `listenAndServe`. */
  readonly listen?: ((addr: unknown) => Promise<Listener>) | undefined;
  /** The same with TLS. */
  readonly listenTLS?:
    | ((addr: unknown, tls: unknown, hooks: TlsHooks) => Promise<Listener>)
    | undefined;
  /** Where log lines go that no `errorLog` takes. */
  readonly log?: ((message: string, cause?: unknown) => void) | undefined;
  /** Calls a handler in an async resource of its own. */
  readonly inNewContext?: (<T>(fn: () => T) => T) | undefined;
}

/** All optional. Limits and timeouts: docs/limits.md and docs/timeouts.md; ms and bytes. */
export interface ServerOptions<C = unknown>
  extends Partial<WireLimits>,
    Partial<ServerLimits>,
    Partial<ServerTimeouts> {
  /** What answers. Default: defaultServeMux. */
  readonly handler?: Handler<C> | undefined;
  /** Hand `OPTIONS *` to the handler instead of answering it. Go: DisableGeneralOptionsHandler */
  readonly disableGeneralOptionsHandler?: boolean | undefined;
  /** Certificates and the rest of TLS, for `listenAndServeTLS` and `serveTLS`. */
  readonly tls?: unknown;
  /** Takes over connections on which ALPN chose another protocol. Go: TLSNextProto */
  readonly tlsNextProto?: Readonly<Record<string, (conn: Conn) => void>> | undefined;
  /** Where uploads go that do not fit in memory. Default: the platform's temporary folder; without one, 413. */
  readonly tempStore?: TempStore | undefined;
  /** Told of every change of a connection's state, synchronously. Go: ConnState */
  readonly connState?: ((conn: Conn, state: ConnState) => void) | undefined;
  /** Takes the log lines. Default: the platform's (console.error on Node). Go: ErrorLog */
  readonly errorLog?: ((message: string, cause?: unknown) => void) | undefined;
  /** Told of every request that was refused before a handler saw it. */
  readonly onRefusal?: ((event: RefusalEvent) => void) | undefined;
  /** Told of what handlers throw; default: a log line. */
  readonly onError?: ((error: unknown, request: Request<C>) => void) | undefined;
  /** Makes the base value for a listener's connections. Go: BaseContext */
  readonly baseContext?: ((listener: Listener) => unknown) | undefined;
  /** Makes the value that requests of a connection show as `r.context`. Go: ConnContext */
  readonly connContext?: ((conn: Conn, base: unknown) => C) | undefined;
  /**
   * A fresh async resource per request: without it AsyncLocalStorage.enterWith in a handler reaches the next
   * request of the same connection. Default: off, it costs about a microsecond.
   */
  readonly asyncContext?: boolean | undefined;
  /**
   * What to do with a target that begins with https:// on a connection without TLS. "accept" is for servers
   * behind a gateway that ends TLS. Default "refuse", with 421. RFC 9110 §7.4
   */
  readonly httpsOverPlain?: "refuse" | "accept" | undefined;
  /** How strictly requests are read. Default "strict". */
  readonly profile?: Profile | undefined;
}

/** What a server is doing. */
export interface ServerStats {
  /** Open connections by state. */
  readonly conns: { readonly total: number; readonly idle: number; readonly active: number };
  /** Connections accepted since the start, and refused for maxConns. */
  readonly accepted: number;
  readonly surplus: number;
}

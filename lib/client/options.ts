/**
 * What a Transport can be told, and the settings that come of it.
 * Go: http.Transport (its fields)
 *
 * Rule of this file: names and defaults. The numbers and their reasons stand in limits.ts and timeouts.ts here
 * and in limits.ts of wire.
 */
import type { Conn, Dial } from "../bufio/mod.ts";
import type { DecodeLatin1, HeaderInit, WireLimits } from "../wire/mod.ts";
import { RESPONSE_LIMITS } from "../wire/mod.ts";
import type {
  ClientPlatform,
  Proxy,
  RetryRule,
  RoundTripOptions,
  RoundTripper,
} from "./contracts.ts";
import { DECODE_LIMITS, type DecodeLimitName, type DecodeOptions } from "./decode/mod.ts";
import { TRANSPORT_LIMITS, type TransportLimitName } from "./limits.ts";
import { PROXY_TIMEOUTS, type ProxyAnswer } from "./proxy/mod.ts";
import { TRANSPORT_TIMEOUTS, type TransportTimeoutName } from "./timeouts.ts";
import type { Trace } from "./trace.ts";

/** The limits of a Transport; see TRANSPORT_LIMITS. */
export type TransportLimits = Readonly<Record<TransportLimitName, number>>;
/** The timeouts of a Transport in ms; see TRANSPORT_TIMEOUTS. Infinity for none. */
export type TransportTimeouts = Readonly<Record<TransportTimeoutName, number>>;

/** The limits of wire that hold for responses; the head has maxResponseHeaderBytes. */
type ResponseWireLimits = Omit<WireLimits, "maxHeaderBytes" | "maxTargetBytes" | "maxEmptyLines">;

/** Numbers that may be left out. */
type Given<Name extends string> = { readonly [name in Name]?: number | undefined };

/** All optional. Limits and timeouts: docs/limits.md and docs/timeouts.md. */
export interface TransportOptions
  extends Given<TransportLimitName>,
    Given<TransportTimeoutName>,
    Given<DecodeLimitName>,
    Given<keyof typeof PROXY_TIMEOUTS>,
    Given<keyof ResponseWireLimits> {
  /** Which proxy a request goes through. Default: none. Go: Proxy, ProxyFromEnvironment */
  readonly proxy?: Proxy | undefined;
  /** Opens connections in place of the platform, also those to proxies. Go: DialContext */
  readonly dial?: Dial | undefined;
  /** Opens connections for https without a proxy, TLS included. Go: DialTLSContext */
  readonly dialTLS?: Dial | undefined;
  /** The name asked for (SNI) and verified in place of the URL's host. Go: tls.Config.ServerName */
  readonly serverName?: string | undefined;
  /** Certificates, authorities, versions, as the platform calls them. Go: TLSClientConfig */
  readonly tls?: object | undefined;
  /** One request a connection, which is told so. Go: DisableKeepAlives */
  readonly disableKeepAlives?: boolean | undefined;
  /** Ask for nothing compressed, and leave what comes as it is. Go: DisableCompression */
  readonly disableCompression?: boolean | undefined;
  /** The codings asked for, preferred first, as far as the platform has them. Default ["gzip"], as Go. */
  readonly acceptEncodings?: readonly string[] | undefined;
  /** What User-Agent says where the request does not. */
  readonly userAgent?: string | undefined;
  /** Fields of every CONNECT request to a proxy. Go: ProxyConnectHeader */
  readonly proxyConnectHeader?: HeaderInit | undefined;
  /** The same, asked for each; wins over the former. What it throws ends the call. Go: GetProxyConnectHeader */
  readonly getProxyConnectHeader?:
    | ((proxy: string, target: string) => HeaderInit | Promise<HeaderInit>)
    | undefined;
  /** Sees a proxy's answer to CONNECT before its status counts; what it throws ends the call. */
  readonly onProxyConnectResponse?: ((answer: ProxyAnswer) => void) | undefined;
  /** Takes over connections on which ALPN chose another protocol. Go: TLSNextProto */
  readonly tlsNextProto?:
    | Readonly<Record<string, (authority: string, conn: Conn) => RoundTripper>>
    | undefined;
  /** Default "safe". */
  readonly retry?: RetryRule | undefined;
  /** Told of what no caller can be told: an idle connection that spoke. Default: the platform's log. */
  readonly errorLog?: ((message: string) => void) | undefined;
  /** Watches every call that has no trace of its own. */
  readonly trace?: Trace | undefined;
}

/** What holds for one call, every number known. */
export interface CallSettings {
  readonly trace: Trace | undefined;
  readonly retry: RetryRule;
  readonly responseHeaderTimeout: number;
  readonly bodyIdleTimeout: number;
  readonly expectContinueTimeout: number;
  readonly maxResponseBytes: number;
  readonly proxy: Proxy | undefined;
}

/** What holds for a Transport. */
export interface TransportSettings {
  readonly limits: TransportLimits;
  readonly timeouts: TransportTimeouts;
  readonly wire: WireLimits;
  readonly decode: DecodeLatin1 | undefined;
  /** How far content codings are undone. */
  readonly decoding: DecodeOptions;
  /** ms for a proxy's answer to CONNECT or SOCKS. */
  readonly proxyConnectTimeout: number;
  /** The shortest wait of an ordinary exchange: what the Clock has to be fine enough for. */
  readonly shortestMs: number;
  readonly call: CallSettings;
}

/** Fills in the defaults. */
export function settingsOf(options: TransportOptions, platform: ClientPlatform): TransportSettings {
  const given = withDefaults(TRANSPORT_LIMITS, options);
  // Also one that came too late for the call it was dialled for is not kept then.
  const limits = options.disableKeepAlives === true ? { ...given, maxIdleConnsPerHost: 0 } : given;
  const timeouts = withDefaults(TRANSPORT_TIMEOUTS, options);
  const wire = { ...RESPONSE_LIMITS };
  for (const name of Object.keys(wire) as (keyof WireLimits)[]) {
    const given = (options as Partial<WireLimits>)[name];
    if (given !== undefined) wire[name] = given;
  }
  wire.maxHeaderBytes = limits.maxResponseHeaderBytes;
  const { responseHeaderTimeout, bodyIdleTimeout, idleConnTimeout, writeTimeout } = timeouts;
  return {
    limits,
    timeouts,
    wire,
    decode: platform.decode,
    proxyConnectTimeout: withDefaults(PROXY_TIMEOUTS, options).proxyConnectTimeout,
    decoding: { limits: withDefaults(DECODE_LIMITS, options), maxBytes: limits.maxBodyBytes },
    shortestMs: Math.min(responseHeaderTimeout, bodyIdleTimeout, idleConnTimeout, writeTimeout),
    call: {
      trace: options.trace,
      retry: options.retry ?? "safe",
      responseHeaderTimeout,
      bodyIdleTimeout,
      expectContinueTimeout: timeouts.expectContinueTimeout,
      maxResponseBytes: limits.maxResponseBytes,
      proxy: options.proxy,
    },
  };
}

/** The settings of one call; those of its transport where it asks for nothing. */
export function callSettings(base: CallSettings, own: RoundTripOptions | undefined): CallSettings {
  if (own === undefined) return base;
  return {
    trace: own.trace ?? base.trace,
    retry: own.retry ?? base.retry,
    responseHeaderTimeout: own.responseHeaderTimeout ?? base.responseHeaderTimeout,
    bodyIdleTimeout: own.bodyIdleTimeout ?? base.bodyIdleTimeout,
    expectContinueTimeout: own.expectContinueTimeout ?? base.expectContinueTimeout,
    maxResponseBytes: own.maxResponseBytes ?? base.maxResponseBytes,
    proxy: own.proxy === "direct" ? undefined : (own.proxy ?? base.proxy),
  };
}

function withDefaults<Name extends string>(
  table: Readonly<Record<Name, { readonly default: number }>>,
  given: Given<Name>,
): Readonly<Record<Name, number>> {
  const names = Object.keys(table) as Name[];
  const numbers = names.map((name) => [name, given[name] ?? table[name].default] as const);
  return Object.fromEntries(numbers) as Record<Name, number>;
}

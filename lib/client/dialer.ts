/**
 * From a route to a connection: dialled, through whatever proxy, with TLS where the origin wants it.
 * Go: transport.go dialConn
 *
 * Rule of this file: the order of the steps and the limits of each. What a step does is the platform's, the
 * tunnel's or SOCKS's affair.
 *
 *   http    dial                                https    dial ─► TLS        (or dialTLS)
 *   through an http(s) proxy:
 *           dial proxy [─► TLS]                          dial proxy [─► TLS] ─► CONNECT ─► TLS
 *   through SOCKS5:
 *           dial proxy ─► SOCKS                          dial proxy ─► SOCKS ─► TLS
 */
import { type Conn, type Dial, type DialTrace, IoError } from "../bufio/mod.ts";
import { DEFAULT_USER_AGENT } from "../message/mod.ts";
import { Header } from "../wire/mod.ts";
import type { Call } from "./call.ts";
import type { ClientPlatform } from "./contracts.ts";
import { ClientError, type ClientPhase } from "./errors.ts";
import { hostPort } from "./host-port.ts";
import type { TransportOptions, TransportSettings } from "./options.ts";
import { type ProxyServer, connectThrough, connectThroughSocks } from "./proxy/mod.ts";
import type { Origin } from "./route.ts";
import { type DialTimings, rounded } from "./timings.ts";
import { delay } from "./waiting.ts";

/** A connection, and how long its steps took. */
export interface Dialled {
  readonly conn: Conn;
  readonly timings: DialTimings;
}

const ALPN = "http/1.1";

export class Dialer {
  readonly #options: TransportOptions;
  readonly #settings: TransportSettings;
  readonly #platform: ClientPlatform;

  constructor(options: TransportOptions, settings: TransportSettings, platform: ClientPlatform) {
    this.#options = options;
    this.#settings = settings;
    this.#platform = platform;
  }

  /** Rejects with a ClientError about the call; `signal` gives the dial up, not the call's own. */
  async dial(call: Call, signal: AbortSignal): Promise<Dialled> {
    const attempt = new Attempt(call, signal, this.#platform.clock.now.bind(this.#platform.clock));
    try {
      return { conn: await this.#open(attempt), timings: attempt.timings };
    } catch (cause) {
      throw ClientError.from(cause, "dial-failed", call.facts(attempt.phase));
    }
  }

  async #open(attempt: Attempt): Promise<Conn> {
    const { origin, proxy } = attempt.call.route;
    if (proxy !== undefined) return this.#openThrough(attempt, proxy, origin);
    const { dialTLS } = this.#options;
    if (origin.scheme === "https" && dialTLS !== undefined)
      return this.#dial(attempt, dialTLS, origin);
    const conn = await this.#dial(attempt, this.#plainDial(attempt.call), origin);
    return origin.scheme === "https" ? this.#wrap(attempt, conn, this.#nameOf(origin)) : conn;
  }

  async #openThrough(attempt: Attempt, proxy: ProxyServer, origin: Origin): Promise<Conn> {
    attempt.phase = "proxy";
    let conn = await this.#dial(attempt, this.#plainDial(attempt.call), proxy);
    if (proxy.kind === "https") conn = await this.#wrap(attempt, conn, proxy.host);
    attempt.phase = "proxy";
    const { clock } = this.#platform;
    const { signal } = attempt;
    if (proxy.kind === "socks5") {
      const { credentials } = proxy;
      const timeoutMs = this.#settings.proxyConnectTimeout;
      conn = await connectThroughSocks(conn, {
        clock,
        signal,
        timeoutMs,
        target: origin,
        credentials,
      });
    } else if (origin.scheme === "https") {
      conn = await connectThrough(conn, {
        clock,
        signal,
        timeoutMs: this.#settings.proxyConnectTimeout,
        target: origin,
        header: await this.#connectHeader(conn, proxy, origin),
        userAgent: this.#options.userAgent ?? DEFAULT_USER_AGENT,
        authorization: proxy.authorization,
        onProxyConnectResponse: this.#options.onProxyConnectResponse,
        maxResponseHeaderBytes: this.#settings.limits.maxResponseHeaderBytes,
        decode: this.#settings.decode,
      });
    }
    return origin.scheme === "https" ? this.#wrap(attempt, conn, this.#nameOf(origin)) : conn;
  }

  async #connectHeader(conn: Conn, proxy: ProxyServer, origin: Origin): Promise<Header> {
    const { getProxyConnectHeader, proxyConnectHeader } = this.#options;
    const from = `${proxy.kind}://${hostPort(proxy)}`;
    try {
      const made = await getProxyConnectHeader?.(from, hostPort(origin));
      return new Header(made ?? proxyConnectHeader);
    } catch (error) {
      conn.abort();
      throw error;
    }
  }

  #plainDial(call: Call): Dial {
    const dial = this.#options.dial ?? this.#platform.dial;
    if (dial === undefined) throw call.error("no-dial", "connect");
    return dial;
  }

  async #dial(
    attempt: Attempt,
    dial: Dial,
    { host, port }: { readonly host: string; readonly port: number },
  ): Promise<Conn> {
    const { signal, trace } = attempt;
    const timeoutMs = this.#settings.timeouts.connectTimeout;
    const conn = await attempt.time("connect", () =>
      this.#inTime(dial({ host, port, signal, timeoutMs, trace }), timeoutMs),
    );
    // A hook of the caller's may give anything.
    if ((conn as Conn | undefined) === undefined)
      throw attempt.call.error("dial-failed", "connect");
    return conn;
  }

  /** The limit holds also for a hook that knows of none; what that gives too late is closed. */
  async #inTime(dialled: Promise<Conn>, ms: number): Promise<Conn> {
    const over = new AbortController();
    const late = delay(this.#platform.clock, ms, over.signal).then(
      () => "late" as const,
      () => "late" as const,
    );
    try {
      const conn = await Promise.race([dialled, late]);
      if (conn !== "late") return conn;
      void dialled.then(
        (unwanted: Conn | undefined) => unwanted?.abort(),
        () => undefined,
      );
      throw new IoError("connect-timed-out");
    } finally {
      over.abort();
    }
  }

  #nameOf(origin: Origin): string {
    return this.#options.serverName ?? origin.host;
  }

  /** TLS over what stands. */
  async #wrap(attempt: Attempt, conn: Conn, serverName: string): Promise<Conn> {
    const { wrapTLS } = this.#platform;
    if (wrapTLS === undefined) {
      conn.abort();
      throw attempt.call.error("no-tls", "tls");
    }
    attempt.phase = "tls";
    const { signal, trace } = attempt;
    const { tls, tlsNextProto } = this.#options;
    const timeoutMs = this.#settings.timeouts.tlsHandshakeTimeout;
    const alpnProtocols = [...Object.keys(tlsNextProto ?? {}), ALPN];
    trace.tlsHandshakeStart?.();
    try {
      const where = { serverName, alpnProtocols, tls, timeoutMs, signal };
      const wrapped = await attempt.time("tls", () => wrapTLS(conn, where));
      trace.tlsHandshakeDone?.(wrapped.tls ?? { error: new IoError("tls-failed") });
      return wrapped;
    } catch (error) {
      trace.tlsHandshakeDone?.({ error });
      throw error;
    }
  }
}

/** One dial: where it stands, and its times. */
class Attempt {
  readonly call: Call;
  readonly signal: AbortSignal;
  readonly timings: DialTimings = { dns: undefined, connect: undefined, tls: undefined };
  phase: ClientPhase = "connect";
  readonly #now: () => number;
  #dnsFrom = 0;

  constructor(call: Call, signal: AbortSignal, now: () => number) {
    this.call = call;
    this.signal = signal;
    this.#now = now;
  }

  /** The caller's trace, with our own times taken. */
  get trace(): DialTrace {
    const { trace } = this.call.settings;
    return {
      ...bound(trace),
      dnsStart: (host) => {
        this.#dnsFrom = this.#now();
        trace?.dnsStart?.(host);
      },
      dnsDone: (result) => {
        this.timings.dns = rounded(this.#now() - this.#dnsFrom);
        trace?.dnsDone?.(result);
      },
    };
  }

  async time<T>(step: "connect" | "tls", work: () => Promise<T>): Promise<T> {
    const from = this.#now();
    const result = await work();
    const took = rounded(this.#now() - from);
    const dns = step === "connect" ? (this.timings.dns ?? 0) : 0;
    this.timings[step] = (this.timings[step] ?? 0) + Math.max(0, took - dns);
    return result;
  }
}

/** The hooks of a dial alone, each still called on its own object. */
function bound(trace: DialTrace | undefined): DialTrace {
  if (trace === undefined) return {};
  return {
    connectStart: (network, address) => trace.connectStart?.(network, address),
    connectDone: (network, address, error) => trace.connectDone?.(network, address, error),
    tlsHandshakeStart: () => trace.tlsHandshakeStart?.(),
    tlsHandshakeDone: (result) => trace.tlsHandshakeDone?.(result),
  };
}

/**
 * Transport: requests to responses over connections that are kept.
 * RFC 9112 §9.3 · Go: http.Transport
 *
 * Rule of this file: it checks a request, finds its way, and hands a Call to the pool; it decides what is sent
 * once more. Redirects, cookies and deadlines over several requests are the Client's.
 */
import type { Clock } from "../bufio/mod.ts";
import type { Request, Response } from "../message/mod.ts";
import { noBody } from "../message/mod.ts";
import { formatField, lowerAscii } from "../wire/mod.ts";
import { Call } from "./call.ts";
import { Connection, type ConnectionOwner } from "./connection/mod.ts";
import type { ClientPlatform, RoundTripOptions, RoundTripper } from "./contracts.ts";
import { Dialer } from "./dialer.ts";
import { ClientError } from "./errors.ts";
import {
  type CallSettings,
  type TransportOptions,
  type TransportSettings,
  callSettings,
  settingsOf,
} from "./options.ts";
import { hostPort } from "./host-port.ts";
import { acceptEncoding } from "./decode/mod.ts";
import { factsOf, mayBeCoded, originOfRequest, outgoingHead } from "./outgoing.ts";
import { Pool, type PoolStats } from "./pool/mod.ts";
import { probe, wantsProbe } from "./probe.ts";
import { Protocols } from "./protocols.ts";
import { type ProxyServer, parseProxy } from "./proxy/mod.ts";
import { type Attempt, mayRetry } from "./retry.ts";
import { untilAborted } from "./waiting.ts";
import { type Origin, type Route, authorityEnd, routeTo, schemeOfURL } from "./route.ts";

/** How many ways are remembered; beyond that they are made anew. */
const ROUTES_MAX = 256;

/**
 * Sends requests and keeps connections. Safe to share by the whole program; make one for each set of options.
 * `barewire` has one that is wired for Node. Go: http.Transport
 */
export class Transport implements RoundTripper {
  readonly #options: TransportOptions;
  readonly #settings: TransportSettings;
  readonly #clock: Clock;
  readonly #platform: ClientPlatform;
  readonly #pool: Pool;
  readonly #owner: ConnectionOwner;
  readonly #dialer: Dialer;
  /** The content codings asked for where a request may be answered in one. */
  readonly #asked: readonly string[];
  readonly #askLine: string;
  readonly #protocols: Protocols;
  readonly #routes: Map<string, Route> = new Map();
  /** The beginning of the URL asked for last, and the way there. */
  #lastStart = "";
  #lastRoute: Route | undefined;
  #state: "open" | "closed" = "open";

  constructor(options: TransportOptions, platform: ClientPlatform) {
    const settings = settingsOf(options, platform);
    this.#options = options;
    this.#settings = settings;
    this.#clock = platform.clock;
    this.#platform = platform;
    this.#protocols = new Protocols(options.tlsNextProto);
    this.#dialer = new Dialer(options, settings, platform);
    this.#pool = new Pool(platform.clock, settings, {
      dial: (call, signal) => this.#dial(call, signal),
      handOver: (call) => void this.#handOver(call),
    });
    this.#owner = {
      clock: platform.clock,
      settings,
      decoders: platform.decoders,
      log: options.errorLog ?? platform.log,
      onFree: (connection) => this.#onFree(connection),
      onGone: (connection) => this.#pool.forget(connection),
      onLost: (call, error, attempt) => this.#onLost(call, error, attempt),
    };
    const able = options.disableCompression === true ? NONE : (platform.decoders?.codings ?? NONE);
    const wanted = options.acceptEncodings ?? ASKED_BY_DEFAULT;
    const asked = wanted.map(lowerAscii).filter((coding) => able.includes(coding));
    this.#asked = asked;
    this.#askLine = asked.length === 0 ? "" : formatField("Accept-Encoding", acceptEncoding(asked));
  }

  /** The transport of `options` but for these, with a pool of its own. Go: Transport.Clone */
  with(changes: TransportOptions): Transport {
    return new Transport({ ...this.#options, ...changes }, this.#platform);
  }

  roundTrip(request: Request, options?: RoundTripOptions): Promise<Response> {
    const settings = callSettings(this.#settings.call, options);
    try {
      const other = this.#otherProtocol(request);
      if (other !== undefined) return other.roundTrip(request, options);
      const route = settings.proxy === undefined ? this.#directRoute(request) : undefined;
      if (route === undefined || wantsProbe(request))
        return this.#prepare(request, settings, route);
      return this.#begin(request, settings, route, undefined);
    } catch (cause) {
      return Promise.reject(refused(request, cause));
    }
  }

  /** Closes what lies idle; requests under way are not touched. Go: CloseIdleConnections */
  closeIdleConnections(): void {
    this.#pool.closeIdle();
    this.#protocols.closeIdleConnections();
  }

  /** Closes every connection; calls under way reject with "transport-closed", and so do later ones. */
  close(): void {
    this.#state = "closed";
    this.#pool.destroy((call) => call.error("transport-closed", "request"));
  }

  /** How many connections there are, and how many calls wait for one. */
  stats(): PoolStats {
    return this.#pool.stats();
  }

  /** Hands requests with this scheme to another transport. Throws if one is there. Go: RegisterProtocol */
  registerProtocol(scheme: string, transport: RoundTripper): void {
    this.#protocols.register(scheme, transport);
  }

  // --- the way of a request ---------------------------------------------------------------------

  /** What needs waiting before there is a Call: the proxy's choice, and a look at a body of unknown length. */
  async #prepare(
    request: Request,
    settings: CallSettings,
    known: Route | undefined,
  ): Promise<Response> {
    const signal = request.exchange?.signal;
    try {
      const route = known ?? (await untilAborted(this.#routeByProxy(request, settings), signal));
      if (!wantsProbe(request)) return await this.#begin(request, settings, route, undefined);
      const { probeTimeout } = this.#settings.timeouts;
      const looking = probe(request.body, this.#clock, probeTimeout).catch((cause: unknown) => {
        const facts = { ...factsOf(request), phase: "send" } as const;
        throw ClientError.from(cause, "request-body-failed", facts);
      });
      const found = await untilAborted(looking, signal);
      const empty = found === "empty";
      const sent = empty ? request.with({ body: noBody, contentLength: 0 }) : request;
      return await this.#begin(
        sent,
        settings,
        route,
        typeof found === "string" ? undefined : found.ready,
      );
    } catch (cause) {
      throw refused(request, cause);
    }
  }

  #begin(
    request: Request,
    settings: CallSettings,
    route: Route,
    bodyReady: Promise<void> | undefined,
  ): Promise<Response> {
    if (this.#state === "closed") throw ClientError.of("transport-closed", factsOf(request));
    request.exchange?.signal.throwIfAborted();
    const other = this.#protocols.ofRoute(route);
    if (other !== undefined) return other.roundTrip(request);
    const mayAsk = mayBeCoded(request);
    const head = outgoingHead(request, route, {
      userAgent: this.#options.userAgent,
      askLine: mayAsk ? this.#askLine : "",
      connections: this.#options.disableKeepAlives === true ? "one-request" : "kept",
    });
    settings.trace?.getConn?.(hostPort(route.origin));
    const now = this.#clock.now();
    const call = new Call({
      request,
      head,
      route,
      settings,
      now,
      asked: mayAsk ? this.#asked : NONE,
      hold: this.#platform.hold,
    });
    call.bodyReady = bodyReady;
    this.#pool.acquire(call, now);
    return call.promise;
  }

  /** A transport registered for the scheme of the URL. */
  #otherProtocol(request: Request): RoundTripper | undefined {
    if (!this.#protocols.hasSchemes) return undefined;
    const scheme = schemeOfURL(request.target);
    return scheme === undefined ? undefined : this.#protocols.ofScheme(scheme);
  }

  /** The way to an origin without a proxy: the same object for the same origin. */
  #directRoute(request: Request): Route {
    const { target } = request;
    const last = this.#lastRoute;
    if (last !== undefined && target.startsWith(this.#lastStart)) {
      const next = target.charCodeAt(this.#lastStart.length);
      // The authority must end there too: "/", "?" or the end.
      if (next === 0x2f || next === 0x3f || target.length === this.#lastStart.length) return last;
    }
    const route = this.#routeOf(originOfRequest(request), undefined);
    this.#lastStart = target.slice(0, authorityEnd(target));
    this.#lastRoute = route;
    return route;
  }

  #routeOf(origin: Origin, proxy: ProxyServer | undefined): Route {
    const name = `${proxy?.href ?? ""} ${origin.scheme} ${hostPort(origin)}`;
    let route = this.#routes.get(name);
    if (route === undefined) {
      route = routeTo(origin, proxy);
      if (this.#routes.size >= ROUTES_MAX) this.#routes.clear();
      this.#routes.set(name, route);
    }
    return route;
  }

  async #routeByProxy(request: Request, settings: CallSettings): Promise<Route> {
    const origin = originOfRequest(request);
    const url = new URL(`${origin.scheme}://${hostPort(origin)}${pathOf(request.target)}`);
    let value: string | URL | undefined;
    try {
      value = await settings.proxy?.(url);
    } catch (cause) {
      throw ClientError.from(cause, "hook-threw", { ...factsOf(request), phase: "proxy" });
    }
    return this.#routeOf(origin, value === undefined ? undefined : parseProxy(value));
  }

  // --- what the pool and the connections ask ----------------------------------------------------

  async #dial(call: Call, signal: AbortSignal): Promise<Connection | "taken-over"> {
    const { conn, timings } = await this.#dialer.dial(call, signal);
    if (this.#protocols.takesOver(conn, call)) return "taken-over";
    const connection = new Connection(conn, call.route.key, this.#owner);
    connection.dial = timings;
    return connection;
  }

  /** The call's server speaks another protocol, whose transport takes it from here. */
  async #handOver(call: Call): Promise<void> {
    const other = this.#protocols.ofRoute(call.route);
    if (other === undefined) return;
    try {
      call.answer(await other.roundTrip(call.request));
      // Its body is the other's affair, and so is a signal that aborts it.
      call.end(this.#clock.now());
    } catch (error) {
      call.fail(error);
    }
  }

  #onFree(connection: Connection): boolean {
    return this.#options.disableKeepAlives !== true && this.#pool.release(connection);
  }

  #onLost(call: Call, error: ClientError, attempt: Attempt): void {
    if (call.state === "over") return;
    const { retry, trace } = call.settings;
    const again = call.aborted === undefined && mayRetry(call.request, attempt, retry);
    if (!again || this.#state === "closed") {
      call.fail(error);
      return;
    }
    try {
      call.rewind();
    } catch (cause) {
      call.fail(call.error("body-cannot-be-resent", "send", { cause }));
      return;
    }
    trace?.onRetry?.(error);
    this.#pool.acquire(call, this.#clock.now());
  }
}

const NONE: readonly string[] = Object.freeze([]);

/** Go's: every server has it. */
const ASKED_BY_DEFAULT: readonly string[] = Object.freeze(["gzip"]);

function pathOf(target: string): string {
  const path = target.slice(authorityEnd(target));
  return path.startsWith("/") ? path : `/${path}`;
}

/** The error of a request that never got on its way; its body is given up. */
function refused(request: Request, cause: unknown): unknown {
  request.body.cancel(cause);
  const signal = request.exchange?.signal;
  if (signal?.aborted === true) return signal.reason;
  return ClientError.from(cause, "bad-url", factsOf(request));
}

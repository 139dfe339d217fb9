// Long because the names of API.md are all here, each with its comment; what they do is short.
/**
 * Server: accepts connections, serves them, and ends in good order.
 * RFC 9112 §9 · Go: http.Server
 *
 * Rule of this file: it keeps the set of connections and listeners. What needs a platform (sockets, a timer
 * that does not keep the process alive) is handed in; the front door does that for Node.
 */
import type { Addr, Clock, Conn, Listener } from "../bufio/mod.ts";
import { TimerClock } from "../bufio/mod.ts";
import { isDisconnect } from "../message/mod.ts";
import type { Request } from "../message/mod.ts";
import { HeadScan, REQUEST_LIMITS } from "../wire/mod.ts";
import { Connection } from "./connection.ts";
import { ServerError, statusOf } from "./errors.ts";
import { handlerFunc } from "./handler.ts";
import type { ConnectionHost } from "./host.ts";
import { defaultServeMux } from "./mux/mod.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { ServerLimits } from "./limits.ts";
import type { Platform, ServerOptions, ServerStats, TlsHooks } from "./options.ts";
import { DEFAULT_TIMEOUTS } from "./timeouts.ts";
import type { ServerTimeouts } from "./timeouts.ts";

type Life = "serving" | "shutting-down" | "closed";

export class Server<C = unknown> {
  readonly #options: ServerOptions<C>;
  readonly #platform: Platform;
  readonly #host: ConnectionHost<C>;
  readonly #clock: Clock;
  readonly #limits: ServerLimits;
  readonly #timeouts: ServerTimeouts;
  readonly #conns = new Set<Connection<C>>();
  readonly #listeners = new Set<Listener>();
  readonly #awaited = new Set<Promise<unknown>>();
  readonly #onShutdown: (() => void)[] = [];
  readonly #stop: { promise: Promise<void>; resolve(): void; reject(error: Error): void };
  #life: Life = "serving";
  #refd = true;
  #accepted = 0;
  #surplus = 0;
  /** Surplus connections that are still being told so. */
  #turnedAway = 0;
  readonly #maxTurnedAway: number;
  #ending: Promise<void> | undefined;
  #emptied: (() => void) | undefined;

  constructor(options: ServerOptions<C> = {}, platform: Platform = {}) {
    this.#options = options;
    this.#platform = platform;
    this.#clock = platform.clock ?? new TimerClock();
    const { descriptorLimit = Infinity } = platform;
    this.#limits = withinDescriptors(pick(DEFAULT_LIMITS, options), descriptorLimit);
    this.#maxTurnedAway = maxTurnedAway(this.#limits.maxConns, descriptorLimit);
    this.#timeouts = pick(DEFAULT_TIMEOUTS, options);
    this.#host = this.#makeHost();
    this.#stop = deferred();
  }

  /** Where the first listener listens; undefined while none does. */
  get addr(): Addr | undefined {
    const [listener] = this.#listeners;
    return listener?.addr;
  }

  /** The address as an http or https URL; undefined where it has none. */
  get url(): string | undefined {
    const [listener] = this.#listeners;
    if (listener === undefined || listener.addr.network !== "tcp") return undefined;
    const { addr } = listener;
    const secure = listener.security === "tls";
    const host = UNSPECIFIED.has(addr.host) ? "localhost" : addr.host;
    const scheme = secure ? "https" : "http";
    return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${addr.port}/`;
  }

  /** Resolves after shutdown or close; rejects only when accepting has died. */
  get closed(): Promise<void> {
    return this.#stop.promise;
  }

  /** Listens and serves; resolves when listening. Rejects with "server-closed" or the listener's error. */
  async listenAndServe(addr: unknown = ""): Promise<void> {
    this.#mustServe();
    if (this.#platform.listen === undefined) throw new ServerError("no-platform");
    this.serve(await this.#platform.listen(addr));
  }

  /** The same with TLS, by the `tls` option or the one given here. Go: ListenAndServeTLS */
  listenAndServeTLS(addr: unknown = "", tls: unknown = this.#options.tls): Promise<void> {
    return this.serveTLS(addr, tls);
  }

  /** Serves a listener, or an address, with TLS over its connections. Go: ServeTLS */
  async serveTLS(listener: unknown, tls: unknown = this.#options.tls): Promise<void> {
    this.#mustServe();
    if (this.#platform.listenTLS === undefined) throw new ServerError("no-platform");
    const hooks: TlsHooks = {
      handshakeTimeoutMs: this.#timeouts.tlsHandshakeTimeout,
      alpnProtocols: Object.keys(this.#options.tlsNextProto ?? {}),
      onTlsError: (error) => this.#log(`TLS handshake: ${error.message}`),
      handshakesMax: () => Math.min(MAX_HANDSHAKES, this.#places),
    };
    this.serve(await this.#platform.listenTLS(listener, tls, hooks));
  }

  /** Takes other certificates, from the next handshake on; connections live on. */
  setCertificates(certificates: readonly unknown[]): void {
    for (const listener of this.#listeners) listener.setCertificates?.(certificates);
  }

  /** Serves the connections of a listener, beside those of others. Throws "server-closed". Go: Serve */
  serve(listener: Listener): void {
    if (this.#life !== "serving") {
      void this.#closeListener(listener);
      throw new ServerError("server-closed");
    }
    this.#listeners.add(listener);
    if (!this.#refd) listener.unref?.();
    const base = this.#options.baseContext?.(listener);
    try {
      const accepting: unknown = listener.accept({
        onConn: (conn) => this.#accept(conn, base),
        onFailure: (error) => this.#onAcceptFailure(listener, error),
      });
      // Nothing is to be answered, but somebody else's Listener may answer a promise, which may reject.
      Promise.resolve(accepting).catch((error: unknown) => {
        this.#onAcceptFailure(listener, asError(error));
      });
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
  }

  /** Serves one connection, from wherever it is. Throws "server-closed". */
  serveConn(conn: Conn): void {
    this.#mustServe();
    this.#accept(conn, undefined);
  }

  /**
   * Ends in good order: accepts no more, closes what is idle, waits until every answer is out and every
   * `waitFor` has settled. When `signal` aborts, rejects with its reason and leaves what is left to `close`.
   * Go: Shutdown
   */
  async shutdown(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    this.#ending ??= this.#end();
    await (signal === undefined ? this.#ending : untilAborted(this.#ending, signal));
  }

  /** Ends at once: listeners and connections, answered or not. Go: Close */
  async close(): Promise<void> {
    this.#life = "closed";
    this.#host.closing = true;
    const listeners = this.#closeListeners();
    for (const connection of this.#conns) connection.abort();
    await listeners;
    this.#stop.resolve();
  }

  /** Called, and not waited for, when shutdown begins. Go: RegisterOnShutdown */
  registerOnShutdown(fn: () => void): void {
    this.#onShutdown.push(fn);
  }

  /** Shutdown waits for this promise too: for connections that were hijacked. */
  waitFor(work: Promise<unknown>): void {
    this.#awaited.add(work);
    const forget = (): void => {
      this.#awaited.delete(work);
    };
    work.then(forget, forget);
  }

  /** Switches keep-alive off (idle connections are closed now) or on. Go: SetKeepAlivesEnabled */
  setKeepAlivesEnabled(on: boolean): void {
    if (this.#life === "serving") this.#host.closing = !on;
    if (!on) this.#closeIdle();
  }

  /** Lets the process live while this server listens (the default). */
  ref(): void {
    this.#refd = true;
    for (const listener of this.#listeners) listener.ref?.();
  }

  /** Lets the process end although this server listens. */
  unref(): void {
    this.#refd = false;
    for (const listener of this.#listeners) listener.unref?.();
  }

  stats(): ServerStats {
    let idle = 0;
    for (const connection of this.#conns) if (connection.idle) idle++;
    const total = this.#conns.size;
    return {
      conns: { total, idle, active: total - idle },
      accepted: this.#accepted,
      surplus: this.#surplus,
    };
  }

  /** `await using server = …` shuts down at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** How many more connections may come, to be served or to be turned away. */
  get #places(): number {
    const places = this.#limits.maxConns + this.#maxTurnedAway;
    return places - this.#conns.size - this.#turnedAway;
  }

  #accept(conn: Conn, base: unknown): void {
    this.#accepted++;
    if (this.#life !== "serving") {
      conn.close();
      return;
    }
    if (this.#conns.size >= this.#limits.maxConns) {
      this.#surplus++;
      this.#turnAway(conn);
      return;
    }
    try {
      this.#admit(conn, base);
    } catch (error) {
      this.#log("a hook threw; its connection is cut", error);
      conn.abort();
    }
  }

  #admit(conn: Conn, base: unknown): void {
    const next = this.#options.tlsNextProto;
    const protocol = conn.tls?.alpnProtocol;
    if (next !== undefined && protocol !== undefined && Object.hasOwn(next, protocol)) {
      next[protocol]!(conn);
      return;
    }
    const context = this.#options.connContext?.(conn, base) ?? (base as C);
    const connection = new Connection<C>(conn, this.#host, context);
    this.#conns.add(connection);
    connection.start();
  }

  /** 503 for the surplus, as long as there is not too much of that as well. */
  #turnAway(conn: Conn): void {
    if (this.#turnedAway >= this.#maxTurnedAway) {
      conn.abort();
      return;
    }
    this.#turnedAway++;
    const connection = new Connection<C>(
      conn,
      { ...this.#host, forget: this.#onTurnedAway },
      undefined as C,
    );
    connection.start();
    connection.refuse(new ServerError("too-many-conns"));
  }

  readonly #onTurnedAway = (): void => {
    this.#turnedAway--;
  };

  #onAcceptFailure(listener: Listener, error: Error): void {
    // Once is enough, also for a Listener that says it again.
    if (!this.#listeners.delete(listener)) return;
    this.#log(`accepting has ended: ${error.message}`, error);
    if (this.#life === "serving" && this.#listeners.size === 0) this.#stop.reject(error);
  }

  #closeIdle(): void {
    for (const connection of this.#conns) if (connection.idle) connection.close();
  }

  async #closeListeners(): Promise<void> {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    await Promise.all(listeners.map((listener) => this.#closeListener(listener)));
  }

  /** A Listener that cannot be closed must not keep the server from ending. */
  async #closeListener(listener: Listener): Promise<void> {
    try {
      await listener.close();
    } catch (error) {
      this.#log(`closing a listener failed: ${asError(error).message}`, error);
    }
  }

  /** The end in good order; every call of `shutdown` waits for the same one. */
  async #end(): Promise<void> {
    if (this.#life === "serving") {
      this.#life = "shutting-down";
      this.#host.closing = true;
      for (const fn of this.#onShutdown) this.#callSafely(fn);
    }
    const listeners = this.#closeListeners();
    this.#closeIdle();
    if (this.#conns.size > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    await listeners;
    while (this.#awaited.size > 0) await Promise.allSettled(this.#awaited);
    this.#life = "closed";
    this.#stop.resolve();
  }

  #mustServe(): void {
    if (this.#life !== "serving") throw new ServerError("server-closed");
  }

  #log(message: string, cause?: unknown): void {
    if (this.#options.errorLog !== undefined) this.#options.errorLog(message, cause);
    else this.#platform.log?.(message, cause);
  }

  /** A hook that throws must not end the connection, let alone the server. */
  #callSafely(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.#log("a hook threw", error);
    }
  }

  #makeHost(): ConnectionHost<C> {
    const options = this.#options;
    const handler = handlerFunc<C>(options.handler ?? defaultServeMux);
    const inNewContext = options.asyncContext === true ? this.#platform.inNewContext : undefined;
    const limits = pick(REQUEST_LIMITS, options);
    const scanOptions = { limits, profile: options.profile, decode: this.#platform.decode };
    const newScan = (): HeadScan => new HeadScan("request", scanOptions);
    return {
      scan: newScan(),
      newScan,
      lastHost: undefined,
      lastFed: undefined,
      handler: inNewContext === undefined ? handler : (w, r) => inNewContext(() => handler(w, r)),
      limits: this.#limits,
      timeouts: this.#timeouts,
      reading: {
        limits,
        profile: options.profile ?? "strict",
        maxBodyBytes: this.#limits.maxBodyBytes,
      },
      clock: this.#clock,
      tempStore: options.tempStore ?? this.#platform.tempStore,
      shortestMs: Math.min(...Object.values(this.#timeouts)),
      closing: false,
      answersGeneralOptions: options.disableGeneralOptionsHandler !== true,
      takesHttpsOverPlain: options.httpsOverPlain === "accept",
      server: this,
      watchesStates: options.connState !== undefined,
      onState: (conn, state) => this.#callSafely(() => options.connState?.(conn, state)),
      onRefusal: (event) => this.#callSafely(() => options.onRefusal?.(event)),
      onHandlerError: (error, request) => this.#onHandlerError(error, request),
      log: (message, cause) => this.#log(message, cause),
      forget: (connection) => this.#forget(connection as Connection<C>),
    };
  }

  #onHandlerError(error: unknown, request: Request<C>): void {
    const { onError } = this.#options;
    if (onError !== undefined) {
      this.#callSafely(() => onError(error, request));
      return;
    }
    // A client may leave, and may send what a handler refuses, as often as it likes: the log is not its to fill.
    if (isDisconnect(error)) return;
    const which = `the handler of ${request.method} ${request.target} failed`;
    if (statusOf(error) < 500) this.#log(`${which}: ${(error as Error).message}`);
    else this.#log(which, error);
  }

  #forget(connection: Connection<C>): void {
    this.#conns.delete(connection);
    if (this.#conns.size === 0) this.#emptied?.();
  }
}

/** Surplus connections that get a 503 at a time; the rest is cut. */
const MAX_TURNED_AWAY = 256;

/** TLS handshakes that go on at a time, as long as there are places for so many. */
const MAX_HANDSHAKES = 1000;

const UNSPECIFIED = new Set(["", "::", "0.0.0.0"]);

/** The defaults, with those that the options set. */
function pick<T extends { readonly [name: string]: number }>(defaults: T, options: object): T {
  const picked: Record<string, number> = { ...defaults };
  for (const name of Object.keys(defaults)) {
    const value = (options as Record<string, unknown>)[name];
    if (typeof value === "number") picked[name] = value;
  }
  return Object.freeze(picked) as T;
}

/** For listeners, files and whatever else the program has open. */
const RESERVED_DESCRIPTORS = 64;

/** Out of descriptors, the platform closes new connections without telling anybody: it must not come to that. */
function withinDescriptors(limits: ServerLimits, descriptorLimit: number): ServerLimits {
  const most = Math.max(1, descriptorLimit - RESERVED_DESCRIPTORS);
  return limits.maxConns <= most ? limits : Object.freeze({ ...limits, maxConns: most });
}

/** Being told so costs a descriptor for as long as it takes: half of the reserved ones may go there. */
function maxTurnedAway(maxConns: number, descriptorLimit: number): number {
  const free = descriptorLimit - maxConns - RESERVED_DESCRIPTORS / 2;
  return Math.max(0, Math.min(MAX_TURNED_AWAY, free));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function deferred(): { promise: Promise<void>; resolve(): void; reject(error: Error): void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

function untilAborted(done: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    done.finally(() => signal.removeEventListener("abort", abort)).then(resolve, reject);
  });
}

/**
 * What the client asks of others: of a transport, of a jar, of a proxy rule, and of the platform.
 * Go: http.RoundTripper, http.CookieJar, http.Transport's hooks
 *
 * Rule of this file: types only. Whoever has these methods is one; nothing here is inherited from.
 */
import type { Clock, Conn, Dial } from "../bufio/mod.ts";
import type { Request, Response } from "../message/mod.ts";
import type { Cookie, CookiePair } from "../semantics/mod.ts";
import type { DecodeLatin1 } from "../wire/mod.ts";
import type { ContentDecoders } from "./decode/mod.ts";
import type { Trace } from "./trace.ts";

/** Whatever carries one request to its response; redirects and cookies are the Client's. Go: RoundTripper */
export interface RoundTripper {
  /**
   * Resolves to the response, whatever its status, when its head has come. Rejects with a ClientError, or
   * with the reason of the request's signal once that has aborted. Changes nothing of the request, and reads
   * or cancels its body in every case.
   */
  roundTrip(request: Request, options?: RoundTripOptions): Promise<Response>;
  /** Go: CloseIdleConnections */
  closeIdleConnections?(): void;
}

/** When a request may be sent once more after its connection failed. */
export type RetryRule =
  /** Go's rule: it never reached a server, or can be repeated without harm. */
  | "safe"
  /** Only when not one octet of it was written. */
  | "if-nothing-written"
  /** As "safe", and as if the request had an Idempotency-Key: the caller knows that repeating does no harm. */
  | "idempotent"
  | "never";

/** What one exchange may have otherwise than its transport's own. Times in ms; Infinity for no limit. */
export interface RoundTripOptions {
  readonly trace?: Trace | undefined;
  readonly retry?: RetryRule | undefined;
  /** From the last octet of the request to the end of the response's head. */
  readonly responseHeaderTimeout?: number | undefined;
  /** A body without an octet. */
  readonly bodyIdleTimeout?: number | undefined;
  /** How long a body waits for "100 Continue"; 0 sends it at once. */
  readonly expectContinueTimeout?: number | undefined;
  /** Octets of a response's content as they come on the wire. */
  readonly maxResponseBytes?: number | undefined;
  /** In place of the transport's rule; "direct" for none. */
  readonly proxy?: Proxy | "direct" | undefined;
}

/** Whoever keeps cookies. Go: http.CookieJar */
export interface Jar {
  /** Those to be sent to this URL, in the order in which they are sent. */
  cookies(url: URL): readonly CookiePair[];
  /** Takes what a response from this URL has set; refuses what it must without a word. */
  setCookies(url: URL, cookies: readonly Cookie[]): void;
}

/**
 * Says by which proxy a URL is reached: "http://host:port", "https://…", "socks5://…" or "socks5h://…", with
 * user and password where it wants them; undefined for none. What it throws ends the call. Go: Transport.Proxy
 */
export type Proxy = (url: URL) => string | URL | undefined | Promise<string | URL | undefined>;

/** How TLS is put over a connection that is there already: a tunnel, or what a dial hook gave. */
export type WrapTLS = (
  conn: Conn,
  where: {
    /** Asked for as SNI, and verified. */
    readonly serverName: string;
    readonly alpnProtocols: readonly string[];
    /** The rest of TLS, as the platform calls it: certificates, authorities, versions. */
    readonly tls: object | undefined;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal | undefined;
  },
) => Promise<Conn>;

/** What a Transport runs on. Everything optional may be missing where the platform cannot do it. */
export interface ClientPlatform {
  readonly clock: Clock;
  /** Opens a plain connection. A Transport without it needs a `dial` of its own. */
  readonly dial?: Dial | undefined;
  /** Without it there is no https. */
  readonly wrapTLS?: WrapTLS | undefined;
  /** Undoes content codings. Without it nothing is asked for compressed. */
  readonly decoders?: ContentDecoders | undefined;
  /** A faster latin1 decoder than the portable one. */
  readonly decode?: DecodeLatin1 | undefined;
  /**
   * While called with "busy", the process is kept alive for an answer; "idle" ends that. Connections
   * themselves keep nothing alive.
   */
  readonly hold?: ((how: "busy" | "idle") => void) | undefined;
  /** Told of what no caller can be told: an idle connection that spoke, and the like. */
  readonly log?: ((message: string) => void) | undefined;
}

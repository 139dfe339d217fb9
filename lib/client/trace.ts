/**
 * Trace: what may be watched while a request is on its way.
 * Go: net/http/httptrace.ClientTrace
 *
 * Rule of this file: one object of optional, synchronous functions, each called in its moment; none may throw.
 * Redirects and retries call them again.
 */
import type { Addr, DialTrace, TlsInfo } from "../bufio/mod.ts";
import type { Header } from "../wire/mod.ts";

/** Which connection a request got. Go: httptrace.GotConnInfo */
export interface GotConn {
  readonly remoteAddr: Addr | undefined;
  readonly localAddr: Addr | undefined;
  readonly tls: TlsInfo | undefined;
  /** Had it carried a request before? */
  readonly reused: boolean;
  /** How long it lay idle, in ms; 0 when it did not. */
  readonly idleMs: number;
}

/** All optional. Names and moments are Go's; dnsStart, connectStart and their like come from DialTrace. */
export interface Trace extends DialTrace {
  /** A connection to "host:port" is wanted. */
  getConn?(hostPort: string): void;
  gotConn?(info: GotConn): void;
  /** It went back to the pool, or why it did not. */
  putIdleConn?(kept: "kept" | { readonly closed: string }): void;
  gotFirstResponseByte?(): void;
  got100Continue?(): void;
  /** Each interim response; what it throws ends the call. */
  got1xxResponse?(status: number, header: Header): void;
  /** The request's head is written. */
  wroteHeaders?(): void;
  wait100Continue?(): void;
  /** The request is written to its end, or why not. */
  wroteRequest?(error: unknown): void;
  /** The request is sent once more, after this error. */
  onRetry?(error: unknown): void;
}

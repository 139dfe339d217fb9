/**
 * What a request knows of the exchange that it belongs to.
 * Go: http.Request RemoteAddr, TLS, Context; http.LocalAddrContextKey, ServerContextKey
 *
 * Rule of this file: a contract. The server's connection fulfils it, and so does whatever hands requests to a
 * handler; a client's requests have none.
 */
import type { Addr, TempStore, TlsInfo } from "../bufio/mod.ts";

/** What the connection knows of the request that it carries. */
export interface Exchange<C = unknown> {
  readonly remoteAddr: Addr | undefined;
  readonly localAddr: Addr | undefined;
  readonly tls: TlsInfo | undefined;
  readonly context: C;
  readonly server: object | undefined;
  /** Made on first use. */
  readonly signal: AbortSignal;
  /** Where the files of a form go that memory does not hold; without one they are refused with 413. */
  readonly tempStore?: TempStore | undefined;
  /**
   * Calls `fn` once, when the handler has ended, however it did: returned, thrown, timed out, or its client
   * gone. Several may be registered; none may throw. Those registered after the end are called at once.
   */
  onEnd?(fn: () => void): void;
}

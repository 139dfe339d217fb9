/**
 * How long a proxy may take.
 * Go: transport.go dialConn (its one minute for CONNECT)
 *
 * Rule of this file: a table and nothing else; docs/timeouts.md is generated from it.
 */

interface TimeoutEntry {
  /** ms */
  readonly default: number;
}

export const PROXY_TIMEOUTS: Readonly<Record<"proxyConnectTimeout", TimeoutEntry>> = {
  /**
   * Go's. The proxy resolves and connects meanwhile, and may have to wait for its own timeouts.
   * @from the connection to the proxy stands
   * @until the proxy has answered that the way to the target is open
   * @outcome proxy-timed-out
   */
  proxyConnectTimeout: { default: 60_000 },
};

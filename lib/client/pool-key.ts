/**
 * The name under which the pool keeps connections: requests with the same one may share them.
 * Go: transport.go connectMethodKey
 *
 * Rule of this file: a pure function. The key holds the proxy's user and password, since others may not use
 * such a connection: it is for comparing, not for showing.
 */
import { hostPort } from "./host-port.ts";

/** Where connections lead, and by which way. */
export interface PoolPlace {
  /** The proxy's URL, one spelling for each proxy; absent: none. */
  readonly proxy?: string | undefined;
  readonly scheme: string;
  readonly host: string;
  readonly port?: number | undefined;
}

/**
 * `proxy|scheme|host:port`. Through an http or https proxy all plain http targets share one key, because the
 * connection leads to the proxy and the target stands in each request; through SOCKS they do not.
 */
export function poolKey({ proxy = "", scheme, host, port }: PoolPlace): string {
  const shared = scheme === "http" && /^https?:/i.test(proxy);
  return `${proxy}|${scheme}|${shared ? "" : hostPort({ host, port })}`;
}

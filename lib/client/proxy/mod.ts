/**
 * The door of proxies: which one a URL goes through, and the way through it. Come here with a Conn to a proxy
 * to get a Conn to the target.
 */
export {
  type Environment,
  type ProxyEnvironment,
  proxyFromEnvironment,
  readProxyEnvironment,
} from "./environment.ts";
export { PROXY_ERRORS, ProxyError, type ProxyErrorCode, type ProxyErrorFacts } from "./errors.ts";
export type { NegotiationOptions } from "./negotiation.ts";
export { type NoProxy, parseNoProxy } from "./no-proxy.ts";
export { parseProxy, proxyAuthorization, type ProxyServer } from "./proxy-url.ts";
export { connectThroughSocks, type SocksOptions } from "./socks5-tunnel.ts";
export { PROXY_TIMEOUTS } from "./timeouts.ts";
export {
  connectThrough,
  type ConnectOptions,
  type ProxyAnswer,
  type TunnelTarget,
} from "./tunnel.ts";

/**
 * The front door: the names most people need, wired for Node. Everything else is behind the doors of the
 * rooms: barewire/wire, /semantics, /bufio, /net, /message, /server, /client, /testing, /adapters.
 */
export {
  Client,
  Server,
  Transport,
  compress,
  createFetch,
  defaultClient,
  defaultTransport,
  fetch,
  fileServer,
  get,
  head,
  listenAndServe,
  listenAndServeTLS,
  nodeFileSystem,
  post,
  postForm,
  serveFile,
} from "./adapters/mod.ts";
export type {
  Address,
  ClientOptions,
  Fetch,
  FetchInit,
  FetchOptions,
  NodeTransportOptions,
  TlsOptions,
} from "./adapters/mod.ts";
export { ClientError, CookieJar, proxyFromEnvironment } from "./client/mod.ts";
export type { Jar, Proxy, RoundTripper, Trace } from "./client/mod.ts";
export { Body, Request, Response, newRequest, noBody } from "./message/mod.ts";
export { Status, formatSetCookie, parseCookies, parseSetCookie } from "./semantics/mod.ts";
export type { Cookie, CookiePair, ParseCookiesOptions } from "./semantics/mod.ts";
export {
  ResponseWriter,
  ServeMux,
  accessLog,
  allowMethods,
  basicAuth,
  chain,
  cors,
  crossOriginProtection,
  defaultServeMux,
  error,
  handle,
  handleFunc,
  handlerFunc,
  maxBytesHandler,
  maxBytesReader,
  memoryFileSystem,
  notFound,
  notFoundHandler,
  readJson,
  realIp,
  redirect,
  redirectHandler,
  requestValue,
  serveContent,
  setCookie,
  sse,
  stripPrefix,
  timeoutHandler,
  writeJson,
} from "./server/mod.ts";
export type {
  ConnState,
  FileSystem,
  Handler,
  HandlerFunc,
  HandlerObject,
  Middleware,
  RefusalEvent,
  ServerOptions,
} from "./server/mod.ts";
export { Header } from "./wire/mod.ts";

/**
 * The door of adapters: the rim between our rooms and the platform. Come here for what wires the pure rooms
 * to Node when the front door is not enough.
 */
export { Client, defaultClient, get, head, post, postForm } from "./client.ts";
export type { ClientOptions } from "./client.ts";
export { nodeDecoders } from "./content-decoders.ts";
export { diagnosticsTrace, withDiagnostics } from "./diagnostics.ts";
export { FETCH_ERRORS, FetchError, createFetch, fetch, messageOf } from "./fetch.ts";
export type { Fetch, FetchCode, FetchInit, FetchOptions } from "./fetch.ts";
export { fileServer, serveFile } from "./files.ts";
export { typesFrom } from "./mime-types.ts";
export type { MimePackage } from "./mime-types.ts";
export { nodeFileSystem } from "./node-fs.ts";
export type { NodeFileSystemOptions } from "./node-fs.ts";
export { nodePlatform } from "./platform.ts";
export { tldtsPublicSuffixes } from "./public-suffixes.ts";
export type { TldtsPackage } from "./public-suffixes.ts";
export { Server, listenAndServe, listenAndServeTLS } from "./server.ts";
export type { Address, TlsOptions } from "./server.ts";
export { nodeTempStore } from "./temp-store.ts";
export type { TempStoreOptions } from "./temp-store.ts";
export { Transport, defaultTransport, nodeClientPlatform } from "./transport.ts";
export type { NodeTransportOptions } from "./transport.ts";
export {
  WORKERS_ERRORS,
  WORKER_LIMITS,
  WORKER_TIMEOUTS,
  WorkersError,
  workers,
} from "./workers.ts";
export type {
  EndSignal,
  Worker,
  WorkerEvent,
  WorkerLimitName,
  WorkerLimits,
  WorkerServer,
  WorkerSettings,
  WorkerShare,
  WorkerStatus,
  WorkerTimeoutName,
  WorkerTimeouts,
  Workers,
  WorkersCode,
  WorkersEnd,
  WorkersOptions,
} from "./workers.ts";
export { brotliCompression, compress, gzipCompression } from "./zlib.ts";

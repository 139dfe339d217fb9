/**
 * The door of server: answering HTTP/1.1 over any byte pipe. Come here where there is no Node, or to hand
 * in your own Listener or Conn; the front door `barewire` offers the same wired for Node.
 */
export { SERVER_ERRORS, ServerError } from "./errors.ts";
export type { ServerCode } from "./errors.ts";
export type { Platform, ServerOptions, ServerStats, TlsHooks } from "./options.ts";
export * from "./files/mod.ts";
export { handlerFunc } from "./handler.ts";
export type { Handler, HandlerFunc, HandlerObject } from "./handler.ts";
export * from "./handlers/mod.ts";
export type { ConnState, RefusalEvent } from "./host.ts";
export { DEFAULT_LIMITS, SERVER_LIMITS } from "./limits.ts";
export type { ServerLimits } from "./limits.ts";
export { ResponseWriter } from "./response-writer.ts";
export type { AnswerSink, Sent, WriteHeaderOptions } from "./response-connection.ts";
export { Server } from "./server.ts";
export { DEFAULT_TIMEOUTS, SERVER_TIMEOUTS } from "./timeouts.ts";
export type { ServerTimeouts } from "./timeouts.ts";
export {
  MUX_ERRORS,
  MuxError,
  ServeMux,
  cleanPath,
  conflicts,
  defaultServeMux,
  describeConflict,
  handle,
  handleFunc,
  parsePattern,
  relationOf,
} from "./mux/mod.ts";
export type {
  MuxCode,
  MuxMatch,
  Pattern,
  PatternRelation,
  Registered,
  Segment,
  ServeMuxOptions,
} from "./mux/mod.ts";

/**
 * The front door: the names most people need, wired for Node. Everything else is behind the doors of the
 * rooms: barewire/wire, /semantics, /bufio, /net, /message, /server, /testing, /adapters.
 */
export { Server, listenAndServe, listenAndServeTLS } from "./adapters/mod.ts";
export type { Address, TlsOptions } from "./adapters/mod.ts";
export { Body, Request, Response, noBody } from "./message/mod.ts";
export { Status } from "./semantics/mod.ts";
export { ResponseWriter, handlerFunc } from "./server/mod.ts";
export type {
  ConnState,
  Handler,
  HandlerFunc,
  HandlerObject,
  RefusalEvent,
  ServerOptions,
} from "./server/mod.ts";
export { Header } from "./wire/mod.ts";

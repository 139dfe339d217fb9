/**
 * The door of net: connections and listeners over Node's sockets. Come here to listen or to dial on Node;
 * for any other pipe the contracts in bufio are enough.
 */
export * from "./address.ts";
export type { ContextOptions, KeyPair } from "./certificates.ts";
export { ConnDuplex } from "./conn-duplex.ts";
export * from "./dial.ts";
export * from "./duplex-conn.ts";
export * from "./latin1-codec.ts";
export { isListener, listen, type ListenOptionsPlain } from "./listen.ts";
export * from "./listen-tls.ts";
export {
  acceptedConn,
  SocketConn,
  type SocketConnOptions,
  type TakenSocket,
} from "./socket-conn.ts";
export { type TlsClientOptions, wrapTLS, type WrapTlsWhere } from "./wrap-tls.ts";

/**
 * The door of adapters: the rim between our rooms and the platform. Come here for what wires the pure rooms
 * to Node when the front door is not enough.
 */
export { nodePlatform } from "./platform.ts";
export { Server, listenAndServe, listenAndServeTLS } from "./server.ts";
export type { Address, TlsOptions } from "./server.ts";

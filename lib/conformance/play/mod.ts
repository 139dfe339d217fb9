/**
 * The door of the play: one case against a server or a client, with all waits and the log of the wire.
 */
export * from "./client.ts";
export * from "./contract.ts";
export * from "./server.ts";
export type { WireEntry } from "./wire-log.ts";

/**
 * The door of bufio: byte pipes, their errors, and time. Come here to speak HTTP over a pipe of your own.
 */
export type * from "./clock.ts";
export type * from "./conn.ts";
export * from "./delivery.ts";
export * from "./drain.ts";
export * from "./errors.ts";
export * from "./handed-conn.ts";
export * from "./latin1.ts";
export * from "./pipe.ts";
export * from "./poison.ts";
export * from "./reader.ts";
export type * from "./temp-store.ts";
export * from "./timer-clock.ts";
export * from "./web-conn.ts";
export * from "./writer.ts";

/**
 * The door of the pool: the connections that a Transport keeps, and who gets which.
 */
export type { PoolStats } from "./pool-contracts.ts";
export { Pool } from "./pool.ts";

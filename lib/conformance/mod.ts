/**
 * The door of conformance: cases as data, the runners that judge a peer by them, and the reports. Come here to
 * test somebody's server or client from a program of your own, or to publish the cases for another runner.
 */
export * from "./baseline.ts";
export type * from "./case.ts";
export { CLIENT_CASES } from "./cases/client/mod.ts";
export { SERVER_CASES } from "./cases/server/mod.ts";
export { type ClientTarget, runClientCases } from "./client-runner.ts";
export * from "./coverage.ts";
export { CONFORMANCE_ERRORS, type ConformanceCode, ConformanceError } from "./errors.ts";
export * from "./expectations.ts";
export { escapeText } from "./judge/mod.ts";
export {
  type ClientPlace,
  type ClientReport,
  type ClientTask,
  type ExecClient,
  type Fate,
  type Played,
  playClientCase,
  playServerCase,
  type ServerPlace,
  type WireEntry,
} from "./play/mod.ts";
export * from "./publish.ts";
export { REASONS } from "./reasons.ts";
export * from "./report/mod.ts";
export * from "./requirement.ts";
export * from "./result.ts";
export {
  type KeepWire,
  runServerCases,
  type RunOptions,
  type ServerRunOptions,
  type ServerTarget,
} from "./runner.ts";
export { CASES_JSON_SCHEMA, type JsonSchema } from "./schema.ts";
export * from "./select.ts";

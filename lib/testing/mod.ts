/**
 * The door of testing: tools to test handlers, servers, clients and byte pipes with. Come here to record what
 * a handler answers, to talk octets to a server in memory, to move time by hand, and to meet peers that
 * misbehave.
 */
export { TestClock } from "./clock.ts";
export type { TestClockOptions } from "./clock.ts";
export { diffBytes, escapeBytes, firstDifference } from "./diff.ts";
export { TESTING_ERRORS, TestingError } from "./errors.ts";
export type { TestingCode } from "./errors.ts";
export { FeedConn, dataWithEnd, halves, oneByte, resets, stalls } from "./feeds.ts";
export type { FeedOptions, FeedStep } from "./feeds.ts";
export { record } from "./recorder.ts";
export type { RecordOptions, Recorded, RecordedInterim } from "./recorder.ts";
export { runScript } from "./script.ts";
export type { ScriptOptions, ScriptStep } from "./script.ts";
export { settle } from "./settle.ts";
export { newTestRequest } from "./test-request.ts";
export type { TestRequestOptions } from "./test-request.ts";
export { TestServer } from "./test-server.ts";
export type { ExchangeOptions, Exchanged, TestServerOptions } from "./test-server.ts";
export { WireClient, latin1, octets } from "./wire-client.ts";
export type { PeerEnd } from "./wire-client.ts";

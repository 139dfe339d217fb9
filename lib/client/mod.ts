/**
 * The door of client: asking for things over any byte pipe. Come through it where there is no Node; the front
 * door has the same, wired.
 */
export { Client, type FormValues } from "./client.ts";
export {
  type AskOptions,
  type CallOptions,
  type CheckRedirect,
  CLIENT_LIMITS,
  CLIENT_TIMEOUTS,
  type ClientOptions,
  type RedirectVerdict,
} from "./client-options.ts";
export type * from "./contracts.ts";
export {
  type ContentDecoder,
  type ContentDecoders,
  decodableCodings,
  DECODE_ERRORS,
  DECODE_LIMITS,
  type DecodeCode,
  decodedBody,
  DecodeError,
  type DecodeLimits,
  type DecodeOptions,
  type DecoderStatus,
} from "./decode/mod.ts";
export {
  type ClientErrorCode,
  CLIENT_ERRORS,
  ClientError,
  type ClientErrorFacts,
  type ClientPhase,
} from "./errors.ts";
export * from "./jar/mod.ts";
export { TRANSPORT_LIMITS, type TransportLimitName } from "./limits.ts";
export type { TransportLimits, TransportOptions, TransportTimeouts } from "./options.ts";
export type { PoolStats } from "./pool/mod.ts";
export * from "./proxy/mod.ts";
export {
  isDomainOrSubdomain,
  redirectMethod,
  refererFor,
  shouldCopyHeaderOnRedirect,
} from "./redirect.ts";
export type { Retry, RetryDelay, RetryPolicy } from "./retry-policy.ts";
export { isReplayable } from "./retry.ts";
export { TRANSPORT_TIMEOUTS, type TransportTimeoutName } from "./timeouts.ts";
export type { GotConn, Trace } from "./trace.ts";
export { Transport } from "./transport.ts";

/**
 * The door of the handlers: short answers, middleware, and what a handler reaches for. Come here to put
 * something around a handler; all of it is at the front door too.
 */
export { accessLog } from "./access-log.ts";
export type { AccessLogOptions, AccessSink } from "./access-log.ts";
export type { AccessRecord } from "./access-log-line.ts";
export { authenticatedUser, basicAuth, setBasicAuth } from "./basic-auth.ts";
export type { BasicAuthOptions } from "./basic-auth.ts";
export { chain } from "./chain.ts";
export type { Middleware } from "./chain.ts";
export { compress } from "./compress.ts";
export type { CompressOptions } from "./compress.ts";
export type { Compression, Compressor } from "./compression.ts";
export { cors } from "./cors.ts";
export type { CorsOptions } from "./cors.ts";
export { crossOriginProtection, isCrossOrigin } from "./cross-origin.ts";
export type { CrossOriginOptions } from "./cross-origin.ts";
export { HANDLER_ERRORS, HandlerError } from "./errors.ts";
export type { HandlerCode } from "./errors.ts";
export { readJson, writeJson } from "./json.ts";
export type { ReadJsonOptions, WriteJsonOptions } from "./json.ts";
export { maxBytesHandler, maxBytesReader } from "./max-bytes.ts";
export { allowMethods, error, notFound, notFoundHandler } from "./plain-answers.ts";
export { forwarded, realIp } from "./real-ip.ts";
export type { ForwardedRequest, RealIpOptions } from "./real-ip.ts";
export { redirect, redirectHandler } from "./redirect.ts";
export { requestValue } from "./request-value.ts";
export type { RequestValue } from "./request-value.ts";
export { setCookie } from "./set-cookie.ts";
export { sse } from "./sse.ts";
export type { EventStream, EventStreamOptions, ServerSentEvent } from "./sse.ts";
export { stripPrefix } from "./strip-prefix.ts";
export { timeoutHandler } from "./timeout-handler.ts";
export type { TimeoutHandlerOptions } from "./timeout-handler.ts";

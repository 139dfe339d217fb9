/**
 * The door of message: whole requests and responses over a Reader and a Writer. Come through it to read or
 * write HTTP/1.1 messages on a byte pipe without a server or a client around them.
 */
export { BodyWriter, writeBody } from "./body-writer.ts";
export type { ByteSink } from "./body-writer.ts";
export { Body, DEFAULT_MAX_BODY_BYTES, noBody } from "./body.ts";
export type { MaxOption } from "./body.ts";
export type { BodyOptions, BodySource } from "./body-source.ts";
export { dumpRequest, dumpResponse } from "./dump.ts";
export type { DumpOptions, DumpRequestOptions } from "./dump.ts";
export { MESSAGE_ERRORS, MessageError } from "./errors.ts";
export type { MessageCode } from "./errors.ts";
export type { Exchange } from "./exchange.ts";
export type { FormFile } from "./form-file.ts";
export { FORM_LIMITS } from "./form.ts";
export type { FormLimits, FormOptions, MultipartForm } from "./form.ts";
export { aboutToBeSent, newRequest } from "./new-request.ts";
export type { NewRequestOptions } from "./new-request.ts";
export { MultipartReader } from "./multipart-reader.ts";
export type { MultipartPart } from "./multipart-reader.ts";
export { bodyFrom } from "./outgoing-body.ts";
export type { BlobLike, BodyLike, BytesLike, OutgoingBody, StreamLike } from "./outgoing-body.ts";
export { openBody, openSource, readHead, readRequest, requestOf } from "./read-request.ts";
export type { ReadOptions } from "./read-request.ts";
export { readResponse, responseOf } from "./read-response.ts";
export type { ReadResponseOptions } from "./read-response.ts";
export { Request } from "./request.ts";
export type { PriorResponse, RequestParts } from "./request.ts";
export { Response } from "./response.ts";
export type { HandedOver, ResponseParts, ResponseTimings } from "./response.ts";
export { WireBodySource, isDisconnect } from "./wire-body.ts";
export type { BodyWatcher, WireBodyOptions } from "./body-watcher.ts";
export { DEFAULT_USER_AGENT, requestHead, saysClose, writeRequest } from "./write-request.ts";
export type { OutgoingHead, TargetForm, WriteRequestOptions } from "./write-request.ts";
export { responseHead, writeResponse } from "./write-response.ts";

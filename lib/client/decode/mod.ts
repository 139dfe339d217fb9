/**
 * The door of content codings: what a client says it can decode, and the decoding, with its limits.
 */
export { DECODE_ERRORS, type DecodeCode, DecodeError } from "./decode-errors.ts";
export { DECODE_LIMITS, type DecodeLimitName, type DecodeLimits } from "./decode-limits.ts";
export {
  acceptEncoding,
  type ContentDecoder,
  type ContentDecoders,
  decodableCodings,
  decodedBody,
  type DecodeOptions,
  type DecoderStatus,
} from "./decode.ts";
export { decoded } from "./decoded-response.ts";

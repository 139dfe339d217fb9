/**
 * The door of wire: RFC 9112 as pure functions. Come through it to parse or to write HTTP/1.1 octets
 * without any connection: testers, proxies, teaching tools, and our own rooms above.
 */
export {
  COLON,
  CR,
  FIELD_VALUE,
  HEX_VALUE,
  HTAB,
  LF,
  SP,
  TARGET,
  TOKEN,
  allIn,
  charClass,
  decodeLatin1,
  encodeLatin1,
  equalsIgnoringCase,
  hasGoodEscapes,
  isDigits,
  isFieldValue,
  isToken,
  lowerAscii,
  trimOws,
} from "./ascii.ts";
export { WIRE_ERRORS, WireError, quoteEvidence } from "./errors.ts";
export type { WireCode } from "./errors.ts";
export { FieldKind, FieldSection, flatCopy, kindBits } from "./field-section.ts";
export { HeadScan, scanRequestHead, scanResponseHead, scanTrailers } from "./head.ts";
export type { DecodeLatin1, HeadScanOptions, Profile, RequestHead, ResponseHead } from "./head.ts";
export { Header, canonicalHeaderKey, formatField } from "./header.ts";
export type { HeaderInit } from "./header.ts";
export { REQUEST_LIMITS, RESPONSE_LIMITS, WIRE_LIMITS } from "./limits.ts";
export type { WireLimits } from "./limits.ts";
export {
  CHUNK_SUFFIX,
  ChunkDecoder,
  LAST_CHUNK,
  chunkPrefix,
  formatTrailers,
  isForbiddenTrailer,
  parseTrailerNames,
} from "./chunked.ts";
export type { ChunkDecoderOptions } from "./chunked.ts";
export { parseContentLength, requestFraming, responseFraming } from "./framing.ts";
export type { Framing, ResponseFraming } from "./framing.ts";
export {
  HOP_BY_HOP,
  connectionOptions,
  expectation,
  hasConnectionOption,
  keepsAlive,
  upgradeTokens,
} from "./persistence.ts";
export type { VersionedFields } from "./persistence.ts";
export { formatRequestLine, formatStatusLine, parseHTTPVersion } from "./start-line.ts";
export { checkHost, checkTarget, parseHost, parseTarget } from "./target.ts";
export type { HostPort, Target } from "./target.ts";
export { hasToken, parseParameters, quote, splitList, unquote } from "./tokens.ts";

/**
 * The door of semantics: what values mean, by RFC 9110 and its friends, as pure functions. Come here
 * for statuses, methods, dates, media types, sniffing, cookies, queries, multipart bodies and Basic
 * credentials: message, server and client do, and so does a program that wants one of these without
 * a server. How messages look on the wire is in the wire room.
 */
export { type BasicCredentials, formatBasic, parseBasic } from "./auth.ts";
export {
  formatContentDisposition,
  parseContentDisposition,
  baseName,
  type ContentDisposition,
} from "./content-disposition.ts";
export { formatCookies, formatSetCookie } from "./cookie-format.ts";
export {
  COOKIE_LIMITS,
  parseCookies,
  parseSetCookie,
  parseSetCookies,
  type Cookie,
  type CookiePair,
  type ParseCookiesOptions,
  type SameSite,
} from "./cookie.ts";
export { formatDate, parseDate, type ParseDateOptions } from "./date.ts";
export { SEMANTICS_ERRORS, type SemanticsCode, SemanticsError } from "./errors.ts";
export {
  type ETag,
  type ETagComparison,
  formatETag,
  listHoldsETag,
  matchesETag,
  parseETag,
  scanETag,
} from "./etag.ts";
export { typeByExtension } from "./extension.ts";
export {
  type AddressBlock,
  blockContains,
  ipv4Of,
  parseAddress,
  parseAddressBlock,
} from "./ip-address.ts";
export { formatMediaType, type MediaType, parseMediaType } from "./media-type.ts";
export { isIdempotent, isMethod, isSafe } from "./method.ts";
export {
  type ConditionalRequest,
  type EvaluateOptions,
  evaluatePreconditions,
  type Validators,
  type Verdict,
} from "./precondition.ts";
export {
  type ByteRange,
  formatContentRange,
  formatUnsatisfiedRange,
  MAX_RANGES,
  parseRange,
  type ParseRangeOptions,
} from "./range.ts";
export { boundaryOf, MultipartWriter, type OutgoingPart } from "./multipart-writer.ts";
export {
  isBoundary,
  MULTIPART_LIMITS,
  type MultipartLimits,
  type MultipartOptions,
  MultipartParser,
} from "./multipart.ts";
export { type ParsedQuery, parseQuery, type ParseQueryOptions, QUERY_LIMITS } from "./query.ts";
export { detectContentType, detectContentTypeOfLatin1, SNIFF_BYTES } from "./sniff.ts";
export { parseURL } from "./parse-url.ts";
export { pathUnescape } from "./url.ts";
export { allowsBody, reasonPhrase, Status } from "./status.ts";
export { parseWeight } from "./weight.ts";

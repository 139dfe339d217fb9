/**
 * The door of the cases for clients: one list, in the order of the files.
 */
import type { ClientCase } from "../../case.ts";
import { CHUNK_EXTENSION_CASES } from "./chunk-extensions.ts";
import { CHUNKED_CASES } from "./chunked.ts";
import { CONTENT_LENGTH_CASES } from "./content-length.ts";
import { COOKIE_ATTRIBUTE_CASES } from "./cookie-attributes.ts";
import { COOKIE_CASES } from "./cookies.ts";
import { DECOMPRESSION_CASES } from "./decompression.ts";
import { EARLY_CASES, EXPECT_CASES } from "./expect.ts";
import { FIELD_CASES } from "./fields.ts";
import { FRAMING_CASES } from "./framing.ts";
import { INTERIM_CASES } from "./interim.ts";
import { LIMIT_CASES } from "./limits.ts";
import { HEAD_CASES, NO_CONTENT_CASES } from "./no-content.ts";
import { REDIRECT_METHOD_CASES } from "./redirect-methods.ts";
import { REDIRECT_CASES } from "./redirects.ts";
import { REQUEST_FIELD_CASES } from "./request-fields.ts";
import { REQUEST_CASES } from "./requests.ts";
import { RETRY_CASES } from "./retries.ts";
import { REUSE_CASES } from "./reuse.ts";
import { STATUS_LINE_CASES } from "./status-lines.ts";
import { TRAILER_CASES } from "./trailers.ts";
import { TRANSFER_ENCODING_CASES } from "./transfer-encoding.ts";
import { TRUNCATION_CASES } from "./truncation.ts";

/** Every case for clients. */
export const CLIENT_CASES: readonly ClientCase[] = [
  ...REQUEST_CASES,
  ...REQUEST_FIELD_CASES,
  ...STATUS_LINE_CASES,
  ...FIELD_CASES,
  ...FRAMING_CASES,
  ...CONTENT_LENGTH_CASES,
  ...TRANSFER_ENCODING_CASES,
  ...CHUNKED_CASES,
  ...CHUNK_EXTENSION_CASES,
  ...TRAILER_CASES,
  ...TRUNCATION_CASES,
  ...INTERIM_CASES,
  ...HEAD_CASES,
  ...NO_CONTENT_CASES,
  ...EXPECT_CASES,
  ...EARLY_CASES,
  ...REUSE_CASES,
  ...RETRY_CASES,
  ...REDIRECT_CASES,
  ...REDIRECT_METHOD_CASES,
  ...COOKIE_CASES,
  ...COOKIE_ATTRIBUTE_CASES,
  ...DECOMPRESSION_CASES,
  ...LIMIT_CASES,
];

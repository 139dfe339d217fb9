/**
 * The kinds of errors that the go-* vectors name, and the codes we have for them.
 *
 * Rule of this file: a table. A code that stands at several kinds is one we do not split as finely as Go.
 */
import type { Json } from "./case.ts";
import { oneOf } from "./match.ts";

const CODES: Readonly<Record<string, readonly string[]>> = {
  "bad-content-length": ["bad-content-length"],
  "bad-name": ["malformed-cookie-name"],
  "bad-value": ["malformed-cookie-value"],
  blank: ["blank-cookie"],
  "body-closed": ["body-used", "handler-done"],
  "body-source-error": ["body-failed"],
  "body-too-large": ["body-too-large"],
  "chunk-bare-lf": ["bad-chunk-end"],
  "chunk-malformed": ["bad-chunk-end"],
  "chunk-overhead": ["chunk-overhead"],
  "chunk-line-too-long": ["chunk-line-too-long"],
  "chunk-size-bad": ["bad-chunk-size"],
  "chunk-size-empty": ["bad-chunk-size"],
  "chunk-size-too-long": ["chunk-size-too-large"],
  "content-length-bad": ["bad-content-length"],
  "content-length-conflict": ["conflicting-content-length"],
  "content-length-empty": ["bad-content-length"],
  "content-length-exceeded": ["content-length-mismatch"],
  "content-length-mismatch": ["content-length-mismatch"],
  "content-length-nil-body": ["content-length-mismatch"],
  eof: ["eof"],
  "handler-timeout": ["handler-timeout"],
  "header-count-exceeded": ["too-many-fields", "trailer-too-large"],
  "header-malformed": [
    "bad-field-name",
    "missing-colon",
    "space-before-colon",
    "space-before-first-field",
  ],
  "host-duplicate": ["duplicate-host"],
  "target-malformed": ["bad-target", "bad-request-line"],
  "invalid-empty-content-length": ["bad-content-length"],
  "malformed-http-response": ["bad-status-line", "truncated-head", "unsupported-version"],
  "malformed-http-status-code": ["bad-status-line"],
  "malformed-http-version": ["bad-status-line"],
  "malformed-mime": ["space-before-first-field"],
  "message-cannot-contain-multiple-content-length-headers": ["conflicting-content-length"],
  "no-equals": ["cookie-without-equals"],
  "status-code-malformed": ["bad-status-line"],
  "status-line-malformed": ["bad-status-line", "truncated-head"],
  timeout: ["body-timeout"],
  "trailer-name-invalid": ["bad-field-name"],
  "trailer-value-invalid": ["bad-field-value"],
  "transfer-encoding-unsupported": ["unsupported-transfer-coding", "chunked-not-last"],
  "version-malformed": ["bad-status-line"],
  "unexpected-eof": ["truncated-body", "truncated-head"],
};

/** The codes wanted where a vector names this kind. */
export function codesOf(kind: string): Json {
  return oneOf(CODES[kind] ?? [`a code for the kind ${kind}`]);
}

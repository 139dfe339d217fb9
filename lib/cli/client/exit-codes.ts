/**
 * Exit codes of a client: curl's numbers, since scripts know them.
 * curl(1), EXIT CODES
 *
 * Rule of this file: a table from the codes of our errors to numbers, and what is found by looking at causes.
 */

/** The server answered 400 or above, and --fail was given. */
export const HTTP_ERROR = 22;
export const TIMED_OUT = 28;
export const EMPTY_REPLY = 52;
export const RECEIVE_FAILED = 56;

const BY_CODE: ReadonlyMap<string, number> = new Map([
  ["unsupported-scheme", 1],
  ["bad-status-line", 1],
  ["unsupported-version", 1],
  ["bad-url", 3],
  ["bad-target", 3],
  ["bad-host", 3],
  ["host-not-found", 6],
  ["connection-refused", 7],
  ["host-unreachable", 7],
  ["address-unavailable", 7],
  ["permission-denied", 7],
  ["bad-address", 7],
  ["bad-content-length", 8],
  ["content-length-too-large", 8],
  ["conflicting-content-length", 8],
  ["unsupported-transfer-coding", 8],
  ["chunked-not-last", 8],
  ["bad-field-name", 8],
  ["bad-field-value", 8],
  ["missing-colon", 8],
  ["truncated-body", 18],
  ["unexpected-eof", 18],
  ["client-timed-out", TIMED_OUT],
  ["connect-timed-out", TIMED_OUT],
  ["response-header-timed-out", TIMED_OUT],
  ["body-timed-out", TIMED_OUT],
  ["send-timed-out", TIMED_OUT],
  ["timed-out", TIMED_OUT],
  ["tls-failed", 35],
  ["not-tls", 35],
  ["tls-handshake-timed-out", 35],
  ["bad-certificate", 58],
  ["too-many-redirects", 47],
  ["redirect-refused", 47],
  ["connection-lost", EMPTY_REPLY],
  ["broken-pipe", 55],
  ["response-too-large", 63],
]);

/** What OpenSSL and Node call a certificate that is not accepted. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS_CERT/;

/** The number for a call that failed. */
export function exitCodeOf(error: unknown): number {
  const codes = [...causes(error)].flatMap((one) => codeOf(one) ?? []);
  if (codes.includes("tls-failed") && codes.some((code) => CERTIFICATE.test(code))) return 60;
  // No octet of an answer came, and the connection was cut rather than ended.
  if (codes.includes("connection-lost") && codes.includes("reset")) return RECEIVE_FAILED;
  for (const code of codes) {
    const known = BY_CODE.get(code);
    if (known !== undefined) return known;
    if (code.startsWith("proxy-") || code.startsWith("socks-")) return 97;
    if (code.endsWith("-encoding") || code.startsWith("decode")) return 61;
  }
  return RECEIVE_FAILED;
}

function* causes(error: unknown): Iterable<unknown> {
  let one = error;
  for (let depth = 0; depth < 8 && typeof one === "object" && one !== null; depth++) {
    yield one;
    one = "cause" in one ? one.cause : undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * What Node says went wrong, in our codes.
 * Go: net.OpError, os.SyscallError
 *
 * Rule of this file: one table from system codes to IoError codes; the system's error is kept as cause.
 */
import { IoError, type IoErrorCode } from "../bufio/mod.ts";

/** Network text never comes here: these are the names of libuv and OpenSSL. */
const CODES: ReadonlyMap<string, IoErrorCode> = new Map([
  ["ECONNRESET", "reset"],
  ["ECONNABORTED", "reset"],
  ["EPIPE", "broken-pipe"],
  ["ERR_STREAM_DESTROYED", "closed"],
  ["ERR_SOCKET_CLOSED", "closed"],
  ["ETIMEDOUT", "timed-out"],
  ["ECONNREFUSED", "connection-refused"],
  ["EADDRINUSE", "address-in-use"],
  ["EADDRNOTAVAIL", "address-unavailable"],
  ["EAFNOSUPPORT", "address-unavailable"],
  ["EACCES", "permission-denied"],
  ["EPERM", "permission-denied"],
  ["EMFILE", "too-many-files"],
  ["ENFILE", "too-many-files"],
  ["ENOTFOUND", "host-not-found"],
  ["EAI_AGAIN", "host-not-found"],
  ["EAI_NODATA", "host-not-found"],
  ["EAI_NONAME", "host-not-found"],
  ["ENOENT", "host-not-found"],
  ["EHOSTUNREACH", "host-unreachable"],
  ["ENETUNREACH", "host-unreachable"],
  ["EHOSTDOWN", "host-unreachable"],
  ["ENETDOWN", "host-unreachable"],
  ["ERR_TLS_HANDSHAKE_TIMEOUT", "tls-handshake-timed-out"],
]);

/** The system's name of an error, `undefined` when it has none. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** An IoError for what Node reported; `otherwise` when its code is none that we know. */
export function ioError(cause: unknown, otherwise: IoErrorCode, detail?: string): IoError {
  if (cause instanceof IoError) return cause;
  // Several addresses of one host were tried: the first failure stands for all.
  const first = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  const code = systemCode(cause) ?? systemCode(first);
  const known = code === undefined ? undefined : CODES.get(code);
  const told = first instanceof Error ? first.message : undefined;
  return new IoError(known ?? otherwise, { detail: detail ?? told, cause });
}

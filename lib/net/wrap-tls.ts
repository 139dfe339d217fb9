/**
 * TLS over a connection that is there already: the client's handshake.
 * RFC 8446 §4, RFC 6066 §3, RFC 7301 · Go: tls.Client, http.Transport addTLS
 *
 * Rule of this file: a fresh socket of ours is given to Node's TLS as it is; any other Conn (a tunnel, a
 * pipe) through a ConnDuplex. A failed handshake ends the connection.
 */
import { isIP, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Conn, IoError } from "../bufio/mod.ts";
import { type ContextOptions, type KeyPair, nodeContextOptions } from "./certificates.ts";
import { ConnDuplex } from "./conn-duplex.ts";
import { systemCode } from "./io-errors.ts";
import { readLastWords } from "./last-words.ts";
import { settled } from "./settled.ts";
import { SocketConn } from "./socket-conn.ts";
import { TlsSessions } from "./tls-sessions.ts";

/** What a client wants of TLS: who it is (`cert`, `key`), whom it trusts (`ca`), and how. */
export interface TlsClientOptions extends ContextOptions, Partial<KeyPair> {
  /** "verify" ends the handshake on a certificate that is not accepted. Default "verify". */
  readonly serverCertificate?: "verify" | "accept-any" | undefined;
  /**
   * "resume" goes on with an earlier session with the same server, made with the same options object; 64 are
   * kept. Default "resume".
   */
  readonly sessions?: "resume" | "forget" | undefined;
}

/** With whom, and within what. */
export interface WrapTlsWhere {
  /** The name asked for (SNI) and verified. An address is verified and not asked for. */
  readonly serverName: string;
  /** Protocols offered, preferred first. */
  readonly alpnProtocols: readonly string[];
  readonly tls?: TlsClientOptions | undefined;
  /** ms for the handshake; Infinity for no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const NO_OPTIONS: TlsClientOptions = Object.freeze({});
const sessions = new TlsSessions();

/**
 * Does the client's handshake over a Conn that nobody has started, and resolves to the Conn inside TLS; the
 * outer one must not be used any more.
 *
 * Rejects with IoError "tls-failed", "not-tls", "tls-handshake-timed-out", "bad-certificate" or what ended
 * the connection, or with the signal's reason; the Conn is aborted then.
 */
export async function wrapTLS(conn: Conn, where: WrapTlsWhere): Promise<Conn> {
  const { signal, serverName, tls = NO_OPTIONS } = where;
  if (signal?.aborted === true) {
    conn.abort();
    throw signal.reason;
  }
  const key =
    tls.sessions === "forget"
      ? undefined
      : sessions.keyOf([serverName, conn.remoteAddr?.port, ...where.alpnProtocols], tls);
  const { socket, below, unixPath } = begin(conn, where, key);
  try {
    await settled(socket, {
      event: "secureConnect",
      afterMs: where.timeoutMs,
      late: "tls-handshake-timed-out",
      failed: "tls-failed",
      where: serverName,
      signal,
    });
  } catch (error) {
    if (key !== undefined) sessions.delete(key);
    throw told(error);
  }
  readLastWords(socket);
  const duplex = below instanceof ConnDuplex ? below : undefined;
  return new SocketConn(socket, { unixPath, below: duplex });
}

function begin(
  conn: Conn,
  { serverName, alpnProtocols, tls = NO_OPTIONS }: WrapTlsWhere,
  key: string | undefined,
): { socket: TLSSocket; below: Socket | ConnDuplex; unixPath: string | undefined } {
  const taken = conn instanceof SocketConn ? conn.takeSocket() : undefined;
  const below = taken?.socket ?? new ConnDuplex(conn);
  const session = key === undefined ? undefined : sessions.get(key);
  let socket: TLSSocket;
  try {
    socket = process.getBuiltinModule("node:tls").connect({
      ...nodeContextOptions(tls, tls),
      socket: below,
      host: serverName,
      // Server names are names: RFC 6066 §3 forbids addresses there.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      rejectUnauthorized: tls.serverCertificate !== "accept-any",
      ALPNProtocols: [...alpnProtocols],
      ...(session === undefined ? {} : { session }),
    });
  } catch (cause) {
    below.destroy();
    if (cause instanceof IoError) throw cause;
    throw new IoError("bad-certificate", { detail: String(cause), cause });
  }
  // Sessions come when they please, under TLS 1.3 behind the handshake.
  if (key !== undefined) socket.on("session", (fresh) => sessions.set(key, fresh));
  return { socket, below, unixPath: taken?.unixPath };
}

/** OpenSSL's words for an answer that is no TLS record; "HTTP/" reads as a record of version 0x5454. */
const NOT_TLS: ReadonlySet<string | undefined> = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
]);

function told(error: unknown): unknown {
  if (!(error instanceof IoError) || error.code !== "tls-failed") return error;
  return NOT_TLS.has(systemCode(error.cause))
    ? new IoError("not-tls", { cause: error.cause })
    : error;
}

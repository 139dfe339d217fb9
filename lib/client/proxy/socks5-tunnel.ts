/**
 * A tunnel through a SOCKS5 proxy.
 * RFC 1928 · Go: internal/socks Dialer.connect
 *
 * Rule of this file: the thin loop; what is said stands in socks5.ts.
 */
import type { Conn, Reader } from "../../bufio/mod.ts";
import type { BasicCredentials } from "../../semantics/mod.ts";
import { ProxyError } from "./errors.ts";
import { negotiate, type NegotiationOptions } from "./negotiation.ts";
import {
  connectMessage,
  greeting,
  offeredMethods,
  passwordMessage,
  readConnectReply,
  readMethod,
  readPasswordReply,
  type SocksStep,
} from "./socks5.ts";
import type { TunnelTarget } from "./tunnel.ts";

export interface SocksOptions extends NegotiationOptions {
  readonly target: TunnelTarget;
  /** Sent when the proxy asks for them. */
  readonly credentials?: BasicCredentials | undefined;
}

/**
 * Asks the SOCKS5 proxy at the other end of a Conn, which nobody has started, for a tunnel. Names are
 * resolved by the proxy. Resolves to the Conn through it.
 *
 * Rejects with ProxyError "socks-refused", "socks-auth-required", "socks-auth-failed", "bad-socks-reply",
 * "bad-socks-target", "bad-socks-credentials", "proxy-closed" or "proxy-timed-out", with IoError, or with the
 * signal's reason; the Conn is aborted then.
 */
export function connectThroughSocks(conn: Conn, options: SocksOptions): Promise<Conn> {
  return negotiate(conn, options, async (reader) => {
    const { target, credentials } = options;
    // Before the first octet is sent: what cannot be said fails at once.
    const command = connectMessage(target);
    const password = credentials === undefined ? undefined : passwordMessage(credentials);
    const offered = offeredMethods(credentials);
    conn.write(greeting(offered));
    const method = await answer(reader, (bytes) => readMethod(bytes, offered));
    if (method === "password" && password !== undefined) {
      conn.write(password);
      await answer(reader, readPasswordReply);
    }
    conn.write(command);
    await answer(reader, readConnectReply);
  });
}

/** Waits until a step has all it needs. */
async function answer<T>(reader: Reader, step: (bytes: Uint8Array) => SocksStep<T>): Promise<T> {
  for (;;) {
    const result = step(reader.bytes.subarray(reader.from, reader.to));
    if (result !== "need-more") {
      reader.consume(result.byteLength);
      return result.value;
    }
    if ((await reader.more()) === "end") throw new ProxyError("proxy-closed");
  }
}

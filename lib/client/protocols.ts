/**
 * Who else carries requests: transports for other schemes, and for protocols that ALPN has chosen.
 * RFC 7301 · Go: Transport.RegisterProtocol, TLSNextProto
 *
 * Rule of this file: it remembers and looks up. A route whose server has once chosen another protocol belongs to
 * the transport that was made for it.
 */
import type { Conn } from "../bufio/mod.ts";
import type { Call } from "./call.ts";
import type { RoundTripper } from "./contracts.ts";
import { ClientError } from "./errors.ts";
import { hostPort } from "./host-port.ts";
import type { TransportOptions } from "./options.ts";
import type { Route } from "./route.ts";

export class Protocols {
  readonly #nextProto: NonNullable<TransportOptions["tlsNextProto"]>;
  readonly #schemes: Map<string, RoundTripper> = new Map();
  readonly #routes: Map<string, RoundTripper> = new Map();

  constructor(nextProto: TransportOptions["tlsNextProto"]) {
    this.#nextProto = nextProto ?? {};
  }

  /** Go: RegisterProtocol, which panics */
  register(scheme: string, transport: RoundTripper): void {
    const name = scheme.toLowerCase();
    if (this.#schemes.has(name))
      throw new TypeError(`a transport for ${name} is registered already`);
    this.#schemes.set(name, transport);
  }

  get hasSchemes(): boolean {
    return this.#schemes.size > 0;
  }

  ofScheme(scheme: string): RoundTripper | undefined {
    return this.#schemes.get(scheme);
  }

  ofRoute(route: Route): RoundTripper | undefined {
    return this.#routes.size === 0 ? undefined : this.#routes.get(route.key);
  }

  /** Gives a new connection away if another protocol was chosen on it. Throws "hook-threw", the connection closed. */
  takesOver(conn: Conn, call: Call): boolean {
    const chosen = conn.tls?.alpnProtocol;
    if (chosen === undefined || !Object.hasOwn(this.#nextProto, chosen)) return false;
    const make = this.#nextProto[chosen];
    if (make === undefined) return false;
    const { route } = call;
    try {
      this.#routes.set(route.key, make(hostPort(route.origin), conn));
    } catch (cause) {
      conn.abort();
      throw ClientError.from(cause, "hook-threw", call.facts("connect"));
    }
    return true;
  }

  closeIdleConnections(): void {
    for (const other of [...this.#schemes.values(), ...this.#routes.values()]) {
      other.closeIdleConnections?.();
    }
  }
}

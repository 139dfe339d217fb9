/**
 * The Server wired for Node, and the one-liners around it.
 * Go: http.ListenAndServe, http.ListenAndServeTLS
 *
 * Rule of this file: no behaviour of its own; `barewire/server` decides, lib/net does.
 */
import type { Listener } from "../bufio/mod.ts";
import type { KeyPair, ListenAddress, TlsOptions } from "../net/mod.ts";
import { Server as PortableServer } from "../server/mod.ts";
import type { Handler, ServerOptions } from "../server/mod.ts";
import { nodePlatform } from "./platform.ts";

/** Where to listen: Go's forms as a string, an object, or a Listener that is ready. */
export type Address = ListenAddress | Listener;

/** The certificates, and the rest of TLS. */
export type { TlsOptions } from "../net/mod.ts";

/** A Server that can listen by itself. Go: http.Server */
export class Server<C = unknown> extends PortableServer<C> {
  constructor(options: ServerOptions<C> = {}) {
    super(options, nodePlatform);
  }

  override listenAndServe(addr: Address = ""): Promise<void> {
    return super.listenAndServe(addr);
  }

  override listenAndServeTLS(addr: Address = "", tls?: TlsOptions): Promise<void> {
    return super.listenAndServeTLS(addr, tls);
  }

  override serveTLS(listener: Address, tls?: TlsOptions): Promise<void> {
    return super.serveTLS(listener, tls);
  }

  override setCertificates(certificates: readonly KeyPair[]): void {
    super.setCertificates(certificates);
  }
}

/**
 * Serves HTTP on an address: ":8080" (both IP families), "127.0.0.1:0" (any free port), {path}, {fd}, …
 * Resolves to the Server when it is listening; rejects with an IoError such as "address-in-use".
 * Go: http.ListenAndServe
 */
export async function listenAndServe<C = unknown>(
  addr: Address,
  handler?: Handler<C>,
  options: ServerOptions<C> = {},
): Promise<Server<C>> {
  const server = new Server<C>(handler === undefined ? options : { ...options, handler });
  await server.listenAndServe(addr);
  return server;
}

/** The same with TLS. Go: http.ListenAndServeTLS */
export async function listenAndServeTLS<C = unknown>(
  addr: Address,
  tls: TlsOptions,
  handler?: Handler<C>,
  options: ServerOptions<C> = {},
): Promise<Server<C>> {
  const given = handler === undefined ? options : { ...options, handler };
  const server = new Server<C>({ ...given, tls });
  await server.listenAndServeTLS(addr);
  return server;
}

/**
 * The Transport wired for Node, and the one that everybody shares.
 * Go: http.Transport, http.DefaultTransport
 *
 * Rule of this file: wiring only; `barewire/client` decides, lib/net does.
 */
import type { ClientPlatform, Proxy, TransportOptions } from "../client/mod.ts";
import { Transport as PortableTransport, proxyFromEnvironment } from "../client/mod.ts";
import { dial, nodeLatin1, wrapTLS } from "../net/mod.ts";
import type { TlsClientOptions } from "../net/mod.ts";
import { nodeDecoders } from "./content-decoders.ts";
import { diagnosticsTrace } from "./diagnostics.ts";
import { hold } from "./hold.ts";
import { nodePlatform } from "./platform.ts";

/** What clients of the front door run on. */
export const nodeClientPlatform: ClientPlatform = {
  clock: nodePlatform.clock!,
  dial,
  wrapTLS,
  decoders: nodeDecoders,
  decode: nodeLatin1.decode,
  hold,
  log: (message) => console.warn(message),
};

/** As in `barewire/client`, with TLS in Node's words. */
export interface NodeTransportOptions extends TransportOptions {
  /** Authorities, certificates, versions, and `serverCertificate: "accept-any"` for tests. */
  readonly tls?: TlsClientOptions | undefined;
}

/**
 * A Transport that can dial by itself, and tells node:diagnostics_channel of its calls. Without `proxy` it uses none: see `defaultTransport`.
 * Go: http.Transport
 */
export class Transport extends PortableTransport {
  constructor(options: NodeTransportOptions = {}) {
    super({ ...options, trace: options.trace ?? diagnosticsTrace() }, nodeClientPlatform);
  }
}

let fromEnvironment: Proxy | undefined;

/** The environment is read once, at the first request. */
const environmentProxy: Proxy = (url) => {
  fromEnvironment ??= proxyFromEnvironment(process.env);
  return fromEnvironment(url);
};

/** Is there anything in the environment that names a proxy? Asking for each request would cost a promise. */
const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"];
const hasProxy = names.some((name) => (process.env[name] ?? "") !== "");

/** The transport of `get`, `post` and their like; its proxy comes from the environment. Go: DefaultTransport */
export const defaultTransport: Transport = new Transport(
  hasProxy ? { proxy: environmentProxy } : {},
);

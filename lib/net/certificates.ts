/**
 * Which certificate a client gets: several by server name, replaceable while running.
 * RFC 6066 §3 · Go: crypto/tls Config.Certificates, getCertificate
 *
 * Rule of this file: from PEM to secure contexts and from a server name to one of them: the exact name, then
 * the name with `*` for its first label, then the first certificate. Names are read from the certificates
 * (node:crypto reads them). Everything is checked before anything is replaced. TLS is loaded with the first
 * certificate, not by an import.
 */
import type { X509Certificate } from "node:crypto";
import type { SecureContext, SecureVersion } from "node:tls";
import { IoError } from "../bufio/mod.ts";

/** A certificate chain and its key, both PEM. */
export interface KeyPair {
  /** The leaf first, then what leads to the root. */
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  readonly passphrase?: string | undefined;
}

/** What holds for all certificates of a listener. */
export interface ContextOptions {
  /** Authorities that client certificates (server) or server certificates (client) must lead to. PEM. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** Default "TLSv1.2": RFC 8996 forbids what is older. */
  readonly minVersion?: SecureVersion | undefined;
  readonly maxVersion?: SecureVersion | undefined;
  /** OpenSSL's cipher list. Default: Node's. */
  readonly ciphers?: string | undefined;
}

/** The certificates of a listener, by name. */
export class CertificateStore {
  readonly #options: ContextOptions;
  #exact: Map<string, SecureContext> = new Map();
  #wildcard: Map<string, SecureContext> = new Map();
  #first: KeyPair | undefined = undefined;

  constructor(pairs: readonly KeyPair[], options: ContextOptions) {
    this.#options = options;
    this.replace(pairs);
  }

  /** For clients that ask for no name, or for one that we do not have. */
  get first(): KeyPair {
    if (this.#first === undefined) throw new IoError("bad-certificate", { detail: "none given" });
    return this.#first;
  }

  /** The context for a server name; undefined: the first certificate's. */
  find(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase();
    const dot = name.indexOf(".");
    return this.#exact.get(name) ?? (dot < 0 ? undefined : this.#wildcard.get(name.slice(dot + 1)));
  }

  /** Takes other certificates from the next handshake on. Throws IoError and changes nothing if unusable. */
  replace(pairs: readonly KeyPair[]): void {
    const [first] = pairs;
    if (first === undefined) throw new IoError("bad-certificate", { detail: "none given" });
    const exact = new Map<string, SecureContext>();
    const wildcard = new Map<string, SecureContext>();
    for (const pair of pairs) {
      const { context, names } = openPair(pair, this.#options);
      for (const name of names) {
        const [map, key] = name.startsWith("*.") ? [wildcard, name.slice(2)] : [exact, name];
        // As in Go the first certificate for a name wins.
        if (!map.has(key)) map.set(key, context);
      }
    }
    this.#exact = exact;
    this.#wildcard = wildcard;
    this.#first = first;
  }
}

/** The options of Node's TLS for one key pair and what holds for all. */
export function nodeContextOptions(
  pair: Partial<KeyPair>,
  options: ContextOptions,
): Record<string, unknown> & { minVersion: SecureVersion } {
  return {
    ...given({ cert: nodePem(pair.cert), key: nodePem(pair.key), passphrase: pair.passphrase }),
    ...given({ ca: nodePems(options.ca), ciphers: options.ciphers }),
    ...given({ maxVersion: options.maxVersion }),
    minVersion: options.minVersion ?? "TLSv1.2",
  };
}

/** Node takes a missing option, but not always one that is there and undefined. */
function given(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function nodePem(pem: string | Uint8Array | undefined): string | Buffer | undefined {
  return pem instanceof Uint8Array ? Buffer.from(pem) : pem;
}

function nodePems(pems: ContextOptions["ca"]): (string | Buffer | undefined)[] | undefined {
  if (pems === undefined) return undefined;
  const list = typeof pems === "string" || pems instanceof Uint8Array ? [pems] : pems;
  for (const pem of list) checkAuthority(pem);
  return list.map((pem) => nodePem(pem));
}

/** Node takes anything for an authority, and then trusts nobody: each handshake fails for reasons of its own. */
function checkAuthority(pem: string | Uint8Array): void {
  try {
    // That it reads DER too is of no use: the context does not.
    if (!Buffer.from(pem).includes("-----BEGIN ")) throw new Error("no PEM");
    readCertificate(pem);
  } catch (cause) {
    const detail = "`ca` must be the text of PEM files, with a certificate in each";
    throw new IoError("bad-certificate", { detail, cause });
  }
}

function readCertificate(pem: string | Uint8Array): X509Certificate {
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  return new X509Certificate(pem);
}

function openPair(
  pair: KeyPair,
  options: ContextOptions,
): { context: SecureContext; names: string[] } {
  const { createSecureContext } = process.getBuiltinModule("node:tls");
  try {
    const cert = readCertificate(pair.cert);
    // OpenSSL refuses to resume sessions with client certificates without an id for the context.
    const context = createSecureContext({
      ...nodeContextOptions(pair, options),
      sessionIdContext: "barewire",
    });
    return { context, names: namesOf(cert) };
  } catch (cause) {
    if (cause instanceof IoError) throw cause;
    const detail = cause instanceof Error ? cause.message : undefined;
    throw new IoError("bad-certificate", { detail, cause });
  }
}

// "DNS:example.org, IP Address:192.0.2.1, DNS:*.example.org"; a name that Node had to quote is none of ours.
function namesOf(cert: X509Certificate): string[] {
  const entries = cert.subjectAltName?.split(", ") ?? [];
  const names = entries.filter((entry) => /^DNS:[\w*.-]+$/.test(entry));
  if (names.length > 0) return names.map((entry) => entry.slice(4).toLowerCase());
  // Without any alternative name the common name counts, as in Go.
  const common = /^CN=([\w*.-]+)$/m.exec(cert.subject)?.[1];
  return entries.length > 0 || common === undefined ? [] : [common.toLowerCase()];
}

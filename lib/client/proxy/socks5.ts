/**
 * SOCKS5, the steps: what is sent, and what the answers say.
 * RFC 1928, RFC 1929 · Go: internal/socks (socks_bundle.go)
 *
 * Rule of this file: pure. Each reading step answers a value with the octets it used, "need-more" while they
 * are not all here (then call again with the same octets and more), or throws ProxyError.
 *
 *   client  05 n methods…                       server  05 method
 *   client  01 len user len password            server  01 status           (method 2 only)
 *   client  05 01 00 type address port          server  05 reply 00 type address port
 */
import { type BasicCredentials, ipv4Of, parseAddress } from "../../semantics/mod.ts";
import { ProxyError } from "./errors.ts";
import type { TunnelTarget } from "./tunnel.ts";

/** What a reading step has come to. */
export type SocksStep<T> = { readonly value: T; readonly byteLength: number } | "need-more";

/** How the client proves who it is. */
export type SocksMethod = "none" | "password";

const VERSION = 5;
const PASSWORD_VERSION = 1;
const CONNECT = 1;
const NO_METHOD = 0xff;
const METHODS: readonly SocksMethod[] = ["none", "password"];
const METHOD_NUMBERS = { none: 0, password: 2 } as const;
const AddressType = { ipv4: 1, domain: 3, ipv6: 4 } as const;

/** RFC 1928 §6, from 1 on. */
const REPLIES: readonly string[] = [
  "general failure of the proxy",
  "its rules do not allow the connection",
  "the network cannot be reached",
  "the host cannot be reached",
  "the target refused the connection",
  "the time to live has expired",
  "it does not know the command",
  "it does not know the kind of address",
];

/** What is offered: access without authentication, and by password where there is one. */
export function offeredMethods(credentials: BasicCredentials | undefined): readonly SocksMethod[] {
  return credentials === undefined ? ["none"] : METHODS;
}

/** The first message. RFC 1928 §3 */
export function greeting(offered: readonly SocksMethod[]): Uint8Array {
  return Uint8Array.of(VERSION, offered.length, ...offered.map((method) => METHOD_NUMBERS[method]));
}

/** The proxy's choice. Throws "socks-auth-required" when it wants none of them. RFC 1928 §3 */
export function readMethod(
  bytes: Uint8Array,
  offered: readonly SocksMethod[],
): SocksStep<SocksMethod> {
  const [version, number] = bytes;
  if (version === undefined) return "need-more";
  if (version !== VERSION) throw bad(`version ${version}`);
  if (number === undefined) return "need-more";
  if (number === NO_METHOD) throw new ProxyError("socks-auth-required");
  const chosen = offered.find((method) => METHOD_NUMBERS[method] === number);
  if (chosen === undefined) throw bad(`method ${number}, which was not offered`);
  return { value: chosen, byteLength: 2 };
}

/** User and password, in UTF-8. Throws "bad-socks-credentials". RFC 1929 §2 */
export function passwordMessage({ username, password }: BasicCredentials): Uint8Array {
  const user = new TextEncoder().encode(username);
  const secret = new TextEncoder().encode(password);
  if (user.length < 1 || user.length > 255 || secret.length > 255) {
    throw new ProxyError("bad-socks-credentials");
  }
  return Uint8Array.of(PASSWORD_VERSION, user.length, ...user, secret.length, ...secret);
}

/** Whether they were accepted. Throws "socks-auth-failed". RFC 1929 §2 */
export function readPasswordReply(bytes: Uint8Array): SocksStep<"accepted"> {
  const [version, status] = bytes;
  if (version === undefined) return "need-more";
  if (version !== PASSWORD_VERSION) throw bad(`version ${version} of the password's answer`);
  if (status === undefined) return "need-more";
  if (status !== 0) throw new ProxyError("socks-auth-failed");
  return { value: "accepted", byteLength: 2 };
}

/**
 * Asks for a connection. An address is sent as such; a name as it is, for the proxy to resolve. Throws
 * "bad-socks-target". RFC 1928 §4
 */
export function connectMessage({ host, port }: TunnelTarget): Uint8Array {
  if (!Number.isInteger(port) || port < 0 || port > 0xffff) {
    throw new ProxyError("bad-socks-target", { detail: `port ${port}` });
  }
  const address = addressOf(host);
  return Uint8Array.of(VERSION, CONNECT, 0, ...address, port >> 8, port & 0xff);
}

function addressOf(host: string): number[] {
  // A zone means something on this machine only, and no reply could carry it.
  const ip = host.includes("%") ? undefined : parseAddress(host);
  if (ip !== undefined) {
    const ipv4 = ipv4Of(ip);
    return ipv4 === undefined ? [AddressType.ipv6, ...ip] : [AddressType.ipv4, ...ipv4];
  }
  const name = new TextEncoder().encode(host);
  if (name.length < 1 || name.length > 255) {
    throw new ProxyError("bad-socks-target", { detail: `a host of ${name.length} octets` });
  }
  return [AddressType.domain, name.length, ...name];
}

/**
 * Whether the way is open. The address that the proxy uses towards the target is passed over. Throws
 * "socks-refused" as soon as the reply's code is here. RFC 1928 §6
 */
export function readConnectReply(bytes: Uint8Array): SocksStep<"connected"> {
  const [version, reply, reserved, type, nameLength] = bytes;
  if (version === undefined) return "need-more";
  if (version !== VERSION) throw bad(`version ${version}`);
  if (reply === undefined) return "need-more";
  if (reply !== 0) {
    throw new ProxyError("socks-refused", { detail: REPLIES[reply - 1] ?? `reply ${reply}` });
  }
  if (reserved === undefined || type === undefined) return "need-more";
  if (reserved !== 0) throw bad(`reserved octet ${reserved}`);
  const addressBytes = addressLength(type, nameLength);
  if (addressBytes === undefined) return "need-more";
  const byteLength = 4 + addressBytes + 2;
  return bytes.length < byteLength ? "need-more" : { value: "connected", byteLength };
}

function addressLength(type: number, nameLength: number | undefined): number | undefined {
  if (type === AddressType.ipv4) return 4;
  if (type === AddressType.ipv6) return 16;
  if (type !== AddressType.domain) throw bad(`kind of address ${type}`);
  return nameLength === undefined ? undefined : 1 + nameLength;
}

function bad(detail: string): ProxyError {
  return new ProxyError("bad-socks-reply", { detail });
}

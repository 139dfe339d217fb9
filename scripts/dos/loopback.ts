/**
 * The one rule of the load program: it loads this machine and no other.
 *
 * Rule of this file: every socket of the program asks here first. A name is no address: it could lead
 * anywhere.
 */
import { isIPv4, isIPv6 } from "node:net";

/** Where a server is attacked. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly security: "plain" | "tls";
}

/** Throws unless the host is a loopback address: 127.0.0.0/8 or ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function mustBeLoopback(host: string): void {
  const isLoopback = isIPv4(host) ? host.startsWith("127.") : isIPv6(host) && host === "::1";
  if (isLoopback) return;
  throw new Error(
    `"${host}" is no loopback address: this program attacks servers of this machine only (127.0.0.1, ::1)`,
  );
}

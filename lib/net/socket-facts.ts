/**
 * What a socket can tell about itself, and how to cut it: addresses, TLS, reset.
 * Go: net.Conn RemoteAddr, tls.Conn ConnectionState, TCPConn SetLinger(0)
 *
 * Rule of this file: questions to Node's sockets, answered in the words of the contract.
 */
import { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Addr, TlsInfo } from "../bufio/mod.ts";

/** The peer's address; on a Unix socket the host is "" since peers have no name there. */
export function remoteAddrOf(socket: Socket, unixPath: string | undefined): Addr | undefined {
  if (unixPath !== undefined) return { network: "unix", host: "", port: 0 };
  const host = socket.remoteAddress;
  return host === undefined ? undefined : tcpAddr(host, socket.remotePort);
}

/** Our own address; on a Unix socket its path. */
export function localAddrOf(socket: Socket, unixPath: string | undefined): Addr | undefined {
  if (unixPath !== undefined) return { network: "unix", host: unixPath, port: 0 };
  const host = socket.localAddress;
  return host === undefined ? undefined : tcpAddr(host, socket.localPort);
}

/** An address as people know it: on a dual-stack socket IPv4 peers come as ::ffff:192.0.2.1. */
export function tcpAddr(host: string, port: number | undefined): Addr {
  const mapped = host.startsWith("::ffff:") && host.includes(".");
  return { network: "tcp", host: mapped ? host.slice(7) : host, port: port ?? 0 };
}

/** Told by a property, so that a program without TLS need not load it to ask. */
export function isTls(socket: Socket): socket is TLSSocket {
  return "encrypted" in socket;
}

/** What a finished handshake has settled. */
export function tlsInfoOf(socket: TLSSocket): TlsInfo {
  const leaf = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? "",
    cipher: socket.getCipher()?.name ?? "",
    alpnProtocol: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
    serverName: serverNameOf(socket),
    authorized: socket.authorized,
    peerCertificate: leaf === undefined ? undefined : new Uint8Array(leaf.raw),
    resumed: socket.isSessionReused(),
  };
}

// Node types it as always there; on the server it is false when the client asked for no name.
function serverNameOf(socket: TLSSocket): string | undefined {
  const { servername } = socket as { servername?: unknown };
  return typeof servername === "string" && servername !== "" ? servername : undefined;
}

/** The TCP socket below a TLS socket, where Node lets it be found. */
export function rawSocketOf(socket: Socket): Socket | undefined {
  const parent = (socket as { _parent?: unknown })._parent;
  return parent instanceof Socket ? parent : undefined;
}

/**
 * Ends a socket at once, with RST where it is TCP: a peer that reads until the end must not take a cut for
 * an end. Elsewhere a plain destroy (resetAndDestroy throws on Unix sockets).
 */
export function resetSocket(socket: Socket, below: Socket | undefined): void {
  const tcp = below ?? socket;
  const isTcp = tcp.remoteFamily !== undefined && !isTls(tcp);
  // libuv refuses to reset while a FIN is on its way out, and Node would then lose the descriptor.
  const isEnding = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (!isTcp || (isEnding && below !== undefined)) socket.destroy();
  else if (isEnding) socket.once("finish", () => resetNow(socket));
  // A TLS socket follows by itself when the one below has closed. Destroyed here, inside its own callback,
  // Node would free OpenSSL's state under OpenSSL's feet (seen: a crash).
  else resetNow(tcp);
}

function resetNow(tcp: Socket): void {
  if (!tcp.destroyed) tcp.resetAndDestroy();
}

/**
 * Whether an end of input was really a reset. libuv reports a reset as an ordinary end when it comes
 * together with the last bytes (a short read with POLLHUP), and a cut answer would pass for a whole one.
 * A connection whose peer has only sent FIN still has a peer; after a reset the system knows none.
 * Answers only for TCP whose own side is open, and "no" where Node's handle cannot be asked.
 */
export function wasReset(socket: Socket): boolean {
  if (socket.writableEnded) return false;
  const tcp = rawSocketOf(socket) ?? socket;
  const { _handle: handle } = tcp as {
    _handle?: { getpeername?: (out: object) => unknown } | null;
  };
  if (typeof handle?.getpeername !== "function") return false;
  // TLS over no socket has the method, and nobody to ask.
  const code = handle.getpeername({});
  return typeof code === "number" && code !== 0;
}

/**
 * How many of the bytes written to a socket the kernel has not taken: those that wait in the stream, and those of a
 * write under way. To the octet; on TLS, where what is under way is encrypted, a little more. Undefined where
 * Node's handles cannot be asked.
 */
export function unsentBytesOf(socket: Socket): number | undefined {
  const handed = countOf(socket, "bytesWritten");
  const underWay = countOf(rawSocketOf(socket) ?? socket, "writeQueueSize");
  if (handed === undefined || underWay === undefined) return undefined;
  return socket.bytesWritten - handed + underWay;
}

function countOf(socket: Socket, name: "bytesWritten" | "writeQueueSize"): number | undefined {
  const { _handle: handle } = socket as { _handle?: Readonly<Record<string, unknown>> | null };
  const count = handle?.[name];
  return typeof count === "number" ? count : undefined;
}

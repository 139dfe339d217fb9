/**
 * The contract of a byte pipe: what a connection must offer so that HTTP can be spoken over it.
 * Go: net.Conn, net.Listener
 *
 * Rule of this file: types only. A Conn is fed, not polled: it pushes what arrives into one sink, so that
 * a server can parse and answer inside the read callback without a promise. It knows nothing of HTTP and
 * nothing of time: deadlines belong to the Clock.
 */
import type { IoError } from "./errors.ts";

/**
 * Who owns bytes handed to a sink. "borrowed" bytes are valid until the callback returns, then the buffer
 * is read into again; "given" bytes belong to the sink for good.
 */
export type Tenure = "borrowed" | "given";

/** The one receiver of what arrives on a Conn. No method may throw. */
export interface ConnSink {
  /**
   * Bytes have arrived (never zero). "more" goes on reading; "stop" pauses until `resume()`. At most one
   * further delivery may follow a "stop" where the pipe below had it already in hand.
   */
  onBytes(bytes: Uint8Array, tenure: Tenure): "more" | "stop";
  /** The peer has ended its side (FIN); our side can still be written. At most once. */
  onEnd(): void;
  /** The connection is gone: reset, write failure, or closed under us. At most once, and the last call. */
  onError(error: IoError): void;
}

/** One end of a connection, for logs, for Forwarded fields, and for telling ports apart. */
export interface Addr {
  readonly network: "tcp" | "unix" | "pipe";
  /** IP address, socket path, or a name for in-memory pipes. */
  readonly host: string;
  /** Port, 0 where there is none. */
  readonly port: number;
}

/** What TLS told us about a connection. */
export interface TlsInfo {
  /** "TLSv1.3" and the like. */
  readonly version: string;
  readonly cipher: string;
  /** What ALPN chose; undefined when the peer offered nothing we know. */
  readonly alpnProtocol: string | undefined;
  /** The server name the client asked for (SNI). */
  readonly serverName: string | undefined;
  /** True when the peer's certificate was asked for, given, and verified. */
  readonly authorized: boolean;
  /** The peer's leaf certificate in DER form, when it gave one. */
  readonly peerCertificate: Uint8Array | undefined;
  /** True when an earlier session was resumed; the certificate was verified then. Go: DidResume */
  readonly resumed?: boolean | undefined;
}

/** Turns bytes into one-char-per-byte strings; Node's Buffer does it ten times faster than a loop. */
export interface Latin1Codec {
  /** The bytes `start` to `end` as a string with one char (U+0000 to U+00FF) per byte. */
  readonly decode: (bytes: Uint8Array, start: number, end: number) => string;
}

/** A two-way byte pipe. Everything optional may be missing on pipes that cannot know it. */
export interface Conn {
  /** Begins delivery into `sink`. Called exactly once; nothing is read and nothing lost before. */
  start(sink: ConnSink): void;
  /**
   * Hands all further delivery to another sink, for a connection that changes its owner (hijack,
   * CONNECT, upgrade). The old sink hears nothing more. Delivery continues paused if it was paused.
   */
  handOver(sink: ConnSink): void;
  /** Goes on reading after a sink said "stop". Harmless otherwise. */
  resume(): void;
  /**
   * Pauses reading until `resume()`, as if the sink had said "stop". Harmless when paused.
   */
  pause(): void;
  /**
   * Queues bytes, or a latin1 string (one char per byte; chars above U+00FF are the caller's error).
   * "taken": the kernel has them, the array may be reused at once. "pending": the array must not be touched
   * until `drained()` resolves. After a failure the answer is "taken" and the bytes are dropped; the
   * failure itself is told to the sink.
   */
  write(data: Uint8Array | string): "taken" | "pending";
  /** Resolves when nothing queued is left, rejects with the IoError when that can no longer happen. */
  drained(): Promise<void>;
  /** Bytes queued and not yet taken by the kernel. */
  readonly queuedBytes: number;
  /**
   * Bytes accepted by `write` and taken by the kernel since the beginning: grows while a slow peer takes a
   * long answer, to the octet on TCP and Unix sockets, nearly so on TLS, elsewhere in steps of 1 MiB at the
   * most. For write timeouts that count progress.
   */
  readonly takenBytes?: number | undefined;
  /** Sends FIN after what is queued; reading goes on. Repeated calls are harmless. */
  closeWrite(): void;
  /** Ends both ways after what is queued has gone out. Repeated calls are harmless. */
  close(): void;
  /** Ends both ways at once, dropping what is queued; RST on TCP where the platform can. */
  abort(): void;
  /**
   * "given" asks for buffers that the sink keeps, for large bodies; "borrowed" goes back to the shared
   * one. Missing where deliveries are always "given".
   */
  setTenure?(tenure: Tenure): void;
  /** Keeps the process alive, or not, while this connection is open. Default: ref'd. */
  ref?(): void;
  unref?(): void;
  readonly remoteAddr?: Addr | undefined;
  readonly localAddr?: Addr | undefined;
  readonly tls?: TlsInfo | undefined;
  /** True on a connection to a TLS port whose first byte is not TLS: it wants the raw 400. */
  readonly plaintextOnTls?: boolean | undefined;
  /** A faster codec than the portable one, where the platform has it. */
  readonly latin1?: Latin1Codec | undefined;
}

/** Something that accepts connections. */
export interface Listener {
  /**
   * Starts accepting; called once. A listener that fails for good calls `onFailure` once and accepts no
   * more. Passing errors are the listener's own to retry and to report through `onFailure` never.
   */
  accept(callbacks: { onConn(conn: Conn): void; onFailure(error: Error): void }): void;
  /** Stops accepting; connections already accepted live on. Resolves when the port is free again. */
  close(): Promise<void>;
  readonly addr: Addr;
  /** "tls" when every connection is encrypted. Default "plain". */
  readonly security?: "plain" | "tls" | undefined;
  /** Takes other certificates from the next handshake on, where there are any. */
  setCertificates?(certificates: readonly unknown[]): void;
  ref?(): void;
  unref?(): void;
}

/** What may be watched while a connection is made. Synchronous; none may throw. Go: httptrace.ClientTrace */
export interface DialTrace {
  dnsStart?(host: string): void;
  /** The addresses found, or why none were. */
  dnsDone?(result: { readonly addresses: readonly string[] } | { readonly error: unknown }): void;
  /** One attempt begins; several may run at once (RFC 8305). */
  connectStart?(network: "tcp" | "unix", address: string): void;
  connectDone?(network: "tcp" | "unix", address: string, error: unknown): void;
  tlsHandshakeStart?(): void;
  tlsHandshakeDone?(result: TlsInfo | { readonly error: unknown }): void;
}

/** How a client gets a connection: the one hook for TCP, Unix sockets, tunnels and pipes. */
export type Dial = (where: {
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal | undefined;
  /** ms for resolving and connecting together. */
  readonly timeoutMs?: number | undefined;
  readonly trace?: DialTrace | undefined;
}) => Promise<Conn>;

/**
 * The errors of byte pipes: every code a connection, a listener or a dialler can fail with.
 * Go: net.OpError, io.ErrUnexpectedEOF, net.ErrClosed
 *
 * Rule of this file: one table, one class. The rim translates what its platform says into these codes;
 * nobody above it looks at platform codes.
 */

/** Every code with its sentence; the comment above it is its paragraph in docs/errors.md. */
export const IO_ERRORS = {
  /**
   * The peer cut the connection (TCP RST). What it had sent and we had not read is lost; nothing can be
   * written any more.
   */
  reset: { text: "the peer reset the connection" },
  /**
   * The connection ended in an orderly way, by our own `close()` or because both sides had ended. Also what a
   * read or write meets when it comes too late.
   */
  closed: { text: "the connection is closed" },
  /** Our own side called `abort()`: both directions ended at once and what was queued was dropped. */
  aborted: { text: "the connection was aborted" },
  /**
   * A write failed because the peer has closed its reading side. The answer or request did not arrive
   * completely.
   */
  "broken-pipe": { text: "the peer takes no more bytes" },
  /**
   * An instant set for the connection has passed, or the system gave up waiting for the peer (keep-alive
   * probes or retransmissions without an answer).
   */
  "timed-out": { text: "a deadline passed on the connection" },
  /** The peer's side of the connection ended in the middle of something whose length was known. */
  "unexpected-eof": { text: "the peer ended before the message was complete" },
  /**
   * More bytes were asked for at once than the reader's buffer may hold. Whoever asked has a limit of its own
   * to apply.
   */
  "buffer-full": { text: "the read buffer is full" },
  /**
   * Two calls waited for input of the same connection at a time; one must have ended before the next begins.
   */
  busy: { text: "somebody else is already waiting for bytes" },
  /** The platform reported an error that has no code of its own here; `cause` holds it. */
  "io-failed": { text: "the connection failed" },
  /**
   * A ConnSink threw although it must not: a bug in whoever reads the connection. The connection was aborted;
   * `cause` holds what was thrown.
   */
  "sink-threw": { text: "the receiver of the bytes threw" },
  /**
   * The address given to `listen` or `dial` does not follow its grammar; the message says where. Use
   * host:port, with brackets around IPv6 addresses.
   */
  "bad-address": { text: "the address is malformed" },
  /**
   * A certificate, key or certificate authority given in the TLS options cannot be read, or a key does not
   * belong to its certificate.
   */
  "bad-certificate": { text: "a certificate or key is unusable" },
  /**
   * An option needs something that this version of the platform does not have. It is refused rather than
   * ignored.
   */
  "not-supported": { text: "this platform cannot do that" },
  /**
   * Another program, or another server of this one, listens there. Stop it, or choose another port; port 0
   * takes any free one.
   */
  "address-in-use": { text: "the address is already in use" },
  /** The host to listen on is not an address of any interface here, or its address family is switched off. */
  "address-unavailable": { text: "the address does not belong to this machine" },
  /**
   * Listening or connecting there needs rights that this process does not have, as for ports below 1024 on
   * many systems.
   */
  "permission-denied": { text: "the system does not permit it" },
  /**
   * The process or the system has run out of file descriptors. Raise the limit (ulimit -n) or keep fewer
   * connections.
   */
  "too-many-files": { text: "no descriptor is left" },
  /** The listener was closed, or lost the socket it accepted on, and accepts nothing any more. */
  "listener-closed": { text: "the listener is closed" },
  /** The host answered that no program listens on the port, or the Unix socket's server is gone. */
  "connection-refused": { text: "nobody listens there" },
  /** No connection came about within the time allowed (30 s unless changed). */
  "connect-timed-out": { text: "connecting took too long" },
  /** The name could not be resolved, or the Unix socket's path does not exist. */
  "host-not-found": { text: "the host has no address" },
  /** The system has no route to the address, or something on the way said that it cannot be reached. */
  "host-unreachable": { text: "there is no way to the host" },
  /**
   * The peers did not agree on TLS, or a certificate was not accepted. `cause` holds what the TLS library
   * said.
   */
  "tls-failed": { text: "the TLS handshake failed" },
  /**
   * The first octets that a server sent were no TLS. Most often it speaks plain HTTP on that port: use an
   * http URL, or the port of its TLS.
   */
  "not-tls": { text: "the peer does not speak TLS" },
  /** The peer connected but did not finish the TLS handshake in the time allowed (10 s unless changed). */
  "tls-handshake-timed-out": { text: "the TLS handshake took too long" },
  /** More connections than `handshakesMax` were still in their TLS handshake, so a further one was closed. */
  "too-many-handshakes": { text: "too many TLS handshakes at once" },
} as const;

/** One of the codes of the table. */
export type IoErrorCode = keyof typeof IO_ERRORS;

/** What went wrong on a byte pipe: a code to decide by, a sentence to read, and the platform's error. */
export class IoError extends Error {
  override readonly name = "IoError";
  readonly code: IoErrorCode;

  /**
   * `detail` is added to the code's sentence: the address, the option, what to do. Never bytes of a
   * message. `cause` is the platform's own error, where there is one.
   */
  constructor(code: IoErrorCode, more: { detail?: string | undefined; cause?: unknown } = {}) {
    const text = IO_ERRORS[code].text;
    super(
      more.detail === undefined ? text : `${text}: ${more.detail}`,
      more.cause === undefined ? undefined : { cause: more.cause },
    );
    this.code = code;
  }
}

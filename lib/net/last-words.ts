/**
 * What the peer said before a write to it failed is read before the socket ends.
 * RFC 9112 §9.5, §9.6 · Go: a goroutine that reads meanwhile
 *
 * Rule of this file: it only puts off bad news, by two turns of the loop, and only that of a failed write.
 *
 * A server that answers early and closes over unread bytes resets the connection. Its answer may lie in the
 * kernel then, unread, when the next write fails; Node destroys the socket for that without looking.
 */
import type { Socket } from "node:net";

/** As Node's streams name what writes. */
interface WritingHalf {
  _write(data: unknown, encoding: BufferEncoding, done: Done): void;
  _writev(pieces: { chunk: unknown; encoding: BufferEncoding }[], done: Done): void;
}

type Done = (error?: Error | null) => void;

/** Lets a socket, with TLS or without, deliver what has arrived when a write fails. */
export function readLastWords(socket: Socket): void {
  const half = socket as unknown as WritingHalf;
  const write = half._write.bind(socket);
  const writev = half._writev.bind(socket);
  half._write = (data, encoding, done) => write(data, encoding, (error) => tell(done, error));
  half._writev = (pieces, done) => writev(pieces, (error) => tell(done, error));
}

function tell(done: Done, error: Error | null | undefined): void {
  if (error === undefined || error === null || !isFailedWrite(error)) done(error);
  // The turn that is running may have polled already; the one after it has not.
  else setImmediate(() => setImmediate(() => done(error)));
}

function isFailedWrite(error: Error): boolean {
  const { syscall, code } = error as { readonly syscall?: unknown; readonly code?: unknown };
  return syscall === "write" && (code === "EPIPE" || code === "ECONNRESET");
}

/**
 * Waiting for a client that is still taking what was written.
 * Go: Server.WriteTimeout, Conn.SetWriteDeadline, which count from the beginning of a write
 *
 * Rule of this file: a client that takes anything at all within the write timeout is alive and gets another one.
 * The numbers are the owner's, for one wait at a time: no object is made for it.
 */
import type { Clock, Conn, Writer } from "../bufio/mod.ts";
import { progressOf } from "./exchange.ts";
import type { ServerTimeouts } from "./timeouts.ts";

export interface OutputOwner {
  readonly conn: Conn;
  readonly writer: Pick<Writer, "drained">;
  readonly host: {
    readonly clock: Pick<Clock, "now">;
    readonly timeouts: Pick<ServerTimeouts, "writeTimeout">;
  };
  deadlineAt: number;
  /** What the client had taken when the wait for it began; see progressOf. */
  progress: number;
}

/** Calls `then` when the client has taken all that is queued; never, if the connection fails first. */
export function awaitTaken(owner: OutputOwner, now: number, then: () => void): void {
  expectProgress(owner, now);
  owner.writer.drained().then(then, ignore);
}

/** The wait of `ms` begins when the client has taken all that is queued, if `stillOn` says so then. */
export function waitFrom(
  owner: OutputOwner,
  now: number,
  ms: number,
  stillOn: () => boolean,
): void {
  if (owner.conn.queuedBytes === 0) {
    owner.deadlineAt = now + ms;
    return;
  }
  awaitTaken(owner, now, () => {
    if (stillOn()) owner.deadlineAt = owner.host.clock.now() + ms;
  });
}

/** The write timeout is over. Was anything taken? If so, it begins anew. */
export function hasMoved(owner: OutputOwner): boolean {
  if (progressOf(owner.conn) === owner.progress) return false;
  expectProgress(owner, owner.host.clock.now());
  return true;
}

function expectProgress(owner: OutputOwner, now: number): void {
  owner.progress = progressOf(owner.conn);
  owner.deadlineAt = now + owner.host.timeouts.writeTimeout;
}

function ignore(): void {
  // The failure of the connection is told through onError.
}

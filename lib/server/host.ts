/**
 * What a connection needs of its server.
 *
 * Rule of this file: types only, so that the connection and the server do not import each other.
 */
import type { Addr, Clock, Conn, Reader, TempStore, Writer } from "../bufio/mod.ts";
import type { ReadOptions, Request } from "../message/mod.ts";
import type { HeadScan } from "../wire/mod.ts";
import type { HandlerFunc } from "./handler.ts";
import type { ServerLimits } from "./limits.ts";
import type { ServerTimeouts } from "./timeouts.ts";

/**
 * Where a connection stands. new: accepted, nothing read; active: a request is read or answered; idle:
 * between requests; closed and hijacked: final. Go: http.ConnState
 */
export type ConnState = "new" | "active" | "idle" | "closed" | "hijacked";

/** A request that no handler saw. */
export interface RefusalEvent {
  /** The code of the error: a WireError's or a ServerError's. */
  readonly code: string;
  /** The status that was answered. */
  readonly status: number;
  readonly error: Error;
  readonly remoteAddr: Addr | undefined;
  /** What had come of the refused message, at most 1,024 bytes, a copy. */
  readonly bytes: Uint8Array;
}

/** The server, as a connection sees it. */
export interface ConnectionHost<C> {
  readonly handler: HandlerFunc<C>;
  readonly limits: ServerLimits;
  readonly timeouts: ServerTimeouts;
  readonly reading: ReadOptions;
  readonly clock: Clock;
  readonly tempStore: TempStore | undefined;
  /**
   * The scanner that all connections share between their heads. A connection that has fed it a part of a
   * head, or has spoilt it, keeps it and puts a new one here.
   */
  scan: HeadScan;
  newScan(): HeadScan;
  /** The Host field that was found good last. */
  lastHost: string | undefined;
  /** The connection that got input last: while it is the same one, no other has had its turn. */
  lastFed: object | undefined;
  /** The shortest finite timeout in use, ms. */
  readonly shortestMs: number;
  /** Are answers to say "close"? Keep-alive switched off, or shutting down. */
  closing: boolean;
  /** Is `OPTIONS *` answered here? */
  readonly answersGeneralOptions: boolean;
  /** Are https targets taken over connections without TLS? */
  readonly takesHttpsOverPlain: boolean;
  /** The object that requests show as `r.server`. */
  readonly server: object;
  /** Is anybody told of states? */
  readonly watchesStates: boolean;
  onState(conn: Conn, state: ConnState): void;
  onRefusal(event: RefusalEvent): void;
  onHandlerError(error: unknown, request: Request<C>): void;
  log(message: string, cause?: unknown): void;
  /** The connection is over, or somebody else's. */
  forget(connection: object): void;
}

/** What an exchange needs of its connection. */
export interface ExchangeOwner<C> {
  readonly conn: Conn;
  readonly context: C;
  readonly host: ConnectionHost<C>;
  readonly reader: Reader;
  readonly writer: Writer;
  /** When the turn began in which the handler was called. */
  readonly enteredAt: number;
  /** The instant at which `onDeadline` is to be called. */
  deadlineAt: number;
  hijack(): { readonly conn: Conn; readonly head: Uint8Array };
  abort(): void;
  /** The promise of the handler is kept, or broken for this reason. */
  onHandled(): void;
  onHandlerFailed(error: unknown): void;
}

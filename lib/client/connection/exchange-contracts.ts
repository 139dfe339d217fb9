/**
 * What those who work on one connection have in common, and what an exchange asks of its connection.
 * Go: transport.go persistConn (its fields)
 *
 * Rule of this file: types only.
 */
import type { Clock, Conn, Reader, Writer } from "../../bufio/mod.ts";
import type { Call } from "../call.ts";
import type { ConnectionDeadline } from "./connection-deadline.ts";
import type { ConnectionTally } from "./connection-tally.ts";
import type { ContentDecoders } from "../decode/mod.ts";
import type { TransportSettings } from "../options.ts";

/** What all connections of a transport share. */
export interface ConnectionHost {
  readonly clock: Clock;
  readonly settings: TransportSettings;
  readonly decoders: ContentDecoders | undefined;
}

/** What a connection is made of. */
export interface ConnectionParts {
  readonly conn: Conn;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly deadline: ConnectionDeadline;
  readonly tally: ConnectionTally;
  readonly host: ConnectionHost;
}

/** The connection, as its exchange sees it. */
export interface ExchangeOwner {
  /** The first of the calls that wait behind this one. */
  readonly nextBehind: Call | undefined;
  /** Request and response are over. */
  onOver(now: number): void;
  /** The exchange failed, before the head of its response or with the body open; undefined: the server ended it. */
  onLost(cause: unknown): void;
  /** Bytes that nobody asked for. */
  onUnsolicited(): void;
  /** The connection is of no use any more. */
  abandon(): void;
  /** Gives the raw connection to the caller of a 101 or of CONNECT. */
  handOver(call: Call): { readonly conn: Conn; readonly head: Uint8Array };
}

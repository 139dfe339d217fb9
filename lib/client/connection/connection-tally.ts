/**
 * What has gone over a connection, counted: for the facts in its calls' errors, and for the question whether a
 * call may be sent once more.
 * Go: transport.go persistConn.nwrite, persistConn.nread
 *
 * Rule of this file: it counts and words; it decides nothing.
 */
import type { Conn, Writer } from "../../bufio/mod.ts";
import { WireError } from "../../wire/mod.ts";
import type { Call } from "../call.ts";
import {
  ClientError,
  type ClientErrorCode,
  type ClientErrorFacts,
  type ClientPhase,
} from "../errors.ts";
import type { Attempt } from "../retry.ts";

export class ConnectionTally {
  /** How many requests it has carried. */
  served = 0;
  /** Octets of the response under way. */
  received = 0;
  /** Has anything of that response been looked at? */
  receivedAny = false;
  readonly #conn: Conn;
  readonly #writer: Writer;
  /** What was written before it was a connection of ours: a proxy may have been asked first. */
  readonly #takenBefore: number;

  constructor(conn: Conn, writer: Writer) {
    this.#conn = conn;
    this.#writer = writer;
    this.#takenBefore = conn.takenBytes ?? 0;
  }

  /** "host:port" of the peer, or its path. */
  get address(): string | undefined {
    const addr = this.#conn.remoteAddr;
    if (addr === undefined) return undefined;
    return addr.network === "tcp" ? `${addr.host}:${addr.port}` : addr.host;
  }

  /** The request of this call comes next. */
  beginRequest(call: Call): void {
    call.sentFrom = this.#writer.total;
  }

  /** A response is waited for, of which so many octets came with the one before it. */
  beginResponse(received: number): void {
    this.received = received;
    this.receivedAny = false;
  }

  /** How far a call's request and the response under way had come; what broke the rules counts as an answer. */
  attempt(call: Call, cause: unknown): Attempt {
    const ruled = cause instanceof WireError || cause instanceof ClientError;
    return {
      connection: this.served > 1 ? "reused" : "fresh",
      written: this.#sentOf(call) > 0 ? "something" : "nothing",
      received: this.receivedAny || ruled ? "something" : "nothing",
    };
  }

  /** The same for a call that waits behind others: nothing of what has come was its own. */
  unanswered(call: Call): { readonly error: ClientError; readonly attempt: Attempt } {
    const written = this.#sentOf(call) > 0 ? "something" : "nothing";
    return {
      error: ClientError.of("no-more-answers", { ...this.facts(call, "wait"), bytesReceived: 0 }),
      attempt: { connection: "reused", written, received: "nothing" },
    };
  }

  facts(call: Call, phase: ClientPhase): ClientErrorFacts {
    return {
      ...call.facts(phase),
      address: this.address,
      reused: this.served > 1,
      bytesSent: this.#sentOf(call),
      bytesReceived: this.received,
    };
  }

  error(call: Call, code: ClientErrorCode, phase: ClientPhase): ClientError {
    return ClientError.of(code, this.facts(call, phase));
  }

  /** Octets of its request that the server may have; others may have been written behind it. */
  #sentOf(call: Call): number {
    const { framing, text } = call.head;
    const sent = Math.max(0, this.#left - call.sentFrom);
    return framing.kind === "none" ? Math.min(sent, text.length) : sent;
  }

  /**
   * Octets that the server may have. Over TLS what was handed over counts as gone: the Conn is told a turn later,
   * and a request taken for unwritten would be sent twice.
   */
  get #left(): number {
    const taken = this.#conn.tls === undefined ? this.#conn.takenBytes : undefined;
    if (taken !== undefined) return taken - this.#takenBefore;
    return this.#writer.total - this.#writer.buffered;
  }
}

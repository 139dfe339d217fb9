/**
 * The end of a connection: our side is closed first, and what the client still sends is read and thrown away.
 * RFC 9112 §9.6 · Go: server.go closeWriteAndWait, rstAvoidanceDelay, which sleeps and reads nothing
 *
 * Rule of this file: nothing is answered any more; there are only two ways on, to the close, and to the time when
 * even that has taken too long. Made when a connection ends, so that those that live pay nothing for it.
 */
import type { Conn, Reader, Writer } from "../bufio/mod.ts";
import type { WireBodySource } from "../message/mod.ts";
import type { ServerLimits } from "./limits.ts";
import { type OutputOwner, waitFrom } from "./output-wait.ts";
import type { ServerTimeouts } from "./timeouts.ts";

/** The connection, as its end sees it. */
export interface LeavingOwner extends OutputOwner {
  readonly conn: Conn;
  readonly reader: Reader;
  readonly writer: Pick<Writer, "drained" | "flush">;
  readonly host: OutputOwner["host"] & {
    readonly limits: Pick<ServerLimits, "maxLingerBytes">;
    readonly timeouts: Pick<ServerTimeouts, "lingerTimeout">;
  };
  /** Ends the connection when what is queued has gone out, unless it is over. */
  close(): void;
}

export class Leaving {
  readonly #owner: LeavingOwner;
  /** begun · lingering: our side is closed · closing: both are */
  #phase: "begun" | "lingering" | "closing" = "begun";
  /** Bytes that were thrown away. */
  #dropped = 0;

  constructor(owner: LeavingOwner) {
    this.#owner = owner;
  }

  /** After the last answer: there is something to wait for unless the client is known to send nothing more. */
  afterAnswer(source: Pick<WireBodySource, "done"> | undefined): void {
    const { reader } = this.#owner;
    const quiet = reader.ended || reader.error !== undefined;
    if (quiet && (source === undefined || source.done)) this.#owner.close();
    else this.linger();
  }

  /** Closes our side, and reads on for a while: a client that is still sending would lose the answer to a reset. */
  linger(): void {
    if (this.#phase === "closing") return;
    const owner = this.#owner;
    this.#phase = "lingering";
    owner.writer.flush();
    owner.conn.closeWrite();
    this.#dropped = 0;
    this.#wait();
    if (owner.reader.ended) owner.close();
    else this.onInput();
  }

  /** Closes both sides when what is queued has gone out. */
  close(): void {
    const { conn, writer } = this.#owner;
    this.#phase = "closing";
    writer.flush();
    this.#wait();
    conn.close();
  }

  /** Cuts it; what is queued is dropped. */
  abort(): void {
    this.#phase = "closing";
    this.#owner.conn.abort();
  }

  onInput(): void {
    if (this.#phase !== "lingering") return;
    const { reader, host } = this.#owner;
    this.#dropped += reader.buffered;
    reader.consume(reader.buffered);
    if (this.#dropped > host.limits.maxLingerBytes) this.#owner.close();
    else reader.want();
  }

  onEnd(): void {
    if (this.#phase === "lingering") this.#owner.close();
  }

  /** Its time is over: is there nothing more to do? */
  onDeadline(): "over" | "go-on" {
    // Closed, and all that was queued is taken: the rest is the pipe's own affair.
    if (this.#phase === "closing") return "over";
    // Not abort: a reset would throw away what the kernel still has to deliver.
    this.#owner.close();
    return "go-on";
  }

  #wait(): void {
    const owner = this.#owner;
    const phase = this.#phase;
    const { clock, timeouts } = owner.host;
    waitFrom(owner, clock.now(), timeouts.lingerTimeout, () => this.#phase === phase);
  }
}

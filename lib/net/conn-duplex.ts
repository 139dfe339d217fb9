/**
 * A Duplex of Node over any Conn: what Node's TLS needs to run over a tunnel.
 * Go: none (there tls.Client takes a net.Conn)
 *
 * Rule of this file: the inverse of DuplexConn, with back-pressure both ways. An end is passed on as an end,
 * a failure as an error, and destroying it before its own end was sent aborts the Conn.
 */
import { Duplex } from "node:stream";
import type { Conn, ConnSink, IoError, Tenure } from "../bufio/mod.ts";

export class ConnDuplex extends Duplex implements ConnSink {
  readonly conn: Conn;
  /** What ended the Conn, where it was not an orderly end. Node's TLS does not pass it on. */
  failure: IoError | undefined = undefined;
  #state: "new" | "started" | "over" = "new";

  /** Takes a Conn that nobody has started; it is started by the first read. */
  constructor(conn: Conn) {
    super({ allowHalfOpen: true });
    this.conn = conn;
  }

  override _read(): void {
    if (this.#state === "new") {
      this.#state = "started";
      this.conn.start(this);
    } else this.conn.resume();
  }

  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    if (this.conn.write(chunk) === "taken") done();
    else this.conn.drained().then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.conn.closeWrite();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#state !== "over") {
      this.#state = "over";
      if (this.writableFinished && error === null) this.conn.close();
      else this.conn.abort();
    }
    done(error);
  }

  onBytes(bytes: Uint8Array, tenure: Tenure): "more" | "stop" {
    return this.push(tenure === "borrowed" ? bytes.slice() : bytes) ? "more" : "stop";
  }

  onEnd(): void {
    this.push(null);
  }

  onError(error: IoError): void {
    if (this.#state === "over") return;
    this.#state = "over";
    if (error.code !== "closed") this.failure = error;
    this.destroy(this.failure);
  }
}

/**
 * What comes on a connection, as the references read it: lines, counted octets, and the end.
 * RFC 9112 §2.2
 *
 * Rule of this file: it cuts text and knows nothing of HTTP. Octets are chars U+0000 to U+00FF. Nothing here is
 * the judge's or the library's but the pipe's own contract.
 */
import type { Conn, ConnSink, IoError, Tenure } from "../../../lib/bufio/mod.ts";

/** The peer has ended its side, or cut the connection, where more was needed. */
export class Cut extends Error {
  readonly how: "end" | "reset";

  constructor(how: "end" | "reset") {
    super(`cut by ${how}`);
    this.how = how;
  }
}

/** A line that is longer than it may be. */
export class TooLong extends Error {
  /** How it begins. */
  readonly begin: string;

  constructor(begin: string) {
    super("a line that is too long");
    this.begin = begin;
  }
}

export class Input implements ConnSink {
  readonly #conn: Conn;
  #text = "";
  #side: "open" | "end" | "reset" = "open";
  #dropping = false;
  #deliveries = 0;
  #wake: (() => void)[] = [];

  constructor(conn: Conn) {
    this.#conn = conn;
    conn.start(this);
  }

  /** What has come and was not taken. */
  get waiting(): string {
    return this.#text;
  }

  get side(): "open" | "end" | "reset" {
    return this.#side;
  }

  /** How many pieces have come. */
  get deliveries(): number {
    return this.#deliveries;
  }

  write(text: string): void {
    this.#conn.write(text);
  }

  /** The octets before the next LF, which is taken along. Throws Cut, and TooLong beyond `max` octets. */
  async line(max: number): Promise<string> {
    for (;;) {
      const lf = this.#text.indexOf("\n");
      if (lf > max || (lf < 0 && this.#text.length > max)) {
        throw new TooLong(this.#text.slice(0, max));
      }
      if (lf >= 0) return this.#take(lf + 1).slice(0, -1);
      await this.more();
    }
  }

  /** Exactly so many octets. Throws Cut. */
  async octets(count: number): Promise<string> {
    while (this.#text.length < count) await this.more();
    return this.#take(count);
  }

  /** So many octets, or fewer where the peer has ended. */
  async octetsOrFewer(count: number): Promise<string> {
    while (this.#text.length < count && this.#side === "open") await this.more().catch(ignore);
    return this.#take(Math.min(count, this.#text.length));
  }

  /** All octets until the peer ends its side. Throws Cut for a reset. */
  async toEnd(): Promise<string> {
    while (this.#side === "open") await this.#changed();
    if (this.#side === "reset") throw new Cut("reset");
    return this.#take(this.#text.length);
  }

  /** Resolves when something has come. Throws Cut. */
  async more(): Promise<void> {
    if (this.#side !== "open") throw new Cut(this.#side);
    await this.#changed();
  }

  /** The next thing that happens, whatever it is. */
  #changed(): Promise<void> {
    return new Promise((resolve) => void this.#wake.push(resolve));
  }

  /** Throws away what waits, and what comes from now on. */
  drop(): void {
    this.#dropping = true;
    this.#text = "";
  }

  /** Says that nothing more comes from here, and lets the rest of the peer's octets run past. */
  finish(): void {
    this.drop();
    this.#conn.closeWrite();
    if (this.#side !== "open") this.#conn.close();
  }

  /** Ends both sides; who still waits is told that it is over. */
  close(): void {
    this.drop();
    this.#conn.close();
    if (this.#side === "open") this.#side = "end";
    this.#tell();
  }

  #take(count: number): string {
    const taken = this.#text.slice(0, count);
    this.#text = this.#text.slice(count);
    return taken;
  }

  onBytes(bytes: Uint8Array, _tenure: Tenure): "more" | "stop" {
    if (this.#dropping) return "more";
    this.#deliveries++;
    this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    this.#tell();
    return "more";
  }

  onEnd(): void {
    if (this.#side === "open") this.#side = "end";
    if (this.#dropping) this.#conn.close();
    this.#tell();
  }

  onError(error: IoError): void {
    if (this.#side === "open") this.#side = error.code === "closed" ? "end" : "reset";
    this.#tell();
  }

  #tell(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function ignore(): void {}

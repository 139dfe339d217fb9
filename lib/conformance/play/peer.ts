/**
 * One connection to a peer, as the judge holds it: what came, how it stands, and waits with a deadline.
 *
 * Rule of this file: a wait ends with the event that decides it. Time only ends a wait that has failed. It
 * knows nothing of HTTP but what the reader asks of it.
 */
import type { Conn, ConnSink, IoError, Tenure } from "../../bufio/mod.ts";
import { latin1Text } from "../judge/mod.ts";
import type { WireLog } from "./wire-log.ts";

/** How the peer's side stands. */
export type PeerSide = "open" | "ended" | "reset";

/** Octets of one write of a long text. */
const PIECE_OCTETS = 16_384;
/** Most servers refuse a head that is longer than this. */
const USUAL_LIMITS_OCTETS = 131_072;

export class Peer implements ConnSink {
  readonly #conn: Conn;
  readonly #log: WireLog;
  readonly #number: number;
  #text = "";
  #side: PeerSide = "open";
  #gone = false;
  #wake: (() => void)[] = [];

  constructor(conn: Conn, log: WireLog, number: number) {
    this.#conn = conn;
    this.#log = log;
    this.#number = number;
    conn.start(this);
  }

  /** Everything that has come, one char per octet. */
  get text(): string {
    return this.#text;
  }

  get side(): PeerSide {
    return this.#side;
  }

  /** The connection is gone in both directions. */
  get gone(): boolean {
    return this.#gone;
  }

  send(text: string): void {
    if (text === "") return;
    this.#log.add(this.#number, "sent", text);
    this.#conn.write(text);
  }

  /**
   * Sends as fast as the peer takes it, and no more once it answers or ends: as a client should, and so that an
   * early answer is not lost in the reset that octets to a closed connection bring about.
   */
  async sendAll(text: string, ms: number): Promise<void> {
    const before = this.#text.length;
    const stops = (): true | undefined =>
      this.#text.length > before || this.#side !== "open" ? true : undefined;
    for (let at = 0; at < text.length; at += PIECE_OCTETS) {
      const isRest = at > 0;
      // Time for an early answer to get here before more octets meet a connection that is closed: longer where
      // the usual limits lie.
      if (isRest) await this.wait(stops, at <= USUAL_LIMITS_OCTETS ? 50 : 1);
      if (isRest && stops() === true) return;
      this.send(text.slice(at, at + PIECE_OCTETS));
      if (this.#conn.queuedBytes === 0) continue;
      let taken: true | undefined;
      const done = (): void => {
        taken = true;
        this.#changed();
      };
      // Why it cannot be taken is told to the sink; here it only ends the wait.
      this.#conn.drained().then(done, done);
      if ((await this.wait(() => taken ?? stops(), ms)) === undefined) return;
    }
  }

  /** Each octet is a write of its own; between two of them the event loop has its turn, or `everyMs` go by. */
  async sendOctets(text: string, everyMs: number = 0): Promise<void> {
    for (const octet of text) {
      if (this.#gone) return;
      this.send(octet);
      await pause(everyMs);
    }
  }

  halfClose(): void {
    this.#log.add(this.#number, "event", "we end our side");
    this.#conn.closeWrite();
  }

  close(): void {
    if (!this.#gone) this.#log.add(this.#number, "event", "we close");
    this.#conn.close();
  }

  reset(): void {
    if (!this.#gone) this.#log.add(this.#number, "event", "we reset");
    this.#conn.abort();
  }

  /** Lets go of the connection without a word in the log, when all is judged. */
  discard(): void {
    if (this.#conn.queuedBytes > 0 || this.#side === "open") this.#conn.abort();
    else this.#conn.close();
  }

  /** Resolves when `look` answers something, or with undefined after `ms`. Looks after each event. */
  async wait<T>(look: () => T | undefined, ms: number): Promise<T | undefined> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#changed();
    }, ms);
    try {
      for (;;) {
        const found = look();
        if (found !== undefined || late) return found;
        await new Promise<void>((resolve) => this.#wake.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  onBytes(bytes: Uint8Array, _tenure: Tenure): "more" | "stop" {
    const text = latin1Text(bytes);
    this.#log.add(this.#number, "received", text);
    this.#text += text;
    this.#changed();
    return "more";
  }

  onEnd(): void {
    if (this.#side === "open") this.#side = "ended";
    this.#log.add(this.#number, "event", "the peer ends its side");
    this.#changed();
  }

  onError(error: IoError): void {
    this.#gone = true;
    // "closed" is the good end of every connection.
    if (error.code !== "closed")
      this.#log.add(this.#number, "event", `the connection is gone: ${error.code}`);
    if (this.#side === "open") this.#side = error.code === "closed" ? "ended" : "reset";
    this.#changed();
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** A turn of the event loop, or so many ms: for stimuli that are about time, never to wait for an answer. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

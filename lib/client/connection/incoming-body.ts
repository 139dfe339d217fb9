/**
 * The body of the response under way, as the connection has it: opened, and given up in one way or another.
 * RFC 9112 §6.3, §9.3 · Go: transport.go bodyEOFSignal, maxPostCloseReadBytes
 *
 * Rule of this file: one body at a time, of which the caller holds the other end. Whether the connection is worth
 * a drain, and for how long, is the exchange's affair.
 */
import type { Reader } from "../../bufio/mod.ts";
import type { BodyWatcher, WireBodyOptions, WireBodySource } from "../../message/mod.ts";
import { Body, MessageError, noBody, openSource } from "../../message/mod.ts";
import type { Framing } from "../../wire/mod.ts";
import type { Call } from "../call.ts";
import type { ConnectionParts } from "./exchange-contracts.ts";
import type { TransportSettings } from "../options.ts";
import { type BodyOwner, ReceivedBody } from "./received-body.ts";

export class IncomingBody {
  readonly #reader: Reader;
  readonly #settings: TransportSettings;
  readonly #owner: BodyOwner;
  /** How bodies are read. */
  readonly #reading: WireBodyOptions;
  #received: ReceivedBody | undefined;
  /** What the caller holds of it. */
  #body: Body = noBody;
  #source: WireBodySource | undefined;
  #drained = 0;

  constructor({ conn, reader, host }: ConnectionParts, owner: BodyOwner & BodyWatcher) {
    const { settings } = host;
    this.#reader = reader;
    this.#settings = settings;
    this.#owner = owner;
    this.#reading = { watcher: owner, limits: settings.wire, decode: conn.latin1?.decode };
  }

  /** The body that the caller reads; what has come of it with the head is taken at once. */
  open(call: Call, framing: Framing): Body {
    const source = openSource(this.#reader, framing, this.#reading);
    this.#source = source;
    this.#received = undefined;
    this.#body = noBody;
    if (source === undefined) return noBody;
    const { maxPrefetchBytes, maxBodyBytes } = this.#settings.limits;
    const { maxResponseBytes } = call.settings;
    const received = new ReceivedBody(source, {
      owner: this.#owner,
      call,
      maxBytes: maxResponseBytes,
    });
    this.#received = received;
    const length = framing.kind === "length" ? framing.length : undefined;
    const mayBeHere =
      length === undefined || length <= Math.min(maxPrefetchBytes, this.#reader.buffered);
    if (mayBeHere && framing.kind !== "until-close") received.prefetch(maxPrefetchBytes);
    return (this.#body = new Body(received, { length, maxBytes: maxBodyBytes }));
  }

  /** Has its last octet been read, or is there none? */
  get isOver(): boolean {
    return this.#source === undefined || this.#source.done;
  }

  /** Whoever reads it hears this reason; what is here already can still be read. */
  fail(reason: unknown): void {
    this.#received?.fail(reason);
  }

  /** Its connection is the caller's now: whoever reads it would wait for ever. */
  giveUp(): void {
    const used = new MessageError("body-used");
    this.#body.fail(used);
    this.#reader.interrupt(used);
  }

  /** It has been read to its end. */
  clear(): void {
    this.#source = undefined;
    this.#received = undefined;
    this.#body = noBody;
  }

  /** Could what is left of it be read for the sake of the connection? */
  get isWorthDraining(): boolean {
    const left = this.#source?.remaining;
    return left === undefined || left <= this.#settings.limits.maxDrainBytes;
  }

  /** Nobody reads it any more. */
  unread(): void {
    this.#drained = 0;
    this.#source?.unwatch();
    // A read that still waits must not be there when the next response comes.
    this.#reader.interrupt(new MessageError("body-used"));
  }

  /** Reads on without keeping anything. Throws what is wrong with it. */
  drain(): "end" | "need-more" | "too-much" {
    const skipped = this.#source === undefined ? "end" : this.#source.skip();
    if (skipped === "end") return "end";
    this.#drained += skipped;
    if (this.#drained > this.#settings.limits.maxDrainBytes) return "too-much";
    this.#reader.want();
    return "need-more";
  }
}

/**
 * Server-sent events: a stream of small texts that a browser's EventSource reads.
 * WHATWG HTML §9.2 · Go: http.Flusher in a loop
 *
 * Rule of this file: one event, one flush. A timer runs only while the stream is open, and the stream is open
 * only while the client is there.
 */
import type { Alarm, Clock } from "../../bufio/mod.ts";
import type { Request } from "../../message/mod.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { HandlerError } from "./errors.ts";

/** One event. */
export interface ServerSentEvent {
  /** Any text; each of its lines becomes a `data` line. */
  readonly data: string;
  /** The name that `addEventListener` knows it by; default "message". */
  readonly event?: string | undefined;
  /** What the client tells in `Last-Event-ID` when it connects again. */
  readonly id?: string | undefined;
  /** How many ms the client waits before it connects again. */
  readonly retry?: number | undefined;
}

export interface EventStreamOptions {
  /**
   * A comment is sent after so many ms without an event, so that proxies keep the connection and a lost
   * client is noticed. Default 15,000; Infinity for none.
   */
  readonly heartbeat?: number | undefined;
}

/** An open stream of events. */
export interface EventStream {
  /** The id of the last event that the client has seen, when it connects again; empty at first. */
  readonly lastEventId: string;
  /** Resolves when the client is gone, the handler has ended, or `close` was called. */
  readonly closed: Promise<void>;
  /** Sends an event, or a text as one. Resolves as `w.write` does. Throws "bad-event". */
  send(event: ServerSentEvent | string): Promise<void>;
  /** Sends a line that clients pass over. */
  comment(text: string): Promise<void>;
  /** Ends the heartbeat; later calls of `send` reject with "handler-done" once the handler has returned. */
  close(): void;
}

/**
 * Begins a stream of events: the head goes out at once, not to be cached (unless Cache-Control is set) nor
 * held back by proxies. The handler keeps the stream open by not ending. Throws "bad-helper-option".
 *
 *   mux.handleFunc("GET /ticks", async (w, r) => {
 *     const events = sse(w, r);
 *     for await (const tick of ticks({ signal: r.signal })) await events.send({ event: "tick", data: tick });
 *   });
 */
export function sse(w: ResponseWriter, r: Request, options: EventStreamOptions = {}): EventStream {
  const heartbeat = options.heartbeat ?? HEARTBEAT_MS;
  if (!(heartbeat > 0)) throw new HandlerError("bad-helper-option", "heartbeat must be above 0 ms");
  const { header } = w;
  header.set("Content-Type", "text/event-stream");
  if (!header.has("cache-control")) header.set("Cache-Control", "no-store");
  // nginx would collect 8 KiB before it hands anything on.
  header.set("X-Accel-Buffering", "no");
  w.writeHeader(200);
  void w.flush();
  return new OpenStream(w, r, heartbeat);
}

/** An event as it stands in the stream. Throws "bad-event". */
export function formatEvent(event: ServerSentEvent): string {
  let text = "";
  if (event.event !== undefined) text += `event: ${oneLine(event.event, /[\r\n]/)}\n`;
  if (event.id !== undefined) text += `id: ${oneLine(event.id, /[\r\n\0]/)}\n`;
  if (event.retry !== undefined) text += `retry: ${wholeMs(event.retry)}\n`;
  return `${text}${linesOf("data: ", event.data)}\n`;
}

const HEARTBEAT_MS = 15_000;

class OpenStream implements EventStream, Alarm {
  readonly lastEventId: string;
  readonly closed: Promise<void>;
  deadlineAt: number;
  readonly #writer: ResponseWriter;
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.close();
  #state: "open" | "closed" = "open";
  #resolve!: () => void;

  constructor(w: ResponseWriter, r: Request, heartbeatMs: number) {
    this.lastEventId = r.header.get("last-event-id") ?? "";
    this.#writer = w;
    this.#clock = w.clock;
    this.#heartbeatMs = heartbeatMs;
    this.#signal = r.signal;
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.deadlineAt = this.#clock.now() + heartbeatMs;
    if (heartbeatMs < Infinity) this.#clock.watch(this, heartbeatMs);
    if (this.#signal.aborted) this.close();
    else this.#signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  send(event: ServerSentEvent | string): Promise<void> {
    return this.#write(formatEvent(typeof event === "string" ? { data: event } : event));
  }

  comment(text: string): Promise<void> {
    return this.#write(`${linesOf(": ", text)}\n`);
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#clock.unwatch(this);
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#resolve();
  }

  onDeadline(): void {
    if (this.#state === "open") void this.#write(":\n\n");
  }

  #write(text: string): Promise<void> {
    this.deadlineAt = this.#clock.now() + this.#heartbeatMs;
    void this.#writer.write(text);
    return this.#writer.flush();
  }
}

/** Each line of a text behind the same words; CR, LF and CRLF end lines. */
function linesOf(words: string, text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `${words}${line}\n`)
    .join("");
}

function oneLine(text: string, forbidden: RegExp): string {
  if (forbidden.test(text)) throw new HandlerError("bad-event");
  return text;
}

function wholeMs(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new HandlerError("bad-event", `retry is ${ms}`);
  return ms;
}

/**
 * The two sides of a ResponseWriter: what it needs below it, and what may stand above it.
 * Go: http.ResponseWriter as an interface, http.ResponseController
 *
 * Rule of this file: types only.
 */
import type { Addr, Clock, Conn, TempStore, TlsInfo } from "../bufio/mod.ts";
import type { Header } from "../wire/mod.ts";

/** What the writer needs of its connection. */
export interface ResponseConnection<C> {
  readonly remoteAddr: Addr | undefined;
  readonly localAddr: Addr | undefined;
  readonly tls: TlsInfo | undefined;
  readonly context: C;
  readonly server: object;
  readonly tempStore: TempStore | undefined;
  /** Calls `fn` when the exchange is over. */
  onEnd(fn: () => void): void;
  /** "Date: …" with its CRLF. */
  dateLine(): string;
  /** Does the connection want to close after this answer? */
  fate(): "keep" | "close";
  /** Takes text of one byte per char, or bytes. "pending": the array is not free before `ready` resolves. */
  send(data: string | Uint8Array): "taken" | "pending";
  /** The bytes as text of one char each: a copy. */
  latin1(bytes: Uint8Array): string;
  /** Hands what was sent to the socket. */
  flush(): void;
  /** The constant resolved promise, or one that waits for the client, or for a later turn. */
  ready(bytes: number, fate?: "taken" | "pending"): Promise<void>;
  /** Time, for what a handler wants to happen later. */
  readonly clock: Clock;
  /** An interim answer has gone out. */
  onInterim(status: number): void;
  /** The head has gone out: the handler's time is no longer counted. */
  onHeadSent(status: number): void;
  log(message: string, cause?: unknown): void;
  signal(): AbortSignal;
  setReadDeadline(at: number): void;
  setWriteDeadline(at: number): void;
  hijack(): { readonly conn: Conn; readonly head: Uint8Array };
  abort(): void;
}

/** What a response is made for. */
export interface ResponseFor {
  readonly method: string;
  readonly versionMinor: number;
  /** Did the request ask for keep-alive in so many words? */
  readonly askedToKeep: boolean;
}

/** What was sent so far. */
export interface Sent {
  /** The final status; 0 while none was chosen. */
  readonly status: number;
  /** Bytes of body that the handler wrote. */
  readonly bytes: number;
  /** Has the head gone out? */
  readonly head: "pending" | "sent";
}

/** The three calls by which a handler answers; middleware may stand between them and the connection. */
export interface AnswerSink {
  /** `header`: the fields to send instead of those of `w.header`. */
  writeHeader(status: number, options?: WriteHeaderOptions): void;
  write(data: string | Uint8Array): Promise<void>;
  flush(): Promise<void>;
}

export interface WriteHeaderOptions {
  /** The reason phrase; default: the usual one. */
  readonly reason?: string | undefined;
  /** The fields to send; default: those of `w.header`. */
  readonly header?: Header | undefined;
}

/**
 * The responses on one connection, one after the other, or what comes in their place.
 *
 * Rule of this file: it waits for nothing; it says what can be said of what has come.
 */
import { type JudgedResponse, readResponse, type SeenResponse } from "../judge/mod.ts";
import type { Peer } from "./peer.ts";

/** A final response with the interim ones before it, or what came in its place. */
export type Seen =
  | ({ readonly kind: "response" } & SeenResponse)
  | { readonly kind: "fin" | "reset" | "nothing" }
  | { readonly kind: "malformed"; readonly reason: string };

export class ResponseStream {
  readonly #peer: Peer;
  /** Where the next response begins. */
  #at = 0;
  #interims: number[] = [];

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** What has come and was not read. */
  get rest(): string {
    return this.#peer.text.slice(this.#at);
  }

  /** The next final response or what came in its place; undefined while that is not decided. */
  next(to: "GET" | "HEAD" | "CONNECT"): Seen | undefined {
    for (;;) {
      const reading = readResponse(this.#peer.text, this.#at, { to, stream: this.#stream });
      if (reading.kind === "malformed") return reading;
      if (reading.kind === "more") return this.#end();
      this.#at = reading.end;
      const response = reading.value;
      if (isFinal(response)) {
        const interims = this.#interims;
        this.#interims = [];
        return { kind: "response", response, interims };
      }
      this.#interims.push(response.status);
    }
  }

  /** The status of the next response, interim or final, or words for what came in its place. */
  nextStatus(): string | undefined {
    const reading = readResponse(this.#peer.text, this.#at, { to: "GET", stream: this.#stream });
    if (reading.kind === "malformed") return reading.reason;
    if (reading.kind === "more") {
      // The status is known with the first line, however long the content takes.
      const begun = /^HTTP\/1\.[01] ([2-5][0-9]{2})/.exec(this.rest);
      return begun?.[1] ?? (this.#end() === undefined ? undefined : "the end of the connection");
    }
    const { status } = reading.value;
    if (!isFinal(reading.value)) {
      this.#at = reading.end;
      this.#interims.push(status);
    }
    return `${status}`;
  }

  /** What to say at a deadline. */
  atDeadline(): Seen {
    if (this.rest === "") return { kind: "nothing" };
    return { kind: "malformed", reason: "a response that is not complete at the deadline" };
  }

  get #stream(): "open" | "ended" {
    return this.#peer.side === "ended" ? "ended" : "open";
  }

  #end(): Seen | undefined {
    if (this.#peer.side === "open") return undefined;
    return { kind: this.#peer.side === "reset" ? "reset" : "fin" };
  }
}

/** 101 is the last response in HTTP on its connection. */
function isFinal({ status }: JudgedResponse): boolean {
  return status >= 200 || status === 101;
}

/** In words, for messages. */
export function seenInWords(seen: Seen): string {
  if (seen.kind === "response") return `${seen.response.status}`;
  if (seen.kind === "malformed") return seen.reason;
  if (seen.kind === "nothing") return "nothing before the deadline";
  return seen.kind === "fin" ? "the end of the connection" : "a reset";
}

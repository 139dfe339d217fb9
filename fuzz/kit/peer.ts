/**
 * Another implementation that is asked where messages begin and end, and how its answer is compared with ours.
 * RFC 9112 §11.2
 *
 * Rule of this file: the contract and the comparison. A peer in this process is node-peer.ts; one behind a
 * program (Go's net/http, say) is another implementation of Peer that writes the octets to it and reads lines.
 */
import type { Difference } from "../differences.ts";

/** A message as far as boundaries go. */
export interface Bounded {
  /** "GET /path", "200". */
  readonly start: string;
  /** One char per octet. */
  readonly content: string;
}

/** What somebody made of the octets of a connection that has ended. */
export interface Reading {
  /** The messages that were complete. */
  readonly messages: readonly Bounded[];
  /** Why there are no more: "end" when the octets were used up, "last" when nothing may follow, or a reason. */
  readonly end: string;
}

export interface Peer {
  readonly name: string;
  readRequests(octets: Uint8Array): Promise<Reading>;
  readResponse(octets: Uint8Array, method: string): Promise<Reading>;
}

/** Two readings of the same octets. */
export interface Compared {
  readonly octets: Uint8Array;
  /** What a response answers; undefined for requests. */
  readonly method?: string;
  readonly ours: Reading;
  readonly theirs: Reading;
}

/**
 * What we have accepted must be there, the same, with the same boundaries; if the peer refused it, or read it
 * otherwise, a known difference must say why. Answers the name of that difference, "" when there is none.
 */
export function compare(compared: Compared, known: readonly Difference[]): string {
  const { ours, theirs } = compared;
  const at = ours.messages.findIndex((message, i) => !isSame(message, theirs.messages[i]));
  const surplus = ours.end === "end" && theirs.messages.length > ours.messages.length;
  if (at < 0 && !surplus) return "";
  const reason = known.find((difference) => difference.applies(compared, at));
  if (reason !== undefined) return reason.name;
  throw new Error(`read otherwise: ours ${show(ours)}\n  theirs ${show(theirs)}`);
}

function isSame(one: Bounded, other: Bounded | undefined): boolean {
  return one.start === other?.start && one.content === other.content;
}

function show({ messages, end }: Reading): string {
  return JSON.stringify([messages.map(({ start, content }) => [start, content]), end]);
}

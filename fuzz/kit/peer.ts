/**
 * Another implementation that is asked where messages begin and end, and how its answer is compared with ours.
 * RFC 9112 §11.2
 *
 * Rule of this file: the contract and the comparison. node-peer.ts is a peer in this process, go-peer.ts one
 * behind a program.
 */
import type { Difference } from "../differences.ts";

/** A message as far as boundaries go, and further where a peer tells more. */
export interface Bounded {
  /** "GET /path", "200". */
  readonly start: string;
  /** One char per octet. */
  readonly content: string;
  /** From `detailsOf`; not compared where one of the two readings has none. */
  readonly details?: string;
}

export interface Details {
  /** Of a request; else empty. */
  readonly host: string;
  /** Of a response; else empty. */
  readonly reason: string;
  readonly header: Iterable<readonly [name: string, value: string]>;
  readonly trailer: Iterable<readonly [name: string, value: string]>;
}

/** In a form in which equal ones are equal text: names are small, and fields of one name keep their order. */
export function detailsOf({ host, reason, header, trailer }: Details): string {
  return JSON.stringify({ host, reason, header: sorted(header), trailer: sorted(trailer) });
}

function sorted(fields: Details["header"]): (readonly [string, string])[] {
  return [...fields]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
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
  if (one.start !== other?.start || one.content !== other.content) return false;
  return one.details === undefined || other.details === undefined || one.details === other.details;
}

function show({ messages, end }: Reading): string {
  const told = messages.map(({ start, content, details }) => [start, content, details]);
  return JSON.stringify([told, end]);
}

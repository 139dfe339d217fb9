/**
 * What is asked of an examination, and what it finds.
 *
 * Rule of this file: types only.
 */
import type { Framing, Profile } from "../wire/mod.ts";
import type { Annotation } from "./annotation.ts";

export interface ExamineOptions {
  /** Default: found out; what begins with "HTTP/" is a response. */
  readonly kind?: "request" | "response" | undefined;
  /** How heads are read. Default: as wire does, "strict" for requests and "go" for responses. */
  readonly profile?: Profile | undefined;
  /** The methods of the requests that responses answer, in order. Default: GET for each. */
  readonly requestMethods?: readonly string[] | undefined;
}

/** One message of the stream. */
export interface MessageCut {
  readonly from: number;
  /** Where its head ends. */
  readonly headEnd: number;
  /** The octet behind its last; the end of what is there when the message is incomplete. */
  readonly to: number;
  readonly framing: Framing["kind"];
  /** "GET /a" or "200". */
  readonly title: string;
  readonly state: "complete" | "incomplete";
  /** What may make other readers cut it elsewhere, though it is taken here. */
  readonly doubt: string | undefined;
}

/** What ended the reading before the octets did, or what is missing at their end. */
export interface Fault {
  readonly code: string;
  /** From the first octet of the stream. */
  readonly offset: number;
  readonly section: string;
  /** The status a server answers with. */
  readonly status: number;
  readonly text: string;
  /** Which message it is in, counted from 0. */
  readonly message: number;
}

/** All that is known of a stream. */
export interface Examination {
  readonly kind: "request" | "response";
  readonly state: "well-formed" | "malformed" | "incomplete";
  readonly messages: readonly MessageCut[];
  readonly fault: Fault | undefined;
  /** Ranges in order, without gap or overlap, and marks of length 0 between them. */
  readonly annotations: readonly Annotation[];
}

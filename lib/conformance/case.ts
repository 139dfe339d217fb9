/**
 * The form of a case: what is done to a server or a client, and what each answer is worth.
 * RFC 9110, RFC 9112 · Go: none
 *
 * Rule of this file: types only, and every value of them is plain data that JSON can hold. A case says nothing
 * of how it is run, so that a runner in another language can use the published file. schema.ts says the
 * same as a JSON schema; docs/writing-a-case.md shows how to write one.
 */

/** How strong the requirement is. RULE, OUGHT and RECOMMENDED of the catalogue are put into these three. */
export type Level = "MUST" | "SHOULD" | "MAY";

/**
 * What is asked of a server under test. 0: `GET /` is answered with 2xx or 3xx. 1: `POST /echo` answers 200
 * with the content it got. 2: `/parse` answers any method with 200 and its parse as JSON (see `ParseSeen`).
 */
export type Contract = 0 | 1 | 2;

/**
 * What an observation is worth. "tolerated": not what the text asks for, and harmless. "not-applicable": the
 * peer does not do what the case is about.
 */
export type Class = "conforming" | "tolerated" | "violation" | "not-applicable";

/**
 * Octets as text, one char (U+0000 to U+00FF) each; in a list, parts one after the other. Filled in when run:
 * `{host}` (authority of the server), `{base}` ("http://" and authority), `{path}` (where a client case begins),
 * `{other}` (authority of the same scripted server under another name: "localhost" and its port),
 * `{field:NAME}` (value of that field in the last message the peer sent), `{date:S}`, `{date-850:S}` and
 * `{date-asctime:S}` (now plus S seconds in the three forms of HTTP). Other braces stand for themselves.
 */
export type Text = string | readonly TextPart[];

/** Text, or text written many times. */
export type TextPart = string | { readonly repeat: string; readonly times: number };

/** What both roles share. */
export interface CaseBase {
  /** The requirement's id in the catalogue, and a suffix for position or variant: `9112-6.3-10/letter`. */
  readonly id: string;
  /** Further requirements that the case shows. */
  readonly also?: readonly string[];
  readonly level: Level;
  /** The file it stands in; a group in reports. */
  readonly topic: string;
  /** One line that says what is done. */
  readonly title: string;
  /** Why the accepted outcomes are these, and what sets this case apart from its neighbours. */
  readonly rationale: string;
  /** Only over this transport. Absent: over both. */
  readonly transport?: "plain" | "tls";
}

/** A case for a server under test: we are the client. */
export interface ServerCase extends CaseBase {
  readonly role: "server";
  readonly contract: Contract;
  readonly steps: readonly ServerStep[];
  /** What the connection's fate after the last step is worth. Absent: it does not matter. */
  readonly connection?: ConnectionClasses;
}

/** A case for a client under test: we are the server. */
export interface ClientCase extends CaseBase {
  readonly role: "client";
  /** What the client is told to do. */
  readonly ask: Ask;
  /** Abilities without which the case says nothing. */
  readonly needs?: readonly Ability[];
  /** Done on every new connection before a request is read: data that nobody asked for. */
  readonly greeting?: readonly Act[];
  /** What the requests get. Entries with a `path` serve requests for it; the others are used up in order. */
  readonly answers: readonly Answer[];
  /** Looked at from the first to the last; the first that fits decides. None fits: a violation. */
  readonly outcomes: readonly ClientOutcome[];
}

export type Case = ServerCase | ClientCase;

/** What is done to a server, one after the other. Several responses may be waited for on a connection. */
export type ServerStep =
  | SendStep
  | PauseStep
  /** Ends our side (FIN) and reads on. */
  | { readonly do: "half-close" }
  /** Cuts the connection (RST). */
  | { readonly do: "reset" }
  /** Drops the connection and opens another one. */
  | { readonly do: "reconnect" }
  | ExpectStep
  /** An interim response with this status must come next; a final one is judged by `otherwise`. */
  | { readonly do: "expect-interim"; readonly status: number; readonly otherwise: Class }
  /** Nothing may come for so long: the one wait that is not for an event. */
  | { readonly do: "expect-nothing"; readonly ms: number; readonly otherwise: Class };

export interface SendStep {
  readonly do: "send";
  readonly text: Text;
  /** "octets": each octet is a write of its own, in a turn of its own. Default "whole". */
  readonly cut?: "whole" | "octets";
}

export interface PauseStep {
  readonly do: "pause";
  readonly ms: number;
}

/** Waits for the next final response, and judges it. */
export interface ExpectStep {
  readonly do: "expect";
  /** The method answered, where it changes the framing. Default "GET", which stands for all others. */
  readonly to?: "GET" | "HEAD" | "CONNECT";
  /** The first that fits decides. None fits: a violation. */
  readonly outcomes: readonly Outcome[];
}

/** Something seen, and what it is worth. */
export type Outcome = { readonly class: Class; readonly note?: string } & (
  | ({ readonly seen: "response" } & ResponseSeen)
  /**
   * Instead of a response: the end of the connection ("fin", "reset", or "end" for either), silence until
   * the deadline ("nothing"), or octets that are no response ("malformed").
   */
  | { readonly seen: "fin" | "reset" | "end" | "nothing" | "malformed" }
);

/** A status, or a class of them. */
export type StatusPattern = number | "1xx" | "2xx" | "3xx" | "4xx" | "5xx";

/** Conditions on a response; all that are given must hold. */
export interface ResponseSeen {
  /** One of these. */
  readonly status?: readonly StatusPattern[];
  readonly version?: string;
  readonly fields?: readonly FieldSeen[];
  readonly trailers?: readonly FieldSeen[];
  readonly content?: ContentSeen;
  /** What the content is as JSON by contract 2. */
  readonly parse?: ParseSeen;
  /** How the end of the content is told. */
  readonly framing?: "none" | "content-length" | "chunked" | "close";
  /** The statuses of the interim responses since the last final one, exactly. */
  readonly interims?: readonly number[];
  /** "clean": nothing in it departs from the grammar. */
  readonly syntax?: "clean";
}

/** A field, and one condition on its lines joined by ", ". */
export type FieldSeen = { readonly name: string } & (
  | { readonly is: "present" | "absent" }
  | { readonly equals: string }
  /** Not there, or with another value. */
  | { readonly differs: string }
  | { readonly contains: string }
  /** A member of the comma-separated list, case aside. */
  | { readonly member: string }
  | { readonly lacks: string }
  | { readonly format: FieldFormat }
  /** So many field lines. */
  | { readonly lines: number }
);

/** "date": IMF-fixdate; "recent-date": that, at most 5 s from our clock; "past-date": not later than that. */
export type FieldFormat = "date" | "recent-date" | "past-date" | "decimal" | "etag" | "token-list";

/** One condition on content. */
export type ContentSeen =
  | { readonly equals: Text }
  | { readonly differs: Text }
  | { readonly contains: Text }
  | { readonly lacks: Text }
  /** In octets. */
  | { readonly length: number };

/**
 * Conditions on the JSON of contract 2: `{"method", "target", "version": "1.1", "host", "fields": [[name,
 * value], …], "body", "trailers": [[name, value], …]}`, one char per octet, names in any case. `host` is the
 * authority as the server holds it. A member that the peer leaves out makes the case not applicable.
 */
export interface ParseSeen {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  readonly host?: string;
  readonly fields?: readonly FieldSeen[];
  readonly body?: ContentSeen;
  readonly trailers?: readonly FieldSeen[];
}

/**
 * What becomes of the connection, judged apart from the answer. "open": a further answer comes, of its own or
 * to a further `GET /`. "closed": it ends. "stalled": neither before the deadline.
 */
export interface ConnectionClasses {
  readonly open: Class;
  readonly closed: Class;
  /** Default "violation". */
  readonly stalled?: Class;
}

/**
 * What a client is told: fetch the address; ask for its head; send content; fetch two addresses in one run,
 * one after the other.
 */
export type Ask =
  /** `user`: "name:password", written before the host in the address. */
  | { readonly do: "get" | "head"; readonly user?: string }
  | { readonly do: "post" | "put"; readonly content: Text }
  /** The second address is the first with `second` behind it. */
  | { readonly do: "get-twice"; readonly second: string };

/** What not every client does, or does only when told. */
export type Ability = "redirects" | "cookies" | "decompression" | "reuse" | "expect" | "trailers";

/** What one request gets. */
export interface Answer {
  /** Requests whose target is the case's address and this. Absent: the next request, whatever it asks for. */
  readonly path?: string;
  /** How often it may be used. Default: once without, any number of times with a `path`. */
  readonly times?: number;
  /** "head": acts when the head is there. "request": also the content. Default "request". */
  readonly after?: "head" | "request";
  readonly acts: readonly Act[];
}

/** What the scripted server does. After the last act it reads on for the next request. */
export type Act =
  | SendStep
  | PauseStep
  /** Sends each octet so many ms after the one before. */
  | { readonly do: "dribble"; readonly text: Text; readonly everyMs: number }
  /** Waits for the rest of the content, after `after: "head"`. */
  | { readonly do: "read-content" }
  | { readonly do: "half-close" | "close" | "reset" };

/** Conditions on a client's report and on what it sent; all that are given must hold. */
export interface ClientOutcome {
  readonly class: Class;
  readonly note?: string;
  /** "ok": exit code 0. "error": another one. "hang": still running at the deadline. */
  readonly exit?: "ok" | "error" | "hang";
  /** What it wrote to its standard output: the content, by contract. */
  readonly output?: ContentSeen;
  /** So many requests in all. */
  readonly requests?: Count;
  /** So many connections in all. */
  readonly connections?: Count;
  readonly sent?: readonly RequestSeen[];
  /** Octets behind the last request that are none. Default: not looked at. */
  readonly excess?: "none" | "some";
  /** Who ended the last connection: the client, we, or nobody before the client had reported. */
  readonly ended?: "client" | "server" | "nobody";
}

export type Count = number | { readonly min?: number; readonly max?: number };

/** Conditions on one request of the client; all that are given must hold. */
export interface RequestSeen {
  /** 0 is the first. */
  readonly nth: number;
  readonly method?: string;
  readonly target?: Text;
  readonly version?: string;
  readonly fields?: readonly FieldSeen[];
  /** The name of the field that comes first, case aside. */
  readonly firstField?: string;
  readonly content?: ContentSeen;
  /** 0 is the first connection. */
  readonly connection?: number;
  /** "clean": nothing in it departs from the grammar. */
  readonly syntax?: "clean";
}

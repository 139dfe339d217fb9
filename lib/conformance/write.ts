/**
 * The words that cases are written with: each makes a piece of plain data.
 *
 * Rule of this file: no state and no judgement of its own; what a word makes can be written out by hand. Use the
 * word where one fits, so that equal things are judged equally all over the cases.
 */
import type {
  Act,
  Answer,
  Class,
  ClientCase,
  ClientOutcome,
  ConnectionClasses,
  ContentSeen,
  ExpectStep,
  Outcome,
  ParseSeen,
  ResponseSeen,
  SendStep,
  ServerCase,
  ServerStep,
  StatusPattern,
  Text,
} from "./case.ts";

/** A case as it is written: topic and role come from the list it stands in. */
export type ServerRow = Omit<ServerCase, "role" | "topic">;
export type ClientRow = Omit<ClientCase, "role" | "topic">;

/** The cases of one file about servers. */
export function serverCases(topic: string, rows: readonly ServerRow[]): readonly ServerCase[] {
  return rows.map((row) => ({ ...row, role: "server", topic }));
}

/** The cases of one file about clients. */
export function clientCases(topic: string, rows: readonly ClientRow[]): readonly ClientCase[] {
  return rows.map((row) => ({ ...row, role: "client", topic }));
}

/** A message: first line, field lines, the empty line, content. */
export function message(
  line: string,
  fields: readonly string[] = [],
  content: string = "",
): string {
  return `${[line, ...fields].join("\r\n")}\r\n\r\n${content}`;
}

export const HOST = "Host: {host}";

/** `GET /` with the right Host and these further fields. */
export function get(fields: readonly string[] = [], content: string = ""): string {
  return message("GET / HTTP/1.1", [HOST, ...fields], content);
}

/** A request in HTTP/1.1 with the right Host. */
export function request(
  method: string,
  target: string,
  fields: readonly string[] = [],
  content: string = "",
): string {
  return message(`${method} ${target} HTTP/1.1`, [HOST, ...fields], content);
}

export function post(target: string, fields: readonly string[], content: string = ""): string {
  return request("POST", target, fields, content);
}

/** Chunked content of these pieces, with the last chunk and no trailers. */
export function chunks(...pieces: readonly string[]): string {
  const chunk = (piece: string): string => `${piece.length.toString(16)}\r\n${piece}\r\n`;
  return `${pieces.map(chunk).join("")}0\r\n\r\n`;
}

export function send(text: Text): SendStep {
  return { do: "send", text };
}

/** Each octet is a write of its own. */
export function sendOctets(text: Text): SendStep {
  return { do: "send", text, cut: "octets" };
}

export function expect(outcomes: readonly Outcome[]): ExpectStep {
  return { do: "expect", outcomes };
}

/** A response without content by its method. */
export function expectTo(to: "HEAD" | "CONNECT", outcomes: readonly Outcome[]): ExpectStep {
  return { do: "expect", to, outcomes };
}

export function expectInterim(status: number, otherwise: Class = "violation"): ServerStep {
  return { do: "expect-interim", status, otherwise };
}

export function expectNothing(ms: number, otherwise: Class = "violation"): ServerStep {
  return { do: "expect-nothing", ms, otherwise };
}

export const HALF_CLOSE: ServerStep = { do: "half-close" };
export const RECONNECT: ServerStep = { do: "reconnect" };

/** One outcome: a response like this is worth that. */
export function seen(is: Class, response: ResponseSeen, note?: string): Outcome {
  const base = { class: is, seen: "response" as const, ...response };
  return note === undefined ? base : { ...base, note };
}

/** The connection ends, and no response has come. */
export function ends(is: Class, note?: string): Outcome {
  return note === undefined ? { class: is, seen: "end" } : { class: is, seen: "end", note };
}

/** Taken as any good request to `/`: 2xx or 3xx, and all that is said beside it. */
export function ok(response: Omit<ResponseSeen, "status"> = {}): Outcome[] {
  return [seen("conforming", { status: ["2xx", "3xx"], ...response })];
}

/** One of these statuses and nothing else. */
export function answered(...status: readonly StatusPattern[]): Outcome[] {
  return [seen("conforming", { status })];
}

/**
 * What says that a request was not processed. 404 and 405 say the contrary: somebody has looked for a resource, so
 * the request was taken for a good one.
 */
const REFUSALS: readonly StatusPattern[] = [
  400, 403, 408, 411, 413, 414, 417, 421, 422, 426, 431, 500, 501, 502, 503, 505,
];

/**
 * Refused with one of these statuses. Another refusal, or the end of the connection without a response, is
 * tolerated: nothing was misread. Any other answer, or none at all, is a violation.
 */
export function refused(...status: readonly StatusPattern[]): Outcome[] {
  return [
    seen("conforming", { status }),
    seen("tolerated", { status: REFUSALS }, "refused with another status"),
    ends("tolerated", "refused without a response"),
  ];
}

/** Contract 1: the content comes back as it was sent. */
export function echoed(content: Text): Outcome[] {
  return [seen("conforming", { status: [200], content: { equals: content } })];
}

/** Contract 2: read as this. */
export function parsed(parse: ParseSeen): Outcome[] {
  return [seen("conforming", { status: [200], parse })];
}

/** Both are allowed: the outcomes of the first list, then those of the others. */
export function either(...lists: readonly (readonly Outcome[])[]): Outcome[] {
  const conforming = lists.flatMap((list) => list.filter((o) => o.class === "conforming"));
  return [...conforming, ...lists.flatMap((list) => list.filter((o) => o.class !== "conforming"))];
}

/** A server that does not do this at all is not judged by it: 404, 405 and 501. */
export function unlessUnsupported(outcomes: readonly Outcome[]): Outcome[] {
  const note = "the server does not do this";
  return [...outcomes, seen("not-applicable", { status: [404, 405, 501] }, note)];
}

/** The connection must end after the answer. */
export const CLOSES: ConnectionClasses = { open: "violation", closed: "conforming" };
/** The connection should end, and does no harm open. */
export const RATHER_CLOSES: ConnectionClasses = { open: "tolerated", closed: "conforming" };
/** The connection goes on; a server may close at any time, so its end is tolerated. */
export const STAYS_OPEN: ConnectionClasses = { open: "conforming", closed: "tolerated" };
/** Both are right, and a connection that neither answers nor ends is not. */
export const OPEN_OR_CLOSED: ConnectionClasses = { open: "conforming", closed: "conforming" };

// What follows is for cases about clients.

/** The next request gets this text. */
export function reply(text: Text, ...then: readonly Act[]): Answer {
  return { acts: [{ do: "send", text }, ...then] };
}

/** Requests for the case's address and `path` get this text. */
export function replyAt(path: string, text: Text, ...then: readonly Act[]): Answer {
  return { path, acts: [{ do: "send", text }, ...then] };
}

/** A 200 with this content and its length. */
export function okWith(content: string, fields: readonly string[] = []): string {
  const length = `Content-Length: ${content.length}`;
  return message("HTTP/1.1 200 OK", ["Date: {date:0}", ...fields, length], content);
}

export const CLOSE: Act = { do: "close" };

/** The client reports success, and exactly this content. */
export function delivers(content: Text, is: Class = "conforming"): ClientOutcome {
  return { class: is, exit: "ok", output: { equals: content } };
}

/** The client reports an error. */
export function fails(is: Class = "conforming"): ClientOutcome {
  return { class: is, exit: "error" };
}

/** The client reports an error, and has written nothing of this. */
export function failsWithout(lacks: string, is: Class = "conforming"): ClientOutcome {
  const output: ContentSeen = { lacks };
  return { class: is, exit: "error", output };
}

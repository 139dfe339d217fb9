/**
 * Words that several files of server cases share, beside those of write.ts.
 *
 * Rule of this file: no state; what a word makes can be written out by hand.
 */
import type { Outcome } from "../../case.ts";
import {
  CLOSES,
  ends,
  expect,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  post,
  refused,
  seen,
  send,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";

export const CHUNKED = "Transfer-Encoding: chunked";

/** A path that no server is expected to have. */
export const MISSING = "/no-such-path-for-anybody";

/** Title and rationale of a case. */
export type Words = readonly [title: string, rationale: string];

/** After content that the server may not want: a good answer, or the end. Never an answer to "helloGET". */
export const NEXT_OR_END: readonly Outcome[] = [...ok(), ends("conforming")];

/** The same, worth less: what conforms becomes tolerated. */
export function tolerated(outcomes: readonly Outcome[], note?: string): Outcome[] {
  const words = note === undefined ? {} : { note };
  return outcomes.map((o) =>
    o.class === "conforming" ? { ...o, class: "tolerated", ...words } : o,
  );
}

/** A final response, whatever it says: the judgement is in what comes behind it. */
export function anyFinal(): Outcome[] {
  return [seen("conforming", { status: ["2xx", "3xx", "4xx", "5xx"] })];
}

/** A request that must be refused: sent alone, 400 or another refusal. */
export function refusedRequest(
  id: string,
  level: "MUST" | "SHOULD",
  text: string,
  [title, rationale]: Words,
): ServerRow {
  const steps = [send(text), expect(refused(400))];
  return { id, level, contract: 0, title, rationale, steps, connection: OPEN_OR_CLOSED };
}

/** Content that does not fit the grammar of chunked, for an application that reads it: 400 and the end. */
export function badChunks(id: string, content: string, [title, rationale]: Words): ServerRow {
  const text = `${post("/echo", [CHUNKED], content)}${get()}`;
  const steps = [send(text), expect(refused(400))];
  return { id, level: "MUST", contract: 1, title, rationale, steps, connection: CLOSES };
}

/** A Transfer-Encoding that one recipient sees and another does not: refused, with a request in the content. */
export function hidden(
  variant: string,
  lines: readonly string[],
  title: string,
  rationale: string,
): ServerRow {
  return {
    id: `9112-11.2-01/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(message("GET / HTTP/1.1", [HOST, ...lines], `0\r\n\r\n${get()}`)),
      expect(refused(400, 501)),
    ],
    connection: CLOSES,
  };
}

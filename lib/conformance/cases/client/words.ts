/**
 * Words that only cases for clients use: what is asked and answered, and what a client may make of it.
 *
 * Rule of this file: as write.ts: plain data out, nothing that could not be written out by hand.
 */
import type { Act, ClientOutcome, RequestSeen } from "../../case.ts";
import { type ClientRow, delivers, fails, message, okWith, reply, replyAt } from "../../write.ts";

/** What is done in a case. */
type Deeds = Pick<ClientRow, "ask" | "answers">;

/** A GET, answered with this. */
export function gets(text: string | ClientRow["answers"], ...then: readonly Act[]): Deeds {
  const answers = typeof text === "string" ? [reply(text, ...then)] : text;
  return { ask: { do: "get" }, answers };
}

/** A HEAD, answered with this. */
export function heads(text: string, ...then: readonly Act[]): Deeds {
  return { ask: { do: "head" }, answers: [reply(text, ...then)] };
}

export const SECOND = "/second";

/** Two GETs in one run: the first is answered with this, the second with "second". */
export function getsTwice(first: string, ...then: readonly Act[]): Deeds {
  return {
    ask: { do: "get-twice", second: SECOND },
    answers: [replyAt("", first, ...then), replyAt(SECOND, okWith("second"))],
  };
}

/** A 200 with these fields. */
export function ok200(fields: readonly string[], content: string = ""): string {
  return message("HTTP/1.1 200 OK", fields, content);
}

/** A 200 in chunks, written out. */
export function chunked200(content: string): string {
  return ok200(["Transfer-Encoding: chunked"], content);
}

/** Nothing was misread where it is given out whole, and nothing where the client refuses it. */
export function deliversOrFails(content: string): ClientOutcome[] {
  return [delivers(content), fails()];
}

/** It should be refused; given out like this it does no harm. */
export function failsOrTolerably(content: string): ClientOutcome[] {
  return [fails(), delivers(content, "tolerated")];
}

/** It should be given out; refusing it does no harm. */
export function deliversOrTolerablyFails(content: string): ClientOutcome[] {
  return [delivers(content), fails("tolerated")];
}

/** Conforms when the client has sent this, whatever it reports. */
export function sends(...sent: readonly RequestSeen[]): ClientOutcome {
  return { class: "conforming", sent };
}

/** Both contents in one run, and the second request on this connection. */
export function bothOn(
  connection: number,
  outputs: string,
  is: ClientOutcome["class"],
): ClientOutcome {
  return { class: is, exit: "ok", output: { equals: outputs }, sent: [{ nth: 1, connection }] };
}

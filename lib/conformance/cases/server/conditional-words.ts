/**
 * Words of the cases about preconditions: what a server must have for them to say something.
 * RFC 9110 §13
 *
 * Rule of this file: each preparation ends with a new connection, since a server may close after any answer.
 */
import { answered, expect, get, ok, RECONNECT, seen, send, STAYS_OPEN } from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { Outcome, ServerStep } from "../../case.ts";
import type { Words } from "./words.ts";

/** `GET /` has an ETag, and a condition with another one fails: it knows If-None-Match, or If-Match. */
export const KNOWS_NONE_MATCH: readonly ServerStep[] = [
  send(get()),
  expect(ok()),
  send(get(["If-None-Match: {field:etag}"])),
  expect([...answered(304), seen("not-applicable", { status: [200] }, "no conditions by tag")]),
  RECONNECT,
];

export const KNOWS_MATCH: readonly ServerStep[] = [
  send(get(['If-Match: "no-such-tag"'])),
  expect([...answered(412), seen("not-applicable", {}, "no conditions by If-Match")]),
  RECONNECT,
  send(get()),
  expect([
    seen("not-applicable", { fields: [{ name: "ETag", contains: "W/" }] }, "a weak tag"),
    ...ok(),
  ]),
  RECONNECT,
];

/** `GET /` has Last-Modified and compares: a date of now is a 304, and one of thirty years ago a 412. */
export const KNOWS_SINCE: readonly ServerStep[] = [
  send(get(["If-Modified-Since: {date:-1}"])),
  expect([...answered(304), seen("not-applicable", {}, "no comparison of dates")]),
  RECONNECT,
];

export const KNOWS_UNMODIFIED: readonly ServerStep[] = [
  send(get(["If-Unmodified-Since: {date:-999999999}"])),
  expect([...answered(412), seen("not-applicable", {}, "no If-Unmodified-Since")]),
  RECONNECT,
];

/** The fields of the request that is judged, and what it gets. */
export function after(
  knows: readonly ServerStep[],
  id: string,
  fields: readonly string[],
  outcomes: readonly Outcome[],
  [title, rationale]: Words,
): ServerRow {
  const steps = [...knows, send(get(fields)), expect(outcomes)];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

/**
 * Words of the cases about ranges.
 * RFC 9110 §14
 *
 * Rule of this file: the preparation shows that the server has ranges, and ends with the fields of the whole page.
 */
import { answered, expect, get, ok, RECONNECT, seen, send, STAYS_OPEN } from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { Outcome, ResponseSeen, ServerStep } from "../../case.ts";
import type { Words } from "./words.ts";

/** The first two octets are served as a part. Then `GET /`, so that its fields can be named. */
export const HAS_RANGES: readonly ServerStep[] = [
  send(get(["Range: bytes=0-1"])),
  expect([...answered(206), seen("not-applicable", {}, "no ranges here")]),
  RECONNECT,
  send(get()),
  expect(ok()),
];

export function after(
  id: string,
  fields: readonly string[],
  outcomes: readonly Outcome[],
  [title, rationale]: Words,
): ServerRow {
  const steps = [...HAS_RANGES, send(get(fields)), expect(outcomes)];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

/** A part, and what else is said of it. */
export function part(
  id: string,
  fields: readonly string[],
  is: ResponseSeen,
  words: Words,
): ServerRow {
  return after(id, fields, [seen("conforming", { status: [206], ...is })], words);
}

/**
 * Cases for servers: preconditions by date, and what is a date.
 * RFC 9110 §5.6.7, §13.1.3, §13.1.4
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  expect,
  get,
  ok,
  parsed,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import type { Words } from "./words.ts";
import { KNOWS_MATCH, after, KNOWS_SINCE, KNOWS_UNMODIFIED } from "./conditional-words.ts";

/** A field that is no date: passed over, so that the page comes whole. */
function badSince(variant: string, value: string, words: Words): ServerRow {
  const id = `9110-13.1.3-02/${variant}`;
  return after(KNOWS_SINCE, id, [`If-Modified-Since: ${value}`], answered(200), words);
}

/** Passed over by a resource that has no validator. */
function dynamic(id: string, fields: readonly string[], [title, rationale]: Words): ServerRow {
  return {
    id,
    level: "MUST",
    contract: 2,
    title,
    rationale,
    steps: [send(request("GET", "/parse", fields)), expect(parsed({ method: "GET" }))],
    connection: STAYS_OPEN,
  };
}

export const DATE_CASES: readonly ServerCase[] = serverCases("dates", [
  {
    ...after(
      KNOWS_SINCE,
      "9110-13.1.3-04/same-date",
      ["If-Modified-Since: {field:last-modified}"],
      answered(304),
      [
        "If-Modified-Since with the date that GET / has",
        "Not modified since then; equal dates count as not later.",
      ],
    ),
    level: "SHOULD",
    also: ["9110-13.1.3-05"],
    steps: [
      send(get()),
      expect(ok()),
      send(get(["If-Modified-Since: {field:last-modified}"])),
      expect(answered(304)),
    ],
  },
  after(
    KNOWS_SINCE,
    "9110-13.1.3-05/old",
    ["If-Modified-Since: {date:-999999999}"],
    answered(200),
    ["If-Modified-Since of thirty years ago", "The page is newer, so it is sent."],
  ),
  {
    ...after(
      KNOWS_SINCE,
      "9110-5.6.7-01/asctime",
      ["If-Modified-Since: {date-asctime:-1}"],
      answered(304),
      [
        "If-Modified-Since in the form of asctime",
        "The other old form, without comma and zone; the day has a blank where others have a zero.",
      ],
    ),
  },
  after(
    KNOWS_UNMODIFIED,
    "9110-5.6.7-01/rfc850-unmodified",
    ["If-Unmodified-Since: {date-850:-999999999}"],
    answered(412),
    [
      "If-Unmodified-Since in the form of RFC 850, thirty years ago",
      "The year has two digits; taken for one of this century the condition would hold.",
    ],
  ),
  after(
    KNOWS_UNMODIFIED,
    "9110-5.6.7-01/asctime-unmodified",
    ["If-Unmodified-Since: {date-asctime:-999999999}"],
    answered(412),
    [
      "If-Unmodified-Since in the form of asctime",
      "Passed over as no date, the method would be performed.",
    ],
  ),
  badSince("number", "4102444800", [
    "If-Modified-Since as a number of seconds",
    "A date to many readers, and no HTTP-date.",
  ]),
  badSince("iso", "2030-01-01T00:00:00Z", [
    "If-Modified-Since in the form of ISO 8601",
    "The form that libraries read best, and that HTTP has not.",
  ]),
  badSince("day-of-month", "Sun, 31 Feb 2100 00:00:00 GMT", [
    "If-Modified-Since on the 31st of February",
    "Rolled over into March it would be a date, in the future at that.",
  ]),
  badSince("behind", "{date:-1} and more", [
    "If-Modified-Since with words behind the date",
    "A good date is a prefix of it.",
  ]),
  badSince("two-members", "{date:-1}, {date:-1}", [
    "If-Modified-Since with two dates",
    "No list field: joined lines are no date.",
  ]),
  {
    id: "9110-13.1.3-02/post",
    level: "MUST",
    contract: 1,
    title: "If-Modified-Since on POST",
    rationale: "A condition of GET and HEAD; for another method it is passed over.",
    steps: [
      send(
        request("POST", "/echo", ["If-Modified-Since: {date:-1}", "Content-Length: 5"], "hello"),
      ),
      expect([seen("conforming", { status: [200], content: { equals: "hello" } })]),
    ],
    connection: STAYS_OPEN,
  },
  dynamic(
    "9110-13.1.3-03/dynamic",
    ["If-Modified-Since: {date:-1}"],
    [
      "If-Modified-Since where there is no date of modification",
      "Without a date there is nothing to compare, and the answer is whole.",
    ],
  ),
  dynamic(
    "9110-13.1.4-03/dynamic",
    ["If-Unmodified-Since: {date:-999999999}"],
    [
      "If-Unmodified-Since where there is no date of modification",
      "As for the other field, where a 412 would be the wrong answer.",
    ],
  ),
  {
    ...after(
      KNOWS_UNMODIFIED,
      "9110-13.1.4-04/now",
      ["If-Unmodified-Since: {date:-1}"],
      answered(200),
      [
        "If-Unmodified-Since of now holds, and of long ago does not",
        "Evaluated before the method: both answers are seen here.",
      ],
    ),
    also: ["9110-13.1.4-05"],
  },
  after(
    KNOWS_UNMODIFIED,
    "9110-13.1.4-02/bad-date",
    ["If-Unmodified-Since: yesterday"],
    answered(200),
    [
      "If-Unmodified-Since that is no date",
      "Passed over; a date of zero, which some readers return, is a 412.",
    ],
  ),
  {
    ...after([], "9110-13.1.4-01/match-first", [], answered(200), [
      "If-Match that holds beats If-Unmodified-Since that does not",
      "The tag knows better than the clock: the date is not looked at.",
    ]),
    also: ["9110-13.2.2-01"],
    steps: [
      ...KNOWS_UNMODIFIED,
      ...KNOWS_MATCH,
      send(get(["If-Match: {field:etag}", "If-Unmodified-Since: {date:-999999999}"])),
      expect(answered(200)),
    ],
  },
]);

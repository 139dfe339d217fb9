/**
 * Cases for servers: preconditions on `GET /`, where it has validators, and the dates in them.
 * RFC 9110 §5.6.7, §8.8.3, §13
 *
 * Rule of this file: data, by requirement. A first request shows that the server has what the case is about, and
 * what is judged is the second one, on a connection of its own: a server may close after any answer.
 */
import {
  answered,
  expect,
  expectTo,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  parsed,
  RECONNECT,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { Outcome, ServerCase, ServerStep } from "../../case.ts";
import { anyFinal, MISSING } from "./words.ts";

type Words = readonly [title: string, rationale: string];

/** `GET /` has an ETag, and a condition with another one fails: it knows If-None-Match, or If-Match. */
const KNOWS_NONE_MATCH: readonly ServerStep[] = [
  send(get()),
  expect(ok()),
  send(get(["If-None-Match: {field:etag}"])),
  expect([...answered(304), seen("not-applicable", { status: [200] }, "no conditions by tag")]),
  RECONNECT,
];
const KNOWS_MATCH: readonly ServerStep[] = [
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
const KNOWS_SINCE: readonly ServerStep[] = [
  send(get(["If-Modified-Since: {date:-1}"])),
  expect([...answered(304), seen("not-applicable", {}, "no comparison of dates")]),
  RECONNECT,
];
const KNOWS_UNMODIFIED: readonly ServerStep[] = [
  send(get(["If-Unmodified-Since: {date:-999999999}"])),
  expect([...answered(412), seen("not-applicable", {}, "no If-Unmodified-Since")]),
  RECONNECT,
];

/** The fields of the request that is judged, and what it gets. */
function after(
  knows: readonly ServerStep[],
  id: string,
  fields: readonly string[],
  outcomes: readonly Outcome[],
  [title, rationale]: Words,
): ServerRow {
  const steps = [...knows, send(get(fields)), expect(outcomes)];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

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

const TAGS: readonly ServerRow[] = [
  {
    ...after(KNOWS_NONE_MATCH, "9110-13.1.2-01/weak", [], answered(304), [
      "If-None-Match with the tag made weak",
      "W/ is not looked at here: the two are the same by the weak comparison.",
    ]),
    also: ["9110-8.8.3.2-01"],
    steps: [
      ...KNOWS_NONE_MATCH,
      send(get()),
      expect([
        seen("not-applicable", { fields: [{ name: "ETag", contains: "W/" }] }, "weak already"),
        ...ok(),
      ]),
      send(get(["If-None-Match: W/{field:etag}"])),
      expect(answered(304)),
    ],
  },
  after(
    KNOWS_NONE_MATCH,
    "9110-13.1.2-02/list",
    ['If-None-Match: "a", "b,c" , {field:etag}'],
    answered(304),
    [
      "If-None-Match with a list, the right tag last",
      "One of the others has a comma inside: a split at commas cuts the tags in two.",
    ],
  ),
  after(
    KNOWS_NONE_MATCH,
    "9110-5.2-01/if-none-match",
    ['If-None-Match: "a"', "If-None-Match: {field:etag}"],
    [...answered(304), seen("tolerated", { status: [400] }, "two lines are refused")],
    [
      "If-None-Match on two lines, the right tag on the second",
      "Lines of a list field are one list; the first or the last line alone is half of it.",
    ],
  ),
  after(
    KNOWS_NONE_MATCH,
    "9110-5.6.1.2-01/if-none-match",
    ["If-None-Match: ,, {field:etag} ,"],
    answered(304),
    ["If-None-Match with empty members", "They are skipped, as in any list."],
  ),
  {
    ...after(KNOWS_NONE_MATCH, "9110-13.1.2-04/star", ["If-None-Match: *"], answered(304), [
      "If-None-Match with an asterisk",
      "Any representation will do, and there is one.",
    ]),
    also: ["9110-13.1.2-03"],
  },
  {
    ...after(KNOWS_NONE_MATCH, "9110-13.1.2-03/put", [], answered(412), [
      "PUT with If-None-Match and an asterisk",
      "What is there must not be overwritten: 412, unless there is no PUT at all.",
    ]),
    steps: [
      ...KNOWS_NONE_MATCH,
      send(request("PUT", "/", ["If-None-Match: *", "Content-Length: 1"], "x")),
      expect([
        ...answered(412),
        seen("not-applicable", { status: [401, 403, 404, 405, 501] }, "no PUT"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  after(
    KNOWS_NONE_MATCH,
    "9110-13.1.2-02/part",
    ['If-None-Match: "no-such-tag", "nor-this"'],
    answered(200),
    [
      "If-None-Match with a tag that nobody has given",
      "The other side: a server that answers 304 to any tag never sends the page again.",
    ],
  ),
  after(KNOWS_MATCH, "9110-13.1.1-02/same-tag", ["If-Match: {field:etag}"], answered(200), [
    "If-Match with the tag that GET / has",
    "The condition holds, so the method is performed.",
  ]),
  after(KNOWS_MATCH, "9110-13.1.1-02/star", ["If-Match: *"], answered(200), [
    "If-Match with an asterisk",
    "Holds when there is any representation; read as a tag it fails.",
  ]),
  after(KNOWS_MATCH, "9110-13.1.1-02/list", ['If-Match: "a", {field:etag}'], answered(200), [
    "If-Match with a list, the right tag second",
    "One of them is enough.",
  ]),
  {
    ...after(KNOWS_MATCH, "9110-13.1.1-01/weak", ["If-Match: W/{field:etag}"], answered(412), [
      "If-Match with the tag made weak",
      "The strong comparison: a weak tag is equal to none, not even to itself.",
    ]),
    also: ["9110-8.8.3.2-01"],
  },
];

const DATES: readonly ServerRow[] = [
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
];

const ORDER: readonly ServerRow[] = [
  after(
    KNOWS_MATCH,
    "9110-13.2.2-01/match-before-none-match",
    ['If-Match: "a"', "If-None-Match: {field:etag}"],
    answered(412),
    [
      "If-Match that fails beside If-None-Match that fails",
      "412 and not 304: the first condition in the order decides.",
    ],
  ),
  {
    ...after([], "9110-13.2.2-01/unmodified-before-none-match", [], answered(412), [
      "If-Unmodified-Since that fails beside If-None-Match that fails",
      "The second place of the order, before the third.",
    ]),
    steps: [
      ...KNOWS_UNMODIFIED,
      ...KNOWS_NONE_MATCH,
      send(get()),
      expect(ok()),
      send(get(["If-Unmodified-Since: {date:-999999999}", "If-None-Match: {field:etag}"])),
      expect(answered(412)),
    ],
  },
  after(
    KNOWS_NONE_MATCH,
    "9110-13.2.2-01/none-match-before-range",
    ["If-None-Match: {field:etag}", "Range: bytes=0-1"],
    answered(304),
    [
      "If-None-Match that fails beside a Range",
      "Conditions come first; the range is of an answer that is not given.",
    ],
  ),
  {
    id: "9110-13.2.1-02/missing",
    level: "MUST",
    contract: 0,
    title: "If-Match on a path that is not there",
    rationale: "Without the condition it is a 404, so it is one with it.",
    steps: [
      send(request("GET", MISSING)),
      expect([...answered(404), seen("not-applicable", {}, "every path is there")]),
      RECONNECT,
      send(request("GET", MISSING, ['If-Match: "a"'])),
      expect(answered(404)),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-13.2.1-01/method",
    level: "MUST",
    contract: 0,
    title: "a condition that fails on a method that is not allowed",
    rationale: "The checks that need no condition come first: 405 stays 405.",
    steps: [
      send(request("DELETE", "/")),
      expect([
        seen("conforming", { status: [401, 403, 404, 405, 501] }),
        seen("not-applicable", {}, "DELETE is performed"),
      ]),
      RECONNECT,
      send(request("DELETE", "/", ['If-Match: "a"'])),
      expect(answered(401, 403, 404, 405, 501)),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-13.2.1-03/options",
    level: "MUST",
    contract: 0,
    title: "a condition that fails on OPTIONS",
    rationale:
      "OPTIONS neither selects nor changes a representation, so there is nothing to compare.",
    steps: [
      send(request("OPTIONS", "/")),
      expect([seen("conforming", { status: ["2xx"] }), seen("not-applicable", {}, "no OPTIONS")]),
      RECONNECT,
      send(request("OPTIONS", "/", ['If-Match: "a"'])),
      expect(answered("2xx")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-13.1.2-04/head",
    level: "MUST",
    contract: 0,
    title: "If-None-Match on HEAD",
    rationale: "304 as for GET: the two ask the same question.",
    steps: [
      ...KNOWS_NONE_MATCH,
      send(get()),
      expect(ok()),
      send(message("HEAD / HTTP/1.1", [HOST, "If-None-Match: {field:etag}"])),
      expectTo("HEAD", answered(304)),
      send(get()),
      expect(anyFinal()),
    ],
    connection: STAYS_OPEN,
  },
];

export const PRECONDITION_CASES: readonly ServerCase[] = serverCases("conditionals", [
  ...TAGS,
  ...ORDER,
]);
export const DATE_CASES: readonly ServerCase[] = serverCases("dates", DATES);

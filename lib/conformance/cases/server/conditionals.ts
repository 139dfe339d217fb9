/**
 * Cases for servers: preconditions by tag on `GET /`, where it has one, and the order of conditions.
 * RFC 9110 §8.8.3, §13
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
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
  RECONNECT,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { anyFinal, MISSING } from "./words.ts";
import { KNOWS_UNMODIFIED, after, KNOWS_MATCH, KNOWS_NONE_MATCH } from "./conditional-words.ts";

export const TAG_CASES: readonly ServerCase[] = serverCases("conditionals", [
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
    "One tag of the list that fits is enough.",
  ]),
  {
    ...after(KNOWS_MATCH, "9110-13.1.1-01/weak", ["If-Match: W/{field:etag}"], answered(412), [
      "If-Match with the tag made weak",
      "The strong comparison: a weak tag is equal to none, not even to itself.",
    ]),
    also: ["9110-8.8.3.2-01"],
  },
]);

export const ORDER_CASES: readonly ServerCase[] = serverCases("conditionals", [
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
]);

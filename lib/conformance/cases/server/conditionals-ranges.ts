/**
 * Cases for servers: conditional requests and ranges.
 * RFC 9110 §13, §14
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import { expect, get, ok, seen, send, serverCases, STAYS_OPEN } from "../../write.ts";
import type { ServerCase } from "../../case.ts";

export const CONDITIONAL_CASES: readonly ServerCase[] = serverCases("conditionals", [
  {
    id: "9110-13.1.2-02/same-tag",
    also: ["9110-13.1.2-04"],
    level: "MUST",
    contract: 0,
    title: "If-None-Match with the tag that GET / has",
    rationale: "Applies where GET / has an ETag: then the representation is not sent again.",
    steps: [
      send(get()),
      expect(ok()),
      send(get(["If-None-Match: {field:etag}"])),
      expect([seen("conforming", { status: [304] })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-13.1.1-02/other-tag",
    also: ["9110-13.1.1-03"],
    level: "MUST",
    contract: 0,
    title: "If-Match with a tag that GET / has not",
    rationale: "The method is not performed: 412.",
    steps: [
      send(get()),
      expect([
        ...ok({ fields: [{ name: "ETag", is: "present" }] }),
        seen("not-applicable", {}, "no ETag here"),
      ]),
      send(get(['If-Match: "no-such-tag"'])),
      expect([seen("conforming", { status: [412] })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-13.1.3-02/bad-date",
    level: "MUST",
    contract: 0,
    title: "If-Modified-Since that is no date",
    rationale: "A condition that cannot be read is none.",
    steps: [send(get(["If-Modified-Since: yesterday"])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-13.1.3-01/tag-first",
    level: "MUST",
    contract: 0,
    title: "If-None-Match with another tag beats If-Modified-Since",
    rationale: "By the date it would be a 304; the tag says that the representation has changed.",
    steps: [
      send(get()),
      expect(ok()),
      send(get(['If-None-Match: "no-such-tag"', "If-Modified-Since: {field:last-modified}"])),
      expect([seen("conforming", { status: [200] })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-5.6.7-01/rfc850",
    level: "MUST",
    contract: 0,
    title: "If-Modified-Since in the form of RFC 850",
    rationale:
      "One of the two old forms that every recipient reads; applies where the same date in the usual form is a 304.",
    steps: [
      send(get(["If-Modified-Since: {date:-1}"])),
      expect([
        seen("conforming", { status: [304] }),
        seen("not-applicable", { status: ["2xx", "3xx"] }, "no comparison of dates"),
      ]),
      send(get(["If-Modified-Since: {date-850:-1}"])),
      expect([seen("conforming", { status: [304] })]),
    ],
    connection: STAYS_OPEN,
  },
]);

export const RANGE_CASES: readonly ServerCase[] = serverCases("ranges", [
  {
    id: "9110-14.2-05/first-two",
    also: ["9110-15.3.7.1-01"],
    level: "SHOULD",
    contract: 0,
    title: "the first two octets",
    rationale: "Applies where GET / says that it has ranges; the answer says which part it is.",
    steps: [
      send(get()),
      expect([
        seen("conforming", { status: [200], fields: [{ name: "Accept-Ranges", member: "bytes" }] }),
        seen("not-applicable", {}, "no ranges here"),
      ]),
      send(get(["Range: bytes=0-1"])),
      expect([
        seen("conforming", {
          status: [206],
          content: { length: 2 },
          fields: [{ name: "Content-Range", contains: "bytes 0-1/" }],
        }),
      ]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-14.2-02/unknown-unit",
    level: "MUST",
    contract: 0,
    title: "a range in a unit that nobody knows",
    rationale: "The field is ignored, so the answer is whole.",
    steps: [
      send(get(["Range: furlongs=0-1"])),
      expect([seen("conforming", { status: [200, "3xx"] })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-14.1.2-01/2-pow-64",
    level: "MUST",
    contract: 0,
    title: "a range that ends at 2^64",
    rationale: "A last position beyond the end means the end; cut to 64 bits it would be 0.",
    steps: [
      send(get(["Range: bytes=0-18446744073709551616"])),
      expect([
        seen("conforming", {
          status: [206],
          fields: [{ name: "Content-Range", lacks: "bytes 0-0/" }],
        }),
        seen("conforming", { status: [200, "3xx"] }),
        seen("tolerated", { status: [416] }, "refused, and not misread"),
      ]),
    ],
    connection: STAYS_OPEN,
  },
]);

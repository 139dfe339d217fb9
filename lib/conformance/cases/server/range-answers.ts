/**
 * Cases for servers: the fields of a 206, several parts, and If-Range.
 * RFC 9110 §13.1.5, §15.3.7
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  expect,
  get,
  parsed,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ResponseSeen, ServerCase } from "../../case.ts";
import type { Words } from "./words.ts";
import { HAS_RANGES, after, part } from "./range-words.ts";

/** Two parts that do not touch, or the whole: a server need not serve several. */
function parts(id: string, range: string, is: ResponseSeen, words: Words): ServerRow {
  return after(
    id,
    [`Range: bytes=${range}`],
    [
      seen("conforming", { status: [206], ...is }),
      seen("not-applicable", { status: [200, 416] }, "no several ranges"),
    ],
    words,
  );
}

export const RANGE_FIELD_CASES: readonly ServerCase[] = serverCases("ranges", [
  {
    ...part(
      "9110-15.3.7.2-05/one",
      ["Range: bytes=1-2"],
      {
        content: { length: 2 },
        fields: [
          { name: "Content-Type", lacks: "multipart/" },
          { name: "Content-Range", contains: "bytes 1-2/" },
          { name: "Content-Range", lacks: "*" },
        ],
      },
      [
        "one range is one part, with the length of the whole",
        "No multipart for it, and the number behind the slash is known to the server.",
      ],
    ),
    also: ["9110-14.4-03", "9110-15.3.7.1-01"],
  },
  part(
    "9110-15.3.7-01/etag",
    ["Range: bytes=0-1"],
    {
      fields: [
        { name: "ETag", equals: "{field:etag}" },
        { name: "Date", format: "date" },
      ],
    },
    [
      "a part has the tag of the whole",
      "With it parts are put together; without, a changed page is mixed with the old one.",
    ],
  ),
  part(
    "9110-15.3.7-03/type",
    ["Range: bytes=0-1"],
    {
      fields: [
        { name: "Content-Type", equals: "{field:content-type}" },
        { name: "Last-Modified", equals: "{field:last-modified}" },
      ],
    },
    [
      "a part has type and date of the whole",
      "Asked without If-Range, the client may have nothing of it yet.",
    ],
  ),
  parts(
    "9110-15.3.7.2-01/two",
    "0-1,4-5",
    {
      fields: [
        { name: "Content-Type", contains: "multipart/byteranges" },
        { name: "Content-Type", contains: "boundary=" },
      ],
    },
    [
      "two ranges are a multipart answer with a boundary",
      "Two parts in one content cannot be told apart otherwise.",
    ],
  ),
  parts("9110-15.3.7.2-02/two", "0-1,5-6", { fields: [{ name: "Content-Range", is: "absent" }] }, [
    "two ranges, and no Content-Range in the head",
    "The head is of the multipart content, which is no part of anything.",
  ]),
  {
    ...parts(
      "9110-15.3.7.2-03/two",
      "0-1,6-7",
      { content: { contains: "\r\nContent-Range: bytes 6-7/" } },
      [
        "each of two parts says its range",
        "On a line of its own in the part, with CRLF between the lines as multipart has it.",
      ],
    ),
    also: ["9110-8.3.3-01"],
  },
  {
    ...parts(
      "9110-15.3.7.2-04/two",
      "0-1,7-8",
      { content: { contains: "\r\nContent-Type: {field:content-type}\r\n" } },
      [
        "each of two parts says the type of the page",
        "The head's type is that of the multipart; the part's is the one of the page.",
      ],
    ),
    level: "SHOULD",
  },
  {
    ...parts("9110-15.3.7.2-06/reversed", "5-6,0-1", { content: { contains: "bytes 0-1/" } }, [
      "two ranges in the order of the request",
      "The client has asked for the later part first, perhaps as it needs that first.",
    ]),
    level: "SHOULD",
  },
]);

export const IF_RANGE_CASES: readonly ServerCase[] = serverCases("ranges", [
  after("9110-13.1.5-02/alone", ['If-Range: "no-such-tag"'], answered(200), [
    "If-Range without Range",
    "A condition on a range that is not asked for.",
  ]),
  {
    ...part(
      "9110-13.1.5-08/tag",
      ["Range: bytes=0-1", "If-Range: {field:etag}"],
      { content: { length: 2 } },
      ["If-Range with the tag of the page", "The page is the same: the part is enough."],
    ),
    level: "SHOULD",
    also: ["9110-13.1.5-06"],
  },
  {
    ...after("9110-13.1.5-07/tag", ["Range: bytes=0-1", 'If-Range: "no-such-tag"'], answered(200), [
      "If-Range with another tag",
      "The page has changed: the whole of it, and no error.",
    ]),
    also: ["9110-13.1.5-06"],
  },
  after("9110-13.1.5-06/weak", ["Range: bytes=0-1", "If-Range: W/{field:etag}"], answered(200), [
    "If-Range with the tag made weak",
    "The strong comparison: parts are put together octet by octet.",
  ]),
  {
    ...part(
      "9110-13.1.5-08/date",
      ["Range: bytes=0-1", "If-Range: {field:last-modified}"],
      { content: { length: 2 } },
      ["If-Range with the date of the page", "An exact match of the other validator."],
    ),
    level: "SHOULD",
  },
  after("9110-13.1.5-06/later", ["Range: bytes=0-1", "If-Range: {date:-1}"], answered(200), [
    "If-Range with a later date than that of the page",
    "No order of dates here: another date is another page.",
  ]),
  {
    ...after("9110-15.3.7-02/if-range", [], answered(206), [
      "a part asked for by If-Range says no more than it must",
      "The client has the other fields of the page from before.",
    ]),
    level: "SHOULD",
    steps: [
      ...HAS_RANGES,
      send(get(["Range: bytes=0-1", "If-Range: {field:etag}"])),
      expect([
        seen("not-applicable", { status: [200] }, "no If-Range"),
        seen("conforming", {
          status: [206],
          fields: [
            { name: "Last-Modified", is: "absent" },
            { name: "Content-Encoding", is: "absent" },
          ],
        }),
        seen("tolerated", { status: [206] }, "said again, and the same"),
      ]),
    ],
  },
  {
    id: "9110-13.1.5-03/dynamic",
    level: "MUST",
    contract: 2,
    title: "If-Range and Range where there are no ranges",
    rationale: "The answer is whole, whether or not the condition could hold.",
    steps: [
      send(request("GET", "/parse", ["Range: bytes=0-1", 'If-Range: "a"'])),
      expect(parsed({ method: "GET" })),
    ],
    connection: STAYS_OPEN,
  },
]);

/**
 * Cases for servers: ranges in all forms, the fields of a 206, and If-Range.
 * RFC 9110 §13.1.5, §14, §15.3.7
 *
 * Rule of this file: data, by requirement. Where the server must have ranges, a first request shows that it has.
 */
import {
  answered,
  echoed,
  expect,
  expectTo,
  get,
  ok,
  OPEN_OR_CLOSED,
  parsed,
  post,
  RECONNECT,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { Outcome, ResponseSeen, ServerCase, ServerStep } from "../../case.ts";

type Words = readonly [title: string, rationale: string];

/** The first two octets are served as a part. Then `GET /`, so that its fields can be named. */
const HAS_RANGES: readonly ServerStep[] = [
  send(get(["Range: bytes=0-1"])),
  expect([...answered(206), seen("not-applicable", {}, "no ranges here")]),
  RECONNECT,
  send(get()),
  expect(ok()),
];

function after(
  id: string,
  fields: readonly string[],
  outcomes: readonly Outcome[],
  [title, rationale]: Words,
): ServerRow {
  const steps = [...HAS_RANGES, send(get(fields)), expect(outcomes)];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

/** A part, and what else is said of it. */
function part(id: string, fields: readonly string[], is: ResponseSeen, words: Words): ServerRow {
  return after(id, fields, [seen("conforming", { status: [206], ...is })], words);
}

/** No range by the grammar: the whole page or a refusal, and no part of anything. */
function bad(variant: string, range: string, title: string, rationale: string): ServerRow {
  return after(`9110-14.1.2-02/${variant}`, [`Range: ${range}`], answered(200, 400, 416), [
    title,
    rationale,
  ]);
}

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

const FORMS: readonly ServerRow[] = [
  part(
    "9110-14.1.2-02/open",
    ["Range: bytes=1-"],
    { fields: [{ name: "Content-Range", contains: "bytes 1-" }] },
    ["a range without its end", "All from the second octet on."],
  ),
  part("9110-14.1.2-02/suffix", ["Range: bytes=-3"], { content: { length: 3 } }, [
    "the last three octets",
    "A suffix: the number is a length and no position.",
  ]),
  part("9110-14.1.2-02/one", ["Range: bytes=0-0"], { content: { length: 1 } }, [
    "a range of one octet",
    "The end is counted in: 0-0 is not empty.",
  ]),
  part(
    "9110-14.1.2-02/long-suffix",
    ["Range: bytes=-99999999999"],
    { fields: [{ name: "Content-Range", contains: "bytes 0-" }] },
    [
      "a suffix longer than the page",
      "The whole page, as a part; the first position is not negative.",
    ],
  ),
  after(
    "9110-14.1.2-01/23-digits",
    ["Range: bytes=1-99999999999999999999999"],
    [
      seen("conforming", {
        status: [206],
        fields: [{ name: "Content-Range", contains: "bytes 1-" }],
      }),
      seen("tolerated", { status: [200, 416] }, "passed over or refused"),
    ],
    [
      "a last position of 23 digits",
      "Cut to the end of the page, whatever the number overflows to.",
    ],
  ),
  bad(
    "reversed",
    "bytes=5-2",
    "a range that ends before it begins",
    "Swapped it would be good; a length of it is negative.",
  ),
  bad(
    "letters",
    "bytes=a-b",
    "a range of letters",
    "0 to readers that take the digits there are, and there are none.",
  ),
  bad("plus", "bytes=+0-+1", "a range with plus signs", "Integer readers take the sign."),
  bad(
    "empty",
    "bytes=",
    "a range set with nothing in it",
    "At least one range is needed; an empty list is not the whole.",
  ),
  bad(
    "only-dash",
    "bytes=-",
    "a range of a dash alone",
    "Neither first position nor suffix length.",
  ),
  bad(
    "no-equals",
    "bytes 0-1",
    "a range with a SP in place of the equals sign",
    "The form of Content-Range, which is another field.",
  ),
  bad(
    "two-dashes",
    "bytes=0-1-2",
    "a range with two dashes",
    "A split at the dash has three pieces, and takes two.",
  ),
  {
    id: "9110-14.2-02/upper-case",
    level: "MUST",
    contract: 0,
    title: "BYTES in upper case",
    rationale: "Names of units are compared without case; an unknown unit would be passed over.",
    steps: [
      ...HAS_RANGES,
      send(get(["Range: BYTES=0-1"])),
      expect([...answered(206), seen("tolerated", { status: [200] }, "taken for another unit")]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-14.2-01/head",
    level: "MUST",
    contract: 0,
    title: "a range on HEAD",
    rationale: "Ranges are of GET alone: HEAD tells of the whole.",
    steps: [
      ...HAS_RANGES,
      send(request("HEAD", "/", ["Range: bytes=0-1"])),
      expectTo("HEAD", answered(200)),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-14.2-01/post",
    level: "MUST",
    contract: 1,
    title: "a range on POST",
    rationale: "Passed over, as the answer to POST is no representation that a range is of.",
    steps: [
      send(post("/echo", ["Range: bytes=0-1", "Content-Length: 5"], "hello")),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    ...after(
      "9110-14.2-06/beyond",
      ["Range: bytes=99999999999-"],
      [
        seen("conforming", {
          status: [416],
          fields: [{ name: "Content-Range", contains: "bytes */" }],
        }),
        seen("tolerated", { status: [200] }, "the range is passed over"),
      ],
      ["a range that begins beyond the end", "416, with the length that there is."],
    ),
    level: "SHOULD",
    also: ["9110-14.4-05", "9110-15.5.17-01"],
  },
  {
    ...after(
      "9110-14.2-06/suffix-zero",
      ["Range: bytes=-0"],
      [seen("conforming", { status: [416] }), seen("tolerated", { status: [200] }, "passed over")],
      [
        "the last zero octets",
        "Well-formed, and satisfied by nothing; an empty 206 has no positions to name.",
      ],
    ),
    level: "SHOULD",
  },
  {
    ...after("9110-14.2-07/many", [`Range: bytes=${"0-,".repeat(99)}0-`], answered(200, 206, 416), [
      "a hundred ranges that overlap",
      "Served as asked the answer is a hundred pages; refused, joined or passed over, it is small.",
    ]),
    level: "MAY",
  },
  {
    id: "9110-14.4-02/post",
    level: "MUST",
    contract: 1,
    title: "Content-Range on POST",
    rationale: "It has no meaning there: the content is taken as the whole that it is.",
    steps: [
      send(post("/echo", ["Content-Range: bytes 0-4/10", "Content-Length: 5"], "hello")),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-14.5-01/put",
    level: "SHOULD",
    contract: 0,
    title: "PUT with Content-Range",
    rationale:
      "A part stored as the whole destroys the rest; a server without partial PUT says 400.",
    steps: [
      send(request("PUT", "/", ["Content-Range: bytes 0-0/2", "Content-Length: 1"], "x")),
      expect([
        ...answered(400),
        seen("not-applicable", { status: [401, 403, 404, 405, 501] }, "no PUT"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
];

const FIELDS: readonly ServerRow[] = [
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
];

const IF_RANGE: readonly ServerRow[] = [
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
];

export const RANGE_FORM_CASES: readonly ServerCase[] = serverCases("ranges", [
  ...FORMS,
  ...FIELDS,
  ...IF_RANGE,
]);

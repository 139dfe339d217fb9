/**
 * Cases for servers: ranges in all forms.
 * RFC 9110 §14
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  echoed,
  expect,
  expectTo,
  get,
  OPEN_OR_CLOSED,
  post,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { HAS_RANGES, after, part } from "./range-words.ts";

/** No range by the grammar: the whole page or a refusal, and no part of anything. */
function bad(variant: string, range: string, title: string, rationale: string): ServerRow {
  return after(`9110-14.1.2-02/${variant}`, [`Range: ${range}`], answered(200, 400, 416), [
    title,
    rationale,
  ]);
}

export const RANGE_FORM_CASES: readonly ServerCase[] = serverCases("ranges", [
  part(
    "9110-14.1.2-02/open",
    ["Range: bytes=1-"],
    { fields: [{ name: "Content-Range", contains: "bytes 1-" }] },
    ["a range without its end", "All from the second octet on, whatever the page's length is."],
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
]);

/**
 * Cases for servers: what the fields of good answers say.
 * RFC 9110 §5, §7.6.1, §8 · RFC 9111 §5
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  echoed,
  expect,
  get,
  ok,
  OPEN_OR_CLOSED,
  post,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { Level, FieldSeen, ServerCase } from "../../case.ts";
import type { Words } from "./words.ts";

/** `GET /` with these fields is answered with fields like those. */
function page(
  id: string,
  level: Level,
  asked: readonly string[],
  fields: readonly FieldSeen[],
  [title, rationale]: Words,
): ServerRow {
  const steps = [send(get(asked)), expect(ok({ fields }))];
  return { id, level, contract: 0, title, rationale, steps, connection: OPEN_OR_CLOSED };
}

/** A field of the page that is like that; not applicable where the page has none. */
function whereSent(id: string, field: FieldSeen, words: Words): ServerRow {
  const { name } = field;
  const absent = seen("not-applicable", { fields: [{ name, is: "absent" }] }, `no ${name}`);
  const steps = [send(get()), expect([absent, ...ok({ fields: [field] })])];
  return { ...page(id, "MUST", [], [], words), steps };
}

export const ANSWER_FIELD_CASES: readonly ServerCase[] = serverCases("status", [
  {
    id: "9112-6.2-01/page",
    also: ["9110-5.5-06", "9110-5.6.7-04"],
    level: "MUST",
    contract: 0,
    title: "nothing in a good answer departs from the grammar",
    rationale:
      "Both lengths, controls in values, a date with blanks too many: each is a fault by itself.",
    steps: [send(get()), expect(ok({ syntax: "clean" }))],
  },
  {
    id: "9112-6.2-02/echo",
    also: ["9110-8.6-10"],
    level: "MUST",
    contract: 1,
    title: "the length of an answer is the number of its octets",
    rationale:
      "Counted in characters these six octets are fewer; the next answer shows where the first has ended.",
    steps: [
      send(`${post("/echo", ["Content-Length: 6"], "\xc3\xa9\xe2\x82\xac!")}${get()}`),
      expect(echoed("\xc3\xa9\xe2\x82\xac!")),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  page(
    "9110-5.3-02/page",
    "MUST",
    [],
    [
      { name: "Content-Type", lacks: "," },
      { name: "Date", lines: 1 },
    ],
    [
      "fields that may be there once are there once",
      "Two layers of a server each add a Date or a type.",
    ],
  ),
  page(
    "9110-8.3-01/page",
    "SHOULD",
    [],
    [{ name: "Content-Type", is: "present" }],
    [
      "content has a type",
      "Without one the recipient has to guess, and guesses have been exploited.",
    ],
  ),
  page(
    "9110-7.6.1-04/page",
    "MUST",
    ["Connection: close"],
    [
      { name: "Connection", lacks: "ache-" },
      { name: "Connection", lacks: "ontent-" },
      { name: "Connection", lacks: ", ," },
    ],
    [
      "Connection names no field that is for the client behind a proxy",
      "What is named there goes no further than one hop.",
    ],
  ),
  whereSent("9110-8.8.2.1-02/page", { name: "Last-Modified", format: "past-date" }, [
    "Last-Modified is not in the future",
    "A date to come makes every later condition hold, until it has come.",
  ]),
  whereSent("9110-8.8.3-01/page", { name: "ETag", format: "etag" }, [
    "the tag of the page is one by the grammar",
    "In quotes, with W/ in upper case before them or nothing.",
  ]),
  page(
    "9111-5.5-01/page",
    "MUST",
    [],
    [{ name: "Warning", is: "absent" }],
    [
      "no Warning in an answer",
      "The field is gone from HTTP, and only caches ever had a use for it.",
    ],
  ),
  {
    ...page(
      "9111-5.2.2.1-01/page",
      "MUST",
      [],
      [],
      [
        "max-age and s-maxage are written without quotes",
        "Caches that know one form only pass the other over, and keep what they should not.",
      ],
    ),
    also: ["9111-5.2.2.10-01"],
    steps: [
      send(get()),
      expect([
        seen("not-applicable", { fields: [{ name: "Cache-Control", is: "absent" }] }, "none sent"),
        ...ok({
          fields: [
            { name: "Cache-Control", lacks: 'max-age="' },
            { name: "Cache-Control", lacks: 's-maxage="' },
          ],
        }),
      ]),
    ],
  },
  {
    ...page(
      "9110-8.4-01/gzip",
      "MUST",
      ["Accept-Encoding: gzip"],
      [],
      [
        "compressed content says that it is compressed",
        "Begins with the two octets of gzip and names no coding: the client would show noise.",
      ],
    ),
    steps: [
      send(get(["Accept-Encoding: gzip"])),
      expect([
        ...ok({ fields: [{ name: "Content-Encoding", contains: "gzip" }] }),
        ...ok({ content: { lacks: "\x1f\x8b\x08" } }),
      ]),
    ],
  },
  page(
    "9110-8.4-02/page",
    "SHOULD",
    ["Accept-Encoding: identity"],
    [{ name: "Content-Encoding", lacks: "identity" }],
    ["identity is not named as a coding", "Content without a coding has no such field."],
  ),
  page(
    "9110-12.5.1-01/zero",
    "MUST",
    ["Accept-Encoding: gzip;q=0.000, x-gzip;q=0"],
    [{ name: "Content-Encoding", lacks: "gzip" }],
    [
      "a weight of zero means never",
      "Read as a name with something behind it, gzip would be acceptable.",
    ],
  ),
  {
    ...page(
      "9110-7.6.1-01/keep-alive",
      "MUST",
      ["Connection: keep-alive"],
      [],
      [
        "a Keep-Alive field is named in Connection",
        "What is for this connection must not be passed on by the next hop.",
      ],
    ),
    steps: [
      send(get(["Connection: keep-alive"])),
      expect([
        ...ok({ fields: [{ name: "Keep-Alive", is: "absent" }] }),
        ...ok({ fields: [{ name: "Connection", member: "keep-alive" }] }),
      ]),
    ],
  },
  {
    ...page(
      "9110-8.6-07/page",
      "SHOULD",
      [],
      [],
      [
        "the length of the page is said when it is known",
        "Chunked does as well for framing, and tells nobody how much is to come.",
      ],
    ),
    steps: [
      send(get()),
      expect([
        ...ok({ framing: "content-length" }),
        ...ok({ framing: "none" }),
        seen("tolerated", { framing: "chunked" }, "chunked"),
      ]),
    ],
  },
  {
    ...page(
      "9110-15.4.2-01/page",
      "SHOULD",
      [],
      [],
      [
        "a redirect says where to",
        "Judged where GET / is a redirect: without Location there is nowhere to go.",
      ],
    ),
    also: ["9110-15.4.3-01", "9110-15.4.8-02", "9110-15.4.9-02"],
    steps: [
      send(get()),
      expect([
        seen("conforming", {
          status: [301, 302, 303, 307, 308],
          fields: [{ name: "Location", is: "present" }],
        }),
        seen("violation", { status: [301, 302, 303, 307, 308] }, "no Location"),
        seen("not-applicable", {}, "no redirect"),
      ]),
    ],
  },
]);

/**
 * Cases for servers: methods in detail, and what the fields of answers say.
 * RFC 9110 §5, §8, §9, §10.2, §15 · RFC 9111 §5
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  CLOSES,
  echoed,
  ends,
  expect,
  expectTo,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  post,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
  unlessUnsupported,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { FieldSeen, Level, Outcome, ServerCase, ServerStep } from "../../case.ts";
import { anyFinal, MISSING } from "./words.ts";

type Words = readonly [title: string, rationale: string];

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

/** A refusal with this status has content that explains it. */
function explains(
  id: string,
  text: string,
  status: readonly (number | "4xx" | "5xx")[],
  [title, rationale]: Words,
): ServerRow {
  const outcomes: Outcome[] = [
    seen("violation", { status, content: { length: 0 } }, "without content"),
    seen("conforming", { status }),
    seen("not-applicable", {}, "answered otherwise"),
    ends("not-applicable", "no answer to judge"),
  ];
  const steps: ServerStep[] = [send(text), expect(outcomes)];
  return { id, level: "SHOULD", contract: 0, title, rationale, steps };
}

/** A 304 to the tag of `GET /`; not applicable where there is none. */
function notModified(
  id: string,
  level: Level,
  fields: readonly FieldSeen[],
  words: Words,
): ServerRow {
  const [title, rationale] = words;
  const steps = [
    send(get()),
    expect(ok()),
    send(`${get(["If-None-Match: {field:etag}"])}${get()}`),
    expect([
      seen("conforming", { status: [304], fields }),
      seen("not-applicable", { status: [200] }, "not conditional"),
    ]),
    expect(ok()),
  ];
  return { id, level, contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

/** HEAD has the same value as GET; not applicable where GET has none. */
function sameOnHead(name: string, rationale: string): ServerRow {
  const value = `{field:${name.toLowerCase()}}`;
  const steps = [
    send(get()),
    expect(ok()),
    send(request("HEAD", "/")),
    expectTo("HEAD", ok({ fields: [{ name, equals: value }] })),
  ];
  const id = `9110-9.3.2-02/${name.toLowerCase()}`;
  const title = `HEAD has the ${name} of GET`;
  return { id, level: "SHOULD", contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

const METHODS: readonly ServerRow[] = [
  {
    id: "9110-9.1-03/delete",
    level: "SHOULD",
    contract: 0,
    title: "DELETE on a page that has GET",
    rationale:
      "The method is known and not for this page: 405. A server that lacks it everywhere says 501.",
    steps: [
      send(request("DELETE", "/")),
      expect([
        ...answered(405, 501),
        seen("not-applicable", { status: ["2xx", "3xx", 401, 403, 404] }, "handled otherwise"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-10.2.1-01/405",
    also: ["9110-15.5.6-01", "9110-5.6.1.1-01"],
    level: "MUST",
    contract: 0,
    title: "a 405 says which methods there are",
    rationale: "Allow is there, though it may be empty, and has tokens between its commas.",
    steps: [
      send(request("PATCH", "/", ["Content-Length: 0"])),
      expect([
        seen("conforming", {
          status: [405],
          fields: [
            { name: "Allow", format: "token-list" },
            { name: "Allow", lacks: ",," },
            { name: "Allow", lacks: ", ," },
          ],
        }),
        seen("not-applicable", { status: ["2xx", "3xx", 400, 401, 403, 404, 501] }, "no 405"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-9.3.7-01/options",
    level: "SHOULD",
    contract: 0,
    title: "OPTIONS tells what the page can do",
    rationale: "A good answer that says nothing of methods has answered nothing.",
    steps: [
      send(request("OPTIONS", "/")),
      expect(
        unlessUnsupported([
          seen("conforming", { status: ["2xx"], fields: [{ name: "Allow", is: "present" }] }),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-8.6-05/204",
    also: ["9112-6.1-07", "9110-6.4.1-01"],
    level: "MUST",
    contract: 0,
    title: "a 204 to OPTIONS has neither length nor content",
    rationale: "It ends with its head: octets behind it would be the next answer.",
    steps: [
      send(`${request("OPTIONS", "/")}${get()}`),
      expect([
        seen("conforming", {
          status: [204],
          fields: [
            { name: "Content-Length", is: "absent" },
            { name: "Transfer-Encoding", is: "absent" },
          ],
        }),
        seen("violation", { status: [204] }, "a length in a 204"),
        seen("not-applicable", {}, "no 204"),
      ]),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-9.3.8-01/reflects",
    level: "SHOULD",
    contract: 0,
    title: "TRACE sends the request back",
    rationale: "Few servers have it, and rightly; those that do send it as message/http.",
    steps: [
      send(request("TRACE", "/", ["X-A: v"])),
      expect([
        seen("conforming", {
          status: [200],
          fields: [{ name: "Content-Type", contains: "message/http" }],
          content: { contains: "TRACE / HTTP/1.1" },
        }),
        seen("not-applicable", { status: ["3xx", "4xx", 501] }, "no TRACE"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-9.3.8-02/secrets",
    level: "SHOULD",
    contract: 0,
    title: "TRACE keeps cookies and credentials to itself",
    rationale: "A script could read from the answer what it cannot read from the browser.",
    steps: [
      send(request("TRACE", "/", ["Cookie: a=secret-1", "Authorization: Basic c2VjcmV0LTI="])),
      expect([
        seen("violation", { status: ["2xx"], content: { contains: "secret-1" } }),
        seen("violation", { status: ["2xx"], content: { contains: "c2VjcmV0LTI=" } }),
        seen("conforming", { status: ["2xx"] }),
        seen("not-applicable", { status: ["3xx", "4xx", 501] }, "no TRACE"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-9.3.2-01/missing",
    level: "MUST",
    contract: 0,
    title: "HEAD of a path that is not there has no content either",
    rationale: "Pages of errors are written elsewhere, where the method is easily forgotten.",
    steps: [
      send(`${request("HEAD", MISSING)}${get()}`),
      expectTo("HEAD", anyFinal()),
      expect([...ok(), ends("tolerated")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-9.3.2-01/close",
    level: "MUST",
    contract: 0,
    title: "HEAD with close, and nothing behind the head",
    rationale: "Without a next answer stray content is seen by nobody, and is there all the same.",
    steps: [send(request("HEAD", "/", ["Connection: close"])), expectTo("HEAD", ok())],
    connection: CLOSES,
  },
  sameOnHead("Content-Type", "A field of the content that is not sent: it is what HEAD is for."),
  sameOnHead("Last-Modified", "A link checker and a cache ask HEAD for nothing else."),
  sameOnHead("ETag", "Made from the content in many servers, and content is not made for HEAD."),
];

const STATUSES: readonly ServerRow[] = [
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
  {
    id: "9110-6.6.1-02/404",
    level: "MUST",
    contract: 0,
    title: "a 404 has a Date",
    rationale:
      "Neither a good answer nor one of the parser: the third place where answers are made.",
    steps: [
      send(request("GET", MISSING)),
      expect([
        seen("conforming", { status: [404], fields: [{ name: "Date", format: "date" }] }),
        seen("not-applicable", { status: ["2xx", "3xx", 403] }, "no 404"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  explains(
    "9110-15.5-01/404",
    request("GET", MISSING),
    [404],
    ["a 404 says something to people", "An empty page looks like a failure of the browser."],
  ),
  explains(
    "9110-15.5-01/400",
    message("GET / HTTP/1.1", ["Host: a b"]),
    ["4xx"],
    [
      "a refusal of the parser says something too",
      "Whoever debugs a client has nothing else to go by.",
    ],
  ),
  explains(
    "9110-15.6.6-01/3.0",
    message("GET / HTTP/3.0", [HOST]),
    [505],
    [
      "a 505 says what is spoken instead",
      "The content is to name the versions; that it is there is what can be judged.",
    ],
  ),
  {
    ...explains(
      "9110-15.6-01/501",
      request("FROBNICATE", "/"),
      [501],
      [
        "a 501 explains itself",
        "An error on the server's side, by the one way in which any client can bring it about.",
      ],
    ),
    also: ["9110-15.6.2-01"],
  },
];

const NOT_MODIFIED: readonly ServerRow[] = [
  {
    ...notModified(
      "9110-15.4.5-03/behind",
      "MUST",
      [{ name: "Transfer-Encoding", lacks: "," }],
      [
        "a 304 ends with its head",
        "Octets behind it would be the next answer, which is asked for in the same segment.",
      ],
    ),
    also: ["9112-6.1-09", "9110-6.4.1-01"],
  },
  notModified(
    "9110-15.4.5-01/etag",
    "MUST",
    [
      { name: "ETag", equals: "{field:etag}" },
      { name: "Date", format: "date" },
    ],
    ["a 304 has Date and the tag of the page", "They bring a stored answer up to date."],
  ),
  notModified(
    "9110-15.4.5-02/type",
    "MAY",
    [{ name: "Content-Type", is: "absent" }],
    [
      "a 304 says no more than it must",
      "The client has the rest; another value here would overwrite it.",
    ],
  ),
  {
    ...notModified(
      "9110-8.6-04/length",
      "MUST",
      [],
      [
        "a length in a 304 is that of the page",
        "It may be left out; a zero would say that the page is empty.",
      ],
    ),
    steps: [
      send(get()),
      expect(ok()),
      send(get(["If-None-Match: {field:etag}"])),
      expect([
        seen("not-applicable", { status: [200] }, "not conditional"),
        seen("conforming", { status: [304], fields: [{ name: "Content-Length", is: "absent" }] }),
        seen("conforming", {
          status: [304],
          fields: [{ name: "Content-Length", equals: "{field:content-length}" }],
        }),
      ]),
    ],
  },
];

export const METHOD_DETAIL_CASES: readonly ServerCase[] = serverCases("methods", METHODS);
export const ANSWER_FIELD_CASES: readonly ServerCase[] = serverCases("status", [
  ...STATUSES,
  ...NOT_MODIFIED,
]);

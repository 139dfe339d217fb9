/**
 * Cases for servers: what refusals and errors say, and what a 304 says.
 * RFC 9110 §15.4.5, §15.5, §15.6
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  ends,
  expect,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { Level, Outcome, FieldSeen, ServerCase, ServerStep } from "../../case.ts";
import { MISSING, type Words } from "./words.ts";

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

export const ERROR_CASES: readonly ServerCase[] = serverCases("status", [
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
]);

export const NOT_MODIFIED_CASES: readonly ServerCase[] = serverCases("status", [
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
]);

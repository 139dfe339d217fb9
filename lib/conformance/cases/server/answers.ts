/**
 * Cases for servers: Expect, methods, and what every answer has.
 * RFC 9110 §6.6.1, §9, §10.1.1
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  expect,
  expectInterim,
  expectNothing,
  expectTo,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  post,
  refused,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerCase } from "../../case.ts";

export const EXPECT_CASES: readonly ServerCase[] = serverCases("expect", [
  {
    id: "9110-10.1.1-10/wait",
    also: ["9110-10.1.1-08", "9110-10.1.1-11"],
    level: "MUST",
    contract: 1,
    title: "100 comes before the content, and a final status after it",
    rationale: "The client holds its content back until it hears something.",
    steps: [
      send(post("/echo", ["Content-Length: 5", "Expect: 100-continue"])),
      expectInterim(100),
      send("hello"),
      expect([seen("conforming", { status: [200], content: { equals: "hello" } })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-10.1.1-06/1.0",
    also: ["9110-15.2-01"],
    level: "MUST",
    contract: 1,
    title: "100-continue in HTTP/1.0 is ignored",
    rationale: "An old client takes the first status it sees for the final one.",
    steps: [
      send(message("POST /echo HTTP/1.0", [HOST, "Content-Length: 5", "Expect: 100-continue"])),
      expectNothing(300),
      send("hello"),
      expect([seen("conforming", { status: [200], interims: [], content: { equals: "hello" } })]),
    ],
  },
  {
    id: "9110-10.1.1-12/unknown",
    level: "MAY",
    contract: 0,
    title: "an expectation that nobody knows",
    rationale: "417 says that it cannot be met; to pass it over is allowed.",
    steps: [send(get(["Expect: tea"])), expect([seen("conforming", { status: [417] })])],
    connection: OPEN_OR_CLOSED,
  },
]);

export const METHOD_CASES: readonly ServerCase[] = serverCases("methods", [
  {
    id: "9110-9.1-01/head",
    also: ["9110-9.3.2-01"],
    level: "MUST",
    contract: 0,
    title: "HEAD has the answer of GET and no content",
    rationale:
      "Octets of content would be read as the next answer; the request behind it shows them.",
    steps: [send(`${request("HEAD", "/")}${get()}`), expectTo("HEAD", ok()), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-8.6-03/head-and-get",
    level: "MUST",
    contract: 0,
    title: "a Content-Length of HEAD is that of GET",
    rationale: "HEAD may leave it out; a wrong one lies about what GET would bring.",
    steps: [
      send(get()),
      expect(ok()),
      send(request("HEAD", "/")),
      expectTo("HEAD", [
        seen("conforming", { fields: [{ name: "Content-Length", is: "absent" }] }),
        seen("conforming", {
          fields: [{ name: "Content-Length", equals: "{field:content-length}" }],
        }),
      ]),
    ],
  },
  {
    id: "9110-9.1-02/unknown",
    level: "SHOULD",
    contract: 0,
    title: "a method that nobody knows",
    rationale: "501 says that the server knows it nowhere, 405 that this resource has it not.",
    steps: [send(request("FROBNICATE", "/")), expect(refused(501, 405))],
    connection: OPEN_OR_CLOSED,
  },
]);

export const STATUS_CASES: readonly ServerCase[] = serverCases("status", [
  {
    id: "9110-6.6.1-02/200",
    also: ["9110-6.6.1-01", "9110-5.6.7-03"],
    level: "MUST",
    contract: 0,
    title: "a good answer has a Date, of now",
    rationale:
      "Caches count from it; a server with a clock sends it in the one form that is generated.",
    steps: [
      send(get()),
      expect([
        seen("conforming", {
          status: ["2xx", "3xx"],
          fields: [{ name: "Date", format: "recent-date" }],
        }),
        seen(
          "tolerated",
          { status: ["2xx", "3xx"], fields: [{ name: "Date", format: "date" }] },
          "another time than ours",
        ),
      ]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-6.6.1-02/400",
    level: "MUST",
    contract: 0,
    title: "a 400 of the parser has a Date too",
    rationale:
      "Answers of the parser come from another place in a server than those of its handlers.",
    steps: [
      send(message("GET / HTTP/1.1", ["Host: a b"])),
      expect([
        seen("conforming", { status: [400], fields: [{ name: "Date", format: "date" }] }),
        seen("not-applicable", { status: ["2xx", "3xx"] }, "the request is taken"),
        { class: "not-applicable", seen: "end", note: "no answer to judge" },
      ]),
    ],
  },
  {
    id: "9112-6.3-18/get",
    level: "SHOULD",
    contract: 0,
    title: "a good answer tells where it ends",
    rationale: "Ended by close, a cut answer cannot be told from a whole one.",
    steps: [
      send(get()),
      expect([
        seen("conforming", { framing: "content-length" }),
        seen("conforming", { framing: "chunked" }),
        seen("conforming", { framing: "none" }),
      ]),
    ],
  },
  {
    id: "9112-6.1-12/1.0",
    level: "MUST",
    contract: 0,
    title: "no Transfer-Encoding in answer to HTTP/1.0",
    rationale: "An old client would take the chunk lines for content.",
    steps: [
      send(message("GET / HTTP/1.0", [HOST])),
      expect(ok({ fields: [{ name: "Transfer-Encoding", is: "absent" }] })),
    ],
  },
]);

/**
 * Cases for servers: methods in detail: what each of them must say, leave out and keep to itself.
 * RFC 9110 §9, §10.2.1
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  CLOSES,
  ends,
  expect,
  expectTo,
  get,
  ok,
  OPEN_OR_CLOSED,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
  unlessUnsupported,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { anyFinal, MISSING } from "./words.ts";

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

export const METHOD_DETAIL_CASES: readonly ServerCase[] = serverCases("methods", [
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
]);
